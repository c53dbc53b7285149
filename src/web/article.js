// One whole article with every match marked, buttons that jump from match to match and from hit to hit, and what a reporter takes
// along: citation and address.

import { article as fetchArticle, highlight, similarTo } from "./api.js";
import { chosenWordsButton } from "./chosen-words.js";
import { citations, permalink } from "./cite.js";
import { copyText } from "./copy.js";
import { byId, el, icon, isPlainKey, webAddress } from "./dom.js";
import { markedTitle, metaLine, stateLink } from "./links.js";
import { markedParagraphs } from "./marks.js";
import { text } from "./messages.js";
import { problemBox } from "./problem-box.js";
import { relatedPart } from "./related.js";
import { reprintsPart } from "./reprints.js";
import { asProblem, isSuperseded } from "./request.js";
import { scrapPart } from "./scrap-button.js";
import { hasQuery } from "./state.js";
import { versionsPart } from "./texts-loader.js";

const view = byId("article-view");

let matches = [];
let at = -1;
const position = el("span", { class: "position", role: "status" });
const jumpButton = (name, label) => el("button", { type: "button", class: "plain", title: label }, icon(name), el("span", { class: "sr" }, label));
const previous = jumpButton("up", text.previousMatch);
const next = jumpButton("down", text.nextMatch);
previous.addEventListener("click", () => jump(-1));
next.addEventListener("click", () => jump(1));

// By key position: with the Korean layout on, N types ㅜ. Wherever the focus is, for a click into the text leaves it nowhere; but
// not while something is typed or a control has a use for letters.
const KEYS = { KeyN: () => jump(1), KeyP: () => jump(-1), KeyJ: () => follow("next"), KeyK: () => follow("prev") };

document.addEventListener("keydown", (event) => {
  const action = KEYS[event.code];
  if (!action || view.hidden || !isPlainKey(event)) return;
  if (event.target.matches?.("input, textarea, select, [contenteditable]")) return;
  event.preventDefault();
  if (event.code === "KeyN" && event.shiftKey) jump(-1);
  else action();
});

function follow(relation) {
  view.querySelector(`.article-bar a[rel=${relation}]`)?.click();
}

function jump(step) {
  if (matches.length === 0) return;
  matches[at]?.classList.remove("current");
  const from = at < 0 && step < 0 ? 0 : at;
  at = (from + step + matches.length) % matches.length;
  matches[at].classList.add("current");
  // Not smoothly: a scroll that is still under way when the article is left would move the list.
  matches[at].scrollIntoView({ block: "center", behavior: "instant" });
  position.textContent = text.matchPosition(at + 1, matches.length);
}

function findMatches(asked) {
  matches = [...view.querySelectorAll("mark")];
  at = -1;
  previous.hidden = next.hidden = matches.length === 0;
  position.textContent = matches.length ? text.matches(matches.length) : asked ? text.noMatches : "";
}

/** Closes the article. */
export function hideArticle() {
  view.hidden = true;
  view.replaceChildren();
  matches = [];
}

/**
 * Fetches and shows the article of a state. Resolves to its title when it is shown, to `null` when a problem is
 * shown instead, whose button calls `retry`; rejects only when a newer request took over. `neighbours` finds the hits beside it,
 * `searchWords` searches for words that are selected in it.
 */
