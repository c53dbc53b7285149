// Words that are selected in an article, searched on.

import { el } from "./dom.js";
import { text } from "./messages.js";

/** A longer selection is a passage, not a query. */
const LONGEST = 100;

/** A button that appears while words of `body` are selected; `search(q)` is called with them. */
export function chosenWordsButton(body, signal, search) {
  const button = el("button", { type: "button", class: "plain chosen-words", hidden: true });
  const selected = () => {
    const selection = getSelection();
    const inside = selection?.rangeCount && !selection.isCollapsed && body().contains(selection.getRangeAt(0).commonAncestorContainer);
    const words = inside ? selection.toString().replace(/\s+/gu, " ").trim() : "";
    return words.length <= LONGEST ? words : "";
  };
  const follow = () => {
    const words = selected();
    // A click on the button takes the selection away in some browsers: what was offered stays until then.
    if (!words && document.activeElement === button) return;
    button.hidden = !words;
    if (!words) return;
    const shown = words.length > 20 ? `${words.slice(0, 19)}…` : words;
    button.textContent = text.searchWords(shown);
    button.dataset.words = words;
  };
  document.addEventListener("selectionchange", follow, { signal });
  // Pressing the button must not move the selection.
  button.addEventListener("pointerdown", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    const words = button.dataset.words.replaceAll(/["“”]/gu, " ").trim();
    search(words.includes(" ") ? `"${words}"` : words);
  });
  return button;
}
