// The strings of messages-ko.js in English.

import { firstDay, isWeek, twoDigits } from "./time.js";

const number = new Intl.NumberFormat("en");
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Milliseconds with as many digits as matter to a reader: `0.4`, `2.1`, `148`. */
function milliseconds(ms) {
  return ms < 10 ? ms.toFixed(1) : number.format(Math.round(ms));
}

function counted(count, one, many) {
  return `${number.format(count)} ${count === 1 ? one : many}`;
}

/** The first day of a week, anything else as it is. */
function firstOf(value) {
  return isWeek(value) ? firstDay(value) : value;
}

export const text = {
  siteTitle: "News search",
  pageTitle: (subject) => `${subject} – News search`,

  count: (total) => counted(total, "article", "articles"),
  foldedCount: (total) => `${number.format(total)} when grouped`,
  foldedWord: "(when grouped)",
  foldedFacets: "The numbers below count similar articles as one.",
  lacks: (words) => `Without: ${words.join(", ")}`,
  pageSize: (size) => `${number.format(size)} a page`,
  /** Which hits a printed page has, of `total`; folded if there are more articles. */
  printedPart: (first, last, total, articles) =>
    `hits ${number.format(first)}–${number.format(last)} of ${number.format(total)}${articles > total ? ", reprints folded" : ""}`,
  printedAt: (date) => `Printed: ${date.toLocaleString("en-GB", { timeZone: "Asia/Seoul", dateStyle: "long", timeStyle: "short" })}`,
  took: (ms) => `${milliseconds(ms)} ms`,
  countShort: (total) => number.format(total),
  newest: "Latest articles",
  resultsFor: (query) => `Results for “${query}”`,
  loading: "Searching…",

  partial: "Some articles cannot be read at the moment: the articles and counts here are not all. Search again in a while.",
  relaxed: "No article contains all of the words; these contain some of them. Put words that must appear in quotation marks.",
  didYouMean: "Did you mean",
  similarChip: "Similar articles",
  similar: (all, inside) =>
    counted(all, "similar article", "similar articles") + (all === inside ? "" : ` · ${number.format(inside)} within these filters`),
  similarAll: (count) => `Show all, without filters (${number.format(count)})`,
  similarInside: (count) => `Only those within these filters (${number.format(count)})`,
  reprints: (count) => `${counted(count, "article", "articles")} with the same text, in the order of publication`,
  orderUnknown: "Which came first is not known among those without a time of day, or with the same.",
  firstPublished: "First",
  thisArticle: "This article",
  corrected: "Corrected",
  earlierTexts: "what it said before",
  compare: "What differs",
  untitled: "(no title)",
  noDate: "no date",
  lastReachable: (limit) =>
    `Only the first ${number.format(limit)} can be shown. Narrow by period or outlet to see others.`,

  noResults: "Nothing found.",
  noResultsAdvice: [
    "Check the spelling.",
    "Use fewer or shorter words.",
    "Leave out quotation marks, or search for the beginning of a word with *: 스타트*",
  ],
  noWords: "The query has no words to search for.",
  noWordsAdvice: "It is brackets, quotation marks, stars and the like alone. Write one word at least.",
  countingWithout: "Counting without the filters…",
  foundWithout: (count) => `Without the filters: ${counted(count, "article", "articles")}.`,
  namedById: "The article with this id or address:",
  onlyNamed: "No article holds these words, but one has this id or address.",
  nothingWithout: "Without the filters, nothing is found either.",
  emptyIndex: "No articles are indexed yet.",
  emptyIndexAdvice: ["Put articles into data/articles/ and reindex; they will then appear here."],
  emptyPage: "No articles on this page.",
  firstPage: "Go to the first page",

  errorTitle: "The search failed",
  errorArticle: "The article could not be opened",
  errorSimilar: "The similar articles could not be loaded.",
  requestId: "Request ID",
  retry: "Try again",
  problems: {
    network: ["The server could not be reached", "Check the network and try again."],
    timeout: ["The server did not answer in time", "Try again in a moment."],
    bad_answer: ["The server's answer could not be read", "Reload the page and try again."],
    query_too_long: ["The query is too long", "It may have up to 512 characters. Keep only the words that matter."],
    query_too_complex: ["The query is too complex", "Use fewer parentheses or words."],
    bad_parameter: ["A filter is not valid", "The address is cut off or a date is wrong. Clear the filters and choose again."],
    unknown_parameter: ["The address has an unknown filter", "Clear the filters and search again."],
    page_window: ["The page number is too high", "Narrow by period or outlet."],
    article_not_found: ["Article not found", "It was removed, or the address is wrong."],
    version_not_found: ["No earlier text", "It was never corrected, or the text is no longer kept."],
    overloaded: ["Too many searches right now", "Try again in a few seconds."],
    deadline: ["The search took too long", "Shorten the query, or try again."],
    not_ready: ["Search is not ready yet", "The index is being built. Try again in a moment."],
    unauthorized: ["You are not signed in", "Sign in with a key from your administrator."],
    forbidden: ["Your key does not allow this", "Please ask your administrator."],
    keys_unavailable: ["Keys cannot be checked at the moment", "Try again in a moment. If it goes on, tell your administrator."],
    partial_results: ["Some articles cannot be read at the moment", "This would be wrong with articles missing, so it was not done. Try again in a moment."],
    wrong_keys: ["Too many wrong keys came from here", "Try again in a minute."],
    internal: ["Something went wrong on the server", "If it happens again, give your administrator the request ID."],
  },

  previous: "Previous",
  next: "Next",
  pageUnit: " (page)",

  newcomers: (count) => `Show ${number.format(count)} new ${count === 1 ? "article" : "articles"}`,
  searchWords: (words) => `Search for “${words}”`,
  preview: { empty: "Press a title, or move with the arrow keys, and the article appears here.", whole: "Open the article" },
  undated: (count) => `${text.articles(count)} without a date ${count === 1 ? "is" : "are"} not in this period.`,
  showUndated: "Show articles without a date",
  noOutlet: (count) => `${text.articles(count)} without an outlet`,
  ungrouped: (count) => `${text.articles(count)} without an outlet, or with one that is in no group`,
  ungroupedLeftOut: (count) => `${text.ungrouped(count)}, ${count === 1 ? "is" : "are"} left out by the groups chosen.`,
  leaveOut: (group) => `Search without the group ${group}`,
  leaveOutShort: "leave out",
  unknownAddress: "No article in this index has this address.",
  severalNamed: (count) => `${text.articles(count)} have this address.`,

  facet: { outlet: "Outlet", outlet_group: "Group of outlets", section: "Section", reporter: "Reporter", person: "Person", organisation: "Organisation", place: "Place" },
  facetMore: (name) => `Show more: ${name}`,
  facetLess: (name) => `Show fewer: ${name}`,
  facetNarrow: (name) => `Find by name: ${name}`,
  facetOther: (count) => `Articles with other values: ${number.format(count)}`,
  articles: (count) => counted(count, "article", "articles"),
  showHits: (counted) => `Show ${counted}`,
  filters: (count) => (count ? `Filters (${number.format(count)})` : "Filters"),

  period: {
    all: "Any time",
    day: "Day",
    week: "Week",
    month: "Month",
    quarter: "3 months",
    year: "Year",
    custom: "Custom",
  },
  periodChip: (from, to) => `Period: ${from || "start"} – ${to || "today"}`,
  rangeReversed: "The first day is later than the last.",
  rangeInvalid: "Please enter a complete date.",
  removeFilter: (label) => `Remove filter ${label}`,
  clearFilters: "Clear all filters",
  onlyReporter: (name) => `Only articles by ${name}`,

  timeline: {
    undated: (count) => `${text.articles(count)} without a date`,
    units: { day: "by day", week: "by week", month: "by month", year: "by year" },
    label: (unit, first, last) => `Number of articles ${unit}, ${first} to ${last}`,
    by: { "": "Automatic", day: "Day", week: "Week", month: "Month", year: "Year" },
    /** Why bars of a unit are not drawn: `days` is the longest time that has them. */
    unfit: (unit, days) =>
      `Bars ${text.timeline.units[unit]} are drawn for up to ${number.format(days)} days. Choose a shorter period and press “Enlarge this period”.`,
    count: (count) => counted(count, "article", "articles"),
    peak: (when, counted) => `Peak: ${when}, ${counted}`,
    column: { day: "Day", week: "Week", month: "Month", year: "Year" },
    bar: (when, counted) => `${when} · ${counted}`,
    from: "From",
    to: "To",
    number: "Articles",
  },
  dateLabel: (value) => {
    if (isWeek(value)) return `Week of ${text.dateLabel(firstDay(value))}`;
    const [year, month, day] = value.split("-").map(Number);
    return [day, month && MONTHS[month - 1], year].filter(Boolean).join(" ");
  },
  dateTick: (value) => {
    const [year, month, day] = firstOf(value).split("-").map(Number);
    return day ? `${day} ${MONTHS[month - 1]}` : month ? `${MONTHS[month - 1]} ${year}` : String(year);
  },
  moment: ({ year, month, day, hour, minute, timed }) =>
    `${day} ${MONTHS[month - 1]} ${year}${timed ? `, ${twoDigits(hour)}:${twoDigits(minute)}` : ""}`,

  suggest: {
    completions: "Suggestions",
    recent: "Recent searches",
    count: (count) => number.format(count),
    correction: "Did you mean",
    clear: "Clear recent searches",
    forget: (query) => `Remove “${query}” from recent searches`,
    available: (count) => `${counted(count, "suggestion", "suggestions")}. Choose with the arrow keys.`,
  },

  share: {
    copied: "Link copied.",
    notCopied: "The link could not be copied. Please copy it from the address bar.",
    feedCopied: "Feed address copied. Paste it into a feed reader (RSS) to be told of new articles.",
    feedEnds: "The search has an end date, so later articles will not come.",
    csv: (counted) => `Download as CSV: ${counted}`,
    xlsx: (counted) => `Download for Excel: ${counted}`,
    fold: (folded, all) => `Group similar (${number.format(folded)} when grouped, ${number.format(all)} in all)`,
    cut: (limit, count) =>
      `Excel and CSV files hold the first ${number.format(limit)} of ${number.format(count)} articles. Download period by period to get all.`,
    cutUndated: (count) =>
      `No period has ${count === null ? "articles" : text.articles(count)} without a date: add “date:none” to the query for a file of their own.`,
    columns: {
      published_at: "Published",
      outlet: "Outlet",
      reporters: "Reporters",
      section: "Section",
      title: "Title",
      lead: "Beginning of the text",
      url: "Address",
      id: "Id",
      body: "Whole text",
    },
  },

  scrap: {
    keep: "Keep",
    kept: "Kept",
    usual: "Kept articles",
    folders: "Folders",
    newFolder: "Name of a new folder",
    make: "Create",
    open: "All kept articles",
    said: (name) => `Kept in “${name}”.`,
    dropped: (name) => `Removed from “${name}”.`,
    full: "The browser could not store it. Check its storage and privacy settings.",
    folderName: "Name of the folder",
    dropFolder: "Delete folder",
    sure: (name, count) => `Delete the folder “${name}” with ${counted(count, "article", "articles")}?`,
    folderGone: (name) => `The folder “${name}” is deleted.`,
    drop: "Remove",
    note: (title) => `Note: ${title}`,
    notePlaceholder: "Note",
    noteKept: "Note saved.",
    renamed: (name) => `The folder is called “${name}” now.`,
    nameTaken: (name) => `There is a folder “${name}” already. Choose another name.`,
    nameMissing: "A folder needs a name.",
    damaged: "Articles kept earlier could not be read. They were not deleted: they are in gisa.scraps.damaged in this browser.",
    file: "Kept articles",
    columns: ["Folder", "Published", "Outlet", "Reporters", "Title", "Address", "Note", "Id"],
    workbookSaved: "The Excel file is made.",
    noWorkbook: "The Excel file could not be made. Try again in a moment, or take the CSV.",
    citationsCopied: "Citations copied.",
    notOurs: "This is not a backup of kept articles.",
    added: (count) => `${counted(count, "new article", "new articles")} read in.`,
  },

  theme: { auto: "Theme: auto", light: "Theme: light", dark: "Theme: dark" },

  foot: (version, articles) =>
    articles === undefined ? `gisa ${version}` : `gisa ${version} · ${counted(articles, "article", "articles")}`,
  signIn: "Sign in",

  back: "Back to the list",
  original: "Original",
  newTab: "(new window)",
  nextMatch: "Next match (N)",
  previousMatch: "Previous match (P)",
  matches: (count) => counted(count, "match", "matches"),
  matchPosition: (at, count) => `Match ${number.format(at)} / ${number.format(count)}`,
  noMatches: "No matches to mark in this article",
  marksMissing: "The matches could not be marked; the article is shown without them.",
  related: "Related articles",
  previousHit: "Previous article (K)",
  nextHit: "Next article (J)",
  hitNumber: (at) => `No. ${number.format(at)}`,
  apaDate: ({ year, month, day }) => `${year}, ${MONTHS[month - 1]} ${day}`,
  apaNoDate: "n.d.",
  cite: {
    group: "Citation and address",
    copy: "Copy citation",
    forms: { newsroom: "Newsroom", apa: "APA", link: "Title and link" },
    copied: (form) => `Citation copied (${form}).`,
    permalink: "Permanent link",
    permalinkCopied: "The permanent link of this article was copied.",
    notCopied: "It could not be copied.",
  },
};
