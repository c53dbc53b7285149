//! A whole search at once, in order and without its articles: what an export or a feed reads bit by bit.

use std::ops::Range;

use tantivy::DocId;

use super::run::{matches, plan};
use super::types::{Cursor, LARGEST_EXPORT, SearchRequest};
use super::walk::{sort_of, walk, walk_of, window};
use super::{Deadline, SearchContext, SearchError};
use crate::article::Article;
use crate::index::Generation;
use crate::index::read::group;
use crate::index::read::order::Ordering;
use crate::index::read::score::Scorer;
use crate::index::read::segment;
use crate::index::read::stored::load;
use crate::query::language::parse;

/// The hits of a search in order, eight bytes each.
#[derive(Debug, Clone)]
pub struct Listing {
    /// How many articles match, exactly.
    pub total: u64,
    /// Goes on behind the last hit listed; `None` at the end.
    pub next_cursor: Option<String>,
    /// Segment and document.
    hits: Vec<(u32, DocId)>,
}

/// Lists the hits of a search. Unlike in [`super::search()`], `request.size` may be up to [`LARGEST_EXPORT`], and so may
/// `page × size`.
///
/// # Errors
/// A query over the limits, a page behind the window, a cursor of another search, the deadline, or a failing index.
pub fn listing(context: &SearchContext<'_>, request: &SearchRequest) -> Result<Listing, SearchError> {
    let page = request.page.max(1);
    if page.saturating_mul(request.size) > LARGEST_EXPORT {
        return Err(SearchError::PageWindow { page, size: request.size, limit: LARGEST_EXPORT });
    }
    let query = parse(&request.query)?;
    let segments = segment::open(context.generation);
    let deadline = Deadline::new(context.deadline);
    let plan = plan(context, &segments, &query, request.match_mode);
    let sort = sort_of(request, &plan);
    let begun = walk_of(context, request, sort)?;
    let matches = matches(context, &plan, &query, request, begun, &segments, &deadline)?;
    let walk = walk(context, request, sort, matches.strictness);
    let scorer = Scorer::new(&plan, context.ranking, &segments, walk.now)?;
    let found = group::shown(context, request, &scorer, &segments, matches, &deadline)?;
    let total = found.total();
    let ordering = Ordering::new(&plan, &scorer, &segments, found.shown.into_iter(), &deadline)?;
    let ordered = ordering.page(sort, &window(request), false)?;
    Ok(Listing {
        total,
        next_cursor: ordered.next.map(|place| Cursor { place, walk }.encode()),
        hits: ordered.page.iter().map(|(hit, _)| (hit.segment as u32, hit.doc)).collect(),
    })
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

    /// The articles of the hits in `range`, read from `generation`, which must be the one that was searched. What lies
    /// behind the end is left out.
    ///
    /// # Errors
    /// A failing index.
    pub fn articles(
        &self,
        generation: &Generation,
        range: Range<usize>,
    ) -> Result<Vec<Article>, SearchError> {
        let hits = self.hits.iter().skip(range.start).take(range.len());
        // Articles share compressed blocks with their neighbours: read in the order they are stored in.
        let mut places: Vec<(usize, &(u32, DocId))> = hits.enumerate().collect();
        places.sort_unstable_by_key(|(_, place)| **place);
        let mut articles = Vec::with_capacity(places.len());
        for (rank, (segment, doc)) in places {
            articles.push((rank, load(generation, *segment as usize, *doc)?.article));
        }
        articles.sort_unstable_by_key(|(rank, _)| *rank);
        Ok(articles.into_iter().map(|(_, article)| article).collect())
    }
}
