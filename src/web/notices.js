// Boxes that tell readers what happened and what to do.

import { countWithoutFilters, lookup } from "./api.js";
import { el, pastedAddress } from "./dom.js";
import { text } from "./messages.js";
import { stateLink } from "./links.js";
import { filterCount, hasQuery, NO_FILTERS, withWords } from "./state.js";

/** What may be an article's id: nothing else is asked for. */
const ID = /^(?=.*\d)[\w.:#-]{4,200}$/;

/** Whether a text is more likely an article's id than words: its article is opened at once. */
export function mayBeId(value) {
  return ID.test(value) && (/[\w][-_:#][\w]/.test(value) || value.length >= 9);
}

/** The notices above the hits of an answer. */
export function noticesFor(state, answer) {
  const boxes = [];
  if (answer.partial) boxes.push(el("p", { class: "notice partial" }, text.partial));
  if (typeof answer.suggestion === "string" && answer.suggestion) {
    const corrected = { ...state, q: answer.suggestion, page: 1 };
    const link = stateLink(corrected, "query", { class: "correction" }, answer.suggestion);
    const count = typeof answer.suggestion_total === "number" && ` (${text.articles(answer.suggestion_total)})`;
    boxes.push(el("p", { class: "notice suggestion" }, text.didYouMean, " ", link, count));
  }
  if (answer.undated > 0) boxes.push(undated(state, answer.undated));
  if (state.outlet_group.length && answer.missing?.outlet_group > 0) {
    boxes.push(el("p", { class: "notice" }, text.ungroupedLeftOut(answer.missing.outlet_group)));
  }
  for (const note of answer.notes ?? []) boxes.push(el("p", { class: "notice" }, note.text));
  if (answer.relaxed) boxes.push(el("p", { class: "notice" }, text.relaxed));
  if (answer.total === 0) boxes.push(nothingFound(state));
  else if (ID.test(state.q.trim())) boxes.push(alsoNamed(state));
  else if (answer.hits.length === 0) {
    const first = stateLink({ ...state, page: 1 }, "page", {}, text.firstPage);
    boxes.push(el("div", { class: "nothing" }, el("h3", {}, text.emptyPage), el("p", {}, first)));
  }
  return boxes;
}

/** Articles without a date are in no period: how many drop out, and a way to them. */
function undated(state, count) {
  return el("p", { class: "notice" }, text.undated(count), " ", stateLink(undatedState(state), "query", {}, text.showUndated));
}

/** The state that shows the articles of a search that have no date. */
export function undatedState(state) {
  return { ...state, q: whenever(state.q), from: "", to: "", frame: "", page: 1 };
}

/** A query that asks for articles without a date: each period in it gives way, as both at once find nothing. */
function whenever(query) {
  // What stands in quotation marks is looked for as it is.
  const period = /("[^"]*"|“[^“”]*”)|(^|[\s(])(?:날짜|date)[:：](?:"[^"]*"|“[^“”]*”|[^\s()"“”]+)/giu;
  const free = query.replace(period, (found, phrase, before) => phrase ?? `${before}날짜:없음`).trim();
  return free.includes("날짜:없음") ? free : withWords(free, "날짜:없음");
}

/** What an address names: nothing, or one article or more. Those are links. */
export function namedBox(state, { hits }) {
  if (hits.length === 0) return el("p", { class: "notice" }, text.unknownAddress);
  const links = hits.map(({ id, title, outlet }) => {
    const link = stateLink({ ...state, article: id }, "article", {}, title.trim() || text.untitled);
    return el("li", {}, link, outlet && ` ${outlet}`);
  });
  return el("div", { class: "notice" }, el("p", {}, text.severalNamed(hits.length)), el("ul", {}, links));
}

function nothingFound(state) {
  const narrowed = filterCount(state) > 0;
  const bare = !hasQuery(state) && !narrowed;
  const wordless = hasQuery(state) && !/[\p{L}\p{N}]/u.test(state.q);
  const advice = bare ? text.emptyIndexAdvice : wordless ? [text.noWordsAdvice] : hasQuery(state) ? text.noResultsAdvice : [];
  const filtered = narrowed && el("li", {}, text.countingWithout);
  if (filtered) showWithout(filtered, state);
  const asked = state.q.trim();
  const named = (ID.test(asked) || pastedAddress(asked)) && el("li", { hidden: true });
  if (named) showNamed(named, state);
  return el(
    "div",
    { class: "nothing" },
    el("h3", {}, bare ? text.emptyIndex : wordless ? text.noWords : text.noResults),
    el(
      "ul",
      {},
      named,
      filtered,
      advice.map((line) => el("li", { class: "advice" }, line)),
    ),
  );
}

/** Says how many articles there are without the filters: to clear them is advice only where that finds some. */
async function showWithout(line, state) {
  const clear = stateLink({ ...state, ...NO_FILTERS, page: 1 }, "filter", {}, text.clearFilters);
  try {
    const { total } = await countWithoutFilters(state);
    if (total === 0) line.replaceChildren(text.nothingWithout);
    else line.replaceChildren(text.foundWithout(total), " ", clear);
  } catch (error) {
    console.info("not counted", error);
    line.replaceChildren(clear);
  }
}

/** An article whose id was searched for, beside those that hold it as a word. */
function alsoNamed(state) {
  const box = el("p", { class: "notice", hidden: true });
  showNamed(box, state);
  return box;
}

/** Links to the articles whose id or address was searched for, if there are any. */
async function showNamed(line, state) {
  const id = state.q.trim();
  try {
    const { hits, read_as: readAs } = await lookup(pastedAddress(id) ?? id);
    if (hits.length === 0 && readAs === "id") return;
    const links = hits.flatMap((hit) => [
      " ",
      stateLink({ ...state, article: hit.id }, "article", { class: "title" }, hit.title.trim() || text.untitled),
    ]);
    line.replaceChildren(links.length ? text.namedById : text.unknownAddress, ...links);
    line.hidden = false;
    const nothing = line.closest(".nothing");
    if (!links.length || !nothing) return;
    // There is what was asked for: spelling it otherwise is not advice.
    nothing.querySelector("h3").textContent = text.onlyNamed;
    for (const advice of nothing.querySelectorAll(".advice")) advice.remove();
  } catch {
    // It is not an id: nothing was promised.
  }
}
