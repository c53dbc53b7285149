// Tells the server which of the queries that it was asked while somebody typed were meant, where it keeps what is asked and says so on
// /help: those confirmed with Enter, those of which a hit was opened, and those that stayed for five seconds. Nothing is sent elsewhere.

/** How long an answer stands before its query counts as meant, in milliseconds. */
const REST_MS = 5_000;

/** Whether the server keeps what is asked; unknown until it says so. */
let keeps = false;
let timer = 0;
/** The query that was told last: it counts once, in however many ways it was meant. */
let told = "";
/** An offer that was taken and has not been told: `{kind, typed, chosen}`. */
let offer = null;

/** The server's answer: whether it keeps what is asked. */
export function keepsQueries(answer) {
  keeps = answer === true;
}

/** An answer to the query is shown: it counts if it stays. */
export function rests(q) {
  clearTimeout(timer);
  if (q.trim() !== told) told = "";
  timer = setTimeout(() => {
    if (!document.hidden) meant(q);
  }, REST_MS);
}

/** What is offered instead of `typed` was taken: a `correction` or a `completion`. */
export function took(kind, typed, chosen) {
  if (typed.trim()) offer = { kind, typed: typed.trim(), chosen: chosen.trim() };
}

/** The query was meant. */
export function meant(text) {
  const q = text.trim();
  clearTimeout(timer);
  if (!keeps || !q || q === told) return;
  told = q;
  const taken = offer?.chosen === q ? { kind: offer.kind, typed: offer.typed } : null;
  offer = null;
  // It may be on the way to another page. Whether it arrives changes nothing for the reader.
  fetch("./api/asked", {
    method: "POST",
    keepalive: true,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(taken ? { q, taken } : { q }),
  }).catch(() => {});
}
