// Queries searched for lately. They stay in this browser and go nowhere.

const KEY = "gisa.recent";
const KEPT = 10;

/** The latest first. */
export function recentQueries() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string" && one).slice(0, KEPT) : [];
  } catch {
    // Not ours, or a browser that keeps nothing: there are none.
    return [];
  }
}

function keep(queries) {
  try {
    if (queries.length) localStorage.setItem(KEY, JSON.stringify(queries));
    else localStorage.removeItem(KEY);
  } catch {
    // The browser keeps nothing (private mode, full): the list is a convenience only.
  }
}

/** Puts a query at the top. */
export function remember(query) {
  const q = query.trim();
  if (q) keep([q, ...recentQueries().filter((one) => one !== q)].slice(0, KEPT));
}

/** Takes one query out. */
export function forget(query) {
  keep(recentQueries().filter((one) => one !== query));
}

/** Takes all out. */
export function forgetAll() {
  keep([]);
}
