//! The kind of each line of a scraped page, judged by itself: a menu, a date, a byline, a caption, a footer, or text.

use super::body::bracketed;
use super::boilerplate::{is_footer, is_promotion};
use super::byline::{Byline, looks_like_outlet, parse_byline};
use super::caption::{credit_holder, is_credit, trailing_credit};
use super::dates::find_date;
use super::outlets::OutletNames;
use super::sentence::has_sentence;
use super::word_list::WordList;
use crate::article::Timestamp;

/// The meaning that a date line gives its date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DateLabel {
    /// `입력`, `등록`, `승인` …: the article's own.
    Published,
    /// `수정`, `업데이트`: the article's own, when it was changed.
    Modified,
    /// No label: whether it is the article's own depends on its place.
    None,
}

/// The kind of one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum LineKind {
    /// Navigation, login, sharing, font size.
    Menu,
    /// The heading of a list of other articles (`많이 본 뉴스`).
    SideHeading,
    /// Nothing but a date, its label and perhaps the byline.
    Date { moment: Timestamp, label: DateLabel, byline: Byline },
    /// Another article's time stamp with its headline on the same line. `leads`: the stamp comes before the headline.
    Stamp { leads: bool },
    /// A byline and nothing else.
    Byline(Byline),
    /// A photo's caption, with the holder that its credit names.
    Caption(Option<String>),
    /// A copyright line, an appeal for tips, a promotion.
    Footer,
    /// At least one sentence.
    Story,
    /// Anything else: a headline, a subheading, an item of a list.
    Plain,
}

/// The kind of `line`.
pub(super) fn classify(line: &str, outlets: &OutletNames) -> LineKind {
    if is_menu(line) {
        return LineKind::Menu;
    }
    if is_side_heading(line) {
        return LineKind::SideHeading;
    }
    if let Some(kind) = dated(line, outlets) {
        return kind;
    }
    if let Some(byline) = parse_byline(trim_bullets(line), outlets).filter(|_| !has_sentence(line)) {
        return LineKind::Byline(byline);
    }
    if let Some(holder) = caption(line) {
        return LineKind::Caption(holder);
    }
    if is_footer(line) || is_promotion(line) {
        return LineKind::Footer;
    }
    if has_sentence(line) { LineKind::Story } else { LineKind::Plain }
}

fn trim_bullets(line: &str) -> &str {
    line.trim_matches(|c: char| {
        c.is_whitespace()
            || matches!(c, '•' | '·' | '*' | '-' | '>' | '»' | '|' | '○' | '●' | '▪' | '–' | '+')
    })
}

/// Words of which menus, share bars and login boxes are made.
static MENU: WordList = WordList::new(
    "\
    검색 메뉴 전체메뉴 홈 HOME Home 닫기 열기 이전 다음 이전기사 다음기사 목록 목록으로 TOP 맨위로 \
    위로 로그인 로그아웃 회원가입 마이페이지 SNS 소셜 간편로그인 계정 아이디 비밀번호 찾기 공유 \
    기사공유 인쇄 프린트 스크랩 기사스크랩 댓글 댓글수 댓글쓰기 좋아요 싫어요 추천 북마크 저장 \
    기사저장 구독 구독중 알림 설정 글자 글자크기 글씨크기 폰트 폰트크기 글꼴 크기 조절 변경 변환 \
    텍스트 서비스 사용 안내 작게 크게 확대 축소 보통 가 가+ 가- 다크모드 음성 듣기 음성듣기 요약 \
    요약봇 번역 번역설정 언어 한국어 English URL url 링크 주소 복사 링크복사 주소복사 URL복사 naver \
    daum kakao facebook twitter google instagram youtube telegram line band x X Naver Daum Kakao \
    Facebook Twitter Google Instagram YouTube NAVER 네이버 카카오 카카오톡 카카오스토리 페이스북 \
    트위터 엑스 인스타그램 유튜브 텔레그램 라인 밴드 네이버블로그 블로그 핀터레스트 이메일 메일 RSS \
    PDF 지면보기 전체기사 본문 바로가기 본문바로가기 기사 뉴스 보내기 신청 더보기 전체보기 원문 조회 \
    조회수 최신순 추천순 답글 등록순 광고 AD Sponsored 홈으로 뉴스홈 정치 경제 사회 국제 문화 연예 \
    스포츠 오피니언 사설 칼럼 IT 과학 IT·과학 산업 금융 증권 부동산 생활 지역 전국 포토 영상 동영상 \
    라이프 세계 북한 종합 건강 기획 연재 만평 날씨 운세 부고 인사 유통 자동차 게임 모바일 사람들 \
    피플 여행",
);

