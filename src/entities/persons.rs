//! Korean names of persons, by what stands around them: titles, ages, lists.

use rustc_hash::{FxHashMap, FxHashSet};

use super::candidate::{Candidate, Tail};
use super::entity::EntityKind;
use super::fixed::{Named, is_untaken, owner_of};
use super::names::{is_hangul, likeness, surname_length};
use super::particles::may_follow;
use super::scene::Scene;
use super::tables::tables;
use super::words::Gap;

/// The most words between a name and its title: `김하늘 한내시 문화재단 이사장`.
const MOST_BETWEEN: usize = 4;

/// A person's name where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Seen {
    word: usize,
    length: usize,
}

/// The persons of `scene`, in the order of the text. `taken` says for each word the name that it belongs to.
pub(super) fn find(scene: &Scene<'_>, named: &[Named], taken: &[Option<usize>]) -> Vec<Named> {
    let is_free = |at: usize, candidate: &Candidate| match taken.get(at).copied().flatten() {
        None => true,
        Some(number) => named.get(number).is_some_and(|name| {
            // What a table has is what it says.
            let known = tables().name(scene.slice(name.start, name.end)).is_some();
            !known
                && name.first == name.last
                && name.end - name.start <= usize::from(candidate.length)
                && candidate.score >= 9
        }),
    };
    let mut accepted: FxHashSet<&str> = FxHashSet::default();
    let mut chosen: Vec<Option<Seen>> = vec![None; scene.words.len()];
    for (at, slot) in chosen.iter_mut().enumerate() {
        let mut candidates = scene.facts(at).candidates.into_iter().flatten().filter(|c| is_free(at, c));
        let best =
            candidates.find(|candidate| is_enough(candidate, evidence(scene, at, candidate, named, taken)));
        if let Some(best) = best {
            let length = usize::from(best.length);
            *slot = Some(Seen { word: at, length });
            accepted.insert(name_at(scene, at, length));
        }
    }
    named_in_short(scene, &mut chosen, &mut accepted, named, taken);
    along_lists(scene, &mut chosen, &mut accepted, &is_free);
    // `이준이` is 이준 with a particle, where 이준 stands as well.
    for seen in chosen.iter_mut().flatten() {
        let name = name_at(scene, seen.word, seen.length);
        let Some((at, _)) = name.char_indices().next_back() else { continue };
        let shorter = name
            .split_at_checked(at)
            .filter(|(front, last)| accepted.contains(front) && may_follow(front, last));
        if let Some((front, _)) = shorter {
            accepted.remove(name);
            seen.length = front.len();
        }
    }
    // What was a person once is one wherever it stands.
    for (at, slot) in chosen.iter_mut().enumerate().filter(|(_, slot)| slot.is_none()) {
        let mut candidates = scene.facts(at).candidates.into_iter().flatten().filter(|c| is_free(at, c));
        let known =
            candidates.find(|candidate| accepted.contains(name_at(scene, at, usize::from(candidate.length))));
        *slot = known.map(|candidate| Seen { word: at, length: usize::from(candidate.length) });
    }
    let seen = chosen.into_iter().flatten();
    seen.map(|seen| Named::in_word(EntityKind::Person, scene, seen.word, seen.length)).collect()
}

