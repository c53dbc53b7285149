// Light or dark. Runs before the page is drawn, so that it never flashes.

const KEY = "gisa.theme";

function kept() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    // A browser that keeps nothing follows its own setting.
    return null;
  }
}

const theme = kept();
if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
