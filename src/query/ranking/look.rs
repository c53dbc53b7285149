//! The second look at the best articles: what it sees of one, and what that is worth.
//!
//! BM25 sums over words wherever they stand. Whether an article is *about* what was asked for shows in where they stand: all of them, in
//! the title, in the first lines, in one sentence, next to each other. That needs positions, which are too slow to read for every match, so
//! only the best by the base score are looked at.
//!
//! Each [`Look`] is a share between 0 and 1 of the weight of the query's words, so that looks at articles of different queries
//! compare, and the weights hold for queries of any length. They are learned: `cargo xtask ranking` prints them from
//! `benches/ranking/`, with what each is worth in cross-validation (docs/MEASURED.md).

use serde::Serialize;
use utoipa::ToSchema;

/// Kept characters at the beginning of a body that are its lead: about 250 characters with blanks and punctuation.
const LEAD: u32 = 190;
/// Kept characters within which words are taken to be in one sentence: sentences of Korean news are 50 to 60 long.
const SENTENCE: u32 = 60;
/// Occurrences after which more of them say nothing more.
const SATURATED: usize = 3;

/// A word of the query and where an article holds it.
#[derive(Debug, Clone, Default)]
pub struct WordPlaces {
    /// What the word weighs: its rarity.
    pub weight: f32,
    /// Kept characters of it.
    pub length: u32,
    /// Where it begins, ascending, in positions of the article.
    pub places: Vec<u32>,
    /// Whether it is there as typed.
    pub literal: bool,
}

/// An article as the second look sees it.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// The words of the query.
    pub words: &'a [WordPlaces],
    /// Their morphemes.
    pub parts: &'a [WordPlaces],
    /// How close they come.
    pub nearness: Nearness,
    /// Position of the first character of the body.
    pub body_start: u32,
    /// Kept characters of the title.
    pub title_length: u32,
    /// Tokens of title and body.
    pub length: u32,
    /// Whether the title says that it is a picture with a caption.
    pub caption: bool,
}

/// How close two neighbouring words of the query come in an article, of all such pairs.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Nearness {
    /// Weight of the pairs that are next to each other in the title.
    pub in_title: f32,
    /// Weight of the pairs that are next to each other.
    pub adjacent: f32,
    /// Weight of the pairs that are within a few words.
    pub near: f32,
    /// Weight of all pairs.
    pub pairs: f32,
}

/// What is seen of an article, each a share of 0 to 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, ToSchema)]
pub struct Look {
    /// Words that it holds.
    pub held: f32,
    /// Words in the title.
    pub title: f32,
    /// Words in the first 250 characters of the body or so.
    pub lead: f32,
    /// Words in the sentence of the body that holds most of them.
    pub sentence: f32,
    /// How often words occur, up to three times.
    pub often: f32,
    /// Words that are there as typed.
    pub literal: f32,
    /// Neighbouring words that are next to each other.
    pub adjacent: f32,
    /// Neighbouring words that are within a few words of each other.
    pub near: f32,
    /// Whether it holds every word.
    pub whole: f32,
    /// Morphemes that it holds.
    pub parts: f32,
    /// Morphemes in the title.
    pub parts_title: f32,
    /// Morphemes in the first characters of the body.
    pub parts_lead: f32,
    /// Morphemes in the sentence that holds most of them.
    pub parts_sentence: f32,
    /// How much of the title is words of the query.
    pub focus: f32,
    /// Neighbouring words that are next to each other in the title.
    pub phrase: f32,
    /// Whether it is more than a picture with a caption.
    pub told: f32,
    /// How long it is, up to a few paragraphs.
    pub long: f32,
}

impl Look {
    /// What each value is worth in queries of up to three words, as a share of the weight of the query's words.
    const FEW: Self = Self {
        held: 0.00,
        title: 0.00,
        lead: 1.14,
        sentence: 0.77,
        often: 0.21,
        literal: 0.00,
        adjacent: 0.02,
        near: 0.00,
        whole: 0.00,
        parts: 0.00,
        parts_title: 0.00,
        parts_lead: 0.00,
        parts_sentence: 0.00,
        focus: 2.28,
        phrase: 0.05,
        told: 0.00,
        long: 0.00,
    };

    /// The same for queries of eight words or more.
    const MANY: Self = Self {
        held: 0.13,
        title: 0.20,
        lead: 0.18,
        sentence: 0.01,
        often: 0.01,
        literal: 0.00,
        adjacent: 0.90,
        near: 0.22,
        whole: 0.00,
        parts: 0.03,
        parts_title: 0.00,
        parts_lead: 0.00,
        parts_sentence: 0.00,
        focus: 0.00,
        phrase: 0.00,
        told: 0.00,
        long: 0.00,
    };

