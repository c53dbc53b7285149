//! A restore while the server runs: the backup is copied and indexed aside, and takes the place of what serves in one step.

use std::path::Path;
use std::sync::{Arc, PoisonError};

use super::backup::{RestoreReport, Staged};
use super::jobs::Done;
use super::{Engine, EngineError, Serving, lexicon, open_writes};
use crate::index::pushed::JournalView;
use crate::index::{BuildReport, Generation, IndexError, Progress, Sources};
use crate::korean::Language;

/// What serves once a backup has taken its place.
struct Prepared {
    staged: Staged,
    language: Language,
    report: BuildReport,
}

impl Engine {
    /// Puts the backup in the folder `from` in place of articles, pushed articles and lexicon, and an index of it into
    /// service. Until then everything goes on as it was; articles that are pushed meanwhile stay, as do all others, in what
    /// was there before. Between the old and the new, some milliseconds long, no articles are taken.
    ///
    /// # Errors
    /// [`EngineError`]. Nothing has changed, unless the error came while renaming: then the next start does the rest, and
    /// [`Engine::damage`] says so.
    pub(super) fn restore(self: &Arc<Self>, from: &Path, progress: &Progress) -> Result<Done, EngineError> {
        let staged = Staged::prepare(from, &self.config)?;
        let Prepared { staged, language, report } = self.prepare(staged, progress)?;
        if let Err(error) = staged.commit(&self.config) {
            self.folder.remove(&report.generation)?;
            return Err(error.into());
        }
        let restored = self.switch(staged, language).inspect_err(|error| {
            let damage =
                format!("a restore could not be finished: {error}; restart gisa, which does the rest");
            *self.damage.lock().unwrap_or_else(PoisonError::into_inner) = Some(damage);
        })?;
        Ok(Done { report, notes: notes(&restored) })
    }

    /// Gets an index for what was copied: the backup's own, else one that is built.
    fn prepare(&self, mut staged: Staged, progress: &Progress) -> Result<Prepared, EngineError> {
        let prepared = self.index_of(&mut staged, progress).and_then(|(language, report)| {
            if progress.is_cancelled() {
                self.folder.remove(&report.generation)?;
                return Err(IndexError::Cancelled.into());
            }
            Ok((language, report))
        });
        match prepared {
            Ok((language, report)) => Ok(Prepared { staged, language, report }),
            Err(error) => {
                staged.discard(&self.config);
                Err(error)
            }
        }
    }

    fn index_of(
        &self,
        staged: &mut Staged,
        progress: &Progress,
    ) -> Result<(Language, BuildReport), EngineError> {
        let (language, warnings) = lexicon::load(&self.config, staged.lexicon_dir(&self.config).as_deref())?;
        lexicon::log(&warnings);
        if let Some(name) = staged.generation() {
            match Generation::open(&self.folder, &name.hidden) {
                Ok(generation) => {
                    let report = BuildReport {
                        generation: name.own,
                        articles: generation.articles(),
                        replaced: 0,
                        refused: 0,
                        refusals: Vec::new(),
                        bytes: staged.manifest().bytes(),
                        seconds: 0.0,
                    };
                    return Ok((language, report));
                }
                Err(error) => {
                    tracing::warn!(%error, "the backup's index cannot be used; building one");
                    staged.discard_generation(&self.config);
                }
            }
        }
        let journal = JournalView {
            dir: staged.journal_dir(&self.config),
            up_to: staged.manifest().journal_last_sequence,
        };
        let sources = Sources { articles_dir: staged.articles_dir(&self.config), journal };
        // Verified, and not yet in service.
        let (report, _) = self.build(&sources, &language, self.threads_beside_searches(), progress)?;
        staged.set_generation(&report.generation);
        Ok((language, report))
    }

    /// Lets what was copied take the place of what is there.
    fn switch(self: &Arc<Self>, staged: Staged, language: Language) -> Result<RestoreReport, EngineError> {
        self.stop_writing();
        let mut live = self.live();
        *live = None;
        let restored = staged.carry_out(&self.config)?;
        let generation = match &restored.generation {
            Some(name) => Some(Arc::new(Generation::open(&self.folder, name)?)),
            None => None,
        };
        self.writes.store(open_writes(&self.config, generation.as_deref())?.map(Arc::new));
        {
            let _turn = self.change();
            self.language.store(Arc::new(language.clone()));
            if let Some(generation) = generation {
                self.put_into_service(Serving::new(generation, language));
            }
            *self.damage.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
        drop(live);
        self.start_writing()?;
        Ok(restored)
    }
}

/// What whoever restored should know.
fn notes(restored: &RestoreReport) -> Vec<String> {
    let former = restored.former.iter().map(|former| format!("what was there before: {}", former.display()));
    let settings = restored.config_restored.iter();
    let settings =
        settings.map(|file| format!("the backup's settings differ; they are in {}", file.display()));
    former.chain(settings).collect()
}
