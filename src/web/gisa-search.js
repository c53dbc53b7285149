// `<gisa-search>`: a search box with results for any page of the intranet, served as /embed.js.
//
// Attributes: outlet, section (several with commas), from, to (YYYY-MM-DD), size, placeholder, theme (light, dark, auto),
// lang (ko, en), q. Events, bubbling and composed: `search` {q, total}, `select` {id, title, url, href}. Preventing the
// default of `select` allows the article to be opened in another way.

import { el, webAddress } from "./dom.js";
import { applyStyle } from "./gisa-style.js";
import { WORDS } from "./gisa-words.js";
import { marked, snippetNodes } from "./marks.js";
import { isSuperseded, requestJson } from "./request.js";
import { koreanClock, PERIODS, presetStart } from "./time.js";

const PAUSE_MS = 200;
const SIZE = 5;
const LARGEST = 50;
/** A page of the API has no more hits: past them leads the search page. */
const LARGEST_PAGE = 100;
const ORDERS = ["relevance", "newest", "oldest"];
/** Completions offered while somebody types. */
const OFFERED = 8;

/** The server that this script came from is the one to search. A script of `type=module` has no `currentScript`. */
const BASE = new URL(
  ".",
  document.currentScript?.src ?? [...document.scripts].find(({ src }) => /\/embed\.js(\?|$)/.test(src))?.src ?? location.href,
);

/** Periods that are offered: those that need no dates. */
const OFFERED_PERIODS = PERIODS.filter((name) => name !== "custom");

class GisaSearch extends HTMLElement {
  static observedAttributes = ["outlet", "section", "from", "to", "size", "placeholder", "lang", "q"];

