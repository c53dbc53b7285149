//! Names of foreign persons: `도널드 트럼프`, and `트럼프` where the article gave more of the name.

use rustc_hash::FxHashMap;

use super::entity::EntityKind;
use super::fixed::{Named, owner_of};
use super::foreign_run::{goes_on, is_initials, is_short_given, looks_korean, run};
use super::particles::{are_particles, fits, may_follow};
use super::scene::Scene;
use super::tables::tables;
use super::words::Gap;

/// The most characters of a part of a name.
const LONGEST_PART: usize = 12;
/// Particles after which no title can follow.
const PARTICLES: [&str; 8] = ["에서", "에서는", "에게", "으로", "까지", "부터", "를", "을"];
/// The most words between a name and its title: `피에트로 베카리 디올 회장`.
const MOST_BETWEEN: usize = 3;

/// The foreign persons of `scene` that are not in `named`, and longer forms of those that are.
pub(super) fn find(scene: &Scene<'_>, named: &[Named], taken: &[Option<usize>]) -> Vec<Named> {
    let owner = |at: usize| owner_of(named, taken, at);
    let mut found: Vec<Named> = Vec::new();
    let mut at = 0;
    while at < scene.words.len() {
        let length = run(scene, at, &owner);
        if length == 0 || !is_person(scene, at, length, &owner) {
            at += 1;
            continue;
        }
        let last = at + length - 1;
        // Where a title follows there is no particle: `빙클만` is not 빙클 with 만.
        let end = if goes_on(scene, last, &owner) { scene.end(last) } else { without_particle(scene, last) };
        let end = without_title(scene, last, end);
        found.push(Named::of_words(EntityKind::Person, scene, at, last, end));
        at += length;
    }
    // `베르디 감독` is 마르코 베르디, where the article gave both.
    let known = named.iter().filter(|name| name.kind == EntityKind::Person);
    let full: Vec<(String, String)> = found
        .iter()
        .chain(known)
        .filter(|name| name.last > name.first)
        .map(|name| {
            let last = scene.slice(scene.start(name.last), name.end);
            (last.to_owned(), scene.slice(name.start, name.end).to_owned())
        })
        .collect();
    for name in found.iter_mut().filter(|name| name.first == name.last) {
        let written = scene.slice(name.start, name.end);
        name.name = full.iter().find(|(last, _)| last == written).map(|(_, full)| full.clone());
    }
    let again = last_words(scene, &found, &owner);
    found.extend(again);
    found.sort_by_key(|name| name.start);
    found
}

/// The byte after the name that ends with word `at`: the dictionary does not see every particle after a name that it does not know.
fn without_particle(scene: &Scene<'_>, at: usize) -> usize {
    let end = scene.stem_end(at);
    let word = scene.word(at);
    if !scene.is_bare(at) || word.chars().nth(2).is_none() {
        return end;
    }
    let Some((last, ch)) = word.char_indices().next_back() else { return end };
    let (Some(front), Some(particle)) = (word.get(..last), word.get(last..)) else { return end };
    let fitting = front.chars().next_back().is_some_and(|before| fits(before, particle));
    let strips = match ch {
        '를' | '을' | '는' => true,
        // Only where the name stands with another particle elsewhere.
        '가' | '이' | '은' | '와' | '과' | '의' | '도' => {
            scene.beginning_with(front).any(|(other, _)| {
                other.strip_prefix(front).is_some_and(|rest| rest != particle && are_particles(rest))
            })
        }
        _ => false,
    };
    if strips && fitting { end - particle.len() } else { end }
}

/// `end`, the byte after a name in word `at`, or where a title begins that is written with it: `포포비치감독이`.
fn without_title(scene: &Scene<'_>, at: usize, end: usize) -> usize {
    let start = scene.start(at);
    let last = scene.slice(start, end);
    let titles = last.char_indices().map(|(cut, _)| cut).skip(2);
    let mut titles = titles.filter(|&cut| {
        last.get(cut..).is_some_and(|title| title.chars().nth(1).is_some() && tables().is_title(title))
    });
    titles.next().map_or(end, |cut| start + cut)
}

