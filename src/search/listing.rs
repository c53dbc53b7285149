//! A whole search at once, in order and without its articles: what an export or a feed reads bit by bit.

use std::ops::Range;

use super::context::{SearchContext, articles_at};
use super::error::SearchError;
use super::reading;
use super::session::{Page, Session};
use super::types::{LARGEST_EXPORT, SearchRequest};
use crate::article::Article;
use crate::query::archive::{Archive, Deadline, Place};

/// The hits of a search in order, eight bytes each.
#[derive(Debug, Clone)]
pub struct Listing {
    /// How many articles match, exactly.
    pub total: u64,
    /// Goes on after the last hit listed; `None` at the end.
    pub next_cursor: Option<String>,
    hits: Vec<Place>,
}

/// Lists the hits of a search. Unlike in [`super::search()`], `request.size` may be up to [`LARGEST_EXPORT`], and so may
/// `page × size`.
///
/// # Errors
/// A query over the limits, a page past the window, a cursor of another search, the deadline, or a failing archive.
pub fn listing(context: &SearchContext<'_>, request: &SearchRequest) -> Result<Listing, SearchError> {
    let page = request.page.max(1);
    if page.saturating_mul(request.size) > LARGEST_EXPORT {
        return Err(SearchError::PageWindow { page, size: request.size, limit: LARGEST_EXPORT });
    }
    let Page { selection, next_cursor, .. } = Session::reading(context, request, reading::read)?.page(&[])?;
    let hits = selection.hits.iter().map(|hit| hit.place).collect();
    Ok(Listing { total: selection.total, next_cursor, hits })
}

impl Listing {
    /// Hits listed.
    pub fn len(&self) -> usize {
        self.hits.len()
    }

    /// Whether nothing is listed.
    pub fn is_empty(&self) -> bool {
        self.hits.is_empty()
    }

    /// The articles of the hits in `range`, read from `archive`, which must be the one that was searched. What lies past
    /// the end is left out.
    ///
    /// # Errors
    /// A failing archive.
    pub fn articles(&self, archive: &dyn Archive, range: Range<usize>) -> Result<Vec<Article>, SearchError> {
        let end = range.end.min(self.hits.len());
        let places = self.hits.get(range.start.min(end)..end).unwrap_or_default();
        articles_at(archive, places, Deadline::NONE)
    }
}
