// Suggestions under the search box: completions while typing, recent searches in the empty box. The combobox pattern of the
// ARIA Authoring Practices: the focus stays in the box, the keys move through the list.

import { suggest } from "./api.js";
import { byId, el, icon } from "./dom.js";
import { text } from "./messages.js";
import { forget, forgetAll, recentQueries } from "./recent.js";
import { isSuperseded } from "./request.js";

const PAUSE_MS = 80;
const SIZE = 8;

/** Wires the list. `choose(query, kind)` is called with what was chosen: a `completion`, a `correction`, or nothing of what was typed. */
export function createSuggestions(choose) {
  const combo = byId("combo");
  const input = byId("q");
  const popup = byId("popup");
  const list = byId("suggestions");
  const clear = byId("recent-clear");
  const status = byId("suggest-status");
  /** Options in the order shown: `{query, node, kind}`. */
  let options = [];
  let active = -1;
  let timer = 0;
  let request = null;
  // An older server has no suggestions; it is asked only once.
  let available = true;

  const isOpen = () => !popup.hidden;

  function close() {
    clearTimeout(timer);
    request?.abort();
    popup.hidden = true;
    input.setAttribute("aria-expanded", "false");
    activate(-1);
  }

  function open(label, items, recent) {
    options = items.map(({ query, count, correction }, at) => {
      const node = el(
        "li",
        { role: "option", id: `option-${at}`, "aria-selected": "false" },
        icon(recent ? "clock" : "search"),
        correction && el("span", { class: "fine" }, text.suggest.correction),
        el("span", { class: "value" }, query),
        count !== undefined && el("span", { class: "n" }, text.suggest.count(count)),
        recent && forgetMark(query),
      );
      return { query, node, kind: recent ? "" : correction ? "correction" : "completion" };
    });
    active = -1;
    list.setAttribute("aria-label", label);
    list.replaceChildren(...options.map(({ node }) => node));
    clear.hidden = !recent;
    popup.hidden = options.length === 0;
    input.setAttribute("aria-expanded", String(isOpen()));
    input.removeAttribute("aria-activedescendant");
    status.textContent = isOpen() ? text.suggest.available(options.length) : "";
  }

  /** For the mouse; on the keyboard, the Delete key does the same. */
  function forgetMark(query) {
    const mark = el("span", { class: "forget", title: text.suggest.forget(query) }, "×");
    mark.addEventListener("click", (event) => {
      event.stopPropagation();
      forget(query);
      showRecent();
    });
    return mark;
  }

  function activate(at) {
    options[active]?.node.setAttribute("aria-selected", "false");
    active = at;
    const node = options[active]?.node;
    if (!node) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    node.setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", node.id);
    node.scrollIntoView({ block: "nearest" });
  }

  function showRecent() {
    open(text.suggest.recent, recentQueries().map((query) => ({ query })), true);
  }

  async function showCompletions() {
    const q = input.value;
    const own = new AbortController();
    request = own;
    try {
      const answer = await suggest(q.trim(), SIZE, own.signal);
      if (request !== own || document.activeElement !== input) return;
      const { completions = [], correction } = answer;
      // The typed text itself is not suggested, and nothing is suggested twice.
      const others = completions.filter(({ text: query }) => query !== q.trim() && query !== correction);
      const items = others.map(({ text: query, count }) => ({ query, count }));
      if (correction) items.unshift({ query: correction, correction: true });
      open(text.suggest.completions, items, false);
    } catch (error) {
      if (isSuperseded(error)) return;
      if (error.status === 404) available = false;
      // Suggestions are only a help: the search works without them.
      if (request === own) close();
    }
  }

  /** The text in the box has changed, or the box was reached. */
  function refresh() {
    clearTimeout(timer);
    request?.abort();
    if (input.value.trim() === "") showRecent();
    else if (available) timer = setTimeout(showCompletions, PAUSE_MS);
    else close();
  }

  input.addEventListener("input", refresh);
  input.addEventListener("click", () => {
    if (!isOpen()) refresh();
  });
  combo.addEventListener("focusout", (event) => {
    if (!combo.contains(event.relatedTarget)) close();
  });
  // A click in the list must not take the focus out of the box.
  popup.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = options.find(({ node }) => node.contains(event.target));
    if (!option) return;
    close();
    choose(option.query, option.kind);
  });
  clear.addEventListener("click", () => {
    forgetAll();
    close();
    input.focus();
  });

  input.addEventListener("keydown", (event) => {
    // Enter and arrows that end a syllable belong to the input method.
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    if (!isOpen()) {
      if (event.key === "ArrowDown" && (event.altKey || input.value.trim() === "")) {
        refresh();
        if (isOpen()) activate(0);
        if (isOpen() || event.altKey) event.preventDefault();
      }
      return;
    }
    const count = options.length;
    if (event.key === "ArrowDown") activate(active + 1 < count ? active + 1 : -1);
    else if (event.key === "ArrowUp") activate(active < 0 ? count - 1 : active - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && options[active]) {
      const { query, kind } = options[active];
      close();
      choose(query, kind);
    } else if (event.key === "Delete" && options[active] && !clear.hidden) {
      forget(options[active].query);
      showRecent();
    } else return;
    event.preventDefault();
  });

  return { close };
}
