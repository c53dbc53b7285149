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

use super::nearness::Nearness;

/// Kept characters at the beginning of a body that are its lead: about 250 characters with blanks and punctuation.
const LEAD: u32 = 190;
/// Kept characters within which words are taken to be in one sentence: sentences of Korean news are 50 to 60 long.
const SENTENCE: u32 = 60;
/// Occurrences after which more of them say nothing more.
const SATURATED: usize = 3;
/// What it is worth that a query's only word stands there as typed: a name is asked for by that name, and what lexicons have for it comes
/// after it. Chosen so that each of 681 names finds all its articles among the first hundred hits (docs/MEASURED.md).
const ALONE_AS_TYPED: f32 = 3.0;
/// A query of so many words is weighed as one of few, and from [`MANY_WORDS`] on as one of many; in between, as a mixture.
const FEW_WORDS: f32 = 3.0;
/// See [`FEW_WORDS`].
const MANY_WORDS: f32 = 8.0;

/// A word of the query and where an article holds it.
#[derive(Debug, Clone, Default)]
pub struct WordPlaces {
    /// What the word weighs: its rarity.
    pub weight: f32,
    /// Where it begins, ascending, in positions of the article.
    pub places: Vec<u32>,
    /// Whether it stands there as typed, and not only as what a lexicon has for it.
    pub as_typed: bool,
}

/// An article as the second look sees it.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// The words of the query.
    pub words: &'a [WordPlaces],
    /// How close they come.
    pub nearness: Nearness,
    /// Position of the first character of the body.
    pub body_start: u32,
    /// Share of the title's kept characters that are morphemes of the query, 0 to 1.
    pub focus: f32,
}

/// What is seen of an article, each a share of 0 to 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, ToSchema)]
pub struct Look {
    /// Words that it holds.
    pub held: f32,
    /// Words that stand there as typed, and not only as what a lexicon has for them.
    pub typed: f32,
    /// Words in the title.
    pub title: f32,
    /// Words in the first 250 characters of the body or so.
    pub lead: f32,
    /// Words in the sentence of the body that holds most of them.
    pub sentence: f32,
    /// How often words occur, up to three times.
    pub often: f32,
    /// Neighbouring words that are next to each other.
    pub adjacent: f32,
    /// Neighbouring words that are within a few words of each other.
    pub near: f32,
    /// How much of the title is what was asked for.
    pub focus: f32,
}

impl Look {
    /// What each value is worth in a query of few words, as a share of the weight of its words.
    const FEW: Self = Self {
        held: 0.00,
        typed: 0.00,
        title: 0.00,
        lead: 0.91,
        sentence: 0.97,
        often: 0.32,
        adjacent: 0.27,
        near: 0.00,
        focus: 2.01,
    };

    /// The same in a query of many words.
    const MANY: Self = Self {
        held: 0.80,
        typed: 0.01,
        title: 0.00,
        lead: 0.06,
        sentence: 0.02,
        often: 0.00,
        adjacent: 0.40,
        near: 0.00,
        focus: 0.00,
    };

    /// Looks at an article.
    pub fn new(seen: &Seen<'_>) -> Self {
        let Seen { words, nearness, body_start, focus } = *seen;
        let is = |holds: bool| f32::from(u8::from(holds));
        let of_pairs = |weight: f32| if nearness.pairs > 0.0 { weight / nearness.pairs } else { 0.0 };
        let in_lead = |word: &WordPlaces| {
            let body = word.places.partition_point(|place| *place < body_start);
            word.places.get(body).is_some_and(|place| *place < body_start.saturating_add(LEAD))
        };
        Self {
            held: share(words, |word| is(!word.places.is_empty())),
            typed: share(words, |word| is(word.as_typed)),
            title: share(words, |word| is(word.places.first().is_some_and(|place| *place < body_start))),
            lead: share(words, |word| is(in_lead(word))),
            sentence: best_sentence(words, body_start),
            often: share(words, |word| word.places.len().min(SATURATED) as f32 / SATURATED as f32),
            adjacent: of_pairs(nearness.adjacent),
            near: of_pairs(nearness.near),
            focus,
        }
    }

    /// What it is worth, as a share of the weight of the query's words, of which there are so many.
    pub fn worth(&self, words: usize) -> f32 {
        let many = ((words as f32 - FEW_WORDS) / (MANY_WORDS - FEW_WORDS)).clamp(0.0, 1.0);
        let alone = if words == 1 { self.typed * ALONE_AS_TYPED } else { 0.0 };
        alone + self.weighed(&Self::FEW) * (1.0 - many) + self.weighed(&Self::MANY) * many
    }

    fn weighed(&self, by: &Self) -> f32 {
        self.held * by.held
            + self.typed * by.typed
            + self.title * by.title
            + self.lead * by.lead
            + self.sentence * by.sentence
            + self.often * by.often
            + self.adjacent * by.adjacent
            + self.near * by.near
            + self.focus * by.focus
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn word(weight: f32, places: &[u32]) -> WordPlaces {
        WordPlaces { weight, places: places.to_vec(), as_typed: !places.is_empty() }
    }

    fn look(words: &[WordPlaces]) -> Look {
        Look::new(&Seen { words, nearness: Nearness::default(), body_start: 100, focus: 0.0 })
    }

    #[test]
    fn shares_are_of_the_weight_of_the_words() {
        let seen = look(&[word(6.0, &[3, 110, 600]), word(2.0, &[1000]), word(2.0, &[])]);
        assert_eq!((seen.held, seen.title, seen.lead), (0.8, 0.6, 0.6));
        assert_eq!(seen.sentence, 0.6);
        assert!((seen.often - (0.6 + 0.2 / 3.0)).abs() < 1e-6, "{seen:?}");
    }

    #[test]
    fn the_title_is_no_sentence_and_the_best_sentence_counts() {
        let scattered = look(&[word(1.0, &[0, 100, 300]), word(1.0, &[1, 200, 500])]);
        assert_eq!(scattered.sentence, 0.5);
        let together = look(&[word(1.0, &[100, 300]), word(1.0, &[200, 355])]);
        assert_eq!(together.sentence, 1.0);
    }

    #[test]
    fn nothing_asked_is_worth_nothing() {
        assert_eq!(look(&[]), Look::default());
        assert_eq!(Look::default().worth(3), 0.0);
    }

    proptest! {
        #[test]
        fn every_value_is_a_share_and_more_is_never_worth_less(
            words in prop::collection::vec((1.0_f32..12.0, prop::collection::vec(0_u32..2000, 0..20)), 0..8),
            count in 0_usize..20,
        ) {
            let mut words: Vec<WordPlaces> = words.into_iter().map(|(weight, places)| word(weight, &places)).collect();
            for word in &mut words {
                word.places.sort_unstable();
            }
            let seen = look(&words);
            let Look { held, typed, title, lead, sentence, often, adjacent, near, focus } = seen;
            for value in [held, typed, title, lead, sentence, often, adjacent, near, focus] {
                prop_assert!((0.0..=1.0001).contains(&value), "{seen:?}");
            }
            let more = Look { lead: 1.0, sentence: 1.0, held: 1.0, ..seen };
            prop_assert!(more.worth(count) + 1e-5 >= seen.worth(count));
        }
    }
}
