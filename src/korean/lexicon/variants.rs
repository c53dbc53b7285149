//! Variants: texts that a word or a few words of a query also find. The query side of the lexicons.

use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::korean::fold::fold;
use crate::korean::jamo::key;

/// Why something else is looked for too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum VariantKind {
    /// A line of `synonyms.txt`.
    Synonym,
    /// A line of `hanja.txt`.
    Hanja,
    /// Another form of an English word, by rule.
    Inflected,
    /// Another name that the articles of the archive teach: `한국토지주택공사(LH)`.
    Learned,
}

impl VariantKind {
    /// The lexicon file whose lines are of this kind; `None` where a rule makes them, or the archive teaches them.
    pub fn file(self) -> Option<&'static str> {
        match self {
            Self::Synonym => Some("synonyms.txt"),
            Self::Hanja => Some("hanja.txt"),
            Self::Inflected | Self::Learned => None,
        }
    }
}

/// A text to look for in addition to the one that was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    /// The text to look for, one or more words.
    pub text: Box<str>,
    /// The lexicon file it comes from.
    pub kind: VariantKind,
    /// The line of that file, from 1; the first that says so.
    pub line: usize,
}

/// Variants by folded text without gaps: `샘 알트만` and `샘알트만` are one key.
#[derive(Debug, Clone, Default)]
pub struct Variants {
    table: FxHashMap<Box<str>, Vec<Variant>>,
    longest: usize,
    /// Every variant of two characters or more with its key ([`crate::korean::jamo::key`]), in the order of the keys.
    names: Vec<(Box<str>, Box<str>)>,
}

impl Variants {
    /// Makes queries for `from` also find `to`, as line `line` of its file says.
    pub(super) fn add(&mut self, from: &str, to: &str, kind: VariantKind, line: usize) {
        let key = fold(from);
        if key.is_empty() || key == fold(to) {
            return;
        }
        self.longest = self.longest.max(from.split_whitespace().count());
        let known = self.table.entry(key.into_boxed_str()).or_default();
        if known.iter().all(|variant| *variant.text != *to) {
            known.push(Variant { text: to.into(), kind, line });
        }
    }

    /// The variants of `text`, which may be several words.
    pub fn of(&self, text: &str) -> &[Variant] {
        self.table.get(fold(text).as_str()).map_or(&[], Vec::as_slice)
    }

    /// Makes [`Variants::beginning`] find the names added so far that have two characters or more. Call it once, at the end.
    pub(super) fn finish(&mut self) {
        let texts = self.table.values().flatten().map(|variant| &variant.text);
        let names = texts.filter(|text| fold(text).chars().nth(1).is_some());
        self.names = names.map(|text| (key(text).into(), text.clone())).collect();
        self.names.sort_unstable();
        self.names.dedup();
    }

    /// The names of the lexicons whose key begins with `begun`, by key.
    pub fn beginning<'a>(&'a self, begun: &'a str) -> impl Iterator<Item = &'a str> {
        let from = self.names.partition_point(|(key, _)| **key < *begun);
        self.names
            .iter()
            .skip(from)
            .take_while(move |(key, _)| key.starts_with(begun))
            .map(|(_, text)| &**text)
    }

    /// The number of words of the longest entry.
    pub fn longest(&self) -> usize {
        self.longest
    }

    /// How many texts have variants.
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether no text has variants.
    pub fn is_empty(&self) -> bool {
        self.table.is_empty()
    }
}
