//! Searching is CPU work: it runs off the reactor, as many searches at once as there are permits; a few more wait, and the
//! rest are turned away immediately. Administration and operations never pass through here, so that they answer when search
//! is saturated.
//!
//! The permits move into the blocking closure. A client that goes away frees its place in the queue, but a search that has
//! begun holds its permit until it ends, because its thread is still busy. The deadline in the search's context bounds that.
//!
//! Suggestions come with every key that is pressed: they get at most half of the permits, and queue among themselves.
//!
//! Exports are long: they take a permit for each few hundred rows and queue fairly for the next, so that searches run in
//! between. At most [`MAX_EXPORTS`] run at once.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::answer::{ApiError, Code};

/// Exports at once. Each holds the places of its rows (0.4 MB for 50,000) and a few batches of text.
const MAX_EXPORTS: usize = 4;

/// The semaphores.
#[derive(Debug, Clone)]
pub(super) struct Permits {
    /// Searches, running or waiting.
    admitted: Arc<Semaphore>,
    /// Running searches.
    running: Arc<Semaphore>,
    /// Exports.
    exports: Arc<Semaphore>,
    /// Suggestions, running or waiting.
    suggest_admitted: Arc<Semaphore>,
    /// Suggestions that may search.
    suggest_running: Arc<Semaphore>,
    deadline: Duration,
}

/// The right to search until the deadline; given back when dropped.
pub(super) struct Permit {
    pub(super) deadline: Instant,
    _admitted: OwnedSemaphorePermit,
    _running: OwnedSemaphorePermit,
}

/// The right to search for suggestions; given back when dropped.
pub(super) struct SuggestPermit {
    _admitted: OwnedSemaphorePermit,
    _running: OwnedSemaphorePermit,
}

/// The right to write an export; given back when dropped.
pub(super) struct ExportPermit {
    // Fields are dropped in this order: an export that is no longer counted has given its permit back.
    _permit: OwnedSemaphorePermit,
    _counted: Counted,
}

/// Counts an export as running until it is dropped.
struct Counted;

impl Counted {
    fn new() -> Self {
        metrics::gauge!("exports_running").increment(1.0);
        Self
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        metrics::gauge!("exports_running").decrement(1.0);
    }
}

impl Permits {
    pub(super) fn new(concurrent: usize, waiting: usize, deadline: Duration) -> Self {
        Self {
            admitted: Arc::new(Semaphore::new(concurrent + waiting)),
            running: Arc::new(Semaphore::new(concurrent)),
            exports: Arc::new(Semaphore::new(MAX_EXPORTS)),
            suggest_admitted: Arc::new(Semaphore::new(concurrent + waiting)),
            suggest_running: Arc::new(Semaphore::new((concurrent / 2).max(1))),
            deadline,
        }
    }

    /// Waits for a permit. The deadline counts from here, because waiting is part of the time that the reader waits.
    ///
    /// # Errors
    /// [`Code::Overloaded`] if too many wait already, or if the deadline passed while waiting.
    pub(super) async fn acquire(&self) -> Result<Permit, ApiError> {
        let deadline = Instant::now() + self.deadline;
        let Ok(admitted) = Arc::clone(&self.admitted).try_acquire_owned() else {
            return Err(overloaded("too many searches are waiting already"));
        };
        let turn = Arc::clone(&self.running).acquire_owned();
        match tokio::time::timeout_at(deadline.into(), turn).await {
            Ok(Ok(running)) => Ok(Permit { deadline, _admitted: admitted, _running: running }),
            Ok(Err(closed)) => Err(ApiError::internal(closed)),
            Err(_) => Err(overloaded("the search was still waiting for its turn at its deadline")),
        }
    }

    /// Waits for the right to search for suggestions, given back when dropped; to be held around [`Permits::acquire`].
    ///
    /// # Errors
    /// [`Code::Overloaded`] if too many wait already, or if the deadline passed while waiting.
    pub(super) async fn suggest(&self) -> Result<SuggestPermit, ApiError> {
        let Ok(admitted) = Arc::clone(&self.suggest_admitted).try_acquire_owned() else {
            return Err(overloaded("too many suggestions are waiting already"));
        };
        let turn = Arc::clone(&self.suggest_running).acquire_owned();
        match tokio::time::timeout(self.deadline, turn).await {
            Ok(Ok(running)) => Ok(SuggestPermit { _admitted: admitted, _running: running }),
            Ok(Err(closed)) => Err(ApiError::internal(closed)),
            Err(_) => Err(overloaded("the suggestion was still waiting for its turn at its deadline")),
        }
    }

