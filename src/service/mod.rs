//! Assembly: dictionary, lexicon, generation and jobs put together, and kept together while a reindex replaces them.
//!
//! Takes a [`Config`], gives whoever searches a [`Serving`]: an archive with the language it is asked in, mostly a generation of
//! the embedded index. A reindex
//! loads the language anew, builds beside the serving generation, and replaces both in one step. A reload of the lexicon
//! replaces what queries alone depend on.

pub mod backup;
mod generations;
pub mod import;
mod job;
mod jobs;
mod kept;
mod lexicon;
mod priority;
mod reindexing;
mod restoring;
mod running;
mod serving;
mod writes;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::{ArcSwap, ArcSwapOption};

use crate::config::Config;
use crate::index::folder::FolderLock;
use crate::index::{Generation, IndexError, IndexFolder};
use crate::ingest::PUSHED;
use crate::journal::JournalError;
use crate::korean::Language;
use crate::korean::dictionary::DictionaryError;
use crate::korean::lexicon::LexiconError;
use crate::query::archive::Archive;
use kept::Kept;
use writes::{Follower, Writes};

pub use job::{Job, JobKind, JobState, Refused};
pub use jobs::Jobs;
pub use lexicon::{LexiconChange, LexiconReload, TakesEffect, check_lexicon};
pub use running::JobRefused;
pub use serving::Serving;
pub use writes::{WriteError, WriteStatus};

