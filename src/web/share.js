// Ways to take a search along: as a spreadsheet, as a feed, as a link.

import { byId } from "./dom.js";
import { text } from "./messages.js";
import { exportParams, feedParams, hasQuery } from "./state.js";

const csv = byId("csv");
const atom = byId("atom");
const copy = byId("copy");
const said = byId("copied");
const discovered = document.querySelector("link[rel=alternate]");

function address(path, params) {
  const query = params.toString();
  return query ? `./${path}?${query}` : `./${path}`;
}

/** Follows a state. Feed readers find the feed of the search that is shown. */
export function showShare(state) {
  csv.href = address("export.csv", exportParams(state));
  atom.href = address("feed.atom", feedParams(state));
  discovered.href = atom.href;
  discovered.title = hasQuery(state) ? text.pageTitle(state.q.trim()) : text.siteTitle;
  said.textContent = "";
}

copy.addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(location.href);
    said.textContent = text.share.copied;
  } catch {
    // Browsers offer no clipboard without HTTPS.
    said.textContent = text.share.notCopied;
  }
});
