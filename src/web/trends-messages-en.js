// Sentences of the page /trends alone, in English.

import { text } from "./messages.js";

const number = new Intl.NumberFormat("en");

export const words = {
  title: "Comparison",
  failed: "The comparison failed",
  query: (at) => `Search ${at}`,
  drop: (at) => `Remove search ${at}`,
  empty: "Enter at least one search.",
  values: { count: "Articles", share: "Share of all articles" },
  splits: { "": "Not split", outlet: "First search by outlet", outlet_group: "First search by group of outlets" },
  conditions: (list) => `Filters: ${list}`,
  all: "All articles",
  percent: (share) => `${(100 * share).toLocaleString("en", { maximumFractionDigits: share < 0.01 ? 2 : 1 })}%`,
  bucket: (value) => {
    const week = /^(\d{4})-W(\d{2})$/.exec(value);
    return week ? `Week ${Number(week[2])} of ${week[1]}` : text.dateLabel(value);
  },
  tick: (value) => value,
  value: (label, count, all) => `${label}: ${number.format(count)}${all ? ` (${words.percent(count / all)})` : ""}`,
  caption: (unit, share, split) =>
    `${split ? `“${split}”, ` : ""}${share ? "share of all articles" : "articles"} ${unit}. Korean time, weeks from Monday.`,
  picture: (labels, first, last) => `${labels}: from ${words.bucket(first)} to ${words.bucket(last)}. The numbers are in the table below.`,
  undated: (label, count) => `“${label}”: ${text.articles(count)} without a date ${count === 1 ? "is" : "are"} not in the picture.`,
  leftOut: (label, count) => `“${label}”: ${text.ungroupedLeftOut(count)}`,
  relaxed: (label) => `“${label}”: no article contains all of the words; those with some of them are counted.`,
  onlyFirst: (query) => `Only the first search (“${query}”) is split.`,
  dropped: (most, queries) => `Up to ${most} searches are compared. Left out: ${queries.map((query) => `“${query}”`).join(", ")}`,
  said: (count, unit) => `${number.format(count)} points drawn, ${unit}.`,
  file: "gisa comparison",
};
