//! A thread's memory of words. News repeats its words: most of a text's are among those that were met before, and looking one up is some
//! thirty times faster than a lattice.
//!
//! A word is looked up once in a text. It has a number then, and whoever finds out more about words (`ByWord`) remembers it by that.

use std::sync::atomic::{AtomicU32, Ordering};

use rustc_hash::FxHashMap;

use super::morpheme::{Morpheme, WordNumber};

/// Words that a memory holds before it begins anew: of some 200 bytes each with what others remember of them, 85 MB.
const MOST: usize = 400_000;

/// Bytes of the longest word that is remembered: longer ones are URLs and pasted keys, which do not recur.
const LONGEST: usize = 60;

/// How words are cut. [`WordMemory::begin_text`] is called before the words of a text are asked for.
pub(super) struct WordMemory {
    /// No other memory has it, nor has this one after it began anew.
    id: u32,
    words: FxHashMap<Box<str>, Known>,
    /// The morphemes of all words, with offsets in bytes of their word.
    morphemes: Vec<Morpheme>,
}

/// A word that is known: its number, and its morphemes.
#[derive(Clone, Copy)]
struct Known {
    number: u32,
    from: u32,
    to: u32,
}

impl Default for WordMemory {
    fn default() -> Self {
        Self { id: new_id(), words: FxHashMap::default(), morphemes: Vec::new() }
    }
}

fn new_id() -> u32 {
    static LAST: AtomicU32 = AtomicU32::new(0);
    LAST.fetch_add(1, Ordering::Relaxed)
}

impl WordMemory {
    /// Makes room. Only between texts: the words of one text are all of one memory.
    pub(super) fn begin_text(&mut self) {
        if self.words.len() >= MOST {
            *self = Self::default();
        }
    }

    /// Appends the morphemes of `word`, which begins at byte `start` of the text, if it is known, and gives its number.
    pub(super) fn recall(&self, word: &str, start: u32, out: &mut Vec<Morpheme>) -> Option<WordNumber> {
        let known = self.words.get(word)?;
        let morphemes = self.morphemes.get(known.from as usize..known.to as usize).unwrap_or_default();
        out.extend(morphemes.iter().map(|m| Morpheme { start: m.start + start, end: m.end + start, ..*m }));
        Some(WordNumber { memory: self.id, number: known.number })
    }

    /// Remembers the morphemes of `word`, which begins at byte `start` of the text, and gives its number; none for one that is too long.
    pub(super) fn learn(&mut self, word: &str, start: u32, morphemes: &[Morpheme]) -> Option<WordNumber> {
        if word.len() > LONGEST {
            return None;
        }
        let from = self.morphemes.len() as u32;
        let relative =
            morphemes.iter().map(|m| Morpheme { start: m.start - start, end: m.end - start, ..*m });
        self.morphemes.extend(relative);
        let number = self.words.len() as u32;
        self.words.insert(word.into(), Known { number, from, to: self.morphemes.len() as u32 });
        Some(WordNumber { memory: self.id, number })
    }
}

/// What was found out about the words of a memory. It forgets all when it is asked for a word of another memory.
pub(crate) struct ByWord<T> {
    memory: Option<u32>,
    known: Vec<Option<T>>,
    /// Of the last word without a number.
    unnumbered: T,
}

impl<T: Default> Default for ByWord<T> {
    fn default() -> Self {
        Self { memory: None, known: Vec::new(), unnumbered: T::default() }
    }
}

impl<T> ByWord<T> {
    /// What is known of `word`; `find` finds it out where nothing is, and each time for a word without a number.
    pub(crate) fn of(&mut self, word: Option<WordNumber>, find: impl FnOnce() -> T) -> &T {
        let Some(word) = word else {
            self.unnumbered = find();
            return &self.unnumbered;
        };
        if self.memory != Some(word.memory) {
            self.memory = Some(word.memory);
            self.known.clear();
        }
        let at = word.number as usize;
        if self.known.len() <= at {
            self.known.resize_with(at + 1, || None);
        }
        self.known.get_mut(at).map_or(&self.unnumbered, |slot| slot.get_or_insert_with(find))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_keeps_its_number_until_the_memory_begins_anew() {
        let mut memory = WordMemory::default();
        memory.begin_text();
        let learnt = memory.learn("물가", 0, &[]);
        assert!(learnt.is_some() && memory.recall("물가", 5, &mut Vec::new()) == learnt);
        for nth in 0..MOST {
            memory.learn(&nth.to_string(), 0, &[]);
        }
        assert_eq!(memory.recall("물가", 0, &mut Vec::new()), learnt);
        memory.begin_text();
        assert_eq!(memory.recall("물가", 0, &mut Vec::new()), None);
        assert_ne!(memory.learn("물가", 0, &[]), learnt);
        assert_eq!(memory.learn(&"가".repeat(LONGEST), 0, &[]), None);
    }

    #[test]
    fn what_is_known_of_a_word_is_not_looked_for_again() {
        let mut lengths: ByWord<usize> = ByWord::default();
        let word = |memory, number| Some(WordNumber { memory, number });
        assert_eq!(*lengths.of(word(1, 4), || 6), 6);
        assert_eq!(*lengths.of(word(1, 4), || 7), 6);
        assert_eq!(*lengths.of(word(1, 0), || 3), 3);
        assert_eq!(*lengths.of(word(2, 4), || 9), 9, "of another memory");
        assert_eq!(*lengths.of(None, || 1), 1);
        assert_eq!(*lengths.of(None, || 2), 2);
        assert_eq!(*lengths.of(word(2, 4), || 7), 9);
    }
}
