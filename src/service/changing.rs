//! A changed run: files that are new, have changed or are gone are read into the generation that serves.
//!
//! It is the writer's turn all the while: what is pushed meanwhile is durable and acknowledged, and searchable after it. What the run
//! would remove is compared first with what there was since the last full reindex (`guard`): past that nothing is removed or
//! replaced, and new files are read all the same.

use std::path::PathBuf;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::guard::{Withheld, check_changed};
use super::{Service, ServiceError};
use crate::index::space::DiskSpace;
use crate::index::{BuildReport, ChangedCounts, ChangedSources, Generation, IndexError, Left, Progress};
use crate::ingest::{Cleaner, FileList, list_files};
use crate::journal::pushed::JournalView;

/// How a changed run is done.
#[derive(Debug, Clone, Default)]
pub struct ChangedOptions {
    /// Whether much of the archive may go.
    pub force: bool,
    /// Files that are left for another time, relative to the articles folder: they are still being written.
    pub unsettled: FxHashSet<PathBuf>,
}

/// What a changed run has done.
#[derive(Debug)]
pub struct ChangedReport {
    /// What became of the files that were read.
    pub report: BuildReport,
    /// Files and articles in figures.
    pub counts: ChangedCounts,
    /// Why nothing was removed or replaced, if the run would have lost much of the archive.
    pub withheld: Option<Withheld>,
}

impl ChangedReport {
    /// The figures in words.
    #[must_use]
    pub fn summary(&self) -> String {
        let ChangedCounts { new, changed, gone, removed, .. } = self.counts;
        format!("{new} new, {changed} changed and {gone} gone files; {removed} articles removed")
    }
}

impl Service {
    /// Reads the files that are new, have changed or are gone since the generation in service read them, on this thread.
    ///
    /// # Errors
    /// [`ServiceError`]; what served before still does. [`ServiceError::Withheld`] only where the articles folder is gone: what
    /// else the guard holds back is in the report.
    pub fn reindex_changed(
        &self,
        options: &ChangedOptions,
        progress: &Progress,
    ) -> Result<ChangedReport, ServiceError> {
        let list = self.listed()?;
        let mut writer = self.served.writer_turn();
        let serving = self.built().ok_or(ServiceError::NothingToChange)?;
        let generation = serving.generation().ok_or(ServiceError::NothingToChange)?;
        let cleaner = Cleaner::new(Arc::clone(self.language().outlets()));
        // Taken out, so that whatever fails drops what was not committed.
        let fits = |name: &str| name == generation.name();
        let mut follower = match writer.follower.take().filter(|open| fits(open.generation().name())) {
            Some(follower) => follower,
            None => self.new_follower(generation, &serving)?,
        };
        // What was pushed before is seen first: it wins over files.
        let up_to = self.end_of_journal()?;
        while follower.generation().info().sequence < up_to {
            if progress.is_cancelled() {
                return Err(IndexError::Cancelled.into());
            }
            follower.follow(up_to, &cleaner)?;
        }
        let journal = JournalView { dir: self.journal_dir(), up_to: follower.generation().info().sequence };
        let space = || DiskSpace::of(self.folder.root(), self.config.index.keep_free_bytes);
        let left = Left { all_but_new: false, unsettled: Some(&options.unsettled) };
        let numbers = |count| self.reserve_numbers(count);
        let mut sources = ChangedSources { list: &list, left, journal, space: space(), numbers: &numbers };
        let mut taken = follower.take_changed(&sources, &cleaner, progress)?;
        let mut withheld = None;
        if options.force {
            taken.accept_losses();
        } else if let Err(held) = check_changed(&taken.counts(), self.config.index.max_shrink_percent) {
            tracing::error!(%held, "files that are gone or have changed would take too many articles with them");
            withheld = Some(held);
            drop(follower);
            follower = self.new_follower(generation, &serving)?;
            sources.left.all_but_new = true;
            progress.begin_again();
            taken = follower.take_changed(&sources, &cleaner, progress)?;
        }
        // The last moment to cancel.
        if progress.is_cancelled() {
            return Err(IndexError::Cancelled.into());
        }
        let counts = taken.counts();
        let (committed, report) = follower.commit_changed(taken)?;
        if let Some(side) = &self.cluster {
            side.progress.removed(follower.removed());
        }
        let sequence = committed.info().sequence;
        self.show(committed, &serving, &writer);
        *writer.follower = Some(follower);
        drop(writer);
        if let Some(writes) = self.writes.load().as_ref() {
            writes.progress.set_searchable(sequence);
        }
        self.set_withheld(withheld.as_ref().map(ToString::to_string));
        Ok(ChangedReport { report, counts, withheld })
    }

    /// The files of the articles folder.
    pub(super) fn listed(&self) -> Result<FileList, ServiceError> {
        let error = match list_files(&self.config.articles_dir(), &self.config.ingest.rules) {
            Ok(list) => return Ok(list),
            Err(error) => error,
        };
        let serving = self.built();
        let generation = serving.as_ref().and_then(|serving| serving.generation());
        match generation.map(|generation| generation.articles_of_files()).transpose()? {
            Some(serving) if serving > 0 => {
                let withheld = Withheld::FolderGone { serving, reason: error.to_string() };
                self.set_withheld(Some(withheld.to_string()));
                Err(withheld.into())
            }
            _ => Err(IndexError::from(error).into()),
        }
    }

    /// Why the last changed run removed and replaced nothing; none if it did what it found.
    pub fn withheld(&self) -> Option<String> {
        self.withheld.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// Notes why a changed run removed nothing; none if there is no reason any more.
    pub(super) fn set_withheld(&self, withheld: Option<String>) {
        *self.withheld.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = withheld;
    }

    /// Since when articles of the generation in service came from changed files, RFC 3339; none if all of them are of one build.
    pub fn changed_since(&self) -> Option<String> {
        let serving = self.built()?;
        serving.generation().map(Arc::as_ref).map(Generation::info)?.changed_since.clone()
    }
}
