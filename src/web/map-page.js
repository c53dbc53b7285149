// The map of a search: persons and organisations that stand in its articles together, as a picture and as a table.

import { filterLabels } from "./chips.js";
import { byId, el, svg } from "./dom.js";
import { layOut } from "./map-layout.js";
import { text } from "./messages.js";
import { words } from "./named-messages.js";
import { problemBox } from "./problem-box.js";
import { asProblem, isSuperseded, requestJson } from "./request.js";
import { facetParams, filterCount, hasQuery, href, mapLink, parse } from "./state.js";
import "./theme-button.js";

/** Names that are asked for, and those that have room in a narrow picture. */
const MOST = 40;
const NARROW = { below: 600, most: 16 };
/** Lines for each name on average: the strongest are drawn, the table has all. */
const LINES_A_NAME = 2;
const HEIGHT = 560;
/** The fields of the query language for kinds of names. */
const FIELDS = { person: "인물", organisation: "기관" };

const picture = byId("picture");
const rows = byId("rows");
const state = parse(location.search);
let answer = null;
let drawnWidth = 0;

/** The search page for the articles that name all of `terms`. */
function searchOf(terms) {
  const named = terms.map(({ kind, term }) => `${FIELDS[kind]}:"${term}"`);
  const address = href({ ...state, page: 1, article: "", q: [state.q.trim(), ...named].filter(Boolean).join(" ") });
  return address.startsWith("?") ? `./${address}` : "./";
}

/** The names that have room and stand together with another, and the lines between them. */
function chosen(width) {
  const most = width < NARROW.below ? NARROW.most : MOST;
  const pairs = answer.pairs.filter(({ first, second }) => first < most && second < most);
  const strongest = pairs.sort((a, b) => strength(b) - strength(a)).slice(0, most * LINES_A_NAME);
  const numbers = [...new Set(strongest.flatMap(({ first, second }) => [first, second]))].sort((a, b) => a - b);
  const place = new Map(numbers.map((number, at) => [number, at]));
  const top = Math.max(...strongest.map(strength), 0.01);
  const lines = strongest.map((pair) => ({
    ...pair,
    first: place.get(pair.first),
    second: place.get(pair.second),
    weight: strength(pair) / top,
  }));
  return { terms: numbers.map((number) => answer.terms[number]), lines };
}

/** How much two names belong together: the share of the articles of the one or the other that hold both, the more the surer. */
function strength({ first, second, count }) {
  const either = answer.terms[first].count + answer.terms[second].count - count;
  return (count / either) * Math.log2(1 + count);
}

function draw() {
  const width = Math.max(picture.clientWidth, 280);
  if (width === drawnWidth) return;
  drawnWidth = width;
  const { terms, lines } = chosen(width);
  const places = layOut(terms.map(({ term }) => widthOf(term)), lines, width, HEIGHT);
  const largest = Math.max(...terms.map(({ count }) => count), 1);
  const strokes = lines.map(({ first, second, count, weight }) => {
    const [a, b] = [places[first], places[second]];
    const line = svg("line", { x1: a.x, y1: a.y, x2: b.x, y2: b.y, "stroke-width": 1 + 4 * weight, "data-ends": `${first} ${second}` });
    line.append(svg("title", {}, words.pair(terms[first].term, terms[second].term, count)));
    return line;
  });
  const nodes = terms.map((term, at) => {
    const { x, y } = places[at];
    const radius = 5 + 11 * Math.sqrt(term.count / largest);
    const mark =
      term.kind === "person"
        ? svg("circle", { cx: x, cy: y, r: radius })
        : svg("rect", { x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius, rx: 2 });
    return svg(
      "a",
      { href: searchOf([term]), class: `node ${term.kind}`, "data-node": at, "aria-label": words.node(term.term, words.kinds[term.kind], term.count) },
      mark,
      svg("text", { x, y: y + radius + 13, "text-anchor": "middle" }, term.term),
    );
  });
  const drawing = svg(
    "svg",
    { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, role: "group", "aria-label": words.picture(terms.length, lines.length) },
    svg("g", { class: "lines" }, ...strokes),
    svg("g", {}, ...nodes),
  );
  for (const node of nodes) {
    for (const [event, on] of [["mouseenter", true], ["focus", true], ["mouseleave", false], ["blur", false]]) {
      node.addEventListener(event, () => light(drawing, on ? node.dataset.node : null));
    }
  }
  picture.replaceChildren(drawing);
}

/** How wide a name is about, in pixels: hangul is wider than Latin. */
function widthOf(name) {
  return 12 + [...name].reduce((sum, letter) => sum + (letter.charCodeAt(0) < 0x1100 ? 8 : 13.5), 0);
}

/** Shows the lines of one name, or all alike. */
function light(drawing, at) {
  drawing.classList.toggle("lit", at !== null);
  for (const line of drawing.querySelectorAll("line")) line.classList.toggle("on", line.dataset.ends.split(" ").includes(at));
}

function showTable() {
  const named = ({ term, kind }) => [term, " ", el("span", { class: "fine" }, words.kinds[kind])];
  const strongest = [...answer.pairs].sort((a, b) => b.count - a.count || a.first - b.first || a.second - b.second);
  const body = strongest.map(({ first, second, count }) => {
    const both = [answer.terms[first], answer.terms[second]];
    return el(
      "tr",
      {},
      el("th", { scope: "row" }, ...named(both[0])),
      el("td", {}, ...named(both[1])),
      el("td", { class: "n" }, el("a", { href: searchOf(both), "aria-label": words.pair(both[0].term, both[1].term, count) }, String(count))),
    );
  });
  const head = [words.one, words.other, words.count].map((name) => el("th", { scope: "col" }, name));
  rows.replaceChildren(el("table", {}, el("thead", {}, el("tr", {}, ...head)), el("tbody", {}, ...body)));
}

/** What does not wait for an answer: the form, the headings, the conditions, the other language. */
function showAsked() {
  const q = state.q.trim();
  byId("q").value = q;
  byId("map-heading").textContent = words.heading(q);
  if (q) document.title = words.title(q);
  for (const link of document.querySelectorAll("[data-language]")) link.href = mapLink(state, link.dataset.language);
  const labels = filterLabels(state);
  byId("conditions").hidden = labels.length === 0;
  byId("conditions").textContent = words.conditions(labels.join(", "));
  byId("list").href = searchOf([]);
  // The form asks for another query of the same.
  for (const [name, value] of new URL(mapLink(state), location.href).searchParams) {
    if (name !== "q") byId("map-search").append(el("input", { type: "hidden", name, value }));
  }
}

async function ask() {
  if (!hasQuery(state) && filterCount(state) === 0) {
    byId("said").textContent = words.all;
    return;
  }
  const params = facetParams(state, MOST);
  params.set("kinds", "person,organisation");
  params.set("pairs", "true");
  try {
    answer = await requestJson(`./api/related-terms?${params}`);
  } catch (error) {
    if (!isSuperseded(error)) byId("problem").replaceChildren(problemBox(words.problem, asProblem(error), ask));
    return;
  }
  byId("problem").replaceChildren();
  if (answer.pairs.length === 0) {
    byId("said").textContent = answer.partial ? text.partial : words.none;
    return;
  }
  byId("said").textContent = answer.partial ? `${words.counted(answer)} ${text.partial}` : words.counted(answer);
  byId("map").hidden = false;
  byId("table").hidden = false;
  showTable();
  draw();
  new ResizeObserver(draw).observe(picture);
}

showAsked();
ask();
