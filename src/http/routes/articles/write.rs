//! Writing an article: `PUT` and `DELETE /api/articles/{id}`; and the steps that bulk writing ([`super::bulk`]) shares with it.
//!
//! The answer comes once the journal is durable. Cleaning is CPU work and runs off the reactor, but never waits for search
//! permits: a newsroom publishes while everyone else searches.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};
use utoipa::ToSchema;

use super::fields::ReadFields;
use super::room::ArticleBody;
use super::shape::{IdInPath, WrittenArticle};
use crate::article::ArticleId;
use crate::http::answer::{ApiError, Code, Problem};
use crate::http::request::{Accepts, Flag, Group, Params, PathId};
use crate::http::state::AppState;
use crate::ingest::{
    Cleaner, FileTally, MAX_RECORD_BYTES, Reading, Refusal, RefusalCode, SkipRule, is_unpublished_json,
    parse_pushed,
};
use crate::journal::{Change, NewEntry};
use crate::service::WriteError;

/// The largest article, in bytes of JSON.
pub(in crate::http) const LARGEST_ARTICLE: usize = MAX_RECORD_BYTES;
/// How long `refresh=true` waits: without an index, or with one that cannot be written to, it would wait for ever.
const LONGEST_REFRESH: Duration = Duration::from_secs(30);

/// Whether the answer waits for searches.
pub(in crate::http) const REFRESH: Flag = Flag {
    name: "refresh",
    meaning: "Whether to wait, at most 30 seconds, until searches see the change.",
    default: false,
};

/// The parameters of writing.
pub(in crate::http) struct WriteParameters;

impl Accepts for WriteParameters {
    const GROUPS: &'static [Group] = &[Group::of(&[&REFRESH])];
}

/// An article is written, or deleted.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Written {
    id: String,
    /// The number of this write in the journal: later writes have larger ones.
    sequence: u64,
    /// Whether searches see it already; otherwise they will within a second.
    searchable: bool,
    /// Which key fed which field, and what is missing or was not used; left out for a deletion.
    #[serde(skip_serializing_if = "Option::is_none")]
    read: Option<ReadFields>,
}

