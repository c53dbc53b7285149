// Sentences about saved searches, in English.

import { text } from "./messages.js";

const number = new Intl.NumberFormat("en");
const counted = (count, one, many) => (count === 1 ? `1 ${one}` : `${number.format(count)} ${many}`);
const articles = (count) => counted(count, "article", "articles");
const fresh = (count) => counted(count, "new article", "new articles");

/** What the server says of a failed delivery, and what a reader understands; the first that fits. */
const REASONS = [
  [/redirects are not followed/u, () => "The receiver sent us on to another address. Nothing is sent there: save the search again with the new address."],
  [/answered (\d{3})/u, ([, status]) => `The receiver did not accept it and answered ${status}.`],
  [/`alerts\.allow_hosts`/u, () => "Nothing may be sent there. An administrator has to add it to alerts.allow_hosts in config.toml."],
  [/`alerts\.smtp_host`/u, () => "There is no mail server. An administrator has to name it in alerts.smtp_host of config.toml."],
  [/`alerts\.ca_file`/u, () => "The server does not know who made the certificate. If it is the house's own, an administrator has to name it in alerts.ca_file of config.toml."],
  [/certificate|secure connection|handshake|\btls\b/iu, () => "No secure connection could be made. Check the certificate of the receiver."],
  [/refused/iu, () => "The receiver does not take connections. It is switched off, or the address is another one."],
  [/timed? ?out|took longer/iu, () => "The receiver did not answer in time."],
  [/resolve|lookup|\bdns\b|name or service/iu, () => "There is no computer of the name in the address."],
  [/\bauth|credential/iu, () => "The receiver did not accept the name or password of this server."],
];

