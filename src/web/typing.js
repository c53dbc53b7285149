// When what is typed becomes a search.

import { byId } from "./dom.js";

const PAUSE_MS = 150;
/** While a syllable is being composed it may still change, so only a longer pause counts. */
const COMPOSING_PAUSE_MS = 350;
/** A letter that is not a syllable yet. */
const LONE_JAMO = /[ㄱ-ㅎㅏ-ㅣ]$/;

/** Watches the box. `search()` is called when its text should be searched for. */
export function watchTyping(search) {
  const input = byId("q");
  const clear = byId("clear");
  let timer = 0;
  let composing = false;

  function now() {
    if (composing && LONE_JAMO.test(input.value)) return;
    search();
  }

  function soon() {
    clear.hidden = input.value === "";
    clearTimeout(timer);
    timer = setTimeout(now, composing ? COMPOSING_PAUSE_MS : PAUSE_MS);
  }

  input.addEventListener("compositionstart", () => {
    composing = true;
  });
  input.addEventListener("compositionend", () => {
    composing = false;
    soon();
  });
  input.addEventListener("input", soon);
  clear.addEventListener("click", () => {
    input.value = "";
    input.focus();
    input.dispatchEvent(new Event("input"));
  });
  // Browsers drop line breaks from pasted text and would join the words on either side.
  input.addEventListener("paste", (event) => {
    const pasted = event.clipboardData?.getData("text/plain") ?? "";
    if (!/[\r\n]/.test(pasted)) return;
    event.preventDefault();
    input.setRangeText(pasted.replace(/\s+/g, " ").trim(), input.selectionStart, input.selectionEnd, "end");
    input.dispatchEvent(new Event("input"));
  });

  return {
    cancel: () => clearTimeout(timer),
    /** Puts a text into the box, unless a syllable is being composed there. */
    show(q) {
      if (!composing && input.value.trim() !== q.trim()) input.value = q;
      clear.hidden = input.value === "";
    },
  };
}
