// Articles that the reader keeps, in named folders, each with a note. They stay in this browser and are sent nowhere.

import { text } from "./messages.js";

const KEY = "gisa.scraps";
/** Where an entry that cannot be read is put aside before the next one replaces it. */
const DAMAGED = "gisa.scraps.damaged";
/** What is kept of an article: enough to cite it when the index no longer has it. */
const FIELDS = ["id", "title", "outlet", "reporters", "section", "published_at", "url"];

/**
 * @typedef {object} Scrap an article as it was when it was kept
 * @property {string} note
 * @property {string} kept when, RFC 3339
 */

/** All folders, `[{name, items}]`, the newest article of each first. */
export function readScraps() {
  try {
    const stored = localStorage.getItem(KEY) ?? "[]";
    const folders = foldersIn(stored);
    // Not overwritten by the next article that is kept: somebody may be able to mend it.
    if (!folders) localStorage.setItem(DAMAGED, stored);
    return folders ?? [];
  } catch {
    // The browser stores nothing.
    return [];
  }
}

/** Whether an entry could not be read and was put aside. */
export function hasDamagedScraps() {
  try {
    return localStorage.getItem(DAMAGED) !== null;
  } catch {
    return false;
  }
}

/** The folders of an entry; `null` if it is not one. */
function foldersIn(stored) {
  try {
    const value = JSON.parse(stored);
    return Array.isArray(value) ? sound(value) : null;
  } catch {
    return null;
  }
}

/** Stores folders. Returns whether the browser did: it may be full, or store nothing. */
export function writeScraps(folders) {
  try {
    localStorage.setItem(KEY, JSON.stringify(folders));
    return true;
  } catch {
    return false;
  }
}

/** The folders among anything that was read; an entry without an id is none, a folder without a name gets the usual one. */
export function sound(value) {
  if (!Array.isArray(value)) return [];
  return value
    .filter((folder) => typeof folder?.name === "string" && Array.isArray(folder.items))
    .map((folder) => ({ name: folder.name.trim() || text.scrap.usual, items: folder.items.map(soundItem).filter(Boolean) }));
}

function soundItem(item) {
  if (typeof item?.id !== "string" || !item.id) return null;
  const text = (name) => (typeof item[name] === "string" ? item[name] : "");
  return {
    id: item.id,
    title: text("title"),
    outlet: text("outlet"),
    reporters: Array.isArray(item.reporters) ? item.reporters.filter((name) => typeof name === "string") : [],
    section: text("section"),
    published_at: text("published_at"),
    url: text("url"),
    note: text("note"),
    kept: text("kept"),
  };
}

/** The names of the folders that hold an article. */
export function foldersOf(id) {
  return readScraps()
    .filter(({ items }) => items.some((item) => item.id === id))
    .map(({ name }) => name);
}

/** Keeps an article in a folder, which is made if there is none of this name. Returns whether it is kept. */
export function keepScrap(article, name, now = new Date()) {
  const folders = readScraps();
  let folder = folders.find((one) => one.name === name);
  if (!folder) folders.push((folder = { name, items: [] }));
  if (!folder.items.some((item) => item.id === article.id)) {
    const kept = Object.fromEntries(FIELDS.map((field) => [field, article[field] ?? ""]));
    folder.items.unshift(soundItem({ ...kept, note: "", kept: now.toISOString() }));
  }
  return writeScraps(folders);
}

/** Keeps a note with an article of a folder. Returns whether it is kept. */
export function noteScrap(id, name, note) {
  const folders = readScraps();
  const item = folders.find((one) => one.name === name)?.items.find((one) => one.id === id);
  if (item) item.note = note;
  return writeScraps(folders);
}

/** Takes an article out of a folder. */
export function dropScrap(id, name) {
  const folders = readScraps();
  const folder = folders.find((one) => one.name === name);
  if (folder) folder.items = folder.items.filter((item) => item.id !== id);
  return writeScraps(folders);
}

/** Adds folders to those that are kept: what is there already keeps its note. Returns how many articles are new, or -1. */
export function addScraps(added) {
  const folders = readScraps();
  let count = 0;
  for (const { name, items } of added) {
    let folder = folders.find((one) => one.name === name);
    if (!folder) folders.push((folder = { name, items: [] }));
    for (const item of items) {
      const known = folder.items.find((one) => one.id === item.id);
      if (known) known.note ||= item.note;
      else {
        folder.items.push(item);
        count += 1;
      }
    }
  }
  return writeScraps(folders) ? count : -1;
}
