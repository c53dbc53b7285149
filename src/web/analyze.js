// The analysis page: how a text is indexed, how a query is read, and whether the query finds the text.
// The address bar holds both, so that a link shows the same again.

import { words } from "./analyze-messages.js";
import { alsoLabel, formLabel, isHangul, line, posName, suggestions, whyLabel } from "./analyze-words.js";
import { analyze, explain, highlightText, version } from "./api.js";
import { byId, el } from "./dom.js";
import { marked } from "./marks.js";
import { text } from "./messages.js";
import { problemBox } from "./problem-box.js";
import { asProblem, isSuperseded } from "./request.js";
import { LANGUAGE } from "./state.js";

/** Proxies cut off longer addresses, so the text is left out of them. */
const LONGEST_ADDRESS = 30_000;
/** Forms of a clause that are listed; a prefix may have as many forms as there are words. */
const FORMS = 12;

const form = byId("question");
const textBox = byId("text");
const queryBox = byId("q");
const loadedBox = byId("loaded");
const answer = byId("answer");
const status = byId("status");

let request = null;
let outOfDate = false;

function readAddress() {
  const params = new URLSearchParams(location.search);
  textBox.value = params.get("text") ?? "";
  queryBox.value = params.get("q") ?? "";
  loadedBox.checked = params.get("lexicon") === "loaded";
}

function question() {
  return { value: textBox.value.trim(), q: queryBox.value.trim(), loaded: loadedBox.checked };
}

function addressOf({ value, q, loaded }) {
  const params = new URLSearchParams();
  if (value) params.set("text", value);
  if (q) params.set("q", q);
  if (loaded) params.set("lexicon", "loaded");
  if (LANGUAGE) params.set("lang", LANGUAGE);
  if (params.toString().length > LONGEST_ADDRESS) params.delete("text");
  return { address: `?${params}`, whole: params.has("text") || !value };
}

// Asking ------------------------------------------------------------------------------------------------------

async function show() {
  request?.abort();
  const asked = question();
  if (!asked.value && !asked.q) {
    answer.replaceChildren();
    return;
  }
  const own = new AbortController();
  request = own;
  answer.setAttribute("aria-busy", "true");
  status.textContent = text.loading;
  const { signal } = own;
  const [tokens, reading, found] = await Promise.allSettled([
    asked.value ? analyze(asked.value, asked.loaded, signal) : null,
    asked.q ? explain(asked.q, signal) : null,
    asked.value && asked.q ? highlightText(asked.q, asked.value, signal) : null,
  ]);
  if (request !== own) return;
  answer.setAttribute("aria-busy", "false");
  const parts = [
    section(found, (value) => verdict(value)),
    section(reading, (value) => queryPart(value, found.value)),
    section(tokens, (value) => textPart(value, asked.loaded)),
  ];
  if (!addressOf(asked).whole) parts.unshift(el("p", { class: "notice" }, words.longAddress));
  answer.replaceChildren(...parts.flat(Infinity).filter(Boolean));
  status.textContent = words.done;
}

/** Draws the answer of a settled request, or its failure as a box in the same place. */
function section(settled, draw) {
  if (settled.status === "fulfilled") return settled.value && draw(settled.value);
  const error = settled.reason;
  return isSuperseded(error) ? null : problemBox(words.failed, asProblem(error), show);
}

// Drawing -----------------------------------------------------------------------------------------------------

function table(caption, heads, rows) {
  return el(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    el(
      "table",
      {},
      el("caption", {}, caption),
      el("thead", {}, el("tr", {}, heads.map((head) => el("th", { scope: "col" }, head)))),
      el("tbody", {}, rows),
    ),
  );
}

function verdict(found) {
  const sentence =
    found.matches !== "no" ? words.matches[found.matches] : found.marks.length ? words.partly : words.nowhere;
  return [
    el("h2", {}, words.verdictTitle),
    el("p", { class: found.matches === "yes" ? "notice good" : "notice" }, sentence),
    el("p", { class: "given" }, marked(found)),
    el("p", { class: "fine" }, words.verdictNote, found.conditions && ` ${words.conditions}`),
  ];
}

function queryPart(reading, found) {
  const { description, clauses } = reading.explain;
  const inText = found?.clauses.length === clauses.length ? found.clauses : null;
  const rows = clauses.map((clause, at) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, clause.text),
      inText && el("td", {}, inTextLabel(inText[at])),
      el("td", { class: "number" }, text.articles(clause.articles)),
      el(
        "td",
        {},
        el("ul", {}, clause.forms.slice(0, FORMS).map((one) => el("li", {}, formLabel(one)))),
        clause.forms.length > FORMS && el("p", { class: "fine" }, words.moreForms(clause.forms.length - FORMS)),
        alsoList(clause.also),
        clause.reporter && el("p", { class: "fine" }, words.ofReporter(clause.reporter)),
      ),
    ),
  );
  const heads = [words.clause, inText && words.inText, words.inIndex, words.forms].filter(Boolean);
  return [
    el("h2", {}, words.queryTitle),
    el("p", {}, words.readAs(description)),
    el("p", {}, words.total(reading.total), reading.relaxed && ` ${words.relaxed}`),
    rows.length > 0 && table(words.clausesCaption, heads, rows),
  ];
}

