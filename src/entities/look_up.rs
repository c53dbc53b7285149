//! The place or organisation that a word begins with: by the tables, by its ending, by the dictionary.

use crate::korean::Language;
use crate::korean::lexicon::WordKind;
use crate::korean::morpheme::Morpheme;
use crate::korean::segmenter::{Origin, Segmenter};
use crate::korean::sense::Sense;

use super::endings;
use super::entity::EntityKind;
use super::particles::{are_particles, may_follow};
use super::piece::Piece;
use super::tables::{Known, tables};

/// A name at the beginning of a word, by a table, the dictionary or its ending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) known: Known,
    pub(super) length: u8,
    /// Whether it needs a neighbour that speaks for it: names that are common words as well.
    pub(super) doubtful: bool,
}

/// What the newsroom's lexicons say that `word` begins with: a name of `words.txt`, or an outlet.
pub(super) fn of_newsroom(
    word: &str,
    stem: &str,
    morphemes: &[Morpheme],
    language: &Language,
) -> Option<Found> {
    let korean = language.korean();
    let first = morphemes.first().filter(|first| korean.segmenter().origin(first) == Origin::UserWord);
    if let Some(first) = first {
        let length = (first.end - first.start) as usize;
        let (name, rest) = word.split_at_checked(length)?;
        let kind = match korean.word_kind(name)? {
            WordKind::Person => EntityKind::Person,
            WordKind::Place => EntityKind::Place,
            WordKind::Organisation => EntityKind::Organisation,
            WordKind::Product | WordKind::Other => return None,
        };
        let follows = are_particles(rest) || tables().is_title(rest) || title_with_particle(rest, 2);
        return follows.then(|| found(kind, length, false));
    }
    // Outlets are known by parts of their addresses too, and some are words: 인사이트.
    let may_name = stem.chars().nth(2).is_some() && stem.chars().any(|ch| ('가'..='힣').contains(&ch));
    let is_outlet = may_name
        && language.outlets().contains(stem)
        && !tables().is_title(stem)
        && !tables().is_not_a_name(stem)
        && !korean.segmenter().tags_of(stem).contains(&"NNG");
    is_outlet.then(|| found(EntityKind::Organisation, stem.len(), false))
}

/// The place or organisation that `word` begins with.
pub(super) fn find(word: &str, stem: &str, pieces: &[Piece]) -> Option<Found> {
    let by_table = in_tables(word, pieces);
    let by_ending = by_ending(stem, pieces).or_else(|| {
        // The dictionary does not see every particle after a name.
        let ends = word.char_indices().map(|(at, _)| at).skip(2);
        let mut shorter = ends.filter(|&at| at != stem.len()).filter_map(|at| word.split_at_checked(at));
        shorter.find_map(|(front, rest)| {
            let particle = !rest.is_empty() && may_follow(front, rest);
            if particle { by_ending(front, pieces) } else { None }
        })
    });
    let by_dictionary = || in_dictionary(word, stem, pieces).or_else(|| doubtful(word, stem));
    match (by_table, by_ending) {
        (Some(table), Some(ending)) if ending.length > table.length => Some(ending),
        (Some(table), _) => Some(table),
        (None, Some(ending)) => Some(ending),
        (None, None) => by_dictionary(),
    }
}

/// A place or organisation by its ending.
fn by_ending(stem: &str, pieces: &[Piece]) -> Option<Found> {
    let organisation = |length| found(EntityKind::Organisation, length, false);
    // `도쿄대`
    let university = pieces.first().is_some_and(|piece| {
        piece.sense == Sense::ProperNoun
            && piece.end == stem.len()
            && stem.ends_with('대')
            && stem.chars().nth(2).is_some()
    });
    if university {
        return Some(organisation(stem.len()));
    }
    if endings::organisation(stem, pieces) {
        return Some(organisation(stem.len()));
    }
    if let Some(length) = endings::body_of_head(stem, pieces) {
        return Some(organisation(length));
    }
    if endings::army(stem, pieces) {
        return Some(organisation(stem.len()));
    }
    endings::place(stem, pieces).then(|| found(EntityKind::Place, stem.len(), false))
}

/// The bytes of the district that `word` may be.
pub(super) fn district(word: &str, segmenter: &Segmenter) -> u8 {
    // The dictionary has some villages as names of persons: 이동면.
    let is_word = |name: &str| {
        let village = name.ends_with(['읍', '면', '리']);
        segmenter.senses_of(name).any(|sense| sense != Sense::Place && !(village && sense == Sense::Person))
    };
    endings::district(word, is_word).map_or(0, |length| length as u8)
}

