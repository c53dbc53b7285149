// Sentences about names and related terms, in English.

import { text } from "./messages.js";

const number = new Intl.NumberFormat("en");

export const words = {
  related: "Related terms",
  about: "These articles name them more often than others do. Choose one to narrow the list.",
  narrow: (term) => `Narrow to “${term}”`,
  map: "Show a map",
  kinds: { person: "person", place: "place", organisation: "organisation", word: "word" },
  title: (q) => `${q} – Map – News search`,
  heading: (q) => (q ? `Map of “${q}”` : "Map"),
  all: "There is no search yet. Type a query to see which persons and organisations stand in its articles together.",
  none: "No persons or organisations stand together there. Try a wider search.",
  conditions: (labels) => `Filters: ${labels}`,
  counted: ({ total, examined }) =>
    examined < total
      ? `Counted in the newest ${number.format(examined)} of ${text.articles(total)}.`
      : `Counted in ${text.articles(total)}.`,
  picture: (nodes, lines) =>
    `A picture of ${number.format(nodes)} persons and organisations and ${number.format(lines)} pairs that stand in one article. The table below says the same.`,
  node: (term, kind, count) => `${term}, ${kind}, ${text.articles(count)}`,
  pair: (first, second, count) => `${first}, ${second}: ${text.articles(count)}`,
  one: "Name",
  other: "Named together with",
  count: "Articles",
  problem: "The map cannot be made",
};
