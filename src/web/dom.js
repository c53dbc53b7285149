// Building elements from data. Text from outside only ever becomes text nodes, never markup.

import { text } from "./messages.js";

/** The element with an id of index.html. */
export function byId(id) {
  return document.getElementById(id);
}

/**
 * Builds an element. `attributes` with `false`, `null` or `undefined` are left out, with `true` are set empty.
 * Children are nodes, strings or arrays of them; `null`, `undefined`, `false` and empty strings are left out.
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter(Boolean));
  return element;
}

/** Marks that lie in the text, in order, overlapping ones joined: `[start, end)` in UTF-16 code units. */
function soundMarks(length, marks) {
  const sound = [];
  const sorted = (marks ?? [])
    .map(([start, end]) => [Math.max(0, start), Math.min(length, end)])
    .filter(([start, end]) => start < end)
    .sort((a, b) => a[0] - b[0]);
  for (const [start, end] of sorted) {
    const last = sound.at(-1);
    if (last && start < last[1]) last[1] = Math.max(last[1], end);
    else sound.push([start, end]);
  }
  return sound;
}

function markedSlice(value, from, to, marks) {
  const nodes = [];
  let at = from;
  for (const [start, end] of marks) {
    if (end <= from || start >= to) continue;
    const first = Math.max(start, from);
    const last = Math.min(end, to);
    if (first > at) nodes.push(value.slice(at, first));
    nodes.push(el("mark", {}, value.slice(first, last)));
    at = last;
  }
  if (at < to) nodes.push(value.slice(at, to));
  return nodes;
}

/** Text with its marks as nodes: `{text, marks}` of the interface. */
export function marked({ text: value, marks }) {
  return markedSlice(value, 0, value.length, soundMarks(value.length, marks));
}

/** Text with its marks as one `<p>` a line; blank lines only separate. */
export function markedParagraphs({ text: value, marks }) {
  const sound = soundMarks(value.length, marks);
  const paragraphs = [];
  let next = 0;
  for (const line of value.matchAll(/[^\r\n]+/g)) {
    if (line[0].trim() === "") continue;
    const end = line.index + line[0].length;
    while (next < sound.length && sound[next][1] <= line.index) next += 1;
    let after = next;
    while (after < sound.length && sound[after][0] < end) after += 1;
    paragraphs.push(el("p", {}, markedSlice(value, line.index, end, sound.slice(next, after))));
  }
  return paragraphs;
}

/**
 * A `<time>` in Korean time, "2024년 3월 12일 14:05". Midnight to the second is how a date without
 * a time is stored, so no time is claimed for it.
 */
export function koreanTime(publishedAt) {
  const instant = publishedAt ? Date.parse(publishedAt) : Number.NaN;
  if (Number.isNaN(instant)) return el("span", {}, text.noDate);
  // Shifted by +09:00, the UTC fields read as Korean wall time whatever the browser's zone is.
  const korea = new Date(instant + 9 * 3_600_000);
  const pad = (value) => String(value).padStart(2, "0");
  const day = `${korea.getUTCFullYear()}년 ${korea.getUTCMonth() + 1}월 ${korea.getUTCDate()}일`;
  const midnight = korea.getTime() % 86_400_000 === 0;
  const time = midnight ? "" : ` ${pad(korea.getUTCHours())}:${pad(korea.getUTCMinutes())}`;
  return el("time", { datetime: publishedAt }, day + time);
}

/** The address when it is safe to link to (http or https), else null: a stored url may be any text. */
export function webAddress(value) {
  try {
    const url = new URL(value);
    return url.protocol === "http:" || url.protocol === "https:" ? url.href : null;
  } catch {
    return null;
  }
}

/** A click that should open a new tab or window stays the browser's. */
export function isPlainClick(event) {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
}

/** A problem as a box with a button that tries again. */
export function problemBox(heading, problem, retry) {
  const button = el("button", { type: "button" }, text.retry);
  button.addEventListener("click", retry);
  return el(
    "div",
    { class: "notice problem", role: "alert" },
    el("h3", {}, heading),
    el("p", { class: "problem-title" }, problem.title),
    problem.detail && el("p", { class: "problem-detail" }, problem.detail),
    problem.requestId && el("p", { class: "fine" }, `${text.requestId}: `, el("code", {}, problem.requestId)),
    el("p", {}, button),
  );
}
