//! What the search box offers: completions of what is typed, and corrections of what was mistyped.
//!
//! The archive's [`Suggestions`](crate::suggest::Suggestions) propose; every text that is shown was searched for first, in the
//! same archive, so it finds at least one article, and exactly as many as it says.
//!
//! Deletions and corrections of articles therefore need no bookkeeping here.

mod complete;
mod correct;
mod initials;

use std::cell::RefCell;

use rustc_hash::FxHashMap;

use super::context::SearchContext;
use super::error::SearchError;
use super::session::Session;
use super::types::{SearchRequest, SuggestResponse};
use crate::korean::keyboard;
use crate::suggest::Patience;

pub use correct::Correction;

/// Up to so many articles are *nearly nothing*: then a correction is looked for.
const FEW: u64 = 2;

/// Completions of which the best is what initial consonants are read as: a stub (`우크라`) gives way to its word among them.
const READ: usize = 4;

/// Completes `text`, at most `size` times, and corrects it where it finds nothing.
///
/// # Errors
/// A text over the limits of a query, the deadline, or a failing archive.
pub fn suggest(context: &SearchContext<'_>, text: &str, size: usize) -> Result<SuggestResponse, SearchError> {
    let completed = complete::completed(&Searching::new(context), text, size)?;
    // Whoever is still typing has not made a mistake yet.
    let correction = match completed.as_typed {
        true => None,
        false => {
            let search = Searching::correcting(context);
            let request = query(text);
            let session = Session::begin(context, &request)?;
            match session.strict_total()? {
                total if total > FEW => None,
                total => correct::corrected(&search, &session, total)?,
            }
        }
    };
    let (correction, correction_total) = apart(correction);
    Ok(SuggestResponse { completions: completed.completions, correction, correction_total })
}

/// The best completion of `text`, which is initial consonants; `None` where nothing has them.
///
/// # Errors
/// A text over the limits of a query, the deadline, or a failing archive.
pub(super) fn of_initials(context: &SearchContext<'_>, text: &str) -> Result<Option<String>, SearchError> {
    let completed = complete::completed(&Searching::new(context), text, READ)?;
    Ok(completed.completions.into_iter().next().map(|completion| completion.text))
}

/// A correction as answers have it: the query, and what it finds.
pub(super) fn apart(correction: Option<Correction>) -> (Option<String>, Option<u64>) {
    correction.map(|correction| (correction.query, correction.total)).unzip()
}

/// The query that may have been meant, for a search under way that found `total` articles, maybe only with fewer of its words (`relaxed`).
///
/// # Errors
/// A failing archive. Where the deadline passes there is no suggestion.
pub(super) fn suggestion(
    session: &Session<'_>,
    total: u64,
    relaxed: bool,
) -> Result<Option<Correction>, SearchError> {
    let request = session.request;
    if request.page > 1 || request.cursor.is_some() || request.query.trim().is_empty() {
        return Ok(None);
    }
    let found = if relaxed { 0 } else { total };
    match correct::corrected(&Searching::correcting(session.context), session, found) {
        Err(SearchError::Deadline | SearchError::Query(_)) => Ok(None),
        other => other,
    }
}

/// The many small searches of one answer.
struct Searching<'a> {
    context: &'a SearchContext<'a>,
    /// When to be content with what has been found.
    patience: Patience,
    /// How many articles each text finds that was asked for.
    known: RefCell<FxHashMap<String, u64>>,
}

impl<'a> Searching<'a> {
    fn new(context: &'a SearchContext<'a>) -> Self {
        Self { context, patience: Patience::ENDLESS, known: RefCell::default() }
    }

    /// For a correction, which may take a few milliseconds and no more.
    fn correcting(context: &'a SearchContext<'a>) -> Self {
        Self { context, patience: Patience::lasting(context.correcting), known: RefCell::default() }
    }

    /// Whether the time is over.
    fn is_over(&self) -> bool {
        self.patience.is_over()
    }

    /// Articles that a search for `text` finds, all its words required as far as the search requires them first.
    fn total(&self, text: &str) -> Result<u64, SearchError> {
        if let Some(known) = self.known.borrow().get(text) {
            return Ok(*known);
        }
        let total = self.total_of(&query(text))?;
        self.known.borrow_mut().insert(text.to_owned(), total);
        Ok(total)
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
