// Pages to read: examples name the server that the page came from, and can be copied.

import { copyText } from "./copy.js";
import { el } from "./dom.js";

/** The server's address in the examples, as long as no script has replaced it. */
const WRITTEN = "http://127.0.0.1:7878";
const here = new URL(".", document.currentScript.src).href.replace(/\/$/, "");
const korean = document.documentElement.lang === "ko";

for (const code of document.querySelectorAll("pre.copy code, code.base")) {
  code.textContent = code.textContent.replaceAll(WRITTEN, here);
}

for (const example of document.querySelectorAll("pre.copy")) {
  const button = el("button", { type: "button", class: "plain" }, korean ? "복사" : "Copy");
  button.addEventListener("click", async () => {
    if (await copyText(example.textContent)) button.textContent = korean ? "복사함" : "Copied";
    // The text is selected, so that a key copies it.
    else getSelection().selectAllChildren(example);
  });
  const holder = el("div", { class: "example-box" });
  example.replaceWith(holder);
  holder.append(example, button);
}
