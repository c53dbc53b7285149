// "이 검색 저장": a panel that saves the search that is shown. Loaded when it is asked for first.

import { byId, el } from "./dom.js";
import { text } from "./messages.js";
import { asksForKey, problemLines } from "./problem-box.js";
import { asProblem } from "./request.js";
import { saveSearch, savedSearches, setSeen } from "./saved.js";
import { keyPart } from "./saved-key.js";
import { words } from "./saved-messages.js";
import { inWords, LONGEST_NAME, LONGEST_TITLE, proposedName, proposedTitle, savable, spokenDates } from "./saved-params.js";
import { pageAddress } from "./state.js";

const NAME = /^[A-Za-z0-9_가-힣-]+$/u;
const PLACES = ["nowhere", "webhook", "email"];

const button = byId("save-search");
const toList = pageAddress("searches", new URLSearchParams());
let state = null;
/** Names that are taken. */
let taken = new Set();
/** Whether they are known. */
let known = false;

// The form -----------------------------------------------------------------------------------------------------

/** A field with its label, its help, and room for what is wrong with it. */
function field(name, label, control, help) {
  control.id = `save-${name}`;
  control.name = name;
  const error = el("p", { id: `${control.id}-error`, class: "field-error", role: "alert", hidden: true });
  const advice = help && el("span", { id: `${control.id}-help`, class: "fine" }, help);
  control.setAttribute("aria-describedby", [advice?.id, error.id].filter(Boolean).join(" "));
  return Object.assign(el("div", { class: "field" }, el("label", { for: control.id }, label), control, advice, error), { control, error });
}

const input = (type, attributes = {}) => el("input", { type, autocomplete: "off", spellcheck: "false", ...attributes });
const choice = (labels) => el("select", {}, Object.entries(labels).map(([value, label]) => el("option", { value }, label)));

const fields = {
  title: field("title", words.title, input("text", { maxlength: LONGEST_TITLE }), words.titleHelp),
  name: field("name", words.name, input("text", { maxlength: LONGEST_NAME, autocapitalize: "off" }), words.nameHelp),
  url: field("url", words.url, input("url", { maxlength: 2000, placeholder: "http://hooks.example/news" })),
  format: field("format", words.format, choice(words.formats)),
  secret: field("secret", words.secret, input("password", { autocomplete: "new-password" }), words.secretHelp),
  to: field("to", words.to, input("text", { inputmode: "email", placeholder: "desk@example.com" }), words.toHelp),
  when: field("when", words.when, choice(words.whens)),
};
const period = input("checkbox", { id: "save-without-period" });
const periodPart = el("label", { class: "check" }, period, " ", words.withoutPeriod);
const replace = input("checkbox", { id: "save-replace" });
const replacePart = el("label", { class: "check", hidden: true }, replace, " ", words.replace);
const saves = el("div", { class: "saves" });
const placeHelp = el("p", { class: "fine", id: "save-place-help" });
const places = el(
  "fieldset",
  { class: "places", "aria-describedby": placeHelp.id },
  el("legend", {}, words.where),
  PLACES.map((place) => el("label", {}, el("input", { type: "radio", name: "place", value: place, checked: place === "nowhere" }), " ", words.places[place])),
  placeHelp,
);
const problem = el("div", {});
const key = el("div", {});
const submit = el("button", { type: "submit" }, words.save);
/** A button that closes the panel. */
function closing() {
  const close = el("button", { type: "button", class: "plain" }, words.close);
  close.addEventListener("click", () => panel.close());
  return close;
}
fields.name.append(replacePart);
const form = el(
  "form",
  { novalidate: true },
  saves,
  periodPart,
  el("div", { class: "advanced-fields" }, fields.title, fields.name),
  places,
  el("div", { class: "advanced-fields" }, fields.url, fields.format, fields.secret, fields.to, fields.when),
  problem,
  el("p", { class: "advanced-buttons" }, submit, closing(), el("a", { href: toList }, words.toList)),
);
const done = el("div", { hidden: true });
const heading = el("h2", { id: "save-heading", tabindex: "-1" }, words.heading);
const about = el("p", { class: "fine" }, words.about);
const panel = el("dialog", { id: "save-panel", class: "advanced", "aria-labelledby": heading.id }, heading, about, key, form, done);
document.body.append(panel);

// Showing ------------------------------------------------------------------------------------------------------

const place = () => form.elements.place.value;
const params = () => savable(state, !period.checked);

/** What is saved, in words. */
function showSaved() {
  const { query, conditions } = inWords(params());
  const lines = [query && words.query(query), ...conditions].filter(Boolean);
  const dates = spokenDates(query);
  const { from, to } = period.checked ? {} : state;
  saves.replaceChildren(
    el("h3", {}, words.saves),
    lines.length > 0 ? el("ul", {}, lines.map((line) => el("li", {}, line))) : el("p", {}, words.everything),
    ...[to ? words.endingPeriod(to) : from && words.openPeriod(from), dates.length > 0 && words.spokenDates(dates), words.leftOut]
      .filter(Boolean)
      .map((line) => el("p", { class: "fine" }, line)),
  );
}

function showPlace() {
  const chosen = place();
  placeHelp.textContent = words.placesHelp[chosen];
  for (const name of ["url", "format", "secret"]) fields[name].hidden = chosen !== "webhook";
  fields.to.hidden = chosen !== "email";
  fields.when.hidden = chosen === "nowhere";
}

function complain(name, message) {
  const { control, error } = fields[name];
  error.textContent = message;
  error.hidden = message === "";
  if (message) control.setAttribute("aria-invalid", "true");
  else control.removeAttribute("aria-invalid");
}

