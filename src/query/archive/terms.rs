//! What the texts of some articles name more often than those of all.

use crate::entities::EntityKind;
use crate::query::request::Strictness;

/// Which terms are wanted.
#[derive(Clone, Copy)]
pub struct TermsWanted<'a> {
    /// Their kinds.
    pub kinds: &'a [EntityKind],
    /// Terms at most.
    pub size: usize,
    /// Articles that are looked at, at most: the newest of those that match; of one moment those whose ids come first, and those without
    /// a date last.
    pub most: usize,
    /// Terms that are not wanted.
    pub leave_out: &'a (dyn Fn(EntityKind, &str) -> bool + Sync),
    /// Whether to count how often each two of the terms stand in one article.
    pub pairs: bool,
}

/// The terms that stand out of the articles that match.
#[derive(Debug, Clone, PartialEq)]
pub struct Terms {
    /// The attempt that found them, or the last one.
    pub strictness: Strictness,
    /// Articles that match; of groups of near-identical ones one, where they are one hit.
    pub total: u64,
    /// Those that were looked at.
    pub examined: u64,
    /// The terms, most telling first; ties by count, kind and name.
    pub terms: Vec<Term>,
    /// Each two of them that stand in one article, if that was wanted, in the order of the terms.
    pub pairs: Vec<TermPair>,
}

/// A term that stands out.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// What it is.
    pub kind: EntityKind,
    /// The term as its column writes it.
    pub name: String,
    /// Articles among those looked at that hold it, exactly.
    pub count: u64,
    /// [`Counts::significance`](crate::query::significance::Counts::significance).
    pub score: f64,
}

impl Term {
    /// The order of an answer.
    pub fn compare(&self, other: &Self) -> std::cmp::Ordering {
        let by_score = other.score.total_cmp(&self.score).then(other.count.cmp(&self.count));
        by_score.then_with(|| (self.kind, &self.name).cmp(&(other.kind, &other.name)))
    }
}

/// Two terms in one article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TermPair {
    /// The place of the one among [`Terms::terms`].
    pub first: usize,
    /// The place of the other, a later one.
    pub second: usize,
    /// Articles among those looked at that hold both.
    pub count: u64,
}