/// Why the engine cannot start or do its work.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The Korean dictionary.
    #[error(transparent)]
    Dictionary(#[from] DictionaryError),
    /// The newsroom's lexicon.
    #[error(transparent)]
    Lexicon(#[from] LexiconError),
    /// The index folder.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The journal of pushed articles.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A backup cannot be restored, or a restore that was interrupted not be finished.
    #[error(transparent)]
    Restore(#[from] backup::BackupError),
    /// A thread could not be started.
    #[error("cannot start a thread: {0}")]
    Thread(std::io::Error),
}

/// Everything behind the HTTP interface and the command line.
pub struct Engine {
    config: Config,
    folder: IndexFolder,
    language: ArcSwap<Language>,
    serving: ArcSwapOption<Serving>,
    /// The one writer of the generation that serves; none before the first article is pushed.
    live: Mutex<Option<Follower>>,
    /// The way into the journal; none where another process may write. A restore replaces it.
    writes: ArcSwapOption<Writes>,
    /// Held by whoever loads the lexicon or replaces language and generation, so that none undoes another's work.
    changing: Mutex<()>,
    /// What served before, for walks that began in it.
    kept: Kept<Serving>,
    /// What is wrong with the generation that should serve.
    damage: Mutex<Option<String>>,
    jobs: Jobs,
    /// Held for as long as this process may write to the index folder.
    _lock: Option<FolderLock>,
}

/// What an engine may do with the index folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Search only; another process may hold the folder.
    Read,
    /// Reindex too; no other process may.
    Write,
}

impl Engine {
    /// Unpacks the dictionary if need be, loads the language, and opens the generation in service, if there is one.
    ///
    /// # Errors
    /// [`EngineError`], with what to do. A damaged generation is no error here: an older one steps in, or none.
    pub fn open(config: Config, access: Access) -> Result<Self, EngineError> {
        let folder = IndexFolder::new(&config.index_dir)?;
        let lock = match access {
            Access::Read => None,
            Access::Write => Some(folder.lock()?),
        };
        if access == Access::Write {
            backup::finish_interrupted(&config)?;
        }
        let (language, warnings) = lexicon::load(&config, config.lexicon_dir().as_deref())?;
        lexicon::log(&warnings);
        let found = generations::find(&folder)?;
        if let Some(damage) = &found.damage {
            tracing::error!(damage, "the current generation cannot serve");
        }
        let writes = match access {
            Access::Read => None,
            Access::Write => open_writes(&config, found.generation.as_deref())?,
        };
        let serving = found.generation.map(|generation| Arc::new(Serving::new(generation, language.clone())));
        let mut opened = Self::empty(config, folder, language);
        opened.serving = ArcSwapOption::from(serving);
        opened.writes = ArcSwapOption::from(writes.map(Arc::new));
        opened.damage = Mutex::new(found.damage);
        opened._lock = lock;
        Ok(opened)
    }

    /// Nothing serves yet, and nothing is written.
    fn empty(config: Config, folder: IndexFolder, language: Language) -> Self {
        Self {
            kept: Kept::new(config.cursor_age),
            jobs: Jobs::open(&config.index_dir),
            config,
            folder,
            language: ArcSwap::from_pointee(language),
            serving: ArcSwapOption::empty(),
            live: Mutex::new(None),
            writes: ArcSwapOption::empty(),
            changing: Mutex::new(()),
            damage: Mutex::new(None),
            _lock: None,
        }
    }

    /// Searches `archive`, which another engine keeps and which was analysed in `language`. Nothing is written, built or
    /// restored here: articles that are sent are turned away, and so are those jobs.
    ///
    /// # Errors
    /// [`EngineError::Index`] if the index folder, where jobs and the dictionary are, cannot be made.
    pub fn over_archive(
        archive: Arc<dyn Archive>,
        language: Language,
        config: Config,
    ) -> Result<Self, EngineError> {
        let folder = IndexFolder::new(&config.index_dir)?;
        let mut opened = Self::empty(config, folder, language.clone());
        opened.serving = ArcSwapOption::from_pointee(Serving::of_archive(archive, language));
        Ok(opened)
    }

    /// The settings.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The index folder.
    pub fn folder(&self) -> &IndexFolder {
        &self.folder
    }

    /// The language as it was loaded last: the next reindex's, if nothing changes until then.
    pub fn language(&self) -> Language {
        Language::clone(&self.language.load())
    }

    /// What serves. Hold it for one request: all its searches see the same articles.
    pub fn serving(&self) -> Option<Arc<Serving>> {
        self.serving.load_full()
    }

    /// What a walk goes on in: the one with this [edition](crate::search::SearchContext::edition), if it serves or served a
    /// while ago, else the one in service.
    pub fn serving_for(&self, edition: u64) -> Option<Arc<Serving>> {
        let fits = |serving: &Serving| serving.context(&self.config, None).edition() == edition;
        let current = self.serving()?;
        if fits(&current) {
            return Some(current);
        }
        Some(self.kept.find(fits).unwrap_or(current))
    }

    /// Lets former generations go that no walk has used for a while; to be called every few seconds.
    pub fn forget_old(&self) {
        self.kept.forget_old();
    }

    /// Replaces what serves; walks that began in the former go on there for a while.
    fn put_into_service(&self, serving: Serving) {
        if let Some(former) = self.serving.swap(Some(Arc::new(serving)))
            && former.is_walked()
        {
            let name = former.archive().about().name.to_owned();
            self.kept.keep(former, &name);
        }
    }

    /// The jobs.
    pub fn jobs(&self) -> &Jobs {
        &self.jobs
    }

    /// What is wrong with the generation that should serve; none if it does.
    pub fn damage(&self) -> Option<String> {
        self.damage.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Notes what is wrong with the generation that should serve; none if it does.
    fn set_damage(&self, damage: Option<String>) {
        *self.damage.lock().unwrap_or_else(PoisonError::into_inner) = damage;
    }

    /// Compares the serving generation with its checksums, and lets an older one step in if it is damaged. Reads every
    /// file: seconds for a large index, so that a start does not wait for it.
    ///
    /// # Errors
    /// [`IndexError`] if the index folder cannot be read.
    pub fn verify_serving(&self) -> Result<(), IndexError> {
        let Some(serving) = self.serving() else { return Ok(()) };
        let Some(generation) = serving.generation() else { return Ok(()) };
        let Err(error) = generation.verify() else { return Ok(()) };
        tracing::error!(%error, "the generation in service is damaged");
        let found = generations::fall_back(&self.folder, Some(generation.name()), &error)?;
        let _live = self.live();
        let _turn = self.change();
        // A reindex may have put a new one into service meanwhile: that one stays. A reload keeps the generation.
        let same = |now: &Arc<Serving>| now.archive().about().name == generation.name();
        if let Some(now) = self.serving().filter(same) {
            let language = now.language.clone();
            let sequence = found.generation.as_ref().map(|generation| generation.info().sequence);
            self.serving
                .store(found.generation.map(|generation| Arc::new(Serving::new(generation, language))));
            if let Some((writes, sequence)) = self.writes.load_full().zip(sequence) {
                // What was pushed since is made searchable in this one, too.
                writes.progress.set_searchable(sequence);
            }
            self.set_damage(found.damage);
        }
        Ok(())
    }

    /// Waits for its turn to load the lexicon or to replace what serves.
    fn change(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The last entry of the journal that is durable.
    fn durable(&self) -> u64 {
        self.writes.load().as_ref().map_or(0, |writes| writes.progress.durable())
    }
}

/// Opens the journal. `None` where there is no articles folder: a reindex says so.
fn open_writes(config: &Config, serving: Option<&Generation>) -> Result<Option<Writes>, EngineError> {
    if !config.articles_dir().is_dir() {
        return Ok(None);
    }
    let searchable = serving.map_or(0, |generation| generation.info().sequence);
    Ok(Some(Writes::open(&config.articles_dir().join(PUSHED), config.journal_file, searchable)?))
}
