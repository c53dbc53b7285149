// One request for JSON, with a failure that can be told to a reader.

/** How long to wait for an answer, in milliseconds; the server's own deadline is far shorter. */
const TIMEOUT_MS = 15_000;

/** How often a search that was turned away for want of a place is asked again, each time after the pause that the server asks for. */
const TRIES_AGAIN = 3;

/** The longest such pause that a reader waits for without being told, in seconds. */
const LONGEST_PAUSE = 2;

/**
 * A failure that can be shown: the fields of application/problem+json (RFC 9457). Where there was no such answer, `code` is
 * `network`, `timeout` or `bad_answer`. `field` is the part of the request that is wrong, where the answer names one.
 */
export class Problem extends Error {
  constructor({ title = "", detail = "", code, requestId = "", status = 0, field = "" }) {
    super(title || code);
    Object.assign(this, { title, detail, code, requestId, status, field });
  }
}

/** Whether an error only says that a newer request took over. */
export function isSuperseded(error) {
  return error instanceof DOMException && error.name === "AbortError";
}

/** Turns anything that was thrown into a problem. */
export function asProblem(error) {
  if (error instanceof Problem) return error;
  // An answer that does not follow the contract, most likely from a server that is older than the page.
  console.error(error);
  return new Problem({ code: "bad_answer", detail: String(error) });
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
        field: String(body.field ?? ""),
      });
    }
  } catch (error) {
    if (isSuperseded(error)) throw error;
    // Not a problem document but a proxy's own error page: there is only its status to report.
  }
  return new Problem({ code: "bad_answer", detail: `HTTP ${status}`, requestId, status });
}

/** Waits; rejects with the signal's reason once that says to give up. */
function elapsed(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

/** The language of the page that the script is part of. */
const page = document.documentElement.lang;

/** The answer to a request as JSON: GET, or POST with `body` as JSON. `how` may name another method, and a key for `authorization`. */
export async function requestJson(address, signal, body, { method, key } = {}) {
  const controller = new AbortController();
  const giveUp = () => controller.abort(signal.reason);
  if (signal?.aborted) giveUp();
  signal?.addEventListener("abort", giveUp);
  const timer = setTimeout(() => controller.abort(new DOMException("", "TimeoutError")), TIMEOUT_MS);
  try {
    // What goes wrong is told in the language of the page, whatever the browser prefers.
    const headers = { accept: "application/json", ...(page && { "accept-language": page }) };
    const request = { method, headers, signal: controller.signal };
    if (key) headers.authorization = `Bearer ${key}`;
    if (body !== undefined) {
      headers["content-type"] = "application/json";
      request.method ??= "POST";
      request.body = JSON.stringify(body);
    }
    let response = await fetch(address, request);
    for (let tries = 0; !response.ok; tries++) {
      const problem = await problemOf(response);
      const pause = Number(response.headers.get("retry-after"));
      const again = problem.code === "overloaded" && tries < TRIES_AGAIN && pause > 0 && pause <= LONGEST_PAUSE;
      if (!again) throw problem;
      await elapsed(pause * 1000, controller.signal);
      response = await fetch(address, request);
    }
    const requestId = response.headers.get("x-request-id") ?? "";
    try {
      return response.status === 204 ? null : await response.json();
    } catch (error) {
      if (controller.signal.aborted) throw error;
      throw new Problem({ code: "bad_answer", detail: `HTTP ${response.status}`, requestId });
    }
  } catch (error) {
    if (error instanceof Problem || isSuperseded(error)) throw error;
    const late = error instanceof DOMException && error.name === "TimeoutError";
    throw new Problem({ code: late ? "timeout" : "network" });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", giveUp);
  }
}
