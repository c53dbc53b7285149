// The list of hits: its heading and count, the notices above it, the hits, the pages.

import { byId, el } from "./dom.js";
import { hitItem } from "./hits.js";
import { stateLink } from "./links.js";
import { text } from "./messages.js";
import { noticesFor } from "./notices.js";
import { showPager } from "./pager.js";
import { problemBox } from "./problem-box.js";
import { hasQuery, NO_FILTERS } from "./state.js";

const heading = byId("results-heading");
const count = byId("count");
const notices = byId("notices");
const hits = byId("hits");

function showHeading(state) {
  heading.textContent = hasQuery(state) ? text.resultsFor(state.q.trim()) : text.newest;
}

/** Shows an answer of `GET api/search`. */
export function showAnswer(state, answer) {
  showHeading(state);
  count.replaceChildren(
    el("strong", {}, text.count(answer.total)),
    // Hidden from screen readers: it changes with every letter and says nothing about the articles.
    el("span", { class: "took", "aria-hidden": "true" }, text.took(answer.took_ms)),
  );
  notices.replaceChildren(...noticesFor(state, answer));
  hits.start = (state.page - 1) * answer.size + 1;
  hits.replaceChildren(...answer.hits.map((hit) => hitItem(state, hit)));
  showPager(state, answer.total);
}

/** Shows a failure in place of the list. Hits of another query would mislead, so they are removed. */
export function showListProblem(state, problem, retry) {
  showHeading(state);
  count.replaceChildren();
  hits.replaceChildren();
  showPager(state, 0);
  const box = problemBox(text.errorTitle, problem, retry);
  if (problem.code === "bad_parameter") {
    // A retry would fail again.
    const without = { ...state, ...NO_FILTERS, page: 1 };
    box.lastChild.replaceChildren(stateLink(without, "filter", {}, text.clearFilters));
  }
  notices.replaceChildren(box);
}

/** The links that the arrow keys move through. */
export function titleLinks() {
  return [...hits.querySelectorAll("a.title[data-article]")];
}

/** Puts the focus on the hit that was opened, if it is in the list. */
export function focusHit(id) {
  titleLinks()
    .find((link) => link.dataset.article === id)
    ?.focus({ preventScroll: true });
}
