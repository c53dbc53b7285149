// The foot of the page: the running version, and whether a reindex is due.

import { version } from "./api.js";
import { byId } from "./dom.js";
import { text } from "./messages.js";

/** Fills the foot, and returns what the server says of itself. Without an answer it stays empty: nothing else depends on it. */
export async function showFoot() {
  try {
    const served = await version();
    const { version: number, index } = served;
    byId("served").textContent = text.foot(number, index?.articles);
    byId("stale").hidden = !index?.out_of_date;
    return served;
  } catch (error) {
    console.info("no version", error);
    return null;
  }
}
