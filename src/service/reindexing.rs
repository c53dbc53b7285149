//! A reindex: a new generation is built aside, catches up with articles pushed meanwhile, and is put into service.

use std::sync::Arc;

use super::guard::Former;
use super::writes::{FollowedJournal, Follower};
use super::{Service, ServiceError, Serving, lexicon};
use crate::faults::{self, FaultPoint};
use crate::index::folder::is_newer;
use crate::index::{
    BuildOptions, BuildReport, Generation, IndexError, Phase, Progress, Sources, build_verified,
    put_into_service,
};
use crate::ingest::Cleaner;
use crate::journal;
use crate::journal::pushed::JournalView;
use crate::korean::Language;

/// How a reindex is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReindexOptions {
    /// Indexing threads.
    pub threads: usize,
    /// Whether the new index serves also where it has lost much of the archive.
    pub force: bool,
}

impl Service {
    /// Rebuilds from the data folder on this thread and puts the result into service.
    ///
    /// # Errors
    /// [`ServiceError`]; the former generation stays in service.
    pub fn reindex(&self, progress: &Progress) -> Result<BuildReport, ServiceError> {
        self.reindex_with(ReindexOptions { threads: self.config.index.threads, force: false }, progress)
    }

    /// Threads of a build in a server: if it answers searches, they need a core for themselves.
    pub(super) fn threads_in_a_server(&self) -> usize {
        if self.serving().is_some() {
            self.config.index.threads_while_serving
        } else {
            self.config.index.threads
        }
    }

    /// [`Self::reindex`] as `options` say.
    ///
    /// # Errors
    /// [`ServiceError`], [`ServiceError::Withheld`] where the new index has lost much of the archive and nobody forces it; the
    /// former generation stays in service.
    pub fn reindex_with(
        &self,
        options: ReindexOptions,
        progress: &Progress,
    ) -> Result<BuildReport, ServiceError> {
        self.sweep()?;
        self.verify_dictionary()?;
        let (language, loaded_before) = {
            let _turn = self.served.lexicon_turn();
            let (language, warnings) = lexicon::load(&self.config, self.config.lexicon_dir().as_deref())?;
            lexicon::log(&warnings);
            (language, self.served.language())
        };
        let journal = JournalView { dir: self.journal_dir(), up_to: self.end_of_journal()? };
        let rules = self.config.ingest.rules.clone();
        let sources = Sources { articles_dir: self.config.articles_dir(), journal, rules };
        let (report, generation) = self.build(&sources, &language, options.threads, progress)?;
        let swapped = self
            .copy_beside(&generation, &language, progress)
            .and_then(|()| self.swap(generation, language, &loaded_before, options, progress));
        if swapped.is_err() && self.folder.current().ok().flatten().as_ref() != Some(&report.generation) {
            self.folder.remove(&report.generation)?;
        }
        swapped?;
        if self.beside.is_none() {
            self.fill_once(true, progress)?;
            self.pass_keys();
        }
        Ok(report)
    }

    /// The last entry of the journal that a build reads. Where another process writes it, or nobody, that is the last one that
    /// is there; what comes later is read when the index is put to use.
    pub(super) fn end_of_journal(&self) -> Result<u64, ServiceError> {
        match self.writes.load().as_ref() {
            Some(writes) => Ok(writes.progress.durable()),
            None => Ok(journal::inspect(&self.journal_dir())?.last_sequence),
        }
    }

    /// Builds a generation aside with `threads` threads, and verifies it. It is not yet in service.
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
            learn: self.config.lexicon.learn,
        };
        let cleaner = Cleaner::new(Arc::clone(language.outlets()));
        build_verified(sources, &self.folder, &cleaner, language, &options, progress)
    }

    /// Lets a generation that was built aside catch up with articles pushed meanwhile, and puts it into service.
    fn swap(
        &self,
        generation: Generation,
        language: Language,
        loaded_before: &Arc<Language>,
        options: ReindexOptions,
        progress: &Progress,
    ) -> Result<(), ServiceError> {
        let journal =
            FollowedJournal { known: if options.force { u64::MAX } else { 0 }, ..self.followed_journal() };
        let mut catching_up = CatchingUp {
            generation: Arc::new(generation),
            follower: None,
            language: &language,
            cleaner: Cleaner::new(Arc::clone(language.outlets())),
            journal,
            progress,
        };
        // Most of it while the former generation still takes articles: while the first round applies what was pushed during
        // the build, a little more is pushed, which the second applies. The rest is done in the writer's turn.
        let behind = self.durable().saturating_sub(catching_up.generation.info().sequence);
        progress.begin(Phase::CatchingUp, behind);
        catching_up.apply_up_to(self.durable())?;
        catching_up.apply_up_to(self.durable())?;
        let mut writer = self.served.writer_turn();
        self.follow_to_the_end(&mut writer);
        catching_up.apply_up_to(self.durable())?;
        let CatchingUp { generation, follower, .. } = catching_up;
        // The last moment to cancel: after this the new generation is in service.
        if progress.is_cancelled() {
            return Err(IndexError::Cancelled.into());
        }
        let serving = self.built();
        let served = serving.as_ref().and_then(|serving| serving.generation());
        if !options.force
            && let Some(former) =
                served.map(|served| Former::of(served)).transpose()?.or_else(|| self.beside())
        {
            former.check(&generation, self.config.index.max_shrink_percent)??;
        }
        put_into_service(&self.folder, generation.name(), served.map(|served| served.name()))?;
        // From here on nothing can fail, but the process may die.
        let _ = faults::point(FaultPoint::Swap);
        let change = writer.change();
        let loaded_now = self.served.language();
        // A lexicon that was loaded during the build is newer than the one it was built with.
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
        self.set_withheld(None);
        self.set_dictionary_damage(None);
        Ok(())
    }

    /// Removes what killed builds left, to make room: generations newer than the one that `CURRENT` names that were never
    /// finished. Those that were stay: where `CURRENT` is lost or damaged, it may be any of them that served.
    fn sweep(&self) -> Result<(), IndexError> {
        let current = self.folder.current().ok().flatten();
        for name in self.folder.generations()? {
            let newer = current.as_ref().is_none_or(|current| is_newer(&name, current));
            if newer && Generation::is_unfinished(&self.folder, &name) {
                self.folder.remove(&name)?;
                tracing::info!(generation = name, "removed a generation that a killed build left unfinished");
            }
        }
        Ok(())
    }
}

/// A generation that was built aside, on its way to the end of the journal.
struct CatchingUp<'a> {
    generation: Arc<Generation>,
    /// None until there is an entry to apply.
    follower: Option<Follower>,
    language: &'a Language,
    cleaner: Cleaner,
    journal: FollowedJournal,
    progress: &'a Progress,
}

impl CatchingUp<'_> {
    /// Applies the journal up to the entry `up_to`.
    ///
    /// # Errors
    /// [`IndexError`], also if the job was cancelled.
    fn apply_up_to(&mut self, up_to: u64) -> Result<(), IndexError> {
        while self.generation.info().sequence < up_to {
            if self.progress.is_cancelled() {
                return Err(IndexError::Cancelled);
            }
            let follower = match &mut self.follower {
                Some(follower) => follower,
                none => none.insert(Follower::open(
                    Arc::clone(&self.generation),
                    self.generation.suggestions().clone(),
                    self.language,
                    self.journal.clone(),
                )?),
            };
            let before = self.generation.info().sequence;
            self.generation = follower.follow(up_to, &self.cleaner)?;
            self.progress.advance(self.generation.info().sequence.saturating_sub(before));
        }
        Ok(())
    }
}
