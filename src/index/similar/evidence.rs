//! What two texts show of each other, and how sure that makes one that readers would call them the same text.
//!
//! No single figure tells a text that was printed again from one that was written anew after the same release: both share
//! half of their words. Taken together a few do, in a logistic regression. What tells most is how the text that is not shared
//! differs: a copy-editor leaves many small traces (a particle, a verb of saying, the way a number is written), somebody who
//! writes anew replaces whole clauses.

use super::alignment::{Passage, Stretch};
use super::pair::Pair;
use super::text::Text;

/// A stretch that differs by no more characters on either side is a small edit.
const EDIT: usize = 8;

/// Characters of a lead: two sentences, roughly.
const LEAD: usize = 100;

/// Hours beyond which it makes no difference how far apart two articles are.
const LONGEST_APART: f32 = 720.0;

/// What stands for the share of numbers in a text without any.
const NO_NUMBERS: f32 = 0.9;

/// The name and the weight of each measure, learned by `cargo xtask weights` from the pairs of
/// `benches/similar/learned-on.tsv`, and [`BIAS`] with them.
pub(crate) const WEIGHTS: [(&str, f32); 8] = [
    ("shared", 14.38),
    ("edits", 0.75),
    ("scattered", -1.37),
    ("titles", 1.48),
    ("told", 1.82),
    ("apart", -0.23),
    ("numbers", 0.72),
    ("lead", 1.7),
];

/// The weighed sum of a pair whose measures are all 0.
const BIAS: f32 = -10.95;

/// What a pair of texts shows. Shares are from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evidence {
    /// The share of the shorter text's shingles that the longer one has, wherever.
    pub(super) shared: f32,
    /// Small edits in a hundred characters of the shorter text.
    pub(super) edits: f32,
    /// Over how much of the longer text the passages of the shorter one are scattered: the logarithm of 1 and of how many
    /// times as long as the shorter text that is.
    pub(super) scattered: f32,
    /// The share of the shorter title's pairs of characters that the other title has.
    pub(super) titles: f32,
    /// The share of a title that is told in the other's text; the lower one of both.
    pub(super) told: f32,
    /// The square root of the hours between two articles of one outlet, which seldom prints a text twice and often takes
    /// paragraphs of yesterday's into today's; 0 for those of two.
    pub(super) apart: f32,
    /// The share of the shorter text's different numbers that the longer one has.
    pub(super) numbers: f32,
    /// The share of the later text's lead that stands in the earlier one: what is new is told first.
    pub(super) lead: f32,
}

impl Evidence {
    /// What a pair shows.
    pub(super) fn of(pair: &Pair<'_>) -> Self {
        let shorter_length = pair.shorter.length.max(1) as f32;
        let small = |stretch: &&Stretch| stretch.lengths().0.max(stretch.lengths().1) <= EDIT;
        let ends = pair.passages.first().zip(pair.passages.last());
        let span = ends.map_or(0, |(first, last)| (last.other + last.length).saturating_sub(first.other));
        Self {
            shared: pair.contained,
            edits: pair.between().iter().filter(small).count() as f32 * 100.0 / shorter_length,
            scattered: (span as f32 / shorter_length).ln_1p(),
            titles: pair.title_share(),
            told: pair.titles_told(),
            apart: hours_apart(pair.shorter, pair.longer).map_or(0.0, f32::sqrt),
            numbers: pair.shorter.share_of_numbers(pair.longer).unwrap_or(NO_NUMBERS),
            lead: lead(pair),
        }
    }

    /// The measures in the order of [`WEIGHTS`].
    pub(crate) fn values(&self) -> [f32; WEIGHTS.len()] {
        let Self { shared, edits, scattered, titles, told, apart, numbers, lead } = *self;
        [shared, edits, scattered, titles, told, apart, numbers, lead]
    }

    /// How likely readers call the texts the same, from 0 to 1.
    pub(crate) fn likelihood(&self) -> f32 {
        let weighed = self.values().into_iter().zip(WEIGHTS).map(|(value, (_, weight))| value * weight);
        1.0 / (1.0 + (-BIAS - weighed.sum::<f32>()).exp())
    }
}

/// The hours between two articles of one outlet; `None` for those of two, and where something is not known.
fn hours_apart(one: &Text, other: &Text) -> Option<f32> {
    let same_outlet = one.outlet.is_some() && one.outlet == other.outlet;
    let (first, second) = one.published.zip(other.published)?;
    same_outlet.then(|| (first.abs_diff(second) as f32 / 3600.0).min(LONGEST_APART))
}

/// The share of the later article's lead in passages; the lower one of both where it is not known which is later.
fn lead(pair: &Pair<'_>) -> f32 {
    let (shorter, longer) = (pair.shorter, pair.longer);
    let share = |length: usize, begins: fn(&Passage) -> usize| {
        let end = LEAD.min(length);
        let inside = |passage: &Passage| {
            let from = begins(passage).min(end);
            (begins(passage) + passage.length).min(end) - from
        };
        pair.passages.iter().map(inside).sum::<usize>() as f32 / end.max(1) as f32
    };
    let shorter_lead = share(shorter.length, |passage| passage.one);
    let longer_lead = share(longer.length, |passage| passage.other);
    match shorter.published.zip(longer.published).map(|(one, other)| one.cmp(&other)) {
        Some(std::cmp::Ordering::Greater) => shorter_lead,
        Some(std::cmp::Ordering::Less) => longer_lead,
        _ => shorter_lead.min(longer_lead),
    }
}
