//! A generation that follows the journal.

use std::path::Path;
use std::sync::Arc;

use crate::index::{Generation, IndexError, LiveIndex};
use crate::ingest::Cleaner;
use crate::journal::Reader;
use crate::journal::pushed;
use crate::korean::Korean;
use crate::suggest::Suggestions;

/// Entries that are applied between two commits, at most: what is read over and over until the next reindex is in no
/// search before its commit.
const MOST: usize = 5_000;

/// The one writer of a generation, and its place in the journal.
pub(in crate::service) struct Follower {
    index: LiveIndex,
    reader: Reader,
}

impl Follower {
    /// Follows the journal in `dir` from where `generation` stands. `generation` is its last commit, `suggestions` what it offers
    /// with all that arrived since the build, and `korean` what its articles are cut by.
    ///
    /// # Errors
    /// [`IndexError`] if the journal cannot be read or the generation not be written to.
    pub(in crate::service) fn open(
        generation: Arc<Generation>,
        suggestions: Suggestions,
        korean: &Korean,
        dir: &Path,
    ) -> Result<Self, IndexError> {
        let reader = Reader::new(dir, generation.info().sequence);
        Ok(Self { index: LiveIndex::open(generation, suggestions, korean)?, reader })
    }

    /// The generation as of the last commit.
    pub(in crate::service) fn generation(&self) -> &Arc<Generation> {
        self.index.generation()
    }

    /// Applies entries up to `up_to`, a few thousand at most, and commits. Gives the generation as it is now.
    ///
    /// # Errors
    /// [`IndexError`]; this follower is then of no more use, the last commit stays.
    pub(in crate::service) fn follow(
        &mut self,
        up_to: u64,
        cleaner: &Cleaner,
    ) -> Result<Arc<Generation>, IndexError> {
        for _ in 0..MOST {
            let Some(entry) = self.reader.next_entry(up_to)? else {
                // What is missing up to there was damaged, or replaced by what came later.
                self.index.skip_to(up_to);
                break;
            };
            match pushed::article(&entry, cleaner) {
                Ok(article) => self.index.apply(entry.sequence, &entry.id, article.as_ref())?,
                Err(refused) => {
                    tracing::error!(sequence = entry.sequence, id = %entry.id, refused = %refused.refusal, "a pushed article is none any more");
                    self.index.skip_to(entry.sequence);
                }
            }
        }
        if self.index.is_pending() { self.index.commit() } else { Ok(Arc::clone(self.index.generation())) }
    }
}
