// The page of kept articles.

import { copyText } from "./copy.js";
import { byId, el } from "./dom.js";
import { text } from "./messages.js";
import { saveWorkbook } from "./scrap-workbook.js";
import { save } from "./save.js";
import { asBackup, asCitations, asCsv, asMarkdown } from "./scrap-files.js";
import { addScraps, readScraps, sound, writeScraps } from "./scraps.js";
import "./theme-button.js";
import { koreanClock, today } from "./time.js";

const list = byId("folders");
const said = byId("said");
const LANGUAGE = new URLSearchParams(location.search).get("lang");

function show() {
  const folders = readScraps();
  byId("nothing").hidden = folders.length > 0;
  byId("take").hidden = byId("sent").hidden = folders.length === 0;
  list.replaceChildren(...folders.map((folder, at) => folderPart(folder, at)));
}

/** Changes what is kept and shows it. */
function change(action, done) {
  const folders = readScraps();
  action(folders);
  said.textContent = writeScraps(folders) ? done : text.scrap.full;
  show();
}

function folderPart({ name, items }, at) {
  const title = el("input", { type: "text", class: "folder-name", value: name, "aria-label": text.scrap.folderName });
  title.addEventListener("change", () =>
    change((folders) => {
      const wanted = title.value.trim();
      // Two folders of one name would be one.
      if (wanted && !folders.some((other) => other.name === wanted)) folders[at].name = wanted;
    }, ""),
  );
  const drop = el("button", { type: "button", class: "plain" }, text.scrap.dropFolder);
  drop.addEventListener("click", () => {
    if (items.length === 0 || confirm(text.scrap.sure(name, items.length))) change((folders) => folders.splice(at, 1), text.scrap.folderGone(name));
  });
  return el(
    "section",
    { class: "folder" },
    el("h2", {}, title, el("span", { class: "fine" }, text.articles(items.length)), drop),
    el("ul", { class: "hits" }, items.map((item, place) => itemPart(item, at, place, name))),
  );
}

function itemPart(item, at, place, folder) {
  const address = new URLSearchParams({ article: item.id, ...(LANGUAGE && { lang: LANGUAGE }) });
  const clock = koreanClock(item.published_at);
  const note = el("textarea", { rows: "2", "aria-label": text.scrap.note(item.title), placeholder: text.scrap.notePlaceholder });
  note.value = item.note;
  note.addEventListener("change", () =>
    change((folders) => {
      folders[at].items[place].note = note.value.trim();
    }, text.scrap.noteKept),
  );
  const drop = el("button", { type: "button", class: "link" }, text.scrap.drop, el("span", { class: "sr" }, ` ${item.title}`));
  drop.addEventListener("click", () => change((folders) => folders[at].items.splice(place, 1), text.scrap.dropped(folder)));
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
// Another tab has kept or dropped an article.
addEventListener("storage", show);
show();
