//! A restore while the server runs: the backup is copied and indexed aside, and takes the place of what serves in one step.
//!
//! An index of the copy is built first. Then the journal is stopped, the renames are written down and carried out, the new journal and
//! generation are opened, and one pointer replaces what serves. Searches that run keep the files that they have mapped. Before the note of
//! the renames nothing has changed, after it everything will have: the next start finishes what is written down. The test
//! `restore_while_serving` lets it fail and die on the way.

use std::path::Path;
use std::sync::Arc;

use super::backup::{RestoreReport, Staged};
use super::jobs::Done;
use super::{Service, ServiceError, Serving, lexicon, open_writes};
use crate::index::{BuildReport, Generation, IndexError, Progress, Sources};
use crate::ingest::Totals;
use crate::journal::pushed::JournalView;
use crate::korean::Language;

impl Service {
    /// Puts the backup in the folder `from` in place of articles, pushed articles and lexicon, and its index into service.
    /// Until then everything continues as before; articles that are pushed meanwhile stay, like all others, in the former
    /// data. During the change itself, for some milliseconds, no articles are accepted.
    ///
    /// # Errors
    /// [`ServiceError`]. Nothing has changed, unless renaming failed halfway: then the next start finishes it, and
    /// [`Service::damage`] says so.
    pub(super) fn restore(self: &Arc<Self>, from: &Path, progress: &Progress) -> Result<Done, ServiceError> {
        let mut staged = Staged::prepare(from, &self.config)?;
        let indexed = self.index_of(&mut staged, progress);
        let (language, report) = indexed.inspect_err(|_| staged.discard(&self.config))?;
        // The last moment to cancel: from the commit on, the restore will be finished, by the next start if need be.
        if progress.is_cancelled() {
            staged.discard(&self.config);
            return Err(IndexError::Cancelled.into());
        }
        staged.commit(&self.config)?;
        let restored = self.switch(staged, language, &report.generation).inspect_err(|error| {
            self.set_damage(Some(format!(
                "a restore could not be finished: {error}; restart gisa to finish it"
            )));
        })?;
        // What was restored serves here. Where the cluster does not take it, that is said, and tried again.
        let error = self.fill_once(true, progress).err().map(|error| error.to_string());
        Ok(Done { report, notes: restored.notes(), error })
    }

    /// Gets an index of the copied articles: the backup's own if it can be used, else a new one. With the language that
    /// asks it.
    fn index_of(
        &self,
        staged: &mut Staged,
        progress: &Progress,
    ) -> Result<(Language, BuildReport), ServiceError> {
        let (language, warnings) = lexicon::load(&self.config, staged.lexicon_dir(&self.config).as_deref())?;
        lexicon::log(&warnings);
        if let Some(name) = staged.generation() {
            match Generation::open(&self.folder, &name.hidden) {
                Ok(generation) => {
                    let report = BuildReport {
                        generation: name.own,
                        articles: generation.articles(),
                        replaced: 0,
                        names_left_out: 0,
                        refused: 0,
                        refusals: Vec::new(),
                        files: Vec::new(),
                        files_more: None,
                        totals: Totals::default(),
                        bytes: staged.manifest().bytes(),
                        seconds: 0.0,
                    };
                    return Ok((language, report));
                }
                Err(error) => {
                    tracing::warn!(%error, "the backup's index cannot be used; building a new one");
                    staged.discard_generation(&self.config);
                }
            }
        }
        let journal = JournalView {
            dir: staged.journal_dir(&self.config),
            up_to: staged.manifest().journal_last_sequence,
        };
        let rules = self.config.ingest.rules.clone();
        let sources = Sources { articles_dir: staged.articles_dir(&self.config), journal, rules };
        let (report, _) = self.build(&sources, &language, self.threads_in_a_server(), progress)?;
        staged.set_generation(&report.generation);
        Ok((language, report))
    }

    /// Replaces the data by the staged copy, and puts `generation`, its index, into service. The journal is closed
    /// meanwhile: its files are about to be renamed.
    fn switch(
        self: &Arc<Self>,
        staged: Staged,
        language: Language,
        generation: &str,
    ) -> Result<RestoreReport, ServiceError> {
        self.stop_writing();
        let mut writer = self.served.writer_turn();
        *writer.follower = None;
        // Until the restored articles serve: a delivery in between would count in their journal with a number of the former one.
        let restored = self.saved.while_replaced(|| -> Result<RestoreReport, ServiceError> {
            let restored = staged.carry_out(&self.config)?;
            let generation = Arc::new(Generation::open(&self.folder, generation)?);
            let writes = open_writes(&self.config, Some(&generation))?;
            if let (Some(writes), Some(side)) = (&writes, &self.cluster) {
                writes.progress.lead(&side.progress);
            }
            self.writes.store(writes.map(Arc::new));
            let change = writer.change();
            change.set_language(Arc::new(language.clone()));
            change.serve(Serving::new(generation, language));
            self.set_damage(None);
            self.set_dictionary_damage(None);
            Ok(restored)
        })?;
        // The threads that start now take the writer's turn themselves.
        drop(writer);
        self.start_writing()?;
        Ok(restored)
    }
}
