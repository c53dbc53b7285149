//! Organisations that only their surroundings tell: `한내소프트(대표 김하늘)`, `김하늘 한내소프트 대표`, `㈜한내`.

use rustc_hash::FxHashSet;

use super::entity::EntityKind;
use super::fixed::Named;
use super::particles::may_follow;
use super::scene::Scene;
use super::tables::tables;
use super::words::Gap;

/// Titles of those who lead a company or a body of its own.
const LEADERS: &[&str] = &[
    "대표",
    "대표이사",
    "회장",
    "부회장",
    "사장",
    "부사장",
    "이사장",
    "총장",
    "원장",
    "병원장",
    "관장",
    "위원장",
    "CEO",
    "창업자",
    "각자대표",
    "공동대표",
    "총재",
    "행장",
    "단장",
    "센터장",
    "소장",
    "본부장",
    "최고경영자",
];

/// Words before 대표 and its like that are none of their names.
const NOT_NAMES: &[&str] = &[
    "전",
    "현",
    "신임",
    "당시",
    "공동",
    "단독",
    "회사",
    "업체",
    "그룹",
    "법인",
    "한국",
    "국가",
    "아시아",
    "글로벌",
    "최고",
    "원내",
    "당",
    "재단",
    "협회",
    "병원",
    "학교",
    "부부",
    "여성",
    "청년",
    "국제",
    "전국",
    "총괄",
    "수석",
    "선임",
    "담당",
];

/// The organisations of `scene` that are not in `named`, whose words are `taken`.
pub(super) fn find(scene: &Scene<'_>, named: &[Named], taken: &[Option<usize>]) -> Vec<Named> {
    let owner = |at: usize| taken.get(at).copied().flatten().and_then(|number| named.get(number));
    let person_at = |at: usize| owner(at).is_some_and(|name| name.kind == EntityKind::Person);
    let free = |at: usize| owner(at).is_none();
    let mut names: FxHashSet<&str> = FxHashSet::default();
    let mut found: Vec<Named> = Vec::new();
    for at in 0..scene.words.len() {
        if !free(at) || !may_be_name(scene, at) {
            continue;
        }
        if let Some(length) = incorporated(scene, at) {
            names.insert(scene.slice(scene.start(at), scene.start(at) + length));
        } else if scene.is_bare(at) && !scene.facts(at).is_title && is_led(scene, at, &person_at) {
            names.insert(scene.word(at));
        } else if let Some(length) = speaks(scene, at) {
            names.insert(scene.slice(scene.start(at), scene.start(at) + length));
        }
    }
    if names.is_empty() {
        return found;
    }
    for at in (0..scene.words.len()).filter(|&at| free(at)) {
        let word = scene.word(at);
        let lengths = word.char_indices().map(|(at, ch)| at + ch.len_utf8()).skip(1);
        let longest = lengths.filter(|&end| {
            let (Some(name), Some(rest)) = (word.get(..end), word.get(end..)) else { return false };
            names.contains(name) && may_follow(name, rest)
        });
        if let Some(length) = longest.max() {
            found.push(Named::in_word(EntityKind::Organisation, scene, at, length));
        }
    }
    found
}

fn may_be_name(scene: &Scene<'_>, at: usize) -> bool {
    let word = scene.word(at);
    word.chars().nth(1).is_some()
        && !word.starts_with(|ch: char| ch.is_ascii_digit())
        && !NOT_NAMES.contains(&word)
}

/// The bytes of a name beside ㈜.
fn incorporated(scene: &Scene<'_>, at: usize) -> Option<usize> {
    let start = scene.start(at);
    let stem = scene.stem_end(at) - start;
    let before = scene.text.get(..start)?;
    let after = scene.text.get(start + scene.word(at).len()..)?;
    let first = before.ends_with('㈜') || before.ends_with("(주)") || before.ends_with("주식회사 ");
    let last = after.starts_with('㈜') || after.starts_with("(주)");
    (first || last).then_some(if last { scene.word(at).len() } else { stem })
}

/// Ends of words that stand before a name of an organisation: `매체 엘헤랄도`.
const INTRODUCERS: &[&str] = &[
    "매체",
    "일간지",
    "통신사",
    "방송사",
    "언론사",
    "조사기관",
    "시민단체",
    "업체",
    "기업",
    "스타트업",
    "제조사",
    "제약사",
    "개발사",
    "게임사",
    "자회사",
    "계열사",
    "모회사",
    "운영사",
    "시행사",
    "소속사",
    "기획사",
    "로펌",
    "걸그룹",
    "보이그룹",
    "그룹",
    "밴드",
    "구단",
    "플랫폼",
    "거래소",
];

/// Ends of what speaks without a name.
const NAMELESS: &[&str] = &[
    "업계",
    "자료",
    "계획",
    "보고서",
    "통계",
    "공시",
    "조사",
    "지수",
    "운용사",
    "제작사",
    "소속사",
    "측",
    "법",
    "방안",
    "대책",
    "여론",
];

