// Loads what shows the names and related terms of a list when the reader comes near them: most never scroll so far down the filters, and
// the first view has 60 KB for everything. On a tall screen they are near at once: there it waits until the reader does something, or
// until the page has come to rest.

import { byId, callScript } from "./dom.js";

/** How far below the window they are loaded, so that they are there when they come into view. */
const NEAR = "0px 0px 200px 0px";
/** How long the page rests before they are loaded unasked, in milliseconds. */
const REST_MS = 2_000;
/** What tells that a reader is there. */
const SIGNS = ["scroll", "pointerdown", "keydown"];

const part = byId("named");
/** Whether the reader has come near: from then on each list has its names. */
let near = false;
/** Whether the first list is there. */
let begun = false;

const watch = new IntersectionObserver(
  (seen) => {
    if (!seen.some(({ isIntersecting }) => isIntersecting)) return;
    near = true;
    watch.disconnect();
    load();
  },
  { rootMargin: NEAR },
);

/** Tells it of a list that was shown with an answer. `change(patch)` is called with what the reader chose. */
export function showNamed(state, answer, change) {
  part.list = { state, articles: answer.articles ?? answer.total, change };
  if (near) load();
  // Not before the first list: what stands above it has its height only then.
  else if (!begun) {
    begun = true;
    stirred().then(() => watch.observe(part));
  }
}

/** Resolves when the reader does something, or when nothing has happened for a while. */
function stirred() {
  return new Promise((done) => {
    setTimeout(done, REST_MS);
    for (const sign of SIGNS) addEventListener(sign, done, { once: true, passive: true });
  });
}

async function load() {
  // What is below moves when they come.
  part.setAttribute("aria-busy", "true");
  try {
    await callScript(part, "list");
  } catch (error) {
    part.removeAttribute("aria-busy");
    // The hits are there, and the next list tries again.
    console.info("no names and related terms", error);
  }
}
