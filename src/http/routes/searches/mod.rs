//! `/api/searches`: searches that are saved, and what came for them.
//!
//! `shape`: what is sent and answered. `given`: the parameters of a saved search, read as those of any search. `hits`, `feed`, `stream`,
//! `trial`: what came, as JSON, as a feed, as it comes, and as somebody's first delivery.
//!
//! Whoever has a key with a fixed filter sees the searches that were saved with the same filter; all others see all.

pub mod feed;
pub mod given;
pub mod hits;
mod shape;
pub mod stream;
pub mod trial;

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::alerts::{AlertError, Entry};
use crate::article::Timestamp;
use crate::http::access::Caller;
use crate::http::access::reader::Reader;
use crate::http::answer::{ApiError, Code, Problem};
use crate::http::request::{ApiJson, NoParameters, Params, PathId};
use crate::http::state::AppState;
use crate::search::{self, Arrivals};
use shape::{NameInPath, SavedSearchAnswer, SearchToSave};

/// The largest search that can be saved, in bytes.
pub(in crate::http) const LARGEST_BODY: usize = 32 << 10;
/// A window of nothing: what it is asked for is only tried.
const NOTHING: Arrivals = Arrivals { after: u64::MAX, size: 0, latest: false };

/// All saved searches.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct SavedSearchesAnswer {
    /// By name.
    searches: Vec<SavedSearchAnswer>,
    /// Searches see what came up to this sequence: only where it has grown can `…/hits` have more.
    last_sequence: u64,
}

