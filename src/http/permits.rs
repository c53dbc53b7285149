//! Searching is CPU work: it runs off the reactor, so many at once as there are permits, a few more wait, and the rest
//! is turned away at once. Administration and operations never pass through here, so that they answer when search is
//! saturated.
//!
//! The permits move into the blocking closure. A client that goes away frees its place in the queue, but a search that
//! has begun holds its permit until it ends: its thread is still burning. The deadline in the search's context bounds
//! that.
//!
//! Suggestions come with every key that is pressed: at most half of the permits are theirs, and they queue among themselves.
//!
//! Exports are long: they take a permit for each few hundred rows and queue fairly for the next, so that searches go on
//! between; so many exports at once as [`LONG`].

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::code::Code;
use super::error::ApiError;

/// Exports at once. Each holds the places of its rows (0.4 MB for 50,000) and a few batches of text.
const LONG: usize = 4;

/// The semaphores.
#[derive(Debug, Clone)]
pub(super) struct Permits {
    /// Searches in the house: running and waiting.
    admitted: Arc<Semaphore>,
    /// Searches that run.
    running: Arc<Semaphore>,
    /// Exports.
    long: Arc<Semaphore>,
    /// Suggestions that may search.
    typing: Arc<Semaphore>,
    /// Suggestions in the house: searching and waiting.
    typed: Arc<Semaphore>,
    deadline: Duration,
}

/// The right to search until the deadline; given back when dropped.
pub(super) struct Permit {
    pub(super) deadline: Instant,
    _admitted: OwnedSemaphorePermit,
    _running: OwnedSemaphorePermit,
}

/// The right to search for suggestions; given back when dropped.
pub(super) struct Typing {
    _typed: OwnedSemaphorePermit,
    _turn: OwnedSemaphorePermit,
}

impl Permits {
    pub(super) fn new(concurrent: usize, waiting: usize, deadline: Duration) -> Self {
        Self {
            admitted: Arc::new(Semaphore::new(concurrent + waiting)),
            running: Arc::new(Semaphore::new(concurrent)),
            long: Arc::new(Semaphore::new(LONG)),
            typing: Arc::new(Semaphore::new((concurrent / 2).max(1))),
            typed: Arc::new(Semaphore::new(concurrent + waiting)),
            deadline,
        }
    }

    /// Waits for a permit. The deadline counts from here: waiting is a part of what the reader waits for.
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
            Err(_) => Err(overloaded("the search waited for its turn until its deadline")),
        }
    }

    /// Waits for the right to search for suggestions, given back when dropped; to be held around [`Permits::acquire`].
    ///
    /// # Errors
    /// [`Code::Overloaded`] if too many wait already, or if the deadline passed while waiting.
    pub(super) async fn typing(&self) -> Result<Typing, ApiError> {
        let Ok(typed) = Arc::clone(&self.typed).try_acquire_owned() else {
            return Err(overloaded("too many suggestions are waiting already"));
        };
        let turn = Arc::clone(&self.typing).acquire_owned();
        match tokio::time::timeout(self.deadline, turn).await {
            Ok(Ok(turn)) => Ok(Typing { _typed: typed, _turn: turn }),
            Ok(Err(closed)) => Err(ApiError::internal(closed)),
            Err(_) => Err(overloaded("the suggestion waited for its turn until its deadline")),
        }
    }

    /// The right to do something in many turns, given back when dropped.
    ///
    /// # Errors
    /// [`Code::Overloaded`] if as many as may run do.
    pub(super) fn long(&self) -> Result<OwnedSemaphorePermit, ApiError> {
        Arc::clone(&self.long)
            .try_acquire_owned()
            .map_err(|_| overloaded(&format!("{LONG} exports run already; try again when one has ended")))
    }

    /// Waits until nothing long is under way.
    pub(super) async fn no_long(&self) {
        // Fails only if the semaphore were closed, and nothing closes it.
        drop(self.long.acquire_many(LONG as u32).await);
    }

    /// Waits for one turn, first come first served, as long as it takes.
    pub(super) async fn turn(&self) -> Result<OwnedSemaphorePermit, ApiError> {
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
        let mut exports: Vec<_> = (0..LONG).map(|_| permits.long().ok().unwrap()).collect();
        assert_eq!(permits.long().err().unwrap().code(), Code::Overloaded);
        exports.pop();
        assert!(permits.long().is_ok());
        // An export waits for the search that runs, and a search for the export's turn.
        let search = permits.acquire().await.ok().unwrap();
        let mut now = Context::from_waker(Waker::noop());
        let mut turn = std::pin::pin!(permits.turn());
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
            turns.push((permits.typing().await.ok().unwrap(), permits.acquire().await.ok().unwrap()));
        }
        let mut now = Context::from_waker(Waker::noop());
        let mut third = std::pin::pin!(permits.typing());
        assert!(third.as_mut().poll(&mut now).is_pending());
        let searches = [permits.acquire().await, permits.acquire().await];
        assert!(searches.iter().all(Result::is_ok), "searches find their half free");
        turns.pop();
        assert!(third.await.is_ok());
        // The queue is bounded.
        let permits = Permits::new(1, 1, Duration::from_secs(60));
        let _first = permits.typing().await.ok().unwrap();
        let mut second = std::pin::pin!(permits.typing());
        assert!(second.as_mut().poll(&mut now).is_pending());
        assert_eq!(permits.typing().await.err().unwrap().code(), Code::Overloaded);
    }
}
