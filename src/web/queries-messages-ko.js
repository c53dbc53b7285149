// Sentences of the list of queries alone, in Korean.

export const words = {
  query: "찾은 말",
  times: "횟수",
  inVain: "못 찾은 횟수",
  total: "기사 수",
  suggestion: "권한 말",
  synonymLine: "동의어 줄",
  typed: "친 말",
  chosen: "고른 말",
  kind: "제안",
  kinds: { correction: "고쳐 쓰기", completion: "이어 쓰기" },
  none: "없습니다.",
  csv: "CSV 내려받기",
  needsAdmin: "관리 권한이 있는 키로 로그인하고 ‘관리하기’를 켜 주세요.",
  notKept: "찾는 말을 남기지 않고 있습니다. 남기려면 config.toml에서 search.keep_queries를 켜고 다시 시작합니다.",
  said({ asked, asked_in_vain: inVain, above, lost }) {
    const beyond = above ? ` ${above.toLocaleString("ko-KR")}번은 하루에 담을 수 있는 수를 넘어 목록에 없습니다.` : "";
    const gone = lost ? ` ${lost.toLocaleString("ko-KR")}번은 디스크에 쓰지 못했거나 읽지 못했습니다.` : "";
    return `모두 ${asked.toLocaleString("ko-KR")}번 찾았고, ${inVain.toLocaleString("ko-KR")}번은 다 나오는 기사가 없었습니다.${beyond}${gone}`;
  },
};
