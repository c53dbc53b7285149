// One hit of the list.

import { el } from "./dom.js";
import { metaLine, stateLink } from "./links.js";
import { marked, snippetNodes } from "./marks.js";
import { text } from "./messages.js";
import { similarPart } from "./similar.js";

/** A hit with its marks, and a button for the articles that are folded into it. */
export function hitItem(state, hit) {
  const title = hit.highlight?.title ?? { text: hit.title ?? "", marks: [] };
  const link = stateLink(
    { ...state, article: hit.id },
    "article",
    { class: "title", "data-article": hit.id },
    title.text.trim() ? marked(title) : text.untitled,
  );
  const snippets = hit.highlight?.body ?? [];
  return el(
    "li",
    { class: "hit" },
    el("h3", {}, link),
    snippets.length > 0 && el("p", { class: "snippets" }, snippetNodes(snippets)),
    metaLine(state, hit),
    hit.similar_count > 0 && !state.similar && similarPart(state, hit),
  );
}
