//! Former editions, kept open for a while: a paging session ends in the edition it began in, even if a reindex replaced the
//! generation meanwhile.
//!
//! It costs no copy: files removed from disk stay mapped until they are let go, so it costs disk space, page cache only as it is
//! read, and some memory for each, mostly lexicons (docs/MEASURED.md).

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Generations kept open, in addition to the one in service. The files of one that is removed from disk stay mapped until
/// it is closed: that much disk space, and memory only for what is read.
const MAX_GENERATIONS: usize = 4;
/// Editions kept open: those generations as they were at one commit or another. Editions of one generation share nearly all
/// their files.
pub(super) const MAX_EDITIONS: usize = 64;

/// Former editions, the latest last.
pub(super) struct FormerEditions<T> {
    lifetime: Duration,
    most: usize,
    editions: Mutex<VecDeque<Edition<T>>>,
}

struct Edition<T> {
    serving: Arc<T>,
    generation: String,
    used: Instant,
}

impl<T> FormerEditions<T> {
    /// Keeps `most`, each for `lifetime` after it was last used; none if that is zero.
    pub(super) fn new(lifetime: Duration, most: usize) -> Self {
        Self { lifetime, most, editions: Mutex::new(VecDeque::new()) }
    }

    /// Keeps an edition of `generation` that a newer one has replaced.
    pub(super) fn keep(&self, serving: Arc<T>, generation: &str) {
        if self.lifetime.is_zero() {
            return;
        }
        let mut editions = self.lock();
        editions.push_back(Edition { serving, generation: generation.to_owned(), used: Instant::now() });
        while editions.len() > self.most {
            editions.pop_front();
        }
        let generations = editions.iter().map(|edition| edition.generation.as_str()).collect::<BTreeSet<_>>();
        if generations.len() > MAX_GENERATIONS
            && let Some(oldest) = editions.front().map(|edition| edition.generation.clone())
        {
            editions.retain(|edition| edition.generation != oldest);
        }
    }

    /// The latest one that `fits`; its lifetime begins again.
    pub(super) fn find(&self, fits: impl Fn(&T) -> bool) -> Option<Arc<T>> {
        let mut editions = self.lock();
        let found = editions.iter_mut().rev().find(|edition| fits(&edition.serving))?;
        found.used = Instant::now();
        Some(Arc::clone(&found.serving))
    }

    /// Closes those that nobody has used for too long.
    pub(super) fn close_unused(&self) {
        let unused = {
            let mut editions = self.lock();
            let (used, unused) = editions
                .drain(..)
                .partition::<VecDeque<_>, _>(|edition| edition.used.elapsed() < self.lifetime);
            *editions = used;
            unused
        };
        // Unmapping takes time: searches must not wait for it at the lock.
        drop(unused);
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Edition<T>>> {
        self.editions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_few_stay_and_the_old_go() {
        let former = FormerEditions::new(Duration::from_secs(3600), MAX_EDITIONS);
        for number in 0..6 {
            former.keep(Arc::new(number), &format!("generation-{}", number / 2));
            former.keep(Arc::new(number + 100), &format!("generation-{number}"));
        }
        former.close_unused();
        let found = |former: &FormerEditions<i32>| {
            (0..106).filter(|number| former.find(|one| one == number).is_some()).collect::<Vec<_>>()
        };
        assert_eq!(found(&former), [4, 5, 102, 103, 104, 105]);
        let former = FormerEditions::new(Duration::from_secs(3600), MAX_EDITIONS);
        (0..100).for_each(|number| former.keep(Arc::new(number), "one"));
        assert_eq!(found(&former), (36..100).collect::<Vec<_>>());

        let held = Arc::new(7);
        let former = FormerEditions::new(Duration::from_nanos(1), MAX_EDITIONS);
        former.keep(Arc::clone(&held), "one");
        while Arc::strong_count(&held) > 1 {
            former.close_unused();
        }
        assert!(former.find(|_| true).is_none());
        let none = FormerEditions::new(Duration::ZERO, MAX_EDITIONS);
        none.keep(Arc::new(7), "one");
        assert!(none.find(|_| true).is_none());
    }
}
