//! Which of the files that differ have arrived: their size and time have stood still for a while.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::ingest::Stamp;

/// How long a file must stand still. A copy over a slow line pauses for less.
pub(super) const STILL: Duration = Duration::from_secs(2);

/// A file that differs from what was read: its stamp now, none if it is gone.
pub(super) type Differing = (PathBuf, Option<Stamp>);

/// What is known of the files that differ.
#[derive(Debug, Default)]
pub(super) struct Arrivals {
    /// Of each, as it was seen last, and since when.
    seen: FxHashMap<PathBuf, (Option<Stamp>, Instant)>,
    /// What a run was begun for: it is not begun again for the same.
    tried: FxHashMap<PathBuf, Option<Stamp>>,
    /// Whether the last run changed nothing because it would have lost too much.
    withheld: bool,
}

/// What to do now.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Due {
    /// Whether a file has arrived, or has gone, for which no run was begun.
    pub(super) run: bool,
    /// The files that have not arrived.
    pub(super) unsettled: FxHashSet<PathBuf>,
    /// When to look again, if any has not.
    pub(super) again: Option<Instant>,
}

impl Arrivals {
    /// Takes the files that differ now.
    pub(super) fn look(&mut self, differing: Vec<Differing>, now: Instant) -> Due {
        if self.withheld {
            let differ: FxHashSet<&PathBuf> = differing.iter().map(|(path, _)| path).collect();
            if self.seen.keys().any(|path| !differ.contains(path)) {
                // A file is back. What is left was withheld for those that were gone, and may go in now.
                self.withheld = false;
                self.tried.clear();
            }
        }
        let mut seen = FxHashMap::default();
        let mut due = Due::default();
        for (path, stamp) in differing {
            let since = match self.seen.get(&path) {
                Some((same, since)) if *same == stamp => *since,
                _ => now,
            };
            let settles = since + STILL;
            if settles > now {
                due.unsettled.insert(path.clone());
                due.again = Some(due.again.map_or(settles, |again| again.min(settles)));
            } else if self.tried.get(&path) != Some(&stamp) {
                due.run = true;
            }
            seen.insert(path, (stamp, since));
        }
        self.tried.retain(|path, _| seen.contains_key(path));
        self.seen = seen;
        due
    }

    /// Notes that a run has begun for all that have arrived.
    pub(super) fn begun(&mut self, unsettled: &FxHashSet<PathBuf>) {
        self.withheld = false;
        let arrived = self.seen.iter().filter(|(path, _)| !unsettled.contains(*path));
        self.tried.extend(arrived.map(|(path, (stamp, _))| (path.clone(), *stamp)));
    }

    /// Notes that the run failed for a reason that may pass.
    pub(super) fn failed(&mut self) {
        self.tried.clear();
    }

    /// Notes that the run changed nothing, because too much would have been lost.
    pub(super) fn withheld(&mut self) {
        self.withheld = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_arrived_once_it_stands_still() {
        let mut arrivals = Arrivals::default();
        let start = Instant::now();
        let after = |ms| start + Duration::from_millis(ms);
        let file = |name: &str, bytes| (PathBuf::from(name), Some(Stamp { bytes, modified_ns: 1 }));
        let gone = |name: &str| (PathBuf::from(name), None);
        assert_eq!(arrivals.look(Vec::new(), start), Due::default());

        let due = arrivals.look(vec![file("a", 1), gone("b")], start);
        assert!(!due.run && due.unsettled.len() == 2 && due.again == Some(start + STILL));
        // It grows, while the other stays gone.
        let due = arrivals.look(vec![file("a", 2), gone("b")], after(1_500));
        assert!(!due.run && due.again == Some(start + STILL));
        let due = arrivals.look(vec![file("a", 2), gone("b")], after(2_000));
        assert!(due.run && due.unsettled.len() == 1 && due.again == Some(after(3_500)));
        arrivals.begun(&due.unsettled);
        // What the run left as it was is not tried again before it changes.
        let due = arrivals.look(vec![gone("b")], after(5_000));
        assert!(!due.run && due.unsettled.is_empty());
        assert!(!arrivals.look(vec![file("b", 9)], after(5_100)).run);
        assert!(arrivals.look(vec![file("b", 9)], after(7_100)).run);
        arrivals.begun(&FxHashSet::default());
        assert!(!arrivals.look(vec![file("b", 9)], after(7_200)).run);
        arrivals.failed();
        assert!(arrivals.look(vec![file("b", 9)], after(7_300)).run);
    }

    #[test]
    fn what_was_withheld_goes_in_once_a_file_is_back() {
        let mut arrivals = Arrivals::default();
        let start = Instant::now();
        let after = |ms| start + Duration::from_millis(ms);
        let edited = || (PathBuf::from("day"), Some(Stamp { bytes: 7, modified_ns: 1 }));
        let gone = |name: &str| (PathBuf::from(name), None);
        let all = || vec![edited(), gone("big/1"), gone("big/2")];
        arrivals.look(all(), start);
        assert!(arrivals.look(all(), after(2_000)).run);
        arrivals.begun(&FxHashSet::default());
        arrivals.withheld();
        assert!(!arrivals.look(all(), after(3_000)).run);
        // The mount comes back file by file.
        assert!(arrivals.look(vec![edited(), gone("big/2")], after(4_000)).run);
        arrivals.begun(&FxHashSet::default());
        arrivals.withheld();
        assert!(!arrivals.look(vec![edited(), gone("big/2")], after(5_000)).run);
        assert!(arrivals.look(vec![edited()], after(6_000)).run);
        arrivals.begun(&FxHashSet::default());
        assert!(!arrivals.look(vec![edited()], after(7_000)).run);
    }
}
