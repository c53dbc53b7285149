// Sentences about earlier texts and comparisons alone, in English.

const number = new Intl.NumberFormat("en");

export const words = {
  noEarlierTexts: "No earlier text is kept.",
  asFirstKnown: "first",
  earlierGone: "earlier texts are not kept",
  earlierPerhaps: "perhaps not the first text",
  wholeText: "Read all of this text",
  withPresent: "What differs from now",
  before: "Before",
  after: "Now",
  noOutlet: "no outlet",
  failed: "The two texts could not be compared",
  changes: { added: "Added", dropped: "Dropped", changed: "Changed" },
  counts: ({ same, changed, added, dropped }) =>
    `Sentences: ${number.format(same)} the same · ${number.format(changed)} changed · ${number.format(added)} added · ${number.format(dropped)} dropped`,
  sameSentences: (count) => `${number.format(count)} ${count === 1 ? "sentence" : "sentences"} the same`,
};
