// Sentences about names and related terms, in Korean.

import { text } from "./messages.js";

const number = new Intl.NumberFormat("ko");

export const words = {
  related: "연관어",
  about: "이 기사들에 유난히 많이 나오는 말입니다. 누르면 그 말로 좁힙니다.",
  narrow: (term) => `‘${term}’(으)로 좁히기`,
  map: "관계도 보기",
  kinds: { person: "인물", place: "장소", organisation: "기관", word: "낱말" },
  title: (q) => `${q} – 관계도 – 기사 검색`,
  heading: (q) => (q ? `‘${q}’ 관계도` : "관계도"),
  all: "기사 검색 조건이 없습니다. 검색어를 적으면 그 기사들에 함께 나오는 인물과 기관을 그립니다.",
  none: "함께 나오는 인물이나 기관이 없습니다. 검색어나 조건을 넓혀 보세요.",
  conditions: (labels) => `조건: ${labels}`,
  counted: ({ total, examined }) =>
    examined < total
      ? `${text.articles(total)} 가운데 최근 ${number.format(examined)}건에서 세었습니다.`
      : `${text.articles(total)}에서 세었습니다.`,
  picture: (nodes, lines) =>
    `인물과 기관 ${number.format(nodes)}곳, 함께 나오는 짝 ${number.format(lines)}개를 그린 그림. 같은 내용이 아래 표에 있습니다.`,
  node: (term, kind, count) => `${term}, ${kind}, ${text.articles(count)}`,
  pair: (first, second, count) => `${first}, ${second}: ${text.articles(count)}`,
  one: "하나",
  other: "함께 나오는 이름",
  count: "기사",
  problem: "관계도를 만들 수 없습니다",
};
