//! Articles pushed over HTTP: first durable, then acknowledged, then searchable.
//!
//! Two threads. One writes the journal: it takes all waiting requests, appends their entries, syncs once, and answers them.
//! The other follows the journal: it reads entries that are durable but not yet in the index, applies them to the
//! generation in service, and commits. Everything it applies comes from the journal, so a start after a crash, a reindex
//! that catches up, and the ordinary second after a push all take the same path.
//!
//! * The index takes articles from nowhere else, and memory is bounded whatever is pushed. Failing over to an older generation is the same
//!   thing again: it catches up from the entry that its commit names.
//! * The first article after a pause is committed at once, then four times a second at most, because every commit makes a segment.
//! * A reindex reads files and journal, verifies, catches up twice while the writer goes on, and a last time while it waits; then `CURRENT`
//!   and the pointer change. Entries of the journal count as read after all files: **a push wins over files**, because an article that was
//!   withdrawn must not come back with a reindex.
//! * What fails while the index is written is tried again from the last commit, with growing pauses. Acknowledging goes on meanwhile,
//!   because the journal is what it promises.
//!
//! The proof is in tests: `survives_kill` (the real program killed at random and at every fault point, with writers, searchers and
//! reindexes), `faults_are_reported` (the N-th operation of the disk fails), `damage_is_noticed` (every file of a generation flipped, cut,
//! deleted; a full and a read-only disk; no file handles), `model_of_writes` (random steps against a map; clients during writes and
//! reindexes). How fast it is: docs/MEASURED.md.

mod follower;
mod indexing;
mod journaling;
mod progress;
mod replaced;

use std::io::ErrorKind;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use tokio::sync::{mpsc, oneshot};

use super::jobs::JobRefused;
use super::{Service, ServiceError};
use crate::index::IndexError;
use crate::index::folder::FolderLock;
use crate::ingest::PUSHED_FOLDER;
use crate::journal::{self, EarlierTexts, Journal, JournalError, JournalOptions, NewEntry, Recovery};

pub(super) use follower::{FollowedJournal, Follower};
pub(super) use progress::WriteProgress;
pub use progress::WriteStatus;

/// Requests that wait for the journal's thread, at most; the rest wait in their connections.
const MAX_WAITING_REQUESTS: usize = 256;
/// `EIO`, what a failing disk answers; the standard library has no kind of error for it.
const INPUT_OUTPUT_ERROR: i32 = 5;
/// A file in the journal's folder; the journal ignores hidden names.
const LOCK: &str = ".LOCK";

/// Why nothing was written.
#[derive(Debug, Clone, thiserror::Error)]
pub enum WriteError {
    /// The journal cannot be written to.
    #[error("{0}")]
    Journal(String),
    /// This server only reads; what to do.
    #[error("{detail}")]
    ReadOnly {
        /// What to do.
        detail: String,
        /// Where articles are pushed to, if that is known.
        writer: Option<String>,
    },
    /// The articles folder cannot be written to; the reason and what to do.
    #[error("{0}")]
    Off(String),
    /// The server is stopping, or never began to write.
    #[error("the server does not accept articles now; send them again when it is ready")]
    Stopped,
}

impl From<JournalError> for WriteError {
    fn from(error: JournalError) -> Self {
        Self::Journal(error.to_string())
    }
}

/// What is asked of the journal.
enum Request {
    /// Entries to be made durable.
    Write { entries: Vec<NewEntry>, done: oneshot::Sender<Result<u64, WriteError>> },
    /// So many numbers for articles of files.
    Reserve { count: u64, done: oneshot::Sender<Result<RangeInclusive<u64>, WriteError>> },
}

/// The journal, and the two threads that write and follow it.
pub(super) struct Writes {
    stage: Mutex<Stage>,
    pub(super) progress: Arc<WriteProgress>,
    /// What opening the journal found.
    recovery: Recovery,
    /// Why nothing can be written; none where it can.
    off: Option<String>,
    /// Held for as long as this process may write to the journal.
    _folder: Option<FolderLock>,
}

