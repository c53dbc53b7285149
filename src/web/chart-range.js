// Choosing a range of a chart's bars: by a click on a bar, by dragging with mouse or finger, by a handle, by keys.

import { isPlainKey } from "./dom.js";

/** Keys move a handle at once; the search follows after this pause, in milliseconds. */
const KEY_PAUSE_MS = 400;
/** A press that moves less than this, in CSS pixels, is a click. */
const STILL_PX = 4;

/**
 * Makes `chart` draggable. `chosen` is the active range; `commit(start, end, moved)` is called with a new one, where `moved` says
 * which end the reader moved: `from`, `to` or `both`; `bar` after a click on one bar.
 */
export function makeDraggable(chart, chosen, commit) {
  const { element, plot, handles, bars } = chart;
  const last = bars.length - 1;
  let range = chosen;
  let drag = null;
  let keyTimer = 0;
  let keyMoved = "from";

  const preview = (start, end) => {
    range = [start, end];
    chart.select(start, end);
  };

  /** The bar with articles that is nearest to `at`: between two bars, or in an empty month, there is nothing to choose. */
  function nearestFilled(at) {
    for (let away = 0; away <= last; away++) {
      if (bars[at - away]?.count > 0) return at - away;
      if (bars[at + away]?.count > 0) return at + away;
    }
    return at;
  }

  function press(event, handle) {
    if (event.button !== 0) return;
    const at = chart.barAt(event.clientX);
    // A tap on a bar that is near a handle arrives at the handle: browsers look for the nearest control.
    const moved = event.clientY <= plot.getBoundingClientRect().bottom ? "both" : handle;
    const fixed = moved === "from" ? range[1] : moved === "to" ? range[0] : at;
    drag = { fixed, moved, before: range, pointer: event.pointerId, x: event.clientX, still: true };
    element.setPointerCapture(event.pointerId);
    plot.classList.add("dragging");
  }

  plot.addEventListener("pointerdown", (event) => press(event, "both"));
  for (const [side, handle] of Object.entries(handles)) handle.addEventListener("pointerdown", (event) => press(event, side));

  element.addEventListener("pointermove", (event) => {
    const at = chart.barAt(event.clientX);
    if (drag || plot.contains(event.target)) chart.point(at);
    else chart.point(null);
    if (drag?.pointer !== event.pointerId) return;
    if (Math.abs(event.clientX - drag.x) >= STILL_PX) drag.still = false;
    if (!drag.still) preview(Math.min(drag.fixed, at), Math.max(drag.fixed, at));
  });
  element.addEventListener("pointerleave", () => chart.point(null));
  element.addEventListener("pointerup", (event) => {
    if (drag?.pointer !== event.pointerId) return;
    const { still, moved, before } = drag;
    end();
    if (event.pointerType !== "mouse") chart.point(null);
    if (!still) choose(moved);
    else if (moved === "both") {
      const at = nearestFilled(chart.barAt(event.clientX));
      preview(at, at);
      commit(at, at, "bar");
    } else preview(...before);
  });
  // The browser took the gesture for scrolling.
  element.addEventListener("pointercancel", () => {
    if (drag) preview(...drag.before);
    end();
    chart.point(null);
  });

  /** Takes the range that is shown; one without a single article becomes the nearest bar that has one. */
  function choose(moved) {
    const [start, end] = range;
    if (bars.slice(start, end + 1).some(({ count }) => count > 0)) commit(start, end, moved);
    else {
      const at = nearestFilled(moved === "to" ? end : start);
      preview(at, at);
      commit(at, at, "bar");
    }
  }

  function end() {
    drag = null;
    plot.classList.remove("dragging");
  }

  const soon = (moved) => {
    clearTimeout(keyTimer);
    keyMoved = moved;
    keyTimer = setTimeout(now, KEY_PAUSE_MS);
  };
  const now = () => {
    clearTimeout(keyTimer);
    keyTimer = 0;
    choose(keyMoved);
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
      soon(side);
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
