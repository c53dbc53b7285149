// Loads what shows the names and related terms of a list, after its first hits: the first view has 60 KB for everything.

import { byId, callScript } from "./dom.js";

const part = byId("named");

/** Tells it of a list that was shown with an answer. `change(patch)` is called with what the reader chose. */
export async function showNamed(state, answer, change) {
  part.list = { state, articles: answer.articles ?? answer.total, change };
  try {
    await callScript(part, "list");
  } catch (error) {
    // The hits are there, and the next list tries again.
    console.info("no names and related terms", error);
  }
}
