//! Who may be speaking: the subjects of a stretch of text.
//!
//! A subject is a word with its particle (`장관은`) that ends in a name, in a title after a name, in a pronoun, or in a word for people and
//! institutions. Nothing else is taken for one: `이유는` speaks no more than `하는` does.

use std::ops::Range;

use super::titles::{LONGEST_TITLE, Titles, outside_brackets, short_form};
use crate::entities::Entities;

const TOPIC: &[&str] = &["께서는", "은", "는", "도"];
const SUBJECT: &[&str] = &["께서", "이", "가"];
const PRONOUNS: &[&str] = &["그", "그녀"];
/// People whom no name is given, also where one stands before: `김하늘 의원 측`.
const UNNAMED: &[&str] = &[
    "관계자",
    "측",
    "측근",
    "의원실",
    "대변인실",
    "변호인",
    "변호인단",
    "법률대리인",
    "대리인",
    "지인",
    "유족",
    "유가족",
    "가족",
    "직원",
    "보좌관",
    "보좌진",
    "비서실",
    "소속사",
    "제작진",
    "캠프",
    "지지자",
    "팬",
    "남편",
    "아내",
    "부인",
    "아들",
    "딸",
    "어머니",
    "아버지",
    "모친",
    "부친",
    "동생",
    "친구",
    "동료",
    "들",
    "등",
];
/// People who belong to the one named before them, and stand before a name of their own: `김하늘 의원 아내 박모씨`.
const CLOSE: &[&str] = &[
    "지지자",
    "팬",
    "아내",
    "남편",
    "부인",
    "아들",
    "딸",
    "어머니",
    "아버지",
    "모친",
    "부친",
    "동생",
    "친구",
    "동료",
    "지인",
    "측근",
    "보좌관",
    "변호인",
    "측",
];
/// Titles of those who serve somebody: behind a title they are another's.
pub(super) const SERVING: &[&str] = &[
    "대변인",
    "비서실장",
    "비서관",
    "비서",
    "수석",
    "특보",
    "보좌역",
    "정무실장",
    "후원회장",
    "팬클럽회장",
    "수행팀장",
    "참모",
];
/// Offices that have a staff with titles of its own: `김하늘 대통령 비서실장`.
const OFFICES: &[&str] = &["대통령", "총리", "당대표", "장관", "의장"];
/// Titles that follow a name.
pub(super) const TITLES: &[&str] = &[
    "대통령",
    "총리",
    "장관",
    "차관",
    "의원",
    "대표",
    "장",
    "지사",
    "군수",
    "행정관",
    "수석",
    "비서관",
    "전무",
    "상무",
    "이사",
    "대리",
    "교수",
    "박사",
    "연구원",
    "위원",
    "변호사",
    "판사",
    "검사",
    "기자",
    "앵커",
    "감독",
    "코치",
    "선수",
    "배우",
    "가수",
    "작가",
    "PD",
    "피디",
    "씨",
    "군",
    "양",
    "옹",
    "여사",
    "후보",
    "대변인",
    "간사",
    "대사",
    "총재",
    "대행",
    "권한대행",
    "부총리",
    "총수",
    "회계사",
    "세무사",
    "노무사",
    "약사",
    "의사",
    "간호사",
    "교사",
    "목사",
    "신부",
    "스님",
    "추기경",
    "주교",
    "장군",
    "대장",
    "중장",
    "소장",
    "준장",
    "대령",
    "중령",
    "소령",
    "대위",
    "경감",
    "경정",
    "경위",
    "총경",
    "당선인",
    "당선자",
    "예비후보",
    "평론가",
    "애널리스트",
    "이코노미스트",
    "매니저",
    "CEO",
    "CFO",
    "COO",
    "CTO",
    "프로",
    "아나운서",
    "해설위원",
    "디자이너",
    "셰프",
    "작곡가",
    "시인",
    "소설가",
    "화백",
    "명인",
    "이장",
    "님",
    "전문의",
    "책임",
    "수석연구원",
    "프로듀서",
    "개그맨",
    "방송인",
    "모델",
    "유튜버",
    "왕",
    "여왕",
    "왕세자",
    "교황",
    "부사관",
    "상병",
    "학생",
    "강사",
    "교육감",
    "총감",
    "컨설턴트",
    "큐레이터",
    "지휘자",
    "피아니스트",
    "대주교",
    "자문위원",
    "사무관",
    "주무관",
    "조합원",
    "주임",
    "운영자",
    "창업자",
    "설립자",
];
/// Words for people and institutions that speak.
const SPEAKING: &[&str] = &[
    "경찰",
    "검찰",
    "법원",
    "정부",
    "재판부",
    "청와대",
    "대통령실",
    "국회",
    "여당",
    "야당",
    "업계",
    "학계",
    "재계",
    "정치권",
    "시민단체",
    "노조",
    "회사",
    "당국",
    "위원회",
    "협회",
    "연맹",
    "재단",
    "공사",
    "공단",
    "은행",
    "그룹",
    "전자",
    "대학",
    "대학교",
    "병원",
    "센터",
    "본부",
    "위",
    "청",
    "처",
    "부",
    "당",
    "단체",
    "신문",
    "통신",
    "매체",
    "언론",
    "방송",
    "연구소",
    "연구원",
    "학회",
    "조합",
    "망",
    "연합",
    "총연맹",
    "노총",
    "특검",
    "특검팀",
    "공수처",
    "감사원",
    "헌재",
    "시",
    "도",
    "군",
    "구",
    "구단",
    "학교",
    "사측",
    "팀",
    "국",
    "실",
    "연구진",
    "의료진",
    "주민",
    "시민",
    "학생",
    "학부모",
    "상인",
    "농민",
    "어민",
    "환자",
    "승객",
    "손님",
    "고객",
    "소비자",
    "투자자",
    "개미",
    "이용자",
    "사용자",
    "목격자",
    "피해자",
    "가해자",
    "피고인",
    "피의자",
    "운전자",
    "근로자",
    "노동자",
    "기사",
    "점주",
    "사장",
    "누리꾼",
    "네티즌",
    "시청자",
    "관객",
    "독자",
    "전문가",
    "애널리스트",
    "교사",
    "의사",
    "변호사",
    "교수",
    "당사자",
    "관람객",
    "방문객",
    "참가자",
    "참석자",
    "수험생",
    "취준생",
    "청년",
    "노인",
    "어르신",
    "여성",
    "남성",
    "아이",
    "어린이",
    "외신",
    "당직자",
    "의원",
    "기자",
    "응답자",
    "작성자",
    "글쓴이",
    "제보자",
    "신고자",
    "사람",
    "쪽",
    "업체",
    "기업",
    "증권",
    "증권사",
    "장관",
    "대변인",
    "대표",
    "위원장",
    "회장",
    "총장",
    "교육청",
    "소방",
    "소방당국",
    "해경",
    "국방부",
    "외교부",
    "심사위원",
];
/// Words that end like one of these and speak for nobody.
const SILENT: &[&str] = &[
    "전부",
    "일부",
    "내부",
    "외부",
    "여부",
    "대부",
    "거부",
    "정도",
    "제도",
    "속도",
    "온도",
    "강도",
    "태도",
    "지도",
    "보도",
    "의도",
    "시도",
    "각도",
    "잠시",
    "다시",
    "역시",
    "동시",
    "도시",
    "표시",
    "즉시",
    "구",
    "가구",
    "요구",
    "연구",
    "지구",
    "기구",
    "친구",
    "결국",
    "전국",
    "각국",
    "현실",
    "사실",
    "확실",
    "교실",
    "손실",
    "시장",
    "주장",
    "현장",
    "입장",
    "성장",
    "공장",
    "확장",
    "보장",
    "등장",
    "긴장",
    "문장",
    "포장",
    "당장",
    "한국",
    "미국",
    "중국",
    "영국",
    "당",
    "해당",
    "상당",
    "부당",
    "배당",
    "담당",
    "수당",
    "식당",
    "청",
    "신청",
    "요청",
    "처",
    "조처",
    "대처",
    "출처",
    "상처",
    "모습",
    "이번",
    "군",
    "위",
    "행위",
    "순위",
    "단위",
    "지위",
    "범위",
    "수위",
    "시위",
    "주위",
    "나가",
    "평가",
    "국가",
    "추가",
    "증가",
    "허가",
    "물가",
    "주가",
    "휴가",
    "원가",
    "대가",
    "유가",
    "환율",
    "국면",
    "기사",
    "공사",
    "시장이",
    "양",
    "모양",
    "사양",
    "태양",
    "다양",
    "소양",
    "고양",
    "함양",
    "프로",
    "왕",
    "책임",
    "이사",
    "학교",
    "방송",
];

