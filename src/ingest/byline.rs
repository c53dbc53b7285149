//! Bylines, which name the authors: `[새벽신문 나한별 기자]`, `(서울=새벽통신) 나한별 도가온 기자 =`, `나한별 기자 name@outlet.example`.
//!
//! A text is a byline only if it holds *nothing else*: names, a reporter's title, an outlet, a place before `=`, an
//! e-mail address and a handful of filler words. With one other word it is a part of the story.

mod field;

pub(super) use field::reporter_names;

use super::outlets::OutletNames;
use super::word_list::WordList;

/// The outlet and the reporters that a byline names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Byline {
    pub(super) outlet: Option<String>,
    pub(super) reporters: Vec<String>,
}

impl Byline {
    /// Adds another byline of the same article; the first outlet stays.
    pub(super) fn merge(&mut self, other: Self) {
        self.outlet = self.outlet.take().or(other.outlet);
        for name in other.reporters {
            if !self.reporters.contains(&name) {
                self.reporters.push(name);
            }
        }
    }
}

/// Longest byline, in characters: four names with titles, an outlet and an address.
const MAX_CHARS: usize = 110;

/// Reads `text` if it is a byline and nothing else.
pub(super) fn parse_byline(text: &str, outlets: &OutletNames) -> Option<Byline> {
    let text = text.trim();
    if text.is_empty() || text.chars().nth(MAX_CHARS).is_some() || super::caption::is_credit(text) {
        return None;
    }
    let mut byline = Byline::default();
    let mut evidence = false;
    // Several datelines in one bracket: `도쿄=나한별 특파원 / 서울=도가온 기자`.
    for group in text.split('/') {
        let (left, right) = match group.rsplit_once('=') {
            Some((left, right)) if !right.trim().is_empty() => (left, right),
            Some((left, _)) => ("", left),
            None => ("", group),
        };
        let right_side = read_words(right, outlets, false)?;
        let left_side = read_words(left, outlets, true)?;
        let dateline = !left.trim().is_empty() && (right_side.outlet.is_some() || left_side.outlet.is_some());
        evidence |= dateline || right_side.evidence || left_side.evidence;
        // `새벽신문=나한별 기자`: before a reporter, a word that is not a place is the outlet.
        let unnamed = left_side.unknown.filter(|_| !right_side.names.is_empty());
        byline.merge(Byline {
            outlet: right_side.outlet.or(left_side.outlet).or(unnamed),
            reporters: left_side.names.into_iter().chain(right_side.names).collect(),
        });
    }
    evidence.then_some(byline)
}

/// The byline with reporters that `text` begins with, whatever follows it: `나한별 기자 name@outlet.example 무단전재 금지`.
pub(super) fn leading_byline(text: &str, outlets: &OutletNames) -> Option<Byline> {
    let ends = text.match_indices(' ').map(|(at, _)| at).take_while(|at| *at <= 4 * MAX_CHARS);
    ends.filter_map(|end| parse_byline(text.get(..end)?, outlets))
        .filter(|byline| !byline.reporters.is_empty())
        .last()
}

/// What the words of one side of a dateline say.
#[derive(Default)]
struct Side<'a> {
    outlet: Option<String>,
    names: Vec<String>,
    /// Names that are still without a title after them.
    untitled: Vec<&'a str>,
    /// The first word of the left side that is neither place nor outlet.
    unknown: Option<String>,
    unknown_words: usize,
    /// Whether there is a reporter with a title, or an address: without either, nothing shows that this is a byline.
    evidence: bool,
}

/// Reads the words of one side of a dateline; `None` if one of them does not belong to a byline.
fn read_words<'a>(text: &'a str, outlets: &OutletNames, before_equals: bool) -> Option<Side<'a>> {
    let (outlet, text) = leading_outlet(text.trim(), outlets);
    let mut side = Side { outlet, ..Side::default() };
    for word in text.split(is_separator).filter(|word| !word.is_empty()) {
        side.take(word, outlets, before_equals)?;
    }
    if before_equals {
        // A word shaped like a name before `=` is a place abroad or an outlet, never a reporter without a title.
        if let Some(word) = side.untitled.pop().filter(|_| side.unknown.is_none() && side.outlet.is_none()) {
            side.unknown = Some(word.to_owned());
        }
    } else if !side.untitled.is_empty() {
        // Names after the last title: neither `공동취재 나한별` nor `기자 나한별` is a byline.
        return None;
    }
    Some(side)
}

