//! What was asked over some days, for whoever looks after the lexicon.

use super::counts::Counts;
use super::event::{Asked, Taken};

/// What was asked over some days.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Queries in all, also those that are not listed.
    pub asked: u64,
    /// How many of them no article held.
    pub in_vain: u64,
    /// How many were asked on days that were full already, and so are in no list.
    pub above: u64,
    /// How many events were lost: they could not be written, or cannot be read.
    pub lost: u64,
    /// The queries, those asked most often first.
    pub queries: Vec<Asked>,
    /// Corrections and completions that were taken, most often first.
    pub taken: Vec<Taken>,
}

impl Report {
    pub(super) fn of(counts: Counts, lost: u64) -> Self {
        let mut queries: Vec<Asked> = counts.asked.into_values().collect();
        // The map's order decides between equals.
        queries.sort_by_key(|query| std::cmp::Reverse(query.times));
        let taken = counts.taken.into_iter();
        let mut taken: Vec<Taken> =
            taken.map(|((kind, typed, chosen), times)| Taken { kind, typed, chosen, times }).collect();
        taken.sort_by_key(|taken| std::cmp::Reverse(taken.times));
        let asked: u64 = queries.iter().map(|query| query.times).sum();
        let in_vain = queries.iter().map(|query| query.in_vain).sum();
        Self { asked: asked + counts.above, in_vain, above: counts.above, lost, queries, taken }
    }
}
