// When the articles that a query finds were published, as a chart in which a period can be chosen, and as a table.

import { facet } from "./api.js";
import { makeDraggable } from "./chart-range.js";
import { createChart } from "./chart.js";
import { byId, el } from "./dom.js";
import { stateLink } from "./links.js";
import { text } from "./messages.js";
import { isSuperseded } from "./request.js";
import { facetParams } from "./state.js";
import { daysBetween, firstDay, lastDay, shifted } from "./time.js";

/** Number of buckets to request: the most that the server returns. */
const BUCKETS = 1000;
/** Up to this many days, a bar is a day; up to this many months, a month; beyond that, a year. */
const DAYS = 92;
const MONTHS = 240;

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Wires the timeline. `change(patch)` is called with a period; `show` follows a state. */
export function createTimeline(change) {
  const box = byId("timeline");
  const body = byId("timeline-body");
  const zoom = byId("timeline-zoom");
  const clear = byId("timeline-clear");
  const table = byId("timeline-table");
  let state = null;
  let zoomed = false;
  let asked = "";
  let request = null;
  /** The drawn chart: bars with their unit, the chart and its range. */
  let drawn = null;

  zoom.addEventListener("click", () => {
    zoomed = !zoomed;
    show(state);
  });
  clear.addEventListener("click", () => {
    zoomed = false;
    change({ from: "", to: "" });
  });
  table.addEventListener("toggle", () => fillTable());

  async function show(next) {
    state = next;
    const chosen = DAY.test(state.from) || DAY.test(state.to);
    if (!chosen) zoomed = false;
    // The chart's bars do not depend on the range chosen in it, except when it is zoomed in.
    const shown = zoomed ? { ...state } : { ...state, from: "", to: "" };
    const key = `${facetParams(shown, 0)} ${zoomed}`;
    if (key !== asked) {
      asked = key;
      request?.abort();
      request = new AbortController();
      box.setAttribute("aria-busy", "true");
      try {
        const { unit, bars } = await bucketsOf(shown, request.signal);
        draw(unit, bars);
      } catch (error) {
        if (isSuperseded(error)) return;
        // The list reports the failure; the chart is only hidden.
        asked = "";
        draw("month", []);
      }
    }
    follow();
  }

  function draw(unit, bars) {
    box.setAttribute("aria-busy", "false");
    box.hidden = bars.length < 2;
    if (box.hidden) {
      drawn = null;
      body.replaceChildren();
      return;
    }
    const chart = createChart(unit, bars);
    const range = makeDraggable(chart, [0, bars.length - 1], (start, end) => {
      const all = start === 0 && end === bars.length - 1;
      if (all && !zoomed) change({ from: "", to: "" });
      else change({ from: firstDay(bars[start].value), to: lastDay(bars[end].value) });
    });
    drawn = { unit, bars, range };
    body.replaceChildren(chart.element);
    byId("timeline-unit").textContent = text.timeline.units[unit];
  }

  /** The active range, as indices of the drawn bars. */
  function follow() {
    const chosen = Boolean(state.from || state.to);
    zoom.hidden = clear.hidden = !chosen;
    zoom.textContent = zoomed ? text.timeline.zoomOut : text.timeline.zoomIn;
    zoom.setAttribute("aria-pressed", String(zoomed));
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
    const rows = bars
      .filter(({ count }) => count > 0)
      .map(({ value, count }) => {
        const when = text.dateLabel(value);
        const only = { ...state, from: firstDay(value), to: lastDay(value), page: 1, article: "" };
        const link = stateLink(only, "filter", {}, when);
        return el("tr", {}, el("th", { scope: "row" }, link), el("td", {}, text.countShort(count)));
      });
    byId("timeline-rows").replaceChildren(
      el(
        "table",
        {},
        el("thead", {}, el("tr", {}, [text.timeline.column[unit], text.timeline.number].map((name) => el("th", { scope: "col" }, name)))),
        el("tbody", {}, rows),
      ),
    );
  }

  return { show };
}

/** The bars for a state, without gaps, in a unit that fits the time they span. */
async function bucketsOf(state, signal) {
  const months = (await facet("month", state, BUCKETS, signal)).values;
  if (months.length === 0) return { unit: "month", bars: [] };
  const first = state.from || firstDay(months[0].value);
  const last = state.to || lastDay(months.at(-1).value);
  if (daysBetween(first, last) < DAYS) {
    const days = (await facet("day", state, BUCKETS, signal)).values;
    const from = state.from || days[0].value;
    const to = state.to || days.at(-1).value;
    return { unit: "day", bars: dense(days, from, to) };
  }
  const bars = dense(months, first.slice(0, 7), last.slice(0, 7));
  if (bars.length <= MONTHS) return { unit: "month", bars };
  const years = new Map();
  for (const { value, count } of months) {
    const year = value.slice(0, 4);
    years.set(year, (years.get(year) ?? 0) + count);
  }
  const counted = [...years].map(([value, count]) => ({ value, count }));
  return { unit: "year", bars: dense(counted, first.slice(0, 4), last.slice(0, 4)) };
}

/** Every bucket from `first` to `last`, including those without articles. */
function dense(values, first, last) {
  const counts = new Map(values.map(({ value, count }) => [value, count]));
  const bars = [];
  // The bound only guards against an invalid date.
  for (let value = first; value <= last && bars.length < 4 * BUCKETS; value = shifted(value, 1)) {
    bars.push({ value, count: counts.get(value) ?? 0 });
  }
  return bars;
}
