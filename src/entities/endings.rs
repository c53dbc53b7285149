//! Endings that make a name: of institutions (`한내위원회`), of places (`한내시`), of areas (`한내지역`).

use crate::korean::sense::Sense;

use super::entity::EntityKind;
use super::names::{foreign_syllables, is_hangul};
use super::particles::{are_particles, may_follow};
use super::piece::Piece;
use super::tables::{Tables, tables};

/// The bytes of a district that `word` begins with, where a place stands before it: `고모동의`. A word of the dictionary is none.
pub(super) fn district(word: &str, is_word: impl Fn(&str) -> bool) -> Option<usize> {
    word.char_indices().skip(1).take(5).find_map(|(at, ch)| {
        let end = at + ch.len_utf8();
        let (name, rest) = word.split_at_checked(end)?;
        let village = name.ends_with("마을") && name.chars().nth(3).is_some();
        let is_end = village || matches!(ch, '시' | '군' | '구' | '읍' | '면' | '동' | '리');
        let common = tables().is_no_district(name);
        (is_end && is_hangul(name) && !common && may_follow(name, rest) && !is_word(name)).then_some(end)
    })
}

/// Whether `rest` follows a place without making another thing of it: `서울지역`.
pub(super) fn is_area(rest: &str) -> bool {
    rest.char_indices().map(|(at, ch)| at + ch.len_utf8()).any(|end| {
        let (Some(area), Some(particles)) = (rest.get(..end), rest.get(end..)) else { return false };
        tables().is_area(area) && are_particles(particles)
    })
}

/// Whether the word before a title in one word leaves it a title: a 시장 is a market where a common word stands before it.
pub(super) fn may_stand_before_title(before: &str, title: &str, is_word: &impl Fn(&str) -> bool) -> bool {
    match title {
        "시장" => is_place(before) || !is_word(before),
        "공사" | "이사" | "후보" | "감사" | "대사" | "대리" | "담당" | "책임" | "고문" | "지사" | "프로"
        | "의사" | "대표" | "사제" | "비서" | "대원" | "주임" | "사원" | "기수" | "사범" | "감독"
        | "이장" | "반장" | "통장" | "면장" | "동장" | "공주" | "대장" | "조장" | "강사" | "작가"
        | "모델" | "타자" | "주장" | "이맘" | "대위" | "준위" => before.chars().nth(1).is_some(),
        _ => true,
    }
}

/// Courts and offices of prosecution, which are those of a place: 스파이방지법 is none.
const COURTS: &[&str] = &["상의", "지법", "고법", "지검", "고검", "지청", "지원"];

/// Names of teams, which follow that of a city or a company.
const TEAMS: &[&str] = &[
    "타이거즈",
    "라이온즈",
    "베어스",
    "트윈스",
    "이글스",
    "자이언츠",
    "랜더스",
    "위즈",
    "히어로즈",
    "다이노스",
    "유나이티드",
];

/// Whether `stem` is an organisation by its ending.
pub(super) fn organisation(stem: &str, pieces: &[Piece]) -> bool {
    let Some((ending, needs_name)) = longest_ending(stem, Tables::institution) else { return false };
    // An 아트센터 is a place, though a 센터 is none.
    if longest_ending(stem, Tables::place).is_some_and(|(place, _)| place.len() > ending.len()) {
        return false;
    }
    let before = stem.len() - ending.len();
    let one_syllable = ending.chars().nth(1).is_none();
    let named = names_something(pieces, before, stem);
    let front = stem.get(..before).unwrap_or_default();
    // A 시의원 is no clinic.
    if ending == "의원" && front.ends_with(['시', '도', '구', '군', '회']) {
        return false;
    }
    if tables().is_common_latin(front) || ["바이오", "파생결합"].contains(&front) {
        return false;
    }
    if COURTS.contains(&ending)
        && !(is_place(front) || pieces.first().is_some_and(|piece| piece.sense == Sense::Place))
    {
        return false;
    }
    if TEAMS.contains(&ending) || matches!(ending, "산업" | "카드") {
        let known = tables().name(front).is_some() || is_place(front);
        return known;
    }
    if tables().is_nameless(stem) {
        return false;
    }
    if one_syllable {
        // `서울대`, `녹색당` are in the tables; 기자회견당 and 고객사 are words.
        return false;
    }
    // Each body has its 운영위원회; what says more in front is one of a kind.
    let long = front.chars().count() >= if ending == "위원회" { 6 } else { 4 };
    let any = front.chars().nth(1).is_some() && tables().institution_after(front, ending);
    before > 0 && (named || any || ((!needs_name || ending == "위원회") && long))
}

/// Countries whose armies papers write about in one word.
const WITH_ARMIES: &[&str] = &[
    "한국",
    "북한",
    "미국",
    "중국",
    "일본",
    "러시아",
    "소련",
    "영국",
    "프랑스",
    "독일",
    "이탈리아",
    "스페인",
    "폴란드",
    "튀르키예",
    "터키",
    "우크라이나",
    "이스라엘",
    "이란",
    "이라크",
    "시리아",
    "레바논",
    "요르단",
    "이집트",
    "사우디",
    "예멘",
    "인도",
    "파키스탄",
    "아프간",
    "대만",
    "베트남",
    "태국",
    "필리핀",
    "미얀마",
    "캄보디아",
    "호주",
    "캐나다",
    "브라질",
    "멕시코",
    "쿠바",
    "베네수엘라",
    "콜롬비아",
    "르완다",
    "수단",
    "에티오피아",
    "리비아",
    "아르메니아",
    "아제르바이잔",
    "조지아",
    "세르비아",
    "벨라루스",
    "나토",
    "유엔",
];

