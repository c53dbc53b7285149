//! Lists of words that are asked for nearly every word beside a byline.

use std::sync::OnceLock;

use rustc_hash::FxHashSet;

/// Words as a text, separated by blanks, and as a set from when they are first asked for.
pub(super) struct WordList {
    text: &'static str,
    words: OnceLock<FxHashSet<&'static str>>,
}

impl WordList {
    /// The words of `text`, separated by blanks.
    pub(super) const fn new(text: &'static str) -> Self {
        Self { text, words: OnceLock::new() }
    }

    /// Whether `word` is one of them.
    pub(super) fn has(&self, word: &str) -> bool {
        self.words.get_or_init(|| self.text.split_ascii_whitespace().collect()).contains(word)
    }

    /// The words in their order.
    pub(super) fn words(&self) -> impl Iterator<Item = &'static str> {
        self.text.split_ascii_whitespace()
    }
}
