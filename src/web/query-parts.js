// A query line as the fields of the advanced search, and back. What the fields cannot say stays as it was written.

/** The fields that hold words, and how each is written. */
export const PART_NAMES = ["all", "any", "exact", "without", "title", "outlet", "notOutlet", "reporter", "from", "to"];

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
// A piece of a query: an optional minus, an optional field, then a phrase, a group or a word; and the space after it.
const PIECE = /^(-?)((?:제목|title|언론사|outlet|기자|reporter|날짜|date):)?(?:["“]([^"“”]*)["”]|(\([^()]*\))|([^\s"“”()]+))(?:\s+|$)/u;
/** Fields of the language that the form does not have. */
const OTHER_FIELD = /^-?(?:본문|body|섹션|section):/u;
const DAY = "(\\d{4}-\\d{2}-\\d{2})?";
const DATES = new RegExp(`^${DAY}\\.\\.${DAY}$`);

function empty() {
  return { ...Object.fromEntries(PART_NAMES.map((name) => [name, name === "from" || name === "to" ? "" : []])), rest: [] };
}

/** The alternatives of `(A OR B)` or `(A | B)`; `null` if it is another group. */
function alternatives(group) {
  const words = group.slice(1, -1).trim();
  const parts = words.split(/\s+OR\s+|\s*\|\s*/u);
  const single = parts.every((part) => /^("[^"]*"|[^\s"():-][^\s"():]*)$/u.test(part));
  return parts.length > 1 && single ? parts.map((part) => part.replaceAll('"', "")) : null;
}

/** The pieces of a line as they match; `null` if it has any other structure, such as brackets in brackets. */
function piecesOf(line) {
  const pieces = [];
  let left = line;
  while (left !== "") {
    const piece = PIECE.exec(left);
    if (!piece) return null;
    pieces.push(piece);
    left = left.slice(piece[0].length);
  }
  return pieces;
}

/** Reads a query line. */
export function readQuery(q) {
  const parts = empty();
  const line = q.trim().replace(/(^|\s)NOT\s+(?=\S)/gu, "$1-");
  // `A OR B` without brackets: only the whole line can be read as alternatives.
  if (/\sOR\s|\|/u.test(line.replace(/\([^()]*\)|"[^"]*"/gu, ""))) {
    const all = alternatives(`(${line})`);
    if (all) parts.any.push(...all);
    else parts.rest.push(line);
    return parts;
  }
  const pieces = piecesOf(line);
  if (!pieces) parts.rest.push(line);
  for (const [whole, minus, field, phrase, group, word] of pieces ?? []) {
    const piece = whole.trim();
    const name = field && FIELDS[field.slice(0, -1)];
    const value = phrase ?? word;
    const dates = name === "date" && value && DATES.exec(value);
    const any = group && !field && !minus && alternatives(group);
    if (any && parts.any.length === 0) parts.any.push(...any);
    else if (dates && !minus) [parts.from, parts.to] = [dates[1] ?? "", dates[2] ?? ""];
    else if (group || value === "" || name === "date" || /^(OR|NOT|AND)$/u.test(piece) || value?.includes("*") || OTHER_FIELD.test(piece)) {
      // A prefix, a group of another kind, an operator, a field that the form does not have.
      parts.rest.push(piece);
    } else if (name === "outlet") parts[minus ? "notOutlet" : "outlet"].push(value);
    else if (name && !minus) parts[name].push(value);
    else if (name) parts.rest.push(piece);
    else if (minus) parts.without.push(value);
    else if (phrase !== undefined) parts.exact.push(value);
    else parts.all.push(value);
  }
  return parts;
}

/** A value as the language takes it: in quotation marks where it is more than one word. */
function quoted(value) {
  return /^[^\s"()|:-][^\s"()|:]*$/u.test(value) ? value : `"${value.replaceAll('"', "")}"`;
}

/** Writes a query line. Alternatives are in brackets unless they are all there is. */
export function writeQuery(parts) {
  const any = parts.any.map(quoted);
  const pieces = [
    // As they were typed: whatever the language reads in a word, the reader wrote.
    ...parts.all.map((value) => (/\s/u.test(value) ? quoted(value) : value)),
    ...parts.exact.map((value) => `"${value.replaceAll('"', "")}"`),
    any.length > 1 ? `(${any.join(" OR ")})` : any[0],
    ...parts.title.map((value) => `제목:${quoted(value)}`),
    ...parts.outlet.map((value) => `언론사:${quoted(value)}`),
    ...parts.reporter.map((value) => `기자:${quoted(value)}`),
    (parts.from || parts.to) && `날짜:${parts.from}..${parts.to}`,
    ...parts.without.map((value) => `-${quoted(value)}`),
    ...parts.notOutlet.map((value) => `-언론사:${quoted(value)}`),
    ...parts.rest,
  ];
  return pieces.filter(Boolean).join(" ");
}

/** The values in a field of the form: words; in quotation marks, or between commas, several words together. */
export function valuesIn(text, byComma) {
  const found = byComma
    ? text.split(",").map((value) => value.replaceAll('"', ""))
    : [...text.matchAll(/"([^"]*)"|(\S+)/gu)].map(([, phrase, word]) => phrase ?? word);
  return found.map((value) => value.trim()).filter(Boolean);
}

/** Values as a field of the form shows them. */
export function shownIn(values, byComma) {
  return byComma ? values.join(", ") : values.map((value) => (/\s/u.test(value) ? `"${value}"` : value)).join(" ");
}
