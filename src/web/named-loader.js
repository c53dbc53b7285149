// Loads what shows the names and related terms of a list, after its first hits: the first view has 60 KB for everything.

import { byId } from "./dom.js";

const part = byId("named");
let loading = null;

/** Tells it of a list that was shown with an answer. `change(patch)` is called with what the reader chose. */
export async function showNamed(state, answer, change) {
  part.list = { state, articles: answer.articles ?? answer.total, change };
  try {
    loading ??= import(part.dataset.script);
    await loading;
    part.dispatchEvent(new Event("list"));
  } catch (error) {
    // The hits are there, and the next list tries again.
    loading = null;
    console.info("no names and related terms", error);
  }
}
