//! Events added up, in bounded memory.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::event::{Asked, Event, Taken, TakenKind};

/// Different queries of a day that are kept; those above are counted together.
pub const MOST_QUERIES: usize = 20_000;
/// Different corrections and completions of a day that are kept.
const MOST_TAKEN: usize = 5_000;
/// The most bytes of text that a day keeps.
const MOST_BYTES: usize = 4 << 20;

/// Events of one day or several, added up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) asked: BTreeMap<String, Asked>,
    pub(super) taken: BTreeMap<(TakenKind, String, String), u64>,
    pub(super) above: u64,
    bytes: usize,
}

impl Counts {
    /// Adds what happened on a day, as long as the day is not full: then it only counts.
    pub(super) fn add(&mut self, event: Event) {
        self.add_within(event, Limits { queries: MOST_QUERIES, taken: MOST_TAKEN, bytes: MOST_BYTES });
    }

    /// Adds what happened on any of many days.
    pub(super) fn add_all(&mut self, event: Event) {
        self.add_within(event, Limits { queries: usize::MAX, taken: usize::MAX, bytes: usize::MAX });
    }

    fn add_within(&mut self, event: Event, limits: Limits) {
        match event {
            Event::Above { times } => self.above = self.above.saturating_add(times),
            Event::Asked(asked) => self.add_asked(asked, limits),
            Event::Taken(taken) => self.add_taken(taken, limits),
        }
    }

    fn add_asked(&mut self, asked: Asked, limits: Limits) {
        let full = self.asked.len() >= limits.queries || self.bytes >= limits.bytes;
        match self.asked.entry(asked.query.clone()) {
            Entry::Occupied(mut known) => {
                let known = known.get_mut();
                known.times = known.times.saturating_add(asked.times);
                known.in_vain = known.in_vain.saturating_add(asked.in_vain);
                known.total = asked.total;
                if asked.in_vain > 0 {
                    known.missing = asked.missing;
                    known.suggestion = asked.suggestion;
                }
            }
            Entry::Vacant(_) if full => self.above = self.above.saturating_add(asked.times),
            Entry::Vacant(new) => {
                let more: usize = asked.missing.iter().chain(&asked.suggestion).map(String::len).sum();
                self.bytes += asked.query.len() + more;
                new.insert(asked);
            }
        }
    }

    fn add_taken(&mut self, taken: Taken, limits: Limits) {
        let full = self.taken.len() >= limits.taken || self.bytes >= limits.bytes;
        let bytes = taken.typed.len() + taken.chosen.len();
        match self.taken.entry((taken.kind, taken.typed, taken.chosen)) {
            Entry::Occupied(mut known) => *known.get_mut() = known.get().saturating_add(taken.times),
            // What it led to is counted as a query all the same.
            Entry::Vacant(_) if full => {}
            Entry::Vacant(new) => {
                self.bytes += bytes;
                new.insert(taken.times);
            }
        }
    }

    /// All of it as events, each as often as it happened.
    pub(super) fn events(&self) -> impl Iterator<Item = Event> + '_ {
        let taken = self.taken.iter().map(|((kind, typed, chosen), times)| {
            let (typed, chosen) = (typed.clone(), chosen.clone());
            Event::Taken(Taken { kind: *kind, typed, chosen, times: *times })
        });
        let above = (self.above > 0).then_some(Event::Above { times: self.above });
        self.asked.values().cloned().map(Event::Asked).chain(taken).chain(above)
    }
}

#[derive(Clone, Copy)]
struct Limits {
    queries: usize,
    taken: usize,
    bytes: usize,
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn asked(query: &str, total: u64) -> Event {
        Event::Asked(Asked::once(query, total).unwrap())
    }

    #[test]
    fn events_add_up_and_the_last_one_says_what_is_found() {
        let mut counts = Counts::default();
        counts.add(Event::Asked(
            Asked::once(" 윤석렬  대통령 ", 0).unwrap().in_vain(vec!["윤석렬".to_owned()], None),
        ));
        counts.add(asked("윤석렬 대통령", 12));
        let query = counts.asked.get("윤석렬 대통령").unwrap();
        assert_eq!((query.times, query.in_vain, query.total), (2, 1, 12));
        assert_eq!(query.missing, ["윤석렬"]);
        let mut again = Counts::default();
        counts.events().for_each(|event| again.add(event));
        assert_eq!(again, counts);
        assert_eq!(Asked::once(" \t", 3), None);
    }

    #[test]
    fn a_full_day_counts_what_it_does_not_keep() {
        let mut counts = Counts::default();
        for number in 0..MOST_QUERIES + 7 {
            counts.add(asked(&format!("낱말{number}"), 1));
        }
        counts.add(asked("낱말0", 1));
        assert_eq!((counts.asked.len(), counts.above), (MOST_QUERIES, 7));
        assert_eq!(counts.asked.get("낱말0").unwrap().times, 2);
        let mut long = Counts::default();
        for number in 0..3_000 {
            long.add(asked(&format!("{number}{}", "가".repeat(700)), 1));
        }
        assert!(long.bytes < MOST_BYTES + 4_000 && long.above > 0, "{}", long.bytes);
    }
}
