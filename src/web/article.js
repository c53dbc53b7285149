// One whole article with every match marked, and buttons that jump from match to match.

import { article as fetchArticle, highlight } from "./api.js";
import { byId, el, icon, webAddress } from "./dom.js";
import { metaLine, stateLink } from "./links.js";
import { marked, markedParagraphs } from "./marks.js";
import { text } from "./messages.js";
import { problemBox } from "./problem-box.js";
import { relatedPart } from "./related.js";
import { asProblem } from "./request.js";
import { hasQuery } from "./state.js";

const view = byId("article-view");

let matches = [];
let at = -1;
const position = el("span", { class: "position", role: "status" });
const jumpButton = (name, label) => el("button", { type: "button", class: "plain", title: label }, icon(name), el("span", { class: "sr" }, label));
const previous = jumpButton("up", text.previousMatch);
const next = jumpButton("down", text.nextMatch);
previous.addEventListener("click", () => jump(-1));
next.addEventListener("click", () => jump(1));

// Only inside the article, so that typing elsewhere and speech control are not disturbed (WCAG 2.1.4).
// By key position: with the Korean layout on, N types ㅜ.
view.addEventListener("keydown", (event) => {
  if (event.code !== "KeyN" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  event.preventDefault();
  jump(event.shiftKey ? -1 : 1);
});

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
 * shown instead, whose button calls `retry`; rejects only when a newer request took over.
 */
export async function showArticle(state, signal, retry) {
  const back = stateLink({ ...state, article: "" }, "back", { class: "plain back" }, icon("back"), text.back);
  const bar = el("div", { class: "article-bar" }, back, position, previous, next);
  const content = el("div", { class: "article-content" }, el("p", { class: "fine" }, text.loading));
  findMatches(false);
  view.replaceChildren(bar, content);
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
  const item = stored.value;
  // If only the marks fail, the article can still be read.
  const whole = found.value ?? { title: unmarked(item.title), body: unmarked(item.body) };
  const title = el(
    "h2",
    { id: "article-title", tabindex: "-1" },
    whole.title.text.trim() ? marked(whole.title) : text.untitled,
  );
  const url = webAddress(item.url);
  content.replaceChildren(
    ...[
      el("header", {}, title, metaLine({ ...state, article: "" }, item)),
      found.status === "rejected" && el("p", { class: "notice" }, text.marksMissing),
      el("div", { class: "article-body" }, markedParagraphs(whole.body)),
      url && el("p", { class: "original" }, originalLink(url)),
      relatedPart(state, signal),
    ].filter(Boolean),
  );
  view.setAttribute("aria-labelledby", "article-title");
  findMatches(hasQuery(state));
  title.focus({ preventScroll: true });
  return whole.title.text.trim() || text.untitled;
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
