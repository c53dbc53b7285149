//! Organisations that only their surroundings tell: `한내소프트(대표 김하늘)`, `김하늘 한내소프트 대표`, `㈜한내`.

use rustc_hash::FxHashSet;

use super::entity::EntityKind;
use super::fixed::{Named, owner_of};
use super::introduced::{
    INTRODUCERS, has_initials, has_known_in_brackets, incorporated, is_introduced, is_shortened,
};
use super::listed;
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

/// The organisations of `scene` that are not in `named`, whose words are `taken`.
pub(super) fn find(scene: &Scene<'_>, named: &[Named], taken: &[Option<usize>]) -> Vec<Named> {
    let owner = |at: usize| owner_of(named, taken, at);
    let person_at = |at: usize| owner(at).is_some_and(|name| name.kind == EntityKind::Person);
    let free = |at: usize| owner(at).is_none();
    let mut names: FxHashSet<&str> = FxHashSet::default();
    for at in 0..scene.words.len() {
        if !free(at) || !scene.facts(at).may_be_body {
            continue;
        }
        if let Some(length) = incorporated(scene, at) {
            names.insert(scene.slice(scene.start(at), scene.start(at) + length));
        } else if scene.is_bare(at) && !scene.facts(at).is_title && is_led(scene, at, &person_at) {
            names.insert(scene.word(at));
        } else if let Some(length) = speaks(scene, at) {
            names.insert(scene.slice(scene.start(at), scene.start(at) + length));
        } else if has_initials(scene, at) {
            names.extend([scene.word(at), scene.word(at + 1)]);
        } else if is_shortened(scene, at)
            || has_known_in_brackets(scene, at)
            || (at == 0 && is_headline(scene))
        {
            names.insert(scene.word(at));
        }
    }
    let is_organisation =
        |at: usize| owner(at).is_some_and(|name| name.kind == EntityKind::Organisation && !name.nameless);
    listed::add(scene, &mut names, is_organisation, free);
    let mut found: Vec<Named> = Vec::new();
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
    if facts.is_common || facts.is_title || facts.looks_like_person(5) {
        return None;
    }
    let stem_text = scene.stem(at);
    let sounds_like_person = facts.is_given || facts.is_foreign;
    if is_introduced(scene, at) && (!sounds_like_person || stem_text.chars().nth(3).is_some()) {
        let long = stem_text.chars().nth(2).is_some();
        let word = tables().institution(stem_text).is_some() || tables().is_loanword(stem_text);
        return (long && !word).then_some(stem_text.len());
    }
    if sounds_like_person {
        return None;
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

/// Whether the first word of a title is what the article is about, as papers write of companies: `한내트릭스, 새 공장 세운다`. It does
/// something in the text as well.
fn is_headline(scene: &Scene<'_>) -> bool {
    let facts = scene.facts(0);
    let word = scene.word(0);
    let is_name = word.chars().nth(2).is_some()
        && scene.is_bare(0)
        && (!facts.is_common || tables().ends_as_institution(word))
        && !(facts.is_title || facts.is_before || facts.looks_like_person(4))
        && facts.found.is_none()
        && !tables().is_loanword(word)
        && !tables().is_common_latin(word);
    let acts = || {
        scene
            .beginning_with(word)
            .filter_map(|(other, _)| other.strip_prefix(word))
            .any(|rest| matches!(rest, "은" | "는" | "이" | "가" | "의") && may_follow(word, rest))
    };
    is_name && scene.gap(1) == Gap::Comma && acts()
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
    if scene.gap(at + 1) != Gap::Space {
        return false;
    }
    let after_person = || at > 0 && person_at(at - 1) && scene.gap(at) == Gap::Space && scene.is_bare(at - 1);
    // Whether the next word goes on in the one after it.
    let goes_on = || scene.is_bare(at + 1) && scene.gap(at + 2) == Gap::Space;
    // `한내소프트 대표 김하늘`, `김하늘 한내소프트 대표`, `한내소프트 김하늘 대표`
    let led = (is_leader(at + 1) && (goes_on() && person_at(at + 2) || after_person()))
        || (person_at(at + 1) && goes_on() && is_leader(at + 2));
    // Last, because it goes through the words of the text.
    led && (!common || comes_again(scene, at))
}
