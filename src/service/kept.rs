//! Editions that were replaced, kept open for a while: paging by cursor ends in the edition in which it began, although a
//! reindex swapped meanwhile.
//!
//! Editions in which a cursor began stay open for ten minutes after their last use (`search.cursor_minutes`), of at most four generations and
//! 64 commits. It costs no copy: files removed from disk stay mapped until they are let go, so it costs disk space, page cache only as it is
//! read, and some memory for each, mostly lexicons (docs/MEASURED.md).

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Generations kept at most, beside the one in service. The files of one that is removed from disk stay mapped until it is
/// let go: that much disk space, and memory only for what is read.
const GENERATIONS: usize = 4;
/// What served of them at one commit or another, at most. Those of one generation share nearly all their files.
const MOST: usize = 64;

/// What served before, the last one at the end.
pub(super) struct Kept<T> {
    age: Duration,
    former: Mutex<VecDeque<Former<T>>>,
}

struct Former<T> {
    serving: Arc<T>,
    generation: String,
    used: Instant,
}

impl<T> Kept<T> {
    /// Keeps each for `age` after it was used last; nothing where that is zero.
    pub(super) fn new(age: Duration) -> Self {
        Self { age, former: Mutex::new(VecDeque::new()) }
    }

    /// Keeps what a newer one has replaced: `generation`, as it was at some commit.
    pub(super) fn keep(&self, serving: Arc<T>, generation: &str) {
        if self.age.is_zero() {
            return;
        }
        let mut former = self.lock();
        former.push_back(Former { serving, generation: generation.to_owned(), used: Instant::now() });
        while former.len() > MOST {
            former.pop_front();
        }
        let generations = former.iter().map(|former| former.generation.as_str()).collect::<BTreeSet<_>>();
        if generations.len() > GENERATIONS
            && let Some(oldest) = former.front().map(|former| former.generation.clone())
        {
            former.retain(|former| former.generation != oldest);
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
            kept.keep(Arc::new(number), &format!("generation-{}", number / 2));
            kept.keep(Arc::new(number + 100), &format!("generation-{number}"));
        }
        kept.forget_old();
        let found = |kept: &Kept<i32>| {
            (0..106).filter(|number| kept.find(|one| one == number).is_some()).collect::<Vec<_>>()
        };
        assert_eq!(found(&kept), [4, 5, 102, 103, 104, 105]);
        let kept = Kept::new(Duration::from_secs(3600));
        (0..100).for_each(|number| kept.keep(Arc::new(number), "one"));
        assert_eq!(found(&kept), (36..100).collect::<Vec<_>>());

        let held = Arc::new(7);
        let kept = Kept::new(Duration::from_nanos(1));
        kept.keep(Arc::clone(&held), "one");
        while Arc::strong_count(&held) > 1 {
            kept.forget_old();
        }
        assert!(kept.find(|_| true).is_none());
        let none = Kept::new(Duration::ZERO);
        none.keep(Arc::new(7), "one");
        assert!(none.find(|_| true).is_none());
    }
}