/// Whether the line is made of menu words only.
fn is_menu(line: &str) -> bool {
    if line.chars().count() > 120 {
        return false;
    }
    let mut words = 0;
    let all = line
        .split(|c: char| {
            c.is_whitespace() || matches!(c, '|' | '>' | ',' | '/' | '•' | '·' | ':' | '(' | ')' | '[' | ']')
        })
        .all(|word| {
            let word = trim_bullets(word).trim_matches('"');
            if word.is_empty() {
                return true;
            }
            words += 1;
            let bare = word.strip_suffix("하기").or_else(|| word.strip_suffix("보기")).unwrap_or(word);
            MENU.has(word) || MENU.has(bare) || word.bytes().all(|byte| byte.is_ascii_digit() || byte == b',')
        });
    // A line of digits alone counts something: comments, readers, pages.
    all && (words > 0 || line.chars().count() < 4)
}

const SIDE_HEADINGS: &[&str] = &[
    "많이 본",
    "많이본",
    "많이 읽은",
    "인기기사",
    "인기 기사",
    "인기뉴스",
    "인기 뉴스",
    "관련기사",
    "관련 기사",
    "관련뉴스",
    "관련 뉴스",
    "주요뉴스",
    "주요 뉴스",
    "주요기사",
    "주요 기사",
    "최신뉴스",
    "최신 뉴스",
    "최신기사",
    "최신 기사",
    "실시간 뉴스",
    "실시간뉴스",
    "추천기사",
    "추천 기사",
    "추천뉴스",
    "추천 뉴스",
    "랭킹뉴스",
    "랭킹 뉴스",
    "포토뉴스",
    "포토 뉴스",
    "핫클릭",
    "핫이슈",
    "베스트 클릭",
    "헤드라인 뉴스",
    "다른기사",
    "다른 기사",
    "함께 본",
    "함께 볼",
    "관심 있을 만한",
    "오늘의 주요",
    "섹션 뉴스",
];

/// Whether the line is the heading of a list of other articles.
pub(super) fn is_side_heading(line: &str) -> bool {
    let bare = trim_bullets(line);
    bare.chars().count() <= 24
        && !has_sentence(bare)
        && SIDE_HEADINGS.iter().any(|heading| bare.contains(heading))
        && !bare.contains([',', '…', '"', '“'])
}

static PUBLISHED: WordList = WordList::new(
    "\
    입력 등록 등록일 승인 게재 송고 작성 작성일 발행 발행일 날짜 일시 보도 출고 Published 입력일 \
    게시 게시일",
);
static MODIFIED: WordList = WordList::new(
    "\
    수정 수정일 업데이트 갱신 Updated 편집",
);
/// Other words that occur on date lines.
static DATE_LINE_WORDS: WordList = WordList::new(
    "\
    최초 최종 기사 기사입력 최종수정 최초입력 지면 기사원문 원문 기사승인 면 조회 댓글 댓글수 읽음 \
    분 에디션 데스크",
);

