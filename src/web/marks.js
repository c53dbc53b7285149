// Text with its marks as nodes: `{text, marks}` of the API, where marks are `[start, end)` in UTF-16 code units.

import { el } from "./dom.js";

/** The marks within the text, in order, overlapping ones joined. */
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

/** A whole text with its marks. */
export function marked({ text: value, marks }) {
  return markedSlice(value, 0, value.length, soundMarks(value.length, marks));
}

/** A text with one `<p>` for each line; blank lines only separate. */
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

/** The snippets of a hit in one line, with the gaps between them shown. */
export function snippetNodes(snippets) {
  return snippets.flatMap((snippet, at) => {
    const gap = at > 0 || snippet.start > 0;
    return [
      gap && el("span", { class: "gap" }, at > 0 ? " … " : "… "),
      el("span", { class: "snippet" }, marked(snippet)),
    ];
  });
}
