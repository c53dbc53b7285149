// The advanced search: fields that write the query line, and read it back, so that they teach its language.

import { filterLabels } from "./chips.js";
import { byId, el } from "./dom.js";
import { text } from "./messages.js";
import { alternativesIn, emptyParts, PART_NAMES, readQuery, shownIn, valuesIn, writeQuery } from "./query-parts.js";

/** Fields whose values are names or phrases of several words, with commas between them. */
const BY_COMMA = ["exact", "outlet", "notOutlet", "reporter"];
/** Fields with one value, and the kinds of the inputs. */
const KINDS = { near: "text", nearTo: "text", within: "number", from: "date", to: "date" };

/** Wires the form. `search(q)` is called with the line that it writes; `current()` is the state that the page shows. */
export function createAdvanced(search, current) {
  const dialog = byId("advanced");
  const form = byId("advanced-form");
  const line = byId("advanced-line");
  const kept = byId("advanced-kept");
  const stay = byId("advanced-stay");
  const error = byId("advanced-error");
  const input = byId("q");
  const fields = new Map();
  let rest = [];
  /** The line as it was when the form was opened, and how the form wrote it then. */
  let opened = { typed: "", written: "" };

  byId("advanced-fields").append(
    ...PART_NAMES.map((name) => {
      const field = el("input", { type: KINDS[name] ?? "text", id: `advanced-${name}`, autocomplete: "off", spellcheck: "false" });
      fields.set(name, field);
      const { label, example } = text.advanced.fields[name];
      const hint = example && el("span", { class: "fine", id: `advanced-${name}-hint` }, example);
      if (hint) field.setAttribute("aria-describedby", hint.id);
      return el("div", { class: "field" }, el("label", { for: field.id }, label), field, hint);
    }),
  );
  const within = fields.get("within");
  Object.assign(within, { min: 1, max: 100, placeholder: "10" });

  function read() {
    const parts = { ...emptyParts(), rest };
    for (const [name, field] of fields) {
      if (KINDS[name]) parts[name] = field.value.trim();
      else parts[name] = name === "any" ? alternativesIn(field.value) : valuesIn(field.value, BY_COMMA.includes(name));
    }
    if (parts.within) parts.within = Math.min(100, Math.max(1, Math.round(parts.within)));
    return parts;
  }

  function written() {
    const now = writeQuery(read(), text.advanced.names);
    return now === opened.written ? opened.typed : now;
  }

  function showLine() {
    complain("");
    line.textContent = written() || text.advanced.nothing;
    kept.hidden = rest.length === 0;
    kept.textContent = kept.hidden ? "" : text.advanced.kept(rest.join(" "));
  }

  function complain(message) {
    error.textContent = message;
    error.hidden = message === "";
    if (message) fields.get("from").setAttribute("aria-invalid", "true");
    else fields.get("from").removeAttribute("aria-invalid");
  }

  byId("advanced-open").addEventListener("click", () => {
    const parts = readQuery(input.value);
    for (const [name, field] of fields) field.value = KINDS[name] ? parts[name] : shownIn(parts[name], BY_COMMA.includes(name));
    ({ rest } = parts);
    opened = { typed: input.value.trim(), written: writeQuery(read(), text.advanced.names) };
    const labels = filterLabels(current());
    stay.hidden = labels.length === 0;
    stay.textContent = stay.hidden ? "" : text.advanced.stay(labels.join(" · "));
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
    const { from, to } = read();
    if (from && to && from > to) {
      complain(text.rangeReversed);
      fields.get("from").focus();
      return;
    }
    dialog.close();
    search(written());
  });
  // Esc closes the dialog, and only that.
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
}
