//! Who is connected, what each connection waits for, and which is closed to make room.
//!
//! Idle sockets cost a client nothing, so they must not cost others their place: at a limit the connection that has been idle, or
//! without the whole head of a request, for longest makes room. A new connection is refused only where every other one is being
//! answered: a probe cannot be told from a flood before its head is read.
//!
//! Whoever is being answered keeps its place, so of those there may never be as many as places: the last few are
//! [kept](Room::Last) for probes and administration.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rustc_hash::FxHashMap;
use tokio::sync::Notify;

/// Places kept for probes and administration, of at least four times as many.
const KEPT: usize = 16;

/// How many connections there may be, and for how long they may do nothing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// At once.
    pub(super) all: usize,
    /// Of one address at once.
    pub(super) of_address: usize,
    /// From the connection, or the first byte of a later request, to the end of the head.
    pub(super) head: Duration,
    /// Between two requests, or while the client takes nothing of its answer.
    pub(super) idle: Duration,
}

/// All connections.
#[derive(Debug)]
pub(super) struct Connections {
    limits: Limits,
    inner: Mutex<Inner>,
}

/// Names a connection.
type Id = u64;
/// Orders waiting connections: the smaller has waited longer.
type Ticket = u64;

#[derive(Debug, Default)]
struct Inner {
    /// The next id or ticket.
    next: u64,
    open: FxHashMap<Id, Open>,
    all: Places,
    addresses: FxHashMap<IpAddr, Places>,
}

/// Connections, in all or of an address.
#[derive(Debug, Default)]
struct Places {
    taken: usize,
    answering: usize,
    waiting: BTreeMap<Ticket, Id>,
}

#[derive(Debug)]
struct Open {
    /// `None` for a trusted proxy, whose address stands for many readers.
    address: Option<IpAddr>,
    phase: Phase,
    close: Arc<Notify>,
}

#[derive(Debug, Clone, Copy)]
enum Phase {
    /// No byte of a request has come.
    Idle { ticket: Ticket, since: Instant, first: bool },
    /// The head has begun.
    Head { ticket: Ticket, since: Instant },
    /// A request is being answered; since when the client has taken nothing, if it makes the answer wait.
    Answering { unread_since: Option<Instant> },
    /// The answer is complete and on its way out.
    Leaving { unread_since: Option<Instant> },
}

impl Phase {
    fn ticket(self) -> Option<Ticket> {
        match self {
            Self::Idle { ticket, .. } | Self::Head { ticket, .. } => Some(ticket),
            Self::Answering { .. } | Self::Leaving { .. } => None,
        }
    }

    /// Why the connection is to be closed now, if it is.
    fn overdue(self, now: Instant, limits: &Limits) -> Option<Closed> {
        let (since, limit, closed) = match self {
            Self::Idle { since, first: true, .. } | Self::Head { since, .. } => {
                (since, limits.head, Closed::Head)
            }
            Self::Idle { since, first: false, .. } => (since, limits.idle, Closed::Idle),
            Self::Answering { unread_since } | Self::Leaving { unread_since } => {
                (unread_since?, limits.idle, Closed::Unread)
            }
        };
        (now.saturating_duration_since(since) >= limit).then_some(closed)
    }
}

/// Why a connection was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Closed {
    /// The head of a request did not come in time.
    Head,
    /// It asked nothing for too long.
    Idle,
    /// It took nothing of its answer for too long.
    Unread,
    /// A new one took its place.
    Room,
}

impl Closed {
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::Idle => "idle",
            Self::Unread => "unread",
            Self::Room => "room",
        }
    }
}

/// Why there is no place for a new connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Full {
    /// In all.
    All,
    /// For its address.
    Address,
}

impl Full {
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Address => "address",
        }
    }
}

/// How much room there is for a request whose head has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) enum Room {
    /// Enough.
    Ample,
    /// Only what is kept for probes and administration.
    Last,
}

impl Connections {
    pub(super) fn new(limits: Limits) -> Arc<Self> {
        Arc::new(Self { limits, inner: Mutex::default() })
    }

    /// A place for a new connection of `address`, counted in all alone if that is `None`.
    pub(super) fn enter(self: &Arc<Self>, address: Option<IpAddr>) -> Result<Place, Full> {
        let mut inner = self.lock();
        if let Some(address) = address {
            let places = inner.addresses.get(&address);
            if places.is_some_and(|places| places.taken >= self.limits.of_address) {
                let oldest = places.and_then(Places::oldest);
                inner.close(oldest.ok_or(Full::Address)?, Closed::Room);
            }
        }
        if inner.all.taken >= self.limits.all {
            let oldest = inner.all.oldest();
            inner.close(oldest.ok_or(Full::All)?, Closed::Room);
        }
        let (id, close) = (inner.number(), Arc::new(Notify::new()));
        inner.open.insert(
            id,
            Open { address, phase: Phase::Answering { unread_since: None }, close: Arc::clone(&close) },
        );
        inner.each(address, |places| {
            places.taken += 1;
            places.answering += 1;
        });
        inner.wait(id, true);
        metrics::gauge!("http_connections").set(inner.all.taken as f64);
        Ok(Place { id, connections: Arc::clone(self), close })
    }

