// An article beside the list, where the window is wide enough: reading down a list without leaving it.

import { article as fetchArticle, highlight } from "./api.js";
import { byId, el } from "./dom.js";
import { markedTitle, metaLine, stateLink } from "./links.js";
import { markedParagraphs } from "./marks.js";
import { text } from "./messages.js";
import { isSuperseded } from "./request.js";
import { hasQuery } from "./state.js";

const WIDE = matchMedia("(min-width: 1280px)");
/** Moving through the list with the keyboard must not ask for every article on the way. */
const PAUSE_MS = 120;

/** Wires the pane. `show(state)` follows a state; `takes(link)` shows the article of a title in the pane and says whether it did. */
export function createPreview() {
  const pane = byId("preview");
  const hits = byId("results");
  let state = null;
  let request = null;
  let timer = 0;
  let shown = "";

  const isOn = () => Boolean(state?.preview) && WIDE.matches;

  function follow() {
    const on = isOn() && !state.article;
    document.documentElement.classList.toggle("with-preview", on);
    pane.hidden = !on;
    if (on && !pane.firstChild) pane.replaceChildren(el("p", { class: "fine" }, text.preview.empty));
  }

  async function open(id) {
    clearTimeout(timer);
    if (id === shown) return;
    shown = id;
    request?.abort();
    const own = new AbortController();
    request = own;
    for (const link of hits.querySelectorAll("a.title")) link.classList.toggle("shown", link.dataset.article === id);
    pane.setAttribute("aria-busy", "true");
    try {
      const q = state.q.trim();
      const [item, found] = await Promise.all([
        fetchArticle(id, own.signal),
        hasQuery(state) ? highlight(q, id, own.signal).catch((error) => (isSuperseded(error) ? Promise.reject(error) : null)) : null,
      ]);
      const plain = (value) => ({ text: value ?? "", marks: [] });
      const whole = found ?? { title: plain(item.title), body: plain(item.body) };
      pane.replaceChildren(
        el("h3", {}, markedTitle(whole.title)),
        metaLine(state, item),
        el("p", {}, stateLink({ ...state, article: id }, "article", { class: "plain", "data-whole": "" }, text.preview.whole)),
        el("div", { class: "article-body" }, markedParagraphs(whole.body)),
      );
      pane.scrollTop = 0;
    } catch (error) {
      if (isSuperseded(error)) return;
      console.info("no preview", error);
      shown = "";
      pane.replaceChildren(el("p", { class: "notice" }, text.errorArticle));
    } finally {
      if (request === own) pane.setAttribute("aria-busy", "false");
    }
  }

  WIDE.addEventListener("change", follow);
  hits.addEventListener("focusin", (event) => {
    const link = event.target.closest?.("a.title");
    if (!isOn() || !link?.dataset.article) return;
    clearTimeout(timer);
    timer = setTimeout(() => open(link.dataset.article), PAUSE_MS);
  });

  return {
    show(next) {
      state = next;
      shown = "";
      pane.replaceChildren();
      follow();
    },
    takes(link) {
      if (!isOn() || !link.dataset.article || !hits.contains(link)) return false;
      open(link.dataset.article);
      return true;
    },
  };
}
