// Every string that the scripts show, in Korean. messages-en.js has the same ones in English. Strings that never change are in the
// pages themselves.

import { firstDay, isWeek, twoDigits } from "./time.js";

const number = new Intl.NumberFormat("ko-KR");

/** Milliseconds with as many digits as matter to a reader: `0.4`, `2.1`, `148`. */
function milliseconds(ms) {
  return ms < 10 ? ms.toFixed(1) : number.format(Math.round(ms));
}

/** The first day of a week, anything else as it is. */
function firstOf(value) {
  return isWeek(value) ? firstDay(value) : value;
}

export const text = {
  siteTitle: "기사 검색",
  pageTitle: (subject) => `${subject} – 기사 검색`,

  count: (total) => `기사 ${number.format(total)}건`,
  /** Near-identical articles counted once. */
  foldedCount: (total) => `묶어서 ${number.format(total)}건`,
  foldedWord: "(묶어서)",
  foldedFacets: "아래 수는 묶어서 센 것입니다.",
  lacks: (words) => `없는 낱말: ${words.join(", ")}`,
  pageSize: (size) => `${number.format(size)}건씩`,
  /** Which hits a printed page has, of `total`; folded if there are more articles. */
  printedPart: (first, last, total, articles) =>
    `${articles > total ? "묶은 " : ""}${number.format(total)}건 가운데 ${number.format(first)}–${number.format(last)}번째`,
  printedAt: (date) => `인쇄: ${date.toLocaleString("ko-KR", { timeZone: "Asia/Seoul", dateStyle: "long", timeStyle: "short" })}`,
  took: (ms) => `${milliseconds(ms)}ms`,
  countShort: (total) => number.format(total),
  newest: "최신 기사",
  resultsFor: (query) => `‘${query}’ 검색 결과`,
  loading: "찾는 중…",

  partial: "일부 기사를 지금 읽을 수 없어, 여기 나온 기사와 건수가 전부가 아닙니다. 잠시 뒤에 다시 찾아보세요.",
  relaxed: "모든 낱말이 함께 나오는 기사가 없어, 일부만 나오는 기사를 보여 드립니다. 꼭 들어가야 할 말은 따옴표로 묶어 보세요.",
  didYouMean: "이것을 찾으셨나요?",
  similarChip: "비슷한 기사끼리",
  /** `all` others are near-identical, `inside` of them are within the query and the conditions. */
  similar: (all, inside) =>
    all === inside
      ? `비슷한 기사 ${number.format(all)}건`
      : `비슷한 기사 ${number.format(all)}건 · 이 조건 안에 ${number.format(inside)}건`,
  similarAll: (count) => `조건 없이 모두 보기 (${number.format(count)}건)`,
  similarInside: (count) => `이 조건 안의 기사만 보기 (${number.format(count)}건)`,
  reprints: (count) => `같은 내용의 기사 ${number.format(count)}건, 게재 순서대로`,
  orderUnknown: "게재 시각이 없거나 같은 기사끼리는 어느 것이 먼저인지 알 수 없습니다.",
  firstPublished: "가장 먼저",
  thisArticle: "지금 보는 기사",
  corrected: "수정됨",
  earlierTexts: "고치기 전의 글",
  compare: "무엇이 다른가",
  untitled: "(제목 없음)",
  noDate: "날짜 없음",
  lastReachable: (limit) =>
    `앞에서부터 ${number.format(limit)}건까지만 볼 수 있습니다. 나머지는 기간이나 언론사로 좁혀서 찾아보세요.`,

  noResults: "찾는 기사가 없습니다.",
  noResultsAdvice: [
    "검색어의 철자를 확인해 보세요.",
    "낱말 수를 줄이거나 더 짧은 말로 찾아보세요.",
    "따옴표를 빼거나, 낱말 끝에 *를 붙여 앞부분만으로 찾아보세요. 예: 스타트*",
  ],
  noWords: "검색어에 찾을 낱말이 없습니다.",
  noWordsAdvice: "괄호, 따옴표, 별표 같은 부호만 있습니다. 낱말을 하나 이상 적어 주세요.",
  countingWithout: "조건을 지우면 몇 건인지 세고 있습니다.",
  foundWithout: (count) => `조건이 없으면 기사 ${number.format(count)}건을 찾습니다.`,
  namedById: "이 번호나 주소의 기사:",
  onlyNamed: "이 말이 들어 있는 기사는 없고, 이 번호나 주소의 기사는 있습니다.",
  nothingWithout: "조건을 모두 지워도 찾는 기사가 없습니다.",
  emptyIndex: "아직 색인된 기사가 없습니다.",
  emptyIndexAdvice: ["data/articles/ 폴더에 기사를 넣고 재색인하면 여기에 나타납니다."],
  emptyPage: "이 쪽에는 기사가 없습니다.",
  firstPage: "첫 쪽으로",

  errorTitle: "검색하지 못했습니다",
  errorArticle: "기사를 열지 못했습니다",
  errorSimilar: "비슷한 기사를 가져오지 못했습니다.",
  requestId: "요청 번호",
  retry: "다시 시도",
  /** What failed and what to do, by the error codes of the API. Other codes are shown with the server's own title. */
  problems: {
    network: ["서버에 연결할 수 없습니다", "네트워크 연결을 확인하고 다시 시도해 주세요."],
    timeout: ["서버가 제때 응답하지 않았습니다", "잠시 뒤에 다시 시도해 주세요."],
    bad_answer: ["서버의 응답을 읽을 수 없습니다", "페이지를 새로 고친 뒤 다시 시도해 주세요."],
    query_too_long: ["검색어가 너무 깁니다", "512자까지 입력할 수 있습니다. 중요한 낱말 몇 개만 남겨 보세요."],
    query_too_complex: ["검색어가 너무 복잡합니다", "괄호나 낱말의 수를 줄여 보세요."],
    bad_parameter: ["조건을 읽을 수 없습니다", "주소가 잘렸거나 날짜가 잘못되었습니다. 조건을 지우고 다시 골라 보세요."],
    unknown_parameter: ["주소에 알 수 없는 조건이 있습니다", "조건을 지우고 다시 찾아보세요."],
    page_window: ["이 쪽은 볼 수 없습니다", "기간이나 언론사로 좁혀 보세요."],
    article_not_found: ["그런 기사가 없습니다", "지워졌거나 주소가 잘못되었습니다."],
    version_not_found: ["고치기 전의 글이 없습니다", "고친 적이 없거나, 오래되어 지워졌습니다."],
    overloaded: ["지금 검색이 몰려 있습니다", "몇 초 뒤에 다시 시도해 주세요."],
    deadline: ["검색이 너무 오래 걸렸습니다", "검색어를 줄이거나 다시 시도해 주세요."],
    not_ready: ["아직 검색할 수 없습니다", "색인을 만들고 있습니다. 잠시 뒤에 다시 시도해 주세요."],
    unauthorized: ["로그인이 필요합니다", "관리자에게 받은 키로 로그인해 주세요."],
    forbidden: ["이 키로는 할 수 없는 일입니다", "관리자에게 문의해 주세요."],
    keys_unavailable: ["지금은 키를 확인할 수 없습니다", "잠시 뒤에 다시 시도해 주세요. 계속되면 관리자에게 알려 주세요."],
    partial_results: ["일부 기사를 지금 읽을 수 없습니다", "빠진 기사가 있으면 안 되는 일이라 하지 않았습니다. 잠시 뒤에 다시 시도해 주세요."],
    wrong_keys: ["틀린 키가 너무 많이 들어왔습니다", "1분 뒤에 다시 시도해 주세요."],
    internal: ["서버에 문제가 생겼습니다", "다시 시도해도 같으면 요청 번호를 관리자에게 알려 주세요."],
  },

  previous: "이전",
  next: "다음",
  pageUnit: "쪽",

  newcomers: (count) => `새 기사 ${number.format(count)}건 보기`,
  searchWords: (words) => `‘${words}’ 이 말로 검색`,
  preview: { empty: "제목을 누르거나 화살표로 옮기면 기사가 여기에 나옵니다.", whole: "기사 화면으로 열기" },
  undated: (count) => `날짜가 없는 기사 ${number.format(count)}건은 기간에 들지 않아 빠졌습니다.`,
  showUndated: "날짜 없는 기사 보기",
  noOutlet: (count) => `언론사 없는 기사 ${number.format(count)}건`,
  ungrouped: (count) => `언론사가 없거나 어느 묶음에도 들지 않는 기사 ${number.format(count)}건`,
  ungroupedLeftOut: (count) => `${text.ungrouped(count)}은 언론사 묶음을 골라서 빠졌습니다.`,
  leaveOut: (group) => `${group} 묶음을 빼고 찾기`,
  leaveOutShort: "빼기",
  unknownAddress: "이 주소의 기사는 이 색인에 없습니다.",
  severalNamed: (count) => `이 주소의 기사가 ${number.format(count)}건 있습니다.`,

  facet: { outlet: "언론사", outlet_group: "언론사 묶음", section: "섹션", reporter: "기자", person: "인물", organisation: "기관", place: "장소" },
  facetMore: (name) => `${name} 더 보기`,
  facetLess: (name) => `${name} 접기`,
  facetNarrow: (name) => `${name} 이름으로 찾기`,
  facetOther: (count) => `그 밖의 값: 기사 ${number.format(count)}건`,
  articles: (count) => `기사 ${number.format(count)}건`,
  showHits: (counted) => `${counted} 보기`,
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

  timeline: {
    undated: (count) => `날짜 없는 기사 ${number.format(count)}건`,
    units: { day: "날짜별", week: "주별", month: "월별", year: "연도별" },
    by: { "": "자동", day: "일", week: "주", month: "월", year: "연도" },
    /** Why bars of a unit are not drawn: `days` is the longest time that has them. */
    unfit: (unit, days) =>
      `${text.timeline.units[unit]} 막대는 ${number.format(days)}일까지 그립니다. 더 짧은 기간을 고르고 ‘이 기간 크게 보기’를 누르세요.`,
    count: (count) => `${number.format(count)}건`,
    peak: (when, counted) => `최고 ${when} ${counted}`,
    label: (unit, first, last) => `${unit} 기사 수, ${first}부터 ${last}까지`,
    column: { day: "날짜", week: "주", month: "월", year: "연도" },
    bar: (when, counted) => `${when} · ${counted}`,
    from: "시작",
    to: "끝",
    number: "기사 수",
  },
  /** A day, week, month or year as a reader says it. */
  dateLabel: (value) => {
    if (isWeek(value)) return `${text.dateLabel(firstDay(value))}부터 한 주`;
    const [year, month, day] = value.split("-").map(Number);
    return [`${year}년`, month && `${month}월`, day && `${day}일`].filter(Boolean).join(" ");
  },
  /** The same where room is short. */
  dateTick: (value) => {
    const [year, month, day] = firstOf(value).split("-").map(Number);
    return day ? `${month}.${day}.` : month ? `${year}.${month}.` : String(year);
  },
  moment: ({ year, month, day, hour, minute, timed }) =>
    `${year}년 ${month}월 ${day}일${timed ? ` ${twoDigits(hour)}:${twoDigits(minute)}` : ""}`,

  suggest: {
    completions: "추천 검색어",
    recent: "최근 검색어",
    count: (count) => `${number.format(count)}건`,
    correction: "이것을 찾으셨나요?",
    clear: "최근 검색어 모두 지우기",
    forget: (query) => `최근 검색어 ‘${query}’ 지우기`,
    available: (count) => `추천 ${number.format(count)}개. 위아래 화살표로 고르세요.`,
  },

  share: {
    copied: "주소를 복사했습니다.",
    notCopied: "복사하지 못했습니다. 주소창의 주소를 복사해 주세요.",
    feedCopied: "피드 주소를 복사했습니다. 피드 읽기 프로그램(RSS)에 붙여 넣으면 새 기사가 나올 때마다 알려 줍니다.",
    feedEnds: "종료일을 걸어 두어서 그 뒤의 기사는 오지 않습니다.",
    csv: (counted) => `${counted}을 CSV로 내려받기`,
    xlsx: (counted) => `${counted}을 엑셀로 내려받기`,
    fold: (folded, all) => `비슷한 기사를 묶어서 (묶으면 ${number.format(folded)}건, 모두 ${number.format(all)}건)`,
    cut: (limit, count) =>
      `엑셀과 CSV에는 ${number.format(count)}건 가운데 앞의 ${number.format(limit)}건만 담깁니다. 기간을 나누어 받으면 모두 받을 수 있습니다.`,
    /** `count` is `null` where it is not known. */
    cutUndated: (count) =>
      `날짜 없는 기사${count === null ? "는" : ` ${number.format(count)}건은`} 어느 기간에도 들지 않으니, 검색어에 ‘날짜:없음’을 더해 따로 받으세요.`,
    columns: {
      published_at: "게재 일시",
      outlet: "언론사",
      reporters: "기자",
      section: "섹션",
      title: "제목",
      lead: "본문 첫머리",
      url: "기사 주소",
      id: "기사 번호",
      body: "본문 전체",
    },
  },

  scrap: {
    keep: "스크랩",
    kept: "스크랩함",
    usual: "스크랩",
    folders: "스크랩할 폴더",
    newFolder: "새 폴더 이름",
    make: "만들기",
    open: "스크랩 모두 보기",
    said: (name) => `‘${name}’에 스크랩했습니다.`,
    dropped: (name) => `‘${name}’에서 뺐습니다.`,
    full: "브라우저에 저장하지 못했습니다. 저장 공간이나 개인 정보 설정을 확인해 주세요.",
    folderName: "폴더 이름",
    dropFolder: "폴더 지우기",
    sure: (name, count) => `‘${name}’ 폴더와 그 안의 기사 ${number.format(count)}건을 지울까요?`,
    folderGone: (name) => `‘${name}’ 폴더를 지웠습니다.`,
    drop: "빼기",
    note: (title) => `메모: ${title}`,
    notePlaceholder: "메모",
    noteKept: "메모를 저장했습니다.",
    renamed: (name) => `폴더 이름을 바꾸었습니다: ‘${name}’`,
    nameTaken: (name) => `‘${name}’ 폴더가 이미 있습니다. 다른 이름을 적어 주세요.`,
    nameMissing: "폴더 이름을 적어 주세요.",
    damaged: "저장되어 있던 스크랩을 읽을 수 없었습니다. 지우지 않고 브라우저의 gisa.scraps.damaged에 따로 두었습니다.",
    file: "스크랩",
    columns: ["폴더", "게재 일시", "언론사", "기자", "제목", "기사 주소", "메모", "기사 번호"],
    workbookSaved: "엑셀 파일을 만들었습니다.",
    noWorkbook: "엑셀 파일을 만들지 못했습니다. 잠시 뒤에 다시 하거나 CSV로 받아 주세요.",
    citationsCopied: "인용 목록을 복사했습니다.",
    notOurs: "스크랩 백업 파일이 아닙니다.",
    added: (count) => `기사 ${number.format(count)}건을 새로 불러왔습니다.`,
  },

  theme: { auto: "화면: 자동", light: "화면: 밝게", dark: "화면: 어둡게" },

  foot: (version, articles) =>
    articles === undefined ? `gisa ${version}` : `gisa ${version} · 기사 ${number.format(articles)}건`,
  signIn: "로그인",

  back: "목록으로",
  original: "원문 보기",
  newTab: "(새 창)",
  nextMatch: "다음 일치 (N)",
  previousMatch: "이전 일치 (P)",
  matches: (count) => `일치 ${number.format(count)}곳`,
  matchPosition: (at, count) => `일치 ${number.format(at)} / ${number.format(count)}`,
  noMatches: "이 기사에는 표시할 곳이 없습니다",
  marksMissing: "찾은 말을 표시하지 못해 기사만 보여 드립니다.",
  related: "관련 기사",
  previousHit: "이전 기사 (K)",
  nextHit: "다음 기사 (J)",
  hitNumber: (at) => `${number.format(at)}번째`,
  apaDate: ({ year, month, day }) => `${year}, ${month}월 ${day}일`,
  apaNoDate: "날짜 없음",
  cite: {
    group: "인용과 주소",
    copy: "인용 복사",
    forms: { newsroom: "기사체", apa: "APA", link: "제목과 링크" },
    copied: (form) => `인용(${form})을 복사했습니다.`,
    permalink: "고유 주소",
    permalinkCopied: "이 기사의 고유 주소를 복사했습니다.",
    notCopied: "복사하지 못했습니다.",
  },
};