export const words = {
  allArticles: "All articles",
  quoted: (query) => `“${query}”`,
  period: (from, to) => `Period: ${[from && `from ${from}`, to && `until ${to}`].filter(Boolean).join(" ")}`,

  heading: "Save this search",
  about: "It collects the articles that come from now on and match this search. An article matches if it has every word.",
  saves: "What is saved",
  query: (query) => `Query: ${query}`,
  everything: "Every article that comes is collected: there is no condition.",
  leftOut: "Order, grouping and pages are not saved.",
  openPeriod: (from) => `Only articles published on ${from} or later are collected. A period such as “1 week” is saved as that date and does not move on.`,
  endingPeriod: (to) => `Because of the end date, articles published after ${to} do not come.`,
  withoutPeriod: "Save it without the period",
  spokenDates: (dates) => `“${dates.join("”, “")}” is read anew, by the day, whenever an article comes.`,
  title: "Title",
  titleHelp: "What notices and the list say.",
  name: "Name",
  nameHelp: "Part of addresses. Letters of A to Z or Hangul, digits, - and _, up to 64.",
  where: "Where to send what comes",
  places: { nowhere: "Only read it here", webhook: "Webhook", email: "E-mail" },
  placesHelp: {
    nowhere: "Read it on the page of saved searches, and as a feed.",
    webhook: "The server sends articles to this address when they come.",
    email: "Articles are collected and sent by e-mail.",
  },
  url: "Address of the receiver",
  format: "Format",
  formats: { gisa: "JSON (of gisa)", slack: "Slack or Mattermost" },
  secret: "Secret for signing",
  secretHelp: "May stay empty. With it the receiver can tell that a message is from this server.",
  to: "Recipients",
  toHelp: "With commas between them.",
  when: "When",
  whens: { at_once: "at once", hourly: "together, on the hour", daily: "together, once a day" },
  save: "Save",
  close: "Close",
  taken: "A search is saved under this name already. Choose another name, or choose below to replace it.",
  replace: "Replace the search that is there",
  missing: { title: "Write a title.", name: "Write a name.", url: "Write the address of the receiver.", to: "Write the addresses of the recipients." },
  badName: "Only letters of A to Z or Hangul, digits, - and _, up to 64. Use - in place of a space.",
  saved: (title) => `“${title}” is saved.`,
  savedThen: "Articles that come from now on are collected.",
  toList: "Show saved searches",
  notSaved: "The search could not be saved",
  /** What the server says of a field, beside that field. */
  refused: (reason) => `It ${reason}.`,

  needsKey: "Saved searches need a key",
  whichKey: "Enter a key with the scope “searches”, or the admin token where no keys were made. This browser stays signed in for 30 days; the key itself is not stored.",
  key: "Key",
  keyLacks: "The key that is signed in does not have the scope “searches”. Enter one that has it.",
  notSignedIn: (status) =>
    status === 401
      ? "The key is wrong or has ended."
      : status === 429
        ? "Too many wrong keys came in. Try again in a minute."
        : status
          ? "Nobody can sign in with this key. Please ask your administrator."
          : "The server cannot be reached. Try again in a moment.",

  pageTitle: (count) => `${count ? `(${number.format(count)}) ` : ""}Saved searches – News search`,
  listed: (count, total) =>
    `${counted(count, "saved search", "saved searches")} · ${total ? fresh(total) : "nothing new"} since your last visit`,
  arrived: (title, count) => `“${title}”: ${fresh(count)}`,
  badge: (count) => `${number.format(count)} new`,
  failed: "Saved searches could not be fetched",
  disconnected: "The server cannot be reached. Trying again.",
  searches: "Searches for",
  openSearch: (title) => `Open the search “${title}”`,
  paused: "Paused",
  failing: "Cannot deliver",
  failure: (places, { attempts, since }) => `${counted(attempts, "delivery", "deliveries")} to ${places.join(", ")} failed in a row, the first on ${since}.`,
  next: (when) => `The next attempt is on ${when}. What has come meanwhile is then sent in order, all of it.`,
  nextPaused: "It is paused, so nothing is sent again.",
  reason(reason) {
    for (const [form, said] of REASONS) {
      const found = form.exec(reason);
      if (found) return said(found);
    }
    return "";
  },
  serverSays: "The server says:",
  readOnly: "Sent nowhere, only read here",
  place: (place, when, { format, signed }) =>
    [`To ${place}, ${words.whens[when]}`, format === "slack" && "for Slack or Mattermost", signed && "signed"].filter(Boolean).join(" · "),
  lastDelivery: (when, count) => `Last delivery: ${when}, ${articles(count)}`,
  noDelivery: "Nothing has been sent yet",
  mail: (addresses) => `e-mail ${addresses}`,
  show: "Latest arrivals",
  showNew: (count) => `Show ${fresh(count)}`,
  noHits: "Nothing has come yet since it was saved. What comes shows up here at once.",
  fresh: "New",
  changed: "Corrected",
  more: "Show more",
  hitsFailed: "What came could not be fetched.",
  pause: "Pause",
  resume: "Resume",
  pausedSaid: (title, tells) => (tells ? `“${title}” is paused. What comes meanwhile is sent when you resume it.` : `“${title}” is paused.`),
  resumedSaid: (title) => `“${title}” goes on.`,
  test: "Send a test",
  testing: "Sending…",
  tested: (place, hits) =>
    hits ? `The newest ${articles(hits)} went to ${place} as a test.` : `A test without an article went to ${place}: nothing matches yet.`,
  testFailed: (place) => `The test to ${place} failed.`,
  feed: "Feed",
  copyFeed: "Copy feed address",
  feedCopied: "The address of the feed is copied. Paste it into a feed reader, with your key as the password.",
  remove: "Remove",
  of: (action, title) => `${action}: ${title}`,
  sure: (title) => `Remove “${title}”?`,
  sureMore: "Nothing more is sent, and it is gone for everybody who uses it. This cannot be undone.",
  removed: (title) => `“${title}” is removed.`,
  notDone: "That did not work.",
  moment: (rfc3339, clock) => (clock ? text.moment(clock) : rfc3339),
};
