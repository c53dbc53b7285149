//! How far the journal and the index have come, and who waits for it.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;
use tokio::sync::watch;
use utoipa::ToSchema;

use crate::service::cluster::ClusterProgress;

/// How often whoever waits on a thread looks whether it is time to stop.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// How far writing has come. Sequence numbers are the journal's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct WriteStatus {
    /// The last entry that is durable.
    pub durable: u64,
    /// The last entry that searches see.
    pub searchable: u64,
    /// Why searches do not see later entries, if it is more than the ordinary delay of a second.
    pub error: Option<String>,
    /// Whether everything that was durable at the start is searchable.
    pub caught_up: bool,
}

/// Shared by the threads that write and by whoever waits for them.
pub(in crate::service) struct WriteProgress {
    durable: watch::Sender<u64>,
    searchable: watch::Sender<u64>,
    /// The entry that must be searchable before the server is ready.
    at_start: u64,
    state: Mutex<State>,
    changed: Condvar,
    /// The cluster that follows, if one does.
    cluster: OnceLock<Arc<ClusterProgress>>,
}

#[derive(Default)]
struct State {
    /// Somebody waits until this entry is searchable.
    wanted: u64,
    stop: bool,
    error: Option<String>,
}

/// When the index may be written to again.
#[derive(Debug, Clone, Copy)]
pub(super) enum NotBefore {
    /// At this time, or earlier if somebody waits.
    Unhurried(Instant),
    /// At this time, whoever waits: the last attempt failed.
    Failed(Instant),
}

impl WriteProgress {
    /// The journal holds entries up to `durable`, the index up to `searchable`.
    pub(in crate::service) fn new(durable: u64, searchable: u64) -> Self {
        Self {
            durable: watch::Sender::new(durable),
            searchable: watch::Sender::new(searchable),
            at_start: durable,
            state: Mutex::default(),
            changed: Condvar::new(),
            cluster: OnceLock::new(),
        }
    }

    /// Lets a cluster follow.
    pub(in crate::service) fn lead(&self, cluster: &Arc<ClusterProgress>) {
        cluster.durable(self.durable());
        let _ = self.cluster.set(Arc::clone(cluster));
    }

    /// The last entry that is durable.
    pub(in crate::service) fn durable(&self) -> u64 {
        *self.durable.borrow()
    }

    /// Changes when searches see more.
    pub(in crate::service) fn searchable_changes(&self) -> watch::Receiver<u64> {
        self.searchable.subscribe()
    }

    /// The last entry that was durable when the journal was opened.
    pub(super) fn at_start(&self) -> u64 {
        self.at_start
    }

    /// Notes the last entry that is durable now.
    pub(super) fn set_durable(&self, sequence: u64) {
        self.durable.send_replace(sequence);
        if let Some(cluster) = self.cluster.get() {
            cluster.durable(sequence);
        }
        let _state = self.lock();
        self.changed.notify_all();
    }

    /// Notes the last entry that is searchable now. It may be lower than before, if an older generation took over.
    pub(in crate::service) fn set_searchable(&self, sequence: u64) {
        self.searchable.send_replace(sequence);
        if let Some(cluster) = self.cluster.get() {
            cluster.nudge();
        }
        let _state = self.lock();
        self.changed.notify_all();
    }

    /// Notes why the index cannot follow the journal; none if it can.
    pub(super) fn set_error(&self, error: Option<String>) {
        self.lock().error = error;
    }

    /// How far writing has come.
    pub(in crate::service) fn status(&self) -> WriteStatus {
        let (durable, searchable) = (self.durable(), *self.searchable.borrow());
        WriteStatus {
            durable,
            searchable,
            error: self.lock().error.clone(),
            caught_up: searchable >= self.at_start,
        }
    }

    /// Waits until searches see the entry `sequence`, and lets the index hurry.
    pub(in crate::service) async fn searchable(&self, sequence: u64) {
        {
            let mut state = self.lock();
            state.wanted = state.wanted.max(sequence);
            self.changed.notify_all();
        }
        // The sender lives as long as `self`, so the wait can only end because the entry is searchable.
        let _ = self.searchable.subscribe().wait_for(|now| *now >= sequence).await;
    }

    /// Waits on this thread until searches see the entry `sequence`; nobody hurries. `false` if `is_stopped` says so before.
    pub(super) fn wait_searchable(&self, sequence: u64, is_stopped: impl Fn() -> bool) -> bool {
        let mut state = self.lock();
        while *self.searchable.borrow() < sequence {
            if is_stopped() {
                return false;
            }
            let waited = self.changed.wait_timeout(state, LOOK_AGAIN);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }

    /// Tells the thread that follows the journal to end once all durable entries are searchable.
    pub(in crate::service) fn stop(&self) {
        self.lock().stop = true;
        self.changed.notify_all();
    }

    /// Waits until there is an entry to make searchable and `not_before` allows it. `false` when it is time to stop.
    pub(super) fn wait(&self, not_before: NotBefore) -> bool {
        let mut state = self.lock();
        loop {
            if state.stop {
                return false;
            }
            let (durable, searchable) = (self.durable(), *self.searchable.borrow());
            let now = Instant::now();
            let pause = match not_before {
                _ if durable <= searchable => None,
                NotBefore::Unhurried(_) if state.wanted > searchable => return true,
                NotBefore::Unhurried(time) | NotBefore::Failed(time) => {
                    Some(time.saturating_duration_since(now))
                }
            };
            state = match pause {
                Some(Duration::ZERO) => return true,
                Some(pause) => {
                    self.changed.wait_timeout(state, pause).unwrap_or_else(PoisonError::into_inner).0
                }
                None => self.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_waits_is_in_a_hurry_and_a_failure_is_not() {
        let progress = WriteProgress::new(3, 3);
        let far = Instant::now() + Duration::from_secs(3600);
        progress.set_durable(4);
        assert!(progress.wait(NotBefore::Unhurried(Instant::now())), "there is something");
        progress.lock().wanted = 4;
        assert!(progress.wait(NotBefore::Unhurried(far)), "somebody waits for it");
        progress.set_searchable(4);
        progress.stop();
        assert!(!progress.wait(NotBefore::Failed(far)));
        assert!(progress.status().caught_up);
    }
}
