// Loads the advanced search when it is asked for first: few readers need it, and the first view has 60 KB for everything.

import { byId, callScript, el } from "./dom.js";
import { text } from "./messages.js";

const button = byId("advanced-open");
const failed = el("p", { class: "notice", role: "alert" }, text.problems.network[0]);

/**
 * Wires the button. `search(q, period)` is called with the line that the form writes, and with `{from, to}` where the filter holds the
 * period; `current()` is the state that the page shows.
 */
export function createAdvanced(search, current) {
  Object.assign(button, { search, current });
  button.addEventListener("click", async () => {
    try {
      await callScript(button, "open");
      failed.remove();
    } catch (error) {
      byId("notices").prepend(failed);
      console.info("no advanced search", error);
    }
  });
}
