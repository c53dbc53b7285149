// The page that compares searches over time.

import { copyText } from "./copy.js";
import { asCsvTable } from "./csv.js";
import { byId, el, isPlainClick } from "./dom.js";
import { text } from "./messages.js";
import { problemBox } from "./problem-box.js";
import { asProblem, isSuperseded, requestJson } from "./request.js";
import { save } from "./save.js";
import { FILTER_FIELDS, pageAddress } from "./state.js";
import "./theme-button.js";
import { bucketDays } from "./time.js";
import { words } from "./trends-messages.js";
import { asSvg, pictureOf, plotOf, pngFile, sampleOf, svgFile } from "./trends-picture.js";
import { filterParams, MOST, parseTrends, SPLITS, trendsHref, trendsParams, UNITS, VALUES } from "./trends-state.js";

/** Height of the picture on the page, and the size of its files, in pixels. */
const HEIGHT = 340;
const FILE = { width: 1100, height: 520 };

let state = parseTrends(location.search);
let request = null;
/** What is drawn: `{answer, series: [{label, query, values}]}`. */
let drawn = null;

const fields = byId("queries");
const picture = byId("picture");

// The form -----------------------------------------------------------------------------------------------------

function fillForm() {
  const queries = [...state.queries];
  while (queries.length < 2) queries.push("");
  fields.replaceChildren(...queries.map(queryField));
  numberFields();
  byId("compare").classList.add("filled");
  for (const name of ["from", "to", "by", "values", "split"]) byId(name).value = state[name];
  for (const link of document.querySelectorAll("[data-language]")) link.href = trendsHref(state, link.dataset.language);
  const chosen = FILTER_FIELDS.flatMap((field) => state.filters[field].map((value) => `${text.facet[field]}: ${value}`));
  const conditions = byId("conditions");
  conditions.hidden = chosen.length === 0;
  const clear = el("button", { type: "button", class: "link" }, text.clearFilters);
  clear.addEventListener("click", () => {
    go({ ...state, filters: parseTrends("").filters });
    fields.querySelector("input")?.focus();
  });
  conditions.replaceChildren(words.conditions(chosen.join(", ")), " ", clear);
}

function queryField(value) {
  const input = el("input", { type: "text", inputmode: "search", autocomplete: "off", spellcheck: "false", maxlength: "512" });
  input.value = value;
  const drop = el("button", { type: "button", class: "plain" }, el("span", { "aria-hidden": "true" }, "×"), el("span", { class: "sr" }));
  const part = el("div", { class: "query" }, input, drop);
  drop.addEventListener("click", () => {
    const after = part.nextElementSibling ?? part.previousElementSibling;
    part.remove();
    numberFields();
    (after?.querySelector("input") ?? byId("more")).focus();
  });
  return part;
}

function numberFields() {
  [...fields.children].forEach((part, at) => {
    part.querySelector("input").setAttribute("aria-label", words.query(at + 1));
    part.querySelector("button .sr").textContent = words.drop(at + 1);
    part.querySelector("button").hidden = fields.children.length < 2;
  });
  byId("more").hidden = fields.children.length >= MOST;
}

function options(id, values, labels) {
  byId(id).append(...values.map((value) => el("option", { value }, labels[value])));
}

options("by", UNITS, text.timeline.by);
options("values", VALUES, words.values);
options("split", SPLITS, words.splits);
byId("more").addEventListener("click", () => {
  fields.append(queryField(""));
  numberFields();
  fields.lastElementChild.querySelector("input").focus();
});

byId("compare").addEventListener("submit", (event) => {
  event.preventDefault();
  const typed = [...fields.querySelectorAll("input")].map((input) => input.value.trim()).filter(Boolean);
  const next = { ...state, queries: [...new Set(typed)], dropped: [] };
  for (const name of ["from", "to", "by", "values", "split"]) next[name] = byId(name).value;
  const bad = next.from && next.to && next.from > next.to ? text.rangeReversed : next.queries.length === 0 ? words.empty : "";
  byId("error").textContent = bad;
  byId("error").hidden = !bad;
  if (!bad) go(next);
});

// Moving -------------------------------------------------------------------------------------------------------

function go(next) {
  history.pushState(null, "", trendsHref(next));
  state = next;
  show();
}

addEventListener("popstate", () => {
  state = parseTrends(location.search);
  show();
});

// Showing ------------------------------------------------------------------------------------------------------

