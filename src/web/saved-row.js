// One saved search on its page: what it searches, what came, where it is sent, and what can be done with it.

import { copyText } from "./copy.js";
import { el, isPlainClick } from "./dom.js";
import { markedTitle, timeOf } from "./links.js";
import { snippetNodes } from "./marks.js";
import { asksForKey } from "./problem-box.js";
import { asProblem } from "./request.js";
import { feedAddress, latestHits, saveSearch, seenOf, setSeen, tryDeliveries } from "./saved.js";
import { words } from "./saved-messages.js";
import { inWords, searchAddress } from "./saved-params.js";
import { koreanClock } from "./time.js";

/** Hits that are shown at first, and that "more" adds; the server gives no more than `MOST` at once. */
const SHOWN = 10;
const MOST = 1_000;
/** The longest place that is said as it is. */
const LONGEST_PLACE = 40;

const moment = (rfc3339) => words.moment(rfc3339, koreanClock(rfc3339));
const placeOf = ({ url, to }) => (to ? words.mail(to.join(", ")) : url);

/** What failed, and why. */
const inOneLine = (heading, { title, detail }) => [heading, title, detail].filter(Boolean).join(" ");

/** A place in the middle of a sentence: the whole of it is said where the search is delivered. */
function shortly(place) {
  const bare = place.replace(/^\w+:(\/\/)?/u, "");
  return bare.length > LONGEST_PLACE ? `${bare.slice(0, bare.search(/[/,\s]/u) + 1)}…${bare.slice(-6)}` : bare;
}

/**
 * A row for `search`. `said(sentence)` tells the reader, `counted()` is called when the number of new articles has changed,
 * `remove(row)` when the reader wants it gone, `denied(problem)` where a key is missing.
 */
