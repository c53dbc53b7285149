//! What served before, kept open for a while: a walk over cursors ends in the index it began in, though a reindex swapped
//! meanwhile.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::Serving;

/// Generations kept at most, beside the one in service. The files of one that is removed from disk stay mapped until it is
/// let go: that much disk space, and memory only for what is read.
const MOST: usize = 4;

/// Former [`Serving`]s, the last one at the end.
pub(super) struct Kept {
    age: Duration,
    former: Mutex<VecDeque<Former>>,
}

struct Former {
    serving: Arc<Serving>,
    used: Instant,
}

impl Kept {
    /// Keeps each for `age` after it was used last; nothing where that is zero.
    pub(super) fn new(age: Duration) -> Self {
        Self { age, former: Mutex::default() }
    }

    /// Keeps what a newer one has replaced.
    pub(super) fn keep(&self, serving: Arc<Serving>) {
        if self.age.is_zero() {
            return;
        }
        let mut former = self.lock();
        former.push_back(Former { serving, used: Instant::now() });
        while former.len() > MOST {
            former.pop_front();
        }
    }

    /// The last one that `fits`, for another while.
    pub(super) fn find(&self, fits: impl Fn(&Serving) -> bool) -> Option<Arc<Serving>> {
        let mut former = self.lock();
        let found = former.iter_mut().rev().find(|former| fits(&former.serving))?;
        found.used = Instant::now();
        Some(Arc::clone(&found.serving))
    }

    /// Lets go what nobody used for too long.
    pub(super) fn forget_old(&self) {
        let old = {
            let mut former = self.lock();
            let (kept, old) =
                former.drain(..).partition::<VecDeque<_>, _>(|former| former.used.elapsed() < self.age);
            *former = kept;
            old
        };
        // Unmapping takes time: outside of the lock.
        drop(old);
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Former>> {
        self.former.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
