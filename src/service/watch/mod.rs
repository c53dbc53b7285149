//! Following the articles folder: a changed run as soon as a file has arrived, has changed or is gone.
//!
//! A thread looks at the folder when the file system says that something happened there, and now and then without that (`notices`);
//! compares what is there with what the generation in service has read; waits until each file that differs stands still (`arrivals`);
//! and starts a changed run like anybody else: as a job, one at a time, under the same guard.

mod arrivals;
mod notices;

use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustc_hash::FxHashSet;
use serde::Serialize;
use utoipa::ToSchema;

use self::arrivals::Arrivals;
use self::notices::Notices;
use super::jobs::{JobRefused, JobState};
use super::{ChangedOptions, Service, ServiceError};
use crate::index::{FilesRead, IndexError};

/// How often it is asked whether there is a reason to look.
const TICK: Duration = Duration::from_millis(200);
/// Looks have at least this pause between them, and four times as long as they take: a large folder is not listed all the time.
const SHORTEST_PAUSE: Duration = Duration::from_millis(500);
/// Pause after a run that failed; it doubles with each further one.
const FIRST_RETRY: Duration = Duration::from_secs(5);
const LONGEST_RETRY: Duration = Duration::from_secs(600);

/// How the articles folder is followed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct WatchStatus {
    /// Whether the file system says when something happens; otherwise it is only looked at now and then.
    pub notices: bool,
    /// Seconds between two looks where nothing is said.
    pub poll_s: u64,
    /// Why files cannot be followed now; null if they are.
    pub error: Option<String>,
}

/// The thread that follows the folder.
pub(super) struct Watch {
    shared: Arc<Shared>,
    thread: JoinHandle<()>,
}

struct Shared {
    stop: Mutex<bool>,
    stopped: Condvar,
    status: Mutex<WatchStatus>,
}

impl Shared {
    /// Waits a moment. `false` when it is time to stop.
    fn wait(&self) -> bool {
        let stop = lock(&self.stop);
        if *stop {
            return false;
        }
        let (stop, _) = self.stopped.wait_timeout(stop, TICK).unwrap_or_else(PoisonError::into_inner);
        !*stop
    }

