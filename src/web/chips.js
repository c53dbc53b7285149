// The active filters, each with a button that removes it.

import { byId, el } from "./dom.js";
import { stateLink } from "./links.js";
import { text } from "./messages.js";
import { FILTER_FIELDS, NO_FILTERS } from "./state.js";

const list = byId("chips");

/** The active filters in words. */
export function filterLabels(state) {
  const labels = FILTER_FIELDS.flatMap((field) => state[field].map((value) => `${text.facet[field]}: ${value}`));
  if (state.from || state.to) labels.push(text.periodChip(state.from, state.to));
  if (state.similar) labels.push(text.similarChip);
  return labels;
}

/** Follows a state. */
export function showChips(state) {
  const chip = (label, without) =>
    el(
      "li",
      {},
      stateLink(
        { ...state, ...without, page: 1 },
        "filter",
        { class: "chip", "aria-label": text.removeFilter(label) },
        el("span", {}, label),
        el("span", { class: "x", "aria-hidden": "true" }, "×"),
      ),
    );
  const chips = FILTER_FIELDS.flatMap((field) =>
    state[field].map((value) =>
      chip(`${text.facet[field]}: ${value}`, { [field]: state[field].filter((other) => other !== value) }),
    ),
  );
  if (state.from || state.to) chips.push(chip(text.periodChip(state.from, state.to), { from: "", to: "" }));
  if (state.similar) chips.push(chip(text.similarChip, { similar: "" }));
  if (chips.length > 1) {
    const all = stateLink({ ...state, ...NO_FILTERS, page: 1 }, "filter", { class: "chip all" }, text.clearFilters);
    chips.push(el("li", {}, all));
  }
  list.hidden = chips.length === 0;
  list.replaceChildren(...chips);
}