/// A date line, another article's stamp, or neither.
fn dated(line: &str, outlets: &OutletNames) -> Option<LineKind> {
    let first = find_date(line)?;
    if has_sentence(line) {
        return None;
    }
    let Dates { moment, label, rest, end } = read_dates(line)?;
    let words = unexpected_words(&rest);
    let date = |byline: Byline| Some(LineKind::Date { moment, label, byline });
    if words.is_empty() {
        return date(Byline::default());
    }
    let remains = words.join(" ");
    if let Some(byline) = parse_byline(&remains, outlets) {
        return date(byline);
    }
    if outlets.contains(&remains) || looks_like_outlet(&remains) {
        return date(Byline { outlet: Some(remains), reporters: Vec::new() });
    }
    // A label makes the date the article's own, whatever few words a site adds to it.
    if label != DateLabel::None && words.len() <= 3 && remains.chars().count() <= 20 {
        return date(Byline::default());
    }
    // Only a time of day makes a stamp: `2024.11.15 개정안 시행` in a chronology is the story's.
    if label == DateLabel::None && first.has_time {
        if first.start == 0 {
            return Some(LineKind::Stamp { leads: true });
        }
        if end == line.len() {
            return Some(LineKind::Stamp { leads: false });
        }
    }
    None
}

/// The dates of one line.
struct Dates {
    /// The first one labelled as published, else the first one.
    moment: Timestamp,
    label: DateLabel,
    /// The line without its dates.
    rest: String,
    /// Byte after the last date.
    end: usize,
}

fn read_dates(line: &str) -> Option<Dates> {
    let mut rest = String::new();
    let mut own: Option<(Timestamp, DateLabel)> = None;
    let mut end = 0;
    while let Some(found) = line.get(end..).and_then(find_date) {
        let before = line.get(end..end + found.start)?;
        let label = label_before(before);
        let better =
            own.is_none_or(|(_, held)| held != DateLabel::Published && label == DateLabel::Published);
        if better {
            own = Some((found.moment, label));
        }
        rest.push_str(before);
        rest.push(' ');
        end += found.end;
    }
    rest.push_str(line.get(end..)?);
    let (moment, label) = own?;
    Some(Dates { moment, label, rest, end })
}

/// The label that ends the text before a date.
fn label_before(before: &str) -> DateLabel {
    let bare =
        before.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '.' | '|' | '(' | '['));
    if PUBLISHED.words().any(|label| bare.ends_with(label)) {
        DateLabel::Published
    } else if MODIFIED.words().any(|label| bare.ends_with(label)) {
        DateLabel::Modified
    } else {
        DateLabel::None
    }
}

/// The words of a line without its dates that are not labels, menu words or numbers.
fn unexpected_words(rest: &str) -> Vec<&str> {
    let separator =
        |c: char| c.is_whitespace() || matches!(c, '|' | ':' | '(' | ')' | '[' | ']' | ',' | '/' | '~');
    rest.split(separator)
        .map(trim_bullets)
        .filter(|word| !word.is_empty() && *word != "." && *word != "ㅣ")
        .filter(|word| ![&PUBLISHED, &MODIFIED, &DATE_LINE_WORDS, &MENU].iter().any(|list| list.has(word)))
        .filter(|word| !is_prefixed_label(word))
        .filter(|word| !word.bytes().all(|byte| byte.is_ascii_digit() || byte == b','))
        .collect()
}

/// `기사입력`, `최종수정`, `최초등록`.
fn is_prefixed_label(word: &str) -> bool {
    ["기사", "최종", "최초"]
        .iter()
        .filter_map(|prefix| word.strip_prefix(prefix))
        .any(|label| PUBLISHED.has(label) || MODIFIED.has(label))
}

