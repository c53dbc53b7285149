// What differs between two texts, sentence by sentence, as the server compares them; and what an article said before. Fills the places
// that wait in `#article-view`.

import { compare } from "./api.js";
import { byId, el } from "./dom.js";
import { timeOf } from "./links.js";
import { text } from "./messages.js";
import { asProblem, isSuperseded } from "./request.js";
import { problemBox } from "./problem-box.js";
import { words } from "./texts-messages.js";
import { showVersions } from "./versions.js";

/** So many sentences that both texts have are shown in a row; more are folded away. */
const SHOWN_IN_A_ROW = 3;

const view = byId("article-view");

view.addEventListener("texts", () => {
  for (const { place, id, asked, signal } of view.wanted.splice(0)) {
    if (asked) show(place, id, asked, signal);
    else showVersions(place, id, signal);
  }
});

async function show(place, id, asked, signal) {
  place.setAttribute("aria-busy", "true");
  place.replaceChildren(el("p", { class: "fine" }, text.loading));
  try {
    place.replaceChildren(...comparison(await compare(id, asked, signal)));
  } catch (error) {
    if (isSuperseded(error)) return;
    const retry = () => show(place, id, asked, signal);
    place.replaceChildren(problemBox(words.failed, asProblem(error), retry));
  } finally {
    place.setAttribute("aria-busy", "false");
  }
}

/** The elements of an answer of `GET api/articles/{id}/compare`. */
function comparison({ earlier, later, title, body, counts }) {
  const named = ({ outlet, published_at: publishedAt }) => [outlet ?? words.noOutlet, " ", timeOf(publishedAt)];
  const sides =
    earlier.id === later.id ? [words.before, " → ", words.after] : [named(earlier), " → ", named(later)];
  return [
    el("p", { class: "sides" }, sides),
    el("p", { class: "fine" }, words.counts(counts)),
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
    else rows.push(el("details", {}, el("summary", {}, words.sameSentences(shown.length)), shown));
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

function sentence({ change, words: pieces }, kind = "") {
  const label = words.changes[change];
  const tags = { added: "ins", dropped: "del" };
  return el(
    "p",
    { class: `sentence ${change} ${kind}`.trim() },
    label && el("span", { class: "sr" }, `${label}: `),
    pieces.map((piece) => (tags[piece.change] ? el(tags[piece.change], {}, piece.text) : piece.text)),
  );
}
