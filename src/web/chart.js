// Draws the bars of a timeline and the chosen range. Dragging and keys are handled by chart-range.js.

import { el, svg } from "./dom.js";
import { text } from "./messages.js";

/** The most labels under the bars. */
const TICKS = 8;
/** Height of the plot in CSS pixels, as in timeline.css. */
const PLOT_PX = 72;
/** The lowest bar, in percent: one pixel, so that a single article can be seen and does not look like many. */
const LOWEST = 100 / PLOT_PX;
/** The highest bar, in percent: the label of the peak stands above it. */
const HIGHEST = 100;

/**
 * Height in percent. By the square root: a story that grows from ten articles to ten thousand shows both, where equal steps would
 * leave nothing of the ten. The lines behind the bars say what a height means.
 */
function heightOf(count, highest) {
  return count === 0 ? 0 : Math.max(LOWEST, HIGHEST * Math.sqrt(count / highest));
}

/**
 * A chart of `bars`, `[{value, count}]` without gaps. Bars are addressed by index. `select` shows a range, both ends included;
 * a range of all bars is the same as none. `folded` says whether near-identical articles count once.
 */
export function createChart(unit, bars, folded) {
  const highest = Math.max(1, ...bars.map(({ count }) => count));
  const share = 100 / bars.length;
  const rects = bars.map(({ count }, at) => {
    const height = heightOf(count, highest);
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
  const counted = folded ? text.foldedCount : text.timeline.count;
  const peak = peakLabel(bars, counted(highest), highest, share);
  const plot = el("div", { class: "plot" }, scale(highest), picture, shade, peak, tip);
  // Under the plot, not over it: a handle must never lie on a bar.
  const rail = el("div", { class: "rail" }, from, to);
  const labels = axis(unit, bars, share);
  const element = el("div", { class: "chart" }, plot, rail, labels);
  new ResizeObserver(() => fitLabels(labels)).observe(labels);

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
      peak.hidden = at !== null;
      if (at === null) return;
      tip.textContent = text.timeline.bar(text.dateLabel(bars[at].value), counted(bars[at].count));
      place(tip, at, share);
    },
  };
}

/** Centred over a bar, and kept inside the chart at both ends. */
function place(label, at, share) {
  const middle = (at + 0.5) * share;
  label.style.left = `${middle}%`;
  label.style.translate = `${-middle}%`;
}

/** The highest bar by its name and number. */
function peakLabel(bars, counted, highest, share) {
  const at = bars.findIndex(({ count }) => count === highest);
  const label = el(
    "div",
    { class: "peak", "aria-hidden": "true" },
    at >= 0 && text.timeline.peak(text.dateLabel(bars[at].value), counted),
  );
  place(label, Math.max(0, at), share);
  return label;
}

/** Two lines with what they stand for: the peak, and half of its height, which is a quarter of its number. */
function scale(highest) {
  const line = (count) => {
    const step = el("div", { class: "step" }, el("span", {}, text.countShort(count)));
    step.style.bottom = `${HIGHEST * Math.sqrt(count / highest)}%`;
    return step;
  };
  const quarter = Math.round(highest / 4);
  return el("div", { class: "scale", "aria-hidden": "true" }, line(highest), quarter > 0 && quarter < highest && line(quarter));
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
    });
  return el("div", { class: "axis", "aria-hidden": "true" }, ticks);
}

/** Hides labels that would touch the one before, for half a date is worse than none. One that would extend past the chart stands before its line. */
function fitLabels(labels) {
  const ticks = [...labels.children];
  for (const tick of ticks) tick.classList.remove("out", "end");
  const width = labels.clientWidth;
  let free = 0;
  const places = ticks.map((tick) => ({ tick, start: tick.offsetLeft, size: tick.offsetWidth }));
  for (const { tick, start, size } of places) {
    const before = start + size > width;
    const from = before ? start - size : start;
    if (from < free) tick.classList.add("out");
    else {
      if (before) tick.classList.add("end");
      free = from + size + 4;
    }
  }
}
