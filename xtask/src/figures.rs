//! Figures of a decoded dictionary, which prove that it was decoded correctly.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use anyhow::{Result, ensure};

use crate::source::{Source, columns};

/// Place of the entry type among the feature columns.
const TYPE_COLUMN: usize = 4;

/// The counts of a decoded dictionary.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Figures {
    entries: usize,
    surfaces: usize,
    /// Surfaces as lindera keys them: four rows end in a space (`내셔날 `, `에듀 `, `캘리 `, `콜라비 `), which
    /// lindera trims; two of those are then equal to a row without one.
    trimmed_surfaces: usize,
    unknown: usize,
    left_size: usize,
    right_size: usize,
    categories: usize,
    types: BTreeMap<String, usize>,
}

impl Figures {
    /// Counts the parts of `source`.
    pub(crate) fn of(source: &Source) -> Result<Self> {
        let mut types = BTreeMap::new();
        for entry in &source.lexicon.entries {
            let columns = columns(entry)?;
            *types.entry(columns.get(TYPE_COLUMN).unwrap_or_default().to_owned()).or_insert(0) += 1;
        }
        let trimmed: BTreeSet<&str> =
            source.lexicon.entries.iter().map(|entry| entry.surface.trim()).collect();
        Ok(Self {
            entries: source.lexicon.entries.len(),
            surfaces: source.lexicon.surfaces,
            trimmed_surfaces: trimmed.len(),
            unknown: source.unknown.entries.len(),
            left_size: source.matrix.left_size,
            right_size: source.matrix.right_size,
            categories: source.characters.names.len(),
            types,
        })
    }

    /// The figures of mecab-ko-dic 2.1.1-20180720.
    fn expected() -> Self {
        Self {
            entries: 816_283,
            surfaces: 774_584,
            trimmed_surfaces: 774_582,
            unknown: 13,
            left_size: 3822,
            right_size: 2693,
            categories: 13,
            types: [("*", 496_179), ("Compound", 160_029), ("Inflect", 44_820), ("Preanalysis", 115_255)]
                .map(|(name, count)| (name.to_owned(), count))
                .into(),
        }
    }

    /// Fails unless every figure is that of mecab-ko-dic 2.1.1-20180720.
    pub(crate) fn check(&self) -> Result<()> {
        let expected = Self::expected();
        ensure!(
            *self == expected,
            "the decoded dictionary is not mecab-ko-dic 2.1.1-20180720; expected\n{expected}"
        );
        Ok(())
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{:>12} entries", self.entries)?;
        writeln!(out, "{:>12} surfaces", self.surfaces)?;
        writeln!(out, "{:>12} surfaces without outer white space", self.trimmed_surfaces)?;
        writeln!(out, "{:>12} rows for unknown words", self.unknown)?;
        writeln!(out, "{:>12} character categories", self.categories)?;
        writeln!(out, "{:>12} connection costs", format!("{} x {}", self.left_size, self.right_size))?;
        for (name, count) in &self.types {
            writeln!(out, "{count:>12} entries of type {name}")?;
        }
        Ok(())
    }
}
