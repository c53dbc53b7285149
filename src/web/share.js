// Ways to take a search along, above the list: as a spreadsheet, as a feed, as a link.

import { copyText } from "./copy.js";
import { byId, callScript, el } from "./dom.js";
import { text } from "./messages.js";
import { address, exportParams, feedParams, folds, hasQuery, LARGEST_EXPORT, trendsLink } from "./state.js";

/** The columns of an export, by their names in the API; those after the first seven only where chosen. */
const COLUMNS = ["published_at", "outlet", "reporters", "section", "title", "lead", "url", "id", "body"];
const USUAL = COLUMNS.slice(0, 7);
const KEY = "gisa.columns";

const csv = byId("csv");
const xlsx = byId("xlsx");
const said = byId("copied");
const cut = byId("export-cut");
const fold = byId("export-fold");
const foldPart = byId("export-fold-part");
const discovered = document.querySelector("link[rel=alternate]");

let shown = null;
/** Rows of an export, folded and not; `null` until an answer has said so. */
let rows = null;
/** Rows without a date, folded as the list is. */
let undated = 0;
let columns = readColumns();

function readColumns() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "null");
    const known = Array.isArray(kept) ? COLUMNS.filter((name) => kept.includes(name)) : [];
    return known.length ? known : USUAL;
  } catch {
    // The entry is not ours, or the browser stores nothing.
    return USUAL;
  }
}

/** Follows a state. Feed readers find the feed of the search that is shown. */
export function showShare(state) {
  shown = state;
  rows = null;
  fold.checked = folds(state);
  discovered.href = address("feed.atom", feedParams(state));
  discovered.title = hasQuery(state) ? text.pageTitle(state.q.trim()) : text.siteTitle;
  said.textContent = "";
  for (const page of ["trends", "quotes"]) byId(page).href = trendsLink(state, page);
  showExport();
}

/** Follows the answer to the state that is shown: how many rows an export has. */
export function showRows(answer) {
  rows = { folded: answer.total, all: answer.articles ?? answer.total };
  showExport();
}

/** Follows the timeline: how many articles of the list have no date, and so are in none of the periods that an export is divided into. */
export function showUndatedRows(count) {
  undated = count;
  if (shown) showExport();
}

function showExport() {
  const params = exportParams(shown, fold.checked);
  params.set("columns", columns.join(","));
  xlsx.href = address("export.xlsx", params);
  params.set("for", "excel");
  csv.href = address("export.csv", params);
  const count = rows && (fold.checked ? rows.folded : rows.all);
  const counted = fold.checked && rows?.folded !== rows?.all ? text.foldedCount : text.articles;
  csv.title = count === null ? "" : text.share.csv(counted(Math.min(count, LARGEST_EXPORT)));
  xlsx.title = count === null ? "" : text.share.xlsx(counted(Math.min(count, LARGEST_EXPORT)));
  foldPart.hidden = !rows || rows.folded === rows.all;
  if (rows) byId("export-fold-label").textContent = text.share.fold(rows.folded, rows.all);
  cut.hidden = !(count > LARGEST_EXPORT);
  cut.textContent = cut.hidden ? "" : [text.share.cut(LARGEST_EXPORT, count), undatedApart()].filter(Boolean).join(" ");
}

/** What the parts of an export leave out; nothing where a period leaves it out of the list, too. */
function undatedApart() {
  if (undated === 0 || shown.from || shown.to) return "";
  // The other way of folding has another number of them.
  return text.share.cutUndated(fold.checked === folds(shown) ? undated : null);
}

byId("column-choices").append(
  ...COLUMNS.map((name) => {
    const box = el("input", { type: "checkbox", value: name });
    box.checked = columns.includes(name);
    return el("label", {}, box, " ", text.share.columns[name]);
  }),
);
byId("column-choices").addEventListener("change", (event) => {
  const chosen = [...byId("column-choices").querySelectorAll("input:checked")].map((box) => box.value);
  if (chosen.length === 0) {
    // A file without columns is of no use: the last one stays.
    event.target.checked = true;
    return;
  }
  columns = chosen;
  try {
    localStorage.setItem(KEY, JSON.stringify(columns));
  } catch {
    // Nothing is stored: the choice holds for this page only.
  }
  showExport();
});
fold.addEventListener("change", showExport);

async function copied(value, done) {
  said.textContent = "";
  said.textContent = (await copyText(value)) ? done : text.share.notCopied;
}

/** The panel that saves a search is a script of its own: few readers ask for it, and it is not part of the first view. */
byId("save-search").addEventListener("click", async ({ currentTarget: button }) => {
  button.search = shown;
  try {
    await callScript(button, "open");
  } catch (error) {
    said.textContent = text.problems.network[0];
    console.info("nothing to save with", error);
  }
});

byId("copy").addEventListener("click", () => copied(location.href, text.share.copied));
byId("feed").addEventListener("click", () => {
  const feed = new URL(address("feed.atom", feedParams(shown)), location.href).href;
  copied(feed, shown.to ? `${text.share.feedCopied} ${text.share.feedEnds}` : text.share.feedCopied);
});