/// What a subject is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    /// A human being with a name: the number of the entity.
    Named(usize),
    /// `그`, `그녀`.
    Pronoun,
    /// People without a name, or an institution.
    Unnamed,
}

/// A subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    /// Bytes in the body, particle included.
    pub(super) range: Range<usize>,
    /// Whether its particle says that the sentence is about it.
    pub(super) topic: bool,
    pub(super) who: Who,
}

/// Whom a body names, and by which titles.
pub(super) struct People<'a> {
    pub(super) entities: &'a Entities,
    titles: Titles,
}

impl<'a> People<'a> {
    pub(super) fn new(body: &str, entities: &'a Entities) -> Self {
        Self { entities, titles: Titles::new(body, entities) }
    }
}

/// A word between white space.
#[derive(Debug, Clone)]
pub(super) struct Word<'t> {
    pub(super) start: usize,
    pub(super) text: &'t str,
}

/// The words in `range` of `body`.
pub(super) fn words(body: &str, range: Range<usize>) -> impl DoubleEndedIterator<Item = Word<'_>> {
    let text = body.get(range.clone()).unwrap_or_default();
    let place = move |word: &str| range.start + (word.as_ptr() as usize - text.as_ptr() as usize);
    let parted = text.split(|ch: char| ch.is_whitespace() || matches!(ch, '"' | '“' | '”'));
    parted.filter(|word| !word.is_empty()).map(move |text| Word { start: place(text), text })
}

