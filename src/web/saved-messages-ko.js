// Sentences about saved searches, in Korean.

import { text } from "./messages.js";

const number = new Intl.NumberFormat("ko");

/** What the server says of a failed delivery, and what a reader understands; the first that fits. */
const REASONS = [
  [/redirects are not followed/u, () => "받는 곳이 다른 주소로 넘겼습니다. 넘긴 주소로는 보내지 않으니, 새 주소로 다시 저장해 주세요."],
  [/answered (\d{3})/u, ([, status]) => `받는 곳이 받지 않고 ${status}(으)로 답했습니다.`],
  [/`alerts\.allow_hosts`/u, () => "보낼 수 없는 곳입니다. 관리자가 config.toml의 alerts.allow_hosts에 적어야 합니다."],
  [/`alerts\.smtp_host`/u, () => "메일 서버가 정해져 있지 않습니다. 관리자가 config.toml의 alerts.smtp_host에 적어야 합니다."],
  [/`alerts\.ca_file`/u, () => "인증서를 누가 발급했는지 서버가 모릅니다. 사내 인증서라면 관리자가 config.toml의 alerts.ca_file에 적어야 합니다."],
  [/certificate|secure connection|handshake|\btls\b/iu, () => "보안 연결을 할 수 없습니다. 받는 곳의 인증서를 확인해 주세요."],
  [/refused/iu, () => "받는 곳이 연결을 받지 않습니다. 꺼져 있거나 주소가 다릅니다."],
  [/timed? ?out|took longer/iu, () => "받는 곳이 제때 답하지 않았습니다."],
  [/resolve|lookup|\bdns\b|name or service/iu, () => "주소에 적힌 이름의 컴퓨터를 찾지 못했습니다."],
  [/\bauth|credential/iu, () => "받는 곳이 서버의 아이디나 암호를 받지 않았습니다."],
];

