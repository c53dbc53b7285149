//! The thread that writes the journal.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Instant;

use tokio::sync::{mpsc, oneshot};

use super::{Request, WriteError, WriteProgress};
use crate::journal::{self, Journal, NewEntry};

/// Entries made durable with one sync, at most.
const MAX_ENTRIES_PER_SYNC: usize = 4_096;

/// The entries of a request, and whoever waits for the number of the last.
type Write = (Vec<NewEntry>, oneshot::Sender<Result<u64, WriteError>>);

/// Serves requests until the last sender is gone.
pub(super) fn run(
    mut journal: Journal,
    dir: PathBuf,
    mut requests: mpsc::Receiver<Request>,
    progress: &Arc<WriteProgress>,
) {
    let mut compaction = Compaction::start(dir, Arc::clone(progress));
    // A request that could not join the group before it.
    let mut next = None;
    while let Some(first) = next.take().or_else(|| requests.blocking_recv()) {
        let mut group = match first {
            Request::Write { entries, done } => vec![(entries, done)],
            Request::Reserve { count, done } => {
                // Whoever asked may have been cancelled; the numbers are then given to nobody.
                let _ = done.send(reserve(&mut journal, count, progress));
                continue;
            }
        };
        let mut size = group.iter().map(|(entries, _)| entries.len()).sum::<usize>();
        while size < MAX_ENTRIES_PER_SYNC
            && let Ok(request) = requests.try_recv()
        {
            match request {
                Request::Write { entries, done } => {
                    size += entries.len();
                    group.push((entries, done));
                }
                reserve @ Request::Reserve { .. } => {
                    next = Some(reserve);
                    break;
                }
            }
        }
        write(&mut journal, group, progress);
        if journal.take_closed() {
            compaction.closed(progress.durable());
        }
    }
    compaction.end();
}

/// Gives numbers to articles of files, durably.
///
/// # Errors
/// [`WriteError`]; then none were given.
pub(super) fn reserve(
    journal: &mut Journal,
    count: u64,
    progress: &WriteProgress,
) -> Result<RangeInclusive<u64>, WriteError> {
    let range = journal.reserve(count)?;
    progress.set_durable(journal.sync()?);
    Ok(range)
}

/// Makes a group of requests durable with one sync, and answers them.
fn write(journal: &mut Journal, group: Vec<Write>, progress: &WriteProgress) {
    let began = Instant::now();
    let mut waiting = Vec::with_capacity(group.len());
    let mut entries: Vec<NewEntry> = Vec::new();
    for (of_request, done) in group {
        entries.extend(of_request);
        // How many entries there are up to and including this request's: that gives its last number once they have theirs.
        waiting.push((entries.len() as u64, done));
    }
    let count = entries.len() as u64;
    let written = journal.append(&entries).and_then(|range| {
        journal.sync()?;
        Ok(range)
    });
    match written {
        Ok(range) => {
            progress.set_durable(*range.end());
            metrics::histogram!("journal_sync_seconds").record(began.elapsed().as_secs_f64());
            metrics::counter!("journal_entries_total").increment(count);
            for (end, done) in waiting {
                // The client may have gone; its articles are durable all the same.
                let _ = done.send(Ok((range.start() + end).saturating_sub(1)));
            }
        }
        Err(error) => {
            tracing::error!(%error, entries = count, "the journal could not be written; nothing was acknowledged");
            metrics::counter!("journal_errors_total").increment(1);
            let error = WriteError::from(error);
            for (_, done) in waiting {
                let _ = done.send(Err(error.clone()));
            }
        }
    }
}

/// Compaction on a thread of its own: the journal takes entries meanwhile.
struct Compaction {
    /// Entries up to which files have been closed; none once it is to end.
    closed: Option<std::sync::mpsc::Sender<u64>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Compaction {
    fn start(dir: PathBuf, progress: Arc<WriteProgress>) -> Self {
        let (closed, ends) = std::sync::mpsc::channel();
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let work = move || {
            while let Ok(mut end) = ends.recv() {
                end = ends.try_iter().last().unwrap_or(end);
                // What is not searchable yet is left alone: texts that are replaced before the index has them would not be kept.
                if !progress.wait_searchable(end, || stopped.load(Ordering::Relaxed)) {
                    return;
                }
                compact_if_worthwhile(&dir, end, &stopped);
            }
        };
        match std::thread::Builder::new().name("gisa-compact".to_owned()).spawn(work) {
            Ok(thread) => Self { closed: Some(closed), stop, thread: Some(thread) },
            Err(error) => {
                tracing::error!(%error, "cannot start the thread that compacts the journal, which takes more disk space until the next start");
                Self { closed: None, stop, thread: None }
            }
        }
    }

    /// Lets it look whether there is something to do: files have been closed, all of whose entries are at most `end`.
    fn closed(&self, end: u64) {
        // A thread that has ended has said why.
        let _ = self.closed.as_ref().map(|closed| closed.send(end));
    }

    fn end(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        self.closed = None;
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("compacting the journal failed because of a bug in gisa");
        }
    }
}

/// Compacts the entries up to `searchable`, unless that would bring little.
fn compact_if_worthwhile(dir: &Path, searchable: u64, stop: &AtomicBool) {
    match journal::worth_compacting(dir, searchable) {
        Ok(true) => {}
        Ok(false) => return,
        Err(error) => return tracing::warn!(%error, "cannot tell whether to compact the journal"),
    }
    match journal::compact(dir, searchable, || !stop.load(Ordering::Relaxed)) {
        Ok(report) => tracing::info!(?report, "compacted the journal"),
        Err(error) => {
            tracing::error!(%error, "the journal could not be compacted; it takes more disk space until the next attempt")
        }
    }
}
