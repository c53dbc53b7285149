// The page of kept articles.

import { copyText } from "./copy.js";
import { byId, el } from "./dom.js";
import { text } from "./messages.js";
import { saveWorkbook } from "./scrap-workbook.js";
import { save } from "./save.js";
import { asBackup, asCitations, asCsv, asMarkdown } from "./scrap-files.js";
import { addScraps, dropScrap, hasDamagedScraps, noteScrap, readScraps, sound, writeScraps } from "./scraps.js";
import "./theme-button.js";
import { koreanClock, today } from "./time.js";

const list = byId("folders");
const said = byId("said");
const LANGUAGE = new URLSearchParams(location.search).get("lang");

function show() {
  const folders = readScraps();
  byId("nothing").hidden = folders.length > 0;
  byId("take").hidden = byId("sent").hidden = folders.length === 0;
  list.replaceChildren(...folders.map(folderPart));
}

/** Says what came of an action that changed what is kept. */
function report(stored, done) {
  said.textContent = stored ? done : text.scrap.full;
}

/** The focus goes to what is now in the place of what has gone. */
function focusAt(selector, at) {
  const found = [...list.querySelectorAll(selector)];
  (found[at] ?? found.at(-1) ?? byId("content")).focus();
}

function folderPart({ name, items }) {
  // Fields stay where they are while a name or a note changes: a click that ends an entry must still arrive.
  const folder = { name };
  const title = el("input", { type: "text", class: "folder-name", value: name, "aria-label": text.scrap.folderName });
  title.addEventListener("change", () => rename(folder, title));
  const drop = el("button", { type: "button", class: "plain drop-folder" }, text.scrap.dropFolder);
  drop.addEventListener("click", () => {
    const folders = readScraps();
    const at = folders.findIndex((one) => one.name === folder.name);
    const count = folders[at]?.items.length ?? 0;
    if (count > 0 && !confirm(text.scrap.sure(folder.name, count))) return;
    report(writeScraps(folders.filter((_, other) => other !== at)), text.scrap.folderGone(folder.name));
    show();
    focusAt(".drop-folder", at);
  });
  return el(
    "section",
    { class: "folder" },
    el("h2", {}, title, el("span", { class: "fine" }, text.articles(items.length)), drop),
    el("ul", { class: "hits" }, items.map((item) => itemPart(item, folder))),
  );
}

/** Gives a folder the name in its field, or says why not: two folders of one name would be one. */
function rename(folder, title) {
  const wanted = title.value.trim();
  if (wanted === folder.name) return;
  const folders = readScraps();
  if (!wanted || folders.some((other) => other.name === wanted)) {
    title.value = folder.name;
    said.textContent = wanted ? text.scrap.nameTaken(wanted) : text.scrap.nameMissing;
    return;
  }
  for (const other of folders) if (other.name === folder.name) other.name = wanted;
  report(writeScraps(folders), text.scrap.renamed(wanted));
  folder.name = wanted;
}

function itemPart(item, folder) {
  const address = new URLSearchParams({ article: item.id, ...(LANGUAGE && { lang: LANGUAGE }) });
  const clock = koreanClock(item.published_at);
  const note = el("textarea", { rows: "2", "aria-label": text.scrap.note(item.title), placeholder: text.scrap.notePlaceholder });
  note.value = item.note;
  // With each letter: a window may be closed at any time.
  const keep = () => noteScrap(item.id, folder.name, note.value.trim());
  note.addEventListener("input", () => {
    if (!keep()) report(false);
  });
  note.addEventListener("change", () => report(keep(), text.scrap.noteKept));
  const drop = el("button", { type: "button", class: "link drop" }, text.scrap.drop, el("span", { class: "sr" }, ` ${item.title}`));
  drop.addEventListener("click", () => {
    const at = [...list.querySelectorAll(".drop")].indexOf(drop);
    report(dropScrap(item.id, folder.name), text.scrap.dropped(folder.name));
    show();
    focusAt(".drop", at);
  });
  return el(
    "li",
    { class: "hit" },
    el("h3", {}, el("a", { class: "title", href: `./?${address}` }, item.title.trim() || text.untitled)),
    el(
      "p",
      { class: "meta" },
      item.outlet && el("span", { class: "outlet" }, item.outlet),
      el("span", {}, clock ? text.moment(clock) : text.noDate),
      item.reporters.length > 0 && el("span", {}, item.reporters.join(", ")),
      drop,
    ),
    note,
  );
}

const day = () => today().replaceAll("-", "");
byId("save-csv").addEventListener("click", () => save(`${text.scrap.file} ${day()}.csv`, "text/csv", asCsv(readScraps())));
byId("save-markdown").addEventListener("click", () => save(`${text.scrap.file} ${day()}.md`, "text/markdown", asMarkdown(readScraps())));
byId("save-xlsx").addEventListener("click", async () => {
  said.textContent = (await saveWorkbook(`${text.scrap.file} ${day()}.xlsx`, readScraps())) ? text.scrap.workbookSaved : text.scrap.noWorkbook;
});
byId("save-backup").addEventListener("click", () => save(`${text.scrap.file} ${day()}.json`, "application/json", asBackup(readScraps())));
byId("copy-citations").addEventListener("click", async () => {
  said.textContent = (await copyText(asCitations(readScraps()))) ? text.scrap.citationsCopied : text.cite.notCopied;
});
byId("read-in").addEventListener("change", async (event) => {
  const [file] = event.target.files;
  if (!file) return;
  try {
    const read = JSON.parse(await file.text());
    const folders = read?.gisa === "scraps" ? sound(read.folders) : [];
    const count = folders.length ? addScraps(folders) : null;
    said.textContent = count === null ? text.scrap.notOurs : count < 0 ? text.scrap.full : text.scrap.added(count);
  } catch (error) {
    console.info("not read", error);
    said.textContent = text.scrap.notOurs;
  }
  event.target.value = "";
  show();
});
// Another tab has kept or dropped an article. A field that is being written in is not taken away; the list follows at the next click.
let behind = false;
const isWriting = () => list.contains(document.activeElement) && document.activeElement.matches("textarea, input");
function follow() {
  behind = isWriting();
  if (!behind) show();
}
addEventListener("storage", follow);
document.addEventListener("click", () => behind && follow());
show();
if (hasDamagedScraps()) said.textContent = text.scrap.damaged;
