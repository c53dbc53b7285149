// Ties the parts together. The address bar holds the state; every change goes through `go`, every way back
// through `popstate`, and both end in `show`.

import { isSuperseded, Problem, search, version } from "./api.js";
import { hideArticle, showArticle } from "./article.js";
import { byId, isPlainClick } from "./dom.js";
import { createFilters } from "./filters.js";
import { text } from "./messages.js";
import { focusHit, showAnswer, showListProblem, titleLinks } from "./results.js";
import { hasQuery, href, parse, searchParams } from "./state.js";

const TYPING_PAUSE_MS = 150;
/** While a syllable is being composed it may still change, so a longer pause has to mean it. */
const COMPOSING_PAUSE_MS = 350;
/** Enter on what is already shown asks again, unless it is the same keystroke reported twice. */
const REPEAT_MS = 1_000;
/** Answers kept for going back and forth. */
const KEPT_ANSWERS = 20;
/** A letter that is no syllable yet. */
const LONE_JAMO = /[ㄱ-ㅎㅏ-ㅣ]$/;

const form = byId("search");
const input = byId("q");
const listView = byId("list-view");
const results = byId("results");

let state = parse(location.search);
/** What the list shows or is about to show; empty when it shows nothing of use. */
let listKey = "";
let shownAt = 0;
let listRequest = null;
let articleRequest = null;
/** The entry of the browser's history under the cursor was made by typing and may be typed over. */
let typing = false;
let typingTimer = 0;
let composing = false;
const answers = new Map();

const filters = createFilters((patch) => go({ ...state, q: input.value, page: 1, ...patch }));

history.scrollRestoration = "manual";

// History -----------------------------------------------------------------------------------------------------

function keepScroll() {
  history.replaceState({ ...history.state, scroll: scrollY }, "");
}

function go(next, { replace = false, ...how } = {}) {
  clearTimeout(typingTimer);
  typing = false;
  if (replace) {
    history.replaceState(history.state, "", href(next));
  } else {
    keepScroll();
    history.pushState({ fromList: !state.article }, "", href(next));
  }
  const articleOpened = next.article && next.article !== state.article;
  state = next;
  if (articleOpened || how.focus === "results") scrollTo(0, 0);
  return show(how);
}

addEventListener("popstate", async (event) => {
  clearTimeout(typingTimer);
  typing = false;
  const closed = state.article;
  const reached = parse(location.search);
  state = reached;
  await show({ kept: true });
  if (state !== reached) return;
  scrollTo(0, event.state?.scroll ?? 0);
  if (closed && !state.article) focusHit(closed);
});

let scrollTimer = 0;
addEventListener(
  "scroll",
  () => {
    clearTimeout(scrollTimer);
    scrollTimer = setTimeout(keepScroll, 300);
  },
  { passive: true },
);
addEventListener("pagehide", keepScroll);

function closeArticle() {
  const closed = state.article;
  if (history.state?.fromList) history.back();
  else go({ ...state, article: "" }).then(() => focusHit(closed));
}

// Showing -----------------------------------------------------------------------------------------------------

async function show({ focus = "", kept = false } = {}) {
  if (!composing && input.value.trim() !== state.q.trim()) input.value = state.q;
  filters.showState(state);
  articleRequest?.abort();
  if (state.article) {
    listView.hidden = true;
    await openArticle();
    return;
  }
  hideArticle();
  listView.hidden = false;
  document.title = hasQuery(state) ? text.pageTitle(state.q.trim()) : text.siteTitle;
  await showList(kept);
  if (focus === "results") byId("results-heading").focus({ preventScroll: true });
}

async function openArticle() {
  const request = new AbortController();
  articleRequest = request;
  busy();
  try {
    const title = await showArticle(state, request.signal, openArticle);
    if (title) document.title = text.pageTitle(title);
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
  if (key === listKey) return;
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
    drawList(asked, answer);
    keepAnswer(key, answer);
  } catch (error) {
    if (isSuperseded(error)) return;
    listKey = "";
    filters.showFacets(asked);
    showListProblem(asProblem(error), retryList);
  } finally {
    if (listRequest === request) listRequest = null;
    busy();
  }
}

/** The button that asked is gone with its box, so the focus moves on to what came instead. */
async function retryList() {
  await showList(false);
  (byId("notices").querySelector(".problem button") ?? byId("results-heading")).focus();
}

