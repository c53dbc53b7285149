// Under the head of an article that was corrected: when, and what it said before.

import { versions as fetchVersions } from "./api.js";
import { compareButton } from "./compare.js";
import { el } from "./dom.js";
import { timeOf } from "./links.js";
import { markedParagraphs } from "./marks.js";
import { text } from "./messages.js";
import { problemBox } from "./problem-box.js";
import { asProblem, isSuperseded } from "./request.js";

/** A note that unfolds to the earlier texts; nothing for an article that was never corrected. */
export function versionsPart(item, signal) {
  if (!item.corrected_at) return null;
  const list = el("div", {});
  const part = el(
    "details",
    { class: "versions" },
    el("summary", {}, el("span", { class: "badge" }, text.corrected), " ", timeOf(item.corrected_at), " · ", text.earlierTexts),
    list,
  );
  part.addEventListener("toggle", () => {
    if (part.open && !list.firstChild) show(list, item.id, signal);
  });
  return part;
}

async function show(list, id, signal) {
  list.replaceChildren(el("p", { class: "fine" }, text.loading));
  try {
    const { versions, earlier_dropped: dropped } = await fetchVersions(id, signal);
    const earlier = versions.slice(1);
    list.replaceChildren(
      el("ol", {}, earlier.map((version) => earlierText(id, version, dropped, signal))),
      ...(earlier.length ? [] : [el("p", { class: "fine" }, text.noEarlierTexts)]),
    );
  } catch (error) {
    if (isSuperseded(error)) return;
    list.replaceChildren(problemBox(text.errorArticle, asProblem(error), () => show(list, id, signal)));
  }
}

/** Since when the oldest text that is kept was the article's: it is the first one only where none was dropped. */
function beginning(dropped) {
  return dropped === false ? text.asFirstKnown : dropped ? text.earlierGone : text.earlierPerhaps;
}

function earlierText(id, { version, since, until, article }, dropped, signal) {
  const title = article.title?.trim() || text.untitled;
  return el(
    "li",
    {},
    el("p", { class: "fine" }, since ? timeOf(since) : beginning(dropped), " ~ ", timeOf(until)),
    compareButton(id, { version }, text.compare.withPresent, signal),
    el(
      "details",
      { class: "earlier" },
      el("summary", {}, text.wholeText),
      el("h3", {}, title),
      el("div", { class: "article-body" }, markedParagraphs({ text: article.body ?? "", marks: [] })),
    ),
  );
}
