// The browser's history: the state in each address, and how far down the reader was there.

import { href, parse } from "./state.js";

/**
 * Keeps address and state together. `reached(state, {scroll})` is called when the reader goes back or forth.
 */
export function createHistory(reached) {
  history.scrollRestoration = "manual";

  function keepScroll() {
    history.replaceState({ ...history.state, scroll: scrollY }, "");
  }

  let timer = 0;
  addEventListener(
    "scroll",
    () => {
      clearTimeout(timer);
      timer = setTimeout(keepScroll, 300);
    },
    { passive: true },
  );
  addEventListener("pagehide", keepScroll);
  addEventListener("popstate", (event) => reached(parse(location.search), event.state?.scroll ?? 0));

  return {
    /** How far down the reader was when this page was left. */
    scroll: history.state?.scroll ?? 0,
    /** Adds an entry for `next`; `fromList` says that going back leads to the list. */
    push(next, fromList) {
      keepScroll();
      history.pushState({ fromList }, "", href(next));
    },
    /** Replaces the current entry by `next`. */
    replace(next) {
      history.replaceState(history.state, "", href(next));
    },
    /** Goes back to the list if that is where the reader came from. */
    backToList() {
      if (!history.state?.fromList) return false;
      history.back();
      return true;
    },
  };
}
