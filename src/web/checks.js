// A check list: the values of a field with their counts, several of which may be chosen.

import { facet } from "./api.js";
import { el } from "./dom.js";
import { text } from "./messages.js";
import { withWords } from "./state.js";

/** Values shown before "more" is pressed. */
const SHOWN_AT_FIRST = { outlet: 8, outlet_group: 8, section: 8, reporter: 5, person: 6, organisation: 6, place: 6 };
/** Values that "more" requests. */
const REQUESTED = 200;
/** With more values than this, there is a box to narrow them by typing. */
const NARROWED_ABOVE = 20;

/** The list for `field`. `change(patch)` is called with what was chosen; `show` follows a state and an answer. */
export function createCheckList(field, change) {
  const list = el("ul", { class: "checks" });
  const more = el("button", { type: "button", class: "link more", "aria-expanded": "false" });
  const other = el("p", { class: "fine", hidden: true });
  const none = el("button", { type: "button", class: "link none", hidden: true });
  const ungrouped = el("p", { class: "fine", hidden: true });
  const name = text.facet[field];
  const narrow = el("input", {
    type: "search",
    class: "narrow",
    "aria-label": text.facetNarrow(name),
    placeholder: text.facetNarrow(name),
    autocomplete: "off",
    hidden: true,
  });
  const element = el("fieldset", { class: "group", hidden: true }, el("legend", {}, name), narrow, list, other, more, none, ungrouped);
  let expanded = false;
  let shown = { state: null, values: [], missing: 0, rest: 0 };
  let pending = null;

  list.addEventListener("change", () => {
    // In the order of choosing, so that the address grows at its end.
    const checked = new Set([...list.querySelectorAll("input:checked")].map((box) => box.value));
    const before = shown.state[field].filter((value) => checked.has(value));
    change({ [field]: [...new Set([...before, ...checked])] });
  });

  // Whole groups can be left out, and what has no outlet asked for, in the words of the query language.
  const add = (words) => change({ q: withWords(shown.state.q, words) }, { focus: "results" });
  none.addEventListener("click", () => add("언론사:없음"));
  list.addEventListener("click", (event) => {
    const group = event.target.closest("button")?.dataset.without;
    if (group) add(/\s/u.test(group) ? `-언론사:"@${group}"` : `-언론사:@${group}`);
  });

  narrow.addEventListener("input", () => draw());
  more.addEventListener("click", () => {
    expanded = !expanded;
    narrow.value = "";
    draw();
    if (expanded) fetchAll();
  });

  // The search answer carries the most frequent values only; "more" promises all of them.
  async function fetchAll() {
    pending?.abort();
    pending = new AbortController();
    try {
      const answer = await facet(field, shown.state, REQUESTED, pending.signal);
      shown.values = answer.values;
      shown.rest = answer.other;
      draw(shown.rest);
    } catch {
      // The values of the search answer stay; the next search will report a failing server.
    }
  }

  function draw(rest = 0) {
    const { state, values } = shown;
    const known = new Set(values.map(({ value }) => value));
    const chosen = new Set(state[field]);
    // A chosen value without hits stays in sight, to be unchosen.
    const missing = state[field].filter((value) => !known.has(value)).map((value) => ({ value, count: 0 }));
    const all = [...values, ...missing];
    narrow.hidden = !expanded || all.length <= NARROWED_ABOVE;
    const wanted = narrow.hidden ? "" : narrow.value.trim().toLowerCase();
    const fits = (value, at) => (expanded ? value.toLowerCase().includes(wanted) : at < SHOWN_AT_FIRST[field]);
    const visible = all.filter(({ value }, at) => chosen.has(value) || fits(value, at));
    const focused = list.contains(document.activeElement) ? document.activeElement.value : null;
    list.replaceChildren(...visible.map(({ value, count }) => checkItem(value, count, chosen.has(value), field === "outlet_group")));
    if (focused !== null) {
      [...list.querySelectorAll("input")].find((box) => box.value === focused)?.focus({ preventScroll: true });
    }
    element.hidden = all.length === 0;
    more.hidden = all.length <= SHOWN_AT_FIRST[field];
    more.textContent = expanded ? text.facetLess(name) : text.facetMore(name);
    more.setAttribute("aria-expanded", String(expanded));
    none.hidden = field !== "outlet" || shown.missing === 0;
    none.textContent = text.noOutlet(shown.missing);
    ungrouped.hidden = field !== "outlet_group" || shown.missing === 0;
    ungrouped.textContent = text.ungrouped(shown.missing);
    other.hidden = !expanded || rest <= 0;
    other.textContent = text.facetOther(rest);
  }

  return {
    element,
    /** Without values those that are shown stay, and only the choice is followed. */
    show(state, values, missing = shown.missing) {
      if (!values) {
        shown.state = state;
        draw(shown.rest);
        return;
      }
      pending?.abort();
      shown = { state, values, missing, rest: 0 };
      draw();
      if (expanded && !more.hidden) fetchAll();
    },
  };
}

function checkItem(value, count, checked, leavable) {
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
    leavable &&
      el(
        "button",
        { type: "button", class: "link without", "data-without": value, title: text.leaveOut(value) },
        text.leaveOutShort,
        el("span", { class: "sr" }, ` ${value}`),
      ),
  );
}
