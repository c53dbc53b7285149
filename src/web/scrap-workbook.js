// Kept articles as a workbook. Only the server can pack one: the list is sent to it, made into a file, and forgotten.

import { permalink } from "./cite.js";
import { webAddress } from "./dom.js";
import { text } from "./messages.js";
import { save } from "./save.js";

/** Has a workbook of the folders made and saves it as `name`. Resolves to whether that worked. */
export async function saveWorkbook(name, folders) {
  const articles = folders.flatMap(({ name: folder, items }) =>
    items.map(({ id, title, outlet, reporters, section, published_at, url, note }) => ({
      folder,
      id,
      title,
      outlet,
      reporters,
      section,
      published_at,
      url: webAddress(url) ?? permalink(id),
      note,
    })),
  );
  try {
    const response = await fetch("./export.xlsx", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ title: text.scrap.file, articles }),
    });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    save(name, "", await response.blob());
    return true;
  } catch (error) {
    console.info("no workbook", error);
    return false;
  }
}
