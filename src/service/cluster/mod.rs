//! Articles in a cluster instead of the embedded index.
//!
//! The machine with the articles, the **writer**, keeps the embedded index as without a cluster: journal, reindex, changed files, near-identical
//! articles and earlier texts are the same code. What it searches is the cluster, which a thread fills from that index (`filling`). Servers that
//! only read have neither. Both look several times a second what the cluster serves, and take the lexicon from there (`looking`).
//!
//! So nothing is acknowledged that only the cluster holds, and whatever it loses is filled again. What the writer has of keys it says there, for the
//! others (`keys`).

mod filling;
mod keys;
mod looking;
mod progress;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use super::served::Served;
use super::{Access, Service, ServiceError, lexicon};
use crate::access::{KeySource, TakenKeys};
use crate::cluster::{Client, ClusterArchive, Door};
use crate::config::{ClusterSettings, Config};
use crate::korean::Language;

pub(super) use progress::ClusterProgress;
pub use progress::{ClusterStatus, LeftOut};

/// Editions that stay open for paging sessions, at most: each holds a point in time in every shard, and a node keeps 300.
const EDITIONS: usize = 8;
/// How long the cluster keeps an edition at least that nobody asks.
const KEPT: Duration = Duration::from_secs(300);

/// What a server has of a cluster.
pub(super) struct ClusterSide {
    client: Arc<Client>,
    settings: ClusterSettings,
    door: Door,
    /// What is searched.
    pub(super) shown: Served,
    /// The same, as an archive of the cluster.
    open: Mutex<Option<Arc<ClusterArchive>>>,
    pub(super) progress: Arc<ClusterProgress>,
    /// Whether this server has no articles of its own.
    pub(super) reads_only: bool,
    threads: Mutex<Vec<JoinHandle<()>>>,
    /// Held by whoever fills it.
    filling: Mutex<Option<filling::Deletions>>,
}

impl ClusterSide {
    fn new(
        settings: &ClusterSettings,
        config: &Config,
        language: Language,
        reads_only: bool,
    ) -> Result<Self, ServiceError> {
        let client = Arc::new(settings.client()?);
        let lifetime = config.search.cursor_lifetime;
        let door = Door::new(Arc::clone(&client), &settings.prefix, KEPT.max(lifetime));
        Ok(Self {
            client,
            settings: settings.clone(),
            door,
            shown: Served::new(None, language, lifetime, EDITIONS),
            open: Mutex::default(),
            progress: Arc::new(ClusterProgress::new()),
            reads_only,
            threads: Mutex::default(),
            filling: Mutex::default(),
        })
    }

    /// The index that is searched.
    fn index(&self) -> Option<String> {
        self.shown.serving().map(|serving| serving.archive().about().name.to_owned())
    }
}

impl Service {
    /// What serves, by whichever engine: the embedded index as [`Service::open`] does, or the cluster. A cluster that cannot be asked yet is
    /// no error where it is followed ([`Service::start_following`]).
    ///
    /// # Errors
    /// Those of [`Service::open`]; [`ServiceError::Cluster`].
    pub fn open_engine(config: Config, access: Access) -> Result<Self, ServiceError> {
        let Some(cluster) = config.engine.clone() else { return Self::open(config, access) };
        if access == Access::Read {
            let (language, warnings) = lexicon::load(&config, config.lexicon_dir().as_deref())?;
            lexicon::log(&warnings);
            let side = ClusterSide::new(&cluster, &config, language.clone(), true)?;
            let archive = looking::opened(&config, &side, &language)?;
            let language = archive.1;
            return Self::over_archive(archive.0, language, config);
        }
        let mut service = Self::open(config, access)?;
        service.join(&cluster)?;
        Ok(service)
    }

    /// Lets a cluster follow what is built here.
    pub(super) fn join(&mut self, cluster: &ClusterSettings) -> Result<(), ServiceError> {
        let side = ClusterSide::new(cluster, &self.config, self.language(), false)?;
        if let Some(writes) = self.writes.load().as_ref() {
            writes.progress.lead(&side.progress);
        }
        self.cluster = Some(side);
        Ok(())
    }

    /// Serves what the cluster has, without articles, journal or lexicon of its own. A cluster that cannot be asked yet is no error.
    ///
    /// # Errors
    /// [`ServiceError::NoCluster`] where none is configured; [`ServiceError`] if the index folder, where jobs and the dictionary are, cannot
    /// be made.
    pub fn open_to_read(config: Config) -> Result<Self, ServiceError> {
        let cluster = config.engine.clone().ok_or(ServiceError::NoCluster)?;
        let (language, _) = lexicon::load(&config, None)?;
        let side = ClusterSide::new(&cluster, &config, language.clone(), true)?;
        let mut service = Self::without_articles(None, language, config)?;
        service.cluster = Some(side);
        service.keys = KeySource::Taken(TakenKeys::default());
        Ok(service)
    }

    /// Whether this server has no articles of its own.
    pub fn reads_only(&self) -> bool {
        self.cluster.as_ref().is_some_and(|side| side.reads_only)
    }

    /// How far the cluster is; none where there is none.
    pub fn cluster_status(&self) -> Option<ClusterStatus> {
        let side = self.cluster.as_ref()?;
        let durable = (!side.reads_only).then(|| self.durable());
        Some(side.progress.status(side.index(), durable))
    }

    /// Begins to follow what the cluster serves, and to fill it where this machine has the articles.
    ///
    /// # Errors
    /// [`ServiceError::Thread`] if the machine refuses a thread.
    pub fn start_following(self: &Arc<Self>) -> Result<(), ServiceError> {
        let Some(side) = &self.cluster else { return Ok(()) };
        let mut threads = side.threads.lock().unwrap_or_else(PoisonError::into_inner);
        let mut start = |name: &str, work: fn(&std::sync::Weak<Self>, &ClusterProgress)| {
            let (service, progress) = (Arc::downgrade(self), Arc::clone(&side.progress));
            let thread = std::thread::Builder::new().name(name.to_owned());
            threads.push(thread.spawn(move || work(&service, &progress)).map_err(ServiceError::Thread)?);
            Ok(())
        };
        start("gisa-look", looking::run)?;
        start("gisa-keys", keys::run)?;
        if side.reads_only { Ok(()) } else { start("gisa-fill", filling::run) }
    }

    /// Ends that, once the cluster has what was committed last.
    pub fn stop_following(&self) {
        let Some(side) = &self.cluster else { return };
        side.progress.stop();
        for thread in std::mem::take(&mut *side.threads.lock().unwrap_or_else(PoisonError::into_inner)) {
            if thread.join().is_err() {
                tracing::error!("a thread that follows the cluster ended because of a bug in gisa");
            }
        }
    }
}

/// The files of the lexicon in `folder`, by name.
fn lexicon_files(folder: &Path) -> std::io::Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') && entry.path().is_file() {
            files.push((name, String::from_utf8_lossy(&std::fs::read(entry.path())?).into_owned()));
        }
    }
    files.sort();
    Ok(files)
}
