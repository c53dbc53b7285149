// Bars of a timeline, and the part of them that is chosen. Draws; what is dragged or pressed is chart-range.js's.

import { el, svg } from "./dom.js";
import { text } from "./messages.js";

/** Labels under the bars at most. */
const TICKS = 8;
/** A bar of few beside one of many is still seen: percent of the height. */
const LOWEST = 4;

/**
 * A chart of `bars`, `[{value, count}]` without holes. Bars are addressed by index. `select` shows a choice, with both ends
 * included; all of them chosen is the same as none.
 */
export function createChart(unit, bars) {
  const highest = Math.max(1, ...bars.map(({ count }) => count));
  const share = 100 / bars.length;
  const rects = bars.map(({ count }, at) => {
    const height = count === 0 ? 0 : Math.max(LOWEST, (100 * count) / highest);
    // Gaps between bars only where there is room for them.
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
    /** The bar under a place on the screen. */
    barAt(clientX) {
      const { left, width } = plot.getBoundingClientRect();
      const at = Math.floor((bars.length * (clientX - left)) / Math.max(1, width));
      return Math.min(bars.length - 1, Math.max(0, at));
    },
    select(start, end) {
      // Through the style object, which the policy allows; attributes it would not.
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
      // Kept inside of the chart at both ends.
      tip.style.translate = `${-place}%`;
    },
  };
}

/** Labels: years where months are many, else evenly spread. */
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
    // One that begins near the end would stand out of the chart.
    .filter((tick) => Number.parseFloat(tick.style.left) < 94);
  return el("div", { class: "axis", "aria-hidden": "true" }, ticks);
}
