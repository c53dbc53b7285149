//! Entries under sorted keys: what begins with a key is one range of a list, found by halving.

use crate::korean::jamo::{initials, key, stroke_of};

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
        self.between(from, self.skip(from, |key| key.starts_with(begun)))
    }

    /// The entries whose key is `whole`.
    pub(super) fn exactly(&self, whole: &str) -> impl Iterator<Item = u32> {
        let from = self.skip(0, |key| key < whole);
        self.between(from, self.skip(from, |key| key == whole))
    }

    fn between(&self, from: usize, to: usize) -> impl Iterator<Item = u32> {
        self.of.get(from..to).unwrap_or_default().iter().map(|(_, entry)| *entry)
    }

    /// The letters of each key.
    fn letters(&self) -> Vec<Letters> {
        (0..self.of.len()).filter_map(|at| self.get(at)).map(|(key, _)| Letters::of(key)).collect()
    }

    fn bytes(&self) -> usize {
        self.all.capacity() + self.of.capacity() * size_of::<(u32, u32)>()
    }
}

/// The letters of a key as a set, and how many strokes it has: enough to say of most pairs of words that they are far apart. Letters that
/// sound alike are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Letters(u64);

impl Letters {
    /// Bits of the set; the length has the others. Other letters share bits, which only makes words look nearer.
    const SET: u32 = 58;

    /// Of a key. A length past what the bits hold counts as the longest.
    pub(super) fn of(key: &str) -> Self {
        let strokes = key.bytes().map(|code| 1_u64 << (sound(code) % Self::SET));
        let set = strokes.fold(0, |set, bit| set | bit);
        let length = (key.len() as u64).min((1 << (u64::BITS - Self::SET)) - 1);
        Self(length << Self::SET | set)
    }

    /// Letters of `other` that are not in `self`, of `self` that are not in `other`, and how many strokes longer or shorter it is.
    pub(super) fn differences(self, other: Self) -> (u32, u32, u32) {
        let set = |letters: Self| letters.0 & ((1 << Self::SET) - 1);
        let length = |letters: Self| (letters.0 >> Self::SET) as u32;
        let (own, others) = (set(self), set(other));
        let longer = length(self).abs_diff(length(other));
        ((others & !own).count_ones(), (own & !others).count_ones(), longer)
    }
}

/// One number for the letters that are taken for one another because they sound alike, else the letter's own.
fn sound(code: u8) -> u32 {
    let one = match stroke_of(code) {
        Some('ㄲ' | 'ㅋ') => 'ㄱ',
        Some('ㄸ' | 'ㅌ') => 'ㄷ',
        Some('ㅃ' | 'ㅍ') => 'ㅂ',
        Some('ㅆ') => 'ㅅ',
        Some('ㅉ' | 'ㅊ') => 'ㅈ',
        Some('ㅔ' | 'ㅒ' | 'ㅖ') => 'ㅐ',
        Some(other) => other,
        None => return u32::from(code),
    };
    one as u32
}

/// Entries with all their keys; never changes.
#[derive(Default)]
pub(super) struct Table {
    entries: Vec<Entry>,
    /// As typed.
    pub(super) plain: Keys,
    /// The letters of each of those.
    pub(super) plain_letters: Vec<Letters>,
    /// As said and typed.
    pub(super) spoken: Keys,
    /// The letters of each of those.
    pub(super) spoken_letters: Vec<Letters>,
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
        let (plain_letters, spoken_letters) = (plain.letters(), spoken.letters());
        Self {
            plain,
            plain_letters,
            spoken,
            spoken_letters,
            initials: first,
            spoken_initials: spoken_first,
            entries,
        }
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
            + (self.plain_letters.capacity() + self.spoken_letters.capacity()) * size_of::<Letters>()
            + self.entries.capacity() * size_of::<Entry>()
            + self.entries.iter().map(texts).sum::<usize>()
    }
}
