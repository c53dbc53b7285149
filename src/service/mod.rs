//! Assembly: dictionary, lexicon, generation and jobs put together, and kept together while a reindex replaces them.
//!
//! Takes a [`Config`], gives whoever searches a [`Serving`]: a generation with the language it is asked in. A reindex
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
mod writes;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use arc_swap::{ArcSwap, ArcSwapOption};

use crate::article::Timestamp;
use crate::config::Config;
use crate::index::folder::FolderLock;
use crate::index::{Generation, IndexError, IndexFolder};
use crate::ingest::PUSHED;
use crate::journal::JournalError;
use crate::korean::Language;
use crate::korean::dictionary::{self, DictionaryError};
use crate::korean::lexicon::LexiconError;
use crate::search::SearchContext;
use kept::Kept;
use writes::{Follower, Writes};

pub use job::{Job, JobKind, JobState, Refused};
pub use jobs::Jobs;
pub use lexicon::{LexiconChange, LexiconReload, TakesEffect, check_lexicon};
pub use running::JobRefused;
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

/// A generation and the language that asks it: its analyzer is the one that the generation was built with, its synonyms,
/// hanja and outlet names are those that were loaded last.
pub struct Serving {
    /// The generation, as it is at one commit.
    pub generation: Arc<Generation>,
    /// The language.
    pub language: Language,
    /// Whether a walk over cursors began here.
    walked: AtomicBool,
}

impl Serving {
    fn new(generation: Arc<Generation>, language: Language) -> Self {
        Self { generation, language, walked: AtomicBool::new(false) }
    }

    /// Notes that a walk over cursors began here: it stays open for a while when a newer one has replaced it.
    pub fn walk_begins(&self) {
        self.walked.store(true, Ordering::Relaxed);
    }

    /// Why a reindex is due, if it is: this program, or the lexicon as it was loaded last, would build another index.
    pub fn out_of_date(&self) -> Option<&'static str> {
        self.generation.out_of_date(dictionary::archive_hash(), self.language.index_hash())
    }

    /// What a search needs, with the time of day.
    pub fn context<'a>(&'a self, config: &'a Config, deadline: Option<Instant>) -> SearchContext<'a> {
        SearchContext {
            archive: &*self.generation,
            language: &self.language,
            ranking: &config.ranking,
            deadline,
            now: Timestamp::now(),
        }
    }
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
        let jobs = Jobs::open(&config.index_dir);
        Ok(Self {
            kept: Kept::new(config.cursor_age),
            config,
            folder,
            language: ArcSwap::from_pointee(language),
            serving: ArcSwapOption::from(serving),
            live: Mutex::new(None),
            writes: ArcSwapOption::from(writes.map(Arc::new)),
            changing: Mutex::new(()),
            damage: Mutex::new(found.damage),
            jobs,
            _lock: lock,
        })
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

    /// The generation in service. Hold it for one request: all its searches see the same articles.
    pub fn serving(&self) -> Option<Arc<Serving>> {
        self.serving.load_full()
    }

    /// What a walk goes on in: the one with this [`SearchContext::edition`], if it serves or served a while ago, else the
    /// one in service.
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
            && former.walked.load(Ordering::Relaxed)
        {
            let generation = former.generation.name().to_owned();
            self.kept.keep(former, &generation);
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
        let Err(error) = serving.generation.verify() else { return Ok(()) };
        tracing::error!(%error, "the generation in service is damaged");
        let found = generations::fall_back(&self.folder, Some(serving.generation.name()), &error)?;
        let _live = self.live();
        let _turn = self.change();
        // A reindex may have put a new one into service meanwhile: that one stays. A reload keeps the generation.
        if let Some(now) = self.serving().filter(|now| now.generation.name() == serving.generation.name()) {
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
