// The page /searches: saved searches, what came for each of them since this browser saw it last, and whether it is delivered.

import { byId, el } from "./dom.js";
import { asksForKey, problemBox } from "./problem-box.js";
import { asProblem } from "./request.js";
import { forgetSeen, removeSearch, savedSearches } from "./saved.js";
import { keyPart } from "./saved-key.js";
import { words } from "./saved-messages.js";
import { createRow } from "./saved-row.js";
import "./theme-button.js";

/**
 * Pause between two looks while the page is seen. A look is one request for what the server holds in memory; what came is asked for only
 * where the sequence has grown. An event stream for each search would take all the connections that a browser has for a server.
 */
const PAUSE_MS = 3_000;

const list = byId("list");
const said = byId("said");
/** The rows by the names of their searches, in the order of the page. */
const rows = new Map();
let lastSequence = -1;
let timer = 0;
let looking = false;

async function look() {
  clearTimeout(timer);
  // Nobody looks at a hidden page; it looks again as soon as it is seen.
  if (looking || document.hidden || !byId("sign-in").hidden) return;
  looking = true;
  try {
    const answer = await savedSearches();
    if (lastSequence < 0) welcome();
    const added = showRows(answer.searches);
    await showArrivals(answer.last_sequence, added);
    lastSequence = answer.last_sequence;
    if (said.textContent === words.disconnected) say("");
    byId("problem").replaceChildren();
  } catch (error) {
    const problem = asProblem(error);
    if (denied(problem)) return;
    if (lastSequence < 0) byId("problem").replaceChildren(problemBox(words.failed, problem, look));
    else say(words.disconnected);
  } finally {
    looking = false;
    list.setAttribute("aria-busy", "false");
  }
  timer = setTimeout(look, PAUSE_MS);
}

/** Shows the field for a key where one is asked for. */
function denied(problem) {
  if (!asksForKey(problem)) return false;
  clearTimeout(timer);
  lastSequence = -1;
  rows.clear();
  list.replaceChildren();
  byId("nothing").hidden = true;
  byId("listed").textContent = "";
  const part = keyPart(problem.status === 403, () => {
    welcome();
    // Where the key is not enough, the field has the focus again.
    look().then(() => byId("sign-in").hidden && byId("content").focus());
  });
  byId("sign-in").replaceChildren(part);
  byId("sign-in").hidden = false;
  part.querySelector("input").focus();
  return true;
}

function welcome() {
  byId("sign-in").hidden = true;
  byId("sign-in").replaceChildren();
}

/** Follows the searches that are saved now. Returns the rows of those that were not there before. */
function showRows(searches) {
  const names = new Set(searches.map(({ name }) => name));
  for (const [name, row] of rows) if (!names.has(name)) drop(name, row);
  const added = [];
  for (const search of searches) {
    const known = rows.get(search.name);
    if (known) {
      known.update(search);
      continue;
    }
    const row = createRow(search, { said: say, counted: showCount, remove: askAndRemove, denied });
    rows.set(search.name, row);
    added.push(row);
  }
  // Moved only where something was added: what has the focus would lose it.
  if (added.length > 0) list.append(...searches.map(({ name }) => rows.get(name).element));
  showCount();
  return added;
}

/** Asks what came: for all searches where the sequence has grown, else for those that were added or that failed. */
async function showArrivals(sequence, added) {
  const first = lastSequence < 0;
  const asked = [...rows.values()].filter((row) => sequence !== lastSequence || row.behind || added.includes(row));
  // One after the other: a desk with fifty searches is one reader.
  for (const row of asked) {
    // Removed while others were asked.
    if (rows.get(row.search.name) !== row) continue;
    const arrived = await row.look(sequence);
    if (arrived > 0 && !first && !added.includes(row)) say(words.arrived(row.search.title, arrived));
  }
}

function showCount() {
  const fresh = [...rows.values()].reduce((sum, row) => sum + row.fresh, 0);
  document.title = words.pageTitle(fresh);
  byId("listed").textContent = rows.size > 0 ? words.listed(rows.size, fresh) : "";
  byId("nothing").hidden = rows.size > 0;
}

function say(sentence) {
  said.textContent = sentence;
}

// Removing -----------------------------------------------------------------------------------------------------

const sure = byId("sure");
let removing = null;

function askAndRemove(row) {
  removing = row;
  byId("sure-heading").textContent = words.sure(row.search.title);
  byId("sure-more").textContent = words.sureMore;
  sure.showModal();
  byId("keep").focus();
}

byId("keep").addEventListener("click", () => sure.close());
byId("remove").addEventListener("click", async () => {
  // Another may be chosen before the answer is there.
  const row = removing;
  const { name, title } = row.search;
  sure.close();
  try {
    await removeSearch(name);
  } catch (error) {
    const problem = asProblem(error);
    // Somebody else was faster.
    if (problem.code !== "search_not_found") {
      if (!denied(problem)) say(`${words.notDone} ${problem.title}`);
      return;
    }
  }
  const next = row.element.nextElementSibling ?? row.element.previousElementSibling;
  drop(name, row);
  forgetSeen(name);
  showCount();
  say(words.removed(title));
  (next?.querySelector("h2") ?? byId("content")).focus();
});

function drop(name, row) {
  rows.delete(name);
  row.element.remove();
}

document.addEventListener("visibilitychange", look);
look();
