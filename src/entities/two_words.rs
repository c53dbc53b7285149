//! Organisations and places of two words, by the second: `노을스타 에너지`, `ABC 그룹`, `노을스타 스타디움`.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::entity::EntityKind;
use super::fixed::{Named, owner_of};
use super::scene::Scene;
use super::tables::tables;
use super::words::Gap;

/// Second words of names, after a word that is no Korean one or is an organisation itself.
const AFTER_NAMES: &[&str] = &[
    "그룹",
    "통신",
    "항공",
    "인터내셔널",
    "코리아",
    "홀딩스",
    "재단",
    "캐피탈",
    "캐피털",
    "파트너스",
    "테크놀로지",
    "테크놀로지스",
    "엔터테인먼트",
    "인베스트먼트",
];
/// Second words of names, after a word that is neither Korean nor a name by itself.
const AFTER_UNKNOWN: &[&str] = &[
    "에너지",
    "로지스틱스",
    "매니지먼트",
    "컴퍼니",
    "모터스",
    "파마",
    "테라퓨틱스",
    "픽처스",
    "게임즈",
    "스튜디오",
    "스튜디오스",
    "랩스",
    "은행",
    "타임스",
    "타임즈",
    "포스트",
    "저널",
    "벤처스",
    "시스템즈",
    "일렉트릭",
    "파이낸셜",
    "자산운용",
    "대학교",
];

/// Words before an embassy or an army that say in which country it is.
const ABROAD: &[&str] = &["주한", "주일", "주미", "주중", "주러", "주영", "주유엔"];

/// Second words of places, after a word that is no Korean one or is a name itself.
const PLACES: &[&str] = &[
    "스타디움",
    "아레나",
    "리조트",
    "파크",
    "스노파크",
    "산업단지",
    "고속도로",
    "국제공항",
    "골프링크스",
    "컨트리클럽",
    "골프클럽",
    "스키장",
    "광장",
    "예술의전당",
    "제2공항",
    "분기점",
    "요금소",
    "휴게소",
    "나들목",
];
/// Further such words, after one that is no Korean word.
const PLACES_ABROAD: &[&str] = &[
    "강",
    "산",
    "섬",
    "다리",
    "궁전",
    "박물관",
    "미술관",
    "해변",
    "호수",
    "성당",
    "사원",
    "국립공원",
    "공원",
    "대교",
    "운하",
    "대성당",
    "공항",
];

/// What a second word makes, and after what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Head {
    /// An organisation, after a name or a word that is no Korean one.
    AfterName,
    /// An organisation, after such a word alone.
    AfterUnknown,
    /// A place, after a name or such a word.
    Place,
    /// A place, after such a word alone.
    PlaceAbroad,
}

/// All second words: each word of a text is looked up.
static HEADS: LazyLock<FxHashMap<&str, Head>> = LazyLock::new(|| {
    let lists = [
        (AFTER_NAMES, Head::AfterName),
        (AFTER_UNKNOWN, Head::AfterUnknown),
        (PLACES, Head::Place),
        (PLACES_ABROAD, Head::PlaceAbroad),
    ];
    lists.into_iter().flat_map(|(words, head)| words.iter().map(move |word| (*word, head))).collect()
});

/// The names of two words in `scene`; some are longer forms of names in `named`, whose words are `taken`.
pub(super) fn find(scene: &Scene<'_>, named: &[Named], taken: &[Option<usize>]) -> Vec<Named> {
    let owner = |at: usize| owner_of(named, taken, at);
    (0..scene.words.len()).filter_map(|at| begins_at(scene, at, &owner)).collect()
}

/// The name of two words that begins with word `at`; `owner` is the name that a word belongs to.
fn begins_at<'n>(scene: &Scene<'_>, at: usize, owner: &impl Fn(usize) -> Option<&'n Named>) -> Option<Named> {
    if scene.gap(at + 1) != Gap::Space {
        return None;
    }
    // `주일 중국대사관`: where it is.
    if scene.word(at).starts_with('주') && ABROAD.contains(&scene.word(at)) {
        return owner(at + 1).and_then(|name| abroad_office(scene, at, name));
    }
    let stem = scene.stem(at + 1);
    let head = *HEADS.get(stem)?;
    let abroad = head == Head::PlaceAbroad;
    let is_place = abroad || head == Head::Place;
    let after_unknown = head == Head::AfterUnknown;
    let word = scene.word(at);
    // The head may be known as a place by itself.
    let free =
        owner(at + 1).is_none_or(|name| is_place && name.kind == EntityKind::Place && name.last == at + 1);
    let beside = scene.is_bare(at) && free;
    if !beside || tables().is_common_latin(word) {
        return None;
    }
    let mut first = at;
    match owner(at) {
        Some(name) => {
            let takes = match name.kind {
                EntityKind::Organisation => !after_unknown && !abroad && !name.nameless,
                EntityKind::Place => is_place && (!abroad || scene.facts(at).is_foreign),
                EntityKind::Person | EntityKind::Word => false,
            };
            if !takes || name.last != at {
                return None;
            }
            first = name.first;
        }
        None if !is_no_korean_word(scene, at) => return None,
        None => {}
    }
    // `서울~양평 고속도로`
    let from = first.checked_sub(1).filter(|&before| {
        stem == "고속도로"
            && matches!(scene.slice(scene.end(before), scene.start(first)), "~" | "-" | "∼" | "–")
            && owner(before).is_some_and(|name| name.kind == EntityKind::Place)
    });
    let kind = if is_place { EntityKind::Place } else { EntityKind::Organisation };
    Some(Named::of_words(kind, scene, from.unwrap_or(first), at + 1, scene.stem_end(at + 1)))
}

/// An embassy or an army with where it is: word `at` before `office`.
fn abroad_office(scene: &Scene<'_>, at: usize, office: &Named) -> Option<Named> {
    let text = scene.slice(office.start, office.end);
    let is_office = office.kind == EntityKind::Organisation
        && ["대사관", "영사관", "미군", "대표부"].iter().any(|end| text.ends_with(end));
    is_office.then(|| Named { first: at, start: scene.start(at), name: None, ..office.clone() })
}

fn is_no_korean_word(scene: &Scene<'_>, at: usize) -> bool {
    let word = scene.word(at);
    let facts = scene.facts(at);
    let latin = word.len() >= 2
        && word.starts_with(|ch: char| ch.is_ascii_uppercase())
        && word.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'&');
    let foreign = facts.is_foreign
        && !(facts.is_common || facts.is_loan || facts.is_title)
        && word.chars().nth(1).is_some();
    (latin || foreign) && facts.found.is_none() && !tables().is_loanword(word)
}