function drawList(asked, answer) {
  showAnswer(asked, answer);
  filters.showFacets(asked, answer.facets);
  shownAt = performance.now();
}

function keepAnswer(key, answer) {
  answers.delete(key);
  answers.set(key, answer);
  if (answers.size > KEPT_ANSWERS) answers.delete(answers.keys().next().value);
}

function asProblem(error) {
  if (error instanceof Problem) return error;
  // An answer of another shape than the contract's, most likely an older server behind a newer page.
  console.error(error);
  return new Problem({ title: text.badAnswer, detail: String(error) });
}

function busy() {
  results.setAttribute("aria-busy", String(listRequest !== null));
  byId("progress").hidden = listRequest === null && articleRequest === null;
}

// Searching ---------------------------------------------------------------------------------------------------

/** Searches for what stands in the box. Typing makes one entry in the history, however many letters it takes. */
function searchTyped() {
  const q = input.value;
  if (composing && LONE_JAMO.test(q)) return;
  if (q.trim() === state.q.trim()) return;
  go({ ...state, q, page: 1, article: "" }, { replace: typing });
  typing = true;
}

function searchSoon() {
  clearTimeout(typingTimer);
  typingTimer = setTimeout(searchTyped, composing ? COMPOSING_PAUSE_MS : TYPING_PAUSE_MS);
}

input.addEventListener("compositionstart", () => {
  composing = true;
});
input.addEventListener("compositionend", () => {
  composing = false;
  searchSoon();
});
input.addEventListener("input", searchSoon);
input.addEventListener("blur", () => {
  typing = false;
});
// Browsers drop line breaks from pasted text and would join the words on either side.
input.addEventListener("paste", (event) => {
  const pasted = event.clipboardData?.getData("text/plain") ?? "";
  if (!/[\r\n]/.test(pasted)) return;
  event.preventDefault();
  input.setRangeText(pasted.replace(/\s+/g, " ").trim(), input.selectionStart, input.selectionEnd, "end");
  searchSoon();
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(typingTimer);
  if (matchMedia("(pointer: coarse)").matches) input.blur();
  const q = input.value;
  if (q.trim() !== state.q.trim() || state.article) {
    go({ ...state, q, page: 1, article: "" }, { replace: typing && !state.article });
    return;
  }
  typing = false;
  if (!listRequest && performance.now() - shownAt > REPEAT_MS) {
    listKey = "";
    showList(false);
  }
});

// Links and keys ----------------------------------------------------------------------------------------------

document.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link || !isPlainClick(event)) return;
  if (link.classList.contains("skip")) {
    // Not by the fragment: the address is the search's.
    event.preventDefault();
    (state.article ? byId("article-title") : results)?.focus();
  } else if (link.id === "home") {
    event.preventDefault();
    go(parse("")).then(() => input.focus());
  } else if (link.dataset.nav) {
    event.preventDefault();
    follow(link);
  }
});

function follow(link) {
  const { nav } = link.dataset;
  if (nav === "back") closeArticle();
  else go(parse(link.search), { focus: nav === "article" ? "" : "results" });
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/" && !isTyping(event.target)) {
    event.preventDefault();
    input.focus();
    input.select();
  } else if (event.key === "Escape") {
    escape(event);
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    walk(event);
  }
});

function isTyping(target) {
  return target.matches("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])");
}

function escape(event) {
  if (state.article) {
    event.preventDefault();
    closeArticle();
  } else if (event.target === input && input.value !== "") {
    event.preventDefault();
    input.value = "";
    searchTyped();
  }
}

/** Up and down walk from the box through the titles and back. */
function walk(event) {
  if (state.article) return;
  const links = titleLinks();
  const at = links.indexOf(document.activeElement);
  if (at < 0 && event.target !== input) return;
  const target = event.key === "ArrowDown" ? links[at + 1] : at > 0 ? links[at - 1] : at === 0 ? input : null;
  if (!target) return;
  event.preventDefault();
  target.focus();
  target.scrollIntoView({ block: "nearest" });
}

// Start -------------------------------------------------------------------------------------------------------

const startScroll = history.state?.scroll ?? 0;
show().then(() => scrollTo(0, startScroll));

// Only a hint in the footer hangs on it: without an answer there is none.
version(new AbortController().signal).then(
  ({ index }) => {
    byId("stale").hidden = !index?.out_of_date;
  },
  () => {},
);
