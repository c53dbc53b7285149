// "스크랩": keeps the article that is open, in a folder.

import { el, icon } from "./dom.js";
import { text } from "./messages.js";
import { dropScrap, foldersOf, keepScrap, readScraps } from "./scraps.js";

/** A button and the folders that it opens. `said` is where it reports. */
export function scrapPart(article, said) {
  const part = el("details", { class: "scrap panel" });
  const summary = el("summary", { class: "plain" });
  const panel = el("fieldset", {}, el("legend", { class: "sr" }, text.scrap.folders));
  part.append(summary, panel);

  function show() {
    const kept = foldersOf(article.id);
    summary.replaceChildren(icon("keep"), kept.length ? text.scrap.kept : text.scrap.keep);
    const names = [...new Set([text.scrap.usual, ...readScraps().map(({ name }) => name)])];
    const name = el("input", { type: "text", "aria-label": text.scrap.newFolder, placeholder: text.scrap.newFolder, autocomplete: "off" });
    const make = el("button", { type: "button", class: "plain" }, text.scrap.make);
    const added = () => {
      if (name.value.trim()) change(name.value.trim(), true);
    };
    make.addEventListener("click", added);
    name.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      added();
    });
    panel.replaceChildren(
      panel.firstChild,
      ...names.map((each) => {
        const box = el("input", { type: "checkbox", value: each });
        box.checked = kept.includes(each);
        box.addEventListener("change", () => change(each, box.checked));
        return el("label", {}, box, " ", each);
      }),
      el("span", { class: "scrap-new" }, name, make),
      el("a", { href: document.documentElement.lang === "en" ? "./scraps?lang=en" : "./scraps" }, text.scrap.open),
    );
  }

  function change(name, keeps) {
    const done = keeps ? keepScrap(article, name) : dropScrap(article.id, name);
    said.textContent = done ? (keeps ? text.scrap.said(name) : text.scrap.dropped(name)) : text.scrap.full;
    show();
    [...panel.querySelectorAll("input[type=checkbox]")].find((box) => box.value === name)?.focus();
  }

  show();
  return part;
}
