// Articles on the same subject, under an article.

import { related } from "./api.js";
import { el } from "./dom.js";
import { metaLine, stateLink } from "./links.js";
import { text } from "./messages.js";
import { isSuperseded } from "./request.js";

const SIZE = 6;
/** Articles that are asked for: those with the same text are listed above. */
const ASKED = 12;

/**
 * An element that fills itself, without the articles of the answer `same`; it stays empty if there are no such articles or the request
 * fails.
 */
export function relatedPart(state, same, signal) {
  const part = el("aside", { class: "related", hidden: true, "aria-labelledby": "related-heading" });
  fill(part, state, same, signal);
  return part;
}

async function fill(part, state, same, signal) {
  try {
    const [listed, found] = await Promise.allSettled([same, related(state.article, ASKED, signal)]);
    if (found.status === "rejected") throw found.reason;
    const above = new Set((listed.value?.hits ?? []).map(({ id }) => id));
    const hits = found.value.hits.filter(({ id }) => !above.has(id)).slice(0, SIZE);
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