    fn set_error(&self, error: Option<String>) {
        let mut status = lock(&self.status);
        if error.is_some() && status.error != error {
            tracing::warn!(error, "files in the articles folder cannot be followed");
        }
        status.error = error;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Service {
    /// Begins to follow the articles folder, if the settings say so and it is not followed yet.
    ///
    /// # Errors
    /// [`ServiceError::Thread`] if the machine refuses a thread.
    pub fn start_watching(self: &Arc<Self>) -> Result<(), ServiceError> {
        let Some(poll) = self.config.ingest.watch else { return Ok(()) };
        let mut watch = lock(&self.watch);
        if watch.is_some() || self.is_kept_elsewhere() {
            return Ok(());
        }
        let notices = Notices::new().inspect_err(|error| {
            tracing::warn!(%error, poll = ?poll, "the articles folder is only looked at now and then");
        });
        let notices = notices.ok();
        let status = WatchStatus { notices: notices.is_some(), poll_s: poll.as_secs(), error: None };
        let shared =
            Arc::new(Shared { stop: Mutex::new(false), stopped: Condvar::new(), status: Mutex::new(status) });
        let watcher = Watcher {
            service: Arc::downgrade(self),
            shared: Arc::clone(&shared),
            notices,
            poll,
            arrivals: Arrivals::default(),
            read: None,
            refused: FxHashSet::default(),
            running: None,
            retry: FIRST_RETRY,
        };
        let thread = std::thread::Builder::new()
            .name("gisa-watch".to_owned())
            .spawn(move || watcher.run())
            .map_err(ServiceError::Thread)?;
        *watch = Some(Watch { shared, thread });
        Ok(())
    }

    /// Follows the articles folder no more, and waits until the thread has ended. A run that it began goes on.
    pub fn stop_watching(&self) {
        let Some(Watch { shared, thread }) = lock(&self.watch).take() else { return };
        *lock(&shared.stop) = true;
        shared.stopped.notify_all();
        if thread.join().is_err() {
            tracing::error!("the thread that follows the articles folder ended because of a bug in gisa");
        }
    }

    /// How the articles folder is followed; `None` if it is not.
    pub fn watch_status(&self) -> Option<WatchStatus> {
        let watch = lock(&self.watch);
        let watch = watch.as_ref()?;
        let status = lock(&watch.shared.status).clone();
        if watch.thread.is_finished() {
            let error = Some("the thread that follows it ended because of a bug in gisa; restart".to_owned());
            return Some(WatchStatus { error, ..status });
        }
        Some(status)
    }
}

struct Watcher {
    service: Weak<Service>,
    shared: Arc<Shared>,
    notices: Option<Notices>,
    poll: Duration,
    arrivals: Arrivals,
    /// What the generation in service has read, and which that is.
    read: Option<FilesRead>,
    /// Files that are not articles, of which the log has told.
    refused: FxHashSet<PathBuf>,
    /// The run that was begun last.
    running: Option<String>,
    retry: Duration,
}

impl Watcher {
    fn run(mut self) {
        let (mut next, mut earliest) = (Instant::now(), Instant::now());
        let mut noticed = true;
        while self.shared.wait() {
            noticed |= self.notices.as_mut().is_some_and(Notices::any);
            let now = Instant::now();
            if now < earliest || !noticed && now < next {
                continue;
            }
            let Some(service) = self.service.upgrade() else { return };
            // One job at a time; what happens meanwhile is seen after it.
            if service.jobs().running().is_some() {
                continue;
            }
            if let Some(pause) = self.ended(&service) {
                earliest = now + pause;
                continue;
            }
            noticed = false;
            let again = self.look(&service).unwrap_or_else(|error| {
                self.shared.set_error(Some(error.to_string()));
                None
            });
            next = again.unwrap_or_else(Instant::now).max(now);
            if again.is_none() {
                next += self.poll;
            }
            earliest = Instant::now() + (now.elapsed() * 4).max(SHORTEST_PAUSE);
        }
    }

    /// Looks how the last run ended, once it has. How long to wait, if it failed for a reason that may pass.
    fn ended(&mut self, service: &Service) -> Option<Duration> {
        let job = service.jobs().get(&self.running.take()?)?;
        if service.withheld().is_some() {
            self.arrivals.withheld();
            self.retry = FIRST_RETRY;
            return None;
        }
        if job.state == JobState::Succeeded {
            self.retry = FIRST_RETRY;
            return None;
        }
        self.arrivals.failed();
        let pause = self.retry;
        self.retry = LONGEST_RETRY.min(pause * 2);
        Some(pause)
    }

    /// Looks at the folder, and begins a run if something has arrived. When to look again, if a file is still being written.
    fn look(&mut self, service: &Arc<Service>) -> Result<Option<Instant>, ServiceError> {
        let list = service.listed()?;
        let mut again = None;
        if let Some(notices) = &mut self.notices {
            match notices.follow(&list.folders) {
                Ok(any_new) => {
                    lock(&self.shared.status).notices = true;
                    again = any_new.then(Instant::now);
                }
                Err(error) => {
                    let said = std::mem::replace(&mut lock(&self.shared.status).notices, false);
                    if said {
                        tracing::warn!(%error, "not all folders give notices; they are looked at now and then");
                    }
                }
            }
        }
        for refused in &list.refused {
            if self.refused.insert(refused.file.clone()) {
                tracing::warn!(file = %refused.file.display(), reason = %refused.refusal, "a file is not read");
            }
        }
        let serving = service.built();
        let Some(generation) = serving.as_ref().and_then(|serving| serving.generation()) else {
            return Ok(again);
        };
        if !self.read.as_ref().is_some_and(|read| generation.has_read(read)) {
            let read = generation.files_read()?;
            self.read = Some(read.ok_or_else(|| IndexError::NoBook { path: generation.path().to_owned() })?);
        }
        let differing = self.read.as_ref().map(|read| read.differences(&list)).unwrap_or_default();
        self.shared.set_error(None);
        if differing.is_empty() {
            // What was gone is there again.
            service.set_withheld(None);
        }
        let due = self.arrivals.look(differing, Instant::now());
        if due.run {
            let options = ChangedOptions { force: false, unsettled: due.unsettled.clone() };
            match service.start_changed(options) {
                Ok(job) => {
                    self.arrivals.begun(&due.unsettled);
                    self.running = Some(job.id);
                }
                // It is seen at the next look.
                Err(JobRefused::Running(_)) => return Ok(Some(Instant::now())),
                Err(JobRefused::KeptElsewhere) => {}
                Err(JobRefused::Service(error)) => return Err(error),
            }
        }
        Ok(again.or(due.again))
    }
}
