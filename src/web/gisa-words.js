// The strings of the element.

/** The strings by language. */
export const WORDS = {
  ko: {
    label: "기사 검색",
    placeholder: "기사 검색",
    search: "검색",
    loading: "찾는 중…",
    total: (count) => `기사 ${count.toLocaleString("ko-KR")}건`,
    folded: (count) => `묶어서 ${count.toLocaleString("ko-KR")}건`,
    none: "찾는 기사가 없습니다.",
    relaxed: "낱말 일부만 나오는 기사입니다.",
    more: "더 보기",
    order: "정렬",
    orders: { relevance: "정확도순", newest: "최신순", oldest: "오래된순" },
    period: "기간",
    periods: { all: "전체 기간", day: "1일", week: "1주", month: "1개월", quarter: "3개월", year: "1년" },
    unlisted: (origin) =>
      `검색 서버의 답을 받지 못했습니다. 서버가 켜져 있다면, 관리자가 config.toml의 [embed] cors_origins에 이 페이지의 주소 ${origin} 을(를) 적어야 합니다.`,
    failed: "지금은 검색할 수 없습니다. 잠시 뒤에 다시 시도해 주세요.",
    signIn: "기사를 보려면 로그인해야 합니다.",
    suggestion: "이것을 찾으셨나요?",
    all: "전체 검색에서 보기",
    untitled: "(제목 없음)",
    newTab: "(새 창)",
    day: ({ year, month, day }) => `${year}. ${month}. ${day}.`,
  },
  en: {
    label: "News search",
    placeholder: "Search the news",
    search: "Search",
    loading: "Searching…",
    total: (count) => `${count.toLocaleString("en")} ${count === 1 ? "article" : "articles"}`,
    folded: (count) => `${count.toLocaleString("en")} when grouped`,
    none: "Nothing found.",
    relaxed: "These contain only some of the words.",
    more: "Show more",
    order: "Order",
    orders: { relevance: "By relevance", newest: "Newest first", oldest: "Oldest first" },
    period: "Period",
    periods: { all: "Any time", day: "1 day", week: "1 week", month: "1 month", quarter: "3 months", year: "1 year" },
    unlisted: (origin) =>
      `The search server did not answer. If it is running, its administrator has to list the address of this page, ${origin}, under cors_origins in [embed] of config.toml.`,
    failed: "Search is not available right now. Please try again in a moment.",
    signIn: "You have to sign in to read articles.",
    suggestion: "Did you mean",
    all: "Show all on the search page",
    untitled: "(no title)",
    newTab: "(new window)",
    day: ({ year, month, day }) =>
      `${day} ${["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][month - 1]} ${year}`,
  },
};
