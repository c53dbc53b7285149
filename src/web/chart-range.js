// Choosing a range of a chart's bars: by dragging with mouse or finger, by a handle, by keys.

import { isPlainKey } from "./dom.js";

/** Keys move a handle at once; the search follows after this pause, in milliseconds. */
const KEY_PAUSE_MS = 400;

/** Makes `chart` draggable. `chosen` is the active range; `commit(start, end)` is called with a new one. */
export function makeDraggable(chart, chosen, commit) {
  const { plot, handles, bars } = chart;
  const last = bars.length - 1;
  let range = chosen;
  let drag = null;
  let keyTimer = 0;

  const preview = (start, end) => {
    range = [start, end];
    chart.select(start, end);
  };

  plot.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const at = chart.barAt(event.clientX);
    // A handle moves its own end; anywhere else a new range begins.
    const fixed = event.target === handles.from ? range[1] : event.target === handles.to ? range[0] : at;
    drag = { fixed, before: range, pointer: event.pointerId };
    plot.setPointerCapture(event.pointerId);
    plot.classList.add("dragging");
    if (event.target !== handles.from && event.target !== handles.to) preview(at, at);
  });
  plot.addEventListener("pointermove", (event) => {
    const at = chart.barAt(event.clientX);
    chart.point(at);
    if (drag?.pointer === event.pointerId) preview(Math.min(drag.fixed, at), Math.max(drag.fixed, at));
  });
  plot.addEventListener("pointerleave", () => chart.point(null));
  plot.addEventListener("pointerup", (event) => {
    if (drag?.pointer !== event.pointerId) return;
    end();
    if (event.pointerType !== "mouse") chart.point(null);
    commit(...range);
  });
  // The browser took the gesture for scrolling.
  plot.addEventListener("pointercancel", () => {
    if (drag) preview(...drag.before);
    end();
    chart.point(null);
  });

  function end() {
    drag = null;
    plot.classList.remove("dragging");
  }

  const soon = () => {
    clearTimeout(keyTimer);
    keyTimer = setTimeout(now, KEY_PAUSE_MS);
  };
  const now = () => {
    clearTimeout(keyTimer);
    keyTimer = 0;
    commit(...range);
  };

  for (const [side, handle] of Object.entries(handles)) {
    handle.addEventListener("keydown", (event) => {
      if (!isPlainKey(event)) return;
      const at = side === "from" ? range[0] : range[1];
      const page = Math.max(2, Math.round(bars.length / 10));
      const wanted = {
        ArrowLeft: at - 1,
        ArrowDown: at - 1,
        ArrowRight: at + 1,
        ArrowUp: at + 1,
        PageDown: at - page,
        PageUp: at + page,
        Home: 0,
        End: last,
      }[event.key];
      if (event.key === "Enter" && keyTimer) now();
      if (wanted === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      if (side === "from") preview(Math.min(Math.max(wanted, 0), range[1]), range[1]);
      else preview(range[0], Math.max(Math.min(wanted, last), range[0]));
      chart.point(side === "from" ? range[0] : range[1]);
      soon();
    });
    handle.addEventListener("blur", () => {
      chart.point(null);
      if (keyTimer) now();
    });
  }

  return {
    /** Follows a range that was set elsewhere, unless the reader is moving one. */
    show(start, end) {
      if (!drag && !keyTimer) preview(start, end);
    },
  };
}
