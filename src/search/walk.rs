//! Which order a search has, and where in it the request's page begins.

use super::cursor::request_fingerprint;
use super::types::{Cursor, SearchRequest, Sort, Walk};
use super::{SearchContext, SearchError};
use crate::index::read::order::Window;
use crate::query::plan::Plan;
use crate::query::request::Strictness;

/// The order that is in force: without anything to be relevant to, newest first.
pub fn sort_of(request: &SearchRequest, plan: &Plan) -> Sort {
    match request.sort {
        Some(Sort::Relevance) | None if plan.is_empty() => Sort::Newest,
        Some(sort) => sort,
        None => Sort::Relevance,
    }
}

/// The walk that the request's cursor goes on with, if it has one.
///
/// # Errors
/// [`SearchError::Cursor`] for one of another search; [`SearchError::CursorExpired`] where what answers now would put the
/// hits in another order.
pub fn walk_of(
    context: &SearchContext<'_>,
    request: &SearchRequest,
    sort: Sort,
) -> Result<Option<Walk>, SearchError> {
    let Some(Cursor { place, walk }) = &request.cursor else { return Ok(None) };
    if place.sort != sort || walk.request != request_fingerprint(request, sort) {
        return Err(SearchError::Cursor);
    }
    // Groups belong to their index, too.
    let grouped = request.fold.is_some() || request.similar_to.is_some();
    if walk.edition != context.edition() && (grouped || !walk.is_portable(sort)) {
        return Err(SearchError::CursorExpired);
    }
    Ok(Some(*walk))
}

/// The walk that the next page belongs to.
pub fn walk(
    context: &SearchContext<'_>,
    request: &SearchRequest,
    sort: Sort,
    strictness: Strictness,
) -> Walk {
    let now = request.cursor.as_ref().map_or(context.now, |cursor| cursor.walk.now);
    Walk { request: request_fingerprint(request, sort), edition: context.edition(), now, strictness }
}

/// Which of the hits in order the request wants.
pub fn window(request: &SearchRequest) -> Window<'_> {
    let cursor = request.cursor.as_ref().map(|cursor| &cursor.place);
    let offset = if cursor.is_some() { 0 } else { (request.page.max(1) - 1) * request.size };
    Window { offset, size: request.size, cursor }
}
