//! A generation that follows the journal.

use std::path::PathBuf;
use std::sync::Arc;

use super::replaced::ReplacedTexts;
use crate::article::ArticleId;
use crate::index::{BuildReport, ChangedSources, Generation, IndexError, LiveIndex, Progress, Taken};
use crate::ingest::Cleaner;
use crate::journal::pushed;
use crate::journal::{EarlierTexts, JournalError, Missing, Reader};
use crate::korean::Language;
use crate::suggest::Suggestions;

/// Entries applied between two commits, at most: nothing that was applied is found before its commit, and after a long
/// break there may be very many.
const MAX_ENTRIES_PER_COMMIT: usize = 5_000;

/// The one writer of a generation, and its place in the journal.
pub(in crate::service) struct Follower {
    index: LiveIndex,
    reader: Reader,
    journal: FollowedJournal,
    replaced: Option<ReplacedTexts>,
}

/// The journal that a generation follows.
#[derive(Debug, Clone)]
pub(in crate::service) struct FollowedJournal {
    /// Its folder.
    pub(in crate::service) dir: PathBuf,
    /// Entries up to this one were there, or were reported as damaged or missing, when the journal was opened. Of later ones
    /// none may be passed over in silence: this process has acknowledged them.
    pub(in crate::service) known: u64,
    /// Where texts go that a push replaces; none where the folder cannot be written to.
    pub(in crate::service) earlier: Option<Arc<EarlierTexts>>,
}

impl Follower {
    /// Follows `journal` from the last entry that `generation`, at its last commit, holds. `suggestions` are the
    /// generation's with those of all articles pushed since it was built; its articles are analysed in `language`.
    ///
    /// # Errors
    /// [`IndexError`] if the journal cannot be read or the generation cannot be written to.
    pub(in crate::service) fn open(
        generation: Arc<Generation>,
        suggestions: Suggestions,
        language: &Language,
        journal: FollowedJournal,
    ) -> Result<Self, IndexError> {
        let reader = Reader::new(&journal.dir, generation.info().sequence);
        let replaced = journal.earlier.clone().map(ReplacedTexts::new);
        Ok(Self { index: LiveIndex::open(generation, suggestions, language)?, reader, journal, replaced })
    }

    /// The generation as of the last commit.
    pub(in crate::service) fn generation(&self) -> &Arc<Generation> {
        self.index.generation()
    }

    /// Applies entries up to `up_to`, a few thousand at most, and commits. Gives the generation as it is now.
    ///
    /// # Errors
    /// [`IndexError`]; then this follower must be dropped. The last commit stays.
    pub(in crate::service) fn follow(
        &mut self,
        up_to: u64,
        cleaner: &Cleaner,
    ) -> Result<Arc<Generation>, IndexError> {
        for _ in 0..MAX_ENTRIES_PER_COMMIT {
            let entry = self.reader.next_entry(up_to)?;
            self.refuse_losses()?;
            let Some(entry) = entry else {
                // Entries missing up to there are damaged, or a compaction left only a later one of the same article.
                self.index.skip_to(up_to);
                break;
            };
            match pushed::article(&entry, cleaner) {
                Ok(article) => {
                    if let Some(replaced) = &mut self.replaced {
                        replaced.note(&entry, article.as_ref(), &self.index)?;
                    }
                    self.index.apply(entry.sequence, &entry.id, article.as_ref())?;
                }
                Err(refused) => {
                    tracing::error!(sequence = entry.sequence, id = %entry.id, refused = %refused.refusal, "a stored push is no longer a valid article; it is left out of the index");
                    self.index.skip_to(entry.sequence);
                }
            }
            if self.replaced.as_ref().is_some_and(ReplacedTexts::is_full) {
                break;
            }
        }
        if let Some(replaced) = &mut self.replaced {
            replaced.record()?;
        }
        if self.index.is_pending() { self.index.commit() } else { Ok(Arc::clone(self.index.generation())) }
    }

    /// [`LiveIndex::take_changed`].
    ///
    /// # Errors
    /// [`IndexError`]; then this follower must be dropped. The last commit stays.
    pub(in crate::service) fn take_changed(
        &mut self,
        sources: &ChangedSources<'_>,
        cleaner: &Cleaner,
        progress: &Progress,
    ) -> Result<Taken, IndexError> {
        self.index.take_changed(sources, cleaner, progress)
    }

    /// [`LiveIndex::commit_changed`].
    ///
    /// # Errors
    /// [`IndexError`]; then this follower must be dropped. The last commit stays.
    pub(in crate::service) fn commit_changed(
        &mut self,
        taken: Taken,
    ) -> Result<(Arc<Generation>, BuildReport), IndexError> {
        self.index.commit_changed(taken)
    }

    /// What the last commit removed.
    pub(in crate::service) fn removed(&self) -> impl Iterator<Item = ArticleId> {
        self.index.removed().iter().filter_map(|id| ArticleId::new(id).ok())
    }

    /// Stops at entries that were acknowledged and are gone: once their file is back, they are read.
    fn refuse_losses(&self) -> Result<(), JournalError> {
        let gaps = &self.index.generation().info().journal_gaps;
        let known =
            |lost: &Missing| lost.last <= self.journal.known || gaps.iter().any(|gap| lost.is_within(gap));
        match self.reader.lost().iter().find(|lost| !known(lost)) {
            Some(missing) => Err(JournalError::Lost { path: self.journal.dir.clone(), missing: *missing }),
            None => Ok(()),
        }
    }
}
