//! Where an article is in an archive, where a clause is in an article, and what an archive says of itself.

use crate::query::shape::Extent;

/// Where an article is in one archive. Means nothing to anyone else, and nothing in another edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place(u64);

impl Place {
    /// The place that an archive calls `value`.
    pub fn new(value: u64) -> Self {
        Self(value)
    }

    /// What the archive calls it.
    pub fn value(self) -> u64 {
        self.0
    }
}

/// Where a clause of a plan is found in an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// Which clause of the plan.
    pub clause: usize,
    /// Its first character, as a position: kept characters of the title, then
    /// [`TITLE_GAP`](crate::korean::analysis::TITLE_GAP) that are nowhere, then those of the body.
    pub base: u32,
    /// How far it reaches.
    pub extent: Extent,
}

/// What an archive says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About<'a> {
    /// Its name, which it keeps while articles come and go.
    pub name: &'a str,
    /// Articles that it holds.
    pub articles: u64,
    /// The journal's sequence number up to which it holds everything that was pushed.
    pub sequence: u64,
    /// When it was built, RFC 3339.
    pub built_at: &'a str,
    /// Parts that a search goes through one by one.
    pub segments: usize,
}
