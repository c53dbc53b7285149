//! Korean names at the beginning of a word, and how much speaks for each without its neighbours.

use crate::korean::segmenter::Segmenter;
use crate::korean::sense::Sense;

use super::look_up::title_with_particle;
use super::names::{has_common_surname, is_hangul, likeness, surname_length};
use super::particles::{are_particles, may_follow};
use super::piece::Piece;
use super::tables::tables;

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
    /// Whether it looks like a name that the dictionary cut wrongly: a title after it decides.
    pub(super) name_like: bool,
    /// Whether it is two syllables of a common surname and a usual given name that the dictionary has as another word: only where nothing
    /// but a name can stand.
    pub(super) is_also_word: bool,
    /// How much speaks for a name, its surroundings apart: 5 is a name like any other, 9 a name of the dictionary.
    pub(super) score: i8,
}

/// The Korean names that `word` may begin with.
pub(super) fn candidates(word: &str, pieces: &[Piece], segmenter: &Segmenter) -> [Option<Candidate>; 2] {
    let mut best: [Option<Candidate>; 2] = [None; 2];
    let Some(family) = surname_length(word) else { return best };
    let mut number = 0;
    for syllables in [3, if family == 2 { 4 } else { 2 }] {
        let Some(length) = word.char_indices().map(|(at, ch)| at + ch.len_utf8()).nth(syllables - 1) else {
            continue;
        };
        let (Some(name), Some(rest)) = (word.get(..length), word.get(length..)) else { continue };
        if !is_hangul(name) {
            continue;
        }
        let Some(tail) = tail_of(name, rest) else { continue };
        // `최우수상을` is no prime minister.
        if tail == Tail::Title && syllables == 2 && !rest.starts_with('씨') && !rest.starts_with("기자") {
            continue;
        }
        // `공용주차장` is no 차장.
        if tail == Tail::Title && name.ends_with('주') && rest.starts_with("차장") {
            continue;
        }
        let like = likeness(name);
        let score = score(name, like, syllables, rest, pieces, segmenter);
        // `임세은` may be cut into 임세 and 은; 조성을 is a noun and a particle. Rare nouns look like names, so those that are not rare are in a
        // table.
        let front = name.get(..6).unwrap_or(name);
        let noun = || tables().is_not_a_name(front) || (like < 6 && is_noun(front, segmenter));
        let verb = || {
            pieces.iter().all(|piece| {
                matches!(
                    piece.sense,
                    Sense::Verb | Sense::Ending | Sense::Particle | Sense::Pronoun | Sense::Number
                )
            })
        };
        // `명현만(41)` may be 명현 with a particle to the dictionary.
        let by_particle = || pieces.last().is_some_and(|last| last.sense == Sense::Particle);
        let cut_wrongly =
            syllables == 3 && tail == Tail::Nothing && (like >= 5 || (like == 4 && by_particle()));
        let name_like = score > i8::MIN && cut_wrongly && !verb() && !noun();
        let is_also_word = score > i8::MIN
            && score <= 0
            && syllables == 2
            && tail == Tail::Nothing
            && like >= 4
            && has_common_surname(name);
        if (score > 0 || name_like || is_also_word)
            && let Some(slot) = best.get_mut(number)
        {
            *slot = Some(Candidate {
                length: length as u8,
                tail,
                likeness: like,
                name_like,
                is_also_word,
                score,
            });
            number += 1;
        }
    }
    best.sort_by_key(|candidate| std::cmp::Reverse(candidate.map_or(i8::MIN, |c| c.score)));
    best
}

fn tail_of(name: &str, rest: &str) -> Option<Tail> {
    if rest.is_empty() {
        return Some(Tail::Nothing);
    }
    if may_follow(name, rest) {
        return Some(Tail::Particle);
    }
    (tables().is_title(rest) || title_with_particle(rest, 1)).then_some(Tail::Title)
}

/// Syllables that follow nouns: particles, suffixes, endings of 하다.
const WORD_ENDS: [char; 44] = [
    '의', '서', '해', '한', '하', '로', '도', '만', '을', '를', '은', '는', '이', '가', '에', '과', '와',
    '적', '들', '고', '여', '라', '다', '나', '며', '란', '된', '될', '할', '권', '성', '형', '식', '용',
    '선', '률', '력', '량', '비', '문', '기', '화', '장', '인',
];

fn is_noun(word: &str, segmenter: &Segmenter) -> bool {
    segmenter.senses_of(word).any(|sense| {
        matches!(sense, Sense::CommonNoun | Sense::Root | Sense::Adverb | Sense::Number | Sense::Place)
    })
}

/// Whether a name of a place with a surname of most people in front is in no table of ours.
fn is_rare_place(name: &str) -> bool {
    has_common_surname(name) && tables().name(name).is_none() && !tables().is_doubtful_place(name)
}

/// How much speaks for `name`, the first `syllables` syllables of a word, being a name; `like` is its [`likeness`].
fn score(name: &str, like: u8, syllables: usize, rest: &str, pieces: &[Piece], segmenter: &Segmenter) -> i8 {
    // `김모 씨` has no name.
    let is_withheld = name.ends_with(['모', '씨']) && syllables == 2
        || syllables == 3 && name.chars().nth(1) == Some('모') && name.ends_with(['씨', '양', '군']);
    if tables().is_not_a_name(name) || is_withheld {
        return i8::MIN;
    }
    let mut score = like as i8;
    if score == 0 {
        return i8::MIN;
    }
    let (mut person, mut other) = (false, false);
    for sense in segmenter.senses_of(name) {
        match sense {
            Sense::Person => person = true,
            Sense::Unknown | Sense::ProperNoun => {}
            // The dictionary has hamlets that nobody writes about: `김산` is a person.
            Sense::Place if syllables == 2 && is_rare_place(name) => {}
            _ => other = true,
        }
    }
    if person {
        score += if syllables > 2 { 5 } else { 3 };
    }
    if other && !tables().is_doubtful_person(name) {
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
            // The dictionary has particles that papers do not write: 완.
            let second_text = pieces.get(1).map_or(0, |piece| piece.end - piece.start);
            let particle = second_text > name.len() - end || name.get(end..).is_some_and(are_particles);
            score -= match second {
                Some(Sense::Particle) if !particle => 0,
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
    // `남궁솔이` is 남궁솔 with a particle.
    if syllables == 4 && name.ends_with(['이', '은', '가', '는']) {
        score -= 3;
    }
    score - i8::from(syllables == 2)
}
