// What an article that was corrected said before.

import { versions as fetchVersions } from "./api.js";
import { el } from "./dom.js";
import { timeOf } from "./links.js";
import { markedParagraphs } from "./marks.js";
import { text } from "./messages.js";
import { problemBox } from "./problem-box.js";
import { asProblem, isSuperseded } from "./request.js";
import { compareButton } from "./texts-loader.js";
import { words } from "./texts-messages.js";

/** Fills `list` with the earlier texts of an article. */
export async function showVersions(list, id, signal) {
  list.replaceChildren(el("p", { class: "fine" }, text.loading));
  try {
    const { versions, earlier_dropped: dropped } = await fetchVersions(id, signal);
    const earlier = versions.slice(1);
    list.replaceChildren(
      el("ol", {}, earlier.map((version) => earlierText(id, version, dropped, signal))),
      ...(earlier.length ? [] : [el("p", { class: "fine" }, words.noEarlierTexts)]),
    );
  } catch (error) {
    if (isSuperseded(error)) return;
    list.replaceChildren(problemBox(text.errorArticle, asProblem(error), () => showVersions(list, id, signal)));
  }
}

/** Since when the oldest text that is kept was the article's: it is the first one only where none was dropped. */
function beginning(dropped) {
  return dropped === false ? words.asFirstKnown : dropped ? words.earlierGone : words.earlierPerhaps;
}

function earlierText(id, { version, since, until, article }, dropped, signal) {
  const title = article.title?.trim() || text.untitled;
  return el(
    "li",
    {},
    el("p", { class: "fine" }, since ? timeOf(since) : beginning(dropped), " ~ ", timeOf(until)),
    compareButton(id, { version }, words.withPresent, signal),
    el(
      "details",
      { class: "earlier" },
      el("summary", {}, words.wholeText),
      el("h3", {}, title),
      el("div", { class: "article-body" }, markedParagraphs({ text: article.body ?? "", marks: [] })),
    ),
  );
}
