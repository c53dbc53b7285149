//! The thread that writes the journal.

use std::ops::RangeInclusive;
use std::path::PathBuf;
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
    progress: &WriteProgress,
) {
    let mut compaction = Compaction { dir, stop: Arc::default(), thread: None };
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
            compaction.start(progress.searchable_now());
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

/// Compaction on a thread of its own, one at a time: the journal takes entries meanwhile.
struct Compaction {
    dir: PathBuf,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Compaction {
    /// Starts a compaction of entries up to `searchable` if it is worthwhile and none is under way. What is not searchable yet is
    /// left alone: texts that are replaced before the index has them would not be kept.
    fn start(&mut self, searchable: u64) {
        match journal::worth_compacting(&self.dir, searchable) {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => return tracing::warn!(%error, "cannot tell whether to compact the journal"),
        }
        if self.thread.as_ref().is_some_and(|thread| !thread.is_finished()) {
            return;
        }
        self.end();
        let (dir, stop) = (self.dir.clone(), Arc::clone(&self.stop));
        let work = move || match journal::compact(&dir, searchable, || !stop.load(Ordering::Relaxed)) {
            Ok(report) => tracing::info!(?report, "compacted the journal"),
            Err(error) => {
                tracing::error!(%error, "the journal could not be compacted; it takes more disk space until the next attempt")
            }
        };
        match std::thread::Builder::new().name("gisa-compact".to_owned()).spawn(work) {
            Ok(thread) => self.thread = Some(thread),
            Err(error) => tracing::error!(%error, "cannot start the thread that compacts the journal"),
        }
    }

    fn end(&mut self) {
        if let Some(thread) = self.thread.take() {
            self.stop.store(true, Ordering::Relaxed);
            if thread.join().is_err() {
                tracing::error!("compacting the journal failed because of a bug in gisa");
            }
            self.stop.store(false, Ordering::Relaxed);
        }
    }
}
