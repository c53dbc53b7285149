//! Assembly: dictionary, lexicon, generation, journal and jobs put together, and kept together while they are replaced.
//!
//! Takes a [`Config`], gives whoever searches a [`Serving`]: an archive with the language it is asked in, normally a
//! generation of the embedded index. `served` holds it and says who may replace it. A reindex loads the language again, builds alongside the generation in service, and
//! replaces both in one step (`reindexing`); so does a restore, with a backup's articles (`restoring`). A reload of the
//! lexicon replaces what queries alone depend on (`lexicon`). Pushed articles become durable and searchable in `writes`.
//!
//! * A [`Serving`] is behind an atomic pointer, and a request takes it once: all its searches see the same articles, also while a reindex
//!   swaps. Reloads and swaps take turns. A lexicon that is reloaded while a reindex runs is newer than the one it builds with, and its
//!   query side is the one in service after the swap.
//! * Reindexes and restores are jobs, one at a time; the last 50 survive a restart. A panic in one ends the job, not the server.
//! * One process writes: it holds `index/LOCK`, and `.LOCK` in the journal's folder, which several index folders could share. Where the
//!   articles folder cannot be written to, it is served reading.
//! * A changed run reads only files that differ from what the generation in service has read (`changing`), into that generation.
//!   With `[ingest] watch` a thread starts one as soon as a file has arrived (`watch`).
//! * What comes for saved searches is delivered to others (`alerting`).
//! * With a cluster, that is what is searched, filled from what is built here (`cluster`).
//! * Before a new index takes its place, what serves is compared with it (`guard`): an archive that lost much of itself is no reason to
//!   find less. The unpacked dictionary is compared with its checksums (`dictionary`), the generation with its own.

mod alerting;
pub mod backup;
mod changing;
mod cluster;
mod dictionary;
mod error;
mod forgetting;
mod former;
mod generations;
mod guard;
mod jobs;
mod lexicon;
mod reindexing;
mod restoring;
mod served;
mod serving;
mod watch;
mod writes;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use arc_swap::ArcSwapOption;

use crate::access::KeySource;
use crate::alerts::{Deliveries, DeliveryError, SavedSearches};
use crate::config::Config;
use crate::index::folder::FolderLock;
use crate::index::{Generation, IndexError, IndexFolder};
use crate::ingest::PUSHED_FOLDER;
use crate::journal::EarlierTexts;
use crate::korean::Language;
use crate::query::archive::Archive;
use cluster::ClusterSide;
use former::MAX_EDITIONS;
use guard::Former;
use served::Served;
use writes::Writes;

pub use alerting::{Came, ReadParameters, came};
pub use changing::{ChangedOptions, ChangedReport};
pub use cluster::{ClusterStatus, LeftOut};
pub use error::ServiceError;
pub use forgetting::{ForgetError, ForgetReport, LeftFile, forget};
pub use guard::Withheld;
pub use jobs::{FileOutcome, Job, JobKind, JobRefused, JobState, Jobs, Lacking, MoreFiles, Refused};
pub use lexicon::{LexiconChange, LexiconReload, TakesEffect, check_lexicon};
pub use reindexing::ReindexOptions;
pub use serving::Serving;
pub use watch::WatchStatus;
pub use writes::{WriteError, WriteStatus};

/// Everything that the HTTP interface and the command line call.
pub struct Service {
    config: Config,
    folder: IndexFolder,
    served: Served,
    /// The cluster that is searched instead of what is built here; none where none is configured.
    cluster: Option<ClusterSide>,
    /// Where the keys of whoever comes in are.
    keys: KeySource,
    /// The way into the journal; none where another process may write. A restore replaces it.
    writes: ArcSwapOption<Writes>,
    /// What articles said before a push replaced it.
    earlier: Arc<EarlierTexts>,
    /// What is saved to be searched for again and again.
    saved: Arc<SavedSearches>,
    /// What delivers to others.
    /// Made when the first is due: whoever only searches or builds need not be able to read passwords.
    deliveries: OnceLock<Result<Arc<Deliveries>, DeliveryError>>,
    /// What is wrong with the generation that should be in service.
    damage: Mutex<Option<String>>,
    /// Why the last changed run removed and replaced nothing.
    withheld: Mutex<Option<String>>,
    /// What follows the articles folder, if anything does.
    watch: Mutex<Option<watch::Watch>>,
    /// What is or was wrong with the unpacked dictionary.
    dictionary_damage: Mutex<Option<String>>,
    /// The index that the one built here will replace, where that is in another folder.
    beside: Option<Former>,
    jobs: Jobs,
    /// Held for as long as this process may write to the index folder.
    _lock: Option<FolderLock>,
}

