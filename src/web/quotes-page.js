// The page /quotes: quotations that hold a query, with who says them. The address holds what is asked; every link is an address.

import { byId, el } from "./dom.js";
import { timeOf } from "./links.js";
import { marked } from "./marks.js";
import { text } from "./messages.js";
import { problemBox } from "./problem-box.js";
import { words } from "./quotes-messages.js";
import { asProblem, isSuperseded, requestJson } from "./request.js";
import { FILTER_FIELDS, LANGUAGE, pageAddress, pageCount, WINDOW } from "./state.js";
import "./theme-button.js";

const FIELDS = ["q", "speaker", "outlet", "from", "to"];
/** What a search may be narrowed by besides: followed as it came, and shown. */
const OTHERS = [...FILTER_FIELDS.filter((field) => !FIELDS.includes(field)), "similar_to", "match"];
const SIZE = 20;
/** Words of a quotation by which its place is found again: a phrase may have 512 characters. */
const PLACE_WORDS = 12;

const given = new URLSearchParams(location.search);
const page = Math.min(Math.max(1, Math.trunc(Number(given.get("page"))) || 1), WINDOW / SIZE);

/** What is asked, with some fields changed; blank ones are left out. */
function asked(changes = {}) {
  const params = new URLSearchParams();
  for (const field of [...FIELDS, ...OTHERS]) {
    const values = field in changes ? [changes[field]] : given.getAll(field);
    for (const value of values) if (value?.trim()) params.append(field, value.trim());
  }
  return params;
}

/** The address of this page with some fields changed. */
function linkTo(changes = {}, toPage = 1, language = LANGUAGE) {
  const params = asked(changes);
  if (toPage > 1) params.set("page", toPage);
  return pageAddress("quotes", params, language);
}

/** The article with the beginning of the quotation marked: a search for these very words, in the reading view. */
function placeOf(quote) {
  const said = quote.text.replace(/["“”]/gu, " ").trim().split(/\s+/u).slice(0, PLACE_WORDS).join(" ");
  const params = new URLSearchParams({ q: `"${said}"`, article: quote.article.id });
  return pageAddress("", params);
}

function quoteItem(quote) {
  const { article } = quote;
  const who = quote.speaker
    ? el("a", { class: "speaker", href: linkTo({ speaker: quote.speaker }) }, quote.speaker)
    : el("span", { class: "speaker unsaid" }, quote.speaker_text ?? words.unsaid);
  return el(
    "li",
    { class: "quote" },
    el("blockquote", {}, el("p", {}, marked(quote))),
    el("p", { class: "by" }, who, quote.speaker && quote.speaker_text && el("span", { class: "fine" }, quote.speaker_text)),
    el(
      "p",
      { class: "fine from" },
      el("a", { class: "place", href: placeOf(quote), title: words.place }, article.title || words.untitled),
      article.outlet && el("span", {}, article.outlet),
      timeOf(article.published_at),
    ),
  );
}

function showSpeakers(answer) {
  const chosen = given.getAll("speaker").filter((name) => name.trim());
  const items = answer.speakers.map(({ value, count }) =>
    el(
      "li",
      {},
      el("a", { href: linkTo({ speaker: value }), title: words.only(value, count), "aria-current": chosen.includes(value) && "true" }, value),
      el("span", { class: "n" }, text.countShort(count)),
    ),
  );
  if (chosen.length > 0) items.unshift(el("li", {}, el("a", { href: linkTo({ speaker: "" }) }, words.all)));
  byId("speakers").replaceChildren(...items);
  byId("names").replaceChildren(...answer.speakers.map(({ value }) => el("option", { value })));
  byId("unnamed").textContent = words.unnamed(answer);
  byId("csv").href = `./export/quotes.csv?${asked()}`;
  byId("people").hidden = false;
}

function showPages({ total }) {
  const last = pageCount(total, SIZE);
  const pages = byId("pages");
  pages.hidden = last < 2;
  const step = (to, label, rel) => to >= 1 && to <= last && el("a", { href: linkTo({}, to), rel }, label);
  const steps = [step(page - 1, text.previous, "prev"), el("span", { "aria-current": "page" }, words.page(page)), step(page + 1, text.next, "next")];
  pages.replaceChildren(...steps.filter(Boolean));
}

/** Conditions that have no field here, and a link that drops them. */
function showOthers() {
  const others = OTHERS.flatMap((field) => given.getAll(field).map((value) => [field, value])).filter(([, value]) => value.trim());
  byId("ask").append(...others.map(([name, value]) => el("input", { type: "hidden", name, value })));
  byId("conditions").hidden = others.length === 0;
  const without = Object.fromEntries(OTHERS.map((field) => [field, ""]));
  byId("conditions").replaceChildren(
    words.conditions(others.map(([, value]) => value).join(", ")),
    " ",
    el("a", { href: linkTo(without) }, words.drop),
  );
}

/** What does not wait for an answer: the form, the conditions, the other language, the title. */
function showAsked() {
  for (const field of FIELDS) byId(field).value = given.get(field) ?? "";
  showOthers();
  if (LANGUAGE) byId("ask").append(el("input", { type: "hidden", name: "lang", value: LANGUAGE }));
  for (const link of document.querySelectorAll("[data-language]")) link.href = linkTo({}, page, link.dataset.language);
  const q = given.get("q")?.trim();
  if (q) document.title = words.title(q);
}

async function ask() {
  const params = asked();
  params.set("size", SIZE);
  params.set("page", page);
  let answer;
  try {
    answer = await requestJson(`./api/quotes?${params}`);
  } catch (error) {
    if (!isSuperseded(error)) byId("problem").replaceChildren(problemBox(words.problem, asProblem(error), ask));
    return;
  }
  byId("problem").replaceChildren();
  const said = answer.total > 0 ? words.counted(answer) : words.none;
  byId("said").textContent = answer.partial ? `${said} ${text.partial}` : said;
  byId("quotes").replaceChildren(...answer.quotes.map(quoteItem));
  byId("quotes").start = (page - 1) * SIZE + 1;
  showSpeakers(answer);
  showPages(answer);
}

// Empty fields would stand in the address for nothing.
byId("ask").addEventListener("submit", () => {
  for (const field of FIELDS) byId(field).disabled = byId(field).value.trim() === "";
});
// A page that comes back from the browser's memory has them as they were left.
addEventListener("pageshow", () => {
  for (const field of FIELDS) byId(field).disabled = false;
});

showAsked();
ask();
