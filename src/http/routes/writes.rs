//! Writing an article: `PUT` and `DELETE /api/articles/{id}`; and what a bulk of them ([`super::bulk`]) shares with it.
//!
//! Answers come when the journal is durable. Cleaning is CPU work and runs off the reactor, but never waits for search
//! permits: a newsroom publishes while everybody searches.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use serde::Serialize;
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};
use utoipa::ToSchema;

use crate::article::ArticleId;
use crate::http::code::Code;
use crate::http::error::{ApiError, Problem};
use crate::http::extract::PathId;
use crate::http::params::Params;
use crate::http::state::AppState;
use crate::ingest::{Cleaner, MAX_RECORD_BYTES, Refusal, RefusalCode};
use crate::journal::{Change, NewEntry};
use crate::service::WriteError;

/// The largest article, in bytes of JSON.
pub(in crate::http) const LARGEST_ARTICLE: usize = MAX_RECORD_BYTES;
/// `refresh=true` waits no longer: without an index, or with one that cannot be written to, it would wait for ever.
const REFRESH: Duration = Duration::from_secs(30);

/// An article is written, or deleted.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Written {
    id: String,
    /// The number of this write in the journal: later writes have larger ones.
    sequence: u64,
    /// Whether searches see it already; else within a second.
    searchable: bool,
}

/// Write an article
///
/// Writes the article, or replaces the one with this id everywhere. Answered when it is durable on disk; searches see it
/// within a second, with `refresh=true` before the answer. Sending it again changes nothing. What is written here wins over a
/// file in the articles folder that holds the same id, also after a reindex.
#[utoipa::path(
    put, path = "/api/articles/{id}", tag = "articles", operation_id = "put_article", security(("token" = [])),
    params(
        ("id" = String, Path, description = "The article's id: 1 to 200 characters; `/` is written `%2F`"),
        ("refresh" = Option<bool>, Query, description = "Wait until searches see it"),
    ),
    request_body(content = serde_json::Value, description = "title or body, and outlet, reporters, section, published_at, url, or any other field"),
    responses(
        (status = 200, description = "It is durable", body = Written),
        (status = 400, description = "It is no article; `detail` says why", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No token, or the wrong one", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The disk does not take it; nothing was written", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn put(
    State(state): State<AppState>,
    PathId(id): PathId,
    params: Params,
    body: Bytes,
) -> Result<Json<Written>, ApiError> {
    let params = params.only(&[&["refresh"]])?;
    let refresh = params.flag("refresh", false)?;
    let id = article_id(&id)?;
    let cleaner = cleaner(&state);
    let wanted = id.clone();
    let entry = tokio::task::spawn_blocking(move || entry(&body, Some(&wanted), &cleaner)).await;
    let entry = entry.map_err(ApiError::internal)?.map_err(|refusal| bad_article(&refusal))?;
    let sequence = write(&state, vec![entry]).await?;
    let searchable = refresh && refreshed(&state, sequence).await;
    Ok(Json(Written { id: id.to_string(), sequence, searchable }))
}

/// Delete an article
///
/// Deletes the article everywhere; a file that holds it does not bring it back. Answered when it is durable on disk. Deleting
/// what is not there is no error.
#[utoipa::path(
    delete, path = "/api/articles/{id}", tag = "articles", operation_id = "delete_article", security(("token" = [])),
    params(
        ("id" = String, Path, description = "The article's id"),
        ("refresh" = Option<bool>, Query, description = "Wait until no search sees it any more"),
    ),
    responses(
        (status = 200, description = "The deletion is durable", body = Written),
        (status = 401, description = "No token, or the wrong one", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The disk does not take it; nothing was deleted", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn delete(
    State(state): State<AppState>,
    PathId(id): PathId,
    params: Params,
) -> Result<Json<Written>, ApiError> {
    let params = params.only(&[&["refresh"]])?;
    let refresh = params.flag("refresh", false)?;
    let id = article_id(&id)?;
    let sequence = write(&state, vec![NewEntry { id: id.clone(), change: Change::Delete }]).await?;
    let searchable = refresh && refreshed(&state, sequence).await;
    Ok(Json(Written { id: id.to_string(), sequence, searchable }))
}

/// The journal's entry of an article in JSON, which is checked by cleaning it. It gets the id that the article has, derived
/// where it has none: the journal must know it.
pub(in crate::http) fn entry(
    json: &[u8],
    id: Option<&ArticleId>,
    cleaner: &Cleaner,
) -> Result<NewEntry, Refusal> {
    let bad_json = |detail: String| Refusal { code: RefusalCode::BadJson, detail };
    let mut value: Value =
        serde_json::from_slice(json).map_err(|error| bad_json(format!("not valid JSON: {error}")))?;
    let Some(fields) = value.as_object_mut() else {
        return Err(bad_json("not a JSON object: an article is written as {\"title\": …}".to_owned()));
    };
    if let Some(id) = id {
        let own = fields.get("id").filter(|own| !own.is_null());
        if own.is_some_and(|own| own.as_str() != Some(id.as_str())) {
            let detail =
                format!("`id` in the body is not {:?}, which the address names; leave it out", id.as_str());
            return Err(Refusal { code: RefusalCode::BadId, detail });
        }
        fields.insert("id".to_owned(), Value::from(id.as_str()));
    }
    let article = cleaner.article_from_json(value.to_string().as_bytes())?;
    if let Some(fields) = value.as_object_mut() {
        fields.insert("id".to_owned(), Value::from(article.id.as_str()));
    }
    let json: Box<RawValue> = to_raw_value(&value).map_err(|error| bad_json(error.to_string()))?;
    Ok(NewEntry { id: article.id, change: Change::Put { json } })
}

pub(in crate::http) fn cleaner(state: &AppState) -> Cleaner {
    Cleaner::new(Arc::clone(state.service().language().outlets()))
}

fn article_id(id: &str) -> Result<ArticleId, ApiError> {
    ArticleId::new(id)
        .map_err(|error| ApiError::new(Code::BadArticle, error.to_string()).with("reason", "bad_id"))
}

fn bad_article(refusal: &Refusal) -> ApiError {
    ApiError::new(Code::BadArticle, refusal.detail.clone()).with("reason", refusal.code.as_str())
}

pub(in crate::http) async fn write(state: &AppState, entries: Vec<NewEntry>) -> Result<u64, ApiError> {
    state.service().write(entries).await.map_err(|error| match error {
        WriteError::Journal(detail) => {
            ApiError::new(Code::NotWritten, format!("{detail}; nothing of this request was written"))
                .retry_after(10)
        }
        WriteError::Stopped => ApiError::new(Code::NotReady, error.to_string()).retry_after(10),
    })
}

/// Whether searches see the write in time.
pub(in crate::http) async fn refreshed(state: &AppState, sequence: u64) -> bool {
    tokio::time::timeout(REFRESH, state.service().searchable(sequence)).await.is_ok()
}