/// What this process may do with the index folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Search only; another process may hold the folder.
    Read,
    /// Reindex and take articles, too; no other process may.
    Write,
    /// Reindex, while another process may take articles: they are read as far as they have come.
    Index,
}

impl Service {
    /// Unpacks the dictionary if need be, loads the language, and opens the generation in service, if there is one.
    ///
    /// # Errors
    /// [`ServiceError`], with what to do. A damaged generation is not an error here: an older one takes its place, or none.
    pub fn open(config: Config, access: Access) -> Result<Self, ServiceError> {
        let folder = IndexFolder::new(&config.index_dir)?;
        let lock = match access {
            Access::Read => None,
            Access::Write | Access::Index => Some(folder.lock()?),
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
            Access::Read | Access::Index => None,
            Access::Write => open_writes(&config, found.generation.as_deref())?,
        };
        let jobs = Jobs::open(&config.index_dir);
        let serving = found.generation.map(|generation| Serving::new(generation, language.clone()));
        Ok(Self {
            served: Served::new(serving, language, config.search.cursor_lifetime, MAX_EDITIONS),
            cluster: None,
            keys: KeySource::file(&config.data_dir),
            earlier: earlier_texts(&config),
            saved: Arc::new(SavedSearches::open(&config.data_dir)),
            deliveries: OnceLock::new(),
            config,
            folder,
            writes: ArcSwapOption::from(writes.map(Arc::new)),
            damage: Mutex::new(found.damage),
            withheld: Mutex::new(None),
            watch: Mutex::new(None),
            dictionary_damage: Mutex::new(None),
            beside: None,
            jobs,
            _lock: lock,
        })
    }

    /// Builds an index in the folder `index_dir`, beside a server that uses that of `config`: the articles are only read. What
    /// that server has in service is what a reindex is compared with.
    ///
    /// # Errors
    /// Those of [`Service::open`].
    pub fn open_beside(config: Config, index_dir: PathBuf) -> Result<Self, ServiceError> {
        let beside = Former::in_folder(&config);
        let mut service = Self::open(Config { index_dir, ..config }, Access::Index)?;
        if let Some(cluster) = service.config.engine.clone() {
            service.join(&cluster)?;
        }
        service.beside = beside;
        Ok(service)
    }

    /// Searches `archive`, which another engine keeps and which was analysed in `language`. Nothing is written, built or
    /// restored here: articles that are pushed are refused, and so are those jobs.
    ///
    /// # Errors
    /// [`ServiceError::Index`] if the index folder, where jobs and the dictionary are, cannot be made.
    pub fn over_archive(
        archive: Arc<dyn Archive>,
        language: Language,
        config: Config,
    ) -> Result<Self, ServiceError> {
        let serving = Serving::of_archive(archive, language.clone());
        Self::without_articles(Some(serving), language, config)
    }

    fn without_articles(
        serving: Option<Serving>,
        language: Language,
        config: Config,
    ) -> Result<Self, ServiceError> {
        let folder = IndexFolder::new(&config.index_dir)?;
        Ok(Self {
            served: Served::new(serving, language, config.search.cursor_lifetime, MAX_EDITIONS),
            cluster: None,
            keys: KeySource::file(&config.data_dir),
            jobs: Jobs::open(&config.index_dir),
            earlier: earlier_texts(&config),
            saved: Arc::new(SavedSearches::open(&config.data_dir)),
            deliveries: OnceLock::new(),
            config,
            folder,
            writes: ArcSwapOption::empty(),
            damage: Mutex::new(None),
            withheld: Mutex::new(None),
            watch: Mutex::new(None),
            dictionary_damage: Mutex::new(None),
            beside: None,
            _lock: None,
        })
    }

    /// The settings.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Where the keys of whoever comes in are.
    pub fn keys(&self) -> &KeySource {
        &self.keys
    }

    /// The index folder.
    pub fn folder(&self) -> &IndexFolder {
        &self.folder
    }

    /// The language as it was loaded last: the next reindex's, if nothing changes until then.
    pub fn language(&self) -> Language {
        let own =
            self.cluster.as_ref().filter(|side| side.reads_only).map_or(&self.served, |side| &side.shown);
        Language::clone(&own.language())
    }

    /// What serves. Hold it for one request: all its searches see the same articles.
    pub fn serving(&self) -> Option<Arc<Serving>> {
        self.shown().serving()
    }

    /// What is searched: what is built here, or a cluster.
    fn shown(&self) -> &Served {
        self.cluster.as_ref().map_or(&self.served, |side| &side.shown)
    }