/// The bytes of a name that says something: `한내트릭스에 따르면`, `한내트릭스 관계자`, `한내트릭스는 … 밝혔다`.
fn speaks(scene: &Scene<'_>, at: usize) -> Option<usize> {
    /// The words of a sentence that are looked at for its verb.
    const SENTENCE: usize = 40;
    let facts = scene.facts(at);
    let looks_like_person = facts.candidates.iter().flatten().any(|candidate| candidate.score >= 5);
    if facts.is_common || facts.is_title || facts.is_given || facts.is_foreign || looks_like_person {
        return None;
    }
    let stem_text = scene.stem(at);
    let introduced = at > 0
        && scene.gap(at) == Gap::Space
        && scene.is_bare(at - 1)
        && INTRODUCERS.iter().any(|end| scene.word(at - 1).ends_with(end));
    if introduced {
        let long = stem_text.chars().nth(2).is_some();
        let word = tables().institution(stem_text).is_some() || tables().is_loanword(stem_text);
        return (long && !word).then_some(stem_text.len());
    }
    let word = scene.word(at);
    // What they say and who they are, without a name: `IT업계에 따르면`.
    if NAMELESS.iter().any(|end| stem_text.ends_with(end)) {
        return None;
    }
    let next = scene.word(at + 1);
    if scene.gap(at + 1) != Gap::Space {
        return None;
    }
    if next == "따르면" {
        return word.strip_suffix('에').map(str::len);
    }
    if scene.is_bare(at) && next.starts_with("관계자") {
        return Some(word.len());
    }
    let name = word.strip_suffix(['은', '는'])?;
    let says = (at + 1..at + SENTENCE)
        .take_while(|&at| scene.gap(at) != Gap::Break)
        .any(|at| ["밝혔다", "발표했다", "공시했다", "설명했다"].contains(&scene.word(at)));
    let begins = scene.gap(at) == Gap::Break;
    (begins && says && name.chars().nth(1).is_some()).then_some(name.len())
}

/// Whether word `at` is of a university: 교수, 총장, or a department before them.
fn is_academic(scene: &Scene<'_>, at: usize) -> bool {
    let stem = scene.stem(at);
    ["교수", "총장", "학과", "연구팀", "연구진", "명예교수", "석좌교수", "교수팀", "의대", "박사", "대학원"]
        .iter()
        .any(|end| stem.ends_with(end))
}

/// Whether a common word is what the article is about: it may be a name (`한마당 이바다 대표`), where others are not (`업체 이바다 대표`).
fn comes_again(scene: &Scene<'_>, at: usize) -> bool {
    let word = scene.word(at);
    let is_kind = tables().is_loanword(word)
        || tables().is_of_every_article(word)
        || INTRODUCERS.iter().any(|end| word.ends_with(end));
    let again = || {
        let mut times = 0;
        scene.beginning_with(word).any(|(_, count)| {
            times += count;
            times >= 3
        })
    };
    word.chars().nth(2).is_some() && !is_kind && again()
}

/// Whether somebody leads what word `at` names.
fn is_led(scene: &Scene<'_>, at: usize, person_at: &impl Fn(usize) -> bool) -> bool {
    let is_leader = |at: usize| {
        let stem = scene.stem(at);
        LEADERS.contains(&stem)
    };
    let common = scene.facts(at).is_common;
    // `한내대 교수`
    let university = scene.word(at).ends_with('대') && scene.word(at).chars().nth(2).is_some();
    if university && scene.gap(at + 1) == Gap::Space && is_academic(scene, at + 1) {
        return true;
    }
    // `한내소프트(대표 김하늘)`
    if scene.gap(at + 1) == Gap::Open && is_leader(at + 1) && (person_at(at + 2) || person_at(at + 3)) {
        return true;
    }
    // `한내소프트(123450)`: the number of a stock.
    let inside = scene.word(at + 1);
    if scene.gap(at + 1) == Gap::Open && inside.len() == 6 && inside.bytes().all(|byte| byte.is_ascii_digit())
    {
        return true;
    }
    if (common && !comes_again(scene, at)) || scene.gap(at + 1) != Gap::Space {
        return false;
    }
    // `한내소프트 대표 김하늘`
    if is_leader(at + 1) && scene.is_bare(at + 1) && scene.gap(at + 2) == Gap::Space && person_at(at + 2) {
        return true;
    }
    // `김하늘 한내소프트 대표`
    let after_person = at > 0 && person_at(at - 1) && scene.gap(at) == Gap::Space && scene.is_bare(at - 1);
    if after_person && is_leader(at + 1) {
        return true;
    }
    // `한내소프트 김하늘 대표`
    person_at(at + 1) && scene.gap(at + 2) == Gap::Space && is_leader(at + 2) && scene.is_bare(at + 1)
}
