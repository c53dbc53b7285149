// Kept articles as files, made in the browser: a table, Markdown, a list of citations, and all of it to be read in again.

import { citations, permalink } from "./cite.js";
import { asCsvTable } from "./csv.js";
import { webAddress } from "./dom.js";
import { text } from "./messages.js";
import { koreanClock, twoDigits } from "./time.js";

/** `2026-02-05 10:58:19` in Korean time, as spreadsheets take it; empty without a date. */
function local(moment) {
  const clock = koreanClock(moment);
  if (!clock) return "";
  const day = [clock.year, twoDigits(clock.month), twoDigits(clock.day)].join("-");
  return `${day} ${[clock.hour, clock.minute, clock.second].map(twoDigits).join(":")}`;
}

/** Folders as CSV with byte order mark. */
export function asCsv(folders) {
  const { columns } = text.scrap;
  const rows = folders.flatMap(({ name, items }) =>
    items.map((item) => [
      name,
      local(item.published_at),
      item.outlet,
      item.reporters.join("; "),
      item.title,
      webAddress(item.url) ?? permalink(item.id),
      item.note,
      item.id,
    ]),
  );
  return asCsvTable([columns, ...rows]);
}

/** Text that Markdown does not read as markup. */
function plain(value) {
  return value.replace(/[\\`*_{}[\]<>#|]/gu, (mark) => `\\${mark}`).replace(/\s+/gu, " ").trim();
}

/** Folders as Markdown: a heading each, an article a line, its note beneath. */
export function asMarkdown(folders) {
  const lines = folders.flatMap(({ name, items }) => [
    `## ${plain(name)}`,
    "",
    ...items.flatMap((item) => {
      const clock = koreanClock(item.published_at);
      const about = [item.outlet, clock && text.moment({ ...clock, timed: false })].filter(Boolean).map(plain).join(", ");
      const address = (webAddress(item.url) ?? permalink(item.id)).replace(/[()\s]/gu, encodeURIComponent);
      const line = `- [${plain(item.title || text.untitled)}](${address})${about && ` (${about})`}`;
      return item.note ? [line, `  - ${plain(item.note)}`] : [line];
    }),
    "",
  ]);
  return lines.join("\n");
}

/** Folders as a list of citations in a newsroom's style. */
export function asCitations(folders) {
  return folders
    .flatMap(({ name, items }) => [name, ...items.map((item) => citations(item)[0].value), ""])
    .join("\n");
}

/** Everything, to be read in again. */
export function asBackup(folders) {
  return JSON.stringify({ gisa: "scraps", folders }, null, 1);
}