/// How far the two threads are. It only ever moves on.
enum Stage {
    /// They have not been started; the one that writes the journal will take it. None where it is only read.
    Opened(Option<Journal>),
    Running {
        /// None where the journal is only read.
        journaling: Option<Journaling>,
        indexing: JoinHandle<()>,
    },
    /// They were told to stop, or could not be started.
    Stopped,
}

/// The thread that writes the journal.
struct Journaling {
    /// It ends when this and all its clones are gone.
    requests: mpsc::Sender<Request>,
    thread: JoinHandle<()>,
}

impl Writes {
    /// Opens the journal in `dir`, whose files are closed at `roll_bytes`. `searchable` is its last entry in the generation in
    /// service.
    ///
    /// # Errors
    /// [`ServiceError`], if another process writes to it. A folder that cannot be written to is no error: then the journal is
    /// followed as far as it can be read, and nothing is added to it.
    pub(super) fn open(dir: &Path, roll_bytes: u64, searchable: u64) -> Result<Self, ServiceError> {
        Self::open_to_write(dir, roll_bytes, searchable).or_else(|error| {
            if !is_of_the_disk(&error) {
                return Err(error);
            }
            tracing::error!(%error, "serving without taking articles");
            let off = format!(
                "no articles are taken: {error}; the user that runs gisa needs the right to write in the articles folder, which \
                 must be mounted writable and have room; once that is mended, restart"
            );
            Ok(Self::open_to_read(dir, searchable, off))
        })
    }

    fn open_to_write(dir: &Path, roll_bytes: u64, searchable: u64) -> Result<Self, ServiceError> {
        std::fs::create_dir_all(dir).map_err(IndexError::io("cannot create the folder", dir))?;
        // A server with another index folder may use the same articles: the index folder's lock does not keep it out.
        let folder = FolderLock::take(dir.join(LOCK)).map_err(|error| match error {
            IndexError::Locked { path } => ServiceError::DataInUse { path },
            error => error.into(),
        })?;
        let options = JournalOptions { roll_bytes, known_sequence: searchable };
        let (journal, recovery) = Journal::open(dir, options)?;
        report(&recovery);
        let progress = Arc::new(WriteProgress::new(journal.last_sequence(), searchable));
        let stage = Mutex::new(Stage::Opened(Some(journal)));
        Ok(Self { stage, progress, recovery, off: None, _folder: Some(folder) })
    }

    /// The journal of a folder that cannot be written to, for the reason `off`.
    fn open_to_read(dir: &Path, searchable: u64, mut off: String) -> Self {
        let recovery = journal::inspect(dir).unwrap_or_else(|error| {
            tracing::error!(%error, "what was pushed since the last commit is not searched");
            off.push_str(&format!(" (nor can the journal be read: {error})"));
            Recovery::default()
        });
        report(&recovery);
        let last = recovery.last_sequence.max(searchable);
        let progress = Arc::new(WriteProgress::new(last, searchable));
        Self { stage: Mutex::new(Stage::Opened(None)), progress, recovery, off: Some(off), _folder: None }
    }