/// Whether `stem` is an army: `러시아군`. Counties are words of the dictionary, or stand after their province.
pub(super) fn army(stem: &str, pieces: &[Piece]) -> bool {
    let front = stem.strip_suffix('군').filter(|front| WITH_ARMIES.contains(front));
    front.zip(pieces.first()).is_some_and(|(front, first)| first.end <= front.len())
}

/// The bytes of the body whose head `stem` is: `금융감독원장`.
pub(super) fn body_of_head(stem: &str, pieces: &[Piece]) -> Option<usize> {
    const BODIES: &[&str] = &[
        "원",
        "청",
        "처",
        "공사",
        "공단",
        "은행",
        "병원",
        "협회",
        "체육회",
        "연합회",
        "중앙회",
        "재단",
        "연맹",
        "학회",
        "조합",
        "의사회",
        "약사회",
        "변호사회",
        "동문회",
        "진흥원",
        "대학",
        "경찰서",
        "소방서",
        "세무서",
    ];
    let body = stem.strip_suffix('장')?;
    if !BODIES.iter().any(|end| body.ends_with(end)) || body.chars().nth(3).is_none() {
        return None;
    }
    let known =
        tables().name(body).is_some_and(|known| known.kind == EntityKind::Organisation && !known.nameless);
    (known || organisation(body, pieces)).then_some(body.len())
}

/// Whether `stem` is one of several parts of a place: `가람3구역`.
fn numbered(stem: &str) -> bool {
    let front = ["구역", "지구"].iter().find_map(|end| stem.strip_suffix(end));
    front.is_some_and(|front| {
        let name = front.trim_end_matches(|ch: char| ch.is_ascii_digit());
        name.len() < front.len() && name.chars().nth(1).is_some() && is_hangul(name)
    })
}

/// Whether `stem` is a place by its ending.
pub(super) fn place(stem: &str, pieces: &[Piece]) -> bool {
    if numbered(stem) {
        return true;
    }
    let Some((ending, needs_name)) = longest_ending(stem, Tables::place) else { return false };
    let before = stem.len() - ending.len();
    let front = stem.get(..before).unwrap_or_default();
    let junction = matches!(ending, "IC" | "JC");
    // `우선해야이대로`: words that run together.
    let verb = |piece: &Piece| piece.start < before && matches!(piece.sense, Sense::Verb | Sense::Ending);
    if ending == "대로" && pieces.iter().any(verb) {
        return false;
    }
    if front.is_empty() || (junction && !front.ends_with(|ch: char| ('가'..='힣').contains(&ch))) {
        return false;
    }
    // The dictionary has it as a place.
    let Some(first) = pieces.first() else { return false };
    let by_dictionary = first.sense == Sense::Place && first.end == stem.len();
    // A 시장 of a city is its mayor, and a market only where the place is known as one.
    if stem.ends_with("시장") || stem.ends_with("증시") || tables().is_nameless(stem) {
        return false;
    }
    if by_dictionary && stem.chars().nth(2).is_some() {
        return true;
    }
    // `미국산` is not a mountain, and 미국주 are stocks.
    if is_place(front) && !matches!(ending, "산" | "주") {
        return true;
    }
    // `네브라스카주`: a state of another country.
    if ending == "주" && front.chars().nth(2).is_some() {
        let (foreign, all) = foreign_syllables(front);
        return foreign * 2 > all && first.sense != Sense::CommonNoun;
    }
    if needs_name {
        let one_syllable = ending.chars().nth(1).is_none();
        let named = names_something(pieces, before, stem) && front.chars().nth(1).is_some();
        return named && !one_syllable;
    }
    true
}

/// Whether `name` is a place, perhaps one that is a common word as well.
fn is_place(name: &str) -> bool {
    let tables = tables();
    tables.name(name).is_some_and(|known| known.kind == EntityKind::Place) || tables.is_doubtful_place(name)
}

/// Whether a name stands in the first `before` bytes of a word.
fn names_something(pieces: &[Piece], before: usize, stem: &str) -> bool {
    let front = stem.get(..before).unwrap_or_default();
    let known = |front: &str| is_place(front) || tables().name(front).is_some_and(|known| !known.nameless);
    // `나주금천중학교` has 나주.
    let begins = front.char_indices().skip(2).any(|(at, _)| front.get(..at).is_some_and(known));
    // Cut into single syllables: the dictionary does not know it (`한내` is 한 and 내).
    let inside = || pieces.iter().filter(|piece| piece.start < before);
    let single = inside().count() > 1 && inside().all(|piece| piece.end - piece.start == '가'.len_utf8());
    // Or cut across (`한내초등학교` is 한, 내초 and more).
    let school = stem.get(before..).is_some_and(|ending| ending.ends_with("학교"));
    let across = school && inside().any(|piece| piece.end > before) && front.chars().nth(1).is_some();
    let unknown = single || across;
    begins
        || unknown
        || known(front)
        || pieces.iter().filter(|piece| piece.start < before).any(|piece| {
            matches!(
                piece.sense,
                Sense::Place
                    | Sense::ProperNoun
                    | Sense::Latin
                    | Sense::Unknown
                    | Sense::Adverb
                    | Sense::Verb
            ) || (piece.sense == Sense::Person && piece.end - piece.start >= 6)
        })
}

/// The longest ending of `stem` that `look_up` knows, and whether it needs a name before it.
fn longest_ending(stem: &str, look_up: impl Fn(&Tables, &str) -> Option<bool>) -> Option<(&str, bool)> {
    stem.char_indices().find_map(|(at, _)| {
        let ending = stem.get(at..)?;
        look_up(tables(), ending).map(|needs_name| (ending, needs_name))
    })
}
