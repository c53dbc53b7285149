//! `GET /api/search`.

use std::sync::Arc;

use axum::Json;
use axum::http::HeaderMap;
use sha2::{Digest, Sha256};

use super::asked::{is_in_vain, is_of_a_browser, looked_for};
use crate::asked::{Asked, Event};
use crate::http::access::reader::Reader;
use crate::http::answer::{ApiError, Problem, notes};
use crate::http::request::search::{COMPLETENESS, CURSOR, KnownNames, ORDER, Page, Paging, SELECTION, SHOW};
use crate::http::request::{Accepts, Group, Number, Params};
use crate::search::types::{LARGEST_PAGE, PAGE_WINDOW, SearchResponse};
use crate::search::{self, SearchContext};

/// A search that takes longer is worth a line in the log, in milliseconds.
const SLOW_MS: f64 = 500.0;

const PAGING: Paging = Paging {
    size: Number {
        name: "size",
        meaning: "Hits on a page.",
        least: 0,
        most: Some(LARGEST_PAGE),
        default: 10,
    },
    page: Page { window: PAGE_WINDOW },
    next: "`next_cursor`",
};

/// The parameters of a search.
pub(in crate::http) struct SearchParameters;

impl Accepts for SearchParameters {
    const GROUPS: &'static [Group] =
        &[SELECTION, ORDER, Group::of(&[&PAGING.size, &PAGING.page, &CURSOR]), SHOW, COMPLETENESS];
}

/// Search articles
///
/// Hits with marked title and snippets. `total` and facet counts are exact and do not move while paging; a field's own
/// filter does not narrow its own facet. Where a part of a cluster does not answer, `partial` is true and articles are missing: ask with
/// `strict=true` for all of them or none; a walk with `cursor` is always that. `marks` are `[start, end)` in UTF-16 code units of `text`, which is plain text.
#[utoipa::path(
    get, path = "/api/search", tag = "search", operation_id = "search",
    params(Params<SearchParameters>),
    responses(
        (status = 200, description = "The hits of the page", body = SearchResponse),
        (status = 400, description = "A parameter is unknown or has a wrong value", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No article has the id `similar_to`", body = Problem, content_type = "application/problem+json"),
        (status = 410, description = "The cursor has expired", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Too many searches, or no index yet", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn search(
    reader: Reader,
    headers: HeaderMap,
    params: Params<SearchParameters>,
) -> Result<Json<SearchResponse>, ApiError> {
    let serving = reader.serving_for(params.cursor()?.as_ref())?;
    let request = params.search(KnownNames::of(&serving.language), &PAGING)?;
    let query = request.query.clone();
    let asked = Arc::clone(&serving);
    let corrections = reader.corrections()?;
    // Going on to other pages asks nothing new.
    let is_asked = request.cursor.is_none() && request.page == 1 && request.similar_to.is_none();
    let kept = is_asked && reader.state().queries().is_some() && !is_of_a_browser(&headers);
    // No page of a walk may pass over articles.
    let strict = params.strict()? || request.cursor.is_some();
    let work = move |context: &SearchContext<'_>| {
        let mut response = search::search(context, &request)?;
        corrections.mark(&mut response.hits)?;
        corrections
            .mark(response.also.iter_mut().flat_map(|also| &mut also.hits).map(|also| &mut also.hit))?;
        // Why nothing was found is looked into only where nothing was: that costs a second search.
        let event = match () {
            // What a part lacks is not what its reader failed to find.
            () if !kept || response.partial.is_some() => None,
            () if is_in_vain(&response) => looked_for(context, &request.query)?,
            () => Asked::once(&request.query, response.articles),
        };
        Ok((response, event))
    };
    let (mut response, event) = reader.search_or_partly(serving, strict, work).await?;
    if let (Some(queries), Some(event)) = (reader.state().queries(), event) {
        queries.keep(Event::Asked(event));
    }
    notes::translate(&mut response.notes);
    note(&query, &response);
    if response.next_cursor.is_some() {
        asked.paging_begins();
    }
    Ok(Json(response))
}

/// Records metrics, and a log line if the search was slow. Queries may hold the names of sources: the log gets length and
/// hash, and the text only at debug level.
fn note(query: &str, response: &SearchResponse) {
    metrics::histogram!("search_seconds").record(response.took_ms / 1000.0);
    if response.partial.is_some() {
        metrics::counter!("search_partial_total").increment(1);
    } else if response.total == 0 && !query.trim().is_empty() {
        metrics::counter!("search_zero_hits_total").increment(1);
    }
    if response.relaxed {
        metrics::counter!("search_relaxed_total").increment(1);
    }
    let (took_ms, total) = (response.took_ms, response.total);
    tracing::debug!(query, took_ms, total, "search");
    if took_ms >= SLOW_MS {
        let hash: String = Sha256::digest(query).iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        tracing::warn!(query_hash = hash, characters = query.chars().count(), took_ms, total, "slow search");
    }
}