    fn stage(&self) -> MutexGuard<'_, Stage> {
        self.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Service {
    /// Where the journal is.
    pub fn journal_dir(&self) -> PathBuf {
        self.config.articles_dir().join(PUSHED_FOLDER)
    }

    /// The journal as a generation follows it.
    pub(super) fn followed_journal(&self) -> FollowedJournal {
        let writes = self.writes.load();
        let known = writes.as_ref().map_or(u64::MAX, |writes| writes.progress.at_start());
        let writable = writes.as_ref().is_some_and(|writes| writes.off.is_none());
        let earlier = writable.then(|| Arc::clone(&self.earlier));
        FollowedJournal { dir: self.journal_dir(), known, earlier }
    }

    /// What articles said before a push replaced it.
    pub fn earlier_texts(&self) -> &Arc<EarlierTexts> {
        &self.earlier
    }

    /// What opening the journal found; `None` if this process may not write.
    pub fn journal_recovery(&self) -> Option<Recovery> {
        self.writes.load().as_ref().map(|writes| writes.recovery.clone())
    }

    /// How far searches follow the journal; `None` if this process does not follow it.
    pub fn write_status(&self) -> Option<WriteStatus> {
        let status = self.writes.load().as_ref().map(|writes| writes.progress.status())?;
        Some(match &self.cluster {
            // How far the cluster is says `cluster_status`: it may be away for long, and what is pushed is taken all the same.
            Some(side) => WriteStatus { searchable: side.progress.sequence(), caught_up: true, ..status },
            None => status,
        })
    }

    /// Why no articles can be written; `None` if they can.
    pub fn writes_off(&self) -> Option<String> {
        match self.writes.load().as_ref() {
            Some(_) if self.cluster.is_some() && self.built().is_none() => Some(
                "this machine has not filled the cluster: push to the one that does, or run `gisa reindex` here".to_owned(),
            ),
            Some(writes) => writes.off.clone(),
            None if self.reads_only() => Some(self.only_reads()),
            None if self.is_kept_elsewhere() => Some(JobRefused::KeptElsewhere.to_string()),
            None => Some("there is no articles folder in data_dir; create it and restart".to_owned()),
        }
    }

    /// Begins to accept pushed articles, if it does not already, and to follow the journal.
    ///
    /// # Errors
    /// [`ServiceError::Thread`] if the machine refuses a thread.
    pub fn start_writing(self: &Arc<Self>) -> Result<(), ServiceError> {
        let Some(writes) = self.writes.load_full() else { return Ok(()) };
        let mut stage = writes.stage();
        let journal = match std::mem::replace(&mut *stage, Stage::Stopped) {
            Stage::Opened(journal) => journal,
            later => {
                *stage = later;
                return Ok(());
            }
        };
        let journaling = journal.map(|journal| self.start_journaling(journal, &writes)).transpose()?;
        let (progress, service) = (Arc::clone(&writes.progress), Arc::downgrade(self));
        let indexing = std::thread::Builder::new()
            .name("gisa-follow".to_owned())
            .spawn(move || indexing::run(&service, &progress))
            .map_err(ServiceError::Thread)?;
        *stage = Stage::Running { journaling, indexing };
        Ok(())
    }

    fn start_journaling(&self, journal: Journal, writes: &Writes) -> Result<Journaling, ServiceError> {
        let (sender, requests) = mpsc::channel(MAX_WAITING_REQUESTS);
        let (progress, dir) = (Arc::clone(&writes.progress), self.journal_dir());
        let thread = std::thread::Builder::new()
            .name("gisa-journal".to_owned())
            .spawn(move || journaling::run(journal, dir, requests, &progress))
            .map_err(ServiceError::Thread)?;
        Ok(Journaling { requests: sender, thread })
    }

    /// Accepts no more articles, and waits until all that were acknowledged are searchable and committed.
    pub fn stop_writing(&self) {
        let Some(writes) = self.writes.load_full() else { return };
        let (journaling, indexing) = {
            let mut stage = writes.stage();
            match std::mem::replace(&mut *stage, Stage::Stopped) {
                Stage::Running { journaling, indexing } => (journaling, indexing),
                other => {
                    *stage = other;
                    return;
                }
            }
        };
        if let Some(Journaling { requests, thread }) = journaling {
            // This is the last sender: the journal's thread ends when it has answered every request.
            drop(requests);
            if thread.join().is_err() {
                tracing::error!("the thread that writes the journal ended because of a bug in gisa");
            }
        }
        writes.progress.stop();
        if indexing.join().is_err() {
            tracing::error!("the thread that follows the journal ended because of a bug in gisa");
        }
    }

    /// The address of the server that takes articles for this one, if it is configured.
    pub fn writer(&self) -> Option<String> {
        self.config.engine.as_ref().and_then(|cluster| cluster.writer.clone())
    }

    /// What whoever pushes to a server that only reads is told.
    fn only_reads(&self) -> String {
        let writer = self.writer();
        let to = writer.map_or_else(|| "the writer".to_owned(), |writer| format!("the writer, {writer}"));
        format!("this server only reads: send it to {to}")
    }

    /// Makes entries durable, in their order. Gives the sequence number of the last.
    ///
    /// # Errors
    /// [`WriteError`]; then none of them counts.
    pub async fn write(&self, entries: Vec<NewEntry>) -> Result<u64, WriteError> {
        if self.reads_only() {
            return Err(WriteError::ReadOnly { detail: self.only_reads(), writer: self.writer() });
        }
        if let Some(why) = self.writes_off() {
            return Err(WriteError::Off(why));
        }
        let requests = {
            let writes = self.writes.load();
            let writes = writes.as_ref().ok_or(WriteError::Stopped)?;
            match &*writes.stage() {
                Stage::Running { journaling: Some(journaling), .. } => journaling.requests.clone(),
                Stage::Running { .. } | Stage::Opened(_) | Stage::Stopped => return Err(WriteError::Stopped),
            }
        };
        let (done, answer) = oneshot::channel();
        requests.send(Request::Write { entries, done }).await.map_err(|_| WriteError::Stopped)?;
        drop(requests);
        answer.await.map_err(|_| WriteError::Stopped)?
    }

    /// Numbers for `count` articles of files, in the order in which articles come; durable. None where nothing can be pushed either: then
    /// there is no such order. Blocks, so it must not be called on a thread that serves requests.
    ///
    /// # Errors
    /// [`IndexError::Cancelled`] where the server is stopping, which ends a changed run as any other job; [`IndexError::NotNumbered`]. Then
    /// none were given.
    pub(super) fn reserve_numbers(&self, count: u64) -> Result<Option<RangeInclusive<u64>>, IndexError> {
        self.reserve(count).map_err(|error| match error {
            WriteError::Stopped => IndexError::Cancelled,
            error => IndexError::NotNumbered(error.to_string()),
        })
    }

    fn reserve(&self, count: u64) -> Result<Option<RangeInclusive<u64>>, WriteError> {
        let Some(writes) = self.writes.load_full().filter(|writes| writes.off.is_none()) else {
            return Ok(None);
        };
        let requests = match &mut *writes.stage() {
            Stage::Opened(Some(journal)) => {
                return journaling::reserve(journal, count, &writes.progress).map(Some);
            }
            Stage::Running { journaling: Some(journaling), .. } => journaling.requests.clone(),
            Stage::Running { .. } | Stage::Opened(_) => return Ok(None),
            Stage::Stopped => return Err(WriteError::Stopped),
        };
        let (done, answer) = oneshot::channel();
        requests.blocking_send(Request::Reserve { count, done }).map_err(|_| WriteError::Stopped)?;
        drop(requests);
        answer.blocking_recv().map_err(|_| WriteError::Stopped)?.map(Some)
    }

    /// Waits until searches see the journal's entry `sequence`.
    pub async fn searchable(&self, sequence: u64) {
        let progress = self.writes.load().as_ref().map(|writes| Arc::clone(&writes.progress));
        if let Some(progress) = progress {
            progress.searchable(sequence).await;
        }
        if let Some(side) = &self.cluster {
            side.progress.searchable(sequence).await;
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if let Some(writes) = self.writes.load().as_ref() {
            writes.progress.stop();
        }
        if let Some(side) = &self.cluster {
            side.progress.stop();
        }
    }
}

/// Whether the disk is at fault, or what it allows: the index can be searched all the same.
fn is_of_the_disk(error: &ServiceError) -> bool {
    let (ServiceError::Index(IndexError::Io { source, .. })
    | ServiceError::Journal(JournalError::Io { source, .. })) = error
    else {
        return false;
    };
    let failing = source.raw_os_error() == Some(INPUT_OUTPUT_ERROR);
    let kinds = [
        ErrorKind::PermissionDenied,
        ErrorKind::ReadOnlyFilesystem,
        ErrorKind::StorageFull,
        ErrorKind::QuotaExceeded,
    ];
    failing || kinds.contains(&source.kind())
}

/// Logs what opening the journal found; `/ready` and `gisa check` report it too, because few people read a log.
fn report(recovery: &Recovery) {
    if let Some(torn) = &recovery.torn {
        tracing::warn!(
            ?torn,
            "the last write to the journal was cut short; its articles were never acknowledged"
        );
    }
    for damage in recovery.damage() {
        tracing::error!(damage, "the journal is damaged");
    }
}