  #words = WORDS.ko;
  #input = el("input", { type: "search", name: "q", autocomplete: "off", spellcheck: "false", maxlength: "512", list: "offered" });
  #offered = el("datalist", { id: "offered" });
  #order = el("select", { class: "order" }, ORDERS.map((value) => el("option", { value })));
  #period = el("select", { class: "period" }, OFFERED_PERIODS.map((value) => el("option", { value })));
  #choices = el("div", { class: "choices", hidden: true }, this.#order, this.#period);
  #next = el("button", { type: "button", class: "next", hidden: true });
  #button = el("button", { type: "submit" });
  #said = el("p", { class: "said", role: "status" });
  #hits = el("ol", {});
  #all = el("a", { target: "_blank", rel: "noopener" });
  #more = el("p", { class: "all", hidden: true }, this.#all);
  #request = null;
  #offering = null;
  #timer = 0;
  /** Hits shown at present; more of them after "more". */
  #wanted = 0;

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    applyStyle(root);
    const form = el("form", { role: "search" }, this.#input, this.#offered, this.#button);
    root.append(el("div", { class: "box", part: "box" }, form, this.#choices, this.#said, this.#hits, this.#next, this.#more));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#search();
    });
    this.#input.addEventListener("input", (event) => {
      // A syllable that is being composed may still change.
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#typed(), event.isComposing ? 2 * PAUSE_MS : PAUSE_MS);
    });
    for (const choice of [this.#order, this.#period]) choice.addEventListener("change", () => this.#search());
    this.#next.addEventListener("click", () => this.#search(this.#wanted + this.#size()));
    // The inner events of the box stay inside: outside, they would be taken for those of the page or of the element.
    for (const type of ["input", "change", "search", "select"]) root.addEventListener(type, (event) => event.stopPropagation());
    root.addEventListener("click", (event) => this.#follow(event));
  }

  connectedCallback() {
    this.#speak();
    if (this.getAttribute("q")) this.#ask(this.getAttribute("q"));
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    this.#request?.abort();
    this.#offering?.abort();
  }

  attributeChangedCallback(name, before, now) {
    if (!this.isConnected || before === now) return;
    if (name === "lang" || name === "placeholder") this.#speak();
    if (name === "q") this.#ask(now ?? "");
    else if (this.#input.value.trim()) this.#search();
  }

  /** The text in the box. */
  get value() {
    return this.#input.value;
  }

  set value(q) {
    this.#ask(q);
  }

  /** Focuses the box. */
  focus(options) {
    this.#input.focus(options);
  }

  #ask(q) {
    this.#input.value = q;
    this.#search();
  }

  #speak() {
    const language = this.getAttribute("lang") || this.closest("[lang]")?.lang || "ko";
    this.#words = WORDS[language.split("-")[0]] ?? WORDS.ko;
    this.#input.placeholder = this.getAttribute("placeholder") ?? this.#words.placeholder;
    this.#input.setAttribute("aria-label", this.#words.label);
    this.#button.textContent = this.#words.search;
    this.#next.textContent = this.#words.more;
    for (const [choice, label, names] of [
      [this.#order, this.#words.order, this.#words.orders],
      [this.#period, this.#words.period, this.#words.periods],
    ]) {
      choice.setAttribute("aria-label", label);
      for (const option of choice.options) option.textContent = names[option.value];
    }
    this.#all.replaceChildren(this.#words.all, el("span", { class: "sr" }, ` ${this.#words.newTab}`));
  }

  #size() {
    const size = Number.parseInt(this.getAttribute("size"), 10);
    return size >= 1 ? Math.min(size, LARGEST) : SIZE;
  }

  #params(q) {
    const params = new URLSearchParams({ q });
    for (const field of ["outlet", "section"]) {
      for (const value of (this.getAttribute(field) ?? "").split(",")) {
        if (value.trim()) params.append(field, value.trim());
      }
    }
    for (const end of ["from", "to"]) {
      if (this.getAttribute(end)) params.set(end, this.getAttribute(end));
    }
    // The page that embeds the element decides first.
    if (!this.#isBounded() && this.#period.value !== "all") params.set("from", presetStart(this.#period.value));
    if (this.#order.value !== ORDERS[0]) params.set("sort", this.#order.value);
    return params;
  }

  #isBounded() {
    return this.hasAttribute("from") || this.hasAttribute("to");
  }

  /** What is typed is searched for, and completed. */
  #typed() {
    this.#search();
    this.#offer();
  }

  /** Completions are only a help: the search works without them. */
  async #offer() {
    this.#offering?.abort();
    const q = this.#input.value.trim();
    if (!q) return;
    const own = new AbortController();
    this.#offering = own;
    try {
      const asked = new URLSearchParams({ q, size: String(OFFERED) });
      const { completions } = await requestJson(new URL(`./api/suggest?${asked}`, BASE).href, own.signal);
      this.#offered.replaceChildren(...completions.map(({ text }) => el("option", { value: text })));
    } catch (error) {
      if (!isSuperseded(error)) this.#offered.replaceChildren();
    }
  }

  /** The address of an article on the search page, or of the whole search if the id is empty. */
  #page(params, article) {
    const shown = new URLSearchParams(params);
    if (article) shown.set("article", article);
    if (this.#words === WORDS.en) shown.set("lang", "en");
    return new URL(`./?${shown}`, BASE).href;
  }

  async #search(wanted = this.#size()) {
    clearTimeout(this.#timer);
    this.#request?.abort();
    const q = this.#input.value.trim();
    if (!q) {
      this.#request = null;
      this.#said.replaceChildren();
      this.#hits.replaceChildren();
      this.#offered.replaceChildren();
      this.#more.hidden = this.#next.hidden = this.#choices.hidden = true;
      return;
    }
    this.#wanted = Math.min(wanted, LARGEST_PAGE);
    this.#choices.hidden = false;
    this.#period.hidden = this.#isBounded();
    const own = new AbortController();
    this.#request = own;
    const params = this.#params(q);
    const asked = new URLSearchParams(params);
    asked.set("size", String(this.#wanted));
    asked.set("group", "similar");
    asked.set("snippets", "2");
    try {
      const answer = await requestJson(new URL(`./api/search?${asked}`, BASE).href, own.signal);
      this.#show(params, answer);
      this.#tell("search", { q, total: answer.total, articles: answer.articles ?? answer.total });
    } catch (error) {
      if (isSuperseded(error)) return;
      console.error(error);
      this.#hits.replaceChildren();
      this.#more.hidden = this.#next.hidden = true;
      this.#said.textContent = this.#reason(error);
    }
  }

  /** What to tell when there is no answer. */
  #reason({ status, code }) {
    // Trying again later helps nobody who is not let in.
    if ([401, 403].includes(status)) return this.#words.signIn;
    // A browser tells a page of another origin nothing but that it failed: the usual cause is the setting.
    const elsewhere = code === "network" && BASE.origin !== location.origin;
    return elsewhere ? this.#words.unlisted(location.origin) : this.#words.failed;
  }

  #show(params, answer) {
    const words = this.#words;
    this.#said.replaceChildren(
      answer.total ? words.total(answer.articles ?? answer.total) : words.none,
      (answer.articles ?? answer.total) === answer.total ? "" : ` · ${words.folded(answer.total)}`,
      answer.partial ? ` · ${words.partial}` : "",
      answer.relaxed ? ` · ${words.relaxed}` : "",
      ...this.#suggestion(answer.suggestion),
    );
    this.#hits.replaceChildren(...answer.hits.map((hit) => this.#item(params, hit)));
    this.#all.href = this.#page(params, "");
    this.#more.hidden = answer.total === 0;
    this.#next.hidden = answer.hits.length >= answer.total || this.#wanted >= LARGEST_PAGE;
  }

  #suggestion(q) {
    if (typeof q !== "string" || !q) return [];
    const button = el("button", { type: "button", class: "suggestion" }, q);
    button.addEventListener("click", () => this.#ask(q));
    return [` ${this.#words.suggestion} `, button];
  }

  #item(params, hit) {
    const title = hit.highlight?.title ?? { text: hit.title ?? "", marks: [] };
    const link = el(
      "a",
      { class: "title", part: "title", href: this.#page(params, hit.id), target: "_blank", rel: "noopener" },
      title.text.trim() ? marked(title) : this.#words.untitled,
      el("span", { class: "sr" }, ` ${this.#words.newTab}`),
    );
    link.hit = hit;
    const clock = koreanClock(hit.published_at);
    const about = [hit.outlet, clock && this.#words.day(clock)].filter(Boolean).join(" · ");
    const snippets = hit.highlight?.body ?? [];
    return el(
      "li",
      { part: "hit" },
      link,
      snippets.length > 0 && el("p", { class: "snippets" }, snippetNodes(snippets)),
      el("p", { class: "meta" }, about),
    );
  }

  #follow(event) {
    const link = event.target.closest("a.title");
    if (!link) return;
    const { id, title, url } = link.hit;
    const detail = { id, title, url: webAddress(url), href: link.href };
    if (!this.#tell("select", detail)) event.preventDefault();
  }

  #tell(type, detail) {
    return this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true, cancelable: true }));
  }
}

if (!customElements.get("gisa-search")) customElements.define("gisa-search", GisaSearch);
