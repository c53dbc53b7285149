// A failure as a box with a button that tries again.

import { el } from "./dom.js";
import { text } from "./messages.js";

/** A link to the sign-in page, which leads back to what is shown now. */
function signIn() {
  const page = new URL(".", location.href).href;
  const shown = location.href.startsWith(page) ? location.href.slice(page.length) : "";
  return el("a", { href: `./sign-in?${new URLSearchParams({ to: shown.split("#")[0] })}` }, text.signIn);
}

/** Whether a problem says that a key is missing, or allows something else. */
export function asksForKey({ status }) {
  return status === 401 || status === 403;
}

/** What went wrong and what to do about it, as paragraphs. */
export function problemLines(problem) {
  const [title, advice] = text.problems[problem.code] ?? [problem.title || text.problems.bad_answer[0], ""];
  return [
    el("p", { class: "problem-title" }, title),
    advice && el("p", {}, advice),
    problem.detail && el("p", { class: "fine" }, problem.detail),
  ];
}

/** `heading` says what failed, `problem` why; `retry` is called by the button. */
export function problemBox(heading, problem, retry) {
  const button = el("button", { type: "button" }, text.retry);
  button.addEventListener("click", retry);
  return el(
    "div",
    { class: "notice problem", role: "alert" },
    el("h3", {}, heading),
    problemLines(problem),
    problem.requestId && el("p", { class: "fine" }, `${text.requestId}: `, el("code", {}, problem.requestId)),
    el("p", {}, problem.status === 401 ? signIn() : button),
  );
}
