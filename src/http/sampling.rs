//! Log lines that anybody can cause are written only so many times a second, and then counted.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Lines of a second. More than anyone reads, and little beside what a disk takes.
const LINES: u32 = 20;
/// The second.
const WINDOW: Duration = Duration::from_secs(1);

/// A budget of log lines.
pub(in crate::http) struct Sampler {
    /// What the lines tell of, in the plural.
    about: &'static str,
    state: Mutex<State>,
}

struct State {
    began: Option<Instant>,
    written: u32,
    left_out: u64,
}

impl Sampler {
    pub(in crate::http) const fn new(about: &'static str) -> Self {
        Self { about, state: Mutex::new(State { began: None, written: 0, left_out: 0 }) }
    }

    /// Whether a line may be written now; one that may not is counted.
    pub(in crate::http) fn allows(&self, now: Instant) -> bool {
        let (allowed, left_out) = self.state.lock().unwrap_or_else(PoisonError::into_inner).count(now);
        self.report(left_out);
        allowed
    }

    /// Writes how many lines were left out in the window that has ended, if any were.
    pub(in crate::http) fn say(&self, now: Instant) {
        let left_out = self.state.lock().unwrap_or_else(PoisonError::into_inner).ended(now);
        self.report(left_out);
    }

    fn report(&self, left_out: u64) {
        if left_out > 0 {
            tracing::warn!(left_out, "{} that have no line of their own", self.about);
        }
    }
}

impl State {
    /// Counts a line: whether it is written, and how many were left out in a window that has just ended.
    fn count(&mut self, now: Instant) -> (bool, u64) {
        let left_out = self.ended(now);
        if self.began.is_none() {
            self.began = Some(now);
        }
        let allowed = self.written < LINES;
        if allowed {
            self.written += 1;
        } else {
            self.left_out += 1;
        }
        (allowed, left_out)
    }

    /// Ends the window if it is over: how many lines were left out in it.
    fn ended(&mut self, now: Instant) -> u64 {
        if self.began.is_some_and(|began| now.saturating_duration_since(began) >= WINDOW) {
            self.began = None;
            self.written = 0;
            return std::mem::take(&mut self.left_out);
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_counted_and_every_line_is_accounted_for() {
        let mut state = State { began: None, written: 0, left_out: 0 };
        let start = Instant::now();
        let (mut written, mut left_out) = (0, 0);
        for number in 0..10_000_u32 {
            let (allowed, ended) = state.count(start + Duration::from_millis(u64::from(number) / 3));
            written += u64::from(allowed);
            left_out += ended;
        }
        left_out += state.ended(start + Duration::from_secs(60));
        // 3.3 seconds.
        assert_eq!((written, left_out), (80, 9920));
        assert_eq!(state.ended(start + Duration::from_secs(120)), 0);
    }
}
