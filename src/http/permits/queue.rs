//! A queue in which nobody is crowded out: places at which work runs, and a bounded room in which more of it waits.
//!
//! Shares bind only while somebody else waits: one client alone may take every place and the whole room, for a whole newsroom
//! can stand behind one address. As soon as another comes:
//!
//! * Places go to the waiting client that has the fewest, in turn where they have equally many.
//! * A client that has none at all while another has several need not wait for one of them to end: a few
//!   places more than usual are kept for such guests.
//! * Where the room is full, the newest of whoever waits with the most gives way.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustc_hash::FxHashMap;
use tokio::sync::oneshot::{self, Receiver, Sender};

use crate::http::share::Share;

/// A queue.
#[derive(Debug)]
pub(super) struct Queue {
    limits: Limits,
    state: Mutex<State>,
}

/// How much runs and waits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Places at which work runs.
    pub(super) places: usize,
    /// Further places for clients that have none.
    pub(super) guests: usize,
    /// Work that may wait, but for what waits [`Patience::Unbounded`].
    pub(super) waiting: usize,
}

/// Whether work may be turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Patience {
    /// Where too much waits already.
    Bounded,
    /// Never: there are few of its kind.
    Unbounded,
}

/// Too much waits already.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Crowded;

#[derive(Debug, Default)]
struct State {
    next: u64,
    running: usize,
    /// Bounded waiters.
    waiting: usize,
    clients: FxHashMap<Share, ClientState>,
}

#[derive(Debug, Default)]
struct ClientState {
    running: usize,
    waiters: VecDeque<Waiter>,
    /// When it was last given a place; smaller is longer ago.
    served: u64,
}

#[derive(Debug)]
struct Waiter {
    id: u64,
    patience: Patience,
    grant: Sender<Result<(), Crowded>>,
}

impl ClientState {
    fn bounded(&self) -> usize {
        self.waiters.iter().filter(|waiter| waiter.patience == Patience::Bounded).count()
    }
}

impl Queue {
    pub(super) fn new(limits: Limits) -> Arc<Self> {
        Arc::new(Self { limits, state: Mutex::default() })
    }

    /// Waits for a place. A future that is dropped gives its place in the queue back.
    pub(super) async fn enter(self: &Arc<Self>, client: Share, patience: Patience) -> Result<Place, Crowded> {
        let mut waiting = self.line_up(client, patience)?;
        match (&mut waiting.granted).await {
            Ok(Ok(())) => Ok(waiting.take_place()),
            Ok(Err(crowded)) => Err(crowded),
            // The queue is never gone before those who wait in it.
            Err(_) => Err(Crowded),
        }
    }

    fn line_up(self: &Arc<Self>, client: Share, patience: Patience) -> Result<Waiting, Crowded> {
        let mut state = self.lock();
        state.next += 1;
        let id = state.next;
        let (grant, granted) = oneshot::channel();
        state.clients.entry(client).or_default().waiters.push_back(Waiter { id, patience, grant });
        state.waiting += usize::from(patience == Patience::Bounded);
        state.grant(&self.limits);
        let waiting = Waiting { queue: Arc::clone(self), client, id, granted, taken: false };
        if state.waiting > self.limits.waiting {
            state.turn_one_away();
        }
        drop(state);
        Ok(waiting)
    }

