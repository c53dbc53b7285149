//! What is known of a word without its neighbours. News repeats its words, so this is remembered by word.

use rustc_hash::FxHashMap;

use crate::korean::segmenter::{Morpheme, Segmenter};
use crate::korean::sense::Sense;

use super::endings;
use super::entity::EntityKind;
use super::keywords;
use super::names::{foreign_syllables, likeness, surname_length};
use super::particles::{are_particles, fits};
use super::tables::{Known, tables};

/// What follows a name in its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tail {
    /// Nothing.
    Nothing,
    /// A particle.
    Particle,
    /// A title: `김하늘씨는`.
    Title,
}

/// A beginning of a word that may be a Korean name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Candidate {
    /// Its bytes.
    pub(super) length: u8,
    /// What follows it.
    pub(super) tail: Tail,
    /// How much its syllables look like a name, 0 to 7.
    pub(super) likeness: u8,
    /// How much speaks for a name, its surroundings apart: 5 is a name like any other, 9 a name of the dictionary.
    pub(super) score: i8,
}

/// A name at the beginning of a word, by a table, the dictionary or its ending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) known: Known,
    pub(super) length: u8,
    /// Whether it needs a neighbour that speaks for it: names that are common words as well.
    pub(super) doubtful: bool,
}

/// What is known of a word.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Facts {
    /// Its bytes without particles and endings.
    pub(super) stem: u8,
    /// A place or organisation that it begins with.
    pub(super) found: Option<Found>,
    /// Names of persons that it may begin with, the likeliest first.
    pub(super) candidates: [Option<Candidate>; 3],
    /// The bytes of the district that it is where a place stands before it; 0 where it is none.
    pub(super) district: u8,
    /// Whether its stem is a title or ends with one.
    pub(super) is_title: bool,
    /// Whether it may stand before a name: `배우`, without a particle.
    pub(super) is_before: bool,
    /// Whether its stem is all hangul and looks like a part of a foreign name.
    pub(super) is_foreign: bool,
    /// Whether its stem sounds foreign and is a noun of the dictionary.
    pub(super) is_loan: bool,
    /// Whether the dictionary knows a part of a person's name where it begins.
    pub(super) is_given: bool,
    /// Whether its stem is made of common nouns, verbs and the like, and of nothing that names.
    pub(super) is_common: bool,
    /// Whether its stem is a noun that may tell what an article is about.
    pub(super) is_keyword: bool,
}

/// Bytes of the longest word of which anything is known; what is longer is an address or a pasted key.
const LONGEST: usize = 90;

/// Words in one half of the memory.
const WORDS_PER_HALF: usize = 100_000;

/// The facts of words that were met before, in two halves: when the recent one is full it becomes the older one.
#[derive(Default)]
pub(super) struct KnownFacts {
    recent: FxHashMap<Box<str>, Facts>,
    older: FxHashMap<Box<str>, Facts>,
}

impl KnownFacts {
    /// The facts of `word`, whose morphemes are `morphemes`.
    pub(super) fn of(&mut self, word: &str, morphemes: &[Morpheme], segmenter: &Segmenter) -> Facts {
        if word.len() > LONGEST {
            return Facts { stem: u8::MAX, is_common: true, ..Facts::default() };
        }
        if let Some(facts) = self.recent.get(word) {
            return *facts;
        }
        let facts = self.older.get(word).copied().unwrap_or_else(|| look_at(word, morphemes, segmenter));
        if self.recent.len() >= WORDS_PER_HALF {
            self.older = std::mem::take(&mut self.recent);
        }
        self.recent.insert(word.into(), facts);
        facts
    }
}

/// A morpheme within its word.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) sense: Sense,
}

fn look_at(word: &str, morphemes: &[Morpheme], segmenter: &Segmenter) -> Facts {
    let base = morphemes.first().map_or(0, |first| first.start);
    let pieces: Vec<Piece> = morphemes
        .iter()
        .map(|morpheme| Piece {
            start: (morpheme.start - base) as usize,
            end: ((morpheme.end - base) as usize).min(word.len()),
            sense: segmenter.sense(morpheme),
        })
        .collect();
    let stem = stem_of(word, &pieces);
    let stem_text = word.get(..stem).unwrap_or(word);
    let title = title_end(word, stem_text);
    let is_common = is_common(&pieces, stem);
    Facts {
        stem: stem as u8,
        found: find(word, stem_text, &pieces),
        district: district(word, segmenter),
        // `장관은` is no name of the 장 family.
        candidates: if title && tables().is_title(stem_text) {
            [None; 3]
        } else {
            candidates(word, &pieces, segmenter)
        },
        is_title: title,
        is_before: (title || tables().is_before_names(word))
            && (stem == word.len() || tables().is_before_names(word)),
        is_foreign: is_foreign(stem_text, &pieces, segmenter)
            || (stem < word.len() && is_foreign(word, &pieces, segmenter)),
        is_loan: is_loan(stem_text, segmenter),
        is_given: pieces.first().is_some_and(|piece| piece.sense == Sense::Person),
        is_common,
        is_keyword: is_keyword(stem_text, &pieces),
    }
}

