// The state of the page, as the address bar holds it: what the reader is looking at. Everything else follows from this.

/** Fields whose check lists come with the answer to a search. */
export const FACET_FIELDS = ["outlet", "outlet_group", "section", "reporter"];

/** Fields of what texts name; their check lists come after the hits. */
export const NAMED_FIELDS = ["person", "organisation", "place"];

/** Fields a hit can be narrowed by; each may be given several times (OR within, AND between). */
export const FILTER_FIELDS = [...FACET_FIELDS, ...NAMED_FIELDS];

/** Hits a page: the default of `/api/search`, and the others that can be chosen. */
export const PAGE_SIZE = 10;
export const PAGE_SIZES = [PAGE_SIZE, 20, 50, 100];

/** `/api/search` pages no further than this hit. */
export const WINDOW = 10_000;

/** Articles that one export holds at most. */
export const LARGEST_EXPORT = 50_000;

/** What a bar of the timeline can stand for. */
export const BAR_UNITS = ["day", "week", "month", "year"];

const SORTS = ["relevance", "newest", "oldest"];
const FRAME = /^(\d{4}-\d{2}-\d{2})?\.\.(\d{4}-\d{2}-\d{2})?$/;

/**
 * @typedef {object} State
 * @property {string} q
 * @property {string[]} outlet
 * @property {string[]} outlet_group groups of outlets
 * @property {string[]} section
 * @property {string[]} reporter
 * @property {string[]} person
 * @property {string[]} organisation
 * @property {string[]} place
 * @property {string} from `YYYY-MM-DD`, empty when open
 * @property {string} to `YYYY-MM-DD`, inclusive, empty when open
 * @property {string} sort empty for the default order
 * @property {boolean} fold whether near-identical articles show as one, as they do unless the address says otherwise
 * @property {string} similar id of the article to which all others are near-identical, empty for all articles
 * @property {number} page from 1
 * @property {number} size hits a page
 * @property {boolean} compact whether the list shows titles only
 * @property {boolean} preview whether articles open beside the list, where there is room
 * @property {string} frame the period that the timeline shows large, as `FROM..TO`, empty for all of the time
 * @property {string} bars what a bar of the timeline stands for, empty for what fits
 * @property {string} article id of the open article, empty for the list
 */

/** Reads a query string. Unknown parameters are ignored; invalid values fall back to their defaults. */
export function parse(search) {
  const params = new URLSearchParams(search);
  const one = (name) => (params.get(name) ?? "").trim();
  const many = (name) => [...new Set(params.getAll(name).filter((value) => value !== ""))];
  const page = Number.parseInt(one("page"), 10);
  const size = PAGE_SIZES.find((choice) => String(choice) === one("size")) ?? PAGE_SIZE;
  return {
    q: params.get("q") ?? "",
    ...Object.fromEntries(FILTER_FIELDS.map((field) => [field, many(field)])),
    from: one("from"),
    to: one("to"),
    sort: SORTS.includes(one("sort")) ? one("sort") : "",
    fold: one("group") !== "none",
    similar: params.get("similar_to") ?? "",
    page: page >= 1 ? Math.min(page, WINDOW / size) : 1,
    size,
    compact: one("view") === "compact",
    preview: one("preview") === "1",
    frame: FRAME.test(one("frame")) ? one("frame") : "",
    bars: BAR_UNITS.includes(one("bars")) ? one("bars") : "",
    article: params.get("article") ?? "",
  };
}

/**
 * The period that the timeline shows large, `{from, to}`; `null` where it shows all of the time. A chosen period outside of it, or
 * none, ends it.
 */
export function frameOf(state) {
  const parts = FRAME.exec(state.frame);
  if (!parts || (!state.from && !state.to)) return null;
  const [, from = "", to = ""] = parts;
  if (!from && !to) return null;
  const inside = (!from || state.from >= from) && (!to || (state.to !== "" && state.to <= to));
  return inside ? { from, to } : null;
}

/** A query with words in addition: before one that ends in an operator, which would join what comes after it. */
export function withWords(query, words) {
  const own = query.trim();
  const joins = /(?:^|[\s()])(?:OR|AND|NOT|[~～]\d+|NEAR\/\d+)$|\|$/u.test(own);
  return (joins ? `${words} ${own}` : `${own} ${words}`).trim();
}

/** Whether there is a query. Without one the newest articles are shown. */
export function hasQuery(state) {
  return state.q.trim() !== "";
}

/** The order that is in force: by relevance with a query, newest first without one. */
export function effectiveSort(state) {
  if (!hasQuery(state) && state.sort !== "oldest") return "newest";
  return state.sort || "relevance";
}

