// Sentences about earlier texts and comparisons alone, in Korean.

const number = new Intl.NumberFormat("ko-KR");

export const words = {
  noEarlierTexts: "고치기 전의 글이 남아 있지 않습니다.",
  asFirstKnown: "처음",
  earlierGone: "이전 글은 남아 있지 않음",
  earlierPerhaps: "이전 글이 더 있었을 수 있음",
  wholeText: "이때의 글 모두 읽기",
  withPresent: "지금과 무엇이 다른가",
  before: "고치기 전",
  after: "지금",
  noOutlet: "언론사 없음",
  failed: "두 글을 견주지 못했습니다",
  changes: { added: "더해짐", dropped: "빠짐", changed: "바뀜" },
  counts: ({ same, changed, added, dropped }) =>
    `같은 문장 ${number.format(same)} · 바뀐 문장 ${number.format(changed)} · 더해진 문장 ${number.format(added)} · 빠진 문장 ${number.format(dropped)}`,
  sameSentences: (count) => `같은 문장 ${number.format(count)}개`,
};
