//! How far the cluster has followed this machine, and who waits for it.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;
use tokio::sync::watch;
use utoipa::ToSchema;

use crate::article::ArticleId;

/// Moments of acknowledgement that are remembered; then every second one is forgotten, and ages are less exact.
const REMEMBERED: usize = 4_096;

/// How far the cluster is, as this server sees it. Sequence numbers are the journal's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ClusterStatus {
    /// The index of the cluster that is searched here; null where none could be opened yet.
    pub index: Option<String>,
    /// The last entry of the journal that searches here see; null where `articles` is.
    pub sequence: Option<u64>,
    /// Entries of the journal that the cluster has not taken yet; null on a server that only reads, before the cluster could be asked, and where
    /// `articles` is.
    pub entries_behind: Option<u64>,
    /// For how many seconds the first of them has been waiting; 0 where none does, null where `entries_behind` is.
    pub seconds_behind: Option<u64>,
    /// Articles that the cluster cannot hold and no search finds, with its reasons.
    pub left_out: Vec<LeftOut>,
    /// Why the cluster cannot be asked or filled, or keys not passed on; null where they can.
    pub error: Option<String>,
}

impl ClusterStatus {
    /// Without what counts or names anything, and without addresses of nodes.
    #[must_use]
    pub fn for_anybody(self) -> Self {
        let error =
            self.error.map(|_| "the cluster cannot be asked or filled; the server's log says why".to_owned());
        Self {
            error,
            sequence: None,
            entries_behind: None,
            seconds_behind: None,
            left_out: Vec::new(),
            ..self
        }
    }
}

/// An article that the cluster cannot hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LeftOut {
    /// Its id.
    pub id: String,
    /// Why.
    pub reason: String,
}

/// Shared by the threads that fill and follow the cluster and by whoever waits for them.
pub(in crate::service) struct ClusterProgress {
    searchable: watch::Sender<u64>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// Something is to be looked at.
    nudged: bool,
    stop: bool,
    /// When entries became durable that the cluster has not taken.
    waiting: VecDeque<(u64, Instant)>,
    /// Articles that changed files removed, until the cluster has removed them.
    removed: Vec<ArticleId>,
    /// What the cluster has; none before it could be asked.
    taken: Option<u64>,
    left_out: Vec<LeftOut>,
    /// Why what serves cannot be looked at.
    looking: Option<String>,
    /// Why the cluster cannot be filled.
    filling: Option<String>,
    /// Why keys can neither be said nor heard there.
    keys: Option<String>,
}

impl ClusterProgress {
    pub(in crate::service) fn new() -> Self {
        Self { searchable: watch::Sender::new(0), state: Mutex::default(), changed: Condvar::new() }
    }

    /// Changes when searches see more.
    pub(in crate::service) fn searchable_changes(&self) -> watch::Receiver<u64> {
        self.searchable.subscribe()
    }

    /// Notes that searches here see the journal's entry `sequence`.
    pub(super) fn set_searchable(&self, sequence: u64) {
        self.searchable.send_replace(sequence);
    }

    /// Waits until searches see the entry `sequence`.
    pub(in crate::service) async fn searchable(&self, sequence: u64) {
        self.nudge();
        // The sender lives as long as `self`.
        let _ = self.searchable.subscribe().wait_for(|now| *now >= sequence).await;
    }

    /// The last entry of the journal that searches see.
    pub(in crate::service) fn sequence(&self) -> u64 {
        *self.searchable.borrow()
    }

    /// Notes that the entry `sequence` is durable now, and waits for the cluster.
    pub(in crate::service) fn durable(&self, sequence: u64) {
        let mut state = self.lock();
        if state.waiting.len() >= REMEMBERED {
            let mut odd = false;
            // Those that stay are the later of two: an age is never shown too high.
            state.waiting.retain(|_| {
                odd = !odd;
                !odd
            });
        }
        state.waiting.push_back((sequence, Instant::now()));
    }

    /// Notes what changed files removed.
    pub(in crate::service) fn removed(&self, ids: impl IntoIterator<Item = ArticleId>) {
        self.lock().removed.extend(ids);
        self.nudge();
    }

    /// What changed files removed that the cluster may still have.
    pub(super) fn to_remove(&self) -> Vec<ArticleId> {
        self.lock().removed.clone()
    }

