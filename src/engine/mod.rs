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

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use arc_swap::{ArcSwap, ArcSwapOption};
use time::OffsetDateTime;

use crate::article::Timestamp;
use crate::config::Config;
use crate::index::folder::FolderLock;
use crate::index::{BuildOptions, BuildReport, Generation, IndexError, IndexFolder, Progress, reindex};
use crate::ingest::Cleaner;
use crate::korean::Language;
use crate::korean::dictionary::{self, DictionaryError};
use crate::korean::lexicon::LexiconError;
use crate::search::SearchContext;
use kept::Kept;

pub use job::{Job, JobState, Refused};
pub use jobs::Jobs;
pub use lexicon::{LexiconChange, LexiconReload, TakesEffect, check_lexicon};

/// Why the engine cannot start or do its work.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// A restore that was interrupted cannot be finished.
    #[error(transparent)]
    Restore(#[from] backup::BackupError),
    /// The Korean dictionary.
    #[error(transparent)]
    Dictionary(#[from] DictionaryError),
    /// The newsroom's lexicon.
    #[error(transparent)]
    Lexicon(#[from] LexiconError),
    /// The index folder.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// A thread could not be started.
    #[error("cannot start a thread for the reindex: {0}")]
    Thread(std::io::Error),
}

/// Why a reindex was not started.
#[derive(Debug, thiserror::Error)]
pub enum ReindexRefused {
    /// One runs already.
    #[error("a reindex is running already: {}", .0.id)]
    Running(Box<Job>),
    /// The machine refuses.
    #[error(transparent)]
    Engine(EngineError),
}

/// A generation and the language that asks it: its analyzer is the one that the generation was built with, its synonyms,
/// hanja and outlet names are those that were loaded last.
pub struct Serving {
    /// The generation.
    pub generation: Arc<Generation>,
    /// The language.
    pub language: Language,
}

impl Serving {
    /// Why a reindex is due, if it is: this program, or the lexicon as it was loaded last, would build another index.
    pub fn out_of_date(&self) -> Option<&'static str> {
        self.generation.out_of_date(dictionary::archive_hash(), self.language.index_hash())
    }

    /// What a search needs, with the time of day.
    pub fn context<'a>(&'a self, config: &'a Config, deadline: Option<Instant>) -> SearchContext<'a> {
        SearchContext {
            generation: &self.generation,
            language: &self.language,
            ranking: &config.ranking,
            deadline,
            now: Timestamp::from_seconds(OffsetDateTime::now_utc().unix_timestamp()),
        }
    }
}

/// Everything behind the HTTP interface and the command line.
pub struct Engine {
    config: Config,
    folder: IndexFolder,
    language: ArcSwap<Language>,
    serving: ArcSwapOption<Serving>,
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
        let (language, warnings) = lexicon::load(&config)?;
        lexicon::log(&warnings);
        let found = generations::find(&folder)?;
        if let Some(damage) = &found.damage {
            tracing::error!(damage, "the current generation cannot serve");
        }
        let serving =
            found.generation.map(|generation| Arc::new(Serving { generation, language: language.clone() }));
        let jobs = Jobs::open(&config.index_dir);
        Ok(Self {
            kept: Kept::new(config.cursor_age),
            config,
            folder,
            language: ArcSwap::from_pointee(language),
            serving: ArcSwapOption::from(serving),
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
        if let Some(former) = self.serving.swap(Some(Arc::new(serving))) {
            self.kept.keep(former);
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
        let _turn = self.change();
        // A reindex may have put a new one into service meanwhile: that one stays. A reload keeps the generation.
        if let Some(now) = self.serving().filter(|now| Arc::ptr_eq(&now.generation, &serving.generation)) {
            let language = now.language.clone();
            self.serving.store(found.generation.map(|generation| Arc::new(Serving { generation, language })));
            *self.damage.lock().unwrap_or_else(PoisonError::into_inner) = found.damage;
        }
        Ok(())
    }

    /// Waits for its turn to load the lexicon or to replace what serves.
    fn change(&self) -> MutexGuard<'_, ()> {
        self.changing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts a reindex on its own thread and returns its job.
    ///
    /// # Errors
    /// [`ReindexRefused::Running`] with the job that runs already.
    pub fn start_reindex(self: &Arc<Self>) -> Result<Job, ReindexRefused> {
        let ticket = self.jobs.enter().map_err(ReindexRefused::Running)?;
        let job = self.jobs.running();
        let engine = Arc::clone(self);
        let id = ticket.id.clone();
        let work = move || engine.run_job(&ticket.id, &ticket.progress);
        if let Err(error) = std::thread::Builder::new().name("gisa-reindex".to_owned()).spawn(work) {
            let error = EngineError::Thread(error);
            self.jobs.finish(&id, JobState::Failed, None, Some(error.to_string()));
            return Err(ReindexRefused::Engine(error));
        }
        job.or_else(|| self.jobs.get(&id)).ok_or_else(|| {
            ReindexRefused::Engine(EngineError::Thread(std::io::Error::other("the job was lost")))
        })
    }

    /// Rebuilds from the data folder on this thread and puts the result into service.
    ///
    /// # Errors
    /// [`EngineError`]; what served before still does.
    pub fn reindex(&self, progress: &Progress) -> Result<BuildReport, EngineError> {
        self.sweep()?;
        let (language, loaded_before) = {
            let _turn = self.change();
            let (language, warnings) = lexicon::load(&self.config)?;
            lexicon::log(&warnings);
            (language, self.language.load_full())
        };
        let options = BuildOptions {
            threads: self.config.index_threads,
            memory: self.config.index_memory,
            lexicon: language.index_hash().to_owned(),
        };
        let cleaner = Cleaner::new(Arc::clone(language.outlets()));
        let (report, generation) = reindex(
            &self.config.articles_dir(),
            &self.folder,
            &cleaner,
            language.korean(),
            &options,
            progress,
        )?;
        let _turn = self.change();
        let loaded_now = self.language.load_full();
        // A lexicon that was loaded while this built is newer than the one it built with.
        let newest =
            if Arc::ptr_eq(&loaded_now, &loaded_before) { Arc::new(language.clone()) } else { loaded_now };
        let language = language.with_lexicon_of(&newest);
        self.language.store(newest);
        self.put_into_service(Serving { generation: Arc::new(generation), language });
        *self.damage.lock().unwrap_or_else(PoisonError::into_inner) = None;
        Ok(report)
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

    fn run_job(&self, id: &str, progress: &Progress) {
        self.jobs.begin(id);
        tracing::info!(job = id, articles = %self.config.articles_dir().display(), "reindex started");
        // A panic must not leave a job that runs for ever and refuses all others.
        let outcome = catch_unwind(AssertUnwindSafe(|| self.reindex(progress)));
        match outcome {
            Ok(Ok(report)) => {
                tracing::info!(
                    job = id,
                    generation = report.generation,
                    articles = report.articles,
                    refused = report.refused,
                    seconds = report.seconds,
                    "reindex succeeded"
                );
                metrics::gauge!("last_reindex_seconds").set(report.seconds);
                metrics::gauge!("last_reindex_refused").set(report.refused as f64);
                self.jobs.finish(id, JobState::Succeeded, Some(report), None);
            }
            Ok(Err(EngineError::Index(IndexError::Cancelled))) => {
                tracing::info!(job = id, "reindex cancelled");
                self.jobs.finish(id, JobState::Cancelled, None, None);
            }
            Ok(Err(error)) => {
                tracing::error!(job = id, %error, "reindex failed");
                self.jobs.finish(id, JobState::Failed, None, Some(error.to_string()));
            }
            Err(_) => {
                let error = "the reindex ended by a bug in gisa; the server's log has the place".to_owned();
                self.jobs.finish(id, JobState::Failed, None, Some(error));
            }
        }
    }
}
