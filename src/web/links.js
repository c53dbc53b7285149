// Links to other states of the page, and the line about an article's origin, which is made of them.

import { el } from "./dom.js";
import { marked } from "./marks.js";
import { text } from "./messages.js";
import { href } from "./state.js";
import { koreanClock } from "./time.js";

/** A link to another state of this page. app.js decides what `nav` means. */
export function stateLink(state, nav, attributes, ...children) {
  return el("a", { href: href(state), "data-nav": nav, ...attributes }, ...children);
}

/** A title with its marks, or the words for none. */
export function markedTitle(title) {
  return title.text.trim() ? marked(title) : text.untitled;
}

/** A `<time>` in Korean time. */
export function timeOf(publishedAt) {
  const clock = koreanClock(publishedAt);
  if (!clock) return el("span", {}, text.noDate);
  return el("time", { datetime: publishedAt }, text.moment(clock));
}

/** Outlet, time, section and reporters of an article or hit, each reporter's name linked to all of their articles. */
export function metaLine(state, item, tag = "p") {
  const reporters = (item.reporters ?? []).map((name) =>
    stateLink(
      { ...state, reporter: [name], page: 1, article: "" },
      "filter",
      { class: "quiet", title: text.onlyReporter(name) },
      name,
    ),
  );
  return el(
    tag,
    { class: "meta" },
    item.outlet && el("span", { class: "outlet" }, item.outlet),
    timeOf(item.published_at),
    item.corrected_at && el("span", { class: "corrected" }, text.corrected, " ", timeOf(item.corrected_at)),
    item.section && el("span", {}, item.section),
    reporters.length > 0 && el("span", {}, reporters.flatMap((link, at) => (at ? [", ", link] : [link]))),
  );
}
