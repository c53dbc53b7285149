// Ties the parts together. The address bar holds the state. Every change goes through `go`, every step back or forth through
// `reached`, and both end in `show`.

import { lookup, search } from "./api.js";
import { createAdvanced } from "./advanced-loader.js";
import { hideArticle, showArticle } from "./article.js";
import { articleNamed } from "./cite.js";
import { byId, isPlainClick, pastedAddress, webAddress } from "./dom.js";
import { createFilters } from "./filters.js";
import { showFoot } from "./foot.js";
import { createHistory } from "./history.js";
import { watchKeys } from "./keys.js";
import { createListing } from "./listing.js";
import { text } from "./messages.js";
import { keepsQueries, meant, rests, took } from "./meant.js";
import { showNamed } from "./named-loader.js";
import { createNeighbours } from "./neighbours.js";
import { watchNewcomers } from "./newcomers.js";
import { mayBeId, namedBox } from "./notices.js";
import { createPreview } from "./preview.js";
import { remember } from "./recent.js";
import { asProblem, isSuperseded } from "./request.js";
import { focusHit, showAnswer, showListProblem } from "./results.js";
import { showRows, showShare, showUndatedRows } from "./share.js";
import { hasQuery, href, parse, searchParams } from "./state.js";
import { createSuggestions } from "./suggest.js";
import "./theme-button.js";
import { createTimeline } from "./timeline.js";
import { watchTyping } from "./typing.js";

/** Enter on a search that is already shown repeats it, unless the same keystroke is reported twice. */
const REPEAT_MS = 1_000;
/** How long the first hits wait for the chart, where they do. */
const CHART_MS = 1_000;
/** Number of answers kept for going back and forth. */
const KEPT_ANSWERS = 20;

const form = byId("search");
const input = byId("q");
const listView = byId("list-view");
const results = byId("results");

let state = parse(location.search);
/** The address of the list that is shown or about to be shown; empty when there is none of use. */
let listKey = "";
let shownAt = 0;
let listRequest = null;
let articleRequest = null;
/** Whether the current entry of the browser's history was made by typing and may be replaced by more typing. */
let typing = false;
const answers = new Map();

const entries = createHistory(reached);
const neighbours = createNeighbours(answers);
const change = (patch, how) => go({ ...state, q: input.value, page: 1, ...patch }, how);
const filters = createFilters(change);
const timeline = createTimeline(change, showUndatedRows);
const showListing = createListing(change);
const preview = createPreview();
const watchList = watchNewcomers(() => {
  // In any other order, or on another page, what is new need not be in sight.
  listKey = "";
  timeline.renew();
  const next = { ...state, sort: "newest", page: 1 };
  go(next, { replace: href(next) === href(state), focus: "results" });
});
const suggestions = createSuggestions((q, kind) => {
  if (kind) took(kind, input.value, q);
  input.value = q;
  submit();
});
const box = watchTyping(searchTyped);
createAdvanced(
  (q, { from, to }) => {
    input.value = q;
    if (from === state.from && to === state.to) submit();
    else submitWords(q, {}, { from, to });
  },
  () => state,
);
watchKeys({
  isReading: () => state.article !== "",
  leave: closeArticle,
  empty() {
    input.value = "";
    searchTyped();
  },
});

// Moving ------------------------------------------------------------------------------------------------------

function go(next, { replace = false, ...how } = {}) {
  box.cancel();
  typing = false;
  if (replace) entries.replace(next);
  else entries.push(next, state);
  const articleOpened = next.article && next.article !== state.article;
  if (articleOpened) {
    remember(next.q);
    meant(next.q);
  }
  state = next;
  if (articleOpened || how.focus === "results") scrollTo(0, 0);
  return show(how);
}