/// The known outlet that `text` begins with, and the text after it. The longest one is taken: an outlet of several words
/// (`새벽 미디어`) or of an unusual shape (`OSEN`) is found only here.
fn leading_outlet<'a>(text: &'a str, outlets: &OutletNames) -> (Option<String>, &'a str) {
    let ends = std::iter::once(text.len()).chain(text.rmatch_indices(' ').map(|(at, _)| at));
    ends.filter_map(|end| text.split_at_checked(end))
        .find(|(head, _)| head.len() < 40 && outlets.contains(head))
        .map_or((None, text), |(head, rest)| (Some(head.to_owned()), rest))
}

impl<'a> Side<'a> {
    /// Takes the next word; `None` if it does not belong to a byline.
    fn take(&mut self, word: &'a str, outlets: &OutletNames, before_equals: bool) -> Option<()> {
        if is_email(word) {
            // `나한별 name@outlet.example`: an address takes the place of the title.
            self.end_names();
        } else if is_title(word) {
            if self.untitled.is_empty() && self.names.is_empty() {
                return None;
            }
            self.end_names();
        } else if let Some(name) = glued_name(word) {
            self.end_names();
            self.names.push(name.to_owned());
        } else if is_modifier(word) || is_filler(word) {
            // `나한별 인턴 기자`: between the name and the title.
        } else if outlets.contains(word) || looks_like_outlet(word) {
            self.untitled.clear();
            self.outlet.get_or_insert_with(|| word.to_owned());
        } else if is_place(word) {
            self.untitled.clear();
        } else if is_name(word) {
            self.untitled.push(word);
        } else if before_equals && word.chars().count() <= 10 && self.unknown_words < 2 {
            self.unknown_words += 1;
            self.unknown.get_or_insert_with(|| word.to_owned());
        } else {
            return None;
        }
        Some(())
    }

    /// A title or an address: the names before it are reporters.
    fn end_names(&mut self) {
        self.evidence = true;
        self.names.extend(self.untitled.drain(..).map(str::to_owned));
    }
}

fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            ',' | '·'
                | '|'
                | '('
                | ')'
                | '['
                | ']'
                | '<'
                | '>'
                | '【'
                | '】'
                | ':'
                | '&'
                | '◎'
                | '▶'
                | '※'
                | '■'
                | '='
                | '~'
                | '-'
                | '–'
                | 'ㅣ'
                | '•'
                | '♦'
                | '◆'
                | '/'
        )
}

/// Whether the word is an e-mail address (the simple shapes that newsrooms use).
pub(super) fn is_email(word: &str) -> bool {
    let Some((local, domain)) = word.split_once('@') else {
        return false;
    };
    let plain = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'+'))
    };
    plain(local) && plain(domain) && domain.contains('.')
}

/// Titles of reporters.
const TITLES: &[&str] = &["기자", "특파원", "논설위원", "통신원", "리포터", "에디터"];
/// Words before `기자`, with or without a space between them.
static MODIFIERS: WordList = WordList::new(
    "\
    인턴 선임 전문 객원 수습 온라인 사진 영상 시민 취재 편집 대 본지 명예 논설 사회부 정치부 경제부 \
    국제부 문화부 산업부 체육부 스포츠부 교육전문 의학전문 북한전문 군사전문 부동산전문 문화전문 \
    과학전문 환경전문 여행전문 음식전문 법조전문 종교전문 건강전문 디지털 순회",
);
/// Words that occur in bylines and name nobody.
static FILLERS: WordList = WordList::new(
    "\
    기자명 글 정리 그래픽 영상편집 영상취재 공동취재단 공동취재 공동취재기자단 공동사진취재단 \
    사진공동취재단 구독 종합 공감언론 온라인뉴스팀 온라인뉴스부 디지털뉴스팀 디지털뉴스부 뉴스팀 \
    편집국 국방부 외교부 대통령실사진기자단 사진 영상 팀 촬영기자 작성자 By by",
);

fn is_title(word: &str) -> bool {
    TITLES.iter().any(|title| {
        word.strip_suffix(title).is_some_and(|before| {
            before.is_empty() || is_modifier(before) || (before.ends_with("전문") && *title == "기자")
        })
    })
}

fn is_modifier(word: &str) -> bool {
    MODIFIERS.has(word)
}