    /// Closes the connection that has waited for longest; whether there was one.
    pub(super) fn make_room(&self) -> bool {
        let mut inner = self.lock();
        let oldest = inner.all.oldest();
        oldest.inspect(|id| inner.close(*id, Closed::Room)).is_some()
    }

    /// Closes the connections whose time is over.
    pub(super) fn close_overdue(&self, now: Instant) {
        let mut inner = self.lock();
        let overdue: Vec<(Id, Closed)> = inner
            .open
            .iter()
            .filter_map(|(id, open)| Some((*id, open.phase.overdue(now, &self.limits)?)))
            .collect();
        for (id, closed) in overdue {
            inner.close(id, closed);
        }
        metrics::gauge!("http_connections").set(inner.all.taken as f64);
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Places {
    fn oldest(&self) -> Option<Id> {
        self.waiting.first_key_value().map(|(_, id)| *id)
    }

    fn is_nearly_full(&self, limit: usize) -> bool {
        self.answering > limit - KEPT.min(limit / 4)
    }
}

impl Inner {
    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// Changes the places in all and those of the address.
    fn each(&mut self, address: Option<IpAddr>, change: impl Fn(&mut Places)) {
        change(&mut self.all);
        if let Some(address) = address {
            let places = self.addresses.entry(address).or_default();
            change(places);
            if places.taken == 0 {
                self.addresses.remove(&address);
            }
        }
    }

    /// The connection waits for a request, from now on.
    fn wait(&mut self, id: Id, first: bool) {
        let ticket = self.number();
        let Some(open) = self.open.get_mut(&id).filter(|open| open.phase.ticket().is_none()) else { return };
        open.phase = Phase::Idle { ticket, since: Instant::now(), first };
        let address = open.address;
        self.each(address, |places| {
            places.answering -= 1;
            places.waiting.insert(ticket, id);
        });
    }

    /// The connection's request is being answered, from now on. `None` if it was closed.
    fn answer(&mut self, id: Id) -> Option<Option<IpAddr>> {
        let open = self.open.get_mut(&id)?;
        let (address, ticket) = (open.address, open.phase.ticket());
        open.phase = Phase::Answering { unread_since: None };
        if let Some(ticket) = ticket {
            self.each(address, |places| {
                places.answering += 1;
                places.waiting.remove(&ticket);
            });
        }
        Some(address)
    }

    /// Forgets the connection.
    fn leave(&mut self, id: Id) -> Option<Open> {
        let open = self.open.remove(&id)?;
        let ticket = open.phase.ticket();
        self.each(open.address, |places| {
            places.taken -= 1;
            match ticket {
                Some(ticket) => drop(places.waiting.remove(&ticket)),
                None => places.answering -= 1,
            }
        });
        Some(open)
    }

    /// Closes the connection. It counts no longer, although its task still has to end.
    fn close(&mut self, id: Id, closed: Closed) {
        if let Some(open) = self.leave(id) {
            metrics::counter!("http_connections_closed_total", "reason" => closed.label()).increment(1);
            open.close.notify_one();
        }
    }
}

/// The place of a connection; given back when dropped.
#[derive(Debug)]
pub(super) struct Place {
    id: Id,
    connections: Arc<Connections>,
    close: Arc<Notify>,
}

impl Place {
    /// Ends when the connection is to be closed.
    pub(super) async fn closed(&self) {
        self.close.notified().await;
    }

    /// Bytes have come.
    pub(super) fn received(&self) {
        if let Some(open) = self.connections.lock().open.get_mut(&self.id)
            && let Phase::Idle { ticket, since, first } = open.phase
        {
            // The time of a first request runs from the connection, so that its first byte does not double it.
            open.phase = Phase::Head { ticket, since: if first { since } else { Instant::now() } };
        }
    }

    /// A whole head has come; `None` if the connection is being closed.
    pub(super) fn answering(&self) -> Option<Room> {
        let mut inner = self.connections.lock();
        let address = inner.answer(self.id)?;
        let limits = &self.connections.limits;
        let of_address = address.and_then(|address| inner.addresses.get(&address));
        let full = inner.all.is_nearly_full(limits.all)
            || of_address.is_some_and(|places| places.is_nearly_full(limits.of_address));
        Some(if full { Room::Last } else { Room::Ample })
    }

    /// The answer is complete; its last bytes are on their way.
    pub(super) fn answered(&self) {
        if let Some(open) = self.connections.lock().open.get_mut(&self.id)
            && let Phase::Answering { unread_since } = open.phase
        {
            open.phase = Phase::Leaving { unread_since };
        }
    }

    /// Everything that was to be sent has been handed to the system.
    pub(super) fn flushed(&self) {
        let mut inner = self.connections.lock();
        if inner.open.get(&self.id).is_some_and(|open| matches!(open.phase, Phase::Leaving { .. })) {
            inner.wait(self.id, false);
        }
    }

    /// The system takes no more of the answer, or takes it again.
    pub(super) fn unread(&self, unread: bool) {
        if let Some(open) = self.connections.lock().open.get_mut(&self.id)
            && let Phase::Answering { unread_since } | Phase::Leaving { unread_since } = &mut open.phase
        {
            *unread_since = unread.then(Instant::now);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut inner = self.connections.lock();
        inner.leave(self.id);
        metrics::gauge!("http_connections").set(inner.all.taken as f64);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn connections(all: usize, of_address: usize) -> Arc<Connections> {
        let (head, idle) = (Duration::from_secs(10), Duration::from_secs(75));
        Connections::new(Limits { all, of_address, head, idle })
    }

    fn reader(number: u8) -> Option<IpAddr> {
        Some(Ipv4Addr::new(127, 0, 0, number).into())
    }

    fn is_closed(place: &Place) -> bool {
        place.answering().is_none()
    }

    #[test]
    fn whoever_has_waited_longest_makes_room() {
        let connections = connections(3, 3);
        let [first, second, third] = [1, 2, 3].map(|number| connections.enter(reader(number)).unwrap());
        // The first was answered meanwhile, so the second has waited for longest, though half a head of it has come.
        first.answering().unwrap();
        first.answered();
        first.flushed();
        second.received();
        let fourth = connections.enter(reader(4)).unwrap();
        assert!(is_closed(&second));
        // Nobody who is being answered is closed.
        for place in [&first, &third, &fourth] {
            place.answering().unwrap();
        }
        assert_eq!(connections.enter(reader(5)).unwrap_err(), Full::All);
        third.answered();
        assert_eq!(connections.enter(reader(5)).unwrap_err(), Full::All, "its last bytes are not out yet");
        third.flushed();
        assert!(connections.enter(reader(5)).is_ok());
    }

    #[test]
    fn an_address_makes_room_among_its_own() {
        let connections = connections(8, 2);
        let other = connections.enter(reader(1)).unwrap();
        let [first, second] = [(); 2].map(|()| connections.enter(reader(2)).unwrap());
        let third = connections.enter(reader(2)).unwrap();
        assert!(is_closed(&first) && !is_closed(&other));
        second.answering().unwrap();
        third.answering().unwrap();
        assert_eq!(connections.enter(reader(2)).unwrap_err(), Full::Address);
        // Many readers stand behind a trusted proxy.
        let through_proxy: Vec<Place> = (0..5).map(|_| connections.enter(None).unwrap()).collect();
        assert_eq!(through_proxy.len(), 5);
    }

    #[test]
    fn the_last_places_are_kept() {
        let connections = connections(64, 64);
        let places: Vec<Place> = (0..64).map(|number| connections.enter(reader(number)).unwrap()).collect();
        let rooms: Vec<Room> = places.iter().map(|place| place.answering().unwrap()).collect();
        assert_eq!(rooms.iter().filter(|room| **room == Room::Ample).count(), 64 - KEPT);
    }

    #[test]
    fn whatever_takes_too_long_is_closed() {
        let connections = connections(8, 8);
        let [fresh, idle, head, unread, answering] = [(); 5].map(|()| connections.enter(reader(1)).unwrap());
        for place in [&idle, &head] {
            place.answering().unwrap();
            place.answered();
            place.flushed();
        }
        head.received();
        for place in [&unread, &answering] {
            place.answering().unwrap();
        }
        unread.unread(true);
        let counted = |seconds| {
            connections.close_overdue(Instant::now() + Duration::from_secs(seconds));
            connections.lock().open.len()
        };
        assert_eq!(counted(9), 5);
        assert_eq!(counted(11), 3, "the fresh one and half a head");
        assert!(is_closed(&fresh) && is_closed(&head));
        assert_eq!(counted(74), 3);
        assert_eq!(counted(76), 1, "the idle one and the one that does not read");
        assert!(is_closed(&idle) && is_closed(&unread) && !is_closed(&answering));
    }

    #[test]
    fn nothing_is_left_of_connections_that_have_gone() {
        let connections = connections(8, 2);
        for number in 0..1000 {
            let place = connections.enter(reader((number % 250) as u8)).unwrap();
            if number % 3 > 0 {
                place.answering().unwrap();
            }
            if number % 3 > 1 {
                place.answered();
                place.flushed();
            }
        }
        let inner = connections.lock();
        assert!(inner.open.is_empty() && inner.addresses.is_empty() && inner.all.waiting.is_empty());
        assert_eq!((inner.all.taken, inner.all.answering), (0, 0));
    }
}