async function reached(entry, { scroll, opened, within, own }) {
  box.cancel();
  typing = false;
  const closed = state.article;
  // From hit to hit the reader has come to another page of the list.
  const turned = own && entry.page !== state.page;
  const next = turned ? { ...entry, page: state.page } : entry;
  if (turned) entries.replace(next);
  state = next;
  await show({ kept: true });
  if (state !== next) return;
  scrollTo(0, turned ? 0 : scroll);
  // The article that was read last, else the one that the way to it began with, else the hit that this one is folded into.
  if (closed && !state.article) focusHit(closed, opened, within);
  if (turned) document.activeElement.scrollIntoView({ block: "center", behavior: "instant" });
}

function closeArticle() {
  const closed = state.article;
  if (!entries.backToList()) go({ ...state, article: "" }).then(() => focusHit(closed));
}

// Showing -----------------------------------------------------------------------------------------------------

async function show({ focus = "", kept = false } = {}) {
  box.show(state.q);
  filters.showState(state);
  showShare(state);
  showListing(state);
  preview.show(state);
  for (const link of document.querySelectorAll("[data-language]")) link.href = href(state, link.dataset.language);
  articleRequest?.abort();
  if (state.article) {
    listView.hidden = true;
    await openArticle();
    return;
  }
  hideArticle();
  listView.hidden = false;
  document.title = hasQuery(state) ? text.pageTitle(state.q.trim()) : text.siteTitle;
  timeline.show(state);
  await showList(kept);
  if (focus === "results") byId("results-heading").focus({ preventScroll: true });
}

async function openArticle() {
  const request = new AbortController();
  articleRequest = request;
  busy();
  try {
    const title = await showArticle(state, request.signal, openArticle, neighbours, searchWords);
    if (title) document.title = text.pageTitle(title);
    document.body.classList.add("answered");
  } catch (error) {
    if (!isSuperseded(error)) throw error;
  } finally {
    if (articleRequest === request) articleRequest = null;
    busy();
  }
}

async function showList(kept) {
  const asked = state;
  const key = searchParams(asked).toString();
  if (key === listKey) {
    // Only what leads on from the list has changed.
    if (answers.has(key)) showRows(answers.get(key));
    return;
  }
  listKey = key;
  listRequest?.abort();
  listRequest = null;
  if (kept && answers.has(key)) {
    drawList(asked, answers.get(key));
    busy();
    return;
  }
  const request = new AbortController();
  listRequest = request;
  busy();
  try {
    const answer = await search(asked, request.signal);
    await chartOf(answer);
    request.signal.throwIfAborted();
    drawList(asked, answer);
    keepAnswer(key, answer);
  } catch (error) {
    if (isSuperseded(error)) return;
    listKey = "";
    filters.showFacets(asked);
    showListProblem(asked, asProblem(error), retryList);
    watchList(asked, null);
    nameShown(asked);
  } finally {
    if (listRequest === request) listRequest = null;
    busy();
  }
}

/** While the page loads: few hits wait a moment for the chart above them, which may have nothing to show and would move them then. */
function chartOf(answer) {
  const loaded = document.body.classList.contains("answered");
  if (loaded || answer.total > answer.hits.length) return null;
  return Promise.race([timeline.drawn(), new Promise((done) => setTimeout(done, CHART_MS))]);
}

/** The button that retried is gone together with its box, so the focus moves to what replaced it. */
async function retryList() {
  timeline.show(state);
  await showList(false);
  (byId("notices").querySelector(".problem button") ?? byId("results-heading")).focus();
}

function drawList(asked, answer) {
  showAnswer(asked, answer);
  showRows(answer);
  filters.showCount(answer);
  nameShown(asked);
  filters.showFacets(asked, answer.facets, answer.missing);
  watchList(asked, answer);
  showNamed(asked, answer, change);
  rests(asked.q);
  shownAt = performance.now();
}

/** Says in the document which search the list answers: the address is ahead of it while a request is under way. */
function nameShown(asked) {
  results.dataset.shows = searchParams(asked).toString();
  document.body.classList.add("answered");
}

