// Sentences about quotations, in English.

const number = new Intl.NumberFormat("en");
const counted = (count, one, many) => (count === 1 ? `1 ${one}` : `${number.format(count)} ${many}`);

export const words = {
  title: (q) => `${q} – Quotations – News search`,
  counted: ({ total, articles }) => `${counted(total, "quotation", "quotations")} in ${counted(articles, "article", "articles")}.`,
  none: "There is no such quotation. Use fewer words or fewer conditions.",
  unsaid: "Speaker not given",
  only: (name, count) => `Only the ${counted(count, "quotation", "quotations")} of ${name}`,
  all: "Show all speakers",
  unnamed: ({ unnamed, other }) =>
    [
      other > 0 && `By other people: ${number.format(other)}`,
      unnamed > 0 && `By institutions, people without a name, or nobody who is given: ${number.format(unnamed)}`,
    ]
      .filter(Boolean)
      .join(" · "),
  place: "Show in the article",
  untitled: "Untitled",
  page: (page) => `Page ${number.format(page)}`,
  conditions: (labels) => `Further conditions: ${labels}`,
  drop: "Drop them",
  problem: "The quotations could not be found",
};