/** What is looked for beside a word, and which line or rule says so. */
function alsoList(also = []) {
  if (also.length === 0) return null;
  return el("p", { class: "fine" }, words.also(also.map(alsoLabel).join(", ")));
}

function inTextLabel({ found, excluded }) {
  const label = found ? words.inTextYes : words.inTextNo;
  return excluded ? `${label} ${words.excluded}` : label;
}

function textPart(analysed, loaded) {
  const lane = (name) => analysed.tokens.filter((token) => token.lane === name);
  return [
    el("h2", {}, words.textTitle),
    outOfDate && el("p", { class: "notice" }, loaded ? words.loadedLexicon : words.outOfDate),
    el("h3", {}, words.morphemes),
    el("p", { class: "fine" }, words.morphemesNote),
    boxes(analysed),
    analysed.variants?.length > 0 && [
      el("h3", {}, words.variantsTitle),
      el("ul", {}, analysed.variants.map(({ word, also }) => el("li", {}, `${word}: ${also.map(alsoLabel).join(", ")}`))),
    ],
    el("h3", {}, words.linesTitle),
    lineMakers(analysed),
    el("h3", {}, words.lanesTitle),
    laneDetails("morpheme", true, () => morphemeTable(analysed, lane("morpheme"))),
    laneDetails("bigram", false, () => pairs(lane("bigram"))),
    laneDetails("edge", false, () => pairs(lane("edge"))),
  ];
}

/** The morphemes of the text in order, with its spaces and line breaks. */
function boxes(analysed) {
  const items = [];
  let at = 0;
  for (const morpheme of analysed.morphemes) {
    const between = analysed.text.slice(at, morpheme.start);
    if (/\n/.test(between)) items.push(el("li", { class: "break", "aria-hidden": "true" }));
    else if (/\s/.test(between)) items.push(el("li", { class: "space", "aria-hidden": "true" }));
    at = morpheme.end;
    const dropped = morpheme.lane === "dropped";
    const unusual = !dropped && (morpheme.why !== "unknown" || isHangul(morpheme.text));
    const label = [posName(morpheme.pos), unusual && words.whyShort[morpheme.why]];
    items.push(
      el(
        "li",
        { class: dropped ? "dropped" : unusual && morpheme.why },
        el("span", {}, morpheme.text),
        el("span", { class: "tag" }, label.filter(Boolean).join(" · ")),
      ),
    );
  }
  return el("ol", { class: "boxes" }, items);
}

/** A lane under its name, drawn when it is first opened: a text has as many bigrams as characters. */
function laneDetails(name, open, draw) {
  const details = el("details", { open }, el("summary", {}, words.lanes[name].name));
  const fill = () => {
    if (!details.open || details.childElementCount > 1) return;
    details.append(el("p", { class: "fine" }, words.lanes[name].note), draw());
  };
  details.addEventListener("toggle", fill);
  fill();
  return details;
}

function morphemeTable(analysed, tokens) {
  const rows = tokens.map((token) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, token.text),
      el("td", {}, analysed.text.slice(token.start, token.end)),
      el("td", {}, posName(token.pos)),
      el("td", {}, whyLabel(token)),
    ),
  );
  return table(words.tokensCaption, [words.token, words.inText, words.pos, words.whyHead], rows);
}

function pairs(tokens) {
  if (tokens.length === 0) return el("p", {}, words.noTokens);
  return el("ul", { class: "boxes" }, tokens.map((token) => el("li", {}, token.text)));
}

// Lines for words.txt -----------------------------------------------------------------------------------------

function lineMakers(analysed) {
  const found = suggestions(analysed);
  const makers = [...found.map(({ word, around }) => lineMaker(word, around)), lineMaker("", "")];
  return [
    el("p", {}, found.length ? words.unknownFound(found.length) : words.unknownNone),
    el("ul", { class: "line-makers" }, makers),
    el("p", { class: "fine" }, words.linesNote),
  ];
}

function lineMaker(word, around) {
  const input = el("input", { type: "text", value: word, autocomplete: "off", spellcheck: "false", maxlength: "40" });
  const kinds = Object.entries(words.kinds).map(([value, name]) => el("option", { value }, name));
  const select = el("select", {}, kinds);
  const output = el("output", {});
  const fill = () => output.replaceChildren(...line(input.value.trim(), select.value));
  input.addEventListener("input", fill);
  select.addEventListener("change", fill);
  fill();
  return el(
    "li",
    { class: "line-maker" },
    el("label", {}, around && around !== word ? words.wordIn(around) : words.word, input),
    el("label", {}, words.kind, select),
    output,
  );
}

// Start -------------------------------------------------------------------------------------------------------

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const { address } = addressOf(question());
  if (address !== location.search) history.pushState(null, "", address);
  show();
});
addEventListener("popstate", () => {
  readAddress();
  show();
});

async function start() {
  readAddress();
  try {
    outOfDate = Boolean((await version()).index?.out_of_date);
  } catch (error) {
    // This only decides about a hint; the requests below will report a failing server.
    console.error(error);
  }
  byId("loaded-choice").hidden = !outOfDate && !loadedBox.checked;
  await show();
}
start();
