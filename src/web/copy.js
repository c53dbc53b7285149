// Copying a text, also where the browser offers no clipboard: over plain http, as in a closed network.

/** Copies `value`. Resolves to whether that worked. */
export async function copyText(value) {
  try {
    await navigator.clipboard.writeText(value);
    return true;
  } catch {
    return copySelected(value);
  }
}

/** The old way, which needs no HTTPS: a field that nobody sees is selected and copied. */
function copySelected(value) {
  const before = document.activeElement;
  const chosen = getSelection();
  const range = chosen?.rangeCount ? chosen.getRangeAt(0) : null;
  const field = document.createElement("textarea");
  field.value = value;
  field.readOnly = true;
  field.className = "sr";
  field.setAttribute("aria-hidden", "true");
  document.body.append(field);
  field.select();
  let copied = false;
  try {
    copied = document.execCommand("copy");
  } catch {
    // Forbidden by the browser's settings: the reader is told.
  }
  field.remove();
  before?.focus?.({ preventScroll: true });
  if (range) {
    chosen.removeAllRanges();
    chosen.addRange(range);
  }
  return copied;
}