fn is_filler(word: &str) -> bool {
    FILLERS.has(word)
}

/// `나한별기자` → `나한별`.
fn glued_name(word: &str) -> Option<&str> {
    let name = word.strip_suffix("기자").or_else(|| word.strip_suffix("특파원"))?;
    let name = name.strip_suffix("인턴").or_else(|| name.strip_suffix("선임")).unwrap_or(name);
    (is_name(name) && !is_modifier(name)).then_some(name)
}

/// The surnames of 99 % of Koreans (census of 2015), without those with which common words begin more often.
const SURNAMES: &str = "김이박최정강조윤장임한오서신권황안송류전홍유고문양손배백허남심노하곽성차주우구민진나지엄채원천방공현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모탁어은편용예봉사부복태목형계두감음빈동온호범좌팽승간갈";

/// Two or three syllables that begin with a surname; four only with one of the surnames of two syllables.
fn is_name(word: &str) -> bool {
    const LONG: [&str; 8] = ["남궁", "황보", "제갈", "사공", "선우", "서문", "독고", "동방"];
    let length = word.chars().count();
    let fits =
        (2..=3).contains(&length) || (length == 4 && LONG.iter().any(|surname| word.starts_with(surname)));
    fits && word.chars().all(|c| ('가'..='힣').contains(&c))
        && word.chars().next().is_some_and(|first| SURNAMES.contains(first))
        && !NOT_NAMES.has(word)
        && !without_particle(word).is_some_and(|noun| NOT_NAMES.has(noun))
}

/// `주소는` → `주소`: a noun that bylines do not hold, with what makes it a part of a sentence.
fn without_particle(word: &str) -> Option<&str> {
    ["은", "는", "이", "가", "을", "를", "에", "로", "의", "와", "과", "도"]
        .iter()
        .find_map(|particle| word.strip_suffix(particle))
}

/// Words of two or three syllables that begin like a surname and are not names.
static NOT_NAMES: WordList = WordList::new(
    "\
    본지 취재 담당 현장 온라인 시민 전문 사진 영상 공동 동행 한국 미국 정치 사회 경제 국제 기자 \
    기자단 연합 인턴 외신 출입 지역 주재 종합 전국 방송 신문 언론 여성 남성 신입 고참 동료 해당 이날 \
    이번 한편 모든 어느 여러 소속 문의 주소 신청 방법 제출 연락 안내 전화 접수 신고 응모 자료 예약 우편 주문 상담 채용 모집 \
    지원 민원 공모 구매 홍보 홍보팀 홍보실 사무국 이메일 전자우편 제보 원고 서류 이력서 사연 정보 소개서 기획안 계획서 양식 \
    고객 조직위 위원회 추진단 연구소 연구원 지부 지회 이사회 신청서 지원서 추천서 제안서 도서관 박물관 문화원 사업단 기념관 공단 \
    공사 구청 도청 경찰서 소방서 우체국 인터넷 계정 기관 부서 지사 지점 사업소",
);

/// Endings of outlets' names.
const OUTLET_ENDINGS: &[&str] = &[
    "일보",
    "신문",
    "뉴스",
    "경제",
    "데일리",
    "투데이",
    "타임스",
    "타임즈",
    "방송",
    "통신",
    "저널",
    "워치",
    "미디어",
    "닷컴",
    "이코노미",
    "헤럴드",
    "포스트",
    "매거진",
    "리포트",
    "프레스",
    "위클리",
    "비즈",
    "일간",
    "매일",
    "뉴시스",
    "뉴스1",
    "뉴스핌",
    "방송국",
    "이데일리",
    "TV",
];
/// Outlets whose names have none of the endings, or are too short to be told by one.
static OUTLET_NAMES: WordList = WordList::new(
    "\
    한겨레 한겨레21 시사IN 프레시안 오마이뉴스 미디어오늘 노컷뉴스 뉴시스 뉴스1 뉴스핌 뉴스타파 KBS \
    MBC SBS EBS YTN MBN JTBC CBS BBS TBS OBS OSEN 채널A TV조선 연합뉴스TV 데일리안 뉴데일리 블로터 \
    바이라인네트워크 더벨 인베스트조선 시사저널 주간조선 주간동아 신동아 월간조선 르몽드디플로마티크 \
    비즈한국 데일리한국 위키트리 인사이트 허프포스트코리아",
);

