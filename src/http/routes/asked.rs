//! `POST /api/asked`: a page says that a query was meant, not only typed on the way to another one.

use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::asked::{Asked, Event, Taken, TakenKind};
use crate::http::access::Caller;
use crate::http::access::reader::Reader;
use crate::http::answer::{ApiError, Code, Problem};
use crate::http::request::search::check_query;
use crate::http::request::{ApiJson, NoParameters, Params};
use crate::query::language::Limits;
use crate::search::types::{SearchRequest, SearchResponse};
use crate::search::{self, SearchContext, SearchError};

/// The largest body, in bytes: two queries of the greatest length.
pub(in crate::http) const LARGEST_BODY: usize = 16 << 10;

/// A query that was meant.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Meant {
    /// The query as it stands in the box; the limits are those of search.
    q: String,
    /// What led to it, if it was offered.
    #[serde(default)]
    taken: Option<Offered>,
}

/// An offer that was taken.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Offered {
    /// What it was.
    kind: OfferedKind,
    /// What had been typed before.
    #[schema(max_length = 512)]
    typed: String,
}

/// What can be offered.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::http) enum OfferedKind {
    Correction,
    Completion,
}

/// Say that a query was meant
///
/// For pages that search while somebody types: the query was confirmed with Enter, one of its hits was opened, or it stayed for five
/// seconds. Counted where `search.keep_queries` is on (`keeps_queries` in `/version`); forgotten at once where it is off. The searches of
/// other clients are counted by themselves; those of browsers only by this. Nothing is kept of who asks.
#[utoipa::path(
    post, path = "/api/asked", tag = "search", operation_id = "asked",
    request_body = Meant,
    responses(
        (status = 204, description = "Counted, or forgotten"),
        (status = 400, description = "The body cannot be read, or the query is too long or too complex", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn asked(
    reader: Reader,
    caller: Caller,
    headers: HeaderMap,
    _: Params<NoParameters>,
    ApiJson(meant): ApiJson<Meant>,
) -> Result<StatusCode, ApiError> {
    // It changes counts, which a page of another site must not do in a reader's name.
    reader.state().gatekeeper().require_intent(&caller, &headers)?;
    check_query(&meant.q)?;
    if let Some(offered) = &meant.taken
        && offered.typed.chars().count() > Limits::TYPED.characters
    {
        return Err(ApiError::new(Code::QueryTooLong, "`typed` is longer than a query may be"));
    }
    if reader.state().queries().is_none() {
        return Ok(StatusCode::NO_CONTENT);
    }
    let query = meant.q.clone();
    // What it finds is looked up here: a page could say anything.
    let asked = reader.search(move |context| looked_for(context, &query)).await?;
    let Some(queries) = reader.state().queries() else { return Ok(StatusCode::NO_CONTENT) };
    if let (Some(asked), Some(offered)) = (&asked, meant.taken) {
        let kind = match offered.kind {
            OfferedKind::Correction => TakenKind::Correction,
            OfferedKind::Completion => TakenKind::Completion,
        };
        let typed = offered.typed.split_whitespace().collect::<Vec<_>>().join(" ");
        queries.keep(Event::Taken(Taken { kind, typed, chosen: asked.query.clone(), times: 1 }));
    }
    if let Some(asked) = asked {
        queries.keep(Event::Asked(asked));
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Whether a search comes from a page in a browser, which tells by itself what was meant. Every browser says where its requests come from.
pub(in crate::http) fn is_of_a_browser(headers: &HeaderMap) -> bool {
    headers.contains_key("sec-fetch-site")
}

/// What is kept of a query that was searched for without any filter; `None` where it is blank.
pub(in crate::http) fn looked_for(
    context: &SearchContext<'_>,
    query: &str,
) -> Result<Option<Asked>, SearchError> {
    let request =
        SearchRequest { query: query.to_owned(), page: 1, explain: true, ..SearchRequest::default() };
    let response = search::search(context, &request)?;
    let asked = Asked::once(query, response.articles);
    Ok(asked.map(|asked| {
        if is_in_vain(&response) { asked.in_vain(missing(&response), response.suggestion) } else { asked }
    }))
}

/// Whether no article held all of the query.
pub(in crate::http) fn is_in_vain(response: &SearchResponse) -> bool {
    response.total == 0 || response.relaxed
}

/// The words that no article holds. Words that are looked for joined as well are not the reader's.
fn missing(response: &SearchResponse) -> Vec<String> {
    let clauses = response.explain.iter().flat_map(|explanation| &explanation.clauses);
    let in_vain = clauses.filter(|clause| clause.articles == 0 && response.query.contains(&clause.text));
    in_vain.map(|clause| clause.text.clone()).collect()
}
