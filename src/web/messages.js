// Every sentence that the scripts show, in one place, so that a second language is a second object.
// The static sentences are in index.html.

const number = new Intl.NumberFormat("ko-KR");

/** Milliseconds as a reader wants them: `0.4`, `2.1`, `148`. */
function milliseconds(ms) {
  return ms < 10 ? ms.toFixed(1) : number.format(Math.round(ms));
}

export const text = {
  siteTitle: "기사 검색",
  pageTitle: (subject) => `${subject} – 기사 검색`,

  count: (total, ms) => `기사 ${number.format(total)}건 · ${milliseconds(ms)}ms`,
  countShort: (total) => number.format(total),
  newest: "최신 기사",
  resultsFor: (query) => `‘${query}’ 검색 결과`,
  loading: "찾는 중…",

  relaxed: "모든 낱말이 함께 나오는 기사가 없어, 일부만 나오는 기사를 보여 드립니다. 꼭 들어가야 할 말은 따옴표로 묶어 보세요.",
  didYouMean: "이것을 찾으셨나요?",
  similarChip: "비슷한 기사끼리",
  similar: (count) => `비슷한 기사 ${number.format(count)}건`,
  untitled: "(제목 없음)",
  noDate: "날짜 없음",
  lastReachable: (limit) =>
    `여기까지 앞의 ${number.format(limit)}건입니다. 그 뒤의 기사는 기간이나 언론사로 좁히면 볼 수 있습니다.`,

  noResults: "찾는 기사가 없습니다.",
  noResultsAdvice: [
    "검색어의 철자를 확인해 보세요.",
    "낱말 수를 줄이거나 더 짧은 말로 찾아보세요.",
    "따옴표를 빼거나, 낱말 끝에 *를 붙여 앞부분만으로 찾아보세요. 예: 스타트*",
  ],
  noResultsFilters: "걸어 둔 조건을 지우면 더 찾을 수 있습니다.",
  emptyIndex: "아직 색인된 기사가 없습니다.",
  emptyIndexAdvice: ["data/articles/ 폴더에 기사를 넣고 재색인하면 여기에 나타납니다."],
  emptyPage: "이 쪽에는 기사가 없습니다.",
  firstPage: "첫 쪽으로",

  errorTitle: "검색하지 못했습니다",
  errorArticle: "기사를 열지 못했습니다",
  network: "서버에 연결할 수 없습니다",
  networkDetail: "네트워크 연결을 확인하고 다시 시도해 주세요.",
  timeout: "서버가 제때 답하지 않았습니다",
  timeoutDetail: "잠시 뒤에 다시 시도해 주세요.",
  badAnswer: "서버의 답을 읽을 수 없습니다",
  httpStatus: (status) => `HTTP 상태 ${status}`,
  requestId: "요청 번호",
  retry: "다시 시도",

  previous: "이전",
  next: "다음",
  pageUnit: "쪽",

  facet: { outlet: "언론사", section: "섹션", reporter: "기자" },
  facetMore: "더 보기",
  facetLess: "접기",
  facetOther: (count) => `그 밖의 값: ${number.format(count)}건`,
  articles: (count) => `기사 ${number.format(count)}건`,
  filters: (count) => (count ? `검색 조건 (${number.format(count)})` : "검색 조건"),

  period: {
    all: "전체",
    day: "1일",
    week: "1주",
    month: "1개월",
    quarter: "3개월",
    year: "1년",
    custom: "직접 입력",
  },
  periodChip: (from, to) => `기간: ${from || "처음"} ~ ${to || "오늘"}`,
  rangeReversed: "시작일이 종료일보다 늦습니다.",
  rangeInvalid: "날짜를 끝까지 입력해 주세요.",
  removeFilter: (label) => `${label} 조건 지우기`,
  clearFilters: "조건 모두 지우기",
  onlyReporter: (name) => `${name} 기자의 기사만 보기`,

  back: "목록으로",
  original: "원문 보기",
  newTab: "(새 창)",
  nextMatch: "다음 일치",
  previousMatch: "이전 일치",
  matches: (count) => `일치 ${number.format(count)}곳`,
  matchPosition: (at, count) => `일치 ${number.format(at)} / ${number.format(count)}`,
  noMatches: "이 기사에서 표시할 곳이 없습니다",
  marksMissing: "찾은 말을 표시하지 못해 기사만 보여 드립니다.",
};
