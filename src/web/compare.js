// What differs between two texts, sentence by sentence, as the server compares them.

import { compare } from "./api.js";
import { el } from "./dom.js";
import { timeOf } from "./links.js";
import { text } from "./messages.js";
import { asProblem, isSuperseded } from "./request.js";
import { problemBox } from "./problem-box.js";

/** So many sentences that both texts have are shown in a row; more are folded away. */
const SHOWN_IN_A_ROW = 3;

/** A button that shows and hides a comparison after itself. `asked` names the other text: `with`, `version`. */
export function compareButton(id, asked, label, signal) {
  const place = el("div", { class: "comparison", hidden: true });
  const button = el("button", { type: "button", class: "plain compare", "aria-expanded": "false" }, label);
  button.addEventListener("click", async () => {
    const open = place.hidden;
    place.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (open && !place.firstChild) await show(place, id, asked, signal);
  });
  return [button, place];
}

async function show(place, id, asked, signal) {
  place.setAttribute("aria-busy", "true");
  place.replaceChildren(el("p", { class: "fine" }, text.loading));
  try {
    place.replaceChildren(...comparison(await compare(id, asked, signal)));
  } catch (error) {
    if (isSuperseded(error)) return;
    const retry = () => show(place, id, asked, signal);
    place.replaceChildren(problemBox(text.compare.failed, asProblem(error), retry));
  } finally {
    place.setAttribute("aria-busy", "false");
  }
}

/** The elements of an answer of `GET api/articles/{id}/compare`. */
function comparison({ earlier, later, title, body, counts }) {
  const named = ({ outlet, published_at: publishedAt }) => [outlet ?? text.compare.noOutlet, " ", timeOf(publishedAt)];
  const sides =
    earlier.id === later.id ? [text.compare.before, " → ", text.compare.after] : [named(earlier), " → ", named(later)];
  return [
    el("p", { class: "sides" }, sides),
    el("p", { class: "fine" }, text.compare.counts(counts)),
    ...(title.change === "same" ? [] : [sentence(title, "title")]),
    ...rows(body),
  ];
}

/** Sentences in order; long runs of those that both texts have are folded. */
function rows(body) {
  const rows = [];
  let same = [];
  const flush = () => {
    const shown = same.map((one) => sentence(one));
    if (shown.length <= SHOWN_IN_A_ROW) rows.push(...shown);
    else rows.push(el("details", {}, el("summary", {}, text.compare.sameSentences(shown.length)), shown));
    same = [];
  };
  for (const one of body) {
    if (one.change === "same") same.push(one);
    else {
      flush();
      rows.push(sentence(one));
    }
  }
  flush();
  return rows;
}

function sentence({ change, words }, kind = "") {
  const label = text.compare.changes[change];
  const tags = { added: "ins", dropped: "del" };
  return el(
    "p",
    { class: `sentence ${change} ${kind}`.trim() },
    label && el("span", { class: "sr" }, `${label}: `),
    words.map((piece) => (tags[piece.change] ? el(tags[piece.change], {}, piece.text) : piece.text)),
  );
}