/// Whether `word` looks like the name of an outlet by its ending, for outlets that are not in the newsroom's list.
pub(super) fn looks_like_outlet(word: &str) -> bool {
    let word = word.trim();
    if OUTLET_NAMES.has(word) {
        return true;
    }
    // First what few words have: asking of each character what it is takes longer.
    OUTLET_ENDINGS.iter().any(|ending| word.len() > ending.len() && word.ends_with(ending))
        && (3..=14).contains(&word.chars().count())
        && word.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '&')
}

/// Places of datelines: cities, institutions, stadiums.
static PLACES: WordList = WordList::new(
    "\
    서울 부산 대구 인천 광주 대전 울산 세종 경기 강원 충북 충남 전북 전남 경북 경남 제주 수원 성남 \
    용인 고양 안양 안산 부천 화성 평택 의정부 파주 김포 남양주 하남 구리 과천 광명 군포 의왕 오산 \
    이천 여주 양평 가평 포천 연천 동두천 춘천 원주 강릉 속초 동해 삼척 태백 홍천 평창 정선 청주 충주 \
    제천 천안 아산 공주 보령 서산 논산 당진 홍성 예산 전주 군산 익산 정읍 남원 김제 목포 여수 순천 \
    나주 광양 무안 해남 완도 진도 포항 경주 구미 안동 김천 영주 상주 문경 경산 창원 진주 통영 사천 \
    김해 밀양 거제 양산 서귀포 울릉 독도 평양 판문점 개성 국회 청와대 과천청사 도쿄 베이징 상하이 \
    홍콩 워싱턴 뉴욕 런던 파리 베를린 모스크바 브뤼셀 제네바 하노이 방콕 싱가포르 잠실 고척 목동 \
    상암 문학 사직",
);

fn is_place(word: &str) -> bool {
    PLACES.has(word)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(Option<String>, Vec<String>)> {
        let (outlets, _) = OutletNames::parse("새벽신문\n아침 미디어\n");
        parse_byline(text, &outlets).map(|byline| (byline.outlet, byline.reporters))
    }

    #[test]
    #[allow(clippy::panic)]
    fn bylines() {
        for (text, outlet, reporters) in [
            ("새벽신문 나한별 기자", "새벽신문", "나한별"),
            ("미지의데일리 나한별 기자", "미지의데일리", "나한별"),
            ("새벽신문=나한별 기자", "새벽신문", "나한별"),
            ("새벽신문(무안)=나한별기자", "새벽신문", "나한별"),
            ("서울=새벽통신", "새벽통신", ""),
            ("리야드(사우디아라비아)=국방부 공동취재단·서울 나한별 기자", "", "나한별"),
            ("잠실, 나한별 기자", "", "나한별"),
            ("구리(경기)=새벽신문 나한별 기자", "새벽신문", "나한별"),
            ("도쿄 = 나한별 특파원 / 서울 = 도가온 기자", "", "나한별,도가온"),
            ("아침 미디어 나한별 인턴 기자", "아침 미디어", "나한별"),
            ("나한별·도가온 교육전문기자", "", "나한별,도가온"),
            ("name@outlet.example 나한별 기자", "", "나한별"),
            ("나한별기자 (name@outlet.example)", "", "나한별"),
            ("◎공감언론 뉴시스 name@outlet.example", "뉴시스", ""),
            ("name@outlet.example", "", ""),
            ("기자명 나한별 기자", "", "나한별"),
        ] {
            let (found, names) = read(text).unwrap_or_else(|| panic!("{text}"));
            // A place abroad before `=` cannot be told from an outlet; the list of outlets decides where it knows.
            if !outlet.is_empty() {
                assert_eq!(found.as_deref(), Some(outlet), "{text}");
            }
            assert_eq!(names.join(","), reporters, "{text}");
        }
    }

    #[test]
    fn stories_are_not_bylines() {
        for text in [
            "나한별 기자가 보도합니다.",
            "본지 기자",
            "기자 나한별",
            "담당 기자",
            "새벽신문",
            "사진=새벽신문",
            "한편 기자",
            "A=B",
            "판매량=매출",
            "오늘의 운세",
            "나한별",
            "나한별 도가온",
            "기자회견",
            "왼쪽부터 나한별 기자",
            "이메일 주소는 name@outlet.example",
            "문의는 name@outlet.example",
            "박물관 name@outlet.example",
            "",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
