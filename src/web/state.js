// What the reader is looking at, as the address bar holds it. Everything else on the page follows from this.

/** Fields a hit can be narrowed by; each may be given several times (OR within, AND between). */
export const FILTER_FIELDS = ["outlet", "section", "reporter"];

/** Fields shown as check lists. */
export const FACET_FIELDS = ["outlet", "section"];

/** Hits a page: the default of `/api/search`. */
export const PAGE_SIZE = 10;

/** `/api/search` pages no further than this hit. */
export const WINDOW = 10_000;

const LAST_PAGE = WINDOW / PAGE_SIZE;
const SORTS = ["relevance", "newest", "oldest"];

/**
 * @typedef {object} State
 * @property {string} q
 * @property {string[]} outlet
 * @property {string[]} section
 * @property {string[]} reporter
 * @property {string} from `YYYY-MM-DD`, empty when open
 * @property {string} to `YYYY-MM-DD`, inclusive, empty when open
 * @property {string} sort empty for the default order
 * @property {boolean} fold whether near-identical articles show as one
 * @property {string} similar id of the article to which all others are near-identical, empty for all articles
 * @property {number} page from 1
 * @property {string} article id of the open article, empty for the list
 */

/** Reads a query string. Parameters that are not ours are left alone, impossible values fall back. */
export function parse(search) {
  const params = new URLSearchParams(search);
  const one = (name) => (params.get(name) ?? "").trim();
  const many = (name) => [...new Set(params.getAll(name).filter((value) => value !== ""))];
  const page = Number.parseInt(one("page"), 10);
  return {
    q: params.get("q") ?? "",
    outlet: many("outlet"),
    section: many("section"),
    reporter: many("reporter"),
    from: one("from"),
    to: one("to"),
    sort: SORTS.includes(one("sort")) ? one("sort") : "",
    fold: one("group") === "similar",
    similar: params.get("similar_to") ?? "",
    page: page >= 1 ? Math.min(page, LAST_PAGE) : 1,
    article: params.get("article") ?? "",
  };
}

/** Whether anything is asked for. Without a query the newest articles are shown. */
export function hasQuery(state) {
  return state.q.trim() !== "";
}

/** The order that is in force: by relevance with a query, newest first without one. */
export function effectiveSort(state) {
  if (!hasQuery(state) && state.sort !== "oldest") return "newest";
  return state.sort || "relevance";
}

function listParams(state) {
  const params = new URLSearchParams();
  const q = state.q.trim();
  if (q) params.set("q", q);
  for (const field of FILTER_FIELDS) {
    for (const value of state[field]) params.append(field, value);
  }
  if (state.from) params.set("from", state.from);
  if (state.to) params.set("to", state.to);
  if (state.similar) params.set("similar_to", state.similar);
  if (state.fold) params.set("group", "similar");
  return params;
}

function orderedParams(state) {
  const params = listParams(state);
  const sort = effectiveSort(state);
  if (sort !== (hasQuery(state) ? "relevance" : "newest")) params.set("sort", sort);
  if (state.page > 1) params.set("page", String(state.page));
  return params;
}

/** Address of a state on this page; the same state always has the same address. */
export function href(state) {
  const params = orderedParams(state);
  if (state.article) params.set("article", state.article);
  const query = params.toString();
  return query ? `?${query}` : location.pathname;
}

/** Parameters of `GET api/search` for a state. Only parameters of the contract, none of them empty. */
export function searchParams(state) {
  const params = orderedParams(state);
  params.set("facets", FACET_FIELDS.join(","));
  return params;
}

/** Parameters of `GET api/facets/{field}`: the same query and filters. */
export function facetParams(state, size) {
  const params = listParams(state);
  params.set("size", String(size));
  return params;
}

/** How many conditions beside the query are in force. */
export function filterCount(state) {
  const values = FILTER_FIELDS.reduce((sum, field) => sum + state[field].length, 0);
  return values + (state.from || state.to ? 1 : 0) + (state.similar ? 1 : 0);
}

/** The part of a state that clears every condition beside the query. */
export const NO_FILTERS = { outlet: [], section: [], reporter: [], from: "", to: "", similar: "" };

/** Pages that can be reached for a total. */
export function pageCount(total) {
  return Math.min(Math.ceil(total / PAGE_SIZE), LAST_PAGE);
}

const KOREA_OFFSET_MS = 9 * 3_600_000;

/** Presets of the period: name → days and months to go back from today in Korean time. */
const PRESETS = {
  day: { days: 1 },
  week: { days: 7 },
  month: { months: 1 },
  quarter: { months: 3 },
  year: { months: 12 },
};

/** Names of the choices, in the order shown. */
export const PERIODS = ["all", ...Object.keys(PRESETS), "custom"];

/** First day of a preset as `YYYY-MM-DD`; the end is left open. 31 May less a month is 30 April. */
export function presetStart(name, now = Date.now()) {
  const { days = 0, months = 0 } = PRESETS[name];
  // Shifted by +09:00, the UTC fields of the date read as Korean wall time.
  const korea = new Date(now + KOREA_OFFSET_MS);
  const month = korea.getUTCMonth() - months;
  const lastDay = new Date(Date.UTC(korea.getUTCFullYear(), month + 1, 0)).getUTCDate();
  const day = Math.min(korea.getUTCDate(), lastDay) - days;
  return new Date(Date.UTC(korea.getUTCFullYear(), month, day)).toISOString().slice(0, 10);
}

/** Which choice a state's dates amount to today. */
export function periodOf(state) {
  if (!state.from && !state.to) return "all";
  if (!state.to) {
    const preset = Object.keys(PRESETS).find((name) => presetStart(name) === state.from);
    if (preset) return preset;
  }
  return "custom";
}
