// A query line as the fields of the advanced search, and back. What the fields cannot say stays as it was written.

/** The fields that hold a list of values. */
const LISTS = ["all", "any", "exact", "without", "title", "outlet", "notOutlet", "reporter"];
/** The fields that hold one value each. */
const SINGLE = ["near", "nearTo", "within", "from", "to"];
/** The fields of the form, in its order. */
export const PART_NAMES = ["all", "any", "exact", "near", "nearTo", "within", "without", "title", "reporter", "outlet", "notOutlet", "from", "to"];

const FIELDS = {
  제목: "title",
  title: "title",
  언론사: "outlet",
  outlet: "outlet",
  기자: "reporter",
  reporter: "reporter",
  날짜: "date",
  date: "date",
};
/** The names of fields as they are written unless others are given. */
const NAMES = { title: "제목", outlet: "언론사", reporter: "기자", date: "날짜" };
// A piece of a query: an optional minus, an optional field, then a phrase, a group or a word; and the space after it. The fields
// that the form does not have, 본문, 섹션, 인물, 장소 and 기관, are read too, to be kept whole.
const PIECE =
  /^(-?)((?:제목|title|언론사|outlet|기자|reporter|날짜|date|본문|body|섹션|section|인물|person|장소|place|기관|organisation):)?(?:["“]([^"“”]*)["”]|(\([^()]*\))|([^\s"“”()]+))(?:\s+|$)/u;