function clearComplaints() {
  for (const name of Object.keys(fields)) complain(name, "");
  problem.replaceChildren();
}

/** Proposes title and name, unless the reader wrote others. */
function propose() {
  const title = proposedTitle(params());
  fields.title.control.value = title;
  fields.name.control.value = proposedName(title, taken);
}

const style = el("link", { rel: "stylesheet", href: button.dataset.style });
const styled = new Promise((done) => {
  style.addEventListener("load", done);
  // Without it the panel is plain, and works.
  style.addEventListener("error", done);
});
document.head.append(style);

/** Opens the panel for the search that the page shows. */
async function open() {
  await styled;
  known = false;
  state = button.search;
  clearComplaints();
  form.reset();
  replacePart.hidden = true;
  done.hidden = true;
  about.hidden = false;
  form.hidden = false;
  key.replaceChildren();
  periodPart.hidden = !state.from && !state.to;
  showSaved();
  showPlace();
  propose();
  panel.showModal();
  fields.title.control.focus();
  fields.title.control.select();
  await learn();
}

/** Learns which names are taken, and whether the reader may save at all. */
async function learn() {
  try {
    const { searches } = await savedSearches();
    const proposed = fields.name.control.value;
    const untouched = proposed === proposedName(fields.title.control.value, new Set());
    taken = new Set(searches.map(({ name }) => name));
    known = true;
    if (untouched) fields.name.control.value = proposedName(fields.title.control.value, taken);
    return true;
  } catch (error) {
    const found = asProblem(error);
    if (asksForKey(found)) askForKey(found);
    else problem.replaceChildren(el("div", { class: "notice problem", role: "alert" }, problemLines(found)));
    return false;
  }
}

/** The field for a key in place of the form, which keeps what was written into it. */
function askForKey(found) {
  form.hidden = true;
  const entered = async () => {
    key.replaceChildren();
    form.hidden = false;
    if (await learn()) fields.title.control.focus();
  };
  const part = keyPart(found.status === 403, entered, closing());
  key.replaceChildren(part);
  part.querySelector("input").focus();
}

// Saving -------------------------------------------------------------------------------------------------------

/** The first field that cannot be right, with what to do; null where all may be. */
function mistake() {
  const value = (name) => fields[name].control.value.trim();
  const chosen = place();
  if (!value("title")) return ["title", words.missing.title];
  if (!value("name")) return ["name", words.missing.name];
  if (!NAME.test(value("name"))) return ["name", words.badName];
  if (taken.has(value("name")) && !replace.checked) {
    replacePart.hidden = false;
    return ["name", words.taken];
  }
  if (chosen === "webhook" && !value("url")) return ["url", words.missing.url];
  if (chosen === "email" && !value("to")) return ["to", words.missing.to];
  return null;
}

/** Where it is sent, as the API takes it. */
function targets() {
  const value = (name) => fields[name].control.value.trim();
  if (place() === "webhook") {
    const secret = fields.secret.control.value;
    return [{ kind: "webhook", url: value("url"), format: value("format"), ...(secret && { secret }) }];
  }
  if (place() === "email") return [{ kind: "email", to: value("to").split(/[\s,;]+/u).filter(Boolean) }];
  return [];
}

/** Which field of the form a part of the request is: `deliver[0].to[1]` is that of the addresses. */
function fieldOf(part) {
  const name = part.replace(/^deliver\[\d+\]\.?/u, "").replace(/\[.*/u, "");
  if (name && name in fields && !fields[name].hidden) return name;
  if (!part.startsWith("deliver")) return null;
  return place() === "email" ? "to" : "url";
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  clearComplaints();
  // Which names are taken must be known: saving replaces.
  if (!known && !(await learn())) return;
  const wrong = mistake();
  if (wrong) {
    complain(...wrong);
    fields[wrong[0]].control.focus();
    return;
  }
  const name = fields.name.control.value.trim();
  const title = fields.title.control.value.trim();
  submit.disabled = true;
  try {
    const saved = await saveSearch(name, { title, params: params(), deliver: targets(), when: fields.when.hidden ? "at_once" : fields.when.control.value });
    // From here on what comes is new to this reader.
    if (!taken.has(name)) setSeen(name, saved.last_sequence);
    taken.add(name);
    showDone(title);
  } catch (error) {
    refuse(asProblem(error));
  } finally {
    submit.disabled = false;
  }
});

function refuse(found) {
  const at = fieldOf(found.field);
  if (at) {
    // It begins with the part of the request, which the place says already.
    const reason = found.detail.replace(/^`[^`]*`:? /u, "");
    const plain = reason.replaceAll("`", "");
    complain(at, reason === found.detail ? plain : words.refused(plain));
    fields[at].control.focus();
    return;
  }
  if (asksForKey(found)) {
    askForKey(found);
    return;
  }
  problem.replaceChildren(el("div", { class: "notice problem", role: "alert" }, el("h3", {}, words.notSaved), problemLines(found)));
}

function showDone(title) {
  form.hidden = true;
  about.hidden = true;
  const link = el("a", { href: toList }, words.toList);
  done.replaceChildren(el("p", { role: "status" }, words.saved(title), " ", words.savedThen), el("p", { class: "advanced-buttons" }, link, closing()));
  done.hidden = false;
  link.focus();
}

period.addEventListener("change", () => {
  const untouched = fields.title.control.value === proposedTitle(savable(state, period.checked));
  showSaved();
  if (untouched) propose();
});
places.addEventListener("change", showPlace);
fields.name.control.addEventListener("input", () => {
  replace.checked = false;
  replacePart.hidden = true;
});
panel.addEventListener("close", () => button.focus());
button.addEventListener("open", open);
