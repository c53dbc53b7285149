//! What the order of hits by relevance is made of: the options, and the formulas that every archive shares.
//!
//! The base score sums what words are worth wherever they stand; the best get a second look at where ([`Look`]), whose weights are
//! learned for queries of any length, not set by hand.

mod look;
mod nearness;

pub use look::{Look, Seen, WordPlaces};
pub use nearness::{MorphemePlaces, Nearness, focus};

use serde::{Deserialize, Serialize};

use crate::article::Timestamp;

/// What the order of hits by relevance is made of. All are query-side: a change needs no reindex.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RankingOptions {
    /// BM25 k1: how much more a word counts that occurs more often.
    pub k1: f32,
    /// BM25 b: how much long articles are held back, 0 to 1.
    pub b: f32,
    /// Weight of the bigram lane, where the morpheme lane has 1.
    pub bigrams: f32,
    /// Weight of morphemes written together as one (`30일`), where each morpheme has 1.
    pub runs: f32,
    /// Weight of a word that is found only as a synonym, hanja or other variant.
    pub variants: f32,
    /// Bonus for a word in the title, before the second look.
    pub title: f32,
    /// Bonus for a word that is found literally as typed, in queries of up to four words.
    pub literal: f32,
    /// How many of the best articles get a second look at where the words stand ([`Look`]).
    pub depth: usize,
    /// How much of the score depends on recency in a query of common words, 0 to 1, and the less the rarer they are; 0 turns it
    /// off.
    pub recency_weight: f32,
    /// Days in which that part halves.
    pub recency_half_life_days: f64,
}

impl Default for RankingOptions {
    fn default() -> Self {
        Self {
            k1: 0.4,
            b: 0.5,
            bigrams: 0.5,
            runs: 0.8,
            variants: 0.9,
            title: 0.4,
            literal: 0.3,
            depth: 200,
            recency_weight: 0.15,
            recency_half_life_days: 365.0,
        }
    }
}

/// Mean rarity of a query's words up to which recency has its whole weight: whoever asks for a common word wants the latest.
const COMMON: f32 = 4.0;
/// Mean rarity from which on recency has none: a rare name is asked for whenever it was in the paper.
const RARE: f32 = 8.0;

impl RankingOptions {
    /// How recent an article is that was published then, in seconds since 1970: 1 at `now`, and 0 without a date.
    pub fn freshness(&self, now: Timestamp, published: Option<i64>) -> f32 {
        let Some(published) = published else { return 0.0 };
        let days = (now.seconds() - published).max(0) as f64 / 86_400.0;
        0.5_f64.powf(days / self.recency_half_life_days.max(0.01)) as f32
    }

    /// The factor for an article that is so fresh, in a query whose words have this mean rarity: between 1 − weight and 1.
    pub fn recency(&self, freshness: f32, rarity: f32) -> f32 {
        let weight = self.recency_weight * ((RARE - rarity) / (RARE - COMMON)).clamp(0.0, 1.0);
        1.0 - weight + weight * freshness
    }
}

/// Inverse document frequency as Lucene and tantivy have it, of a term that `held` of `articles` hold: never negative.
pub fn idf(articles: u64, held: u64) -> f32 {
    let (articles, held) = (articles as f32, held as f32);
    (1.0 + (articles - held + 0.5) / (held + 0.5)).ln()
}

/// BM25's gain (Robertson & Zaragoza 2009) of a term that occurs `frequency` times in a text whose length gives `norm`:
/// k1 · (1 − b + b · length / average length).
#[inline]
pub fn gain(weight: f32, frequency: u32, k1: f32, norm: f32) -> f32 {
    let frequency = frequency as f32;
    weight * frequency * (k1 + 1.0) / (frequency + norm)
}
