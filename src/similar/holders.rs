//! Which articles have a hash, of many.

use rustc_hash::{FxHashMap, FxHashSet};

/// Hashes that two sketches must share before the texts are compared.
pub(super) const SHARED: u8 = 2;

/// Articles that a hash leads to, the first published. A phrase that everybody writes leads to no more, and a story that
/// is printed a thousand times is found by its first copies.
const HOLDERS: usize = 100;

/// A phrase recurs if so many articles have it, over so many days: it belongs to a quiz, a table or a report of every day,
/// not to a story, which is printed within days.
const RECURRING: (usize, i64) = (10, 7);

/// For each hash that several articles have the articles that have it, the first published.
#[derive(Debug)]
pub struct Holders {
    /// Ascending.
    hashes: Vec<u32>,
    /// Where the holders of each end.
    ends: Vec<usize>,
    /// Articles, ascending for each hash.
    holders: Vec<u32>,
    /// Whether each recurs.
    recurring: Vec<bool>,
}

impl Holders {
    /// Inverts `pairs` of a hash and the number of an article that has it, each pair once. `day` gives the day of publication, counted from any, and
    /// `order` what the order of publication goes by.
    pub fn new<K: Ord>(
        mut pairs: Vec<(u32, u32)>,
        day: impl Fn(u32) -> Option<i64>,
        order: impl Fn(u32) -> K,
    ) -> Self {
        // As one number, which is compared in one step: there may be millions.
        pairs.sort_unstable_by_key(|(hash, article)| u64::from(*hash) << 32 | u64::from(*article));
        let mut found =
            Self { hashes: Vec::new(), ends: Vec::new(), holders: Vec::new(), recurring: Vec::new() };
        for same in pairs.chunk_by_mut(|one, other| one.0 == other.0).filter(|same| same.len() > 1) {
            found.hashes.extend(same.first().map(|(hash, _)| *hash));
            let days = || same.iter().filter_map(|(_, article)| day(*article));
            let lasts = || days().max().zip(days().min()).map_or(0, |(last, first)| last - first);
            found.recurring.push(same.len() >= RECURRING.0 && lasts() >= RECURRING.1);
            if same.len() > HOLDERS {
                // Each is asked once what it goes by: it may have to be looked up.
                let mut ordered: Vec<_> =
                    same.iter().map(|(_, article)| (order(*article), *article)).collect();
                let (first, ..) = ordered.select_nth_unstable(HOLDERS);
                first.sort_unstable_by_key(|(_, article)| *article);
                found.holders.extend(first.iter().map(|(_, article)| *article));
            } else {
                found.holders.extend(same.iter().map(|(_, article)| *article));
            }
            found.ends.push(found.holders.len());
        }
        found
    }

    /// The articles that have a hash, the first published, and whether it recurs; `None` where only one has it.
    pub(super) fn of(&self, hash: u32) -> Option<(&[u32], bool)> {
        let slot = self.hashes.binary_search(&hash).ok()?;
        let start = slot.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let holders = self.holders.get(start..*self.ends.get(slot)?)?;
        Some((holders, *self.recurring.get(slot)?))
    }

    /// Whether a hash recurs.
    pub fn recurs(&self, hash: u32) -> bool {
        self.of(hash).is_some_and(|(_, recurs)| recurs)
    }

    /// Adds to `found` the articles that share so much with a sketch that the texts may be compared. `counts` saves allocating.
    pub fn sharing(
        &self,
        sketch: impl Iterator<Item = u32>,
        counts: &mut FxHashMap<u32, u8>,
        found: &mut FxHashSet<u32>,
    ) {
        counts.clear();
        for (holders, _) in sketch.filter_map(|hash| self.of(hash)) {
            for holder in holders {
                let count = counts.entry(*holder).or_default();
                *count = count.saturating_add(1);
                if *count == SHARED {
                    found.insert(*holder);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_leads_to_the_first_published() {
        // The article's number is not its place in time here.
        let time = |article: u32| (article * 7) % 307;
        let pairs = (0..300).map(|article| (5, article)).chain([(6, 1), (6, 9), (7, 1)]).collect();
        let holders = Holders::new(pairs, |article| Some(i64::from(article)), time);
        let (first, recurs) = holders.of(5).unwrap_or_default();
        let mut expected: Vec<u32> = (0..300).collect();
        expected.sort_by_key(|article| time(*article));
        expected.truncate(HOLDERS);
        expected.sort_unstable();
        assert_eq!((first, recurs), (&*expected, true));
        assert_eq!(holders.of(6), Some((&[1, 9][..], false)));
        assert_eq!((holders.of(7), holders.recurs(7)), (None, false), "one alone");
        let mut found = FxHashSet::default();
        holders.sharing([5, 6, 7].into_iter(), &mut FxHashMap::default(), &mut found);
        let both = [1, 9].into_iter().filter(|article| expected.contains(article));
        assert_eq!(found, both.collect::<FxHashSet<u32>>());
    }
}
