// Articles on the same subject, under an article.

import { related } from "./api.js";
import { el } from "./dom.js";
import { metaLine, stateLink } from "./links.js";
import { text } from "./messages.js";
import { isSuperseded } from "./request.js";

const SIZE = 6;

/** An element that fills itself; it stays empty if there are no such articles or the request fails. */
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
    // The reader came for the article: a failure here is not worth a message.
    if (!isSuperseded(error)) console.info("no related articles", error);
  }
}
