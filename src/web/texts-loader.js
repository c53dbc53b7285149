// What an article said before, and what differs between two texts: both are loaded when a reader asks for one of them first. Most never
// do, and the first view has 60 KB for everything.

import { byId, callScript, el } from "./dom.js";
import { timeOf } from "./links.js";
import { text } from "./messages.js";
import { problemBox } from "./problem-box.js";
import { Problem } from "./request.js";

const view = byId("article-view");
/** The places that wait to be filled: `{place, id, signal}`, for a comparison also `asked`. */
view.wanted = [];

/** A note that unfolds to the earlier texts; nothing for an article that was never corrected. */
export function versionsPart({ id, corrected_at: corrected }, signal) {
  if (!corrected) return null;
  const place = el("div", {});
  const part = el(
    "details",
    { class: "versions" },
    el("summary", {}, el("span", { class: "badge" }, text.corrected), " ", timeOf(corrected), " · ", text.earlierTexts),
    place,
  );
  part.addEventListener("toggle", () => {
    if (part.open && !place.firstChild) fill({ place, id, signal });
  });
  return part;
}

/** A button that shows and hides a comparison after itself. `asked` names the other text: `with`, `version`. */
export function compareButton(id, asked, label, signal) {
  const place = el("div", { class: "comparison", hidden: true });
  const button = el("button", { type: "button", class: "plain compare", "aria-expanded": "false" }, label);
  button.addEventListener("click", () => {
    const open = place.hidden;
    place.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (open && !place.firstChild) fill({ place, id, asked, signal });
  });
  return [button, place];
}

async function fill(wanted) {
  const { place } = wanted;
  place.replaceChildren(el("p", { class: "fine" }, text.loading));
  view.wanted.push(wanted);
  try {
    await callScript(view, "texts");
  } catch (error) {
    view.wanted.splice(view.wanted.indexOf(wanted), 1);
    console.info("nothing to show texts with", error);
    place.replaceChildren(problemBox(text.errorArticle, new Problem({ code: "network" }), () => fill(wanted)));
  }
}
