//! Entries under sorted keys: what begins with a key is one range of a list, found by halving.

use std::ops::Range;

use crate::korean::jamo::{initials, key};

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryKind {
    /// A word, phrase or name that is in articles.
    Text,
    /// The name of a reporter, which is searched by `기자:`.
    Reporter,
}

/// What may be offered, and how often and how lately it was in the news.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// As it is written.
    pub text: Box<str>,
    /// As it is said, where that differs.
    pub spoken: Option<Box<str>>,
    /// What it is.
    pub kind: EntryKind,
    /// Articles that hold it, or titles where it is not a single word.
    pub articles: u32,
    /// The same, each halved for every half-life of its age.
    pub recent: f32,
}

impl Entry {
    /// What it weighs where so much of [`Entry::recent`] is left.
    pub(super) fn weight(&self, left: f32) -> f32 {
        super::LASTING * self.articles as f32 + (1.0 - super::LASTING) * self.recent * left
    }

    /// Whether it is one word in articles, as a misspelt word may have been meant.
    pub(super) fn is_word(&self) -> bool {
        self.kind == EntryKind::Text && !self.text.contains(' ')
    }
}

/// One kind of key of many entries, sorted.
#[derive(Default)]
pub(super) struct Keys {
    /// All keys, one after another.
    all: String,
    /// Where each key begins in `all`, and the entry it is of.
    of: Vec<(u32, u32)>,
}

impl Keys {
    /// Of pairs of a key and the number of its entry; empty keys are left out.
    fn new(keys: impl Iterator<Item = (String, u32)>) -> Self {
        let mut keys: Vec<(String, u32)> = keys.filter(|(key, _)| !key.is_empty()).collect();
        keys.sort_unstable();
        let mut sorted = Self {
            all: String::with_capacity(keys.iter().map(|(key, _)| key.len()).sum()),
            of: Vec::with_capacity(keys.len()),
        };
        for (key, entry) in keys {
            sorted.of.push((sorted.all.len() as u32, entry));
            sorted.all.push_str(&key);
        }
        sorted
    }

    /// Key `at`, and its entry.
    pub(super) fn get(&self, at: usize) -> Option<(&str, u32)> {
        let (start, entry) = *self.of.get(at)?;
        let end = self.of.get(at + 1).map_or(self.all.len(), |(next, _)| *next as usize);
        Some((self.all.get(start as usize..end)?, entry))
    }

    /// The first key from `from` on for which `is_before` does not hold, where those for which it does come first.
    pub(super) fn skip(&self, from: usize, is_before: impl Fn(&str) -> bool) -> usize {
        let (mut from, mut to) = (from, self.of.len());
        while from < to {
            let middle = from.midpoint(to);
            if self.get(middle).is_some_and(|(key, _)| is_before(key)) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        from
    }

    /// The entries whose key begins with `begun`.
    pub(super) fn beginning(&self, begun: &str) -> impl Iterator<Item = u32> {
        let from = self.skip(0, |key| key < begun);
        let to = self.skip(from, |key| key.starts_with(begun));
        self.of.get(Range { start: from, end: to }).unwrap_or_default().iter().map(|(_, entry)| *entry)
    }

    fn bytes(&self) -> usize {
        self.all.capacity() + self.of.capacity() * size_of::<(u32, u32)>()
    }
}

/// Entries with all their keys; never changes.
#[derive(Default)]
pub(super) struct Table {
    entries: Vec<Entry>,
    /// As typed.
    pub(super) plain: Keys,
    /// As said and typed.
    pub(super) spoken: Keys,
    /// Initial consonants.
    pub(super) initials: Keys,
    /// Initial consonants of what is said.
    pub(super) spoken_initials: Keys,
}

impl Table {
    /// Of entries in any order. Those with the same text and kind are put together.
    pub(super) fn new(mut entries: Vec<Entry>) -> Self {
        entries.sort_unstable_by(|a, b| (&a.text, a.kind).cmp(&(&b.text, b.kind)));
        entries.dedup_by(|next, kept| {
            let same = next.text == kept.text && next.kind == kept.kind;
            if same {
                kept.articles = kept.articles.saturating_add(next.articles);
                kept.recent += next.recent;
            }
            same
        });
        let keys = |key: &dyn Fn(&str) -> String, said: bool| {
            let text = |entry: &Entry| match said {
                true => entry.spoken.as_deref().map(key),
                false => Some(key(&entry.text)),
            };
            Keys::new((0_u32..).zip(&entries).filter_map(|(at, entry)| Some((text(entry)?, at))))
        };
        let (plain, spoken) = (keys(&key, false), keys(&key, true));
        let (first, spoken_first) = (keys(&initials, false), keys(&initials, true));
        Self { plain, spoken, initials: first, spoken_initials: spoken_first, entries }
    }

    /// How many entries there are.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The entries, by text.
    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Memory that it takes, in bytes, about.
    pub(super) fn bytes(&self) -> usize {
        let keys = [&self.plain, &self.spoken, &self.initials, &self.spoken_initials];
        let texts = |entry: &Entry| entry.text.len() + entry.spoken.as_ref().map_or(0, |spoken| spoken.len());
        keys.iter().map(|keys| keys.bytes()).sum::<usize>()
            + self.entries.capacity() * size_of::<Entry>()
            + self.entries.iter().map(texts).sum::<usize>()
    }
}
