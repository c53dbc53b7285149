// The words of the analysis page: the API's codes as words in the reader's language.

import { words } from "./analyze-messages.js";
import { el } from "./dom.js";

/** The most suggestions that are shown. */
const SUGGESTED = 30;

/** The name of a dictionary tag such as `NNG` or `VV+EP`. */
export function posName(tag) {
  if (!tag) return "";
  const names = tag.split("+").map((one) => words.tags[one] ?? words.tags[one.slice(0, 1)] ?? one);
  return [...new Set(names)].join("+");
}

/** Whether a text has a hangul syllable: digits and Latin letters need no dictionary. */
export function isHangul(value) {
  return /[가-힣]/u.test(value);
}

/** The reason for a token, in words. */
export function whyLabel({ why, text: term }) {
  if (why === "unknown" && !isHangul(term)) return words.byCharacters;
  return words.why[why] ?? why;
}

/** What is looked for beside a word, with the line of the lexicon or the rule that says so. */
export function alsoLabel({ text: other, why, from }) {
  return `${other} (${from ?? words.alsoWhy[why] ?? why})`;
}

/** A form of a clause, such as `literal: bigram `중소`@0, …`, in words; unchanged if it is of an unknown kind. */
export function formLabel(form) {
  const [, origin, rest] = /^(\w+): (.*)$/su.exec(form) ?? [];
  const slots = [...(rest ?? "").matchAll(/((?:\w+ `[^`]*`(?: or )?)+)@(\d+)/gu)].map(([, probes, offset]) => ({
    offset: Number(offset),
    probes: [...probes.matchAll(/(\w+) `([^`]*)`/gu)].map(([, lane, term]) => ({ lane, term })),
  }));
  if (!words.origins[origin] || slots.length === 0) return form;
  const exact = slots.every(({ probes }) => probes.length === 1 && probes[0].lane === "bigram");
  const said = exact
    ? words.exactly(joinPairs(slots))
    : slots.map(({ probes }) => [...new Set(probes.map(probeLabel))].join(words.or)).join(" + ");
  return `${words.origins[origin]}: ${said}`;
}

function probeLabel({ lane, term }) {
  if (term.startsWith("#")) return words.amount(term.slice(1));
  return words.probes[lane]?.(term) ?? `${lane} ${term}`;
}

/** `중소`@0, `소벤`@1 → 중소벤; a pair with a gap keeps it as a space. */
function joinPairs(slots) {
  const characters = new Map();
  for (const { offset, probes } of slots) {
    const [first, ...rest] = probes[0].term;
    characters.set(offset, first + (rest.length > 1 ? " " : ""));
    if (!characters.has(offset + 1)) characters.set(offset + 1, rest.at(-1) ?? "");
  }
  return [...characters].sort(([a], [b]) => a - b).map(([, character]) => character).join("");
}

/**
 * Words of an analysed text that the dictionary seems to lack, each once, without particles: unknown pieces together with the
 * noun they are written as part of, and nouns that the dictionary splits into single syllables.
 */
export function suggestions({ text: value, morphemes, tokens }) {
  const runs = tokens.filter((token) => token.why === "run");
  const places = morphemes
    .filter(({ start, end, why }) => why === "unknown" && isHangul(value.slice(start, end)))
    .map(({ start, end }) => runs.find((run) => run.start <= start && end <= run.end) ?? { start, end });
  const inSyllables = runs.filter((run) => {
    const parts = morphemes.filter(({ start, end }) => run.start <= start && end <= run.end);
    return parts.length > 1 && parts.every(({ text: part }) => [...part].length === 1 && isHangul(part));
  });
  const found = new Map();
  for (const { start, end } of [...places, ...inSyllables].sort((a, b) => a.start - b.start)) {
    const word = value.slice(start, end).replace(/[\s,"'·]/gu, "");
    if ([...word].length > 1 && !found.has(word)) found.set(word, wordAround(value, start, end));
  }
  return [...found].slice(0, SUGGESTED).map(([word, around]) => ({ word, around }));
}

/** The letters and digits around a place, up to the next space or symbol. */
function wordAround(value, start, end) {
  const before = /[\p{L}\p{N}%]*$/u.exec(value.slice(0, start))[0];
  const after = /^[\p{L}\p{N}%]*/u.exec(value.slice(end))[0];
  return before + value.slice(start, end) + after;
}

/** The line of words.txt for a word, or why the word cannot be added. */
export function line(word, kind) {
  if (!word) return [words.lineEmpty];
  if (/[\s,"]/u.test(word)) return [words.lineSpace];
  if ([...word].length < 2) return [words.lineShort];
  return [words.lineIs, " ", el("code", {}, `${word}  ${kind}`)];
}