    /// Notes that the cluster holds everything up to the entry `sequence`, without `left_out`, and has removed the first `removed` of what was
    /// to be removed.
    pub(super) fn taken(&self, sequence: u64, removed: usize, left_out: &[(String, String)]) {
        let mut state = self.lock();
        state.taken = Some(sequence);
        let removed = removed.min(state.removed.len());
        state.removed.drain(..removed);
        state.waiting.retain(|(waiting, _)| *waiting > sequence);
        let named = |(id, reason): &(String, String)| LeftOut { id: id.clone(), reason: reason.clone() };
        state.left_out = left_out.iter().map(named).collect();
        state.filling = None;
    }

    /// Notes why the cluster cannot be filled.
    pub(super) fn cannot_fill(&self, error: String) {
        self.lock().filling = Some(error);
    }

    /// Whether the cluster took what it was given last.
    pub(super) fn is_filled(&self) -> bool {
        self.lock().filling.is_none()
    }

    /// Notes why what serves cannot be looked at; none where it can.
    pub(super) fn set_looking(&self, error: Option<String>) {
        self.lock().looking = error;
    }

    /// Notes why keys can neither be said nor heard; none where they can. Whether that is news.
    pub(super) fn set_keys(&self, error: Option<String>) -> bool {
        let mut state = self.lock();
        let is_news = state.keys != error;
        state.keys = error;
        is_news
    }

    /// How far the cluster has come, where the journal has come to `durable`; none on a server that only reads.
    pub(super) fn status(&self, index: Option<String>, durable: Option<u64>) -> ClusterStatus {
        let state = self.lock();
        let behind = durable.zip(state.taken).map(|(durable, taken)| durable.saturating_sub(taken));
        let since = state.waiting.front().map_or(0, |(_, since)| since.elapsed().as_secs());
        ClusterStatus {
            index,
            sequence: Some(self.sequence()),
            entries_behind: behind,
            seconds_behind: behind.map(|behind| if behind == 0 { 0 } else { since }),
            left_out: state.left_out.clone(),
            error: [&state.looking, &state.filling, &state.keys].into_iter().flatten().next().cloned(),
        }
    }

    /// Lets whoever waits look at once.
    pub(in crate::service) fn nudge(&self) {
        self.lock().nudged = true;
        self.changed.notify_all();
    }

    /// Tells the threads to end.
    pub(in crate::service) fn stop(&self) {
        self.lock().stop = true;
        self.changed.notify_all();
    }

    /// Waits until something is to be looked at, `most` at most. `false` when it is time to stop.
    pub(super) fn wait(&self, most: Duration) -> bool {
        let state = self.lock();
        let waited = self.changed.wait_timeout_while(state, most, |state| !state.nudged && !state.stop);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner).0;
        state.nudged = false;
        !state.stop
    }

    /// Pauses for `pause`, whatever is to be looked at. `false` when it is time to stop.
    pub(super) fn rest(&self, pause: Duration) -> bool {
        let state = self.lock();
        let waited = self.changed.wait_timeout_while(state, pause, |state| !state.stop);
        !waited.unwrap_or_else(PoisonError::into_inner).0.stop
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn it_says_how_far_the_cluster_is_behind() {
        let progress = ClusterProgress::new();
        let behind = |durable| progress.status(None, Some(durable)).entries_behind;
        assert_eq!((behind(3), progress.status(None, None).entries_behind), (None, None));
        progress.taken(0, 0, &[]);
        for sequence in 1..=3 {
            progress.durable(sequence);
        }
        assert_eq!(behind(3), Some(3));
        progress.removed([ArticleId::new("a").unwrap()]);
        progress.cannot_fill("no node answers".to_owned());
        assert_eq!(progress.status(None, Some(3)).error.as_deref(), Some("no node answers"));
        progress.taken(2, 1, &[]);
        assert_eq!((behind(3), progress.lock().waiting.len()), (Some(1), 1));
        assert!(progress.is_filled() && progress.to_remove().is_empty());
        progress.nudge();
        assert!(progress.wait(Duration::from_secs(3600)), "it was nudged");
        progress.stop();
        assert!(!progress.wait(Duration::from_secs(3600)) && !progress.rest(Duration::from_secs(3600)));
    }

    #[test]
    fn of_many_moments_some_are_forgotten_and_none_gets_older() {
        let progress = ClusterProgress::new();
        for sequence in 1..=20_000 {
            progress.durable(sequence);
        }
        let state = progress.lock();
        assert!(state.waiting.len() <= REMEMBERED && state.waiting.back().unwrap().0 == 20_000);
        assert!(state.waiting.iter().is_sorted_by_key(|(sequence, _)| sequence));
    }
}
