// Sentences of the page /trends alone, in Korean.

import { text } from "./messages.js";

const number = new Intl.NumberFormat("ko-KR");

export const words = {
  title: "비교",
  failed: "비교하지 못했습니다",
  query: (at) => `검색어 ${at}`,
  drop: (at) => `검색어 ${at} 지우기`,
  empty: "검색어를 하나 이상 적어 주세요.",
  values: { count: "기사 수", share: "전체 기사 가운데 비율" },
  splits: { "": "나누지 않음", outlet: "첫 검색어를 언론사별로", outlet_group: "첫 검색어를 언론사 묶음별로" },
  conditions: (list) => `걸어 둔 조건: ${list}`,
  all: "전체 기사",
  percent: (share) => `${(100 * share).toLocaleString("ko-KR", { maximumFractionDigits: share < 0.01 ? 2 : 1 })}%`,
  /** A bucket as a reader says it. */
  bucket: (value) => {
    const week = /^(\d{4})-W(\d{2})$/.exec(value);
    return week ? `${week[1]}년 ${Number(week[2])}주` : text.dateLabel(value);
  },
  /** The same where room is short. */
  tick: (value) => (value.includes("W") ? value : value.replaceAll("-", ".")),
  value: (label, count, all) => `${label}: ${number.format(count)}건${all ? ` (${words.percent(count / all)})` : ""}`,
  caption: (unit, share, split) =>
    `${split ? `‘${split}’ ` : ""}${unit} ${share ? "전체 기사 가운데 비율" : "기사 수"}. 한국 시간, 주는 월요일부터.`,
  picture: (labels, first, last) => `${labels}: ${words.bucket(first)}부터 ${words.bucket(last)}까지. 수는 아래 표에 있습니다.`,
  undated: (label, count) => `‘${label}’: 날짜 없는 기사 ${number.format(count)}건은 그림에 없습니다.`,
  leftOut: (label, count) => `‘${label}’: ${text.ungroupedLeftOut(count)}`,
  relaxed: (label) => `‘${label}’: 낱말이 모두 나오는 기사가 없어, 일부만 나오는 기사를 셌습니다.`,
  onlyFirst: (query) => `나눌 때는 첫 검색어(‘${query}’)만 봅니다.`,
  dropped: (most, queries) => `검색어는 ${most}개까지 견줍니다. 뺀 것: ${queries.map((query) => `‘${query}’`).join(", ")}`,
  said: (count, unit) => `${unit} ${number.format(count)}칸을 그렸습니다.`,
  file: "gisa 비교",
};
