// The button that cycles through the themes: as the system, light, dark.

import { byId } from "./dom.js";
import { text } from "./messages.js";

const KEY = "gisa.theme";
const ROUND = ["auto", "light", "dark"];

const button = byId("theme");
const root = document.documentElement;

function show() {
  const label = text.theme[root.dataset.theme ?? "auto"];
  button.title = label;
  button.querySelector(".sr").textContent = label;
}

button.addEventListener("click", () => {
  const next = ROUND[(ROUND.indexOf(root.dataset.theme ?? "auto") + 1) % ROUND.length];
  if (next === "auto") delete root.dataset.theme;
  else root.dataset.theme = next;
  try {
    if (next === "auto") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, next);
  } catch {
    // Nothing is stored: the choice holds for this page only.
  }
  show();
});
show();