/// The bytes of the name on stage of a member of a band that `word` begins with; 0 where there is none.
pub(super) fn of_band(word: &str) -> u8 {
    let ends = word.char_indices().map(|(at, ch)| at + ch.len_utf8()).skip(1).take(5);
    let names = ends.filter(|&end| {
        let (Some(name), Some(rest)) = (word.get(..end), word.get(end..)) else { return false };
        tables().is_of_band(name) && may_follow(name, rest)
    });
    names.max().map_or(0, |length| length as u8)
}

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
    "지주회사",
    "사업회사",
];

/// Whether `word` may be the name of an organisation where its surroundings say so.
pub(super) fn may_be_body(word: &str) -> bool {
    word.chars().nth(1).is_some()
        && !word.starts_with(|ch: char| ch.is_ascii_digit())
        && !NOT_NAMES.contains(&word)
        && !begins_with_common_latin(word)
}

/// Whether `word` is a common word after common Latin letters: `ESG업무`.
fn begins_with_common_latin(word: &str) -> bool {
    let end = word.find(|ch: char| !ch.is_ascii_alphabetic()).unwrap_or(word.len());
    word.get(..end).is_some_and(|latin| tables().is_common_latin(latin))
}

/// A stem that is a place as well as a common word.
fn doubtful(word: &str, stem: &str) -> Option<Found> {
    let particles = word.get(stem.len()..).is_some_and(are_particles);
    (particles && tables().is_doubtful_place(stem)).then(|| found(EntityKind::Place, stem.len(), true))
}

fn found(kind: EntityKind, length: usize, doubtful: bool) -> Found {
    Found { known: Known { kind, nameless: false }, length: length as u8, doubtful }
}

/// `서` for 에서 after places: 아시아서도.
const IN_PLACES: [&str; 6] = ["서", "서도", "서는", "서의", "서만", "선"];
/// Whether `rest` follows an organisation as it does few other names: `안보리서도`, and a match against a team, `KBN전에서`.
fn of_organisation(name: &str, rest: &str) -> bool {
    let game = rest.strip_prefix('전').is_some_and(are_particles);
    game || (name.chars().nth(2).is_some() && IN_PLACES.contains(&rest))
}

/// Whether `rest` says which part of a city elects somebody: 갑 of `한내시갑`.
fn is_constituency(name: &str, rest: &str) -> bool {
    name.ends_with(['시', '군', '구'])
        && rest.strip_prefix(['갑', '을', '병', '정']).is_some_and(are_particles)
}

/// What follows persons in one word: `김하늘표 정책`, `김하늘계 의원`.
const OF_PERSONS: [&str; 3] = ["표", "계", "호"];

/// The longest name of the tables that `word` begins with, if particles or a title follow it.
fn in_tables(word: &str, pieces: &[Piece]) -> Option<Found> {
    let tables = tables();
    let mut ends: Vec<usize> = word.char_indices().map(|(at, ch)| at + ch.len_utf8()).collect();
    ends.truncate(tables.longest());
    ends.iter().skip(1).rev().find_map(|&end| {
        let (name, rest) = word.split_at_checked(end)?;
        let known = tables.name(name)?;
        let follows = may_follow(name, rest)
            || (tables.is_title(rest) && rest.chars().nth(1).is_some())
            || (known.kind == EntityKind::Place
                && (endings::is_area(rest) || IN_PLACES.contains(&rest) || is_constituency(name, rest)))
            || (known.kind == EntityKind::Organisation && of_organisation(name, rest))
            || (known.kind == EntityKind::Person && end >= 9 && OF_PERSONS.contains(&rest))
            || title_with_particle(rest, 2);
        // `한국` in 한국어, and `기아` in a word that the dictionary has as one, are no names.
        let whole = pieces.first().is_none_or(|piece| {
            piece.end <= end || rest.is_empty() || matches!(piece.sense, Sense::Person | Sense::Unknown)
        });
        (follows && whole).then_some(Found { known, length: end as u8, doubtful: false })
    })
}

/// Whether `text` is a title of so many syllables or more with a particle.
pub(super) fn title_with_particle(text: &str, syllables: usize) -> bool {
    text.char_indices().skip(syllables).any(|(at, _)| {
        let Some((title, particle)) = text.split_at_checked(at) else { return false };
        are_particles(particle) && tables().is_title(title)
    })
}

/// A place of the dictionary that fills the stem.
fn in_dictionary(word: &str, stem: &str, pieces: &[Piece]) -> Option<Found> {
    let first = pieces.first()?;
    if first.sense != Sense::Place || first.end < 6 {
        return None;
    }
    let name = word.get(..first.end)?;
    if tables().is_not_a_name(name) {
        return None;
    }
    let rest = stem.get(first.end..)?;
    // `부여하는` is no place, though `부여` is.
    let after = word.get(first.end..)?;
    if !(endings::is_area(rest) || are_particles(after)) {
        return None;
    }
    // Two syllables are too often a word, or a word with a particle (`안의`, `내리`).
    let doubtful = name.chars().count() == 2;
    Some(found(EntityKind::Place, first.end, doubtful))
}
