//! A text as the finders see it: its words, and what is known of them.

use super::facts::Facts;
use super::words::{Gap, Word};

/// A text and its words.
#[derive(Clone, Copy)]
pub(super) struct Scene<'t> {
    pub(super) text: &'t str,
    pub(super) words: &'t [Word],
}

impl<'t> Scene<'t> {
    /// The text of word `at`; nothing where there is none.
    pub(super) fn word(&self, at: usize) -> &'t str {
        self.words.get(at).map_or("", |word| self.slice(word.start, word.end))
    }

    /// A part of the text.
    pub(super) fn slice(&self, start: usize, end: usize) -> &'t str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// What is known of word `at`.
    pub(super) fn facts(&self, at: usize) -> Facts {
        self.words.get(at).map_or_else(Facts::default, |word| word.facts)
    }

    /// What stands before word `at`; a break where there is none.
    pub(super) fn gap(&self, at: usize) -> Gap {
        self.words.get(at).map_or(Gap::Break, |word| word.gap)
    }

    /// The first byte of word `at`.
    pub(super) fn start(&self, at: usize) -> usize {
        self.words.get(at).map_or(self.text.len(), |word| word.start)
    }

    /// The byte after the stem of word `at`.
    pub(super) fn stem_end(&self, at: usize) -> usize {
        self.words
            .get(at)
            .map_or(self.text.len(), |word| (word.start + usize::from(word.facts.stem)).min(word.end))
    }

    /// Whether word `at` has no particle or ending.
    pub(super) fn is_bare(&self, at: usize) -> bool {
        self.words.get(at).is_some_and(|word| word.end - word.start == usize::from(word.facts.stem))
    }
}
