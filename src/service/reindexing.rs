//! A reindex: built aside, caught up with what was pushed meanwhile, put into service.

use std::sync::Arc;

use super::writes::Follower;
use super::{Engine, EngineError, Serving, lexicon};
use crate::faults::{self, FaultPoint};
use crate::index::{
    BuildOptions, BuildReport, Generation, IndexError, Progress, Sources, build_verified, put_into_service,
};
use crate::ingest::Cleaner;
use crate::journal::pushed::JournalView;
use crate::korean::Language;

impl Engine {
    /// Rebuilds from the data folder on this thread and puts the result into service.
    ///
    /// # Errors
    /// [`EngineError`]; what served before still does.
    pub fn reindex(&self, progress: &Progress) -> Result<BuildReport, EngineError> {
        self.reindex_with(self.config.index.threads, progress)
    }

    /// Threads of a build in a server: where searches go on, they need a core for themselves.
    pub(super) fn threads_beside_searches(&self) -> usize {
        if self.serving().is_some() {
            self.config.index.threads_while_serving
        } else {
            self.config.index.threads
        }
    }

    /// [`Self::reindex`] with so many threads.
    pub(super) fn reindex_with(
        &self,
        threads: usize,
        progress: &Progress,
    ) -> Result<BuildReport, EngineError> {
        self.sweep()?;
        let (language, loaded_before) = {
            let _turn = self.served.lexicon_turn();
            let (language, warnings) = lexicon::load(&self.config, self.config.lexicon_dir().as_deref())?;
            lexicon::log(&warnings);
            (language, self.served.language())
        };
        let journal = JournalView { dir: self.journal_dir(), up_to: self.durable() };
        let sources = Sources { articles_dir: self.config.articles_dir(), journal };
        let (report, generation) = self.build(&sources, &language, threads, progress)?;
        let swapped = self.swap(generation, language, &loaded_before, progress);
        if swapped.is_err() && self.folder.current()?.as_ref() != Some(&report.generation) {
            self.folder.remove(&report.generation)?;
        }
        swapped?;
        Ok(report)
    }

    /// Builds a generation aside with so many threads, and verifies it.
    pub(super) fn build(
        &self,
        sources: &Sources,
        language: &Language,
        threads: usize,
        progress: &Progress,
    ) -> Result<(BuildReport, Generation), IndexError> {
        let options = BuildOptions {
            threads,
            memory: self.config.index.memory_bytes,
            lexicon: language.index_hash().to_owned(),
            keep_free: self.config.index.keep_free_bytes,
        };
        let cleaner = Cleaner::new(Arc::clone(language.outlets()));
        build_verified(sources, &self.folder, &cleaner, language.korean(), &options, progress)
    }

    /// Lets a generation that was built aside catch up with what was pushed meanwhile, and puts it into service.
    fn swap(
        &self,
        generation: Generation,
        language: Language,
        loaded_before: &Arc<Language>,
        progress: &Progress,
    ) -> Result<(), EngineError> {
        let cleaner = Cleaner::new(Arc::clone(language.outlets()));
        let mut generation = Arc::new(generation);
        let mut follower = None;
        let mut catch_up = |up_to: u64| -> Result<Arc<Generation>, EngineError> {
            while generation.info().sequence < up_to {
                if progress.is_cancelled() {
                    return Err(IndexError::Cancelled.into());
                }
                let follower = match &mut follower {
                    Some(follower) => follower,
                    none => none.insert(Follower::open(
                        Arc::clone(&generation),
                        generation.suggestions().clone(),
                        language.korean(),
                        &self.journal_dir(),
                    )?),
                };
                generation = follower.follow(up_to, &cleaner)?;
            }
            Ok(Arc::clone(&generation))
        };
        // Most of it beside the one that serves, the rest while that one waits.
        catch_up(self.durable())?;
        catch_up(self.durable())?;
        let mut writer = self.served.writer_turn();
        let generation = catch_up(self.durable())?;
        // The last moment to cancel: behind this line the new generation is in service.
        if progress.is_cancelled() {
            return Err(IndexError::Cancelled.into());
        }
        put_into_service(&self.folder, generation.name())?;
        // Nothing can fail here any more; tests let the process die here.
        let _ = faults::point(FaultPoint::Swap);
        let change = writer.change();
        let loaded_now = self.served.language();
        // A lexicon that was loaded while this built is newer than the one it built with.
        let newest =
            if Arc::ptr_eq(&loaded_now, loaded_before) { Arc::new(language.clone()) } else { loaded_now };
        let language = language.with_lexicon_of(&newest);
        change.set_language(newest);
        let sequence = generation.info().sequence;
        change.serve(Serving::new(generation, language));
        drop(change);
        *writer.follower = follower;
        if let Some(writes) = self.writes.load().as_ref() {
            writes.progress.set_searchable(sequence);
        }
        self.set_damage(None);
        Ok(())
    }

    /// Removes what a killed build left behind: newer than the generation that `CURRENT` names, or all there is where it
    /// names none. Once a newer one serves it would pass for the one to fall back to.
    fn sweep(&self) -> Result<(), IndexError> {
        let current = match self.folder.current() {
            Ok(current) => current,
            // `CURRENT` itself is damaged: what serves may be any of them.
            Err(IndexError::Damaged { .. }) => return Ok(()),
            Err(error) => return Err(error),
        };
        for name in self.folder.generations()? {
            if current.as_ref().is_none_or(|current| name > *current) {
                self.folder.remove(&name)?;
                tracing::info!(generation = name, "removed what a killed build left behind");
            }
        }
        Ok(())
    }
}
