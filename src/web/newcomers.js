// Whether there are more articles than the list that is open says: an editor on duty keeps a list open for hours.

import { countParams } from "./state.js";
import { requestJson } from "./request.js";
import { byId } from "./dom.js";
import { text } from "./messages.js";

/**
 * Pause between two looks. A look asks for a count alone, which is one search without hits: an `ETag` would tell that some article came
 * and not how many the list misses, and for a key with a filter it would tell of hidden ones.
 */
const PAUSE_MS = 60_000;

/** `renew()` fetches the list again. The returned function follows the answer to a state; `null` where there is no list. */
export function watchNewcomers(renew) {
  const button = byId("newcomers");
  let watched = null;
  let timer = 0;

  button.addEventListener("click", () => {
    button.hidden = true;
    renew();
  });

  async function look() {
    clearTimeout(timer);
    // Nobody looks at a hidden page; it looks again as soon as it is seen.
    if (!watched || document.hidden) return;
    const { state, articles, relaxed } = watched;
    const asked = watched;
    try {
      const answer = await requestJson(`./api/search?${countParams(state)}`);
      if (watched !== asked) return;
      // Where fewer words are enough now, or no longer, the numbers are of different things.
      const more = answer.relaxed === relaxed && !answer.partial ? answer.articles - articles : 0;
      button.hidden = more <= 0;
      button.textContent = text.newcomers(more);
    } catch (error) {
      console.info("not counted", error);
    }
    timer = setTimeout(look, PAUSE_MS);
  }

  document.addEventListener("visibilitychange", look);

  return (state, answer) => {
    clearTimeout(timer);
    button.hidden = true;
    // Of a part, what comes back would be new.
    watched = answer && !answer.partial ? { state, articles: answer.articles ?? answer.total, relaxed: answer.relaxed } : null;
    if (watched) timer = setTimeout(look, PAUSE_MS);
  };
}