async function show() {
  fillForm();
  request?.abort();
  const own = new AbortController();
  request = own;
  document.title = text.pageTitle([words.title, ...state.queries].join(" · "));
  byId("problem").replaceChildren();
  if (state.queries.length === 0) return clear();
  byId("content").setAttribute("aria-busy", "true");
  try {
    const series = state.split ? await parts(own.signal) : state.queries.map((query) => ({ label: query, query }));
    if (series.length === 0) {
      clear();
      byId("said").textContent = text.noResults;
      byId("problem").replaceChildren(el("p", { class: "notice" }, text.noResults));
      return;
    }
    const queries = series.map(({ query }) => query);
    const [answer, leftOut] = await Promise.all([
      requestJson(`./api/trends?${trendsParams(state, queries)}`, own.signal),
      ungrouped(queries, own.signal),
    ]);
    draw(answer, series, leftOut);
    byId("csv").href = `./export/trends.csv?${trendsParams(state, queries)}`;
  } catch (error) {
    if (isSuperseded(error)) return;
    clear();
    byId("problem").replaceChildren(problemBox(words.failed, asProblem(error), show));
  } finally {
    if (request === own) byId("content").setAttribute("aria-busy", "false");
  }
}

/** The first search by its five largest outlets, or groups of them. */
async function parts(signal) {
  const [query] = state.queries;
  const params = filterParams(state);
  params.set("q", query);
  params.set("size", String(MOST));
  const { values } = await requestJson(`./api/facets/${state.split}?${params}`, signal);
  const sign = state.split === "outlet" ? "" : "@";
  // A space joins most loosely, so the search needs no brackets, which would not close after an unbalanced quotation mark. An
  // operator that it begins with must not join the outlet.
  const own = /^(?:OR|AND|\||[~～]\d|NEAR\/)/u.test(query) ? `\\${query}` : query;
  return values.map(({ value }) => ({ label: value, query: `언론사:"${sign}${value.replaceAll('"', " ")}" ${own}` }));
}

/** How many articles of each search are left out because they are in no group of outlets; 0 where no group is chosen. */
function ungrouped(queries, signal) {
  if (state.filters.outlet_group.length === 0) return queries.map(() => 0);
  const count = async (query) => {
    const params = filterParams(state);
    params.set("q", query);
    params.set("size", "0");
    params.set("facets", "outlet_group");
    const { missing } = await requestJson(`./api/search?${params}`, signal);
    return missing.outlet_group;
  };
  return Promise.all(queries.map(count));
}

function clear() {
  drawn = null;
  for (const id of ["figure", "take", "table"]) byId(id).hidden = true;
  byId("notes").replaceChildren();
}

function draw(answer, series, leftOut) {
  const share = state.values === "share";
  const valued = answer.series.map(({ counts, total }, number) => ({
    ...series[number],
    total,
    counts,
    values: share ? counts.map((count, at) => (answer.all[at] ? count / answer.all[at] : null)) : counts,
  }));
  drawn = { answer, series: valued, share, labels: answer.buckets.map((bucket) => words.tick(bucket)) };
  const some = answer.buckets.length > 0;
  byId("figure").hidden = byId("take").hidden = byId("table").hidden = !some;
  byId("legend").replaceChildren(
    ...valued.map(({ label, total }, number) => el("li", {}, sampleOf(number), el("span", {}, label), el("span", { class: "fine" }, text.articles(total)))),
  );
  const unit = text.timeline.units[answer.by];
  byId("caption").textContent = words.caption(unit, share, state.split ? state.queries[0] : "");
  drawPicture();
  fillTable();
  const notes = [
    answer.partial && text.partial,
    !some && text.noResults,
    ...answer.series.map(({ undated }, number) => undated > 0 && words.undated(valued[number].label, undated)),
    ...leftOut.map((count, number) => count > 0 && words.leftOut(valued[number].label, count)),
    ...answer.series.map(({ relaxed }, number) => relaxed && words.relaxed(valued[number].label)),
    state.split && state.queries.length > 1 && words.onlyFirst(state.queries[0]),
    state.dropped.length > 0 && words.dropped(MOST, state.dropped),
  ];
  byId("notes").replaceChildren(...notes.filter(Boolean).map((note) => el("p", {}, note)));
  byId("said").textContent = some ? words.said(answer.buckets.length, unit) : text.noResults;
}

function drawPicture() {
  const width = Math.max(280, Math.round(picture.clientWidth || 900));
  const { series, labels, share, answer } = drawn;
  const model = pictureOf({ width, height: HEIGHT, series, buckets: labels, share });
  const label = words.picture(series.map((one) => one.label).join(", "), answer.buckets[0] ?? "", answer.buckets.at(-1) ?? "");
  const rule = el("div", { class: "rule", hidden: true });
  const tip = el("div", { class: "tip", "aria-hidden": "true", hidden: true });
  picture.replaceChildren(asSvg(model, { role: "img", "aria-label": label }), rule, tip);
  watchPointer(model, rule, tip);
  picture.dataset.width = String(picture.clientWidth);
}