/// Three syllables that look like a word, `정시아 한내전자 대표`, are a name where the article says `정 대표` as well.
fn named_in_short<'t>(
    scene: &Scene<'t>,
    chosen: &mut [Option<Seen>],
    accepted: &mut FxHashSet<&'t str>,
    named: &[Named],
    taken: &[Option<usize>],
) {
    let is_short = |at: usize| {
        let word = scene.word(at);
        word.chars().nth(1).is_none() && surname_length(word).is_some() && scene.gap(at + 1) == Gap::Space
    };
    let known: FxHashSet<&str> = accepted.iter().filter_map(|name| name.get(..3)).collect();
    let mut shorts: FxHashMap<&str, FxHashSet<&str>> = FxHashMap::default();
    for at in (0..scene.words.len()).filter(|&at| is_short(at) && scene.facts(at + 1).is_title) {
        if !known.contains(scene.word(at)) {
            shorts.entry(scene.word(at)).or_default().insert(scene.stem(at + 1));
        }
    }
    if shorts.is_empty() {
        return;
    }
    for (at, slot) in chosen.iter_mut().enumerate().filter(|(_, slot)| slot.is_none()) {
        let word = scene.word(at);
        let free = is_untaken(taken, at);
        if word.len() != 9 || !free || !is_hangul(word) {
            continue;
        }
        let Some(titles) = word.get(..3).and_then(|surname| shorts.get(surname)) else { continue };
        // The body that the person leads, and the title: no more.
        let title = (at + 1..at + 2 + MOST_BETWEEN).find(|&next| scene.facts(next).is_title);
        let Some(title) = title.filter(|title| *title > at + 1) else { continue };
        let body = |next: usize| owner_of(named, taken, next).is_some();
        let between = (at + 1..title).all(|next| scene.gap(next) == Gap::Space && scene.is_bare(next));
        if between
            && body(at + 1)
            && scene.gap(title) == Gap::Space
            && titles.iter().any(|short| scene.stem(title).ends_with(short))
        {
            *slot = Some(Seen { word: at, length: word.len() });
            accepted.insert(word);
        }
    }
}

fn name_at<'t>(scene: &Scene<'t>, at: usize, length: usize) -> &'t str {
    let start = scene.start(at);
    scene.slice(start, start + length)
}

/// How much the surroundings speak for a person: 0 (nothing) to 3 (a title, an age) and 4 (only a name can stand there).
fn evidence(
    scene: &Scene<'_>,
    at: usize,
    candidate: &Candidate,
    named: &[Named],
    taken: &[Option<usize>],
) -> u8 {
    if candidate.tail == Tail::Title {
        return 3;
    }
    if candidate.tail == Tail::Nothing && scene.gap(at + 1) == Gap::Space && only_a_name_before(scene, at + 1)
    {
        return 4;
    }
    if at > 0 && scene.gap(at) == Gap::Space && scene.facts(at - 1).is_before {
        return 3;
    }
    let mut found = u8::from(scene.gap(at) == Gap::Bullet);
    if candidate.tail == Tail::Nothing {
        match scene.gap(at + 1) {
            Gap::Open if is_age(scene.word(at + 1)) => return 3,
            Gap::Open => found = found.max(in_brackets(scene, at + 1)),
            Gap::Space => found = found.max(title_after(scene, at, named, taken)),
            Gap::Equals => found = found.max(1),
            _ => {}
        }
    }
    found
}

/// Whether nothing but a name stands before word `at`: `씨`, `한내군수`.
fn only_a_name_before(scene: &Scene<'_>, at: usize) -> bool {
    const HEADS: [&str; 5] = ["군수", "시장", "구청장", "도지사", "교육감"];
    let stem = scene.stem(at);
    let place = |front: &str| tables().name(front).is_some_and(|known| known.kind == EntityKind::Place);
    matches!(stem, "씨" | "양" | "여사")
        || HEADS.iter().any(|head| stem.strip_suffix(head).is_some_and(place))
}

/// What a bracket after a name says of it: 3 where it holds a title (`박노을(한내은행 부장)`), 1 otherwise.
fn in_brackets(scene: &Scene<'_>, first: usize) -> u8 {
    for at in first..first + MOST_BETWEEN {
        if at > first && !matches!(scene.gap(at), Gap::Space | Gap::Dot | Gap::Comma) {
            break;
        }
        if scene.facts(at).is_title && scene.is_bare(at) {
            return 3;
        }
    }
    1
}

