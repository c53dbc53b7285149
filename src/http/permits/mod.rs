//! Searching is CPU work: it runs off the reactor, as many searches at once as there are permits; a few more wait, and the
//! rest are turned away immediately. Administration and operations never pass through here, so that they answer when search
//! is saturated.
//!
//! The permits move into the blocking closure. A client that goes away frees its place in the queue, but a search that has
//! begun holds its permit until it ends, because its thread is still busy. The deadline in the search's context bounds that.
//!
//! Nobody crowds out anybody else: permits go to clients in turn, see [`queue`].
//!
//! Suggestions come with every key that is pressed: they get at most half of the permits, and queue among themselves.
//!
//! Exports are long: they take a permit for each few hundred rows and queue fairly for the next, so that searches run in
//! between. At most [`exports::OF_A_CLIENT`] of a client run at once, so that slow readers hold up nobody else.

mod exports;
mod queue;

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::answer::{ApiError, Code};
use super::share::Share;
use exports::Exports;
use queue::{Crowded, Limits, Patience, Queue};

pub(super) use exports::ExportPermit;

/// The queues.
#[derive(Debug, Clone)]
pub(super) struct Permits {
    searches: Arc<Queue>,
    suggestions: Arc<Queue>,
    exports: Arc<Exports>,
    deadline: Duration,
}

/// The right to search until the deadline; given back when dropped.
pub(super) struct Permit {
    pub(super) deadline: Instant,
    _place: queue::Place,
}

/// The right to search for suggestions, or to do one turn of an export; given back when dropped.
pub(super) struct Turn {
    _place: queue::Place,
}

impl Permits {
    pub(super) fn new(concurrent: usize, waiting: usize, deadline: Duration) -> Self {
        let queue = |places: usize| {
            // A guest shares the processor with those whose places are taken: of few only.
            Queue::new(Limits { places, guests: places.div_ceil(2), waiting })
        };
        Self {
            searches: queue(concurrent),
            suggestions: queue((concurrent / 2).max(1)),
            exports: Arc::default(),
            deadline,
        }
    }

    /// Waits for a permit. The deadline counts from here, because waiting is part of the time that the reader waits.
    ///
    /// # Errors
    /// [`Code::Overloaded`] if too many wait already, or if the deadline passed while waiting.
    pub(super) async fn acquire(&self) -> Result<Permit, ApiError> {
        let deadline = Instant::now() + self.deadline;
        let turn = self.searches.enter(Share::current(), Patience::Bounded);
        match tokio::time::timeout_at(deadline.into(), turn).await {
            Ok(Ok(place)) => Ok(Permit { deadline, _place: place }),
            Ok(Err(Crowded)) => Err(overloaded("too many searches are waiting already")),
            Err(_) => Err(overloaded("the search was still waiting for its turn at its deadline")),
        }
    }

    /// Waits for the right to search for suggestions, given back when dropped; to be held around [`Permits::acquire`].
    ///
    /// # Errors
    /// [`Code::Overloaded`] if too many wait already, or if the deadline passed while waiting.
    pub(super) async fn suggest(&self) -> Result<Turn, ApiError> {
        let turn = self.suggestions.enter(Share::current(), Patience::Bounded);
        match tokio::time::timeout(self.deadline, turn).await {
            Ok(Ok(place)) => Ok(Turn { _place: place }),
            Ok(Err(Crowded)) => Err(overloaded("too many suggestions are waiting already")),
            Err(_) => Err(overloaded("the suggestion was still waiting for its turn at its deadline")),
        }
    }

    /// The right to write an export, in many turns.
    ///
    /// # Errors
    /// [`Code::Overloaded`] if a limit of concurrent exports is reached.
    pub(super) fn export(&self) -> Result<ExportPermit, ApiError> {
        self.exports.enter(Share::current()).map_err(|limit| overloaded(&limit.to_string()))
    }

    /// Waits for one turn of an export of `client`, as long as it takes.
    pub(super) async fn export_turn(&self, client: Share) -> Result<Turn, ApiError> {
        let place = self.searches.enter(client, Patience::Unbounded).await;
        place
            .map(|place| Turn { _place: place })
            .map_err(|Crowded| ApiError::internal("an export was turned away"))
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

    use super::exports::OF_A_CLIENT;
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
        let client = Share::current();
        let mut exports: Vec<_> = (0..OF_A_CLIENT).map(|_| permits.export().ok().unwrap()).collect();
        assert_eq!(permits.export().err().unwrap().code(), Code::Overloaded);
        exports.pop();
        assert!(permits.export().is_ok());
        // An export waits for the search that runs, and a search for the export's turn.
        let search = permits.acquire().await.ok().unwrap();
        let mut now = Context::from_waker(Waker::noop());
        let mut turn = std::pin::pin!(permits.export_turn(client));
        assert!(turn.as_mut().poll(&mut now).is_pending());
        drop(search);
        let turn = turn.await.ok().unwrap();
        drop(turn);
        assert!(permits.acquire().await.is_ok());
    }

    #[tokio::test]
    async fn suggestions_leave_half_of_the_permits() {
        let permits = Permits::new(4, 1, Duration::from_secs(60));
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
