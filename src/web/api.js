// The HTTP interface. Addresses are relative, so that the page works behind a proxy under any path.

import { text } from "./messages.js";
import { facetParams, searchParams } from "./state.js";

/** An answer later than this is given up; the server's own deadline is far shorter. */
const PATIENCE_MS = 15_000;

/** A failure that can be shown: the fields of application/problem+json (RFC 9457), or our own words. */
export class Problem extends Error {
  constructor({ title, detail = "", code = "", requestId = "", status = 0 }) {
    super(title);
    Object.assign(this, { title, detail, code, requestId, status });
  }
}

/** Whether an error only says that a newer request took over. */
export function isSuperseded(error) {
  return error instanceof DOMException && error.name === "AbortError";
}

async function problemOf(response) {
  const requestId = response.headers.get("x-request-id") ?? "";
  const { status } = response;
  try {
    const body = await response.json();
    if (typeof body.title === "string") {
      return new Problem({
        title: body.title,
        detail: String(body.detail ?? ""),
        code: String(body.code ?? ""),
        requestId: String(body.request_id ?? requestId),
        status,
      });
    }
  } catch (error) {
    if (isSuperseded(error)) throw error;
    // A proxy's own error page, not a problem document: its status is all there is to say.
  }
  return new Problem({ title: text.badAnswer, detail: text.httpStatus(status), requestId, status });
}

/** The answer to a request as JSON: GET, or POST with `body` as JSON. */
async function requestJson(address, signal, body) {
  const patience = new AbortController();
  const giveUp = () => patience.abort(signal.reason);
  if (signal.aborted) giveUp();
  signal.addEventListener("abort", giveUp);
  const timer = setTimeout(() => patience.abort(new DOMException("", "TimeoutError")), PATIENCE_MS);
  try {
    const response = await fetch(address, {
      ...(body === undefined
        ? { headers: { accept: "application/json" } }
        : {
            method: "POST",
            headers: { accept: "application/json", "content-type": "application/json" },
            body: JSON.stringify(body),
          }),
      signal: patience.signal,
    });
    if (!response.ok) throw await problemOf(response);
    const requestId = response.headers.get("x-request-id") ?? "";
    try {
      return await response.json();
    } catch (error) {
      if (patience.signal.aborted) throw error;
      throw new Problem({ title: text.badAnswer, detail: text.httpStatus(response.status), requestId });
    }
  } catch (error) {
    if (error instanceof Problem || isSuperseded(error)) throw error;
    if (error instanceof DOMException && error.name === "TimeoutError") {
      throw new Problem({ title: text.timeout, detail: text.timeoutDetail });
    }
    throw new Problem({ title: text.network, detail: text.networkDetail });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", giveUp);
  }
}

/** `GET api/search`: a page of hits with marks, the exact total and the facets. */
export function search(state, signal) {
  return requestJson(`./api/search?${searchParams(state)}`, signal);
}

/** `GET api/facets/{field}`: up to `size` values of a field for the same query and filters. */
export function facet(field, state, size, signal) {
  return requestJson(`./api/facets/${field}?${facetParams(state, size)}`, signal);
}

/** `GET api/articles/{id}`: the stored article. */
export function article(id, signal) {
  return requestJson(`./api/articles/${encodeURIComponent(id)}`, signal);
}

/** `GET api/highlight`: the whole title and body with the marks of a query. */
export function highlight(q, id, signal) {
  return requestJson(`./api/highlight?${new URLSearchParams({ q, id })}`, signal);
}

/** How a query is read and how many articles hold each part: `GET api/search` without hits. */
export function explain(q, signal) {
  return requestJson(`./api/search?${new URLSearchParams({ q, size: "0", explain: "true" })}`, signal);
}

/** `POST api/analyze`: the tokens of a text, as in the index that serves, or as the lexicon loaded last cuts it. */
export function analyze(value, loaded, signal) {
  return requestJson("./api/analyze", signal, { text: value, lexicon: loaded ? "loaded" : "serving" });
}

/** `POST api/highlight`: the marks of a query in any text, and whether it is found. */
export function highlightText(q, value, signal) {
  return requestJson("./api/highlight", signal, { q, text: value });
}

/** `GET version`: what runs, and whether its index is out of date. */
export function version(signal) {
  return requestJson("./version", signal);
}
