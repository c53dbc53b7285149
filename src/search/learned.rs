//! The names that the articles of an archive teach, for whoever wonders why a word finds another.

use serde::Serialize;
use utoipa::ToSchema;

use super::context::SearchContext;
use crate::korean::Language;
use crate::learned::LearnedPair;

/// A page of the names that articles teach.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LearnedResponse {
    /// Whether searches use them: `learn` of `[lexicon]` in `config.toml`.
    pub learn: bool,
    /// How many pairs there are.
    pub total: u64,
    /// The pairs of this page, in the order of their short names.
    pub pairs: Vec<LearnedName>,
}

/// Two names of one thing, as articles have them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LearnedName {
    /// The pair.
    #[serde(flatten)]
    pub pair: LearnedPair,
    /// Whether a line of `not-synonyms.txt` forbids it: then the names do not find each other.
    pub forbidden: bool,
}

/// The page `page`, from 1, of the names that the articles of the archive teach, `size` a page. An archive that shows a part of its articles
/// only has none: see [`crate::query::archive::Vocabulary::learned`].
pub fn learned(context: &SearchContext<'_>, page: usize, size: usize) -> LearnedResponse {
    let pairs = context.archive.vocabulary().learned().pairs();
    let first = page.saturating_sub(1).saturating_mul(size);
    let shown = pairs
        .iter()
        .skip(first)
        .take(size)
        .map(|pair| LearnedName { pair: pair.clone(), forbidden: is_forbidden(context.language, pair) });
    LearnedResponse { learn: context.language.learns(), total: pairs.len() as u64, pairs: shown.collect() }
}

fn is_forbidden(language: &Language, pair: &LearnedPair) -> bool {
    !language.not_synonyms().allow(&pair.short, &pair.long)
}
