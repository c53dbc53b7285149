//! How far the journal and the index have come, and who waits for it.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;
use tokio::sync::watch;
use utoipa::ToSchema;

/// How far writing has come. Sequence numbers are the journal's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct WriteStatus {
    /// The last entry that is durable.
    pub durable: u64,
    /// The last entry that searches see.
    pub searchable: u64,
    /// Why searches do not see later ones, if that is more than the ordinary second.
    pub error: Option<String>,
    /// Whether everything that was durable at the start is searchable.
    pub caught_up: bool,
}

/// Shared by the threads that write and by whoever waits for them.
pub(in crate::service) struct WriteProgress {
    durable: watch::Sender<u64>,
    searchable: watch::Sender<u64>,
    /// What is to be searchable before the server is ready.
    at_start: u64,
    state: Mutex<State>,
    changed: Condvar,
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
    /// Then, or earlier if somebody waits.
    Unhurried(Instant),
    /// Then: the last attempt failed.
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
        }
    }

    /// The last entry that is durable.
    pub(in crate::service) fn durable(&self) -> u64 {
        *self.durable.borrow()
    }

    /// Notes what is durable now.
    pub(super) fn set_durable(&self, sequence: u64) {
        self.durable.send_replace(sequence);
        let _state = self.lock();
        self.changed.notify_all();
    }

    /// Notes what is searchable now: less than before, where an older generation stepped in.
    pub(in crate::service) fn set_searchable(&self, sequence: u64) {
        self.searchable.send_replace(sequence);
        let _state = self.lock();
        self.changed.notify_all();
    }

    /// Notes why the index does not follow; none if it does.
    pub(super) fn set_error(&self, error: Option<String>) {
        self.lock().error = error;
    }

    /// Where everything stands.
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
        // The sender lives as long as this: the wait ends with what was waited for.
        let _ = self.searchable.subscribe().wait_for(|now| *now >= sequence).await;
    }

    /// Tells the thread that follows to end when it has made searchable what is durable.
    pub(in crate::service) fn stop(&self) {
        self.lock().stop = true;
        self.changed.notify_all();
    }

    /// Waits until there is something to make searchable and it may be done. `false` at the end.
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
