// Sentences about quotations, in Korean.

const number = new Intl.NumberFormat("ko");

export const words = {
  title: (q) => `${q} – 인용문 – 기사 검색`,
  counted: ({ total, articles }) => `기사 ${number.format(articles)}건에서 인용문 ${number.format(total)}개를 찾았습니다.`,
  none: "그런 인용문이 없습니다. 낱말을 줄이거나 조건을 풀어 보세요.",
  unsaid: "말한 사람이 적혀 있지 않음",
  only: (name, count) => `${name}의 인용문 ${number.format(count)}개만 보기`,
  all: "모든 사람 보기",
  unnamed: ({ unnamed, other }) =>
    [
      other > 0 && `그 밖의 사람 ${number.format(other)}개`,
      unnamed > 0 && `기관이나 이름 없는 사람, 누구인지 알 수 없는 말 ${number.format(unnamed)}개`,
    ]
      .filter(Boolean)
      .join(" · "),
  place: "기사에서 보기",
  untitled: "제목 없음",
  page: (page) => `${number.format(page)}쪽`,
  conditions: (labels) => `다른 조건: ${labels}`,
  drop: "모두 풀기",
  problem: "인용문을 찾지 못했습니다",
};
