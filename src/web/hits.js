// One hit of the list.

import { el } from "./dom.js";
import { markedTitle, metaLine, stateLink } from "./links.js";
import { snippetNodes } from "./marks.js";
import { text } from "./messages.js";
import { similarPart } from "./similar.js";

/** A hit with its marks, the words that it lacks, and a button for the articles that are near-identical to it. */
export function hitItem(state, hit) {
  const title = hit.highlight?.title ?? { text: hit.title ?? "", marks: [] };
  const link = stateLink({ ...state, article: hit.id }, "article", { class: "title", "data-article": hit.id }, markedTitle(title));
  const snippets = hit.highlight?.body ?? [];
  const lacks = hit.lacks ?? [];
  const similar = Math.max(hit.similar_count, hit.similar_total ?? 0);
  return el(
    "li",
    { class: "hit" },
    el("h3", {}, link),
    snippets.length > 0 && el("p", { class: "snippets" }, snippetNodes(snippets)),
    lacks.length > 0 && el("p", { class: "lacks" }, text.lacks(lacks)),
    metaLine(state, hit),
    similar > 0 && !state.similar && similarPart(state, hit, similar),
  );
}