/// Whether `stem` is made of nouns.
fn is_keyword(stem: &str, pieces: &[Piece]) -> bool {
    let mut nouns = pieces.iter().filter(|piece| piece.start < stem.len());
    let is_noun = |piece: &Piece| {
        matches!(
            piece.sense,
            Sense::CommonNoun
                | Sense::ProperNoun
                | Sense::Latin
                | Sense::Person
                | Sense::Place
                | Sense::Unknown
        )
    };
    let belongs = |piece: &Piece| {
        is_noun(piece)
            || matches!(piece.sense, Sense::NounSuffix | Sense::NounPrefix | Sense::Root | Sense::Number)
    };
    stem.chars().nth(1).is_some()
        && !stem.starts_with(|ch: char| ch.is_ascii_digit())
        && nouns.clone().any(|piece| is_noun(piece) && piece.end - piece.start >= 2)
        && nouns.all(belongs)
        && !keywords::is_of_every_article(stem)
        && !tables().is_title(stem)
}

/// The bytes of `word` before its particles and endings.
fn stem_of(word: &str, pieces: &[Piece]) -> usize {
    let mut end = word.len();
    for piece in pieces.iter().skip(1).rev() {
        if !matches!(piece.sense, Sense::Particle | Sense::Ending) || piece.end != end {
            break;
        }
        end = piece.start;
    }
    end
}

/// Whether the stem of `word` is a title or ends with one.
fn title_end(word: &str, stem: &str) -> bool {
    let tables = tables();
    let is_title = |text: &str| {
        let mut starts = text.char_indices().map(|(at, _)| at);
        let count = text.chars().count();
        let skipped = count.saturating_sub(tables.longest_title());
        starts.by_ref().take(skipped).for_each(drop);
        if tables.is_title(text) {
            return true;
        }
        starts.skip(usize::from(skipped == 0)).any(|at| {
            let end = text.get(at..).unwrap_or_default();
            let before = text.get(..at).unwrap_or_default();
            // One-syllable titles stand alone (`씨`), and a 시장 is a market unless a place stands before it.
            end.chars().nth(1).is_some()
                && tables.is_title(end)
                && endings::may_stand_before_title(before, end)
        })
    };
    if is_title(stem) {
        return true;
    }
    // The dictionary sometimes takes a particle for a part of the word.
    word.char_indices().skip(1).any(|(at, _)| {
        word.get(at..).is_some_and(are_particles)
            && word.get(..at).is_some_and(|front| tables.is_title(front))
    })
}

/// Whether nothing in the stem names anything.
fn is_common(pieces: &[Piece], stem: usize) -> bool {
    pieces.iter().filter(|piece| piece.start < stem).all(|piece| {
        !matches!(
            piece.sense,
            Sense::Person | Sense::Place | Sense::ProperNoun | Sense::Latin | Sense::Hanja | Sense::Unknown
        )
    })
}

/// Whether `stem` may be a part of a foreign name in hangul.
fn is_foreign(stem: &str, pieces: &[Piece], segmenter: &Segmenter) -> bool {
    let (foreign, all) = foreign_syllables(stem);
    if !(2..=8).contains(&all) || !stem.chars().all(|ch| ('가'..='힣').contains(&ch)) {
        return false;
    }
    if tables().is_not_a_name(stem) || endings::is_loanword(stem) {
        return false;
    }
    let person = pieces.first().is_some_and(|piece| piece.sense == Sense::Person);
    let is_word = pieces.first().is_some_and(|piece| {
        piece.end >= stem.len()
            && !matches!(piece.sense, Sense::Person | Sense::CommonNoun | Sense::ProperNoun | Sense::Unknown)
    });
    if is_word {
        return false;
    }
    // One common noun of the dictionary (서비스, 플랫폼), or several, is a word.
    let nouns = pieces.iter().filter(|piece| piece.start < stem.len());
    if nouns.clone().any(|piece| {
        piece.sense == Sense::CommonNoun && piece.end - piece.start >= 6 && {
            let (foreign, all) = foreign_syllables(stem.get(piece.start..piece.end).unwrap_or_default());
            foreign < all
        }
    }) {
        return false;
    }
    let words = nouns.clone().all(|piece| piece.sense == Sense::CommonNoun && piece.end - piece.start >= 6);
    if words && segmenter.tags_of(stem).contains(&"NNG") {
        return false;
    }
    (person && (all > 3 || foreign * 3 >= all)) || (foreign * 2 > all && (!words || foreign == all))
}

