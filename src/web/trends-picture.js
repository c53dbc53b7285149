// The lines of a comparison as a picture: a list of strokes and texts, which become SVG on the page and in a file, and a canvas for
// PNG. A canvas needs no image address, which the content security policy would forbid.

import { svg } from "./dom.js";
import { text } from "./messages.js";
import { words } from "./trends-messages.js";

/** Colours of files, which have a white ground; on the page the style sheet gives those of the scheme. */
const COLOURS = ["#1a56d6", "#b3261e", "#0b7a4b", "#7a3fb0", "#8a5200"];
/** Each line has a pattern of its own, so that it is told apart without colour. */
const DASHES = ["", "8 4", "2 4", "10 4 2 4", "14 5"];
const INK = "#5a6470";
const FRAME = "#d9dfe5";
const FONT = "sans-serif";
const SIZE = 12;
const LEFT = 56;
const RIGHT = 14;
const TOP = 16;
const BOTTOM = 28;
/** Room for a label under the axis, in CSS pixels. */
const LABEL = 76;

/** Room of the plot within a picture of this size. */
export function plotOf(width, height) {
  return { left: LEFT, right: width - RIGHT, top: TOP, bottom: height - BOTTOM };
}

/** The step of a scale with some four lines up to `highest`: 1, 2 or 5 times a power of ten; of articles there are no halves. */
function stepOf(highest, share) {
  if (!(highest > 0)) return share ? 0.25 : 1;
  const power = 10 ** Math.floor(Math.log10(highest / 4));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= highest / 4);
  return share ? step : Math.max(1, step);
}

/**
 * The strokes and texts of a picture: `{width, height, series: [{label, values}], buckets, share}`; a value may be `null`. With a `title`
 * it says by itself what it shows, in a legend too.
 */
export function pictureOf({ width, height, series, buckets, share, title }) {
  const plot = plotOf(width, height);
  if (title) plot.top += (series.length + 1) * 20;
  const highest = Math.max(...series.flatMap(({ values }) => values.filter((value) => value !== null)), 0);
  const step = stepOf(highest, share);
  const lines = Math.max(1, Math.ceil(highest / step - 1e-9));
  const top = step * lines;
  const x = (at) => (buckets.length < 2 ? (plot.left + plot.right) / 2 : plot.left + (at * (plot.right - plot.left)) / (buckets.length - 1));
  const y = (value) => plot.bottom - (value / top) * (plot.bottom - plot.top);
  const parts = [];
  for (let line = 0; line <= lines; line++) {
    const value = step * line;
    parts.push({ kind: "frame", points: [[plot.left, y(value)], [plot.right, y(value)]] });
    const label = share ? words.percent(value) : text.countShort(value);
    parts.push({ kind: "text", x: plot.left - 8, y: y(value) + 4, align: "end", value: label });
  }
  const every = Math.max(1, Math.ceil(buckets.length / Math.max(1, Math.floor((plot.right - plot.left) / LABEL))));
  buckets.forEach((bucket, at) => {
    if (at % every) return;
    const align = at === 0 ? "start" : x(at) > plot.right - LABEL / 2 ? "end" : "middle";
    parts.push({ kind: "text", x: align === "start" ? plot.left : x(at), y: plot.bottom + 18, align, value: bucket });
  });
  series.forEach(({ label, values }, number) => {
    for (const points of runs(values.map((value, at) => value !== null && [x(at), y(value)]))) {
      // A single point is a short stroke: a line of no length is not drawn.
      const drawn = points.length > 1 ? points : [[points[0][0] - 3, points[0][1]], [points[0][0] + 3, points[0][1]]];
      parts.push({ kind: "line", number, points: drawn });
    }
    if (title) {
      const at = TOP + 20 * (number + 1);
      parts.push({ kind: "line", number, points: [[LEFT, at], [LEFT + 34, at]] });
      parts.push({ kind: "text", x: LEFT + 42, y: at + 4, align: "start", value: label });
    }
  });
  if (title) parts.push({ kind: "text", x: LEFT, y: TOP + 4, align: "start", value: title });
  return { width, height, parts, x };
}

/** Points that follow each other without a gap. */
function runs(points) {
  const found = [[]];
  for (const point of points) {
    if (point) found.at(-1).push(point);
    else if (found.at(-1).length) found.push([]);
  }
  return found.filter((run) => run.length);
}

/** The picture as SVG that looks the same without a style sheet. */
export function asSvg({ width, height, parts }, attributes = {}) {
  const shapes = parts.map((part) => {
    if (part.kind === "text") {
      const anchor = { class: "text", x: part.x, y: part.y, "text-anchor": part.align, fill: INK, "font-family": FONT, "font-size": SIZE };
      return svg("text", anchor, part.value);
    }
    const points = part.points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
    const own = part.kind === "frame" ? { class: "frame", stroke: FRAME } : stroke(part.number);
    return svg("polyline", { points, fill: "none", ...own });
  });
  const ground = svg("rect", { class: "ground", width, height, fill: "#ffffff" });
  return svg("svg", { viewBox: `0 0 ${width} ${height}`, ...attributes }, ground, shapes);
}

function stroke(number) {
  return {
    class: `line-${number + 1}`,
    stroke: COLOURS[number],
    "stroke-width": 2.2,
    "stroke-linejoin": "round",
    ...(DASHES[number] && { "stroke-dasharray": DASHES[number] }),
  };
}

/** A piece of a line, for the legend. */
export function sampleOf(number) {
  return svg("svg", { viewBox: "0 0 34 12", "aria-hidden": "true" }, svg("polyline", { points: "0,6 34,6", fill: "none", ...stroke(number) }));
}

/** The picture as the text of an SVG file. */
export function svgFile(picture) {
  const element = asSvg(picture, { xmlns: "http://www.w3.org/2000/svg", width: picture.width, height: picture.height });
  return new XMLSerializer().serializeToString(element);
}

/** The picture as PNG, twice as fine as the screen. */
export function pngFile({ width, height, parts }) {
  const canvas = document.createElement("canvas");
  canvas.width = 2 * width;
  canvas.height = 2 * height;
  const pen = canvas.getContext("2d");
  pen.scale(2, 2);
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, width, height);
  pen.font = `${SIZE}px ${FONT}`;
  pen.lineJoin = "round";
  for (const part of parts) {
    if (part.kind === "text") {
      pen.fillStyle = INK;
      pen.textAlign = part.align === "middle" ? "center" : part.align;
      pen.fillText(part.value, part.x, part.y);
      continue;
    }
    const frame = part.kind === "frame";
    pen.strokeStyle = frame ? FRAME : COLOURS[part.number];
    pen.lineWidth = frame ? 1 : 2.2;
    pen.setLineDash(frame || !DASHES[part.number] ? [] : DASHES[part.number].split(" ").map(Number));
    pen.beginPath();
    part.points.forEach(([x, y], at) => (at ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    pen.stroke();
  }
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}
