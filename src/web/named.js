// What the texts of a list name: check lists of persons, organisations and places, and related terms. Loaded after the first hits.

import { createCheckList } from "./checks.js";
import { byId, el } from "./dom.js";
import { stateLink } from "./links.js";
import { text } from "./messages.js";
import { words } from "./named-messages.js";
import { isSuperseded, requestJson } from "./request.js";
import { facetParams, mapLink, NAMED_FIELDS, namedParams, withWords } from "./state.js";

/** Related terms that are shown, and those that are asked for: what is chosen already is left out. */
const SHOWN = 24;
/** Sizes of a term, the largest first. */
const SIZES = 4;

const part = byId("named");
const lists = new Map(NAMED_FIELDS.map((field) => [field, createCheckList(field, (patch) => part.list.change(patch))]));
const terms = el("ul", { class: "terms" });
const map = el("a", { class: "link map-link" }, words.map);
const related = el(
  "section",
  { class: "group", hidden: true, "aria-labelledby": "terms-heading" },
  el("h2", { id: "terms-heading" }, words.related),
  el("p", { class: "fine" }, words.about),
  terms,
  map,
);
part.replaceChildren(related, ...[...lists.values()].map((list) => list.element));

let state = null;
let asked = "";
let request = null;
/** The related terms that are shown; `null` while they are asked for. */
let found = null;

async function show() {
  state = part.list.state;
  // The choice is followed at once, the counts when they come.
  for (const list of lists.values()) list.show(state);
  // Another page or order names the same; a number of articles that has changed tells that some came.
  const key = `${facetParams(state, SHOWN)} ${part.list.articles}`;
  if (key === asked) {
    if (found) {
      showTerms();
      part.removeAttribute("aria-busy");
    }
    return;
  }
  asked = key;
  found = null;
  request?.abort();
  request = new AbortController();
  const { signal } = request;
  try {
    const [named, answer] = await Promise.all([
      requestJson(`./api/search?${namedParams(state)}`, signal),
      requestJson(`./api/related-terms?${facetParams(state, SHOWN)}`, signal),
    ]);
    for (const [field, list] of lists) list.show(state, named.facets[field], named.missing[field]);
    found = answer;
    showTerms();
  } catch (error) {
    if (isSuperseded(error)) return;
    asked = "";
    // The list itself says what is wrong; names of another list would mislead.
    for (const list of lists.values()) list.show(state, [], 0);
    related.hidden = true;
    console.info("no names and related terms", error);
  } finally {
    // Unless a later list is asked for.
    if (!signal.aborted) part.removeAttribute("aria-busy");
  }
}

/** The related terms, in the order of their weight, which their size shows too. */
function showTerms() {
  related.hidden = found.terms.length === 0;
  map.href = mapLink(state);
  const most = Math.sqrt(found.terms[0]?.score ?? 1);
  terms.replaceChildren(
    ...found.terms.map((term) => {
      const size = SIZES - Math.min(SIZES - 1, Math.floor((Math.sqrt(term.score) / most) * SIZES));
      const link = stateLink(
        narrowed(term),
        "filter",
        { class: `term size-${size}`, title: words.narrow(term.term) },
        term.term,
        el("span", { class: "sr" }, ` ${words.kinds[term.kind]}, ${text.articles(term.count)}`),
      );
      return el("li", {}, link);
    }),
  );
}

/** The state with a term in addition: a name as its filter, a word in the query. */
function narrowed({ term, kind }) {
  const next = { ...state, page: 1 };
  if (kind === "word") return { ...next, q: withWords(state.q, /\s/u.test(term) ? `"${term}"` : term) };
  return { ...next, [kind]: [term] };
}

part.addEventListener("list", show);
