//! What the search box offers: completions of what is typed, and corrections of what was mistyped.
//!
//! The archive's [`Suggestions`](crate::suggest::Suggestions) propose; every text that is shown was searched for first, in the
//! same archive, so it finds at least one article, and exactly as many as it says.
//!
//! Deletions and corrections of articles therefore need no bookkeeping here.

mod complete;
mod correct;

use super::context::SearchContext;
use super::error::SearchError;
use super::session::Session;
use super::types::{SearchRequest, SuggestResponse};
use crate::korean::keyboard;

/// Up to so many articles are *nearly nothing*: then a correction is looked for.
const FEW: u64 = 2;

/// Completes `text`, at most `size` times, and corrects it where it finds nothing.
///
/// # Errors
/// A text over the limits of a query, the deadline, or a failing archive.
pub fn suggest(context: &SearchContext<'_>, text: &str, size: usize) -> Result<SuggestResponse, SearchError> {
    let search = Searching { context };
    let completed = complete::completed(&search, text, size)?;
    // Whoever is still typing has not made a mistake yet.
    let correction = match completed.as_typed {
        true => None,
        false => correct::corrected(&search, &query(text), search.total(text)?)?,
    };
    Ok(SuggestResponse { completions: completed.completions, correction })
}

/// The query that may have been meant, for a search that found `total` articles, maybe only with fewer of its words
/// (`relaxed`). Costs nothing where something was found: looking for neighbours takes longer than most searches.
///
/// # Errors
/// A failing archive. Where the deadline passes there is no suggestion.
pub fn suggestion(
    context: &SearchContext<'_>,
    request: &SearchRequest,
    total: u64,
    relaxed: bool,
) -> Result<Option<String>, SearchError> {
    if request.page > 1 || request.cursor.is_some() || !relaxed && total > 0 {
        return Ok(None);
    }
    let found = if relaxed { 0 } else { total };
    match correct::corrected(&Searching { context }, request, found) {
        Err(SearchError::Deadline | SearchError::Query(_)) => Ok(None),
        other => other,
    }
}

/// The many small searches of one answer.
struct Searching<'a> {
    context: &'a SearchContext<'a>,
}

impl Searching<'_> {
    /// Articles that a search for `text` finds, all its words required as far as the search requires them first.
    fn total(&self, text: &str) -> Result<u64, SearchError> {
        self.total_of(&query(text))
    }

    /// The same with conditions in addition to the query. 0 where the query would be refused.
    fn total_of(&self, request: &SearchRequest) -> Result<u64, SearchError> {
        self.context.deadline().check()?;
        let total = Session::begin(self.context, request).and_then(|session| session.strict_total());
        match total {
            Err(SearchError::Query(_)) => Ok(0),
            other => other,
        }
    }
}

/// A plain search.
fn query(text: &str) -> SearchRequest {
    SearchRequest { query: text.to_owned(), page: 1, ..SearchRequest::default() }
}

/// What `text` may have been meant to be, had the keyboard been switched: hangul in whole syllables for Latin, Latin for
/// hangul.
fn switched(text: &str) -> impl Iterator<Item = String> {
    let whole = |typed: &String| !typed.chars().any(crate::korean::jamo::is_loose);
    let hangul = [false, true].map(|caps| keyboard::to_hangul(text, caps).filter(whole));
    let same = hangul.first() == hangul.last();
    let hangul = hangul.into_iter().take(if same { 1 } else { 2 }).flatten();
    hangul.chain(keyboard::to_latin(text))
}
