// How the list shows its hits: titles only or with snippets, and how many a page.

import { byId, el } from "./dom.js";
import { text } from "./messages.js";
import { PAGE_SIZES } from "./state.js";

/** Wires the choices. `change(patch)` is called with one; the returned function follows a state. */
export function createListing(change) {
  const compact = byId("compact");
  const size = byId("size");
  const preview = byId("preview-on");
  size.append(...PAGE_SIZES.map((count) => el("option", { value: String(count) }, text.pageSize(count))));
  compact.addEventListener("change", () => change({ compact: compact.checked }));
  preview.addEventListener("change", () => change({ preview: preview.checked }));
  size.addEventListener("change", () => change({ size: Number(size.value) }));

  return (state) => {
    compact.checked = state.compact;
    size.value = String(state.size);
    preview.checked = state.preview;
  };
}
