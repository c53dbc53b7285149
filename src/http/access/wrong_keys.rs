//! How often an address has shown wrong keys: after too many, keys from there are looked at one after another, a few a second, and the
//! wrong ones are told to wait. A right key that was used before never waits: a newsroom may stand behind one address, with a script in
//! it that goes on sending what was removed. One that was never used waits for its turn with the others, for two seconds at most.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::access::Digest;
use crate::http::share::site;

/// Wrong keys of one address in a window.
const MOST: u32 = 20;
/// How long wrong keys count.
const WINDOW: Duration = Duration::from_secs(60);
/// How often a key is looked at, once an address has shown too many wrong ones.
const PACE: Duration = Duration::from_millis(50);
/// How long a key may wait to be looked at.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(2);
/// How often those that are over are forgotten.
const SWEEP: Duration = Duration::from_secs(1);
/// Addresses that are remembered; what comes beyond them shares one place.
const ADDRESSES: usize = 10_000;
/// That place: no client has this address.
const SHARED: IpAddr = IpAddr::V6(Ipv6Addr::UNSPECIFIED);

struct Window {
    since: Instant,
    wrong: u32,
    /// When the next key may be looked at.
    turn: Instant,
}

/// When a key may be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// At once.
    Now,
    /// After so long.
    After(Duration),
    /// Not in time: too many wait already. The window is over after so long.
    Never(Duration),
}

/// Wrong keys, by address.
#[derive(Default)]
pub(super) struct WrongKeys {
    remembered: Mutex<Remembered>,
    /// Keys and tokens that were shown and were right, those included that have ended since.
    right: Mutex<Vec<Digest>>,
}

#[derive(Default)]
struct Remembered {
    windows: HashMap<IpAddr, Window>,
    /// When those that are over were last forgotten: looking for them each time would be a way to keep the server busy.
    swept: Option<Instant>,
}

impl Remembered {
    /// Where what comes from `address` is counted.
    fn place(&self, address: IpAddr) -> IpAddr {
        let own = site(address);
        let full = self.windows.len() >= ADDRESSES && !self.windows.contains_key(&own);
        if full { SHARED } else { own }
    }
}

impl WrongKeys {
    /// Remembers a key that is right.
    pub(super) fn remember_right(&self, key: Digest) {
        let mut right = self.right.lock().unwrap_or_else(PoisonError::into_inner);
        if !right.contains(&key) {
            right.push(key);
        }
    }

    /// When the key with this digest, shown from `address` by somebody who waits for at most `patience`, may be looked at. Where it may
    /// be, that takes a turn.
    pub(super) fn turn(&self, key: &Digest, address: IpAddr, patience: Duration) -> Turn {
        if self.right.lock().unwrap_or_else(PoisonError::into_inner).contains(key) {
            return Turn::Now;
        }
        self.turn_at(address, patience, Instant::now())
    }

    fn turn_at(&self, address: IpAddr, patience: Duration, now: Instant) -> Turn {
        let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        let place = remembered.place(address);
        let Some(window) = remembered.windows.get_mut(&place) else { return Turn::Now };
        let age = now.saturating_duration_since(window.since);
        if age >= WINDOW || window.wrong <= MOST {
            return Turn::Now;
        }
        let turn = window.turn.max(now);
        let wait = turn.saturating_duration_since(now);
        if wait > patience {
            return Turn::Never(WINDOW.saturating_sub(age));
        }
        window.turn = turn + PACE;
        if wait.is_zero() { Turn::Now } else { Turn::After(wait) }
    }

    /// Counts a wrong key from `address`. How long it has to wait, if it has shown too many.
    pub(super) fn count(&self, address: IpAddr) -> Option<Duration> {
        self.count_at(address, Instant::now())
    }

    fn count_at(&self, address: IpAddr, now: Instant) -> Option<Duration> {
        let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        let is_over = |window: &Window| now.saturating_duration_since(window.since) >= WINDOW;
        let is_due = remembered.swept.is_none_or(|swept| now.saturating_duration_since(swept) >= SWEEP);
        let mut place = remembered.place(address);
        if place == SHARED && is_due {
            remembered.windows.retain(|_, window| !is_over(window));
            remembered.swept = Some(now);
            place = remembered.place(address);
        }
        let window = remembered.windows.entry(place).or_insert(Window { since: now, wrong: 0, turn: now });
        if is_over(window) {
            *window = Window { since: now, wrong: 0, turn: now };
        }
        window.wrong = window.wrong.saturating_add(1);
        let left = WINDOW.saturating_sub(now.saturating_duration_since(window.since));
        (window.wrong > MOST).then_some(left)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn after_too_many_an_address_waits_until_its_window_is_over() {
        let (wrong, now) = (WrongKeys::default(), Instant::now());
        let (one, other): (IpAddr, IpAddr) = ("10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap());
        assert!((0..MOST).all(|_| wrong.count_at(one, now).is_none()));
        assert_eq!(wrong.count_at(one, now + WINDOW / 2), Some(WINDOW / 2));
        assert_eq!(wrong.count_at(other, now), None);
        assert_eq!(wrong.count_at(one, now + WINDOW), None);
    }

    #[test]
    fn after_too_many_keys_are_looked_at_one_after_another() {
        let (wrong, now) = (WrongKeys::default(), Instant::now());
        let (one, other): (IpAddr, IpAddr) = ("10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap());
        let turn_at = |address, now| wrong.turn_at(address, LONGEST_WAIT, now);
        for _ in 0..=MOST {
            assert_eq!(turn_at(one, now), Turn::Now);
            wrong.count_at(one, now);
        }
        assert_eq!(turn_at(one, now), Turn::Now);
        assert_eq!(turn_at(one, now), Turn::After(PACE));
        assert_eq!(turn_at(other, now), Turn::Now);
        let waiting = LONGEST_WAIT.as_millis() / PACE.as_millis() - 1;
        assert!((0..waiting).all(|_| matches!(turn_at(one, now), Turn::After(_))));
        assert_eq!(turn_at(one, now), Turn::Never(WINDOW));
        assert_eq!(turn_at(one, now + PACE), Turn::After(LONGEST_WAIT));
        assert_eq!(turn_at(one, now + WINDOW), Turn::Now);
        let known = Digest::of(b"known");
        wrong.remember_right(known);
        assert_eq!(wrong.turn(&known, one, Duration::ZERO), Turn::Now);
        // Whoever does not wait takes no turn.
        let later = now + WINDOW / 2;
        assert_eq!(turn_at(one, later), Turn::Now);
        assert_eq!(wrong.turn_at(one, Duration::ZERO, later), Turn::Never(WINDOW / 2));
        assert_eq!(turn_at(one, later), Turn::After(PACE));
    }

    #[test]
    fn a_million_addresses_take_the_memory_of_ten_thousand() {
        let (wrong, now) = (WrongKeys::default(), Instant::now());
        for number in 0..1_000_000_u32 {
            wrong.count_at(IpAddr::V4(number.into()), now);
        }
        for number in 0..100_u128 {
            wrong.count_at(IpAddr::V6(Ipv6Addr::from_bits(7 << 64 | number)), now);
        }
        assert!(wrong.remembered.lock().unwrap().windows.len() <= ADDRESSES + 1);
    }
}
