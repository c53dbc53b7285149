//! What was found once and is asked for again: as much as there is room for.
//!
//! What an edition counts or lists stays the same as long as it is open, and a text stays the same as long as nobody writes it anew. So
//! nothing here is ever out of date; what was not asked for the longest makes room.

use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use lru::LruCache;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::buckets::Bucket;
use crate::article::Article;
use crate::korean::analysis::{Analysis, Analyzer, analysed_text};
use crate::query::archive::Place;
use crate::query::text::PackedTerms;

/// What an entry takes besides its value, in bytes, about.
const ENTRY: usize = 96;
/// What takes more than this part of the room is not remembered.
const LARGEST_PART: usize = 16;

/// Names a question, however long it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Key([u8; 16]);

impl Key {
    /// Of a question.
    pub(super) fn of(question: &Value) -> Self {
        let mut key = [0; 16];
        // 128 bits of it: nobody finds two questions with the same.
        key.iter_mut().zip(Sha256::digest(question.to_string())).for_each(|(byte, of_hash)| *byte = of_hash);
        Self(key)
    }
}

/// What an article says at one time: whenever it is written anew, it has another version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Version {
    pub(super) place: Place,
    /// The number of the write in its shard.
    pub(super) number: u64,
    /// Which copy of the shard gave that number: one that takes over may give numbers again.
    pub(super) term: u64,
}

/// An article, and where its terms are once somebody asked for them.
pub(super) struct Text {
    pub(super) article: Article,
    /// The length of the article as JSON, in bytes.
    length: usize,
    terms: OnceLock<PackedTerms>,
}

impl Text {
    /// Of an article that is `length` bytes of JSON.
    pub(super) fn new(article: Article, length: usize) -> Self {
        Self { article, length, terms: OnceLock::new() }
    }

    /// Where its terms are.
    pub(super) fn terms(&self, analyzer: &mut Analyzer) -> &PackedTerms {
        self.terms.get_or_init(|| {
            let mut analysis = Analysis::default();
            analyzer.analyze(&analysed_text(&self.article), &mut analysis);
            PackedTerms::of(&analysis)
        })
    }
}

/// What takes room.
pub(super) trait Weigh {
    /// How much memory it takes, in bytes, about.
    fn bytes(&self) -> usize;
}

impl Weigh for u64 {
    fn bytes(&self) -> usize {
        size_of::<Self>()
    }
}

impl Weigh for Version {
    fn bytes(&self) -> usize {
        size_of::<Self>()
    }
}

impl Weigh for Arc<[Bucket]> {
    fn bytes(&self) -> usize {
        let values = self.iter().flat_map(|bucket| &bucket.values);
        self.len() * size_of::<Bucket>()
            + values.map(|value| size_of::<String>() + value.len()).sum::<usize>()
    }
}

impl Weigh for Arc<Text> {
    fn bytes(&self) -> usize {
        // A syllable is three bytes and in three terms of twelve bytes, about; with the terms, because they are asked for sooner or later.
        size_of::<Text>() + 13 * self.length
    }
}

/// Values by what they are asked for with.
pub(super) struct Remembered<K, V> {
    kept: Mutex<Kept<K, V>>,
    room: usize,
}

struct Kept<K, V> {
    values: LruCache<K, V>,
    bytes: usize,
}

impl<K: Hash + Eq, V: Weigh + Clone> Remembered<K, V> {
    /// Of values that take `room` bytes at most, together.
    pub(super) fn with_room(room: usize) -> Self {
        Self { kept: Mutex::new(Kept { values: LruCache::unbounded(), bytes: 0 }), room }
    }

    /// The value of `key`, if it is remembered.
    pub(super) fn get(&self, key: &K) -> Option<V> {
        self.kept().values.get(key).cloned()
    }

    /// Remembers a value.
    pub(super) fn put(&self, key: K, value: V) {
        let takes = ENTRY + value.bytes();
        if takes > self.room / LARGEST_PART {
            return;
        }
        let mut kept = self.kept();
        kept.bytes += takes;
        if let Some(former) = kept.values.put(key, value) {
            kept.bytes -= ENTRY + former.bytes();
        }
        while kept.bytes > self.room {
            let Some((_, oldest)) = kept.values.pop_lru() else { return };
            kept.bytes -= ENTRY + oldest.bytes();
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept<K, V>> {
        // Nothing panics while it is locked.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_not_asked_for_the_longest_makes_room() {
        let takes = ENTRY + 0_u64.bytes();
        let counts: Remembered<u32, u64> = Remembered::with_room(takes * LARGEST_PART);
        for number in 0..LARGEST_PART as u32 {
            counts.put(number, 1);
            // The same once more takes no more room.
            counts.put(number, 2);
        }
        assert_eq!(counts.get(&0), Some(2));
        counts.put(1_000, 3);
        let known = [0, 1, 2, 1_000].map(|number| counts.get(&number));
        assert_eq!(known, [Some(2), None, Some(2), Some(3)]);
        assert_eq!(counts.kept().bytes, takes * LARGEST_PART);
    }

    #[test]
    fn what_is_too_large_is_not_remembered() {
        let bucket = |length: usize| Bucket { values: vec!["새".repeat(length)], count: 1, first: None };
        let buckets: Remembered<Key, Arc<[Bucket]>> = Remembered::with_room(16_000);
        let keys = [1, 2].map(|number| Key::of(&json!({"size": number})));
        buckets.put(keys[0], vec![bucket(1)].into());
        buckets.put(keys[1], vec![bucket(400)].into());
        assert_eq!(buckets.get(&keys[0]).unwrap().len(), 1);
        assert!(buckets.get(&keys[1]).is_none());
        assert_ne!(keys[0], keys[1]);
    }
}
