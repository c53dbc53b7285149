// Light or dark, and whether a list has a preview beside it. Runs before the page is drawn, so that it neither flashes nor moves.

const KEY = "gisa.theme";

function kept() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    // Where the browser stores nothing, its own setting counts.
    return null;
  }
}

const theme = kept();
if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
const asked = new URLSearchParams(location.search);
if (asked.get("preview") === "1" && !asked.get("article")) document.documentElement.classList.add("with-preview");
