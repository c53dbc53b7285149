// Building elements from data. Text from outside only ever becomes text nodes, never markup.

/** The element with an id of the page. */
export function byId(id) {
  return document.getElementById(id);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child || child === 0));
  return element;
}

/**
 * Builds an element. `attributes` with `false`, `null` or `undefined` are left out, with `true` are set empty.
 * Children are nodes, strings or arrays of them; `null`, `undefined`, `false` and empty strings are left out.
 */
export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** Builds an element of SVG. */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

/** An icon of the page's sprite. Decorative: the text next to it says the same. */
export function icon(name) {
  return svg("svg", { class: "icon", "aria-hidden": "true" }, svg("use", { href: `#i-${name}` }));
}

/** The address when it is safe to link to (http or https), else null: a stored url may be any text. */
export function webAddress(value) {
  try {
    const url = new URL(value);
    return url.protocol === "http:" || url.protocol === "https:" ? url.href : null;
  } catch {
    return null;
  }
}

/** The address in a text that is nothing else, also one without a scheme, as address bars show them (`www.a.example/1`); else null. */
export function pastedAddress(value) {
  const bare = /^(?:[a-z\d-]+\.)+[a-z]{2,}\/\S*$/iu.test(value);
  return webAddress(bare ? `https://${value}` : value);
}

/** Runs the script that an element names, the first time it is asked for, and then tells the element of an event, which the script follows. */
export async function callScript(element, event) {
  const { script, failed } = element.dataset;
  try {
    // Firefox keeps a failure under its address until the page is left.
    await import(failed ? `${script}?${failed}` : script);
  } catch (error) {
    element.dataset.failed = Number(failed ?? 0) + 1;
    throw error;
  }
  element.dispatchEvent(new Event(event));
}

/** A click that should open a new tab or window stays the browser's. */
export function isPlainClick(event) {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
}

/** A key that is pressed for itself: no shortcut of the browser, no syllable under way. */
export function isPlainKey(event) {
  return !event.defaultPrevented && !event.isComposing && !event.ctrlKey && !event.metaKey && !event.altKey;
}