/// Whether the `length` words from `at` on are a person.
fn is_person<'n>(
    scene: &Scene<'_>,
    at: usize,
    length: usize,
    owner: &impl Fn(usize) -> Option<&'n Named>,
) -> bool {
    let last = at + length - 1;
    let is_known = |at: usize| owner(at).is_some_and(|name| name.kind == EntityKind::Person);
    // `JD 밴스`, and no `트럼프 리스크`.
    if length > 1 && is_known(last) {
        return true;
    }
    let after_given = length > 1
        && scene.facts(at).is_given_name
        && (scene.facts(at + 1).is_after_given || scene.stem(at + 1).chars().nth(1).is_none());
    if is_known(at) && !after_given && !(at + 1..=last).all(|at| scene.facts(at).is_given) {
        return false;
    }
    let given = (at..=last).filter(|&at| scene.facts(at).is_given).count();
    let before = at > 0 && scene.gap(at) == Gap::Space && scene.facts(at - 1).is_before;
    let bare = scene.is_bare(last) || goes_on(scene, last, owner);
    let after = bare.then(|| title_after(scene, last, owner)).flatten();
    match length {
        1 => {
            // `이바다 드림한내 이사장` leads what stands between.
            let led =
                at > 0 && (owner(at - 1).is_some() || looks_korean(scene, at - 1)) && scene.is_bare(at - 1);
            // `명지대 교수`
            let university = scene.word(at).ends_with('대');
            let word = scene.word(at);
            let korean = word
                .char_indices()
                .skip(2)
                .any(|(end, _)| word.get(..end).is_some_and(|front| tables().is_not_a_name(front)));
            // The dictionary does not see every particle after a word that it does not know.
            let particle = PARTICLES.iter().any(|particle| word.ends_with(particle));
            let short = word.chars().count() <= 5 && !university && !korean && !particle;
            // `갈루셴 전 장관`: nobody gives a company such a title.
            let of_persons = after == Some(0) && word.chars().nth(2).is_some() && is_of_persons(scene, last);
            let named_before = before && !scene.facts(at).is_common;
            short && (given > 0 && (named_before || (after == Some(0) && !led)) || (of_persons && !led))
        }
        // Brands and works sound foreign too; they stand in quotation marks.
        2.. if is_short_given(scene, at) => before || after.is_some() || in_brackets(scene, last),
        2.. => {
            (before
                || after.is_some_and(|between| given > 0 || between > 0 && owner(last + 1).is_some())
                || (!is_initials(scene.word(at)) && in_brackets(scene, last)))
                || scene.gap(at) != Gap::Other && (given == length || after_given)
        }
        0 => false,
    }
}

/// Whether the title after word `last` is one that persons alone have.
fn is_of_persons(scene: &Scene<'_>, last: usize) -> bool {
    const TITLES: [&str; 14] = [
        "대통령",
        "총리",
        "부총리",
        "장관",
        "차관",
        "의원",
        "상원의원",
        "하원의원",
        "교수",
        "박사",
        "감독",
        "코치",
        "대사",
        "판사",
    ];
    let next = last + 1 + usize::from(scene.is_former(last + 1));
    let stem = scene.stem(next);
    TITLES.contains(&stem) || stem.ends_with("장관")
}

/// Whether a country or an age follows word `last` in a bracket: `세레나 스미스(이탈리아)`.
fn in_brackets(scene: &Scene<'_>, last: usize) -> bool {
    let inside = scene.word(last + 1);
    let place = scene.facts(last + 1).found.is_some_and(|found| found.known.kind == EntityKind::Place);
    let age = inside.len() == 2 && inside.bytes().all(|byte| byte.is_ascii_digit());
    scene.gap(last + 1) == Gap::Open && scene.is_bare(last) && (place || age)
}

/// The words between word `last` and a title after it.
fn title_after<'n>(
    scene: &Scene<'_>,
    last: usize,
    owner: &impl Fn(usize) -> Option<&'n Named>,
) -> Option<usize> {
    let former = usize::from(scene.is_former(last + 1));
    for between in 0..=MOST_BETWEEN {
        let next = last + 1 + former + between;
        if scene.gap(next) != Gap::Space {
            return None;
        }
        if scene.facts(next).is_title {
            return Some(between);
        }
        if !scene.is_bare(next) && owner(next).is_none() {
            return None;
        }
    }
    None
}

/// The last words of names, where they stand alone: `우드콕스` of `타라 우드콕스`.
fn last_words<'n>(
    scene: &Scene<'_>,
    found: &[Named],
    owner: &impl Fn(usize) -> Option<&'n Named>,
) -> Vec<Named> {
    let mut known: FxHashMap<&str, &str> = FxHashMap::default();
    let mut parts = |name: &Named| {
        if name.last > name.first {
            let full = scene.slice(name.start, name.end);
            let (first, last) = (scene.word(name.first), scene.slice(scene.start(name.last), name.end));
            for part in [last, first].into_iter().filter(|part| part.chars().nth(1).is_some()) {
                known.entry(part).or_insert(full);
            }
        }
    };
    found.iter().for_each(&mut parts);
    let earlier = (0..scene.words.len()).filter_map(owner).filter(|name| name.kind == EntityKind::Person);
    earlier.for_each(&mut parts);
    let mut is_new = vec![true; scene.words.len()];
    for name in found {
        if name.first == name.last {
            let written = scene.slice(name.start, name.end);
            known.entry(written).or_insert(written);
        }
        is_new.iter_mut().take(name.last + 1).skip(name.first).for_each(|new| *new = false);
    }
    if known.is_empty() {
        return Vec::new();
    }
    let mut again = Vec::new();
    for at in (0..scene.words.len()).filter(|&at| is_new.get(at) == Some(&true)) {
        // What stands there in full stays whole.
        if owner(at).is_some_and(|name| name.kind != EntityKind::Person || name.last > name.first) {
            continue;
        }
        let word = scene.word(at);
        let ends = word.char_indices().map(|(at, ch)| at + ch.len_utf8()).skip(1).take(LONGEST_PART);
        let same = ends.filter_map(|end| {
            let (part, rest) = word.split_at_checked(end)?;
            let full = known.get(part)?;
            may_follow(part, rest).then_some((end, *full))
        });
        if let Some((length, full)) = same.last() {
            let name = Named::in_word(EntityKind::Person, scene, at, length);
            again.push(Named { name: Some(full.to_owned()), ..name });
        }
    }
    again
}