/// Whether `stem` is a word of foreign sound that the dictionary has as a noun: `피에트로`.
fn is_loan(stem: &str, segmenter: &Segmenter) -> bool {
    let (foreign, all) = foreign_syllables(stem);
    (2..=5).contains(&all) && foreign * 2 >= all && !endings::is_loanword(stem) && {
        let tags = segmenter.tags_of(stem);
        !tags.is_empty() && tags.iter().all(|tag| *tag == "NNG")
    }
}

/// The place or organisation that `word` begins with.
fn find(word: &str, stem: &str, pieces: &[Piece]) -> Option<Found> {
    let by_table = in_tables(word, pieces);
    let by_ending = by_ending(stem, pieces).or_else(|| {
        // The dictionary does not see every particle after a name.
        let ends = word.char_indices().map(|(at, _)| at).skip(2);
        let mut shorter = ends.filter(|&at| at != stem.len()).filter_map(|at| word.split_at_checked(at));
        shorter.find_map(|(front, rest)| {
            let last = front.chars().next_back()?;
            let particle = !rest.is_empty() && are_particles(rest) && fits(last, rest);
            if particle { by_ending(front, pieces) } else { None }
        })
    });
    let by_dictionary = || in_dictionary(word, stem, pieces).or_else(|| doubtful(stem));
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
    endings::organisation(stem, pieces)
        .or_else(|| endings::body_of_head(stem, pieces))
        .map(organisation)
        .or_else(|| {
            endings::place(stem, pieces).map(|(length, doubtful)| found(EntityKind::Place, length, doubtful))
        })
}

/// The bytes of the district that `word` may be.
fn district(word: &str, segmenter: &Segmenter) -> u8 {
    let is_word = |name: &str| {
        segmenter.entries_of(name).any(|entry| Sense::of(entry.tag, entry.meaning) != Sense::Place)
    };
    endings::district(word, is_word).map_or(0, |length| length as u8)
}

/// A stem that is a place as well as a common word.
fn doubtful(stem: &str) -> Option<Found> {
    tables().is_doubtful_place(stem).then(|| found(EntityKind::Place, stem.len(), true))
}

fn found(kind: EntityKind, length: usize, doubtful: bool) -> Found {
    Found { known: Known { kind, nameless: false }, length: length as u8, doubtful }
}

/// The longest name of the tables that `word` begins with, if particles or a title follow it.
fn in_tables(word: &str, pieces: &[Piece]) -> Option<Found> {
    let tables = tables();
    let mut ends: Vec<usize> = word.char_indices().map(|(at, ch)| at + ch.len_utf8()).collect();
    ends.truncate(tables.longest());
    ends.iter().skip(1).rev().find_map(|&end| {
        let (name, rest) = word.split_at_checked(end)?;
        let known = tables.name(name)?;
        let last = name.chars().next_back()?;
        let follows = (are_particles(rest) && fits(last, rest))
            || (tables.is_title(rest) && rest.chars().nth(1).is_some())
            || (known.kind == EntityKind::Place && endings::is_area(rest))
            || (rest.chars().nth(1).is_some() && title_with_particle(rest));
        // `한국` in 한국어, and `기아` in a word that the dictionary has as one, are no names.
        let whole = pieces.first().is_none_or(|piece| {
            piece.end <= end || rest.is_empty() || matches!(piece.sense, Sense::Person | Sense::Unknown)
        });
        (follows && whole).then_some(Found { known, length: end as u8, doubtful: false })
    })
}