/// The subjects in `range` of `body`, in order. With `before_quotation`, what stands last needs no particle: `김하늘 장관 “…”`.
pub(super) fn candidates(
    body: &str,
    range: Range<usize>,
    people: &People<'_>,
    before_quotation: bool,
) -> Vec<Candidate> {
    let words: Vec<Word<'_>> = words(body, range.clone()).collect();
    let mut found: Vec<Candidate> = Vec::new();
    for (index, word) in words.iter().enumerate() {
        let plain = word.text.trim_end_matches([',', '.', ':', '=', '·', ')', '-', '…']);
        let plain = if plain.len() < word.text.len() && word.text.contains('(') { word.text } else { plain };
        let last = before_quotation && index + 1 == words.len();
        let stressed = words.get(index + 1).is_some_and(|next| matches!(next.text, "역시" | "또한"));
        let particle = |particles: &[&'static str]| {
            particles.iter().find_map(|particle| Some((plain.strip_suffix(*particle)?, *particle)))
        };
        let mut stems: Vec<(&str, bool, usize)> = Vec::new();
        if let Some((stem, particle)) = particle(TOPIC) {
            stems.push((stem, true, particle.len()));
        } else if let Some((stem, particle)) = particle(SUBJECT) {
            stems.push((stem, false, particle.len()));
        }
        if stressed {
            stems.push((plain, true, 0));
        } else if last {
            stems.push((plain.strip_suffix('의').unwrap_or(plain), false, 0));
        }
        for (stem, topic, particle) in stems {
            let end = word.start + stem.len();
            if let Some((start, who)) = head(body, range.start, word.start, end, people, particle > 0) {
                found.push(Candidate { range: start..end + particle, topic, who });
                break;
            }
        }
    }
    found
}