    /// Looks at an article.
    pub fn new(seen: &Seen<'_>) -> Self {
        let Seen { words, parts, nearness, body_start, .. } = *seen;
        let is = |holds: bool| f32::from(u8::from(holds));
        let of_pairs = |weight: f32| if nearness.pairs > 0.0 { weight / nearness.pairs } else { 0.0 };
        let held = |word: &WordPlaces| is(!word.places.is_empty());
        let in_title = |word: &WordPlaces| is(word.places.first().is_some_and(|place| *place < body_start));
        let in_lead = |word: &WordPlaces| {
            let body = word.places.partition_point(|place| *place < body_start);
            is(word.places.get(body).is_some_and(|place| *place < body_start + LEAD))
        };
        let in_title_long: u32 =
            parts.iter().filter(|part| in_title(part) > 0.0).map(|part| part.length).sum();
        Self {
            held: share(words, held),
            title: share(words, in_title),
            lead: share(words, in_lead),
            sentence: best_sentence(words, body_start),
            often: share(words, |word| word.places.len().min(SATURATED) as f32 / SATURATED as f32),
            literal: share(words, |word| is(word.literal)),
            adjacent: of_pairs(nearness.adjacent),
            near: of_pairs(nearness.near),
            whole: is(words.iter().all(|word| !word.places.is_empty())),
            parts: share(parts, held),
            parts_title: share(parts, in_title),
            parts_lead: share(parts, in_lead),
            parts_sentence: best_sentence(parts, body_start),
            focus: (in_title_long as f32 / seen.title_length.max(1) as f32).min(1.0),
            phrase: of_pairs(nearness.in_title),
            told: is(!seen.caption),
            long: (seen.length as f32 / 120.0).min(1.0),
        }
    }

    /// What it is worth, as a share of the weight of the query's words, in a query of so many words.
    pub fn worth(&self, words: usize) -> f32 {
        let many = ((words as f32 - 3.0) / 5.0).clamp(0.0, 1.0);
        let (few, in_many) = (self.weighed(&Self::FEW), self.weighed(&Self::MANY));
        few * (1.0 - many) + in_many * many
    }

    fn weighed(&self, by: &Self) -> f32 {
        self.values().iter().zip(by.values()).map(|(value, weight)| value * weight).sum()
    }

    fn values(&self) -> [f32; 17] {
        [
            self.held,
            self.title,
            self.lead,
            self.sentence,
            self.often,
            self.literal,
            self.adjacent,
            self.near,
            self.whole,
            self.parts,
            self.parts_title,
            self.parts_lead,
            self.parts_sentence,
            self.focus,
            self.phrase,
            self.told,
            self.long,
        ]
    }
}

/// The share of the weight of `words` for which `worth` is 1, or a part of it.
fn share(words: &[WordPlaces], worth: impl Fn(&WordPlaces) -> f32) -> f32 {
    let total: f32 = words.iter().map(|word| word.weight).sum();
    let sum: f32 = words.iter().map(|word| word.weight * worth(word)).sum();
    if total > 0.0 { sum / total } else { 0.0 }
}

/// The share of the weight of `words` that the sentence of the body holds that holds most.
fn best_sentence(words: &[WordPlaces], body_start: u32) -> f32 {
    let mut places: Vec<(u32, usize)> = Vec::new();
    for (number, word) in words.iter().enumerate() {
        let body = word.places.iter().filter(|place| **place >= body_start);
        places.extend(body.map(|place| (*place, number)));
    }
    places.sort_unstable();
    let mut held = vec![0_u32; words.len()];
    let mut oldest = places.iter().copied().peekable();
    let (mut sum, mut best) = (0.0_f32, 0.0_f32);
    let weight = |number: usize| words.get(number).map_or(0.0, |word| word.weight);
    for &(place, number) in &places {
        while let Some((_, gone)) = oldest.next_if(|(old, _)| old + SENTENCE < place) {
            if let Some(count) = held.get_mut(gone) {
                *count -= 1;
                if *count == 0 {
                    sum -= weight(gone);
                }
            }
        }
        if let Some(count) = held.get_mut(number) {
            if *count == 0 {
                sum += weight(number);
            }
            *count += 1;
        }
        best = best.max(sum);
    }
    let total: f32 = words.iter().map(|word| word.weight).sum();
    if total > 0.0 { (best / total).min(1.0) } else { 0.0 }
}
