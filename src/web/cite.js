// An article as it is cited: in a newsroom's style, by APA, as a link. And its own address on this page.

import { webAddress } from "./dom.js";
import { text } from "./messages.js";
import { koreanClock } from "./time.js";

/** The address of an article here, without the search that led to it. */
export function permalink(id) {
  return new URL(`./?${new URLSearchParams({ article: id })}`, location.href).href;
}

/** The ways to cite an article: `{name, label, value}`. */
export function citations(item) {
  const title = item.title?.trim() || text.untitled;
  const address = webAddress(item.url) ?? permalink(item.id);
  const clock = koreanClock(item.published_at);
  const date = clock && { ...clock, timed: false };
  const outlet = item.outlet?.trim() ?? "";
  // Quotation marks within quotation marks are single ones.
  const inner = title.replace(/["“]([^"“”]*)["”]/gu, "‘$1’");
  const newsroom = [outlet, date ? text.moment(date) : text.noDate, `“${inner}”`, address].filter(Boolean).join(", ");
  const authors = (item.reporters ?? []).join(", ") || outlet;
  const apa = [authors && `${authors}.`, `(${date ? text.apaDate(date) : text.apaNoDate}).`, `${title}.`, outlet && `${outlet}.`, address];
  return [
    { name: "newsroom", value: newsroom },
    { name: "apa", value: apa.filter(Boolean).join(" ") },
    { name: "link", value: `${title} ${address}` },
  ].map((form) => ({ ...form, label: text.cite.forms[form.name] }));
}

/**
 * The id of the article that a text names, if it looks like the address of one: of this page, or the path of the API. Empty
 * otherwise.
 */
export function articleNamed(value) {
  const address = webAddress(value.trim());
  if (!address) return "";
  const url = new URL(address);
  const here = new URL(".", location.href);
  if (url.origin !== here.origin || !url.pathname.startsWith(here.pathname)) return "";
  const path = url.pathname.slice(here.pathname.length);
  const stored = /^api\/articles\/([^/]+)$/.exec(path);
  try {
    return url.searchParams.get("article") ?? (stored ? decodeURIComponent(stored[1]) : "");
  } catch {
    return "";
  }
}
