// Saved searches: the requests, and up to where this browser has seen each of them.

import { requestJson } from "./request.js";

const KEY = "gisa.searches";

/** What the server knows a key by that was typed here; kept for as long as the page is open, and only where the cookie does not do. */
let key = "";

const ask = (address, method, body) => requestJson(address, undefined, body, { method, key });
const at = (name, part = "") => `./api/searches/${encodeURIComponent(name)}${part}`;

/** `GET api/searches`: all of them, and up to which sequence something can have come. */
export function savedSearches() {
  return ask("./api/searches");
}

/** `GET api/searches/{name}/hits`: the last `size` hits that came after a sequence, the first first, and how many did in all. */
export function latestHits(name, after, size) {
  return ask(at(name, `/hits?${new URLSearchParams({ after, size, latest: true })}`));
}

/** `PUT api/searches/{name}`. */
export function saveSearch(name, body) {
  return ask(at(name), "PUT", body);
}

/** `DELETE api/searches/{name}`. */
export function removeSearch(name) {
  return ask(at(name), "DELETE");
}

/** `POST api/searches/{name}/test`: what became of a delivery to each place. */
export function tryDeliveries(name) {
  return ask(at(name, "/test"), "POST");
}

/** The address of what comes as a feed, for any program. */
export function feedAddress(name) {
  return new URL(`./searches/${encodeURIComponent(name)}.atom`, location.href).href;
}

/**
 * Signs in with a key, for saved searches. Resolves to the status of the answer, 200 where the key is right.
 *
 * Browsers do not say over plain http that a page of this site asks, without which the cookie changes nothing: there the key itself
 * goes with each request.
 */
export async function signIn(typed) {
  const body = new URLSearchParams({ key: typed, scope: "searches" });
  // The answer leads to another page, which nobody wants to see here.
  const answer = await fetch("./sign-in", { method: "POST", body, redirect: "manual", signal: AbortSignal.timeout(15_000) });
  const right = answer.type === "opaqueredirect" || answer.ok;
  if (right && !isSecureContext) key = typed;
  return right ? 200 : answer.status;
}

/** Up to which sequence each search was seen, for a browser that stores nothing. */
let seen = null;

function readSeen() {
  if (seen) return seen;
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    const pairs = Object.entries(kept ?? {}).filter(([, sequence]) => Number.isSafeInteger(sequence));
    return new Map(pairs);
  } catch {
    // The entry is not ours, or the browser stores nothing.
    return new Map();
  }
}

function writeSeen(map) {
  try {
    localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(map)));
  } catch {
    seen = map;
  }
}

/** Up to which sequence a search was seen in this browser; undefined where it never was. */
export function seenOf(name) {
  return readSeen().get(name);
}

/** Notes up to which sequence a search was seen. */
export function setSeen(name, sequence) {
  writeSeen(readSeen().set(name, sequence));
}

/** Forgets a search that was removed. */
export function forgetSeen(name) {
  const map = readSeen();
  map.delete(name);
  writeSeen(map);
}