/// List saved searches
///
/// Each with how far it has been delivered and what fails.
#[utoipa::path(
    get, path = "/api/searches", tag = "searches", operation_id = "saved_searches",
    security(("token" = [])),
    responses(
        (status = 200, description = "By name", body = SavedSearchesAnswer),
        (status = 401, description = "The key is missing or wrong", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn list(
    State(state): State<AppState>,
    caller: Caller,
    _: Params<NoParameters>,
) -> Result<Json<SavedSearchesAnswer>, ApiError> {
    let service = state.service();
    let all = service.saved_searches().all().map_err(ApiError::internal)?;
    let seen = all.into_iter().filter(|(_, entry)| sees(&caller, entry));
    let last = service.last_arrival();
    Ok(Json(SavedSearchesAnswer {
        searches: seen.map(|(name, entry)| SavedSearchAnswer::of(name, entry, last)).collect(),
        last_sequence: last,
    }))
}

/// Read a saved search
///
/// With how far it has been delivered (`last_sequence`), the last 20 deliveries, and why a target cannot be reached.
#[utoipa::path(
    get, path = "/api/searches/{name}", tag = "searches", operation_id = "saved_search",
    security(("token" = [])), params(("name" = inline(NameInPath), Path, description = "Its name", example = "desk")),
    responses(
        (status = 200, description = "The search", body = SavedSearchAnswer),
        (status = 401, description = "The key is missing or wrong", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No search is saved under this name", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn get(
    State(state): State<AppState>,
    caller: Caller,
    PathId(name): PathId,
    _: Params<NoParameters>,
) -> Result<Json<SavedSearchAnswer>, ApiError> {
    let entry = find(&state, &caller, &name)?;
    Ok(Json(SavedSearchAnswer::of(name, entry, state.service().last_arrival())))
}

/// Save a search
///
/// `params` are the parameters of `/api/search` that choose and show hits, a list where one is repeated; they are checked as there. What
/// comes from now on and matches is delivered to each entry of `deliver`, at least once and in order: all words must match, whatever a
/// search would be content with. Saving again under a name replaces the search; addresses that stay go on where they were, and keep their
/// secret where none is sent; the fixed filter with which it was saved stays. A webhook is a `POST` of `{"search","title","hits","test"}`, signed in `X-Gisa-Signature` (`sha256=` and the
/// HMAC of the body) where there is a secret; `"format": "slack"` sends `{"text"}`. Any answer of 2xx confirms it; anything else is tried
/// again, after a second, two, four, up to a day. Redirects are not followed; private addresses are reached only where
/// `alerts.allow_hosts` lists them, and over https only those whose certificate is from an authority that the machine or
/// `alerts.ca_file` knows. An `email` tells each of its mailboxes, at most 20 of a search, in a mail of its own, at most once a minute, with 50
/// hits at most and the number of the others; the mail server's word confirms it. It is refused where `alerts.smtp_host` is not set.
#[utoipa::path(
    put, path = "/api/searches/{name}", tag = "searches", operation_id = "save_search",
    security(("token" = [])),
    params(("name" = inline(NameInPath), Path, description = "1 to 64 letters of A to Z or Hangul, digits, `-` or `_`", example = "desk")),
    request_body = SearchToSave,
    responses(
        (status = 200, description = "Replaced; durable", body = SavedSearchAnswer),
        (status = 201, description = "Saved; durable", body = SavedSearchAnswer),
        (status = 400, description = "A part of it is wrong; `detail` names it, as does `field` (`deliver[0].url`), and `setting` what would allow it", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "The key is missing or wrong", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope, or another key has the name", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No article has the id `similar_to`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "It cannot be stored, or no index serves yet", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn put(
    reader: Reader,
    caller: Caller,
    PathId(name): PathId,
    _: Params<NoParameters>,
    ApiJson(sent): ApiJson<SearchToSave>,
) -> Result<(StatusCode, Json<SavedSearchAnswer>), ApiError> {
    let service = Arc::clone(reader.state().service());
    let former = service.saved_searches().get(&name).map_err(ApiError::internal)?;
    if former.as_ref().is_some_and(|former| !sees(&caller, former)) {
        return Err(ApiError::new(
            Code::Forbidden,
            "another key has saved a search under this name; choose another name",
        )
        .with("field", "name"));
    }
    // Whoever sees everything and only pauses it would otherwise show its receivers what its key must not see.
    let kept = former.as_ref().and_then(|former| former.search.filter.clone());
    let filter = caller.filter.as_deref().cloned().or(kept);
    let search = sent.search(former.as_ref(), filter, Timestamp::now());
    search.check(&name, &service.config().alerts.delivery).map_err(|error| refused(&error))?;
    // Whatever a search would refuse is refused here, and not at the first delivery.
    given::has_values(&search.params)?;
    let request = given::request(&search.params, &reader.serving()?.language)?;
    reader.search(move |context| search::arrived(context, &request, NOTHING)).await?;
    let saving = Arc::clone(&service);
    let saved = tokio::task::spawn_blocking(move || {
        let last = saving.last_arrival();
        let is_new = saving.saved_searches().put(&name, search, last).map_err(|error| refused(&error))?;
        let entry = saving.saved_searches().get(&name).map_err(ApiError::internal)?;
        let entry = entry.ok_or_else(|| no_search(&name))?;
        Ok::<_, ApiError>((is_new, SavedSearchAnswer::of(name, entry, last)))
    });
    let (is_new, answer) = saved.await.map_err(ApiError::internal)??;
    Ok((if is_new { StatusCode::CREATED } else { StatusCode::OK }, Json(answer)))
}

/// Remove a saved search
///
/// Nothing more is delivered for it.
#[utoipa::path(
    delete, path = "/api/searches/{name}", tag = "searches", operation_id = "remove_search",
    security(("token" = [])), params(("name" = inline(NameInPath), Path, description = "Its name", example = "desk")),
    responses(
        (status = 204, description = "Removed; durable"),
        (status = 401, description = "The key is missing or wrong", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No search is saved under this name", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "It cannot be stored", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn delete(
    State(state): State<AppState>,
    caller: Caller,
    PathId(name): PathId,
    _: Params<NoParameters>,
) -> Result<StatusCode, ApiError> {
    find(&state, &caller, &name)?;
    let service = Arc::clone(state.service());
    let removing = name.clone();
    let removed = tokio::task::spawn_blocking(move || service.saved_searches().remove(&removing));
    match removed.await.map_err(ApiError::internal)? {
        Ok(true) => Ok(StatusCode::NO_CONTENT),
        Ok(false) => Err(no_search(&name)),
        Err(error) => Err(refused(&error)),
    }
}

/// The search `name`, if `caller` sees it.
fn find(state: &AppState, caller: &Caller, name: &str) -> Result<Entry, ApiError> {
    let entry = state.service().saved_searches().get(name).map_err(ApiError::internal)?;
    entry.filter(|entry| sees(caller, entry)).ok_or_else(|| no_search(name))
}

/// Whether `caller` may know of a saved search.
fn sees(caller: &Caller, entry: &Entry) -> bool {
    caller.filter.is_none() || caller.filter.as_deref() == entry.search.filter.as_ref()
}

fn no_search(name: &str) -> ApiError {
    ApiError::new(Code::SearchNotFound, format!("no search is saved as {name:?}"))
}

/// The setting that a reason names, as in "list it in `alerts.allow_hosts`".
fn setting(reason: &str) -> Option<&str> {
    reason.split('`').skip(1).step_by(2).find(|quoted| quoted.starts_with("alerts."))
}

fn refused(error: &AlertError) -> ApiError {
    match error {
        AlertError::Invalid { field, reason } => {
            let refused = ApiError::new(Code::BadBody, error.to_string()).with("field", field.as_str());
            match setting(reason) {
                Some(setting) => refused.with("setting", setting),
                None => refused,
            }
        }
        AlertError::TooMany { most } => {
            ApiError::new(Code::NotWritten, error.to_string()).with("most", *most)
        }
        AlertError::File { .. } | AlertError::Damaged { .. } => {
            tracing::error!(%error, "a search cannot be saved");
            ApiError::new(Code::NotWritten, "saved searches cannot be written; the server's log says why")
        }
    }
}
