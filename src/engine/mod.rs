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
mod writes;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use arc_swap::{ArcSwap, ArcSwapOption};
use time::OffsetDateTime;

use crate::article::Timestamp;
use crate::config::Config;
use crate::faults;
use crate::index::folder::FolderLock;
use crate::index::journal::JournalError;
use crate::index::pushed::JournalView;
use crate::index::{
    BuildOptions, BuildReport, Generation, IndexError, IndexFolder, Progress, Sources, build_verified,
    put_into_service,
};
use crate::ingest::{Cleaner, PUSHED};
use crate::korean::Language;
use crate::korean::dictionary::{self, DictionaryError};
use crate::korean::lexicon::LexiconError;
use crate::search::SearchContext;
use kept::Kept;
use writes::{Follower, Writes};

pub use job::{Job, JobState, Refused};
pub use jobs::Jobs;
pub use lexicon::{LexiconChange, LexiconReload, TakesEffect, check_lexicon};
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
    /// A restore that was interrupted cannot be finished.
    #[error(transparent)]
    Restore(#[from] backup::BackupError),
    /// A thread could not be started.
    #[error("cannot start a thread: {0}")]
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
    /// The one writer of the generation that serves; none before the first article is pushed.
    live: Mutex<Option<Follower>>,
    /// The way into the journal; none where another process may write.
    writes: Option<Writes>,
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
            writes,
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
            if let Some((writes, sequence)) = self.writes.as_ref().zip(sequence) {
                // What was pushed since is made searchable in this one, too.
                writes.progress.set_searchable(sequence);
            }
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
        let work = move || {
            engine.give_way();
            engine.run_job(&ticket.id, &ticket.progress);
        };
        if let Err(error) = std::thread::Builder::new().name("gisa-reindex".to_owned()).spawn(work) {
            let error = EngineError::Thread(error);
            self.jobs.finish(&id, JobState::Failed, None, Some(error.to_string()));
            return Err(ReindexRefused::Engine(error));
        }
        job.or_else(|| self.jobs.get(&id)).ok_or_else(|| {
            ReindexRefused::Engine(EngineError::Thread(std::io::Error::other("the job was lost")))
        })
    }

    /// Lets searches go first, on this thread and on those that it starts: on Linux, niceness belongs to a thread.
    fn give_way(&self) {
        #[cfg(target_os = "linux")]
        if let Err(error) = rustix::process::setpriority_process(None, i32::from(self.config.niceness)) {
            tracing::warn!(%error, "the reindex cannot give way to searches");
        }
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
            keep_free: self.config.keep_free,
        };
        let cleaner = Cleaner::new(Arc::clone(language.outlets()));
        let journal = JournalView { dir: self.journal_dir(), up_to: self.durable() };
        let sources = Sources { articles_dir: self.config.articles_dir(), journal };
        let korean = language.korean();
        let (report, generation) =
            build_verified(&sources, &self.folder, &cleaner, korean, &options, progress)?;
        let swapped = self.swap(generation, language, &loaded_before, &cleaner, progress);
        if swapped.is_err() && self.folder.current()?.as_ref() != Some(&report.generation) {
            self.folder.remove(&report.generation)?;
        }
        swapped?;
        Ok(report)
    }

    /// Lets a generation that was built aside catch up with what was pushed meanwhile, and puts it into service.
    fn swap(
        &self,
        generation: Generation,
        language: Language,
        loaded_before: &Arc<Language>,
        cleaner: &Cleaner,
        progress: &Progress,
    ) -> Result<(), EngineError> {
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
                generation = follower.follow(up_to, cleaner)?;
            }
            Ok(Arc::clone(&generation))
        };
        // Most of it beside the one that serves, the rest while that one waits.
        catch_up(self.durable())?;
        catch_up(self.durable())?;
        let mut live = self.live();
        let generation = catch_up(self.durable())?;
        // The last moment to cancel: behind this line the new generation is in service.
        if progress.is_cancelled() {
            return Err(IndexError::Cancelled.into());
        }
        put_into_service(&self.folder, generation.name())?;
        // Nothing can fail here any more; tests let the process die here.
        let _ = faults::point("swap");
        let _turn = self.change();
        let loaded_now = self.language.load_full();
        // A lexicon that was loaded while this built is newer than the one it built with.
        let newest =
            if Arc::ptr_eq(&loaded_now, loaded_before) { Arc::new(language.clone()) } else { loaded_now };
        let language = language.with_lexicon_of(&newest);
        self.language.store(newest);
        let sequence = generation.info().sequence;
        self.put_into_service(Serving::new(generation, language));
        *live = follower;
        if let Some(writes) = &self.writes {
            writes.progress.set_searchable(sequence);
        }
        *self.damage.lock().unwrap_or_else(PoisonError::into_inner) = None;
        Ok(())
    }

    /// The last entry of the journal that is durable.
    fn durable(&self) -> u64 {
        self.writes.as_ref().map_or(0, |writes| writes.progress.durable())
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

/// Opens the journal. `None` where there is no articles folder: a reindex says so.
fn open_writes(config: &Config, serving: Option<&Generation>) -> Result<Option<Writes>, EngineError> {
    if !config.articles_dir().is_dir() {
        return Ok(None);
    }
    let searchable = serving.map_or(0, |generation| generation.info().sequence);
    Ok(Some(Writes::open(&config.articles_dir().join(PUSHED), config.journal_file, searchable)?))
}