fn is_age(word: &str) -> bool {
    let digits = word.trim_end_matches(['세', '여', '남']);
    (1..=3).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a title follows the name at word `at`: 3 next to it, 2 after an office (`김하늘 한내시 부시장`).
fn title_after(scene: &Scene<'_>, at: usize, named: &[Named], taken: &[Option<usize>]) -> u8 {
    let mut through_name = false;
    // `신율 명지대 교수`: a university after a name.
    let after_name = at > 0
        && scene.gap(at) == Gap::Space
        && scene.is_bare(at - 1)
        && scene.word(at - 1).chars().count() <= 3
        && likeness(scene.word(at - 1)) >= 3;
    if after_name && scene.word(at).ends_with('대') {
        return 0;
    }
    for next in at + 1..at + 2 + MOST_BETWEEN {
        if next > at + 1 && !matches!(scene.gap(next), Gap::Space | Gap::Dot | Gap::Close | Gap::Open) {
            return 0;
        }
        let facts = scene.facts(next);
        if scene.is_former(next) {
            // `김하늘 전 장관` is as sure as `김하늘 장관`.
            through_name = true;
            continue;
        }
        if facts.is_title {
            return if next == at + 1 || through_name { 3 } else { 2 };
        }
        // A mayor, or a market: it depends on what stands before it.
        let stem = scene.stem(next);
        if stem.ends_with("시장") && stem.chars().nth(3).is_some() {
            return 2;
        }
        let belongs = owner_of(named, taken, next);
        let university = scene.word(next).ends_with('대') && scene.word(next).chars().nth(2).is_some();
        through_name |= belongs.is_some() || university;
        if !scene.is_bare(next) && scene.word(next) != "및" {
            return 0;
        }
    }
    0
}

fn is_enough(candidate: &Candidate, evidence: u8) -> bool {
    let syllables = usize::from(candidate.length) / 3;
    match evidence {
        4 => candidate.score >= 3 || candidate.name_like || candidate.is_also_word,
        3 => {
            let likely = candidate.tail == Tail::Nothing && candidate.likeness >= 5 && candidate.score >= 2;
            candidate.score >= 3 || candidate.name_like || likely
        }
        2 => candidate.score >= if syllables > 2 { 5 } else { 6 },
        1 => candidate.score >= if syllables > 2 { 6 } else { 8 },
        _ => candidate.score >= 9 && syllables > 2,
    }
}

/// Names beside names: `김하늘·이바다·박구름 의원`.
fn along_lists<'t>(
    scene: &Scene<'t>,
    chosen: &mut [Option<Seen>],
    accepted: &mut FxHashSet<&'t str>,
    is_free: &impl Fn(usize, &Candidate) -> bool,
) {
    let joins = |gap: Gap| matches!(gap, Gap::Dot | Gap::Comma);
    let mut take = |at: usize, chosen: &mut [Option<Seen>]| {
        let candidate = scene.facts(at).candidates.into_iter().flatten().find(|candidate| {
            is_free(at, candidate) && candidate.score >= if candidate.length > 6 { 4 } else { 5 }
        });
        if let (Some(candidate), Some(slot)) = (candidate, chosen.get_mut(at)) {
            let length = usize::from(candidate.length);
            *slot = Some(Seen { word: at, length });
            accepted.insert(name_at(scene, at, length));
        }
    };
    for at in (0..chosen.len()).rev() {
        let next = chosen.get(at + 1).copied().flatten().is_some();
        let free = chosen.get(at).is_some_and(Option::is_none);
        if free && next && joins(scene.gap(at + 1)) && scene.is_bare(at) {
            take(at, chosen);
        }
    }
    for at in 1..chosen.len() {
        let bare = |at: usize, chosen: &[Option<Seen>]| {
            chosen.get(at).copied().flatten().is_some_and(|seen| scene.word(seen.word).len() == seen.length)
        };
        let free = chosen.get(at).is_some_and(Option::is_none);
        if !free || !joins(scene.gap(at)) {
            continue;
        }
        // One that looks like no name does not end a list of names.
        let across = at > 1
            && joins(scene.gap(at - 1))
            && scene.word(at - 1).chars().count() <= 3
            && scene.word(at).chars().count() >= 3
            && bare(at - 2, chosen);
        if bare(at - 1, chosen) || across {
            take(at, chosen);
        }
    }
}
