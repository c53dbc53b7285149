// Sentences of the list of queries alone, in English.

export const words = {
  query: "Search",
  times: "Times",
  inVain: "Without a hit",
  total: "Articles",
  suggestion: "Offered",
  synonymLine: "Synonym line",
  typed: "Typed",
  chosen: "Taken",
  kind: "Offer",
  kinds: { correction: "Correction", completion: "Completion" },
  none: "None.",
  csv: "Download CSV",
  needsAdmin: "Sign in with a key that may administer, and tick “Administer”.",
  notKept: "Searches are not kept. To keep them, turn on search.keep_queries in config.toml and restart.",
  said({ asked, asked_in_vain: inVain, above, lost }) {
    const beyond = above ? ` ${above.toLocaleString("en")} of them are in no list, because their day was full.` : "";
    const gone = lost ? ` ${lost.toLocaleString("en")} could not be written or read.` : "";
    return `${asked.toLocaleString("en")} searches, ${inVain.toLocaleString("en")} of them without an article that holds all words.${beyond}${gone}`;
  },
};
