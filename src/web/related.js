// Articles on the same subject, under an article.

import { related } from "./api.js";
import { el } from "./dom.js";
import { metaLine, stateLink } from "./links.js";
import { text } from "./messages.js";
import { isSuperseded } from "./request.js";

const SIZE = 6;

/** A place that fills itself, and stays empty where there are none or the server does not say. */
export function relatedPart(state, signal) {
  const part = el("aside", { class: "related", hidden: true, "aria-labelledby": "related-heading" });
  fill(part, state, signal);
  return part;
}

async function fill(part, state, signal) {
  try {
    const { hits } = await related(state.article, SIZE, signal);
    if (!hits.length) return;
    const items = hits.map((hit) => {
      const title = hit.title?.trim() || text.untitled;
      const link = stateLink({ ...state, article: hit.id }, "article", { class: "title" }, title);
      return el("li", {}, link, metaLine({ ...state, article: "" }, hit));
    });
    part.append(el("h3", { id: "related-heading" }, text.related), el("ul", {}, items));
    part.hidden = false;
  } catch (error) {
    // The article is what the reader came for.
    if (!isSuperseded(error)) console.info("no related articles", error);
  }
}
