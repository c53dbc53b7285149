// The period by presets and by dates.

import { byId, el } from "./dom.js";
import { text } from "./messages.js";
import { PERIODS, periodOf, presetStart } from "./time.js";

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Wires the period. `change(patch)` is called with what the reader chose; the returned function follows a state. */
export function createPeriod(change) {
  const options = byId("period-options");
  const range = byId("range");
  const [from, to] = [byId("range-from"), byId("range-to")];
  const error = byId("range-error");
  // Custom dates were chosen, but none are applied yet.
  let entering = false;

  const radios = PERIODS.map((name) => {
    const radio = el("input", { type: "radio", name: "period", value: name });
    options.append(el("label", {}, radio, el("span", {}, text.period[name])));
    return radio;
  });

  const complain = (message, input) => {
    error.textContent = message;
    error.hidden = message === "";
    for (const each of [from, to]) {
      if (each === input) each.setAttribute("aria-invalid", "true");
      else each.removeAttribute("aria-invalid");
    }
    input?.focus();
  };

  options.addEventListener("change", (event) => {
    const name = event.target.value;
    entering = name === "custom";
    range.hidden = !entering;
    complain("");
    if (!entering) change({ from: name === "all" ? "" : presetStart(name), to: "" });
  });

  range.addEventListener("submit", (event) => {
    event.preventDefault();
    // A date typed halfway has an empty value, but is not an open end.
    const halfway = [from, to].find((input) => input.validity.badInput);
    if (halfway) complain(text.rangeInvalid, halfway);
    else if (from.value && to.value && from.value > to.value) complain(text.rangeReversed, from);
    else {
      complain("");
      change({ from: from.value, to: to.value });
    }
  });

  return (state) => {
    const current = periodOf(state);
    const chosen = entering ? "custom" : current;
    for (const radio of radios) radio.checked = radio.value === chosen;
    range.hidden = chosen !== "custom";
    if (range.contains(document.activeElement)) return;
    // Dates that are being entered are left to the reader; otherwise they follow the address.
    if (entering && current === "all") return;
    from.value = DAY.test(state.from) ? state.from : "";
    to.value = DAY.test(state.to) ? state.to : "";
  };
}
