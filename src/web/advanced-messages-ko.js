// Sentences of the advanced search alone, in Korean.

export const words = {
  fields: {
    all: { label: "모두 들어간 낱말", example: "예: 반도체 수출" },
    any: { label: "하나라도 들어간 낱말", example: "예: 연금 금리" },
    exact: { label: "정확히 이 구절", example: "예: 공급망 협력. 여럿이면 쉼표로" },
    without: { label: "빼는 낱말", example: "예: 부고 인사" },
    title: { label: "제목에 들어간 낱말", example: "" },
    outlet: { label: "이 언론사만", example: "여럿이면 쉼표로" },
    notOutlet: { label: "이 언론사 빼고", example: "여럿이면 쉼표로" },
    reporter: { label: "기자", example: "여럿이면 쉼표로" },
    near: { label: "가까이 나오는 두 말: 첫째", example: "예: 이란" },
    nearTo: { label: "가까이 나오는 두 말: 둘째", example: "예: 공급망 협력" },
    within: { label: "두 말이 몇 낱말 안에", example: "1부터 100까지" },
    from: { label: "시작일", example: "" },
    to: { label: "종료일", example: "" },
  },
  nothing: "(모든 기사)",
  kept: (rest) => `적은 그대로 두는 말: ${rest}`,
  stay: (filters) => `검색어와 함께 걸리는 조건: ${filters}`,
  names: { title: "제목", outlet: "언론사", reporter: "기자", date: "날짜" },
};
