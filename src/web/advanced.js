// The advanced search: fields that write the query line, and read it back, so that they teach its language. Loaded when it is asked
// for first.

import { words } from "./advanced-messages.js";
import { filterLabels } from "./chips.js";
import { byId, el } from "./dom.js";
import { text } from "./messages.js";
import { alternativesIn, emptyParts, isDay, PART_NAMES, readQuery, shownIn, valueIn, valuesIn, writeQuery } from "./query-parts.js";

/** Fields whose values are names or phrases of several words, with commas between them. */
const BY_COMMA = ["exact", "outlet", "notOutlet", "reporter"];
/** Fields with one value, and the kinds of the inputs. */
const KINDS = { near: "text", nearTo: "text", within: "number", from: "date", to: "date" };

const button = byId("advanced-open");
const dialog = byId("advanced");
const form = byId("advanced-form");
const line = byId("advanced-line");
const kept = byId("advanced-kept");
const stay = byId("advanced-stay");
const error = byId("advanced-error");
const input = byId("q");
const fields = new Map();
let rest = [];
/** The line as it was when the form was opened, how the form wrote it then, and whether the dates are those of the period filter. */
let opened = { typed: "", written: "", filtered: false };

byId("advanced-fields").append(
  ...PART_NAMES.map((name) => {
    const field = el("input", { type: KINDS[name] ?? "text", id: `advanced-${name}`, autocomplete: "off", spellcheck: "false" });
    fields.set(name, field);
    const { label, example } = words.fields[name];
    const hint = example && el("span", { class: "fine", id: `advanced-${name}-hint` }, example);
    if (hint) field.setAttribute("aria-describedby", hint.id);
    return el("div", { class: "field" }, el("label", { for: field.id }, label), field, hint);
  }),
);
const days = ["from", "to"].map((name) => fields.get(name));
const within = fields.get("within");
Object.assign(within, { min: 1, max: 100, placeholder: "10" });

function read() {
  const parts = { ...emptyParts(), rest };
  for (const [name, field] of fields) {
    if (KINDS[name]) parts[name] = valueIn(field.value);
    else parts[name] = name === "any" ? alternativesIn(field.value) : valuesIn(field.value, BY_COMMA.includes(name));
  }
  if (parts.within) parts.within = Math.min(100, Math.max(1, Math.round(parts.within)));
  return parts;
}

/** The parts that the line says: a period that the filter holds is not written beside it, where both would have to match. */
function inLine() {
  return opened.filtered ? { ...read(), from: "", to: "" } : read();
}

/** The period of the filter as the form leaves it. */
function period() {
  const { from, to } = opened.filtered ? read() : button.current();
  return { from, to };
}

function written() {
  const now = writeQuery(inLine(), words.names);
  return now === opened.written ? opened.typed : now;
}

function showLine() {
  complain("");
  line.textContent = written() || words.nothing;
  kept.hidden = rest.length === 0;
  kept.textContent = kept.hidden ? "" : words.kept(rest.join(" "));
  const labels = filterLabels({ ...button.current(), ...period() });
  stay.hidden = labels.length === 0;
  stay.textContent = stay.hidden ? "" : words.stay(labels.join(" · "));
}

/** Says what is wrong with a field of the period; nothing where nothing is. */
function complain(message, wrong) {
  error.textContent = message;
  error.hidden = message === "";
  for (const field of days) {
    if (field === wrong) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }
  wrong?.focus();
}

button.addEventListener("open", () => {
  if (dialog.open) return;
  const parts = readQuery(input.value);
  const { from, to } = button.current();
  const filtered = !parts.from && !parts.to && Boolean(from || to) && [from, to].every((day) => !day || isDay(day));
  if (filtered) Object.assign(parts, { from, to });
  for (const [name, field] of fields) field.value = KINDS[name] ? parts[name] : shownIn(parts[name], BY_COMMA.includes(name));
  ({ rest } = parts);
  opened = { typed: input.value.trim(), written: "", filtered };
  opened.written = writeQuery(inLine(), words.names);
  showLine();
  dialog.showModal();
  fields.get("all").focus();
});
byId("advanced-close").addEventListener("click", () => dialog.close());
byId("advanced-empty").addEventListener("click", () => {
  for (const field of fields.values()) field.value = "";
  rest = [];
  showLine();
  fields.get("all").focus();
});
form.addEventListener("input", showLine);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  // A day that is not typed to its end has no value: taken for an open end, it would take the filter away.
  const halfway = days.find((field) => field.validity.badInput);
  if (halfway) {
    complain(text.rangeInvalid, halfway);
    return;
  }
  const { from, to } = read();
  if (from && to && from > to) {
    complain(text.rangeReversed, fields.get("from"));
    return;
  }
  dialog.close();
  button.search(written(), period());
});
// Esc closes the dialog, and only that.
dialog.addEventListener("keydown", (event) => event.stopPropagation());