/** What joins the pieces before and after it. */
const OPERATOR = /^(?:OR|AND|\||(?:[~～]|NEAR\/)(\d{1,3}))$/u;
/** Quotation marks that the pieces do not know. */
const OTHER_QUOTES = /(?:^|[\s(:-])[‘'«]/u;
const DAY = "(\\d{4}-\\d{2}-\\d{2})?";
const DATES = new RegExp(`^${DAY}\\.\\.${DAY}$`);

/** Parts that say nothing. `rest` is what stays as it was written. */
export function emptyParts() {
  return {
    ...Object.fromEntries([...LISTS.map((name) => [name, []]), ...SINGLE.map((name) => [name, ""])]),
    rest: [],
  };
}

/** The alternatives of `A OR B` or `A | B`, in brackets or not, each with what `mark` matches before it; `null` if it is anything else. */
function alternatives(group, mark = "") {
  const words = group.replace(/^\((.*)\)$/u, "$1").trim();
  const parts = words.split(/\s+OR\s+|\s*\|\s*/u);
  // A single word in quotation marks is another thing than the word.
  const single = new RegExp(`^${mark}("[^"]*\\s[^"]*"|[^\\s"():-][^\\s"():]*)$`, "u");
  const values = parts.map((part) => single.exec(part)?.[1].replaceAll('"', ""));
  return parts.length > 1 && values.every((value) => value && value !== "OR" && value !== "AND") ? values : null;
}

/** The pieces of a line in chains: those that operators join are in one. `null` if it has any other structure, such as brackets in brackets. */
function chainsOf(line) {
  const chains = [];
  let joined = false;
  let left = line;
  while (left !== "") {
    const match = PIECE.exec(left);
    if (!match) return null;
    left = left.slice(match[0].length);
    const [whole, minus, field, phrase, group, word] = match;
    const piece = { whole: whole.trim(), minus, field, phrase, group, word };
    const joins = OPERATOR.test(piece.whole);
    if (chains.length && (joins || joined)) chains.at(-1).push(piece);
    else chains.push([piece]);
    joined = joins || piece.whole === "NOT";
  }
  return chains;
}

/** Whether a day is in the calendar: a field for dates shows no other. */
export function isDay(day) {
  const date = new Date(`${day}T00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === day;
}

/** What stands on one side of a near operator: a word or several in quotation marks; `null` if it is anything else. */
function nearValue({ minus, field, phrase, word }) {
  const value = phrase ?? word;
  const plain = phrase === undefined || /\s/u.test(phrase);
  return minus || field || !value || !plain || OPERATOR.test(value) || value === "NOT" || /[:|\\]/u.test(value) ? null : value;
}

/** Reads a chain of more than one piece into `parts`. Returns whether the fields can say it. */
function readChain(chain, parts) {
  const line = chain.map(({ whole }) => whole).join(" ");
  if (chain.length === 3 && !parts.near) {
    const within = /\d+$/u.exec(OPERATOR.test(chain[1].whole) ? chain[1].whole : "")?.[0];
    const [near, nearTo] = [nearValue(chain[0]), nearValue(chain[2])];
    if (within >= 1 && within <= 100 && near && nearTo) {
      Object.assign(parts, { near, nearTo, within });
      return true;
    }
  }
  if (chain.length === 2 && chain[0].whole === "NOT" && !chain[1].minus && !chain[1].group) {
    return readPiece({ ...chain[1], minus: "-", whole: `-${chain[1].whole}` }, parts);
  }
  return readAlternatives(line, parts);
}

/** Reads alternatives: words, or outlets, or reporters. */
function readAlternatives(group, parts) {
  for (const [name, mark] of [
    ["any", ""],
    ["outlet", "(?:언론사|outlet):"],
    ["reporter", "(?:기자|reporter):"],
  ]) {
    const values = alternatives(group, mark);
    if (values && parts[name].length === 0) {
      parts[name].push(...values);
      return true;
    }
  }
  return false;
}

/** Reads one piece into `parts`. Returns whether the fields can say it. */
function readPiece({ whole, minus, field, phrase, group, word }, parts) {
  const name = field && FIELDS[field.slice(0, -1)];
  const value = phrase ?? word;
  if (group) return !minus && !field && readAlternatives(group, parts);
  // An operator that joins nothing, a field that the form does not have, a prefix.
  if (!value || OPERATOR.test(whole) || whole === "NOT" || (field && !name) || value.includes("*")) return false;
  if (name === "date") {
    const [, from = "", to = ""] = DATES.exec(value) ?? [];
    const sound = [from, to].every((day) => !day || isDay(day)) && !(from && to && from > to);
    if (minus || parts.from || parts.to || !(from || to) || !sound) return false;
    Object.assign(parts, { from, to });
    return true;
  }
  if (!minus && !field && phrase !== undefined) {
    parts.exact.push(value);
    return true;
  }
  if (!minus && !field) {
    if (value.includes("|")) return readAlternatives(value, parts);
    parts.all.push(value);
    return true;
  }
  // Only what is written again as it was: a single word in quotation marks, say, is another thing than the word.
  if (phrase !== undefined ? !/[\s()|:]/u.test(value) : quoted(value) !== value) return false;
  if (name === "outlet" && minus) parts.notOutlet.push(value);
  else if (name && minus) return false;
  else if (minus) parts.without.push(value);
  // Two outlets that must both match are not two of which one must.
  else if (name !== "title" && parts[name].length) return false;
  else parts[name].push(value);
  return true;
}

/** Reads a query line. */
export function readQuery(q) {
  const parts = emptyParts();
  const line = q.trim();
  const chains = OTHER_QUOTES.test(line) ? null : chainsOf(line);
  if (!chains) parts.rest.push(line);
  for (const chain of chains ?? []) {
    const read = chain.length > 1 ? readChain(chain, parts) : readPiece(chain[0], parts);
    if (!read) parts.rest.push(chain.map(({ whole }) => whole).join(" "));
  }
  return parts;
}

/** A value as the language takes it: in quotation marks where it is more than one word. */
function quoted(value) {
  return /^[^\s"()|:-][^\s"()|:]*$/u.test(value) ? value : `"${value.replaceAll('"', "")}"`;
}

/** Several values of which one must match, each after `mark`. */
function oneOf(values, mark = "") {
  const marked = values.map((value) => mark + quoted(value));
  return marked.length > 1 ? `(${marked.join(" OR ")})` : marked[0];
}

/** Writes a query line, with `names` for its fields. */
export function writeQuery(parts, names = NAMES) {
  const [near, nearTo] = [parts.near, parts.nearTo].map((value) => value && quoted(value));
  const pieces = [
    // As they were typed: whatever the language reads in a word, the reader wrote.
    ...parts.all.map((value) => (/\s/u.test(value) ? quoted(value) : value)),
    ...parts.exact.map((value) => `"${value.replaceAll('"', "")}"`),
    near && nearTo ? `${near} ~${parts.within || 10} ${nearTo}` : near || nearTo,
    oneOf(parts.any),
    ...parts.title.map((value) => `${names.title}:${quoted(value)}`),
    oneOf(parts.outlet, `${names.outlet}:`),
    oneOf(parts.reporter, `${names.reporter}:`),
    (parts.from || parts.to) && `${names.date}:${parts.from}..${parts.to}`,
    ...parts.without.map((value) => `-${quoted(value)}`),
    ...parts.notOutlet.map((value) => `-${names.outlet}:${quoted(value)}`),
  ].filter(Boolean);
  for (const kept of parts.rest) {
    // An operator that joined nothing, at the beginning of the line, must not join what is before it now.
    pieces.push(pieces.length && OPERATOR.test(kept.split(" ")[0]) ? `\\${kept}` : kept);
  }
  return pieces.join(" ");
}

/**
 * The values in a field of the form: what is between commas (`byComma`), or words between commas or spaces, several together in
 * quotation marks. A comma within a number or in quotation marks separates nothing.
 */
export function valuesIn(text, byComma) {
  const found = byComma
    ? (text.match(/(?:"[^"]*"|[^",，、]|(?<=\d),(?=\d{3}(?!\d)))+/gu) ?? []).map((value) => value.replaceAll('"', ""))
    : [...text.matchAll(/"([^"]*)"|((?:[^\s,，、]|(?<=\d),(?=\d{3}(?!\d)))+)/gu)].map(([, phrase, word]) => phrase ?? word);
  return found.map((value) => value.trim()).filter(Boolean);
}

/** The one value of a field of the form. */
export function valueIn(text) {
  return valuesIn(text, true).join(" ");
}

/** Alternatives in a field of the form: a reader may have written `OR` or `|` between them. */
export function alternativesIn(text) {
  return valuesIn(text.replace(/"[^"]*"|\s*\|\s*|(^|\s)OR(?=\s|$)/gu, (found) => (found.startsWith('"') ? found : " ")));
}

/** Values as a field of the form shows them. */
export function shownIn(values, byComma) {
  const separates = (value) => valuesIn(value, byComma).length > 1;
  return values.map((value) => (separates(value) ? `"${value}"` : value)).join(byComma ? ", " : " ");
}
