// A table as CSV that spreadsheets open.

/** A cell that a spreadsheet takes for text, as in `/export.csv`. */
function cell(value) {
  const shown = value.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/gu, " ");
  const guarded = /^\s*[=+\-@＝＋－＠]/u.test(shown) ? `'${shown}` : shown;
  return `"${guarded.replaceAll('"', '""')}"`;
}

/** Rows of texts as CSV with byte order mark. */
export function asCsvTable(rows) {
  return `\ufeff${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}
