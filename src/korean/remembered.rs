//! What was found out about words before: news repeats its words, and asking the dictionary about one costs more than cutting it.

use std::hash::Hash;

use rustc_hash::FxHashMap;

/// Words that are remembered.
const MOST: usize = 150_000;

/// A thread's memory of lists by key; it begins anew when it is full.
pub(super) struct Remembered<K: ?Sized, V> {
    known: FxHashMap<Box<K>, Box<[V]>>,
}

impl<K: ?Sized, V> Default for Remembered<K, V> {
    fn default() -> Self {
        Self { known: FxHashMap::default() }
    }
}

impl<K, V> Remembered<K, V>
where
    K: ?Sized + Eq + Hash,
    for<'k> Box<K>: From<&'k K>,
{
    /// The list of `key`, which `find` makes where it is not remembered.
    pub(super) fn of(&mut self, key: &K, find: impl FnOnce(&K) -> Box<[V]>) -> &[V] {
        if !self.known.contains_key(key) {
            if self.known.len() >= MOST {
                self.known.clear();
            }
            self.known.insert(key.into(), find(key));
        }
        self.known.get(key).map_or(&[], |found| found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_not_looked_for_again() {
        let mut remembered: Remembered<str, usize> = Remembered::default();
        assert_eq!(remembered.of("물가", |word| Box::new([word.len()])), [6]);
        assert_eq!(remembered.of("물가", |_| Box::default()), [6]);
        assert!(remembered.of("금리", |_| Box::default()).is_empty());
    }

    #[test]
    fn it_does_not_grow_without_end() {
        let mut remembered: Remembered<[u64], u64> = Remembered::default();
        for word in 0..2 * MOST as u64 + 1 {
            assert_eq!(remembered.of(&[word], |word| word.into()), [word]);
        }
        assert!(remembered.known.len() <= MOST);
    }
}
