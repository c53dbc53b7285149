// When the articles that a query finds were published, as a chart in which a period can be chosen, and as a table.

import { barsOf, MOST_DAYS, unitsThatFit } from "./bars.js";
import { makeDraggable } from "./chart-range.js";
import { createChart } from "./chart.js";
import { byId, el } from "./dom.js";
import { stateLink } from "./links.js";
import { text } from "./messages.js";
import { undatedState } from "./notices.js";
import { isSuperseded } from "./request.js";
import { BAR_UNITS, facetParams, folds, frameOf, href } from "./state.js";
import { daysBetween, firstDay, lastDay } from "./time.js";

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Wires the timeline. `change(patch)` is called with a period, a frame or a unit, `undatedKnown` with the number of articles without a
 * date; `show` follows a state.
 */
export function createTimeline(change, undatedKnown) {
  const box = byId("timeline");
  const body = byId("timeline-body");
  const zoom = byId("timeline-zoom");
  const whole = byId("timeline-whole");
  const clear = byId("timeline-clear");
  const by = byId("timeline-by");
  const unfit = byId("timeline-unfit");
  const table = byId("timeline-table");
  const undated = byId("timeline-undated");
  let state = null;
  let asked = "";
  let request = null;
  /** The drawn chart: bars with their unit, and its range. */
  let drawn = null;
  let newestFirst = true;
  let showing = Promise.resolve();

  zoom.addEventListener("click", () => change({ frame: `${state.from}..${state.to}`, page: state.page }));
  whole.addEventListener("click", () => change({ frame: "", page: state.page }));
  clear.addEventListener("click", () => change({ from: "", to: "", frame: "" }));
  by.append(...["", ...BAR_UNITS].map((unit) => el("option", { value: unit }, text.timeline.by[unit])));
  by.addEventListener("change", () => {
    // Bars that are too many for all of the time are drawn for the chosen period alone.
    const narrow = by.value && drawn && !unitsThatFit(drawn.span).includes(by.value);
    change({ bars: by.value, page: state.page, ...(narrow && { frame: `${state.from}..${state.to}` }) });
  });
  table.addEventListener("toggle", () => fillTable());

  async function show(next) {
    state = next;
    const frame = frameOf(state);
    // The bars do not depend on the range chosen among them: they show all of the time, or all of the frame.
    const shown = { ...state, ...(frame ?? { from: "", to: "" }) };
    const key = `${facetParams(shown, 0)} ${state.bars}`;
    if (key !== asked) {
      asked = key;
      request?.abort();
      request = new AbortController();
      box.setAttribute("aria-busy", "true");
      try {
        draw(await barsOf(shown, request.signal));
      } catch (error) {
        if (isSuperseded(error)) return;
        // The list reports the failure; the chart is only hidden.
        asked = "";
        draw({ unit: "month", bars: [] });
      }
    }
    follow();
  }

  function draw({ unit, bars, span, missing = 0 }) {
    undatedKnown(missing);
    undated.hidden = missing === 0;
    undated.textContent = text.timeline.undated(missing);
    undated.href = href(undatedState(state));
    box.setAttribute("aria-busy", "false");
    const framed = frameOf(state) !== null;
    // In a frame there is always a way out of it.
    box.hidden = bars.length < 2 && !framed;
    if (bars.length === 0 || box.hidden) {
      drawn = null;
      body.replaceChildren();
      return;
    }
    const chart = createChart(unit, bars, folds(state));
    const range = makeDraggable(chart, [0, bars.length - 1], choose);
    drawn = { unit, bars, range, span };
    body.replaceChildren(chart.element);
    byId("timeline-unit").textContent = text.timeline.units[unit];
  }

  /** Which units can be chosen: those that fit all that is shown, or the chosen period. Says why another is not. */
  function followUnit() {
    by.value = state.bars;
    unfit.hidden = true;
    if (!drawn) return;
    const { unit, bars, span } = drawn;
    const first = DAY.test(state.from) ? state.from : firstDay(bars[0].value);
    const last = DAY.test(state.to) ? state.to : lastDay(bars.at(-1).value);
    const fits = unitsThatFit(Math.min(span, Math.max(1, daysBetween(first, last) + 1)));
    for (const option of by.options) option.disabled = option.value !== "" && !fits.includes(option.value);
    const missing = BAR_UNITS.filter((each) => !fits.includes(each));
    by.title = missing.map((each) => text.timeline.unfit(each, MOST_DAYS[each])).join("\n");
    unfit.hidden = !state.bars || state.bars === unit;
    if (!unfit.hidden) unfit.textContent = text.timeline.unfit(state.bars, MOST_DAYS[state.bars]);
  }

  /** A range as a period. An end that the reader did not choose stays as it is: open, or the frame's. */
  function choose(start, end, moved) {
    const { bars } = drawn;
    const bounds = frameOf(state) ?? { from: "", to: "" };
    const first = firstDay(bars[start].value);
    const last = lastDay(bars[end].value);
    // A week may begin before the frame does.
    const from = bounds.from && first < bounds.from ? bounds.from : first;
    const to = bounds.to && last > bounds.to ? bounds.to : last;
    if (moved === "bar") change({ from, to });
    else {
      change({
        from: moved === "to" ? state.from : start === 0 ? bounds.from : from,
        to: moved === "from" ? state.to : end === bars.length - 1 ? bounds.to : to,
      });
    }
  }

  /** The active range, as indices of the drawn bars. */
  function follow() {
    const buttons = [whole, zoom, clear];
    const pressed = buttons.find((button) => button === document.activeElement);
    const frame = frameOf(state);
    const chosen = Boolean(state.from || state.to);
    const isFrame = frame && frame.from === state.from && frame.to === state.to;
    clear.hidden = !chosen;
    whole.hidden = !frame;
    zoom.hidden = !chosen || Boolean(isFrame) || state.from === state.to;
    // A button that has done its work is gone: the focus stays near.
    if (pressed?.hidden) (buttons.find((button) => !button.hidden) ?? by).focus();
    followUnit();
    if (!drawn) return;
    const { bars, range } = drawn;
    let start = DAY.test(state.from) ? bars.findIndex(({ value }) => lastDay(value) >= state.from) : 0;
    let end = DAY.test(state.to) ? bars.findLastIndex(({ value }) => firstDay(value) <= state.to) : bars.length - 1;
    // A period entirely outside the bars is shown at the nearer end.
    if (start < 0) start = bars.length - 1;
    if (end < 0) end = 0;
    range.show(Math.min(start, end), Math.max(start, end));
    fillTable();
  }

  function fillTable() {
    if (!table.open || !drawn) return;
    const { unit, bars } = drawn;
    const filled = bars.filter(({ count }) => count > 0);
    const rows = (newestFirst ? filled.reverse() : filled).map(({ value, count }) => {
      const only = { ...state, from: firstDay(value), to: lastDay(value), page: 1, article: "" };
      const link = stateLink(only, "filter", {}, text.dateLabel(value));
      return el("tr", {}, el("th", { scope: "row" }, link), el("td", {}, text.countShort(count)));
    });
    const turn = el("button", { type: "button", class: "link" }, text.timeline.column[unit], newestFirst ? " ↓" : " ↑");
    turn.addEventListener("click", () => {
      newestFirst = !newestFirst;
      fillTable();
      byId("timeline-rows").querySelector("button")?.focus();
    });
    byId("timeline-rows").replaceChildren(
      el(
        "table",
        {},
        el(
          "thead",
          {},
          el(
            "tr",
            {},
            el("th", { scope: "col", "aria-sort": newestFirst ? "descending" : "ascending" }, turn),
            el("th", { scope: "col" }, text.timeline.number, folds(state) && ` ${text.foldedWord}`),
          ),
        ),
        el("tbody", {}, rows),
      ),
    );
  }

  return {
    show(next) {
      showing = show(next);
    },
    /** Resolves when the state that was given last is drawn, or cannot be. */
    drawn: () => showing,
    /** Forgets what was drawn, so that it is asked for again. */
    renew() {
      asked = "";
    },
  };
}