/// Who the word `start..end` (without its particle) is the last of, and where that begins.
pub(super) fn head(
    body: &str,
    from: usize,
    start: usize,
    end: usize,
    people: &People<'_>,
    has_particle: bool,
) -> Option<(usize, Who)> {
    let entities = people.entities;
    let stem = body.get(start..end)?;
    let bare = stem.split('(').next().filter(|bare| !bare.is_empty()).unwrap_or(stem);
    if stem.is_empty() {
        return None;
    }
    if PRONOUNS.contains(&stem) {
        return has_particle.then_some((start, Who::Pronoun));
    }
    let ends_in = |endings: &[&str]| endings.iter().any(|ending| bare.ends_with(ending));
    // The 전 of `추 전 장관` is no surname.
    let former = |mention: &Range<usize>| {
        let before = words(body, from..mention.start).next_back();
        body.get(mention.clone()).is_some_and(|text| text.starts_with("전 "))
            && before.is_some_and(|word| word.text.chars().count() == 1)
    };
    let named = person_before(body, from, end, entities).filter(|(mention, _)| !former(mention));
    if let Some((mention, entity)) = named {
        let title = body.get(mention.end..end)?;
        let title = title.trim_start_matches(|ch: char| !ch.is_alphanumeric());
        let title_ends = TITLES.iter().any(|known| title.ends_with(known)) || title.ends_with(')');
        let unnamed = UNNAMED.iter().any(|known| title.ends_with(known));
        if title.is_empty() || (title_ends && !unnamed) {
            if is_of_another(title, entity, people) {
                return Some((mention.start, Who::Unnamed));
            }
            let who = meant(body, &mention, entity, people);
            return Some((mention.start, who.map_or(Who::Unnamed, Who::Named)));
        }
    }
    let titled = ends_in(TITLES) && !ends_in(UNNAMED);
    if titled && let Some((begin, entity)) = surname_before(body, from, start, bare, people) {
        return Some((begin, entity.map_or(Who::Unnamed, Who::Named)));
    }
    if !has_particle {
        return None;
    }
    let speaks = ends_in(UNNAMED)
        || ends_in(SPEAKING) && !SILENT.contains(&bare)
        || ends_in(TITLES) && !SILENT.contains(&bare);
    let organisation = mention_ending(end, entities);
    match organisation {
        Some(mention) => Some((mention.start.max(from), Who::Unnamed)),
        None if speaks && (bare.chars().count() >= 2 || bare == "측") => {
            Some((phrase_start(body, from, start), Who::Unnamed))
        }
        None => None,
    }
}

/// Whom a mention of `entity` means: where it is a short form (`김 시장`), whoever is called so beyond doubt.
fn meant(body: &str, mention: &Range<usize>, entity: usize, people: &People<'_>) -> Option<usize> {
    let text = body.get(mention.clone())?;
    let name = people.entities.entities.get(entity)?.name.as_str();
    let short = short_form(text).filter(|(family, title, _)| {
        let titled = TITLES.iter().any(|known| title.ends_with(known));
        titled && !text.contains(name) && name.starts_with(*family)
    });
    match short {
        Some((family, title, former)) => people.titles.called(mention.start, family, title, former),
        None => Some(entity),
    }
}

/// Whether `title`, what follows a name, is that of somebody who belongs to the one named: `시장 대변인`, `의원 지지자 박모씨`.
fn is_of_another(title: &str, entity: usize, people: &People<'_>) -> bool {
    let outside = outside_brackets(title);
    let mut words: Vec<&str> = outside.split_whitespace().collect();
    let Some(last) = words.pop() else { return false };
    let nameless = last.strip_suffix(['씨', '군', '양']).is_some_and(|rest| {
        rest.chars().count() <= 2
            && (rest.ends_with('모') || rest.chars().all(|ch| ch.is_ascii_uppercase()))
            && !rest.is_empty()
    });
    if nameless || words.iter().any(|word| CLOSE.contains(word)) {
        return true;
    }
    let Some(chief) = words.last().filter(|_| SERVING.iter().any(|known| last.ends_with(known))) else {
        return false;
    };
    if !TITLES.iter().any(|known| chief.ends_with(known)) {
        return false;
    }
    // `김하늘 대통령 비서실장` is one who serves, unless 김하늘 is known as the president.
    let office = OFFICES.iter().any(|known| chief.ends_with(known));
    let name = people.entities.entities.get(entity).map_or("", |entity| entity.name.as_str());
    !office || people.titles.holds(entity, name, chief)
}

