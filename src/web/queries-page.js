// The page for whoever looks after the lexicon: what readers look for, what they do not find, and what would mend that.

import { byId, el } from "./dom.js";
import { text } from "./messages.js";
import { asksForKey, problemLines } from "./problem-box.js";
import { words } from "./queries-messages.js";
import { asProblem, requestJson } from "./request.js";

const LANGUAGE = new URLSearchParams(location.search).get("lang");
/** The columns of each list: heading, and the cell of an entry. */
const LISTS = {
  in_vain: [
    [words.query, (entry) => analyzeLink(entry.query, entry.analyze)],
    [words.times, (entry) => entry.times],
    [words.suggestion, (entry) => entry.suggestion],
    [words.synonymLine, (entry) => entry.words.map(({ synonym_line: line }) => el("p", {}, el("code", {}, line)))],
  ],
  queries: [
    [words.query, (entry) => analyzeLink(entry.query, entry.analyze)],
    [words.times, (entry) => entry.times],
    [words.inVain, (entry) => entry.in_vain],
    [words.total, (entry) => entry.total],
  ],
  taken: [
    [words.typed, (entry) => entry.typed],
    [words.chosen, (entry) => entry.chosen],
    [words.kind, (entry) => words.kinds[entry.kind]],
    [words.times, (entry) => entry.times],
  ],
};

const from = byId("from");
const to = byId("to");

/** The period as parameters; empty where nothing was chosen. */
function period() {
  const params = new URLSearchParams();
  if (from.value) params.set("from", from.value);
  if (to.value) params.set("to", to.value);
  return params;
}

function analyzeLink(query, address) {
  return el("a", { href: `../${address}${LANGUAGE ? `&lang=${LANGUAGE}` : ""}` }, query);
}

function table(name, entries) {
  const columns = LISTS[name];
  if (entries.length === 0) return [el("p", {}, words.none)];
  const heads = columns.map(([head]) => el("th", { scope: "col" }, head));
  const rows = entries.map((entry) =>
    el(
      "tr",
      {},
      columns.map(([, cell], at) => (at ? el("td", {}, cell(entry)) : el("th", { scope: "row" }, cell(entry)))),
    ),
  );
  const csv = new URLSearchParams([["list", name], ...period()]);
  return [
    el("table", {}, el("thead", {}, el("tr", {}, heads)), el("tbody", {}, rows)),
    el("p", {}, el("a", { href: `../api/admin/queries.csv?${csv}`, download: true }, words.csv)),
  ];
}

function showProblem(problem) {
  const signIn = el("a", { href: `../sign-in?${new URLSearchParams({ to: "admin/queries" })}` }, text.signIn);
  byId("problem").replaceChildren(
    el(
      "div",
      { class: "notice problem", role: "alert" },
      problemLines(problem),
      asksForKey(problem) && el("p", {}, words.needsAdmin, " ", signIn),
    ),
  );
}

async function show() {
  byId("problem").replaceChildren();
  try {
    const answer = await requestJson(`../api/admin/queries?${period()}`);
    from.value = answer.from;
    to.value = answer.to;
    for (const name of Object.keys(LISTS)) byId(name).replaceChildren(...table(name, answer[name]));
    byId("lists").hidden = !answer.kept;
    byId("said").textContent = answer.kept ? words.said(answer) : words.notKept;
  } catch (error) {
    byId("lists").hidden = true;
    byId("said").textContent = "";
    showProblem(asProblem(error));
  }
}

byId("period").addEventListener("submit", (event) => {
  event.preventDefault();
  show();
});
show();
