// Conditions beside the query: period, order, check lists with counts, and the chips that name what is in force.

import { facet } from "./api.js";
import { byId, el } from "./dom.js";
import { text } from "./messages.js";
import { stateLink } from "./results.js";
import { effectiveSort, FACET_FIELDS, FILTER_FIELDS, filterCount, hasQuery } from "./state.js";
import { NO_FILTERS, PERIODS, periodOf, presetStart } from "./state.js";

/** Values of a check list before "more". */
const SHORT = 8;
/** Values that "more" asks for. */
const LONG = 200;

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Wires the conditions. `change(patch)` is called with the part of the state that the reader changed.
 * The returned `showState` follows the address, `showFacets` an answer.
 */
export function createFilters(change) {
  const period = createPeriod(change);
  const lists = new Map(FACET_FIELDS.map((field) => [field, createCheckList(field, change)]));
  byId("facets").append(...[...lists.values()].map((list) => list.element));

  const sorts = byId("sort");
  sorts.addEventListener("change", (event) => change({ sort: event.target.value }));

  const fold = byId("fold");
  fold.addEventListener("change", () => change({ fold: fold.checked }));

  const toggle = byId("filter-toggle");
  toggle.addEventListener("click", () => {
    const open = byId("filters").classList.toggle("open");
    toggle.setAttribute("aria-expanded", String(open));
  });

  return {
    showState(state) {
      period.show(state);
      fold.checked = state.fold;
      for (const radio of sorts.querySelectorAll("input")) {
        radio.checked = radio.value === effectiveSort(state);
        // Without a query there is nothing to be relevant to.
        if (radio.value === "relevance") radio.disabled = !hasQuery(state);
      }
      toggle.textContent = text.filters(filterCount(state));
      showChips(state);
    },
    /** Without facets the values stay and only the choice is followed. */
    showFacets(state, facets) {
      for (const [field, list] of lists) list.show(state, facets?.[field]);
    },
  };
}

function showChips(state) {
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
  byId("chips").hidden = chips.length === 0;
  byId("chips").replaceChildren(...chips);
}

function createPeriod(change) {
  const options = byId("period-options");
  const range = byId("range");
  const [from, to] = [byId("range-from"), byId("range-to")];
  const error = byId("range-error");
  // "직접 입력" was chosen but no dates are applied yet.
  let entering = false;

  const radios = PERIODS.map((name) => {
    const radio = el("input", { type: "radio", name: "period", value: name });
    options.append(el("label", {}, radio, el("span", {}, text.period[name])));
    return radio;
  });

  const complain = (message, input) => {
    error.textContent = message;
    error.hidden = message === "";
    for (const each of [from, to]) each.toggleAttribute("aria-invalid", each === input);
    input?.focus();
  };

  options.addEventListener("change", (event) => {
    const name = event.target.value;
    entering = name === "custom";
    range.hidden = !entering;
    complain("");
    if (entering) return;
    change({ from: name === "all" ? "" : presetStart(name), to: "" });
  });

  range.addEventListener("submit", (event) => {
    event.preventDefault();
    // A date typed halfway has an empty value, but is not an open end.
    const halfway = [from, to].find((input) => input.validity.badInput);
    if (halfway) complain(text.rangeInvalid, halfway);
    else if (from.value && to.value && from.value > to.value) complain(text.rangeReversed, from);
    else {
      complain("");
      change({ from: from.value, to: to.value });
    }
  });

  return {
    show(state) {
      const current = periodOf(state);
      const chosen = entering ? "custom" : current;
      for (const radio of radios) radio.checked = radio.value === chosen;
      range.hidden = chosen !== "custom";
      if (range.contains(document.activeElement)) return;
      // While dates are being entered they are the reader's; else they follow the address.
      if (entering && current === "all") return;
      from.value = DAY.test(state.from) ? state.from : "";
      to.value = DAY.test(state.to) ? state.to : "";
    },
  };
}

function createCheckList(field, change) {
  const list = el("ul", { class: "checks" });
  const more = el("button", { type: "button", class: "plain more", "aria-expanded": "false" });
  const other = el("p", { class: "fine", hidden: true });
  const element = el(
    "fieldset",
    { class: "group", hidden: true },
    el("legend", {}, text.facet[field]),
    list,
    other,
    more,
  );
  let expanded = false;
  let shown = { state: null, values: [] };
  let pending = null;

  list.addEventListener("change", () => {
    // In the order of choosing, so that the address grows at its end.
    const checked = new Set([...list.querySelectorAll("input:checked")].map((box) => box.value));
    const before = shown.state[field].filter((value) => checked.has(value));
    change({ [field]: [...new Set([...before, ...checked])] });
  });

  more.addEventListener("click", () => {
    expanded = !expanded;
    draw();
    if (expanded) fetchAll();
  });

  // The search answer carries the most frequent values only; "more" promises all of them.
  async function fetchAll() {
    pending?.abort();
    pending = new AbortController();
    try {
      const answer = await facet(field, shown.state, LONG, pending.signal);
      shown.values = answer.values;
      draw(answer.other);
    } catch {
      // The values of the search answer stay; a failing server shows itself at the next search.
    }
  }

  function draw(rest = 0) {
    const { state, values } = shown;
    const known = new Set(values.map(({ value }) => value));
    const chosen = new Set(state[field]);
    // A chosen value without hits stays in sight, to be unchosen.
    const missing = state[field].filter((value) => !known.has(value)).map((value) => ({ value, count: 0 }));
    const all = [...values, ...missing];
    const visible = all.filter(({ value }, at) => expanded || at < SHORT || chosen.has(value));
    const focused = list.contains(document.activeElement) ? document.activeElement.value : null;
    list.replaceChildren(...visible.map(({ value, count }) => checkItem(value, count, chosen.has(value))));
    if (focused !== null) {
      [...list.querySelectorAll("input")].find((box) => box.value === focused)?.focus({ preventScroll: true });
    }
    element.hidden = all.length === 0;
    more.hidden = all.length <= SHORT;
    more.textContent = expanded ? text.facetLess : text.facetMore;
    more.setAttribute("aria-expanded", String(expanded));
    other.hidden = !expanded || rest <= 0;
    other.textContent = text.facetOther(rest);
  }

  return {
    element,
    show(state, values = shown.values) {
      pending?.abort();
      shown = { state, values };
      draw();
      if (expanded && !more.hidden) fetchAll();
    },
  };
}

function checkItem(value, count, checked) {
  const box = el("input", { type: "checkbox", value });
  box.checked = checked;
  return el(
    "li",
    {},
    el(
      "label",
      { title: value },
      box,
      el("span", { class: "value" }, value),
      el("span", { class: "n", "aria-hidden": "true" }, text.countShort(count)),
      el("span", { class: "sr" }, text.articles(count)),
    ),
  );
}
