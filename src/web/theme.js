// Light or dark. Runs before the page is drawn, so that it never flashes.

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
