// Recent queries. They stay in this browser and are sent nowhere.

const KEY = "gisa.recent";
const KEPT = 10;

/** The recent queries, the latest first. */
export function recentQueries() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string" && one).slice(0, KEPT) : [];
  } catch {
    // The entry is not ours, or the browser stores nothing: there are no recent queries.
    return [];
  }
}

function keep(queries) {
  try {
    if (queries.length) localStorage.setItem(KEY, JSON.stringify(queries));
    else localStorage.removeItem(KEY);
  } catch {
    // The browser stores nothing (private mode, full storage): the list is only a convenience.
  }
}

/** Puts a query at the top. */
export function remember(query) {
  const q = query.trim();
  if (q) keep([q, ...recentQueries().filter((one) => one !== q)].slice(0, KEPT));
}

/** Removes one query. */
export function forget(query) {
  keep(recentQueries().filter((one) => one !== query));
}

/** Removes all queries. */
export function forgetAll() {
  keep([]);
}