/// The holder that the credit of a photo's caption names, if any; the outer `None` for a line that is not a caption.
fn caption(line: &str) -> Option<Option<String>> {
    let single = line.matches("다.").count() <= 1 && line.chars().count() <= 260;
    if !single {
        return None;
    }
    if let Some((_, holder)) = trailing_credit(line).filter(|_| !is_footer(line)) {
        return Some(Some(holder.trim_end_matches("제공").trim().to_owned()));
    }
    let end = line.trim_end_matches(['.', ' ']);
    if let Some(open) = end.rfind(['[', '(', '<', '〈']) {
        let tail = end.get(open..)?;
        if let Some((inside, _)) =
            bracketed(tail).filter(|(inside, length)| *length == tail.len() && is_credit(inside))
        {
            return Some(credit_holder(inside).map(str::to_owned));
        }
    }
    let marked = line.strip_prefix(['▲', '△']).filter(|rest| !rest.contains(['▲', '△']))?;
    const ENDS: [&str; 12] = [
        "모습",
        "모습.",
        "모습이다.",
        "고 있다.",
        "사진",
        "사진.",
        "조감도",
        "전경",
        "전경.",
        "포스터",
        "캡처",
        "제공",
    ];
    ENDS.iter().any(|end| marked.trim_end().ends_with(end)).then_some(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(line: &str) -> LineKind {
        classify(line, &OutletNames::default())
    }

    #[test]
    fn menus() {
        for line in [
            "• 검색",
            "naver daum",
            "SNS 로그인",
            "정치 경제 사회",
            "가 가 가",
            "댓글 12",
            "공유하기 인쇄하기",
            "글자크기 설정",
            "1,204",
            "URL 복사",
        ] {
            assert_eq!(kind(line), LineKind::Menu, "{line}");
        }
        for line in ["시의회, 도서관 예산 다시 심사", "검색 시장 판도 바뀐다", "“경제 살리기”"]
        {
            assert_eq!(kind(line), LineKind::Plain, "{line}");
        }
        assert_eq!(kind("많이 본 뉴스"), LineKind::SideHeading);
        assert_eq!(kind("나한별 기자의 다른 기사"), LineKind::SideHeading);
    }

    #[test]
    fn own_dates_and_other_articles_stamps() {
        let date = |line: &str| match kind(line) {
            LineKind::Date { moment, label, byline } => {
                Some((moment.to_string(), label, byline.reporters.join(",")))
            }
            _ => None,
        };
        let day = "2024-03-05T16:53:00+09:00".to_owned();
        assert_eq!(date("• 2024.03.05(화) 16:53"), Some((day.clone(), DateLabel::None, String::new())));
        assert_eq!(
            date("입력 2024.03.05. 오후 4:53 | 수정 2024.03.06. 오전 9:00"),
            Some((day.clone(), DateLabel::Published, String::new()))
        );
        assert_eq!(
            date("기사입력 : 2024-03-05 16:53 나한별 기자"),
            Some((day.clone(), DateLabel::Published, "나한별".to_owned()))
        );
        assert_eq!(date("최종수정 2024-03-05 16:53"), Some((day, DateLabel::Modified, String::new())));
        assert_eq!(
            kind("2024-03-05 18:04:20나라 밖에서 온 소식… 왜 지금인가"),
            LineKind::Stamp { leads: true }
        );
        assert_eq!(kind("나라 밖에서 온 소식 2024-03-05 18:04"), LineKind::Stamp { leads: false });
        assert_eq!(kind("2024년 3월 5일 조례 개정"), LineKind::Plain);
        assert_eq!(kind("시는 2024년 3월 5일 오후 4시 회의를 연다."), LineKind::Story);
    }

    #[test]
    fn captions() {
        assert_eq!(
            kind("관계자들이 손을 흔들고 있다./사진=새벽신문"),
            LineKind::Caption(Some("새벽신문".to_owned()))
        );
        assert_eq!(kind("새 도서관 조감도 [사진=어느시 제공]"), LineKind::Caption(Some("어느시".to_owned())));
        assert_eq!(kind("▲ 시민들이 줄을 서 있는 모습"), LineKind::Caption(None));
        assert_eq!(kind("▲도로 정비 ▲공원 조성"), LineKind::Plain);
    }
}
