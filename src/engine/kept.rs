//! What served before, kept open for a while: a walk over cursors ends in the index it began in, though a reindex swapped
//! meanwhile.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Generations kept at most, beside the one in service. The files of one that is removed from disk stay mapped until it is
/// let go: that much disk space, and memory only for what is read.
const MOST: usize = 4;

/// What served before, the last one at the end.
pub(super) struct Kept<T> {
    age: Duration,
    former: Mutex<VecDeque<Former<T>>>,
}

struct Former<T> {
    serving: Arc<T>,
    used: Instant,
}

impl<T> Kept<T> {
    /// Keeps each for `age` after it was used last; nothing where that is zero.
    pub(super) fn new(age: Duration) -> Self {
        Self { age, former: Mutex::new(VecDeque::new()) }
    }

    /// Keeps what a newer one has replaced.
    pub(super) fn keep(&self, serving: Arc<T>) {
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
    pub(super) fn find(&self, fits: impl Fn(&T) -> bool) -> Option<Arc<T>> {
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

    fn lock(&self) -> MutexGuard<'_, VecDeque<Former<T>>> {
        self.former.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_few_stay_and_the_old_go() {
        let kept = Kept::new(Duration::from_secs(3600));
        for number in 0..6 {
            kept.keep(Arc::new(number));
        }
        kept.forget_old();
        let found: Vec<i32> = (0..7).filter(|number| kept.find(|one| one == number).is_some()).collect();
        assert_eq!(found, [2, 3, 4, 5]);

        let held = Arc::new(7);
        let kept = Kept::new(Duration::from_nanos(1));
        kept.keep(Arc::clone(&held));
        while Arc::strong_count(&held) > 1 {
            kept.forget_old();
        }
        assert!(kept.find(|_| true).is_none());
        let none = Kept::new(Duration::ZERO);
        none.keep(Arc::new(7));
        assert!(none.find(|_| true).is_none());
    }
}
