// The requests of the pages. All addresses are relative, so that they work behind a proxy under any path.

import { requestJson } from "./request.js";
import { countParams, facetParams, NO_FILTERS, searchParams } from "./state.js";

/** `GET api/search`: a page of hits with marks, the exact total and the facets. */
export function search(state, signal) {
  return requestJson(`./api/search?${searchParams(state)}`, signal);
}

/** How many articles there are for the query of a state without its filters: `GET api/search` without hits. */
export function countWithoutFilters(state, signal) {
  return requestJson(`./api/search?${countParams({ ...state, ...NO_FILTERS })}`, signal);
}

/** `GET api/lookup`: the articles that an id or an address names. */
export function lookup(q, signal) {
  return requestJson(`./api/lookup?${new URLSearchParams({ q })}`, signal);
}

/** `GET api/search?similar_to=`: an article and those near-identical to it, in the order of publication, without marks. */
export function similarTo(id, signal) {
  const params = new URLSearchParams({ similar_to: id, sort: "oldest", size: "100", highlight: "false", snippets: "0" });
  return requestJson(`./api/search?${params}`, signal);
}

/** `GET api/facets/{field}`: up to `size` values of a field for the same query and filters. */
export function facet(field, state, size, signal) {
  return requestJson(`./api/facets/${field}?${facetParams(state, size)}`, signal);
}

/** `GET api/articles/{id}`: the stored article. */
export function article(id, signal) {
  return requestJson(`./api/articles/${encodeURIComponent(id)}`, signal);
}

/** `GET api/articles/{id}/versions`: the present text of an article and its earlier ones, the newest first. */
export function versions(id, signal) {
  return requestJson(`./api/articles/${encodeURIComponent(id)}/versions`, signal);
}

/** `GET api/articles/{id}/compare`: what differs between an article and another text, `with` an article or a `version`. */
export function compare(id, asked, signal) {
  return requestJson(`./api/articles/${encodeURIComponent(id)}/compare?${new URLSearchParams(asked)}`, signal);
}

/** `GET api/articles/{id}/related`: hits on the same subject. */
export function related(id, size, signal) {
  return requestJson(`./api/articles/${encodeURIComponent(id)}/related?size=${size}`, signal);
}

/** `GET api/highlight`: the whole title and body with the marks of a query. */
export function highlight(q, id, signal) {
  return requestJson(`./api/highlight?${new URLSearchParams({ q, id })}`, signal);
}

/** `GET api/suggest`: completions of what is typed. */
export function suggest(q, size, signal) {
  return requestJson(`./api/suggest?${new URLSearchParams({ q, size: String(size) })}`, signal);
}

/** How a query is read and how many articles contain each part: `GET api/search` without hits. */
export function explain(q, signal) {
  return requestJson(`./api/search?${new URLSearchParams({ q, size: "0", explain: "true" })}`, signal);
}

/** `POST api/analyze`: the tokens of a text, as in the index that serves, or segmented with the most recently loaded lexicon. */
export function analyze(value, loaded, signal) {
  return requestJson("./api/analyze", signal, { text: value, lexicon: loaded ? "loaded" : "serving" });
}

/** `POST api/highlight`: the marks of a query in any text, and whether it is found. */
export function highlightText(q, value, signal) {
  return requestJson("./api/highlight", signal, { q, text: value });
}

/** `GET version`: the running version, and whether its index is out of date. */
export function version(signal) {
  return requestJson("./version", signal);
}
