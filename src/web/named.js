// What the texts of a list name: check lists of persons, organisations and places, and related terms. Loaded after the first hits.

import { createCheckList } from "./checks.js";
import { byId, el } from "./dom.js";
import { stateLink } from "./links.js";
import { text } from "./messages.js";
import { words } from "./named-messages.js";
import { isSuperseded, requestJson } from "./request.js";
import { facetParams, mapLink, NAMED_FIELDS, namedParams } from "./state.js";

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

let request = null;

async function show() {
  const { state } = part.list;
  request?.abort();
  request = new AbortController();
  const { signal } = request;
  // The choice is followed at once, the counts when they come.
  for (const list of lists.values()) list.show(state);
  try {
    const [named, found] = await Promise.all([
      requestJson(`./api/search?${namedParams(state)}`, signal),
      requestJson(`./api/related-terms?${facetParams(state, SHOWN)}`, signal),
    ]);
    for (const [field, list] of lists) list.show(state, named.facets[field], named.missing[field]);
    showTerms(state, found);
  } catch (error) {
    if (isSuperseded(error)) return;
    // The list itself says what is wrong; names of another list would mislead.
    for (const list of lists.values()) list.show(state, [], 0);
    related.hidden = true;
    console.info("no names and related terms", error);
  }
}

/** The related terms of an answer, in the order of their weight, which their size shows too. */
function showTerms(state, found) {
  related.hidden = found.terms.length === 0;
  map.href = mapLink(state);
  const most = Math.sqrt(found.terms[0]?.score ?? 1);
  terms.replaceChildren(
    ...found.terms.map((term) => {
      const size = SIZES - Math.min(SIZES - 1, Math.floor((Math.sqrt(term.score) / most) * SIZES));
      const link = stateLink(
        narrowed(state, term),
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
function narrowed(state, { term, kind }) {
  const next = { ...state, page: 1 };
  if (kind === "word") return { ...next, q: `${state.q.trim()} ${/\s/u.test(term) ? `"${term}"` : term}`.trim() };
  return { ...next, [kind]: [term] };
}

part.addEventListener("list", show);
