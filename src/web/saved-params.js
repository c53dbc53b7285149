// What a saved search takes of the search that is shown, and what it says in words.

import { text } from "./messages.js";
import { words } from "./saved-messages.js";
import { chosenParams, FILTER_FIELDS, pageAddress } from "./state.js";

/** Parameters that choose articles; a search that was saved elsewhere may have others. */
const CHOOSING = ["q", ...FILTER_FIELDS, "from", "to", "similar_to"];
/** A date in a query that is not a number: `날짜:지난주`, `date:"최근 7일"`. */
const SPOKEN_DATE = /(?:날짜|date):(?:"[^"]*"|\S+)/giu;
/** The longest name and title of a saved search, in characters. */
export const LONGEST_NAME = 64;
export const LONGEST_TITLE = 200;

/** The parameters of a state that are saved: what chooses articles, with the period or without. Not the order, nor how hits are shown. */
export function savable(state, withPeriod) {
  const params = chosenParams(withPeriod ? state : { ...state, from: "", to: "" });
  const saved = {};
  for (const name of params.keys()) saved[name] = FILTER_FIELDS.includes(name) ? params.getAll(name) : params.get(name);
  return saved;
}

/** The parameters of a saved search as those of an address. */
function asAddress(params) {
  const pairs = Object.entries(params).flatMap(([name, value]) => [value].flat().map((each) => [name, String(each)]));
  return new URLSearchParams(pairs);
}

/** The address of the search page for a saved search, with more parameters. */
export function searchAddress(params, more = {}) {
  const asked = new URLSearchParams([...asAddress(params)].filter(([name]) => CHOOSING.includes(name)));
  for (const [name, value] of Object.entries(more)) asked.set(name, value);
  return pageAddress("", asked);
}

/** A saved search in words: its query, empty for all articles, and its conditions. */
export function inWords(params) {
  const asked = asAddress(params);
  const fields = FILTER_FIELDS.filter((field) => asked.has(field)).map((field) => `${text.facet[field]}: ${asked.getAll(field).join(", ")}`);
  const [from, to] = [asked.get("from"), asked.get("to")];
  const conditions = [
    ...fields,
    (from || to) && words.period(from, to),
    asked.has("similar_to") && text.similarChip,
    ...[...asked].filter(([name]) => !CHOOSING.includes(name)).map(([name, value]) => `${name}: ${value}`),
  ];
  return { query: (asked.get("q") ?? "").trim(), conditions: conditions.filter(Boolean) };
}

/** Dates in a query that mean other days from day to day. */
export function spokenDates(query) {
  return (query.match(SPOKEN_DATE) ?? []).filter((date) => !/:"?[\d.\-/~]+"?$/u.test(date) && !/:"?(?:없음|none)"?$/iu.test(date));
}

/** A title for a search: its words, and the values it is narrowed to. */
export function proposedTitle(params) {
  const values = FILTER_FIELDS.flatMap((field) => params[field] ?? []);
  const title = [params.q, ...values].filter(Boolean).join(" · ") || words.allArticles;
  return [...title].slice(0, LONGEST_TITLE).join("");
}

/** A name for a title, which no other search has: letters, digits and `-` of it. */
export function proposedName(title, taken) {
  const letters = title.normalize("NFC").replace(/[^A-Za-z0-9_가-힣]+/gu, "-").replace(/^-+|-+$/gu, "");
  const base = letters.slice(0, 40).replace(/-+$/u, "") || "search";
  let name = base;
  for (let number = 2; taken.has(name); number++) name = `${base}-${number}`;
  return name;
}
