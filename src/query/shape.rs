//! How a clause of a query is found, in terms of posting lists.
//!
//! Every way to find a word is a [`Shape`]: probes at offsets from one common position. A single term is a shape with
//! one slot; an exact substring is one slot per bigram; a word cut into several morphemes is one slot per morpheme.
//! Positions of all lanes are kept indices, so slots of different lanes may be in one shape.
//!
//! A clause is a list of *forms*, each a shape and why it is tried (literal, analysed, variant); one must match.

use super::language::TextField;
use super::period::Period;
use crate::korean::lexicon::VariantKind;

/// An indexed lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lane {
    /// Morphemes.
    Morph,
    /// Character bigrams.
    Gram,
    /// Two-character beginnings of words and morphemes.
    Edge,
    /// Morphemes of the title alone; without positions, for ranking only.
    Title,
}

/// One posting list.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Probe {
    /// The lane.
    pub lane: Lane,
    /// The term.
    pub term: String,
}

/// Posting lists of which one must hold the position `base + offset`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Slot {
    /// Kept characters after the shape's base.
    pub offset: u32,
    /// Alternatives.
    pub probes: Vec<Probe>,
}

/// How many characters of a text an occurrence covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Extent {
    /// This many kept characters.
    Kept(u32),
    /// Up to the end of the verb whose stem begins this many kept characters after the base, with its endings: an
    /// inflected verb has no telling length.
    Inflected(u32),
    /// The verb that begins there, with its endings; where there is none, this many kept characters. A word that ends in 다
    /// may be a verb's dictionary form or a noun.
    Lemma(u32),
    /// At least this many kept characters, and what else belongs to the word they begin, without its particles.
    Word(u32),
    /// The whole number expression that begins there, however it is written.
    Number,
}

/// One way to find a clause.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Shape {
    /// What must be where; never empty.
    pub slots: Vec<Slot>,
    /// What an occurrence covers.
    pub extent: Extent,
}

impl Shape {
    /// The one posting list that it consists of; `None` where there are several, or it stands elsewhere than where the shape begins.
    pub fn only_probe(&self) -> Option<&Probe> {
        match self.slots.as_slice() {
            [Slot { offset: 0, probes }] => probes.first().filter(|_| probes.len() == 1),
            _ => None,
        }
    }

    /// A single term.
    pub fn term(lane: Lane, term: impl Into<String>, extent: Extent) -> Self {
        Self { slots: vec![Slot { offset: 0, probes: vec![Probe { lane, term: term.into() }] }], extent }
    }
}

/// How a form relates to what was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// The very characters.
    Literal,
    /// The same word analysed: spaced otherwise, inflected otherwise, read from hanja.
    Analysed,
    /// From a lexicon.
    Variant(VariantKind),
}

/// A way to find a clause, and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// What is looked for.
    pub shape: Shape,
    /// Why.
    pub origin: Origin,
}

/// Something that is looked for beside what was typed, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternative {
    /// What is looked for, as it would be written.
    pub text: String,
    /// Why.
    pub why: Why,
}

/// Why something is looked for beside what was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// A line of a lexicon says so.
    Lexicon {
        /// Which lexicon.
        kind: VariantKind,
        /// The line, from 1.
        line: usize,
    },
    /// The newspapers' hanja for a part of the word: 현대車.
    HanjaPart,
    /// How hanja are read: 前 is 전.
    Reading,
    /// A unit spelt otherwise: 5퍼센트.
    Unit,
    /// A sum of money with a sign or a word: $5.
    Money,
    /// An amount in digits or in words: 천만.
    Amount,
    /// A telephone number with hyphens.
    Telephone,
    /// A name without the age in brackets: 김모씨.
    Age,
    /// Another form of an English word: companies.
    Inflected,
    /// Another name, as the articles of the archive have it: LH.
    Learned,
}

impl Why {
    /// Its name in explanations.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lexicon { kind: VariantKind::Synonym, .. } => "synonym",
            Self::Lexicon { kind: VariantKind::Hanja, .. } => "hanja",
            Self::Lexicon { kind: VariantKind::Inflected, .. } | Self::Inflected => "inflected",
            Self::Lexicon { kind: VariantKind::Learned, .. } | Self::Learned => "learned",
            Self::HanjaPart => "hanja_part",
            Self::Reading => "reading",
            Self::Unit => "unit",
            Self::Money => "money",
            Self::Amount => "amount",
            Self::Telephone => "telephone",
            Self::Age => "age",
        }
    }

    /// The line of the lexicon that says so, `synonyms.txt:12`; `None` where a rule does.
    pub fn source(self) -> Option<String> {
        match self {
            Self::Lexicon { kind, line } => kind.file().map(|file| format!("{file}:{line}")),
            _ => None,
        }
    }
}

/// One word, phrase or prefix of a query, ready to be looked for.
#[derive(Debug, Clone, Default)]
pub struct Clause {
    /// As typed.
    pub text: String,
    /// Ways to find it; one must match. Literal forms first.
    pub forms: Vec<Form>,
    /// Where it must be found.
    pub field: Option<TextField>,
    /// Morphemes that rank it, in order, with their offset within the clause in kept characters.
    pub morphemes: Vec<(String, u32)>,
    /// Runs of morphemes that rank it.
    pub runs: Vec<String>,
    /// Bigrams that rank it.
    pub bigrams: Vec<String>,
    /// Whether it only asks (`누구인가`, `언제`) or says nothing (`하려면`, `있는`): no article need hold it, and it ranks nothing.
    pub asks: bool,
    /// The days that it names together with its neighbours, where it is a time word: an article of those days need not say it.
    pub period: Option<Period>,
    /// The reporter that it names with the word beside it: articles of that reporter need not say it.
    pub reporter: Option<String>,
    /// What its variants are, and why.
    pub alternatives: Vec<Alternative>,
}