    fn leave(&self, client: Share) {
        let mut state = self.lock();
        state.end(client);
        state.grant(&self.limits);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Gives free places to whoever waits, in fair order.
    fn grant(&mut self, limits: &Limits) {
        loop {
            let waits = self.clients.iter().filter(|(_, client)| !client.waiters.is_empty());
            let Some((share, running)) = waits
                .min_by_key(|(_, client)| (client.running, client.served))
                .map(|(share, client)| (*share, client.running))
            else {
                return;
            };
            let is_guest = running == 0 && self.clients.values().any(|client| client.running > 1);
            let places = limits.places + if is_guest { limits.guests } else { 0 };
            if self.running >= places {
                return;
            }
            self.next += 1;
            let now = self.next;
            let Some(client) = self.clients.get_mut(&share) else { return };
            let Some(waiter) = client.waiters.pop_front() else { return };
            self.waiting -= usize::from(waiter.patience == Patience::Bounded);
            // One whose future was dropped takes itself out of the queue: this one is there.
            client.running += 1;
            client.served = now;
            self.running += 1;
            let _ = waiter.grant.send(Ok(()));
        }
    }

    /// Turns the newest of the client away that has the most waiting; of several such clients the one that came last.
    fn turn_one_away(&mut self) {
        let newest = |client: &ClientState| {
            client
                .waiters
                .iter()
                .rev()
                .find(|waiter| waiter.patience == Patience::Bounded)
                .map(|waiter| waiter.id)
        };
        let most = self.clients.values_mut().max_by_key(|client| (client.bounded(), newest(client)));
        let Some(client) = most else { return };
        let Some(at) = client.waiters.iter().rposition(|waiter| waiter.patience == Patience::Bounded) else {
            return;
        };
        if let Some(waiter) = client.waiters.remove(at) {
            self.waiting -= 1;
            let _ = waiter.grant.send(Err(Crowded));
        }
    }

    /// Notes that work of the client has ended.
    fn end(&mut self, share: Share) {
        self.running -= 1;
        if let Some(client) = self.clients.get_mut(&share) {
            client.running -= 1;
        }
        self.forget(share);
    }

    /// Forgets a client that has nothing left here.
    fn forget(&mut self, share: Share) {
        if self.clients.get(&share).is_some_and(|client| client.running == 0 && client.waiters.is_empty()) {
            self.clients.remove(&share);
        }
    }
}

/// Work in the queue; takes itself out when dropped.
struct Waiting {
    queue: Arc<Queue>,
    client: Share,
    id: u64,
    granted: Receiver<Result<(), Crowded>>,
    taken: bool,
}

impl Waiting {
    fn take_place(mut self) -> Place {
        self.taken = true;
        Place { queue: Arc::clone(&self.queue), client: self.client }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if self.taken {
            return;
        }
        let mut state = self.queue.lock();
        let Some(client) = state.clients.get_mut(&self.client) else { return };
        let mine = client.waiters.iter().position(|waiter| waiter.id == self.id);
        if let Some(waiter) = mine.and_then(|at| client.waiters.remove(at)) {
            state.waiting -= usize::from(waiter.patience == Patience::Bounded);
            state.forget(self.client);
        } else if let Ok(Ok(())) = self.granted.try_recv() {
            // Granted, but nobody is there any more to take it.
            state.end(self.client);
            state.grant(&self.queue.limits);
        } else {
            state.forget(self.client);
        }
    }
}

/// A place at which work runs; given back when dropped.
#[derive(Debug)]
pub(super) struct Place {
    queue: Arc<Queue>,
    client: Share,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.queue.leave(self.client);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use std::net::Ipv4Addr;
    use std::pin::{Pin, pin};
    use std::task::{Context, Poll, Waker};

    use proptest::prelude::*;

    use super::*;
    use Patience::{Bounded, Unbounded};

    fn client(number: u8) -> Share {
        Share::Address(Ipv4Addr::new(127, 0, 0, number).into())
    }

    fn now<F: Future + ?Sized>(future: Pin<&mut F>) -> Option<F::Output> {
        match future.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(output) => Some(output),
            Poll::Pending => None,
        }
    }

    #[test]
    fn one_client_alone_may_use_everything() {
        let queue = Queue::new(Limits { places: 2, guests: 1, waiting: 3 });
        let mut all: Vec<_> = (0..6).map(|_| Box::pin(queue.enter(client(1), Bounded))).collect();
        let states: Vec<_> = all.iter_mut().map(|one| now(one.as_mut())).collect();
        let states: Vec<_> = states.iter().map(|place| place.as_ref().map(Result::is_ok)).collect();
        assert_eq!(states, [Some(true), Some(true), None, None, None, Some(false)]);
    }