    /// The right to write an export, in many turns.
    ///
    /// # Errors
    /// [`Code::Overloaded`] if the limit of concurrent exports is reached.
    pub(super) fn export(&self) -> Result<ExportPermit, ApiError> {
        let permit = Arc::clone(&self.exports).try_acquire_owned().map_err(|_| {
            overloaded(&format!("{MAX_EXPORTS} exports are already running; try again when one has ended"))
        })?;
        Ok(ExportPermit { _permit: permit, _counted: Counted::new() })
    }

    /// Waits for one turn of an export, first come first served, as long as it takes.
    pub(super) async fn export_turn(&self) -> Result<OwnedSemaphorePermit, ApiError> {
        Arc::clone(&self.running).acquire_owned().await.map_err(ApiError::internal)
    }
}

fn overloaded(detail: &str) -> ApiError {
    metrics::counter!("search_shed_total").increment(1);
    ApiError::new(Code::Overloaded, detail).retry_after(1)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::task::{Context, Waker};

    use super::*;

    #[tokio::test]
    async fn the_queue_is_bounded_and_permits_come_back() {
        let permits = Permits::new(1, 1, Duration::from_millis(50));
        let running = permits.acquire().await.ok().unwrap();
        // One waits until its deadline; meanwhile a third is turned away at once.
        let (waiting, turned_away) = tokio::join!(permits.acquire(), permits.acquire());
        let waiting = waiting.err().unwrap();
        let turned_away = turned_away.err().unwrap();
        assert_eq!((waiting.code(), turned_away.code()), (Code::Overloaded, Code::Overloaded));
        assert!(waiting.detail().contains("deadline") && turned_away.detail().contains("already"));
        drop(running);
        assert!(permits.acquire().await.is_ok());
    }

    #[tokio::test]
    async fn exports_are_few_and_take_their_turn() {
        let permits = Permits::new(1, 0, Duration::from_secs(60));
        let mut exports: Vec<_> = (0..MAX_EXPORTS).map(|_| permits.export().ok().unwrap()).collect();
        assert_eq!(permits.export().err().unwrap().code(), Code::Overloaded);
        exports.pop();
        assert!(permits.export().is_ok());
        // An export waits for the search that runs, and a search for the export's turn.
        let search = permits.acquire().await.ok().unwrap();
        let mut now = Context::from_waker(Waker::noop());
        let mut turn = std::pin::pin!(permits.export_turn());
        assert!(turn.as_mut().poll(&mut now).is_pending());
        drop(search);
        let turn = turn.await.ok().unwrap();
        let mut search = std::pin::pin!(permits.acquire());
        assert!(search.as_mut().poll(&mut now).is_pending());
        drop(turn);
        assert!(search.await.is_ok());
    }

    #[tokio::test]
    async fn suggestions_leave_half_of_the_permits() {
        let permits = Permits::new(4, 0, Duration::from_secs(60));
        let mut turns = Vec::new();
        for _ in 0..2 {
            turns.push((permits.suggest().await.ok().unwrap(), permits.acquire().await.ok().unwrap()));
        }
        let mut now = Context::from_waker(Waker::noop());
        let mut third = std::pin::pin!(permits.suggest());
        assert!(third.as_mut().poll(&mut now).is_pending());
        let searches = [permits.acquire().await, permits.acquire().await];
        assert!(searches.iter().all(Result::is_ok), "searches find their half free");
        turns.pop();
        assert!(third.await.is_ok());
        // The queue is bounded.
        let permits = Permits::new(1, 1, Duration::from_secs(60));
        let _first = permits.suggest().await.ok().unwrap();
        let mut second = std::pin::pin!(permits.suggest());
        assert!(second.as_mut().poll(&mut now).is_pending());
        assert_eq!(permits.suggest().await.err().unwrap().code(), Code::Overloaded);
    }
}
