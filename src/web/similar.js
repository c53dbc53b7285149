// "비슷한 기사 N건": the articles that are near-identical to a hit, listed beneath it in the order of publication.

import { similarTo } from "./api.js";
import { el, icon } from "./dom.js";
import { metaLine, stateLink } from "./links.js";
import { text } from "./messages.js";
import { isSuperseded } from "./request.js";
import { NO_FILTERS } from "./state.js";

/** Articles that are listed beneath a hit at most; a link leads to the rest. */
const LISTED = 20;

let numbered = 0;

/** A button and the list that it opens, fetched when it is first opened. `all` other articles are near-identical to the hit. */
export function similarPart(state, hit, all) {
  numbered += 1;
  const id = `similar-${numbered}`;
  const list = el("div", { class: "similar", id, hidden: true });
  const button = el(
    "button",
    { type: "button", class: "plain similar-toggle", "aria-expanded": "false", "aria-controls": id },
    icon("stack"),
    text.similar(all, hit.similar_count),
  );
  let fetched = false;
  button.addEventListener("click", async () => {
    const open = list.hidden;
    list.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    if (!open || fetched) return;
    fetched = true;
    list.replaceChildren(el("p", { class: "fine" }, text.loading));
    try {
      list.replaceChildren(...listOf(state, hit, await similarTo(hit.id)));
    } catch (error) {
      if (isSuperseded(error)) return;
      fetched = false;
      list.replaceChildren(el("p", { class: "fine", role: "alert" }, text.errorSimilar));
    }
  });
  return [button, list];
}

function listOf(state, hit, answer) {
  const others = answer.hits.filter(({ id }) => id !== hit.id);
  const items = others.slice(0, LISTED).map((other) =>
    el(
      "li",
      {},
      stateLink(
        { ...state, article: other.id },
        "article",
        { class: "title", "data-article": other.id },
        other.title?.trim() || text.untitled,
      ),
      metaLine(state, other),
    ),
  );
  // All of them are more than the query and the filters let through, so the link leaves those out.
  const everywhere = { ...state, ...NO_FILTERS, q: "", sort: "oldest", similar: hit.id, page: 1, article: "" };
  const links = [stateLink(everywhere, "filter", { class: "every" }, text.similarAll(answer.total))];
  if (hit.similar_count > 0 && hit.similar_count + 1 < answer.total) {
    const inside = { ...state, similar: hit.id, page: 1, article: "" };
    links.push(" · ", stateLink(inside, "filter", { class: "inside" }, text.similarInside(hit.similar_count + 1)));
  }
  return [el("ul", {}, items), el("p", { class: "fine" }, links)];
}