/** The parameters that select articles: query and filters. */
export function chosenParams(state) {
  const params = new URLSearchParams();
  const q = state.q.trim();
  if (q) params.set("q", q);
  for (const field of FILTER_FIELDS) {
    for (const value of state[field]) params.append(field, value);
  }
  if (state.from) params.set("from", state.from);
  if (state.to) params.set("to", state.to);
  if (state.similar) params.set("similar_to", state.similar);
  return params;
}

function sorted(params, state) {
  const sort = effectiveSort(state);
  if (sort !== (hasQuery(state) ? "relevance" : "newest")) params.set("sort", sort);
  return params;
}

/** Whether reprints are shown as one; in a list of reprints each is shown. */
export function folds(state) {
  return state.fold && !state.similar;
}

/** The language that the address asks for. Without one, the browser's counts, and addresses do not name any. */
export const LANGUAGE = new URLSearchParams(location.search).get("lang");

/** Address of a state on this page; the same state always has the same address. */
export function href(state, language = LANGUAGE) {
  const params = sorted(chosenParams(state), state);
  if (!state.fold) params.set("group", "none");
  if (state.page > 1) params.set("page", String(state.page));
  if (state.size !== PAGE_SIZE) params.set("size", String(state.size));
  if (state.compact) params.set("view", "compact");
  if (state.preview) params.set("preview", "1");
  if (frameOf(state)) params.set("frame", state.frame);
  if (state.bars) params.set("bars", state.bars);
  if (state.article) params.set("article", state.article);
  if (language) params.set("lang", language);
  const query = params.toString();
  return query ? `?${query}` : location.pathname;
}

/** Parameters of `GET api/search` for a state. Only parameters of the contract, none of them empty. */
export function searchParams(state) {
  const params = sorted(chosenParams(state), state);
  if (state.page > 1) params.set("page", String(state.page));
  if (state.size !== PAGE_SIZE) params.set("size", String(state.size));
  if (folds(state)) params.set("group", "similar");
  if (state.compact) params.set("snippets", "0");
  params.set("facets", FACET_FIELDS.join(","));
  return params;
}

/** Parameters of `GET api/facets/{field}`: the same query and filters. */
export function facetParams(state, size) {
  const params = chosenParams(state);
  if (folds(state)) params.set("group", "similar");
  params.set("size", String(size));
  return params;
}

/** Parameters of an export: the articles of the list in its order; `folded` says whether reprints are one row, as in the list. */
export function exportParams(state, folded = folds(state)) {
  const params = sorted(chosenParams(state), state);
  if (folded) params.set("group", "similar");
  return params;
}

/** Parameters of `GET api/search` that only count: every article, reprints too. */
export function countParams(state) {
  const params = chosenParams(state);
  params.set("size", "0");
  return params;
}

/** Parameters of `GET feed.atom`: the same articles, the newest first, reprints as one where the list shows them so. */
export function feedParams(state) {
  const params = chosenParams(state);
  if (folds(state)) params.set("group", "similar");
  return params;
}

/** Parameters of `GET api/search` that count what the texts of the list name, and no hits. */
export function namedParams(state) {
  const params = facetParams(state, 0);
  params.set("facets", NAMED_FIELDS.join(","));
  return params;
}

/** The address of a page or a file with parameters, if there are any. */
export function address(path, params) {
  const query = params.toString();
  return query ? `./${path}?${query}` : `./${path}`;
}

/** The address of a page with parameters, in a language. */
export function pageAddress(path, params, language = LANGUAGE) {
  if (language) params.set("lang", language);
  return address(path, params);
}

/** Address of the map of persons and organisations of a list. */
export function mapLink(state, language = LANGUAGE) {
  const params = chosenParams(state);
  if (!folds(state)) params.set("group", "none");
  return pageAddress("map", params, language);
}

/** Address of the page that compares searches, with this one as the first, or of another that takes the same. */
export function trendsLink(state, page = "trends") {
  return pageAddress(page, chosenParams({ ...state, similar: "" }));
}

/** How many filters are active, in addition to the query. */
export function filterCount(state) {
  const values = FILTER_FIELDS.reduce((sum, field) => sum + state[field].length, 0);
  return values + (state.from || state.to ? 1 : 0) + (state.similar ? 1 : 0);
}

/** The part of a state that clears every filter and keeps the query. */
export const NO_FILTERS = {
  ...Object.fromEntries(FILTER_FIELDS.map((field) => [field, []])),
  from: "",
  to: "",
  similar: "",
  frame: "",
};

/** Pages that can be reached for a total. */
export function pageCount(total, size) {
  return Math.min(Math.ceil(total / size), WINDOW / size);
}
