// A check list: the values of a field with their counts, several of which may be chosen.

import { facet } from "./api.js";
import { el } from "./dom.js";
import { text } from "./messages.js";

/** Values before "more", in a field of few and one of many. */
const SHORT = { outlet: 8, section: 8, reporter: 5 };
/** Values that "more" asks for. */
const LONG = 200;
/** More values than this can be narrowed by typing. */
const MANY = 20;

/** The list for `field`. `change(patch)` is called with what was chosen; `show` follows a state and an answer. */
export function createCheckList(field, change) {
  const list = el("ul", { class: "checks" });
  const more = el("button", { type: "button", class: "link more", "aria-expanded": "false" });
  const other = el("p", { class: "fine", hidden: true });
  const name = text.facet[field];
  const narrow = el("input", {
    type: "search",
    class: "narrow",
    "aria-label": text.facetNarrow(name),
    placeholder: text.facetNarrow(name),
    autocomplete: "off",
    hidden: true,
  });
  const element = el("fieldset", { class: "group", hidden: true }, el("legend", {}, name), narrow, list, other, more);
  let expanded = false;
  let shown = { state: null, values: [] };
  let pending = null;

  list.addEventListener("change", () => {
    // In the order of choosing, so that the address grows at its end.
    const checked = new Set([...list.querySelectorAll("input:checked")].map((box) => box.value));
    const before = shown.state[field].filter((value) => checked.has(value));
    change({ [field]: [...new Set([...before, ...checked])] });
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
    narrow.hidden = !expanded || all.length <= MANY;
    const wanted = narrow.hidden ? "" : narrow.value.trim().toLowerCase();
    const fits = (value, at) => (expanded ? value.toLowerCase().includes(wanted) : at < SHORT[field]);
    const visible = all.filter(({ value }, at) => chosen.has(value) || fits(value, at));
    const focused = list.contains(document.activeElement) ? document.activeElement.value : null;
    list.replaceChildren(...visible.map(({ value, count }) => checkItem(value, count, chosen.has(value))));
    if (focused !== null) {
      [...list.querySelectorAll("input")].find((box) => box.value === focused)?.focus({ preventScroll: true });
    }
    element.hidden = all.length === 0;
    more.hidden = all.length <= SHORT[field];
    more.textContent = expanded ? text.facetLess(name) : text.facetMore(name);
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
