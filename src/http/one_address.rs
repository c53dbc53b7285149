//! Noticing a proxy that nobody listed: all requests of an hour come from one address.

use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long requests are looked at together.
const HOUR: Duration = Duration::from_secs(60 * 60);
/// Fewer requests than these say nothing.
const MANY: u64 = 500;

/// What the requests of the hour have in common.
#[derive(Debug, Default)]
pub(super) struct OneAddress {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    hour: Option<Hour>,
    /// The address of the first hour that had only one; said once.
    found: Option<IpAddr>,
}

#[derive(Debug)]
struct Hour {
    began: Instant,
    address: IpAddr,
    several: bool,
    requests: u64,
}

impl OneAddress {
    /// Counts a request of a client that came through no trusted proxy.
    pub(super) fn note(&self, address: IpAddr, now: Instant) {
        let found = self.state.lock().unwrap_or_else(PoisonError::into_inner).note(address, now);
        if let Some(address) = found {
            tracing::warn!("{}", advice(address));
        }
    }

    /// What to do about it, once an hour had only one address.
    pub(super) fn advice(&self) -> Option<String> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).found.map(advice)
    }
}

fn advice(address: IpAddr) -> String {
    format!(
        "all requests of an hour came from {address}: if that is a proxy, list it in `server.trusted_proxies`, or all its readers share the places of one"
    )
}

impl State {
    /// Counts a request; the address of the hour that has just ended, if it was the first to have only one.
    fn note(&mut self, address: IpAddr, now: Instant) -> Option<IpAddr> {
        if self.found.is_some() {
            return None;
        }
        let ended = self.hour.take_if(|hour| now.saturating_duration_since(hour.began) >= HOUR);
        self.found = ended.filter(|hour| !hour.several && hour.requests >= MANY).map(|hour| hour.address);
        let hour = self.hour.get_or_insert(Hour { began: now, address, several: false, requests: 0 });
        hour.requests += 1;
        hour.several |= hour.address != address;
        self.found
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[test]
    fn an_hour_of_one_address_is_said_once() {
        let (one, other) = (IpAddr::from(Ipv4Addr::LOCALHOST), IpAddr::from(Ipv4Addr::UNSPECIFIED));
        let start = Instant::now();
        let mut state = State::default();
        let mut hour = |number: u32, requests: u64, also: Option<IpAddr>| {
            let now = start + HOUR * number;
            (0..requests).map(|_| one).chain(also).filter_map(|address| state.note(address, now)).count()
        };
        assert_eq!(hour(0, MANY, Some(other)), 0);
        assert_eq!(hour(1, MANY - 1, None), 0, "the hour before had two");
        assert_eq!(hour(2, MANY, None), 0, "the hour before had few");
        assert_eq!(hour(3, MANY, None), 1);
        assert_eq!(hour(4, MANY, None), 0, "once is enough");
    }
}
