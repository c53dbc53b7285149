//! How often an address has shown wrong keys: after too many it is told to wait. Right keys from the same address are never refused
//! for that: a newsroom may stand behind one address, with a script in it that goes on sending what was removed.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::http::share::site;

/// Wrong keys of one address in a window.
const MOST: u32 = 20;
/// How long wrong keys count.
const WINDOW: Duration = Duration::from_secs(60);
/// How often those that are over are forgotten.
const SWEEP: Duration = Duration::from_secs(1);
/// Addresses that are remembered; what comes beyond them shares one place.
const ADDRESSES: usize = 10_000;

struct Window {
    since: Instant,
    wrong: u32,
}

/// Wrong keys, by address.
#[derive(Default)]
pub(super) struct WrongKeys {
    remembered: Mutex<Remembered>,
}

#[derive(Default)]
struct Remembered {
    windows: HashMap<IpAddr, Window>,
    /// When those that are over were last forgotten: looking for them each time would be a way to keep the server busy.
    swept: Option<Instant>,
}

impl WrongKeys {
    /// Counts a wrong key from `address`. How long it has to wait, if it has shown too many.
    pub(super) fn count(&self, address: IpAddr) -> Option<Duration> {
        self.count_at(address, Instant::now())
    }

    fn count_at(&self, address: IpAddr, now: Instant) -> Option<Duration> {
        let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        let Remembered { windows, swept } = &mut *remembered;
        let is_over = |window: &Window| now.saturating_duration_since(window.since) >= WINDOW;
        let mut place = site(address);
        if windows.len() >= ADDRESSES && !windows.contains_key(&place) {
            if swept.is_none_or(|swept| now.saturating_duration_since(swept) >= SWEEP) {
                windows.retain(|_, window| !is_over(window));
                *swept = Some(now);
            }
            if windows.len() >= ADDRESSES {
                place = IpAddr::V6(Ipv6Addr::UNSPECIFIED);
            }
        }
        let window = windows.entry(place).or_insert(Window { since: now, wrong: 0 });
        if is_over(window) {
            *window = Window { since: now, wrong: 0 };
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
