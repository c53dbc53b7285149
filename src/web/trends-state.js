// What the comparison shows, as the address of its page holds it.

import { FILTER_FIELDS, LANGUAGE, pageAddress } from "./state.js";

/** Searches that are compared at most. */
export const MOST = 5;
export const UNITS = ["", "day", "week", "month", "year"];
export const VALUES = ["count", "share"];
export const SPLITS = ["", "outlet", "outlet_group"];

/** Reads a query string; what is not understood falls back to its default. */
export function parseTrends(search) {
  const params = new URLSearchParams(search);
  const one = (name, known) => (known.includes(params.get(name)) ? params.get(name) : known[0]);
  const filters = FILTER_FIELDS.map((field) => [field, [...new Set(params.getAll(field).filter(Boolean))]]);
  const queries = params.getAll("q").map((query) => query.trim()).filter(Boolean);
  return {
    queries: queries.slice(0, MOST),
    // Not a part of the address that is made of this.
    dropped: queries.slice(MOST),
    filters: Object.fromEntries(filters),
    from: params.get("from") ?? "",
    to: params.get("to") ?? "",
    by: one("by", UNITS),
    values: one("values", VALUES),
    split: one("split", SPLITS),
  };
}

/** The filters of a state as parameters. */
export function filterParams({ filters, from, to }) {
  const params = new URLSearchParams();
  for (const field of FILTER_FIELDS) {
    for (const value of filters[field]) params.append(field, value);
  }
  if (from) params.set("from", from);
  if (to) params.set("to", to);
  return params;
}

/** The address of a state. */
export function trendsHref(state, language = LANGUAGE) {
  const params = new URLSearchParams(state.queries.map((query) => ["q", query]));
  for (const [name, value] of filterParams(state)) params.append(name, value);
  if (state.by) params.set("by", state.by);
  if (state.values !== VALUES[0]) params.set("values", state.values);
  if (state.split) params.set("split", state.split);
  return pageAddress("trends", params, language);
}

/** Parameters of `GET api/trends` for the searches `queries`. */
export function trendsParams(state, queries) {
  const params = new URLSearchParams(queries.map((query) => ["q", query]));
  for (const [name, value] of filterParams(state)) params.append(name, value);
  if (state.by) params.set("by", state.by);
  return params;
}
