//! Words of a text, and the morphemes that they are cut into.

use std::ops::Range;

use lindera::dictionary::WordId;

use super::pos::WordClass;

/// One piece of a sentence as the dictionary cuts it.
#[derive(Debug, Clone, Copy)]
pub struct Morpheme {
    /// Byte offset of its first character in the analysed text.
    pub start: u32,
    /// Byte offset after its last character.
    pub end: u32,
    /// Its role in search.
    pub class: WordClass,
    /// The dictionary entry; `None` where lindera failed and the text was cut at white space.
    pub(super) word: Option<WordId>,
}

impl Morpheme {
    /// How many syllables it has, of hangul.
    pub(super) fn syllables(&self) -> usize {
        (self.end - self.start) as usize / '가'.len_utf8()
    }

    /// The number of its entry in the built-in dictionary.
    pub(super) fn number(&self) -> Option<u32> {
        self.word.filter(|word| word.is_system() && !word.is_unknown()).map(|word| word.id())
    }
}

/// A word of one memory of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WordNumber {
    /// No two memories of the process have the same.
    pub(super) memory: u32,
    /// The words of a memory are numbered from 0.
    pub(super) number: u32,
}

/// A word of a text: what is between white space and punctuation.
#[derive(Debug, Clone, Copy)]
pub struct CutWord {
    /// Byte offset of its first character in the text.
    pub start: u32,
    /// Byte offset after its last character.
    pub end: u32,
    /// The first of its morphemes, and the one after its last.
    pub(super) morphemes: (u32, u32),
    /// Its number; none where it is too long to be remembered.
    pub number: Option<WordNumber>,
}

impl CutWord {
    /// The places of its morphemes among those of the text.
    pub fn morphemes(&self) -> Range<usize> {
        self.morphemes.0 as usize..self.morphemes.1 as usize
    }
}