export const words = {
  allArticles: "모든 기사",
  quoted: (query) => `‘${query}’`,
  period: (from, to) => `기간: ${from ? `${from}부터` : ""}${from && to ? " " : ""}${to ? `${to}까지` : ""}`,

  // The panel on the search page.
  heading: "이 검색 저장",
  about: "지금부터 들어오는 기사 가운데 이 검색에 맞는 것을 모읍니다. 낱말이 모두 나오는 기사만 맞는 것으로 칩니다.",
  saves: "저장할 검색",
  query: (query) => `검색어: ${query}`,
  everything: "조건 없이 들어오는 모든 기사를 모읍니다.",
  leftOut: "순서, 묶기, 쪽은 저장하지 않습니다.",
  openPeriod: (from) => `${from}이 게재일이거나 그 뒤인 기사만 모읍니다. ‘1주’처럼 골랐어도 그 날짜로 저장하고, 날마다 옮기지 않습니다.`,
  endingPeriod: (to) => `종료일이 있어 ${to} 뒤에 게재된 기사는 오지 않습니다.`,
  withoutPeriod: "기간은 빼고 저장하기",
  spokenDates: (dates) => `‘${dates.join("’, ‘")}’는 기사가 올 때마다 그날을 기준으로 다시 읽습니다.`,
  title: "제목",
  titleHelp: "알림과 목록에 나오는 말입니다.",
  name: "이름",
  nameHelp: "주소에 쓰입니다. 한글, 영문자, 숫자, -, _로 64자까지.",
  where: "어디로 알릴까요",
  places: { nowhere: "여기서만 보기", webhook: "웹훅", email: "전자우편" },
  placesHelp: {
    nowhere: "‘저장한 검색’ 화면과 피드에서 봅니다.",
    webhook: "기사가 오면 서버가 이 주소로 보냅니다.",
    email: "기사를 모아 전자우편으로 보냅니다.",
  },
  url: "받을 주소",
  format: "형식",
  formats: { gisa: "JSON (기사 형식)", slack: "Slack·Mattermost" },
  secret: "서명할 비밀",
  secretHelp: "비워 두어도 됩니다. 적으면 받는 쪽이 우리 서버가 보낸 것인지 확인할 수 있습니다.",
  to: "받는 사람",
  toHelp: "여럿이면 쉼표로 나눕니다.",
  when: "언제",
  whens: { at_once: "바로", hourly: "매시 정각에 모아서", daily: "하루 한 번 모아서" },
  save: "저장",
  close: "닫기",
  taken: "이 이름으로 저장한 검색이 이미 있습니다. 다른 이름을 적거나 아래에서 바꾸기를 골라 주세요.",
  replace: "있던 검색을 이것으로 바꾸기",
  missing: { title: "제목을 적어 주세요.", name: "이름을 적어 주세요.", url: "받을 주소를 적어 주세요.", to: "받는 사람의 주소를 적어 주세요." },
  badName: "한글, 영문자, 숫자, -, _만 쓸 수 있고 64자까지입니다. 빈칸 대신 -를 적어 주세요.",
  saved: (title) => `‘${title}’을(를) 저장했습니다.`,
  savedThen: "이제 들어오는 기사부터 모읍니다.",
  toList: "저장한 검색 보기",
  notSaved: "저장하지 못했습니다",
  /** What the server says of a field, beside that field. */
  refused: (reason) => reason,

  // The key.
  needsKey: "저장한 검색을 보고 고치려면 키가 필요합니다",
  whichKey: "권한 ‘searches’가 있는 키를 적어 주세요. 키를 따로 만들지 않았다면 관리자 토큰을 적습니다. 이 브라우저는 30일 동안 기억하고, 키 자체는 저장하지 않습니다.",
  key: "키",
  keyLacks: "지금 로그인한 키에는 권한 ‘searches’가 없습니다. 권한이 있는 키를 적어 주세요.",
  notSignedIn: (status) =>
    status === 401
      ? "키가 맞지 않거나 기한이 지났습니다."
      : status === 429
        ? "틀린 키가 너무 많이 들어왔습니다. 1분 뒤에 다시 시도해 주세요."
        : status
          ? "이 키로는 로그인할 수 없습니다. 관리자에게 문의해 주세요."
          : "서버에 연결할 수 없습니다. 잠시 뒤에 다시 시도해 주세요.",

  // The page.
  pageTitle: (count) => `${count ? `(${number.format(count)}) ` : ""}저장한 검색 – 기사 검색`,
  listed: (count, fresh) =>
    fresh ? `저장한 검색 ${number.format(count)}개 · 지난번 뒤 새 기사 ${number.format(fresh)}건` : `저장한 검색 ${number.format(count)}개 · 지난번 뒤 새 기사 없음`,
  arrived: (title, count) => `‘${title}’: 새 기사 ${number.format(count)}건`,
  badge: (count) => `새 기사 ${number.format(count)}건`,
  failed: "저장한 검색을 가져오지 못했습니다",
  disconnected: "서버와 연결이 끊겼습니다. 다시 잇고 있습니다.",
  searches: "찾는 것",
  openSearch: (title) => `‘${title}’ 검색 열기`,
  paused: "멈춤",
  failing: "보내지 못하는 중",
  failure: (places, { attempts, since }) =>
    `${places.join(", ")}에 ${number.format(attempts)}번 보내지 못했습니다. 처음 못 보낸 때는 ${since}입니다.`,
  next: (when) => `${when}에 다시 보냅니다. 밀린 기사는 빠짐없이 차례대로 갑니다.`,
  nextPaused: "멈추어 두어 다시 보내지 않고 있습니다.",
  reason(reason) {
    for (const [form, said] of REASONS) {
      const found = form.exec(reason);
      if (found) return said(found);
    }
    return "";
  },
  serverSays: "서버의 말:",
  readOnly: "알리지 않고 여기서만 봅니다",
  place: (place, when, { format, signed }) =>
    [`${words.whens[when]} ${place}`, format === "slack" && "Slack·Mattermost 형식", signed && "서명함"].filter(Boolean).join(" · "),
  lastDelivery: (when, count) => `마지막으로 보낸 때: ${when}, 기사 ${number.format(count)}건`,
  noDelivery: "아직 보낸 것이 없습니다",
  mail: (addresses) => `전자우편 ${addresses}`,
  show: "최근에 온 기사",
  showNew: (count) => `새 기사 ${number.format(count)}건 보기`,
  noHits: "저장한 뒤로 아직 온 기사가 없습니다. 새로 오면 여기에 바로 나타납니다.",
  fresh: "새 기사",
  changed: "고쳐서 다시 옴",
  more: "더 보기",
  hitsFailed: "온 기사를 가져오지 못했습니다.",
  pause: "멈추기",
  resume: "다시 시작",
  pausedSaid: (title, tells) => (tells ? `‘${title}’을(를) 멈추었습니다. 그동안 온 기사는 다시 시작할 때 보냅니다.` : `‘${title}’을(를) 멈추었습니다.`),
  resumedSaid: (title) => `‘${title}’을(를) 다시 시작했습니다.`,
  test: "시험 보내기",
  testing: "보내는 중…",
  tested: (place, hits) =>
    hits ? `${place}에 가장 새로운 기사 ${number.format(hits)}건을 시험으로 보냈습니다.` : `${place}에 시험을 보냈습니다. 맞는 기사가 아직 없어 기사 없이 보냈습니다.`,
  testFailed: (place) => `${place}에 보내지 못했습니다.`,
  feed: "피드",
  copyFeed: "피드 주소 복사",
  feedCopied: "피드 주소를 복사했습니다. 피드 읽기 프로그램에 붙여 넣고, 암호를 물으면 키를 적으세요.",
  remove: "지우기",
  of: (action, title) => `${action}: ${title}`,
  sure: (title) => `‘${title}’을(를) 지울까요?`,
  sureMore: "더 알리지 않고, 이 검색을 쓰는 다른 사람에게서도 사라집니다. 되돌릴 수 없습니다.",
  removed: (title) => `‘${title}’을(를) 지웠습니다.`,
  notDone: "하지 못했습니다.",
  moment: (rfc3339, clock) => (clock ? text.moment(clock) : rfc3339),
};
