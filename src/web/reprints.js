// Under an article: all that are near-identical to it, itself included, in the order of publication.

import { similarTo } from "./api.js";
import { compareButton } from "./compare.js";
import { el } from "./dom.js";
import { metaLine, stateLink } from "./links.js";
import { text } from "./messages.js";
import { isSuperseded } from "./request.js";
import { NO_FILTERS } from "./state.js";

/** Articles that are listed; a link leads to the rest. */
const LISTED = 20;

/** An element that fills itself; it stays empty if there are no such articles or the request fails. */
export function reprintsPart(state, signal) {
  const part = el("section", { class: "reprints", hidden: true, "aria-labelledby": "reprints-heading" });
  fill(part, state, signal);
  return part;
}

async function fill(part, state, signal) {
  try {
    const { hits, total } = await similarTo(state.article, signal);
    if (total < 2) return;
    const items = hits.slice(0, LISTED).map((hit, at) => {
      const here = hit.id === state.article;
      const title = hit.title?.trim() || text.untitled;
      return el(
        "li",
        {},
        here
          ? el("span", { class: "title", "aria-current": "true" }, title)
          : stateLink({ ...state, article: hit.id }, "article", { class: "title" }, title),
        at === 0 && hit.published_at && el("span", { class: "badge" }, text.firstPublished),
        here && el("span", { class: "badge" }, text.thisArticle),
        metaLine({ ...state, article: "" }, hit),
        !here && compareButton(state.article, { with: hit.id }, text.compare.button, signal),
      );
    });
    const all = { ...state, ...NO_FILTERS, q: "", sort: "oldest", similar: state.article, page: 1, article: "" };
    part.append(
      el("h3", { id: "reprints-heading" }, text.reprints(total)),
      el("ol", {}, items),
      ...[total > LISTED && el("p", { class: "fine" }, stateLink(all, "filter", {}, text.similarAll(total)))].filter(Boolean),
    );
    part.hidden = false;
  } catch (error) {
    // The reader came for the article: a failure here is not worth a message.
    if (!isSuperseded(error)) console.info("no reprints", error);
  }
}
