// Keys of the whole page: `/` goes to the box, Esc closes or clears, arrows move through the hits.

import { byId, isPlainKey } from "./dom.js";
import { titleLinks } from "./results.js";

const input = byId("q");

// A panel that hangs over the page closes at Esc, and at a click elsewhere.
const openPanels = () => [...document.querySelectorAll("details.panel[open]")];
document.addEventListener("pointerdown", (event) => {
  for (const panel of openPanels()) panel.open = panel.contains(event.target);
});
document.addEventListener(
  "keydown",
  (event) => {
    const [panel] = event.key === "Escape" && isPlainKey(event) ? openPanels() : [];
    if (!panel) return;
    event.preventDefault();
    event.stopPropagation();
    panel.open = false;
    panel.querySelector("summary").focus();
  },
  true,
);

/** `isReading()`: whether an article is open; `leave()` closes it; `empty()` clears the box and searches. */
export function watchKeys({ isReading, leave, empty }) {
  document.addEventListener("keydown", (event) => {
    if (!isPlainKey(event)) return;
    if (event.key === "/" && !isTyping(event.target)) {
      event.preventDefault();
      input.focus();
      input.select();
    } else if (event.key === "Escape" && isReading()) {
      event.preventDefault();
      leave();
    } else if (event.key === "Escape" && event.target === input && input.value !== "") {
      event.preventDefault();
      empty();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !isReading()) {
      walk(event);
    }
  });
}

function isTyping(target) {
  return target.matches("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])");
}

/** Up and down move from the box through the titles and back. */
function walk(event) {
  const links = titleLinks();
  const at = links.indexOf(document.activeElement);
  if (at < 0 && event.target !== input) return;
  const target = event.key === "ArrowDown" ? links[at + 1] : at > 0 ? links[at - 1] : at === 0 ? input : null;
  if (!target) return;
  event.preventDefault();
  target.focus();
  target.scrollIntoView({ block: "nearest" });
}