/// Write an article
///
/// Writes the article, or replaces the one with this id. The answer comes once it is durable on disk; searches see it within a
/// second, or before the answer with `refresh=true`. Sending it again changes nothing. An article written here takes precedence
/// over one with the same id in a file of the articles folder, even after a reindex.
#[utoipa::path(
    put, path = "/api/articles/{id}", tag = "articles", operation_id = "put_article", security(("token" = [])),
    params(
        ("id" = inline(IdInPath), Path, description = "The article's id: 1 to 200 characters; `/` is written `%2F`"),
        Params<WriteParameters>,
    ),
    request_body(content = WrittenArticle, description = "An article"),
    responses(
        (status = 200, description = "It is durable", body = Written),
        (status = 400, description = "It is not a valid article; `detail` says why", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "The token is missing or wrong", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "This server only reads; `writer` is the address of the one that takes articles", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The write could not be stored; nothing was written", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn put(
    State(state): State<AppState>,
    PathId(id): PathId,
    params: Params<WriteParameters>,
    body: ArticleBody,
) -> Result<Json<Written>, ApiError> {
    let refresh = params.flag(&REFRESH)?;
    let id = article_id(&id)?;
    let cleaner = cleaner(&state);
    let wanted = id.clone();
    let ArticleBody { bytes, place } = body;
    let read = move || {
        // As a line of a push, or a record of a file, that says so is passed over.
        if is_unpublished_json(&bytes) {
            return Err(not_published());
        }
        entry(&bytes, Some(&wanted), None, &cleaner).map_err(|refusal| bad_article(&refusal))
    };
    let (entry, reading) = tokio::task::spawn_blocking(read).await.map_err(ApiError::internal)??;
    let mut tally = FileTally::default();
    tally.count(&reading);
    let sequence = write(&state, vec![entry]).await?;
    drop(place);
    let searchable = refresh && refreshed(&state, sequence).await;
    let read = Some(ReadFields::of(tally));
    Ok(Json(Written { id: id.to_string(), sequence, searchable, read }))
}

/// Delete an article
///
/// Deletes the article; a file that holds it does not bring it back. The answer comes once the deletion is durable on disk.
/// Deleting an article that does not exist is not an error.
#[utoipa::path(
    delete, path = "/api/articles/{id}", tag = "articles", operation_id = "delete_article", security(("token" = [])),
    params(
        ("id" = inline(IdInPath), Path, description = "The article's id"),
        Params<WriteParameters>,
    ),
    responses(
        (status = 200, description = "The deletion is durable", body = Written),
        (status = 401, description = "The token is missing or wrong", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "This server only reads; `writer` is the address of the one that takes articles", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The deletion could not be stored; nothing was deleted", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn delete(
    State(state): State<AppState>,
    PathId(id): PathId,
    params: Params<WriteParameters>,
) -> Result<Json<Written>, ApiError> {
    let refresh = params.flag(&REFRESH)?;
    let id = article_id(&id)?;
    let sequence = write(&state, vec![NewEntry { id: id.clone(), change: Change::Delete }]).await?;
    let searchable = refresh && refreshed(&state, sequence).await;
    Ok(Json(Written { id: id.to_string(), sequence, searchable, read: None }))
}

/// The journal's entry of an article in JSON, which is checked by cleaning it. The entry has the article's id, derived if it
/// was sent without one: the journal must know it. `beside` is the id that an action line before it gave. And how it was read.
///
/// # Errors
/// A [`Refusal`] if it is not a valid article, or if its id is not `id`.
pub(in crate::http) fn entry(
    json: &[u8],
    id: Option<&ArticleId>,
    beside: Option<String>,
    cleaner: &Cleaner,
) -> Result<(NewEntry, Reading), Refusal> {
    let invalid = |error: serde_json::Error| Refusal {
        code: RefusalCode::BadJson,
        detail: format!("not valid JSON: {error}"),
    };
    let mut fields = parse_pushed(json)?;
    let own = fields.get("id").filter(|own| !own.is_null());
    if let Some(id) = id
        && own.is_some_and(|own| own.as_str() != Some(id.as_str()))
    {
        let detail =
            format!("`id` in the body is not {:?}, the id in the address; leave it out", id.as_str());
        return Err(Refusal { code: RefusalCode::BadId, detail });
    }
    // An article with its id is kept in the very bytes that came. Only one without needs new ones, and cleaning takes its
    // fields apart.
    let has_id = own.is_some_and(Value::is_string) && beside.is_none();
    let without_id = if has_id { None } else { Some(fields.clone()) };
    if let Some(id) = id {
        fields.insert("id".to_owned(), Value::from(id.as_str()));
    }
    let line = std::str::from_utf8(json).unwrap_or_default();
    let reading = cleaner.read_fields(fields, beside, line)?;
    let id = reading.article.id.clone();
    let json: Box<RawValue> = match without_id {
        None => serde_json::from_slice(json),
        Some(mut fields) => {
            fields.insert("id".to_owned(), Value::from(id.as_str()));
            to_raw_value(&fields)
        }
    }
    .map_err(invalid)?;
    Ok((NewEntry { id, change: Change::Put { json } }, reading))
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

fn not_published() -> ApiError {
    let detail = "the article says that it is a draft, private or deleted (`status`, `draft`, `is_published` or the like), so it was not \
                  written; send it once it is published, and DELETE what is to be taken back";
    ApiError::new(Code::BadArticle, detail).with("reason", SkipRule::NotPublished.as_str())
}

pub(in crate::http) async fn write(state: &AppState, entries: Vec<NewEntry>) -> Result<u64, ApiError> {
    state.service().write(entries).await.map_err(|error| match error {
        WriteError::Journal(detail) => {
            ApiError::new(Code::NotWritten, format!("{detail}; nothing of this request was written"))
                .retry_after(10)
        }
        WriteError::ReadOnly { detail, writer } => {
            ApiError::new(Code::ReadOnly, detail).with("writer", writer)
        }
        WriteError::Off(detail) => ApiError::new(Code::NotWritten, detail).retry_after(60),
        WriteError::Stopped => ApiError::new(Code::NotReady, error.to_string()).retry_after(10),
    })
}

/// Whether searches see the write in time.
pub(in crate::http) async fn refreshed(state: &AppState, sequence: u64) -> bool {
    tokio::time::timeout(LONGEST_REFRESH, state.service().searchable(sequence)).await.is_ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;

    fn stored(json: &str, id: Option<&str>) -> (String, String) {
        let id = id.map(|id| ArticleId::new(id).unwrap());
        let (entry, _) = entry(json.as_bytes(), id.as_ref(), None, &Cleaner::new(Arc::default())).unwrap();
        let Change::Put { json } = entry.change else { panic!("an article is put") };
        (entry.id.to_string(), json.get().to_owned())
    }

    #[test]
    fn an_article_with_its_id_is_stored_as_it_came() {
        let sent = r#"{ "title":"\uac00",  "id":"a-1", "n":1.50, "desk":{"b":1e2} }"#;
        assert_eq!(stored(sent, None), ("a-1".to_owned(), sent.to_owned()));
        assert_eq!(stored(&format!(" {sent}\r"), Some("a-1")), ("a-1".to_owned(), sent.to_owned()));
    }

    #[test]
    fn an_id_beside_an_article_is_stored_in_it() {
        let put = |sent: &str| {
            let (entry, _) =
                entry(sent.as_bytes(), None, Some("b-1".to_owned()), &Cleaner::new(Arc::default())).unwrap();
            let Change::Put { json } = entry.change else { panic!("an article is put") };
            let again = Cleaner::new(Arc::default()).article_from_json(json.get().as_bytes()).unwrap();
            assert_eq!(again.id, entry.id);
            entry.id.to_string()
        };
        assert_eq!(put(r#"{"title":"가"}"#), "b-1");
        assert_eq!(put(r#"{"id":"nan","title":"가"}"#), "b-1");
        assert_eq!(put(r#"{"id":"a-1","title":"가"}"#), "a-1");
        assert_eq!(put(r#"{"doc":{"title":"가","body":"나"}}"#), "b-1");
        assert_eq!(put(r#"{"url":"https://a.example/1","title":"가"}"#), "b-1");
    }

    #[test]
    fn an_article_without_its_id_gets_it() {
        let put = |sent: &str| stored(sent, Some("a-1")).1;
        assert_eq!(put(r#"{"title": "가"}"#), r#"{"title":"가","id":"a-1"}"#);
        assert_eq!(put(r#"{"id": null, "title": "가"}"#), r#"{"id":"a-1","title":"가"}"#);
        assert_eq!(stored(r#"{"id": 17, "title": "가"}"#, None).1, r#"{"id":"17","title":"가"}"#);
        let (id, json) = stored(r#"{"title": "가"}"#, None);
        assert!(id.starts_with("c-"));
        assert_eq!(json, format!(r#"{{"title":"가","id":"{id}"}}"#));
    }
}