export async function showArticle(state, signal, retry, neighbours, searchWords) {
  const back = stateLink({ ...state, article: "" }, "back", { class: "plain back" }, icon("back"), text.back);
  const beside = el("span", { class: "beside" });
  const chosen = chosenWordsButton(() => view.querySelector(".article-content"), signal, searchWords);
  const bar = el("div", { class: "article-bar" }, back, beside, chosen, position, previous, next);
  const content = el("div", { class: "article-content" }, el("p", { class: "fine" }, text.loading));
  view.replaceChildren(bar, content);
  findMatches(false);
  view.removeAttribute("aria-labelledby");
  view.hidden = false;
  view.setAttribute("aria-busy", "true");

  const q = state.q.trim();
  const [stored, found] = await Promise.allSettled([
    fetchArticle(state.article, signal),
    hasQuery(state) ? highlight(q, state.article, signal) : null,
  ]);
  signal.throwIfAborted();
  view.setAttribute("aria-busy", "false");
  if (stored.status === "rejected") {
    content.replaceChildren(problemBox(text.errorArticle, asProblem(stored.reason), retry));
    return null;
  }
  const item = { ...stored.value, id: stored.value.id ?? state.article };
  // If only the marks fail, the article can still be read.
  const whole = found.value ?? { title: unmarked(item.title), body: unmarked(item.body) };
  const title = el("h2", { id: "article-title", tabindex: "-1" }, markedTitle(whole.title));
  const url = webAddress(item.url);
  const same = similarTo(state.article, signal);
  content.replaceChildren(
    ...[
      // When it was corrected stands below, with what it said before.
      el("header", {}, title, metaLine({ ...state, article: "" }, { ...item, corrected_at: null }), versionsPart(item, signal)),
      toolsPart(item),
      found.status === "rejected" && el("p", { class: "notice" }, text.marksMissing),
      el("div", { class: "article-body" }, markedParagraphs(whole.body)),
      url && el("p", { class: "original" }, originalLink(url)),
      el("p", { class: "print-only" }, permalink(item.id), el("br"), el("span", { "data-printed": "" })),
      reprintsPart(state, same, signal),
      relatedPart(state, same, signal),
    ].filter(Boolean),
  );
  view.setAttribute("aria-labelledby", "article-title");
  findMatches(hasQuery(state));
  title.focus({ preventScroll: true });
  showNeighbours(beside, state, signal, neighbours);
  return whole.title.text.trim() || text.untitled;
}

/** Copying a citation or the address, and keeping the article. */
function toolsPart(item) {
  const said = el("span", { class: "fine", role: "status" });
  const copyButton = (label, value, done) => {
    const button = el("button", { type: "button", class: "plain" }, label);
    button.addEventListener("click", async () => {
      said.textContent = "";
      said.textContent = (await copyText(value)) ? done : text.cite.notCopied;
    });
    return button;
  };
  const forms = citations(item).map(({ name, label, value }) => {
    const button = copyButton(label, value, text.cite.copied(label));
    button.dataset.cite = name;
    button.title = value;
    return button;
  });
  const address = permalink(item.id);
  const own = copyButton(text.cite.permalink, address, text.cite.permalinkCopied);
  own.dataset.cite = "permalink";
  own.title = address;
  return el(
    "div",
    { class: "article-tools", role: "group", "aria-label": text.cite.group },
    el("span", { class: "fine" }, text.cite.copy),
    forms,
    own,
    scrapPart(item, said),
    said,
  );
}

/** Links to the hits before and after, once they are known. */
async function showNeighbours(place, state, signal, neighbours) {
  try {
    const beside = await neighbours(state, signal);
    if (!beside || signal.aborted) return;
    const step = (to, rel, name, label) =>
      to && stateLink(to, "beside", { class: "plain", rel, title: label }, icon(name), el("span", { class: "sr" }, label));
    place.append(
      ...[
        step(beside.previous, "prev", "left", text.previousHit),
        el("span", { class: "fine" }, text.hitNumber(beside.at)),
        step(beside.next, "next", "right", text.nextHit),
      ].filter(Boolean),
    );
  } catch (error) {
    // The article can be read without them.
    if (!isSuperseded(error)) console.info("no neighbours", error);
  }
}

function unmarked(value) {
  return { text: value ?? "", marks: [] };
}

function originalLink(url) {
  return el(
    "a",
    { href: url, target: "_blank", rel: "noopener noreferrer" },
    text.original,
    el("span", { class: "fine" }, ` ${new URL(url).host} ${text.newTab}`),
  );
}
