// Sentences of the advanced search alone, in English.

export const words = {
  fields: {
    all: { label: "All of these words", example: "e.g. 반도체 수출" },
    any: { label: "Any of these words", example: "e.g. 연금 금리" },
    exact: { label: "Exactly this phrase", example: "e.g. 공급망 협력; several with commas" },
    without: { label: "None of these words", example: "e.g. 부고 인사" },
    title: { label: "Words in the title", example: "" },
    outlet: { label: "Only this outlet", example: "several with commas" },
    notOutlet: { label: "Not this outlet", example: "several with commas" },
    reporter: { label: "Reporter", example: "several with commas" },
    near: { label: "Two terms near each other: first", example: "e.g. 이란" },
    nearTo: { label: "Two terms near each other: second", example: "e.g. 공급망 협력" },
    within: { label: "Words apart at most", example: "1 to 100" },
    from: { label: "From", example: "" },
    to: { label: "To", example: "" },
  },
  nothing: "(all articles)",
  kept: (rest) => `Kept as written: ${rest}`,
  stay: (filters) => `Filters beside the query: ${filters}`,
  names: { title: "title", outlet: "outlet", reporter: "reporter", date: "date" },
};