/** What the bucket under the pointer has of each search. The table says the same. */
function watchPointer(model, rule, tip) {
  const plot = plotOf(model.width, model.height);
  rule.style.top = `${plot.top}px`;
  rule.style.height = `${plot.bottom - plot.top}px`;
  picture.onpointerleave = () => {
    rule.hidden = tip.hidden = true;
  };
  picture.onpointermove = (event) => {
    const { series, answer } = drawn;
    const last = answer.buckets.length - 1;
    const across = (event.clientX - picture.getBoundingClientRect().left - plot.left) / (plot.right - plot.left);
    const at = Math.min(last, Math.max(0, Math.round(across * last)));
    const left = model.x(at);
    rule.hidden = tip.hidden = false;
    rule.style.left = `${left}px`;
    tip.style.left = `${left}px`;
    tip.style.translate = left > model.width / 2 ? "calc(-100% - 8px)" : "8px";
    tip.replaceChildren(
      el("p", {}, el("strong", {}, words.bucket(answer.buckets[at]))),
      ...series.map(({ label, counts }) => el("p", {}, words.value(label, counts[at], answer.all[at]))),
    );
  };
}

new ResizeObserver(() => {
  if (drawn && picture.dataset.width !== String(picture.clientWidth) && picture.clientWidth > 0) drawPicture();
}).observe(picture);

function fillTable() {
  if (!byId("table").open || !drawn) return;
  const { answer, series } = drawn;
  const cell = (query, count, bucket) => {
    if (!count) return el("td", {}, text.countShort(0));
    const { from, to } = bucketDays(bucket);
    // A bucket at an end may begin before the period does.
    const params = filterParams({ ...state, from: state.from > from ? state.from : from, to: state.to && state.to < to ? state.to : to });
    params.set("q", query);
    params.set("group", "none");
    return el("td", {}, el("a", { href: pageAddress("", params) }, text.countShort(count)));
  };
  const rows = answer.buckets.map((bucket, at) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, words.bucket(bucket)),
      series.map(({ query, counts }) => cell(query, counts[at], bucket)),
      el("td", {}, text.countShort(answer.all[at])),
    ),
  );
  const heads = [text.timeline.column[answer.by], ...series.map(({ label }) => label), words.all];
  byId("rows").replaceChildren(
    el("table", {}, el("thead", {}, el("tr", {}, heads.map((head) => el("th", { scope: "col" }, head)))), el("tbody", {}, rows)),
  );
}

byId("table").addEventListener("toggle", fillTable);

// Taking along -------------------------------------------------------------------------------------------------

/** The name of a file that says what was compared; without what file systems refuse. */
function fileName(ending) {
  const about = drawn.series.map(({ label }) => label).join(", ").replace(/[\\/:*?"<>|\p{Cc}]/gu, " ");
  return `${words.file} ${about}`.replace(/\s+/gu, " ").slice(0, 100).trim() + ending;
}

function filePicture() {
  const { series, labels, share, answer } = drawn;
  const title = [byId("caption").textContent, `${words.bucket(answer.buckets[0])} – ${words.bucket(answer.buckets.at(-1))}`].join(" ");
  return pictureOf({ ...FILE, series, buckets: labels, share, title });
}

/** What is drawn as a table: the numbers, and the shares where those are drawn. */
function asTable() {
  const { answer, series, share } = drawn;
  const heads = [text.timeline.column[answer.by], ...series.map(({ label }) => label), words.all];
  const rows = answer.buckets.map((bucket, at) => [bucket, ...series.map(({ counts }) => String(counts[at])), String(answer.all[at])]);
  if (share) {
    heads.push(...series.map(({ label }) => `${label} (${words.values.share})`));
    rows.forEach((row, at) => row.push(...series.map(({ values }) => (values[at] === null ? "" : String(values[at])))));
  }
  return asCsvTable([heads, ...rows]);
}

// Made here rather than by the server, which does not know the names of the lines.
byId("csv").addEventListener("click", (event) => {
  if (!isPlainClick(event)) return;
  event.preventDefault();
  save(fileName(".csv"), "text/csv", asTable());
});
byId("save-svg").addEventListener("click", () => save(fileName(".svg"), "image/svg+xml", svgFile(filePicture())));
byId("save-png").addEventListener("click", async () => save(fileName(".png"), "image/png", await pngFile(filePicture())));
byId("copy").addEventListener("click", async () => {
  byId("copied").textContent = (await copyText(location.href)) ? text.share.copied : text.share.notCopied;
});

show();
