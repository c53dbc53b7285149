// The sentences of messages-ko.js in English.

import { twoDigits } from "./time.js";

const number = new Intl.NumberFormat("en");
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Milliseconds as a reader wants them: `0.4`, `2.1`, `148`. */
function milliseconds(ms) {
  return ms < 10 ? ms.toFixed(1) : number.format(Math.round(ms));
}

function counted(count, one, many) {
  return `${number.format(count)} ${count === 1 ? one : many}`;
}

export const text = {
  siteTitle: "News search",
  pageTitle: (subject) => `${subject} – News search`,

  count: (total) => counted(total, "article", "articles"),
  took: (ms) => `${milliseconds(ms)} ms`,
  countShort: (total) => number.format(total),
  newest: "Latest articles",
  resultsFor: (query) => `Results for “${query}”`,
  loading: "Searching…",

  relaxed: "No article holds all of the words, so these hold some of them. Put what must be there in quotation marks.",
  didYouMean: "Did you mean",
  similarChip: "Similar articles",
  similar: (count) => counted(count, "similar article", "similar articles"),
  similarAll: "Show all in the list",
  untitled: "(no title)",
  noDate: "no date",
  lastReachable: (limit) =>
    `These are the first ${number.format(limit)}. Narrow by period or outlet to see those behind them.`,

  noResults: "Nothing found.",
  noResultsAdvice: [
    "Check the spelling.",
    "Use fewer or shorter words.",
    "Leave out quotation marks, or end a word with * to search by its beginning: 스타트*",
  ],
  noResultsFilters: "There may be more without the filters.",
  emptyIndex: "No articles are indexed yet.",
  emptyIndexAdvice: ["Put articles into data/articles/ and reindex; they will appear here."],
  emptyPage: "No articles on this page.",
  firstPage: "To the first page",

  errorTitle: "The search failed",
  errorArticle: "The article cannot be opened",
  errorSimilar: "The similar articles cannot be fetched.",
  requestId: "Request",
  retry: "Try again",
  problems: {
    network: ["The server cannot be reached", "Check the network and try again."],
    timeout: ["The server did not answer in time", "Try again in a moment."],
    bad_answer: ["The server's answer cannot be read", "Reload the page and try again."],
    query_too_long: ["The query is too long", "At most 512 characters. Keep the few words that matter."],
    query_too_complex: ["The query is too complex", "Use fewer brackets or words."],
    bad_parameter: ["A filter cannot be read", "The address is cut off or a date is wrong. Clear the filters and choose again."],
    unknown_parameter: ["The address has an unknown filter", "Clear the filters and search again."],
    page_window: ["There is no way to this page", "Narrow by period or outlet."],
    article_not_found: ["There is no such article", "It was removed, or the address is wrong."],
    overloaded: ["Too many searches right now", "Try again in a few seconds."],
    deadline: ["The search took too long", "Shorten the query, or try again."],
    not_ready: ["Search is not ready yet", "The index is being built. Try again in a moment."],
    unauthorized: ["Reading needs permission", "Please ask your administrator."],
    internal: ["The server has a problem", "If it stays, tell your administrator the request's number."],
  },

  previous: "Previous",
  next: "Next",
  pageUnit: " (page)",

  facet: { outlet: "Outlet", section: "Section", reporter: "Reporter" },
  facetMore: (name) => `More: ${name}`,
  facetLess: (name) => `Fewer: ${name}`,
  facetNarrow: (name) => `Narrow: ${name}`,
  facetOther: (count) => `Other values: ${number.format(count)}`,
  articles: (count) => counted(count, "article", "articles"),
  filters: (count) => (count ? `Filters (${number.format(count)})` : "Filters"),

  period: {
    all: "All",
    day: "Day",
    week: "Week",
    month: "Month",
    quarter: "3 months",
    year: "Year",
    custom: "Dates",
  },
  periodChip: (from, to) => `Period: ${from || "start"} – ${to || "today"}`,
  rangeReversed: "The first day is after the last.",
  rangeInvalid: "Please complete the date.",
  removeFilter: (label) => `Remove filter ${label}`,
  clearFilters: "Clear all filters",
  onlyReporter: (name) => `Only articles by ${name}`,

  timeline: {
    units: { day: "by day", month: "by month", year: "by year" },
    label: (unit, first, last) => `Articles ${unit}, ${first} to ${last}`,
    column: { day: "Day", month: "Month", year: "Year" },
    bar: (when, count) => `${when} · ${counted(count, "article", "articles")}`,
    from: "From",
    to: "To",
    zoomIn: "Zoom in",
    zoomOut: "Zoom out",
    clear: "Clear period",
    table: "As a table",
    number: "Articles",
  },
  dateLabel: (value) => {
    const [year, month, day] = value.split("-").map(Number);
    return [day, month && MONTHS[month - 1], year].filter(Boolean).join(" ");
  },
  dateTick: (value) => {
    const [year, month, day] = value.split("-").map(Number);
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
    forget: (query) => `Forget “${query}”`,
    available: (count) => `${counted(count, "suggestion", "suggestions")}. Choose with the arrow keys.`,
  },

  share: {
    copied: "The address is copied.",
    notCopied: "Copying failed. Please copy from the address bar.",
    csv: (count) => `Download ${counted(count, "article", "articles")} as CSV`,
  },

  theme: { auto: "Theme: auto", light: "Theme: light", dark: "Theme: dark" },

  foot: (version, articles) => `gisa ${version} · ${counted(articles, "article", "articles")}`,

  back: "Back to the list",
  original: "Original",
  newTab: "(new window)",
  nextMatch: "Next match",
  previousMatch: "Previous match",
  matches: (count) => counted(count, "match", "matches"),
  matchPosition: (at, count) => `Match ${number.format(at)} / ${number.format(count)}`,
  noMatches: "Nothing to mark in this article",
  marksMissing: "The matches could not be marked; here is the article alone.",
  related: "Related articles",

  /** The page /analyze. */
  analyze: {
    failed: "The analysis failed",
    done: "Analysed.",
    longAddress: "The text is too long for the address; a link to this page holds the query only.",

    verdictTitle: "Does the query find the text?",
    matches: {
      yes: "It does. The marks show what matches.",
      relaxed: "Only some of the words are there. It is found only where no article matches better.",
    },
    partly: "It does not. The marks match, but do not meet the whole query.",
    nowhere: "It does not. Nothing in the text matches the query.",
    verdictNote: "The text is judged as a body, in the same way as a search of the index that serves.",
    conditions: "Conditions on outlet, reporter, section and date are taken as met.",

    queryTitle: "Query",
    readAs: (description) => `Read as: ${description}`,
    total: (count) => `It finds ${counted(count, "article", "articles")} in the index.`,
    relaxed: "No article holds all of the words; these hold some.",
    clausesCaption: "For each part of the query, the forms of which one must be there",
    clause: "Part",
    inText: "In this text",
    inTextYes: "yes",
    inTextNo: "no",
    excluded: "(excluded)",
    inIndex: "In the index",
    forms: "Forms",
    moreForms: (count) => `${number.format(count)} more`,
    origins: { literal: "as typed", analysed: "analysed", synonym: "synonym", hanja: "hanja" },
    exactly: (value) => `the characters “${value}”`,
    or: " or ",
    amount: (value) => `number ${value}`,
    probes: {
      morpheme: (term) => `morpheme “${term}”`,
      bigram: (term) => `characters “${term}”`,
      edge: (term) => `beginning of a word “${term}”`,
      title: (term) => `title “${term}”`,
    },

    textTitle: "Text",
    outOfDate:
      "The dictionary or the program changed since the index was built. Below is the index that serves; words.txt and readings of hanja take effect with a reindex.",
    loadedLexicon: "Cut with the lexicon read last. It takes effect with a reindex.",
    morphemes: "As the dictionary cuts it",
    morphemesNote: "Particles, endings and signs in dotted boxes are not indexed as morphemes.",
    lanesTitle: "Tokens in the index",
    lanes: {
      morpheme: { name: "Morphemes", note: "What finds by meaning and ranks." },
      bigram: { name: "Character pairs", note: "Two neighbouring characters: find any string as it is written, spaces included." },
      edge: {
        name: "Beginnings of words",
        note: "The two characters where a word or morpheme begins. Queries of two syllables look here and at morphemes only.",
      },
    },
    tokensCaption: "Morphemes and why they are there",
    token: "Token",
    pos: "Part of speech",
    whyHead: "Why",
    noTokens: "none",
    why: {
      dictionary: "in the dictionary",
      user_word: "in words.txt",
      unknown: "not in the dictionary",
      stem: "base form of a verb or adjective",
      part: "part of a compound or name",
      character: "one hanja",
      reading: "reading of hanja",
      number: "number in one form",
      run: "nouns written together",
    },
    byCharacters: "digits or foreign letters",
    whyShort: { user_word: "words.txt", unknown: "not in the dictionary" },
    tags: {
      NNG: "noun",
      NNP: "proper noun",
      NNB: "bound noun",
      NNBC: "unit",
      NR: "numeral",
      NP: "pronoun",
      VV: "verb",
      VA: "adjective",
      VX: "auxiliary",
      VCP: "copula",
      VCN: "negative copula",
      MM: "determiner",
      MAG: "adverb",
      MAJ: "conjunctive adverb",
      IC: "interjection",
      J: "particle",
      E: "ending",
      XPN: "prefix",
      XSN: "suffix",
      XSV: "suffix",
      XSA: "suffix",
      XR: "root",
      SN: "digits",
      SL: "foreign",
      SH: "hanja",
      S: "sign",
      UNKNOWN: "unknown",
    },

    linesTitle: "Lines for words.txt",
    unknownFound: (count) =>
      `${counted(count, "word is", "words are")} not in the dictionary, or cut into single syllables. If a name, put its line into data/lexicon/words.txt.`,
    unknownNone: "No word is unknown or cut into single syllables. If one is cut wrongly, type it here.",
    linesNote:
      "Leave out words with which longer names or common words begin. Afterwards, reload the lexicon and reindex. Words of the same meaning belong into synonyms.txt, which needs no reindex.",
    word: "Word",
    wordIn: (around) => `Word (in the text “${around}”)`,
    kind: "Kind",
    kinds: { person: "person", place: "place", organisation: "organisation", product: "product", other: "other" },
    lineIs: "Line:",
    lineEmpty: "Type a word to see its line.",
    lineSpace: "No spaces, commas or quotation marks.",
    lineShort: "Two characters at least.",
  },
};
