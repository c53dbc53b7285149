// Draws the bars of a timeline and the chosen range. Dragging and keys are handled by chart-range.js.

import { el, svg } from "./dom.js";
import { text } from "./messages.js";

/** The most labels under the bars. */
const TICKS = 8;
/** Height of the lowest bar in percent, so that a bar of few articles can be seen next to one of many. */
const LOWEST = 4;

/**
 * A chart of `bars`, `[{value, count}]` without gaps. Bars are addressed by index. `select` shows a range, both ends included;
 * a range of all bars is the same as none.
 */
export function createChart(unit, bars) {
  const highest = Math.max(1, ...bars.map(({ count }) => count));
  const share = 100 / bars.length;
  const rects = bars.map(({ count }, at) => {
    const height = count === 0 ? 0 : Math.max(LOWEST, (100 * count) / highest);
    // Bars have gaps between them only where there is room.
    const inset = bars.length > 150 ? 0 : 0.12;
    return svg("rect", { x: at + inset, y: 100 - height, width: 1 - 2 * inset, height, class: "bar" });
  });
  const first = text.dateLabel(bars[0].value);
  const last = text.dateLabel(bars.at(-1).value);
  const picture = svg(
    "svg",
    {
      viewBox: `0 0 ${bars.length} 100`,
      preserveAspectRatio: "none",
      role: "img",
      "aria-label": text.timeline.label(text.timeline.units[unit], first, last),
    },
    rects,
  );
  const handle = (name) =>
    el("div", {
      class: `handle ${name}`,
      role: "slider",
      tabindex: "0",
      "aria-label": text.timeline[name],
      "aria-valuemin": "0",
      "aria-valuemax": String(bars.length - 1),
    });
  const from = handle("from");
  const to = handle("to");
  const shade = [el("div", { class: "shade" }), el("div", { class: "shade" })];
  const tip = el("div", { class: "tip", "aria-hidden": "true", hidden: true });
  const plot = el("div", { class: "plot" }, picture, shade, from, to, tip);
  const element = el("div", { class: "chart" }, plot, axis(unit, bars, share));

  return {
    element,
    plot,
    handles: { from, to },
    bars,
    /** The bar at a place on the screen. */
    barAt(clientX) {
      const { left, width } = plot.getBoundingClientRect();
      const at = Math.floor((bars.length * (clientX - left)) / Math.max(1, width));
      return Math.min(bars.length - 1, Math.max(0, at));
    },
    select(start, end) {
      // By the style object: the content security policy forbids style attributes.
      from.style.left = `${start * share}%`;
      to.style.left = `${(end + 1) * share}%`;
      shade[0].style.width = `${start * share}%`;
      shade[1].style.width = `${100 - (end + 1) * share}%`;
      for (const [each, at] of [[from, start], [to, end]]) {
        each.setAttribute("aria-valuenow", String(at));
        each.setAttribute("aria-valuetext", text.dateLabel(bars[at].value));
      }
      const all = start === 0 && end === bars.length - 1;
      rects.forEach((rect, at) => rect.classList.toggle("out", !all && (at < start || at > end)));
    },
    point(at) {
      tip.hidden = at === null;
      if (at === null) return;
      tip.textContent = text.timeline.bar(text.dateLabel(bars[at].value), bars[at].count);
      const place = (at + 0.5) * share;
      tip.style.left = `${place}%`;
      // Kept inside the chart at both ends.
      tip.style.translate = `${-place}%`;
    },
  };
}

/** Labels: years if there are many months, otherwise evenly spread. */
function axis(unit, bars, share) {
  const january = unit === "month" && bars.length > 18;
  const places = bars.map((_, at) => at).filter((at) => !january || bars[at].value.endsWith("-01"));
  const step = Math.ceil(places.length / TICKS);
  const ticks = places
    .filter((_, at) => at % step === 0)
    .map((at) => {
      const { value } = bars[at];
      const tick = el("span", {}, text.dateTick(january ? value.slice(0, 4) : value));
      tick.style.left = `${at * share}%`;
      return tick;
    })
    // A label that begins near the end would extend past the chart.
    .filter((tick) => Number.parseFloat(tick.style.left) < 94);
  return el("div", { class: "axis", "aria-hidden": "true" }, ticks);
}
