// The browser's history: the state in each address, how far down the reader was there, and how to get back to the list.

import { hitHolding } from "./results.js";
import { href, parse } from "./state.js";

/**
 * Keeps address and state together. `reached(state, {scroll, opened, within, own})` is called when the reader goes back or forth: how far
 * down they were, which article they opened from there, the hit that it stood under, and whether it is the list of the article that was left.
 */
export function createHistory(reached) {
  history.scrollRestoration = "manual";

  function keep(more) {
    history.replaceState({ ...history.state, scroll: scrollY, ...more }, "");
  }

  /** How deep the entry that is shown lies, and how far above it its list is: when the reader goes, the browser tells of the new one only. */
  let here = history.state;
  let timer = 0;
  addEventListener(
    "scroll",
    () => {
      clearTimeout(timer);
      timer = setTimeout(keep, 300);
    },
    { passive: true },
  );
  addEventListener("pagehide", () => keep());
  addEventListener("popstate", (event) => {
    // A pause that is still running would note the place of the entry that was left in the one that was reached.
    clearTimeout(timer);
    const { scroll = 0, opened = "", within = "", depth = 0 } = event.state ?? {};
    const own = Boolean(here?.stepsToList) && here.depth - depth === here.stepsToList;
    here = event.state;
    reached(parse(location.search), { scroll, opened, within, own });
  });

  return {
    /** How far down the reader was when this page was left. */
    scroll: history.state?.scroll ?? 0,
    /** Adds an entry for `next`, reached from `before`. An article knows how many steps back its list is. */
    push(next, before) {
      clearTimeout(timer);
      keep(before.article ? {} : { opened: next.article, within: hitHolding(next.article) });
      const steps = history.state?.stepsToList ?? 0;
      const stepsToList = !next.article ? 0 : !before.article ? 1 : steps && steps + 1;
      here = { stepsToList, depth: (history.state?.depth ?? 0) + 1 };
      history.pushState(here, "", href(next));
    },
    /** Replaces the current entry by `next`. */
    replace(next) {
      history.replaceState(history.state, "", href(next));
    },
    /** Goes back to the list that the article was opened from, however many articles lie between. */
    backToList() {
      const steps = history.state?.stepsToList ?? 0;
      if (steps === 0) return false;
      history.go(-steps);
      return true;
    },
  };
}
