//! What a search is taken to mean, where the words that were typed find nothing as they stand.

use super::context::SearchContext;
use super::error::SearchError;
use super::suggest;
use crate::korean::jamo::is_consonant;
use crate::query::language::{Query, parse};

/// Reads what somebody searches for: the query, and what was typed where it is something else. Initial consonants that nothing holds
/// (`ㅇㅈㅁ`) are read as what they complete best.
///
/// # Errors
/// A query over the limits, the deadline, or a failing archive.
pub(super) fn read(context: &SearchContext<'_>, text: &str) -> Result<(Query, Option<String>), SearchError> {
    let query = context.read_query(text)?;
    if are_initials(&query)
        && !context.holds(&query)?
        && let Some(meant) = suggest::of_initials(context, query.text())?
    {
        return Ok((parse(&meant)?, Some(query.text().to_owned())));
    }
    Ok((query, None))
}

/// Whether the query is initial consonants and nothing else, two or more.
fn are_initials(query: &Query) -> bool {
    let text = query.text();
    let letters = || text.chars().filter(|ch| !ch.is_whitespace());
    letters().nth(1).is_some() && letters().all(is_consonant)
}
