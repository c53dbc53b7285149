// The field for a key, where a reader lacks the right to save searches.

import { el } from "./dom.js";
import { signIn } from "./saved.js";
import { words } from "./saved-messages.js";
import { text } from "./messages.js";

/**
 * A form for a key. `entered()` is called once the key is right; whether it allows saving searches shows with the next request, and
 * `refused` says that the last one did not. `others` are buttons beside the one that signs in.
 */
export function keyPart(refused, entered, ...others) {
  const input = el("input", {
    id: "saved-key",
    type: "password",
    required: true,
    autocomplete: "current-password",
    autocapitalize: "off",
    spellcheck: "false",
    "aria-describedby": "saved-key-help saved-key-error",
  });
  const error = el("p", { id: "saved-key-error", class: "field-error", role: "alert" }, refused && words.keyLacks);
  const form = el(
    "form",
    { class: "key" },
    el("p", { class: "problem-title" }, words.needsKey),
    el("p", { id: "saved-key-help", class: "fine" }, words.whichKey),
    el("div", { class: "field" }, el("label", { for: input.id }, words.key), input),
    error,
    el("p", { class: "actions" }, el("button", { type: "submit" }, text.signIn), ...others),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    error.textContent = "";
    let status = 0;
    try {
      status = await signIn(input.value.trim());
    } catch (failure) {
      console.info("no sign-in", failure);
    }
    if (status === 200) {
      entered();
      return;
    }
    error.textContent = words.notSignedIn(status);
    input.focus();
    input.select();
  });
  return form;
}
