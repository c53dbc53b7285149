//! What is known of a word without its neighbours. News repeats its words, so this is remembered by word.

use crate::korean::Language;
use crate::korean::morpheme::{Morpheme, WordNumber};
use crate::korean::segmenter::Segmenter;
use crate::korean::sense::Sense;
use crate::korean::word_memory::ByWord;

use super::candidate::{Candidate, candidates};
use super::endings;
use super::look_up::{Found, district, find, may_be_body, of_band, of_newsroom, title_with_particle};
use super::names::{foreign_syllables, is_hangul};
use super::piece::Piece;
use super::tables::tables;

/// What is known of a word.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Facts {
    /// Its bytes without particles and endings.
    pub(super) stem: u8,
    /// A place or organisation that it begins with.
    pub(super) found: Option<Found>,
    /// Names of persons that it may begin with, the likeliest first.
    pub(super) candidates: [Option<Candidate>; 2],
    /// The bytes of the district that it is where a place stands before it; 0 where it is none.
    pub(super) district: u8,
    /// The bytes of the name on stage of a member of a band that it begins with; 0 where there is none.
    pub(super) of_band: u8,
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
    /// Whether its stem is a given name of other languages by the table: `그렉`.
    pub(super) is_given_name: bool,
    /// Whether its stem may be what stands after such a given name: hangul that the dictionary has not as a word.
    pub(super) is_after_given: bool,
    /// Whether its stem is made of common nouns, verbs and the like, and of nothing that names.
    pub(super) is_common: bool,
    /// Whether its stem is a noun that may tell what an article is about.
    pub(super) is_keyword: bool,
    /// Whether it may be the name of an organisation where its surroundings say so.
    pub(super) may_be_body: bool,
    /// Whether a name of the tables that is written with blanks begins with it.
    pub(super) begins_name: bool,
}

impl Facts {
    /// Whether it may begin with a Korean name for which so much speaks ([`Candidate::score`]).
    pub(super) fn looks_like_person(&self, score: i8) -> bool {
        self.candidates.iter().flatten().any(|candidate| candidate.score >= score)
    }
}

/// Bytes of the longest word of which anything is known; what is longer is an address or a pasted key.
const LONGEST: usize = 90;

/// The facts of words that were met before.
#[derive(Default)]
pub(super) struct KnownFacts {
    known: ByWord<Facts>,
}

impl KnownFacts {
    /// The facts of `word`, whose morphemes are `morphemes`. Remembered by its number, where it has one.
    pub(super) fn of(
        &mut self,
        word: &str,
        number: Option<WordNumber>,
        morphemes: &[Morpheme],
        language: &Language,
    ) -> Facts {
        if word.len() > LONGEST {
            return Facts { stem: u8::MAX, is_common: true, ..Facts::default() };
        }
        *self.known.of(number, || look_at(word, morphemes, language))
    }
}

