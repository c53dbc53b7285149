// The advanced search: fields that write the query line, and read it back, so that they teach its language.

import { byId, el } from "./dom.js";
import { text } from "./messages.js";
import { PART_NAMES, readQuery, shownIn, valuesIn, writeQuery } from "./query-parts.js";

/** Fields whose values are names or phrases of several words, with commas between them. */
const BY_COMMA = ["exact", "outlet", "notOutlet", "reporter"];
const DATES = ["from", "to"];

/** Wires the form. `search(q)` is called with the line that it writes. */
export function createAdvanced(search) {
  const dialog = byId("advanced");
  const form = byId("advanced-form");
  const line = byId("advanced-line");
  const kept = byId("advanced-kept");
  const input = byId("q");
  const fields = new Map();
  let rest = [];

  byId("advanced-fields").append(
    ...PART_NAMES.map((name) => {
      const isDate = DATES.includes(name);
      const field = el("input", { type: isDate ? "date" : "text", id: `advanced-${name}`, autocomplete: "off", spellcheck: "false" });
      fields.set(name, field);
      const { label, example } = text.advanced.fields[name];
      const hint = example && el("span", { class: "fine", id: `advanced-${name}-hint` }, example);
      if (hint) field.setAttribute("aria-describedby", hint.id);
      return el("div", { class: "field" }, el("label", { for: field.id }, label), field, hint);
    }),
  );

  function written() {
    const parts = { rest };
    for (const [name, field] of fields) {
      parts[name] = DATES.includes(name) ? field.value : valuesIn(field.value, BY_COMMA.includes(name));
    }
    return writeQuery(parts);
  }

  function showLine() {
    line.textContent = written() || text.advanced.nothing;
    kept.hidden = rest.length === 0;
    kept.textContent = kept.hidden ? "" : text.advanced.kept(rest.join(" "));
  }

  byId("advanced-open").addEventListener("click", () => {
    const parts = readQuery(input.value);
    for (const [name, field] of fields) {
      field.value = DATES.includes(name) ? parts[name] : shownIn(parts[name], BY_COMMA.includes(name));
    }
    ({ rest } = parts);
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
    dialog.close();
    search(written());
  });
  // Esc closes the dialog, and only that.
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
}
