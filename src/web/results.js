// The list of hits: count, notices, hits, pages, and what is said when there are none.

import { byId, el, koreanTime, marked, problemBox } from "./dom.js";
import { text } from "./messages.js";
import { filterCount, hasQuery, href, NO_FILTERS, pageCount, WINDOW } from "./state.js";

const SNIPPETS = 3;

const heading = byId("results-heading");
const count = byId("count");
const notices = byId("notices");
const hits = byId("hits");
const pager = byId("pager");

/** A link to another state of this page. What `nav` means is up to the reader of clicks, app.js. */
export function stateLink(state, nav, attributes, ...children) {
  return el("a", { href: href(state), "data-nav": nav, ...attributes }, ...children);
}

/** Shows an answer of `GET api/search`. */
export function showAnswer(state, answer) {
  heading.textContent = hasQuery(state) ? text.resultsFor(state.q.trim()) : text.newest;
  heading.classList.toggle("sr", hasQuery(state));
  count.textContent = text.count(answer.total, answer.took_ms);
  notices.replaceChildren(...noticesFor(state, answer));
  hits.start = (state.page - 1) * answer.size + 1;
  hits.replaceChildren(...answer.hits.map((hit) => hitItem(state, hit)));
  showPager(state, answer.total);
}

/** Shows what went wrong in place of the list. Hits of another query would mislead, so they go. */
export function showListProblem(problem, retry) {
  count.textContent = "";
  hits.replaceChildren();
  pager.hidden = true;
  notices.replaceChildren(problemBox(text.errorTitle, problem, retry));
}

/** The links that the arrow keys walk. */
export function titleLinks() {
  return [...hits.querySelectorAll("a.title")];
}

/** Puts the focus on the hit that was opened, if it is in the list. */
export function focusHit(id) {
  titleLinks()
    .find((link) => link.dataset.article === id)
    ?.focus({ preventScroll: true });
}

/** Outlet, reporters, section and time of an article or hit, with a reporter's name leading to all of theirs. */
export function metaLine(state, item, ...more) {
  const reporters = (item.reporters ?? []).map((name) =>
    stateLink(
      { ...state, reporter: [name], page: 1, article: "" },
      "filter",
      { class: "quiet", title: text.onlyReporter(name) },
      name,
    ),
  );
  const parts = [
    item.outlet && el("span", { class: "outlet" }, item.outlet),
    reporters.length > 0 && el("span", {}, reporters.flatMap((link, at) => (at ? [", ", link] : [link]))),
    item.section && el("span", {}, item.section),
    koreanTime(item.published_at),
    ...more,
  ];
  return el("p", { class: "meta" }, parts);
}

function hitItem(state, hit) {
  const title = hit.highlight?.title ?? { text: hit.title ?? "", marks: [] };
  const link = stateLink(
    { ...state, article: hit.id },
    "article",
    { class: "title", "data-article": hit.id },
    title.text.trim() ? marked(title) : text.untitled,
  );
  const snippets = (hit.highlight?.body ?? []).slice(0, SNIPPETS);
  return el(
    "li",
    { class: "hit" },
    el("h3", {}, link),
    snippets.length > 0 && el("p", { class: "snippets" }, snippets.flatMap(snippetNodes)),
    metaLine(state, hit, hit.similar_count > 0 && similarLink(state, hit)),
  );
}

/** Leads to the hit and what is folded into it, each by itself. */
function similarLink(state, hit) {
  const unfolded = { ...state, similar: hit.id, fold: false, page: 1 };
  return stateLink(unfolded, "filter", { class: "quiet" }, text.similar(hit.similar_count));
}

function snippetNodes(snippet, at) {
  const gap = at > 0 || snippet.start > 0 ? el("span", { class: "gap" }, at > 0 ? " … " : "… ") : "";
  return [gap, el("span", { class: "snippet" }, marked(snippet))];
}

function noticesFor(state, answer) {
  const boxes = [];
  if (answer.relaxed) boxes.push(el("p", { class: "notice" }, text.relaxed));
  if (typeof answer.suggestion === "string" && answer.suggestion) {
    const corrected = { ...state, q: answer.suggestion, page: 1 };
    boxes.push(
      el("p", { class: "notice" }, text.didYouMean, " ", stateLink(corrected, "query", {}, answer.suggestion)),
    );
  }
  if (answer.total === 0) boxes.push(nothingFound(state));
  else if (answer.hits.length === 0) {
    const first = stateLink({ ...state, page: 1 }, "page", {}, text.firstPage);
    boxes.push(el("div", { class: "nothing" }, el("h3", {}, text.emptyPage), el("p", {}, first)));
  }
  return boxes;
}

function nothingFound(state) {
  const narrowed = filterCount(state) > 0;
  const bare = !hasQuery(state) && !narrowed;
  const advice = bare ? text.emptyIndexAdvice : hasQuery(state) ? text.noResultsAdvice : [];
  const widen = stateLink({ ...state, ...NO_FILTERS, page: 1 }, "filter", {}, text.clearFilters);
  return el(
    "div",
    { class: "nothing" },
    el("h3", {}, bare ? text.emptyIndex : text.noResults),
    el(
      "ul",
      {},
      narrowed && el("li", {}, text.noResultsFilters, " ", widen),
      advice.map((line) => el("li", {}, line)),
    ),
  );
}

/** Numbers to offer: the first, the last and the neighbours, with `null` for a gap. */
function pageNumbers(page, last) {
  const near = [page - 2, page - 1, page, page + 1, page + 2];
  const numbers = [...new Set([1, ...near, last])].filter((number) => number >= 1 && number <= last);
  return numbers.flatMap((number, at) => (at > 0 && number > numbers[at - 1] + 1 ? [null, number] : [number]));
}

function showPager(state, total) {
  const last = pageCount(total);
  const { page } = state;
  pager.hidden = last < 2 || page > last;
  if (pager.hidden) {
    pager.replaceChildren();
    return;
  }
  const to = (number, attributes, ...label) => stateLink({ ...state, page: number }, "page", attributes, ...label);
  const step = (number, label, rel) =>
    number >= 1 && number <= last
      ? to(number, { class: "step", rel }, label)
      : el("span", { class: "step off", "aria-hidden": "true" }, label);
  const numbers = pageNumbers(page, last).map((number) => {
    if (number === null) return el("li", { class: "gap", "aria-hidden": "true" }, "…");
    const current = number === page && "page";
    // Far numbers give way on a narrow screen.
    const far = number !== page && Math.abs(number - page) > 1;
    return el(
      "li",
      { class: far && "far" },
      to(number, { "aria-current": current }, text.countShort(number), el("span", { class: "sr" }, text.pageUnit)),
    );
  });
  const end = page === last && total > WINDOW && el("p", { class: "fine" }, text.lastReachable(WINDOW));
  pager.replaceChildren(
    ...[step(page - 1, text.previous, "prev"), el("ol", {}, numbers), step(page + 1, text.next, "next"), end].filter(
      Boolean,
    ),
  );
}