function keepAnswer(key, answer) {
  answers.delete(key);
  answers.set(key, answer);
  if (answers.size > KEPT_ANSWERS) answers.delete(answers.keys().next().value);
}

function busy() {
  results.setAttribute("aria-busy", String(listRequest !== null));
  byId("progress").hidden = listRequest === null && articleRequest === null;
}

// Searching ---------------------------------------------------------------------------------------------------

/** Searches for the text in the box. Typing makes one entry in the history, however many letters it takes. */
function searchTyped() {
  const q = input.value;
  // An address is looked up when it is entered: parts of it are not words to search for.
  if (q.trim() === state.q.trim() || pastedAddress(q.trim())) return;
  go({ ...state, q, page: 1, article: "" }, { replace: typing });
  typing = true;
}

/** Searches for the text in the box at the reader's request. */
function submit(how) {
  box.cancel();
  suggestions.close();
  if (matchMedia("(pointer: coarse)").matches) input.blur();
  const q = input.value;
  const named = articleNamed(q);
  if (named) {
    // The address of an article: it is opened, and the search that was shown stays behind it.
    input.value = state.q;
    go({ ...state, article: named });
    return;
  }
  if (pastedAddress(q.trim()) || mayBeId(q.trim())) {
    openNamed(q.trim(), how);
    return;
  }
  submitWords(q, how);
}

function submitWords(q, how, patch) {
  remember(q);
  meant(q);
  if (patch || q.trim() !== state.q.trim() || state.article) {
    go({ ...state, q, page: 1, article: "", ...patch }, { replace: typing && !state.article, ...how });
    return;
  }
  typing = false;
  if (!listRequest && performance.now() - shownAt > REPEAT_MS) {
    listKey = "";
    showList(false);
  }
}

/** Opens the article that a pasted address or id names. Says so if no article has the address; what else it may be is searched for. */
async function openNamed(address, how) {
  try {
    const named = await lookup(pastedAddress(address) ?? address);
    if (input.value.trim() !== address) return;
    if (named.hits.length === 1) {
      input.value = state.q;
      go({ ...state, article: named.hits[0].id });
      return;
    }
    if (named.hits.length === 0 && !webAddress(address)) return submitWords(address, how);
    if (state.article) await go({ ...state, article: "" });
    byId("notices").replaceChildren(namedBox(state, named));
  } catch (error) {
    showListProblem(state, asProblem(error), () => openNamed(address, how));
  }
}

/** Searches for words of an article. */
function searchWords(q) {
  input.value = q;
  submit({ focus: "results" });
}

input.addEventListener("blur", () => {
  typing = false;
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  submit();
});

// Links -------------------------------------------------------------------------------------------------------

document.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link || !isPlainClick(event)) return;
  if (link.classList.contains("skip")) {
    // Not by the fragment: the address belongs to the search.
    event.preventDefault();
    (state.article ? byId("article-title") : results)?.focus();
  } else if (link.id === "home") {
    event.preventDefault();
    go(parse("")).then(() => input.focus());
  } else if (link.dataset.nav) {
    event.preventDefault();
    if (link.dataset.nav === "article" && preview.takes(link)) {
      meant(state.q);
      return;
    }
    if (link.classList.contains("correction")) {
      took("correction", state.q, link.textContent);
      meant(link.textContent);
    }
    follow(link);
  }
});

function follow(link) {
  const { nav } = link.dataset;
  if (nav === "back") closeArticle();
  // From hit to hit is one entry of the history: back leads to the list.
  else if (nav === "beside") go(parse(link.search), { replace: true });
  else go(parse(link.search), { focus: nav === "article" ? "" : "results" });
}

// Start -------------------------------------------------------------------------------------------------------

show().then(() => scrollTo(0, entries.scroll));
showFoot().then((served) => keepsQueries(served?.keeps_queries));