    /// What is built here and follows the journal; what serves, unless that is a cluster.
    fn built(&self) -> Option<Arc<Serving>> {
        self.served.serving()
    }

    /// Why a reindex is due, if it is.
    pub fn out_of_date(&self) -> Option<&'static str> {
        self.built()?.out_of_date()
    }

    /// Whether an index is to be built because there is none yet. What a cluster serves is replaced by nobody who did not ask for that.
    pub fn needs_an_index(&self) -> bool {
        self.cluster.is_none() && self.serving().is_none()
    }

    /// The edition in which a paging session continues: the one with this [`edition`], if it is in service or was a while
    /// ago, else the one in service.
    ///
    /// [`edition`]: crate::search::SearchContext::edition
    pub fn serving_for(&self, edition: u64) -> Option<Arc<Serving>> {
        let fits = |serving: &Serving| {
            serving.context(&self.config, None).edition() == edition && !serving.archive().is_gone()
        };
        let current = self.serving()?;
        if fits(&current) {
            return Some(current);
        }
        Some(self.shown().former().find(fits).unwrap_or(current))
    }

    /// Closes former editions that no paging session has used for a while; to be called every few seconds.
    pub fn close_unused_editions(&self) {
        self.shown().former().close_unused();
    }

    /// The jobs.
    pub fn jobs(&self) -> &Jobs {
        &self.jobs
    }

    /// What is wrong with the generation that should be in service; none if it is.
    pub fn damage(&self) -> Option<String> {
        self.damage.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Notes what is wrong with the generation that should be in service; none if it is.
    fn set_damage(&self, damage: Option<String>) {
        *self.damage.lock().unwrap_or_else(PoisonError::into_inner) = damage;
    }

    /// What is wrong with the dictionary that is unpacked in the index folder, or was until it was unpacked anew; none once an
    /// index was built with a sound one.
    pub fn dictionary_damage(&self) -> Option<String> {
        self.dictionary_damage.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set_dictionary_damage(&self, damage: Option<String>) {
        *self.dictionary_damage.lock().unwrap_or_else(PoisonError::into_inner) = damage;
    }

    /// What an index that is built here will replace in another folder.
    fn beside(&self) -> Option<Former> {
        self.beside.clone()
    }

    /// Compares the generation in service with its checksums, and lets an older one take its place if it is damaged. Reads
    /// every file, which takes seconds for a large index: a start does not wait for it.
    ///
    /// # Errors
    /// [`IndexError`] if the index folder cannot be read.
    pub fn verify_serving(&self) -> Result<(), IndexError> {
        let Some(serving) = self.built() else { return Ok(()) };
        let Some(generation) = serving.generation() else { return Ok(()) };
        let Err(error) = generation.verify() else { return Ok(()) };
        tracing::error!(%error, "the generation in service is damaged");
        let found = generations::fall_back(&self.folder, Some(generation.name()), &error)?;
        let writer = self.served.writer_turn();
        let change = writer.change();
        // A reindex may have put a new one into service meanwhile: that one stays. A reload keeps the generation.
        let same = |now: &Arc<Serving>| now.archive().about().name == generation.name();
        if let Some(now) = self.built().filter(same) {
            let language = now.language.clone();
            let sequence = found.generation.as_ref().map(|generation| generation.info().sequence);
            change.replace_damaged(found.generation.map(|generation| Serving::new(generation, language)));
            if let Some((writes, sequence)) = self.writes.load_full().zip(sequence) {
                // Articles that were pushed after it was built are made searchable in this one, too.
                writes.progress.set_searchable(sequence);
            }
            self.set_damage(found.damage);
        }
        Ok(())
    }

    /// The last entry of the journal that is durable.
    fn durable(&self) -> u64 {
        self.writes.load().as_ref().map_or(0, |writes| writes.progress.durable())
    }
}

fn earlier_texts(config: &Config) -> Arc<EarlierTexts> {
    Arc::new(EarlierTexts::new(&config.articles_dir().join(PUSHED_FOLDER), config.versions.keep))
}

/// Opens the journal. `None` if there is no articles folder, which a reindex reports.
fn open_writes(config: &Config, serving: Option<&Generation>) -> Result<Option<Writes>, ServiceError> {
    if !config.articles_dir().is_dir() {
        return Ok(None);
    }
    let searchable = serving.map_or(0, |generation| generation.info().sequence);
    Ok(Some(Writes::open(
        &config.articles_dir().join(PUSHED_FOLDER),
        config.index.journal_file_bytes,
        searchable,
    )?))
}