/// Whether `rest` is a title of two syllables or more with a particle.
fn title_with_particle(rest: &str) -> bool {
    rest.char_indices().skip(2).any(|(at, _)| {
        let (Some(title), Some(particle)) = (rest.get(..at), rest.get(at..)) else { return false };
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
    let rest = stem.get(first.end..)?;
    if !(rest.is_empty() || endings::is_area(rest) || are_particles(word.get(first.end..)?)) {
        return None;
    }
    // Two syllables are too often a word, or a word with a particle (`안의`, `내리`).
    let doubtful = name.chars().count() == 2;
    Some(found(EntityKind::Place, first.end, doubtful))
}

/// The Korean names that `word` may begin with.
fn candidates(word: &str, pieces: &[Piece], segmenter: &Segmenter) -> [Option<Candidate>; 3] {
    let mut best: [Option<Candidate>; 3] = [None; 3];
    let Some(family) = surname_length(word) else { return best };
    let mut number = 0;
    for syllables in [3, 2, 4] {
        if (syllables == 4) != (family == 2) && syllables != 3 {
            if !(syllables == 2 && family == 1) {
                continue;
            }
        }
        let Some(length) = word.char_indices().map(|(at, ch)| at + ch.len_utf8()).nth(syllables - 1) else {
            continue;
        };
        let (Some(name), Some(rest)) = (word.get(..length), word.get(length..)) else { continue };
        if !name.chars().all(|ch| ('가'..='힣').contains(&ch)) {
            continue;
        }
        let Some(tail) = tail_of(name, rest) else { continue };
        // `최우수상을` is no prime minister.
        if tail == Tail::Title && syllables == 2 && !rest.starts_with('씨') && !rest.starts_with("기자") {
            continue;
        }
        let score = score(name, syllables, rest, pieces, segmenter);
        let name_like = score > i8::MIN && likeness(name) >= 7 && tail == Tail::Nothing;
        if (score > 0 || name_like)
            && let Some(slot) = best.get_mut(number)
        {
            *slot = Some(Candidate { length: length as u8, tail, likeness: likeness(name), score });
            number += 1;
        }
    }
    best.sort_by_key(|candidate| std::cmp::Reverse(candidate.map_or(i8::MIN, |c| c.score)));
    best
}

fn tail_of(name: &str, rest: &str) -> Option<Tail> {
    let last = name.chars().next_back()?;
    if rest.is_empty() {
        return Some(Tail::Nothing);
    }
    if are_particles(rest) && fits(last, rest) {
        return Some(Tail::Particle);
    }
    if tables().is_title(rest) {
        return Some(Tail::Title);
    }
    let title = rest.char_indices().skip(1).any(|(at, _)| {
        let (Some(title), Some(particle)) = (rest.get(..at), rest.get(at..)) else { return false };
        are_particles(particle) && tables().is_title(title)
    });
    title.then_some(Tail::Title)
}

/// Syllables that follow nouns: particles, suffixes, endings of 하다.
const WORD_ENDS: [char; 30] = [
    '의', '서', '해', '한', '하', '로', '도', '만', '을', '를', '은', '는', '이', '가', '에', '과', '와',
    '적', '들', '고', '여', '라', '다', '나', '며', '란', '된', '될', '할', '권',
];

fn is_noun(word: &str, segmenter: &Segmenter) -> bool {
    segmenter.entries_of(word).any(|entry| {
        matches!(
            Sense::of(entry.tag, entry.meaning),
            Sense::CommonNoun | Sense::Root | Sense::Adverb | Sense::Number | Sense::Place
        )
    })
}

/// How much speaks for `name`, the first `syllables` syllables of a word, being a name.
fn score(name: &str, syllables: usize, rest: &str, pieces: &[Piece], segmenter: &Segmenter) -> i8 {
    // `김모 씨` has no name.
    if tables().is_not_a_name(name) || (syllables == 2 && name.ends_with('모')) {
        return i8::MIN;
    }
    let mut score = likeness(name) as i8;
    if score == 0 {
        return i8::MIN;
    }
    let (mut person, mut other) = (false, false);
    for entry in segmenter.entries_of(name) {
        match Sense::of(entry.tag, entry.meaning) {
            Sense::Person => person = true,
            Sense::Unknown | Sense::ProperNoun => {}
            _ => other = true,
        }
    }
    if person {
        score += if syllables > 2 { 5 } else { 3 };
    }
    if other {
        score -= 7;
    }
    let first = pieces.first().map(|piece| (piece.end, piece.sense));
    let second = pieces.get(1).map(|piece| piece.sense);
    match first {
        Some((end, Sense::Person)) if end == name.len() => score += 1,
        // The surname alone, and the given name after it.
        Some((end, Sense::Person)) if end < name.len() => score += 1,
        // `이용한`, `조성의`: a word with what follows words. `임세은` and `홍창숙` are cut wrongly as well.
        Some((end, sense)) if end >= 6 && end < name.len() && sense != Sense::Person => {
            score -= match second {
                Some(Sense::Particle) if !name.ends_with('의') => 4,
                Some(Sense::Particle | Sense::Ending | Sense::NounSuffix | Sense::BoundNoun) => 9,
                _ => 3,
            };
        }
        Some((_, Sense::Verb | Sense::Pronoun | Sense::Number)) => score -= 3,
        // The dictionary sees a longer word.
        Some((end, sense)) if end > name.len() && sense != Sense::Unknown => score -= 4,
        _ => {}
    }
    // `유명해`, `전국서`: the dictionary has them as names, and texts as words.
    if syllables == 3
        && name.ends_with(WORD_ENDS)
        && name.get(..6).is_some_and(|word| is_noun(word, segmenter))
    {
        score -= 5;
    }
    // `김하은` is a name of three syllables rather than one of two with a particle.
    if syllables == 2 && matches!(rest.chars().next(), Some('은' | '이' | '는' | '가' | '을' | '를')) {
        score -= 1;
    }
    score - i8::from(syllables == 2)
}
