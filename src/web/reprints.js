// Under an article: all that are near-identical to it, itself included, in the order of publication, as far as that is known.

import { el } from "./dom.js";
import { metaLine, stateLink } from "./links.js";
import { text } from "./messages.js";
import { isSuperseded } from "./request.js";
import { NO_FILTERS } from "./state.js";
import { compareButton } from "./texts-loader.js";
import { isBefore, koreanClock } from "./time.js";

/** Articles that are listed; a link leads to the rest. */
const LISTED = 20;

/** An element that fills itself with the answer `same`; it stays empty if there are no such articles or the request fails. */
export function reprintsPart(state, same, signal) {
  const part = el("section", { class: "reprints", hidden: true, "aria-labelledby": "reprints-heading" });
  fill(part, state, same, signal);
  return part;
}

/** Whether the first of `hits` is known to be the first of all `total`: a time of day before all others, of which each has a date. */
function knownFirst([first, ...others], total) {
  // Those that are not asked for may have no date.
  const all = others.length + 1 === total;
  return all && koreanClock(first.published_at)?.timed && others.every((other) => isBefore(first.published_at, other.published_at));
}

/** Whether each is known to be before the next. */
function isOrdered(hits) {
  return hits.every((hit, at) => at === 0 || isBefore(hits[at - 1].published_at, hit.published_at));
}

async function fill(part, state, same, signal) {
  try {
    const { hits, total } = await same;
    if (total < 2) return;
    const isFirst = knownFirst(hits, total);
    const items = hits.slice(0, LISTED).map((hit, at) => {
      const here = hit.id === state.article;
      const title = hit.title?.trim() || text.untitled;
      return el(
        "li",
        {},
        here
          ? el("span", { class: "title", "aria-current": "true" }, title)
          : stateLink({ ...state, article: hit.id }, "article", { class: "title" }, title),
        at === 0 && isFirst && el("span", { class: "badge" }, text.firstPublished),
        here && el("span", { class: "badge" }, text.thisArticle),
        metaLine({ ...state, article: "" }, hit),
        !here && compareButton(state.article, { with: hit.id }, text.compare, signal),
      );
    });
    const all = { ...state, ...NO_FILTERS, q: "", sort: "oldest", similar: state.article, page: 1, article: "" };
    part.append(
      el("h3", { id: "reprints-heading" }, text.reprints(total)),
      ...[!isOrdered(hits) && el("p", { class: "fine" }, text.orderUnknown)].filter(Boolean),
      el("ol", {}, items),
      ...[total > LISTED && el("p", { class: "fine" }, stateLink(all, "filter", {}, text.similarAll(total)))].filter(Boolean),
    );
    part.hidden = false;
  } catch (error) {
    // The reader came for the article: a failure here is not worth a message.
    if (!isSuperseded(error)) console.info("no reprints", error);
  }
}
