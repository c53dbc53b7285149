//! Names that stand by themselves: places and organisations of the tables, the dictionary and by their endings.

use super::entity::EntityKind;
use super::names::is_hangul;
use super::particles::may_follow;
use super::scene::Scene;
use super::tables::tables;
use super::words::Gap;

/// A name in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) kind: EntityKind,
    /// The first and the last of its words.
    pub(super) first: usize,
    pub(super) last: usize,
    /// Its bytes in the text.
    pub(super) start: usize,
    pub(super) end: usize,
    /// The name, where it is not what stands there: a short form, or another spelling.
    pub(super) name: Option<String>,
    /// A body without a name of its own: it only keeps others away.
    pub(super) nameless: bool,
}

impl Named {
    /// The name of this kind in the first `length` bytes of word `at`.
    pub(super) fn in_word(kind: EntityKind, scene: &Scene<'_>, at: usize, length: usize) -> Self {
        let start = scene.start(at);
        Self { kind, first: at, last: at, start, end: start + length, name: None, nameless: false }
    }
}

/// The most words of a name in the tables.
const MOST_WORDS: usize = 4;

/// The names of `scene`, in the order of the text, without overlap.
pub(super) fn find(scene: &Scene<'_>) -> Vec<Named> {
    let mut named: Vec<Named> = Vec::new();
    let mut at = 0;
    while at < scene.words.len() {
        let found = of_several_words(scene, at).or_else(|| of_one_word(scene, at));
        let district = district(scene, at, named.last());
        // `한내군 부산면` is no Busan.
        let longer = district.filter(|district| found.as_ref().is_none_or(|found| found.end < district.end));
        if let Some(found) = longer.or(found) {
            at = found.last + 1;
            named.push(found);
        } else {
            at += 1;
        }
    }
    if named.iter().any(|name| name.kind == EntityKind::Place) {
        let more = along_districts(scene, &named);
        if !more.is_empty() {
            named.extend(more);
            named.sort_by_key(|name| name.start);
        }
    }
    named
}

/// Districts that share an ending, as far as they are not in `named`, which is in the order of the text: `한내·구름·노을면`.
fn along_districts(scene: &Scene<'_>, named: &[Named]) -> Vec<Named> {
    let is_free = |at: usize| {
        let next = named.partition_point(|name| name.last < at);
        named.get(next).is_none_or(|name| at < name.first)
    };
    let ends = |at: usize| {
        let length = usize::from(scene.facts(at).district);
        (length > 0 && scene.gap(at) == Gap::Dot && scene.word(at).chars().nth(2).is_some()).then_some(length)
    };
    let is_name = |at: usize| {
        let word = scene.word(at);
        matches!(word.len(), 6 | 9) && is_hangul(word) && !tables().is_title(word)
    };
    let place = |at: usize, length: usize| Named::in_word(EntityKind::Place, scene, at, length);
    let mut more = Vec::new();
    for (at, length) in (1..scene.words.len()).filter_map(|at| Some((at, ends(at)?))) {
        more.extend(is_free(at).then(|| place(at, length)));
        // What stands before one that ends so was looked at with that one: a list may have any number of them.
        let before = (0..at).rev().take_while(|&before| {
            scene.gap(before + 1) == Gap::Dot && is_name(before) && ends(before).is_none()
        });
        more.extend(before.filter(|&at| is_free(at)).map(|at| place(at, scene.word(at).len())));
    }
    more
}

/// A name of the tables that is written with blanks.
fn of_several_words(scene: &Scene<'_>, at: usize) -> Option<Named> {
    if !tables().begins_name(scene.word(at)) {
        return None;
    }
    let mut joined = scene.word(at).to_lowercase();
    let mut best = None;
    for last in at + 1..(at + MOST_WORDS).min(scene.words.len()) {
        if scene.gap(last) != Gap::Space {
            break;
        }
        let word = scene.word(last);
        let ends = word.char_indices().map(|(at, ch)| at + ch.len_utf8());
        for end in ends {
            let (Some(name), Some(rest)) = (word.get(..end), word.get(end..)) else { continue };
            if !may_follow(name, rest) {
                continue;
            }
            let known = tables().with_blanks(&format!("{joined}{}", name.to_lowercase()));
            if let Some(known) = known {
                best = Some(Named {
                    kind: known.kind,
                    first: at,
                    last,
                    start: scene.start(at),
                    end: scene.start(last) + end,
                    name: None,
                    nameless: known.nameless,
                });
            }
        }
        joined.push_str(&word.to_lowercase());
    }
    best
}

fn of_one_word(scene: &Scene<'_>, at: usize) -> Option<Named> {
    let found = scene.facts(at).found?;
    if found.doubtful && !beside_place(scene, at) && !has_office(scene, at) {
        return None;
    }
    let name = Named::in_word(found.known.kind, scene, at, usize::from(found.length));
    Some(Named { nameless: found.known.nameless, ..name })
}

/// Whether nothing is written after a name in its last word.
pub(super) fn ends_bare(scene: &Scene<'_>, name: &Named) -> bool {
    name.end == scene.end(name.last)
}

/// A district after the place that it is in: `대구 수성구 고모동의`.
fn district(scene: &Scene<'_>, at: usize, before: Option<&Named>) -> Option<Named> {
    let length = usize::from(scene.facts(at).district);
    let before = before.filter(|before| before.kind == EntityKind::Place && before.last + 1 == at)?;
    let beside = scene.gap(at) == Gap::Space && ends_bare(scene, before);
    (length > 0 && beside).then(|| Named::in_word(EntityKind::Place, scene, at, length))
}

/// Offices that a country or a county has, and nothing else does.
const OFFICES: [&str; 9] =
    ["대통령", "총리", "외무장관", "외교장관", "국방장관", "국왕", "군수", "군민", "군청"];

/// Whether an office of a country or a county follows the bare word `at`: `오만 외무장관`.
fn has_office(scene: &Scene<'_>, at: usize) -> bool {
    scene.is_bare(at) && scene.gap(at + 1) == Gap::Space && OFFICES.contains(&scene.stem(at + 1))
}

/// Whether a place that is none in doubt stands beside word `at`.
fn beside_place(scene: &Scene<'_>, at: usize) -> bool {
    let is_place = |at: usize| {
        let found = scene.facts(at).found;
        found.is_some_and(|found| found.known.kind == EntityKind::Place && !found.doubtful)
    };
    let joins = |gap: Gap| matches!(gap, Gap::Space | Gap::Dot | Gap::Comma);
    (at > 0 && joins(scene.gap(at)) && is_place(at - 1) && scene.is_bare(at - 1))
        || (joins(scene.gap(at + 1)) && is_place(at + 1))
}
