//! What a thread that writes could not write.

use std::sync::{Mutex, PoisonError};

use super::NotQueued;

/// What could not be written: counted, logged once until it can be again, and told to whoever asks.
#[derive(Debug)]
pub struct Trouble {
    /// Counts what is lost.
    losses: metrics::Counter,
    /// What the log says of the first loss.
    saying: &'static str,
    /// How much was lost, and why the last of it; no reason where the last was written.
    lost: Mutex<(u64, Option<String>)>,
}

impl Trouble {
    /// None so far. `losses` counts what is lost from now on; its name is where the type is made, so that each metric can be found.
    pub fn none(losses: metrics::Counter, saying: &'static str) -> Self {
        losses.increment(0);
        Self { losses, saying, lost: Mutex::default() }
    }

    /// Something is lost.
    pub fn lost(&self, why: String) {
        self.losses.increment(1);
        let mut lost = self.lost.lock().unwrap_or_else(PoisonError::into_inner);
        if lost.1.is_none() {
            tracing::error!(why, "{}", self.saying);
        }
        *lost = (lost.0 + 1, Some(why));
    }

    /// Something is lost because the thread's queue did not take it.
    pub fn not_queued(&self, why: NotQueued) {
        self.lost(match why {
            NotQueued::Full => "the disk takes lines more slowly than they come".to_owned(),
            NotQueued::Ended => "the thread that writes it is not there".to_owned(),
        });
    }

    /// Something was written.
    pub fn over(&self) {
        self.lost.lock().unwrap_or_else(PoisonError::into_inner).1 = None;
    }

    /// Why the last could not be written; none if it could.
    pub fn last(&self) -> Option<String> {
        self.lost.lock().unwrap_or_else(PoisonError::into_inner).1.clone()
    }

    /// How much was lost.
    pub fn count(&self) -> u64 {
        self.lost.lock().unwrap_or_else(PoisonError::into_inner).0
    }
}
