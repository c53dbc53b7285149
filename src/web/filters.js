// Everything that narrows or orders a search apart from the query: period, order, folding, check lists.

import { createCheckList } from "./checks.js";
import { showChips } from "./chips.js";
import { byId, el } from "./dom.js";
import { text } from "./messages.js";
import { createPeriod } from "./period.js";
import { effectiveSort, FACET_FIELDS, filterCount, hasQuery } from "./state.js";

/**
 * Wires the filters. `change(patch)` is called with the part of the state that the reader changed.
 * The returned `showState` follows the address, `showFacets` an answer.
 */
export function createFilters(change) {
  const showPeriod = createPeriod(change);
  const lists = new Map(FACET_FIELDS.map((field) => [field, createCheckList(field, change)]));
  const counting = el("p", { class: "fine", hidden: true }, text.foldedFacets);
  byId("facets").before(counting);
  byId("facets").append(...[...lists.values()].map((list) => list.element));

  const sorts = byId("sort");
  sorts.addEventListener("change", (event) => change({ sort: event.target.value }));

  const fold = byId("fold");
  fold.addEventListener("change", () => change({ fold: fold.checked }));

  const toggle = byId("filter-toggle");
  const done = byId("filters-done");
  const turn = () => {
    const open = byId("filters").classList.toggle("open");
    toggle.setAttribute("aria-expanded", String(open));
    done.hidden = !open;
  };
  toggle.addEventListener("click", turn);
  done.addEventListener("click", () => {
    turn();
    byId("results-heading").focus({ preventScroll: true });
    byId("results").scrollIntoView({ block: "start", behavior: "instant" });
  });

  return {
    showState(state) {
      showPeriod(state);
      fold.checked = state.fold;
      fold.disabled = state.similar !== "";
      for (const radio of sorts.querySelectorAll("input")) {
        radio.checked = radio.value === effectiveSort(state);
        // Without a query there is nothing to be relevant to.
        if (radio.value === "relevance") radio.disabled = !hasQuery(state);
      }
      toggle.textContent = text.filters(filterCount(state));
      showChips(state);
    },
    /** How many hits the list has by now: what the button at the end of the open filters leads to. */
    showCount({ total, articles = total }) {
      const folded = articles !== total;
      done.textContent = text.showHits(folded ? text.foldedCount(total) : text.timeline.count(total));
      counting.hidden = !folded;
    },
    /** Without facets the values stay and only the choice is followed. */
    showFacets(state, facets, missing) {
      for (const [field, list] of lists) list.show(state, facets?.[field], missing?.[field]);
    },
  };
}
