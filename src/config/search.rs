//! `[search]`.

use std::ops::RangeInclusive;
use std::time::Duration;

use serde::Deserialize;

use super::error::{ConfigError, in_range};
use super::index::cores;

/// Searches that may wait for each one that runs, unless the settings say how many.
const WAITING_FOR_EACH: usize = 4;

/// `[search]` as written: how much is searched at once, and for how long.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SearchSection {
    /// Searches that run at once; 0: one for each core.
    pub max_concurrent: usize,
    /// Searches that may wait in addition to those; 0: four times as many.
    pub max_waiting: usize,
    /// A search that takes longer is given up, in milliseconds.
    pub deadline_ms: u64,
    /// How long a search may look for what a mistyped word was meant to be, in milliseconds; 0: not at all.
    pub correction_ms: u64,
    /// Minutes that a replaced generation stays open for paging sessions that began in it; 0: none.
    pub cursor_minutes: u64,
    /// Whether it is kept how often each query was asked on a day.
    pub keep_queries: bool,
}

impl Default for SearchSection {
    fn default() -> Self {
        Self {
            max_concurrent: 0,
            max_waiting: 0,
            deadline_ms: 2000,
            correction_ms: 5,
            cursor_minutes: 10,
            keep_queries: false,
        }
    }
}

/// How much is searched at once, and for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchSettings {
    /// Searches at once, at least 1.
    pub max_concurrent: usize,
    /// Searches that may wait in addition to those.
    pub max_waiting: usize,
    /// When a search is given up, waiting included.
    pub deadline: Duration,
    /// How long a correction is looked for; zero: not at all.
    pub correcting: Duration,
    /// How long a replaced generation stays open after a cursor was last used in it; zero: not at all.
    pub cursor_lifetime: Duration,
    /// Whether it is kept how often each query was asked on a day ([`crate::asked`]).
    pub keep_queries: bool,
}

impl SearchSection {
    /// 0 is one for each core.
    const MAX_CONCURRENT: RangeInclusive<usize> = 0..=1024;
    /// 0 is four times `max_concurrent`.
    const MAX_WAITING: RangeInclusive<usize> = 0..=65_536;
    /// After a minute the reader has left.
    const DEADLINE_MS: RangeInclusive<u64> = 1..=60_000;
    /// A search should not wait longer for what it only offers.
    const CORRECTION_MS: RangeInclusive<u64> = 0..=60_000;
    /// A day at most: the files of an open generation take up disk space.
    const CURSOR_MINUTES: RangeInclusive<u64> = 0..=24 * 60;

    /// Checks the values and fills in those that depend on the machine.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`] names the key.
    pub fn resolve(&self) -> Result<SearchSettings, ConfigError> {
        let max_concurrent =
            match in_range("search.max_concurrent", self.max_concurrent, &Self::MAX_CONCURRENT)? {
                0 => cores(),
                number => number,
            };
        let max_waiting = match in_range("search.max_waiting", self.max_waiting, &Self::MAX_WAITING)? {
            0 => WAITING_FOR_EACH * max_concurrent,
            number => number,
        };
        let deadline_ms = in_range("search.deadline_ms", self.deadline_ms, &Self::DEADLINE_MS)?;
        let correction_ms = in_range("search.correction_ms", self.correction_ms, &Self::CORRECTION_MS)?;
        let cursor_minutes = in_range("search.cursor_minutes", self.cursor_minutes, &Self::CURSOR_MINUTES)?;
        Ok(SearchSettings {
            max_concurrent,
            max_waiting,
            deadline: Duration::from_millis(deadline_ms),
            correcting: Duration::from_millis(correction_ms),
            cursor_lifetime: Duration::from_secs(60 * cursor_minutes),
            keep_queries: self.keep_queries,
        })
    }
}
