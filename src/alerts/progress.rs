//! How far a target has been told, and what happened.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::article::Timestamp;

/// Deliveries that are remembered.
pub const REMEMBERED_DELIVERIES: usize = 20;
/// The longest pause after a failure: a day.
const LONGEST_PAUSE_SECONDS: i64 = 24 * 60 * 60;

/// How far a target has been told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Progress {
    /// Everything up to this sequence was delivered, or does not match.
    pub delivered: u64,
    /// Why nothing can be delivered; none where it can.
    pub failing: Option<Failing>,
    /// The last deliveries, the newest first.
    pub deliveries: VecDeque<Delivery>,
}

/// Why a target cannot be reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Failing {
    /// The reason of the last attempt.
    pub reason: String,
    /// When the first attempt in a row failed.
    #[schema(value_type = String)]
    pub since: Timestamp,
    /// Attempts that failed in a row.
    pub attempts: u32,
    /// When the next is made.
    #[schema(value_type = String)]
    pub next_at: Timestamp,
}

/// A delivery, or an attempt at one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Delivery {
    /// When.
    #[schema(value_type = String)]
    pub at: Timestamp,
    /// The sequence of the first hit in it.
    pub first: u64,
    /// The sequence of the last hit in it.
    pub last: u64,
    /// How many hits it has.
    pub hits: usize,
    /// Why it failed; `null` where the receiver has confirmed it.
    pub error: Option<String>,
}

impl Progress {
    /// Begins after the sequence `delivered`.
    pub(super) fn beginning_after(delivered: u64) -> Self {
        Self { delivered, ..Self::default() }
    }

    /// Notes a delivery that was confirmed, after which everything up to `up_to` is settled.
    pub(super) fn confirmed(&mut self, delivery: Delivery, up_to: u64) {
        self.delivered = self.delivered.max(up_to);
        self.failing = None;
        self.remember(delivery);
    }

    /// Notes a delivery that failed, with the reason that it names.
    pub(super) fn failed(&mut self, delivery: Delivery) {
        let reason = delivery.error.clone().unwrap_or_default();
        let (since, before) = match &self.failing {
            Some(failing) => (failing.since, failing.attempts),
            None => (delivery.at, 0),
        };
        // A second after the first failure, twice as long after each further one; seventeen doublings are more than a day.
        let pause = (1_i64 << before.min(17)).min(LONGEST_PAUSE_SECONDS);
        let next_at = Timestamp::from_seconds(delivery.at.seconds().saturating_add(pause));
        self.failing = Some(Failing { reason, since, attempts: before.saturating_add(1), next_at });
        self.remember(delivery);
    }

    fn remember(&mut self, delivery: Delivery) {
        self.deliveries.push_front(delivery);
        self.deliveries.truncate(REMEMBERED_DELIVERIES);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_a_day_and_end_with_a_success() {
        let mut progress = Progress::beginning_after(7);
        let attempt = |at, error: Option<&str>| {
            let error = error.map(str::to_owned);
            Delivery { at: Timestamp::from_seconds(at), first: 8, last: 8, hits: 1, error }
        };
        let mut at = 1_000;
        let mut pauses = Vec::new();
        for _ in 0..40 {
            progress.failed(attempt(at, Some("503")));
            let next = progress.failing.as_ref().unwrap().next_at.seconds();
            pauses.push(next - at);
            at = next;
        }
        assert_eq!(pauses[..4], [1, 2, 4, 8]);
        assert_eq!(pauses[39], 86_400);
        let failing = progress.failing.clone().unwrap();
        assert_eq!((failing.since.seconds(), failing.attempts, progress.deliveries.len()), (1_000, 40, 20));
        progress.confirmed(attempt(at, None), 9);
        assert_eq!((progress.delivered, progress.failing), (9, None));
    }
}