/// Who is called by surname and title (`김 장관`, `문 전 대통령`): where the words begin, and the person, if the article names one beyond doubt.
fn surname_before(
    body: &str,
    from: usize,
    start: usize,
    title: &str,
    people: &People<'_>,
) -> Option<(usize, Option<usize>)> {
    let mut before = words(body, from..start).rev().peekable();
    // 전 alone may be a surname as well.
    before.next_if(|word| matches!(word.text, "전" | "前" | "신임" | "당시"));
    let surname = before.next()?;
    let mut syllables = surname.text.chars();
    let family = syllables.next().filter(|ch| ('가'..='힣').contains(ch))?;
    if syllables.next().is_some()
        || matches!(family, '이' | '전' | '한') && before.next().is_some_and(|word| word.text == "또")
    {
        return None;
    }
    let former = body.get(surname.start..start).is_some_and(|text| text.contains(['전', '前']));
    let called = people.titles.called(surname.start, family, title, former);
    // 이 의원 and 한 의원 may be any.
    if called.is_none() && matches!(family, '이' | '한') {
        return None;
    }
    Some((surname.start, called))
}

/// The last person who is named before `end`, with nothing but a title in between.
fn person_before(body: &str, from: usize, end: usize, entities: &Entities) -> Option<(Range<usize>, usize)> {
    let in_body = entities.in_body();
    let until = in_body.partition_point(|mention| mention.range.end <= end);
    let mut before = in_body.get(..until).unwrap_or_default().iter().rev();
    let mention = before
        .find(|mention| entities.is_person(mention.entity) || mention.range.end + LONGEST_TITLE < end)?;
    if !entities.is_person(mention.entity)
        || mention.range.start < from
        || mention.range.end + LONGEST_TITLE < end
    {
        return None;
    }
    let between = outside_brackets(body.get(mention.range.end..end)?);
    let mut between = between.split_whitespace().collect::<Vec<_>>();
    between.pop();
    // A particle between the two makes them two.
    let apart = |word: &&str| {
        word.ends_with(['은', '는', '을', '를', '에', '께', ',', '과', '와', '며', '고'])
            || word
                .strip_suffix('의')
                .is_some_and(|stem| stem.is_empty() || TITLES.iter().any(|title| stem.ends_with(title)))
    };
    (!between.iter().any(apart)).then(|| (mention.range.clone(), mention.entity))
}

/// The organisation or place that ends at `end`.
fn mention_ending(end: usize, entities: &Entities) -> Option<Range<usize>> {
    let in_body = entities.in_body();
    let at = in_body.partition_point(|mention| mention.range.end < end);
    in_body.get(at).map(|mention| mention.range.clone()).filter(|range| range.end == end)
}

/// Where the words begin that belong to the one at `start`: the one or two before it that have no particle.
fn phrase_start(body: &str, from: usize, start: usize) -> usize {
    let mut begin = start;
    for word in words(body, from..start).rev().take(2) {
        let joined = !word.text.ends_with([
            '은', '는', '이', '가', '을', '를', '에', '서', '로', '고', '며', ',', '.', '한', '의', '해',
            '던', '후', '날', '면', '다', '와', '과', '도', '라', '데', '만', '게', '힌',
        ]) || matches!(word.text, "한" | "이");
        if !joined || word.text.chars().all(|ch| ch.is_ascii_punctuation()) || word.text.ends_with('일') {
            break;
        }
        begin = word.start;
    }
    begin
}
