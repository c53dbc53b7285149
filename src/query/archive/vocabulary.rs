//! What planning asks of an archive.

use std::sync::LazyLock;

use super::{ArchiveError, Deadline};
use crate::learned::LearnedNames;
use crate::query::ranking::idf;
use crate::query::shape::{Probe, Shape};

/// Tells how many articles hold a word: what decides whether `브록만` ends in a particle, and which words weigh most.
pub trait Vocabulary {
    /// Articles that hold `shape`, exactly.
    ///
    /// # Errors
    /// [`ArchiveError::Deadline`] or [`ArchiveError::Failed`].
    fn count(&self, shape: &Shape, deadline: Deadline) -> Result<u64, ArchiveError>;

    /// Whether any article holds `shape`.
    ///
    /// # Errors
    /// [`ArchiveError::Deadline`] or [`ArchiveError::Failed`].
    fn holds(&self, shape: &Shape, deadline: Deadline) -> Result<bool, ArchiveError> {
        Ok(self.count(shape, deadline)? > 0)
    }

    /// How many articles hold each of `probes`, asked for at once. Articles that were deleted a while ago may still count.
    ///
    /// # Errors
    /// [`ArchiveError::Deadline`] or [`ArchiveError::Failed`].
    fn frequencies(&self, probes: &[Probe], deadline: Deadline) -> Result<Frequencies, ArchiveError>;

    /// The names that its articles teach. None for an archive that teaches none, or shows a part of its articles only: a pair would
    /// tell what the others hold.
    fn learned(&self) -> &LearnedNames {
        static NONE: LazyLock<LearnedNames> = LazyLock::new(LearnedNames::default);
        &NONE
    }
}

/// How many articles hold each of some terms.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frequencies {
    /// Articles among which they were counted.
    pub articles: u64,
    /// How many hold each, in the order asked.
    pub held: Vec<u64>,
}

impl Frequencies {
    /// The inverse document frequency of each term: 0 where no article holds it.
    pub fn rarities(&self) -> impl Iterator<Item = f32> {
        self.held.iter().map(|held| if *held == 0 { 0.0 } else { idf(self.articles, *held) })
    }
}
