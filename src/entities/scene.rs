//! A text as the finders see it: its words, and what is known of them.

use std::cell::OnceCell;

use super::facts::Facts;
use super::words::{Gap, Word};

/// A text and its words.
#[derive(Clone, Copy)]
pub(super) struct Scene<'t> {
    pub(super) text: &'t str,
    pub(super) words: &'t [Word],
    /// The different words in order, and how often each comes; worked out when it is first asked for.
    pub(super) different: &'t OnceCell<Vec<(&'t str, usize)>>,
}

impl<'t> Scene<'t> {
    /// The text of word `at`; nothing where there is none.
    pub(super) fn word(&self, at: usize) -> &'t str {
        self.words.get(at).map_or("", |word| self.slice(word.start, word.end))
    }

    /// The different words that begin with `prefix`, and how often each comes. Looked up, for a text may have any number of words.
    pub(super) fn beginning_with(&self, prefix: &'t str) -> impl Iterator<Item = (&'t str, usize)> {
        let different = self.different.get_or_init(|| {
            let mut words: Vec<&'t str> = (0..self.words.len()).map(|at| self.word(at)).collect();
            words.sort_unstable();
            let runs = words.chunk_by(|one, other| one == other);
            runs.filter_map(|run| Some((*run.first()?, run.len()))).collect()
        });
        let from = different.partition_point(|(word, _)| *word < prefix);
        let rest = different.get(from..).unwrap_or_default();
        rest.iter().take_while(move |(word, _)| word.starts_with(prefix)).copied()
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

    /// Whether word `at` stands between a name and its title without being a part of either: `김하늘 전 장관`.
    pub(super) fn is_former(&self, at: usize) -> bool {
        matches!(self.word(at), "전" | "前" | "현" | "신임" | "당시" | "초대" | "차기")
    }

    /// The first byte of word `at`.
    pub(super) fn start(&self, at: usize) -> usize {
        self.words.get(at).map_or(self.text.len(), |word| word.start)
    }

    /// The byte after word `at`.
    pub(super) fn end(&self, at: usize) -> usize {
        self.start(at) + self.word(at).len()
    }

    /// The stem of word `at`; nothing where there is none.
    pub(super) fn stem(&self, at: usize) -> &'t str {
        self.slice(self.start(at), self.stem_end(at))
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