export function createRow(search, { said, counted, remove, denied }) {
  const title = el("h2", { id: `saved-${search.name}`, tabindex: "-1" });
  const badge = el("span", { class: "new", hidden: true });
  const states = el("span", { class: "states" });
  const what = el("p", { class: "what" });
  const troubles = el("div", { class: "troubles" });
  const places = el("ul", { class: "places fine" });
  const summary = el("summary", {});
  const list = el("ol", { class: "hits" });
  const none = el("p", { class: "fine", hidden: true }, words.noHits);
  const more = el("button", { type: "button", class: "link", hidden: true }, words.more);
  const opened = el("details", { class: "came" }, summary, none, list, more);
  const [pause, test, feed, drop] = ["pause", "test", "copyFeed", "remove"].map((action) => el("button", { type: "button", class: "plain", "data-action": action }));
  const address = el("a", { href: feedAddress(search.name), class: "feed" }, words.feed);
  const failed = el("p", { class: "field-error", hidden: true });
  const outcome = el("div", { class: "outcome", role: "status" });
  const element = el(
    "li",
    { class: "saved", "aria-labelledby": title.id, "data-name": search.name },
    el("div", { class: "head" }, title, badge, states),
    what,
    troubles,
    places,
    failed,
    opened,
    el("p", { class: "actions" }, pause, test, feed, address, drop),
    outcome,
  );

  const row = { element, title, get search() { return shown; }, fresh: 0, behind: false, update, look };
  let shown = search;
  let drawn = "";
  let size = SHOWN;
  /** Up to which sequence what came is asked for, and from which on a hit counts as new while the list is open. */
  let upTo = 0;
  let newFrom = 0;

  // What it is ------------------------------------------------------------------------------------------------

  function update(now) {
    // Every few seconds it is told what it shows already: a reader may be selecting that.
    const written = JSON.stringify({ ...now, last_sequence: 0 });
    shown = now;
    if (written === drawn) return;
    drawn = written;
    const { query, conditions } = inWords(now.params);
    title.textContent = now.title;
    const asked = [query && words.quoted(query), ...conditions].filter(Boolean).join(" · ") || words.allArticles;
    const link = el("a", { href: searchAddress(now.params, { sort: "newest" }), title: words.openSearch(now.title) }, asked);
    link.addEventListener("click", (event) => isPlainClick(event) && markSeen());
    what.replaceChildren(el("span", { class: "fine" }, words.searches), " ", link);
    const failing = now.failing.length > 0;
    states.replaceChildren(
      ...[now.paused && el("span", { class: "state" }, words.paused), failing && el("span", { class: "state bad" }, words.failing)].filter(Boolean),
    );
    places.replaceChildren(...delivered(now));
    // Twenty mailboxes behind one server that is down are one trouble.
    const reasons = [...new Set(now.failing.map(({ reason }) => reason))];
    troubles.replaceChildren(...reasons.map((reason) => trouble(now.failing.filter((each) => each.reason === reason), now.paused)));
    pause.hidden = now.deliver.length === 0 && !now.paused;
    test.hidden = now.deliver.length === 0;
    name(pause, now.paused ? words.resume : words.pause);
    name(test, words.test);
    name(feed, words.copyFeed);
    name(drop, words.remove);
  }

  /** A button that says for which search it is, for those who hear it alone. */
  function name(button, action) {
    const label = words.of(action, shown.title);
    if (button.getAttribute("aria-label") === label) return;
    button.textContent = action;
    button.setAttribute("aria-label", label);
  }

  function delivered({ deliver, when, deliveries }) {
    if (deliver.length === 0) return [el("li", {}, words.readOnly)];
    const last = deliveries.find(({ error }) => error === null);
    return [
      ...deliver.map((target) => el("li", {}, words.place(placeOf(target), when, target))),
      el("li", {}, last ? words.lastDelivery(moment(last.at), last.hits) : words.noDelivery),
    ];
  }

  /** Places that fail for the same reason. */
  function trouble(failing, paused) {
    const [{ reason }] = failing;
    const first = (name) => failing.map((each) => each[name]).sort()[0];
    const attempts = Math.max(...failing.map((each) => each.attempts));
    const understood = words.reason(reason);
    return el(
      "div",
      { class: "notice problem" },
      el("p", { class: "problem-title" }, words.failure(failing.map(({ url }) => shortly(url)), { attempts, since: moment(first("since")) })),
      understood && el("p", {}, understood),
      el("p", {}, paused ? words.nextPaused : words.next(moment(first("next_at")))),
      el("p", { class: "fine" }, words.serverSays, " ", el("span", { lang: "en" }, reason)),
    );
  }

  // What came -------------------------------------------------------------------------------------------------

  /**
   * Looks what came, where something can have come up to the sequence `last`. Resolves to how many are new that were not before. Where
   * that fails the row says so, and is `behind`: another search may well be answered.
   */
  async function look(last) {
    try {
      const arrived = await lookFor(last);
      row.behind = false;
      failed.hidden = true;
      return arrived;
    } catch (error) {
      const problem = asProblem(error);
      if (asksForKey(problem)) throw error;
      row.behind = true;
      failed.hidden = false;
      failed.textContent = inOneLine(words.hitsFailed, problem);
      return 0;
    }
  }

  async function lookFor(last) {
    const { name } = shown;
    let seen = seenOf(name);
    // A search that this browser meets for the first time has nothing new; a restored archive may count from before again.
    if (seen === undefined || seen > last) setSeen(name, (seen = last));
    if (upTo === 0) newFrom = seen;
    const { total } = await latestHits(name, seen, 1);
    const before = row.fresh;
    show(total);
    // What is read is drawn anew only where something came: the focus would be lost.
    const shownUpTo = opened.open && (total !== before || row.behind) ? await showHits() : 0;
    // Only now: what could not be shown does not count as seen.
    upTo = Math.max(last, shownUpTo);
    return Math.max(0, total - before);
  }

  function show(fresh) {
    row.fresh = fresh;
    badge.hidden = fresh === 0;
    badge.textContent = words.badge(fresh);
    summary.textContent = fresh ? words.showNew(fresh) : words.show;
    counted();
  }

  /** Shows the newest hits. Resolves to the sequence up to which they are whole. */
  async function showHits() {
    const answer = await latestHits(shown.name, 0, size);
    const hits = answer.hits.reverse();
    list.replaceChildren(...hits.map(hitItem));
    none.hidden = hits.length > 0;
    more.hidden = !answer.more || size >= MOST;
    return answer.last_sequence;
  }

  async function fetchHits() {
    try {
      upTo = Math.max(upTo, await showHits());
      return true;
    } catch (error) {
      fail(error, words.hitsFailed);
      return false;
    }
  }

  function hitItem(hit) {
    const heading = hit.highlight?.title ?? { text: hit.title ?? "", marks: [] };
    const snippets = hit.highlight?.body ?? [];
    return el(
      "li",
      { class: "hit" },
      el(
        "h3",
        {},
        el("a", { class: "title", href: searchAddress(shown.params, { article: hit.id }) }, markedTitle(heading)),
        hit.sequence > newFrom && el("span", { class: "fresh" }, words.fresh),
      ),
      snippets.length > 0 && el("p", { class: "snippets" }, snippetNodes(snippets)),
      el(
        "p",
        { class: "meta" },
        hit.outlet && el("span", { class: "outlet" }, hit.outlet),
        timeOf(hit.published_at),
        hit.changed && el("span", {}, words.changed),
      ),
    );
  }

  /** What came up to now counts as seen. */
  function markSeen() {
    setSeen(shown.name, upTo);
    show(0);
  }

  // Opened, it is seen; closed again, also what came meanwhile. What was new stays marked until then.
  opened.addEventListener("toggle", async () => {
    if (!opened.open) {
      newFrom = upTo;
      markSeen();
      return;
    }
    size = SHOWN;
    if (await fetchHits()) markSeen();
  });
  more.addEventListener("click", async () => {
    const before = list.children.length;
    size = Math.min(size + SHOWN, MOST);
    await fetchHits();
    list.children[before]?.querySelector("a").focus();
  });

  // What can be done ------------------------------------------------------------------------------------------

  function fail(error, heading) {
    const problem = asProblem(error);
    if (denied(problem)) return;
    outcome.replaceChildren(el("p", { class: "field-error" }, inOneLine(heading, problem)));
  }

  pause.addEventListener("click", async () => {
    const { title: called, params, deliver, when, paused } = shown;
    // What is shown of a target and is not of it: whether it signs. Its secret stays where it is.
    const targets = deliver.map(({ signed: _, ...target }) => target);
    try {
      update(await saveSearch(shown.name, { title: called, params, deliver: targets, when, paused: !paused }));
      outcome.replaceChildren();
      said(paused ? words.resumedSaid(called) : words.pausedSaid(called, deliver.length > 0));
    } catch (error) {
      fail(error, words.notDone);
    }
  });

  test.addEventListener("click", async () => {
    outcome.replaceChildren(el("p", { class: "fine" }, words.testing));
    try {
      const { hits, deliveries } = await tryDeliveries(shown.name);
      outcome.replaceChildren(
        ...deliveries.map(({ url, error }) =>
          error === null
            ? el("p", { class: "fine" }, words.tested(shortly(url), hits))
            : el("p", { class: "field-error" }, words.testFailed(shortly(url)), " ", words.reason(error), " ", el("span", { class: "fine", lang: "en" }, error)),
        ),
      );
    } catch (error) {
      fail(error, words.notDone);
    }
  });

  feed.addEventListener("click", async () => {
    const copied = await copyText(address.href);
    outcome.replaceChildren(el("p", { class: "fine" }, copied ? words.feedCopied : address.href));
  });

  drop.addEventListener("click", () => remove(row));

  update(search);
  show(0);
  return row;
}