    #[test]
    fn another_client_starts_at_once_and_takes_turns() {
        let queue = Queue::new(Limits { places: 2, guests: 1, waiting: 3 });
        let heavy: Vec<_> =
            (0..2).map(|_| now(pin!(queue.enter(client(1), Bounded))).unwrap().unwrap()).collect();
        let mut waiting: Vec<_> = (0..3).map(|_| Box::pin(queue.enter(client(1), Bounded))).collect();
        assert!(waiting.iter_mut().all(|one| now(one.as_mut()).is_none()));
        // A guest, although the places and the room are full.
        let guest = now(pin!(queue.enter(client(2), Bounded))).unwrap().unwrap();
        // Its second request waits, and the heavy client's newest gives way.
        let mut second = pin!(queue.enter(client(2), Bounded));
        assert!(now(second.as_mut()).is_none());
        assert!(now(waiting[2].as_mut()).unwrap().is_err());
        // The next place is the one of the client that has fewer.
        drop(heavy);
        drop(guest);
        let _second = now(second.as_mut()).unwrap().unwrap();
        assert!(now(waiting[0].as_mut()).unwrap().is_ok());
    }

    #[test]
    fn what_waits_without_bound_is_never_turned_away() {
        let queue = Queue::new(Limits { places: 1, guests: 0, waiting: 1 });
        let first = now(pin!(queue.enter(client(1), Unbounded))).unwrap().unwrap();
        let mut turns: Vec<_> = (0..5).map(|_| Box::pin(queue.enter(client(1), Unbounded))).collect();
        assert!(turns.iter_mut().all(|turn| now(turn.as_mut()).is_none()));
        let mut search = pin!(queue.enter(client(1), Bounded));
        assert!(now(search.as_mut()).is_none());
        assert!(now(pin!(queue.enter(client(1), Bounded))).unwrap().is_err());
        drop(first);
        for turn in &mut turns {
            assert!(now(turn.as_mut()).unwrap().is_ok());
        }
        assert!(now(search.as_mut()).unwrap().is_ok());
    }

    type Entering = Pin<Box<dyn Future<Output = Result<Place, Crowded>>>>;

    proptest! {
        /// Whatever comes, goes away while it waits, or ends: places are neither lost nor given twice, and nobody waits while
        /// one is free.
        #[test]
        fn places_are_neither_lost_nor_given_twice(steps in proptest::collection::vec((0..4_u8, 0..4_u8, any::<prop::sample::Index>()), 1..200)) {
            let limits = Limits { places: 3, guests: 1, waiting: 4 };
            let queue = Queue::new(limits);
            let mut waiting: Vec<Entering> = Vec::new();
            let mut running: Vec<Place> = Vec::new();
            for (step, who, at) in steps {
                match step {
                    0 | 1 => {
                        let queue = Arc::clone(&queue);
                        let patience = if step == 0 { Bounded } else { Unbounded };
                        waiting.push(Box::pin(async move { queue.enter(client(who), patience).await }));
                    }
                    2 if !waiting.is_empty() => drop(waiting.swap_remove(at.index(waiting.len()))),
                    _ if !running.is_empty() => drop(running.swap_remove(at.index(running.len()))),
                    _ => {}
                }
                // Granted ones are taken, some only later.
                if step != 3 {
                    waiting.retain_mut(|one| match now(one.as_mut()) {
                        Some(Ok(place)) => { running.push(place); false }
                        Some(Err(Crowded)) => false,
                        None => true,
                    });
                    prop_assert!(running.len() <= limits.places + limits.guests);
                    prop_assert!(waiting.is_empty() || running.len() >= limits.places);
                    prop_assert_eq!(queue.lock().running, running.len());
                }
            }
            waiting.clear();
            running.clear();
            let state = queue.lock();
            prop_assert!(state.clients.is_empty());
            prop_assert_eq!((state.running, state.waiting), (0, 0));
        }
    }
}
