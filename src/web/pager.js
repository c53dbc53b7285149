// Links to the pages of an answer.

import { byId, el } from "./dom.js";
import { text } from "./messages.js";
import { stateLink } from "./links.js";
import { pageCount, WINDOW } from "./state.js";

const pager = byId("pager");

/** The page numbers to show: the first, the last and those near the current one, with `null` for a gap. */
function pageNumbers(page, last) {
  const near = [page - 2, page - 1, page, page + 1, page + 2];
  const numbers = [...new Set([1, ...near, last])].filter((number) => number >= 1 && number <= last);
  return numbers.flatMap((number, at) => (at > 0 && number > numbers[at - 1] + 1 ? [null, number] : [number]));
}

/** Shows the pages of `total` hits; nothing if they fit on one page. */
export function showPager(state, total) {
  const last = pageCount(total, state.size);
  const { page } = state;
  pager.hidden = last < 2 || page > last;
  if (pager.hidden) {
    pager.replaceChildren();
    return;
  }
  const to = (number, attributes, ...label) => stateLink({ ...state, page: number }, "page", attributes, ...label);
  const step = (number, label, rel) =>
    number >= 1 && number <= last
      ? to(number, { class: "step", rel }, label)
      : el("span", { class: "step off", "aria-hidden": "true" }, label);
  const numbers = pageNumbers(page, last).map((number) => {
    if (number === null) return el("li", { class: "gap", "aria-hidden": "true" }, "…");
    const current = number === page && "page";
    // Hidden on a narrow screen.
    const far = number !== page && Math.abs(number - page) > 1;
    return el(
      "li",
      { class: far && "far" },
      to(number, { "aria-current": current }, text.countShort(number), el("span", { class: "sr" }, text.pageUnit)),
    );
  });
  const end = page === last && total > WINDOW && el("p", { class: "fine" }, text.lastReachable(WINDOW));
  pager.replaceChildren(
    ...[step(page - 1, text.previous, "prev"), el("ol", {}, numbers), step(page + 1, text.next, "next"), end].filter(
      Boolean,
    ),
  );
}
