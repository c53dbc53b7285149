// The list of hits: its heading and count, the notices above it, the hits, those that lack a word, the pages.

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
const also = byId("also");
const alsoHits = byId("also-hits");
const printed = byId("printed");
const take = document.querySelector(".take");

function showHeading(state) {
  heading.textContent = hasQuery(state) ? text.resultsFor(state.q.trim()) : text.newest;
}

/** The hits of an answer in the order shown: those with all words, then those that lack some. */
export function allHits(answer) {
  return [...answer.hits, ...(answer.also?.hits ?? [])];
}

/** Shows an answer of `GET api/search`. */
export function showAnswer(state, answer) {
  showHeading(state);
  take.hidden = false;
  const articles = answer.articles ?? answer.total;
  count.replaceChildren(
    el("strong", {}, text.count(articles)),
    // Two totals, and why: whoever writes "N articles" must not write the number of groups.
    ...(articles === answer.total ? [] : [el("span", { class: "folded" }, text.foldedCount(answer.total))]),
    // Hidden from screen readers: it changes with every letter and says nothing about the articles.
    el("span", { class: "took", "aria-hidden": "true" }, text.took(answer.took_ms)),
  );
  notices.replaceChildren(...noticesFor(state, answer));
  hits.start = (state.page - 1) * answer.size + 1;
  hits.replaceChildren(...answer.hits.map((hit) => hitItem(state, hit)));
  hits.classList.toggle("compact", state.compact);
  showAlso(state, answer);
  showPager(state, answer.total);
  const last = hits.start + answer.hits.length - 1;
  // A page of the list is less than its heading says.
  const part = answer.hits.length > 0 && answer.hits.length < answer.total && text.printedPart(hits.start, last, answer.total, articles);
  printed.dataset.heading = [heading.textContent, text.count(articles), part].filter(Boolean).join(" · ");
}

/** Articles without some of the words, after the last that has them all. */
function showAlso(state, answer) {
  const more = answer.also?.hits ?? [];
  also.hidden = more.length === 0;
  alsoHits.classList.toggle("compact", state.compact);
  alsoHits.replaceChildren(...more.map((hit) => hitItem(state, hit)));
}

/** Shows a failure in place of the list. Hits of another query would mislead, so they are removed. */
export function showListProblem(state, problem, retry) {
  showHeading(state);
  // There is nothing to take along, and the address would fail there, too.
  take.hidden = true;
  count.replaceChildren();
  hits.replaceChildren();
  also.hidden = true;
  alsoHits.replaceChildren();
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
  return [...document.querySelectorAll("#hits h3 a.title, #also-hits h3 a.title")];
}

/** The titles of the list, also of reprints that are unfolded. */
function articleLinks() {
  return [...document.querySelectorAll("#hits a.title, #also-hits a.title")];
}

/** The id of the hit that is an article of the list or lists it among its reprints; empty if none does. */
export function hitHolding(id) {
  const link = id && articleLinks().find((each) => each.dataset.article === id);
  return (link && link.closest(".hit")?.querySelector("h3 a.title")?.dataset.article) || "";
}

/** Puts the focus on the first of the articles `ids` that the list has, also among reprints that are unfolded. */
export function focusHit(...ids) {
  const links = articleLinks();
  const found = ids.map((id) => links.find((link) => link.dataset.article === id && link.getClientRects().length));
  found.find(Boolean)?.focus({ preventScroll: true });
}

// What a printed list needs to be handed in: of which search, when, from where.
addEventListener("beforeprint", () => {
  for (const place of document.querySelectorAll("[data-printed]")) place.textContent = text.printedAt(new Date());
  printed.replaceChildren(
    el("p", {}, printed.dataset.heading ?? ""),
    el("p", {}, text.printedAt(new Date())),
    el("p", {}, location.href),
  );
});