fn look_at(word: &str, morphemes: &[Morpheme], language: &Language) -> Facts {
    let segmenter = language.korean().segmenter();
    let base = morphemes.first().map_or(0, |first| first.start);
    let pieces: Vec<Piece> = morphemes
        .iter()
        .map(|morpheme| Piece {
            start: (morpheme.start - base) as usize,
            end: ((morpheme.end - base) as usize).min(word.len()),
            sense: segmenter.sense(morpheme),
        })
        .collect();
    let is_given = |name: &str| name.chars().nth(1).is_some() && tables().is_given_name(name);
    // The dictionary takes ends of foreign names for endings: 타일+러. One syllable is too often a word: 팀, 진.
    let stem = if is_given(word) { word.len() } else { stem_of(word, &pieces) };
    let stem_text = word.get(..stem).unwrap_or(word);
    let title = title_end(word, stem_text, segmenter);
    let is_common = is_common(&pieces, stem);
    let is_given_name = is_given(stem_text);
    Facts {
        stem: stem as u8,
        found: of_newsroom(word, stem_text, morphemes, language).or_else(|| find(word, stem_text, &pieces)),
        district: district(word, segmenter),
        of_band: of_band(word),
        // `장관은` is no name of the 장 family.
        candidates: if title && (tables().is_title(stem_text) || title_with_particle(word, 1)) {
            [None; 2]
        } else {
            candidates(word, &pieces, segmenter)
        },
        is_title: title,
        is_before: ((title || tables().is_before_names(word))
            && (stem == word.len() || tables().is_before_names(word)))
            || is_called(word),
        is_foreign: is_given_name
            || is_foreign(stem_text, &pieces, segmenter)
            || (stem < word.len() && is_foreign(word, &pieces, segmenter)),
        is_loan: is_loan(stem_text, segmenter),
        is_given: is_given_name || pieces.first().is_some_and(|piece| piece.sense == Sense::Person),
        is_given_name,
        is_after_given: !title && is_after_given(stem_text, &pieces, segmenter),
        is_common,
        is_keyword: is_keyword(stem_text, &pieces),
        may_be_body: may_be_body(word),
        begins_name: tables().begins_name(word),
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
        && !tables().is_of_every_article(stem)
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
fn title_end(word: &str, stem: &str, segmenter: &Segmenter) -> bool {
    let tables = tables();
    let is_word = |text: &str| segmenter.senses_of(text).any(|sense| sense == Sense::CommonNoun);
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
            // One-syllable titles stand alone (`씨`), and a 시장 may be a market.
            end.chars().nth(1).is_some()
                && tables.is_title(end)
                && endings::may_stand_before_title(before, end, &is_word)
        })
    };
    // The dictionary sometimes takes a particle for a part of the word.
    is_title(stem) || title_with_particle(word, 1)
}

/// Whether `word` says who the next word is: `사장인`, `대표이던`.
fn is_called(word: &str) -> bool {
    let title = ["이었던", "이던", "인"].iter().find_map(|end| word.strip_suffix(end));
    title.is_some_and(|title| {
        tables().is_before_names(title) || (title.chars().nth(1).is_some() && tables().is_title(title))
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
    if !(2..=8).contains(&all) || !is_hangul(stem) {
        return false;
    }
    if tables().is_not_a_name(stem) || tables().is_loanword(stem) {
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

/// Whether `stem` may stand after a given name of other languages: one to seven syllables of hangul, no word of the dictionary, and not
/// made of its words alone.
fn is_after_given(stem: &str, pieces: &[Piece], segmenter: &Segmenter) -> bool {
    if !is_hangul(stem) {
        return false;
    }
    let (foreign, syllables) = foreign_syllables(stem);
    // `대니얼 흄`: one syllable only where the dictionary has nothing of it.
    if syllables == 1 {
        return segmenter.senses_of(stem).next().is_none();
    }
    let has_word = || {
        let mut inside = pieces.iter().filter(|piece| piece.start < stem.len());
        inside.any(|piece| {
            piece.end - piece.start >= 6
                && matches!(piece.sense, Sense::CommonNoun | Sense::Verb | Sense::Place | Sense::Root)
                && stem.get(piece.start..piece.end).is_some_and(|text| foreign_syllables(text).0 < 2)
        })
    };
    let is_word = || {
        let mut senses = segmenter.senses_of(stem);
        senses.any(|sense| !matches!(sense, Sense::Person | Sense::ProperNoun | Sense::Unknown))
    };
    (2..=7).contains(&syllables)
        && foreign > 0
        && !tables().is_loanword(stem)
        && !tables().is_not_a_name(stem)
        && tables().institution(stem).is_none()
        && !has_word()
        && !is_word()
}

/// Whether `stem` is a word of foreign sound that the dictionary has as a noun: `피에트로`.
fn is_loan(stem: &str, segmenter: &Segmenter) -> bool {
    let (foreign, all) = foreign_syllables(stem);
    (2..=5).contains(&all) && foreign * 2 >= all && !tables().is_loanword(stem) && {
        let tags = segmenter.tags_of(stem);
        !tags.is_empty() && tags.iter().all(|tag| *tag == "NNG")
    }
}
