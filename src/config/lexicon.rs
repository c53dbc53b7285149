//! `[lexicon]`.

use serde::Deserialize;

/// `[lexicon]` as written: what is known of words besides the files of the lexicon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LexiconSection {
    /// Whether a reindex learns names from what articles have in brackets, and searches use them.
    pub learn: bool,
}

impl Default for LexiconSection {
    fn default() -> Self {
        Self { learn: true }
    }
}
