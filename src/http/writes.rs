//! Writing articles: `PUT` and `DELETE /api/articles/{id}`, `POST /api/articles`.
//!
//! Answers come when the journal is durable. Cleaning is CPU work and runs off the reactor, but never waits for search
//! permits: a newsroom publishes while everybody searches.

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use futures::StreamExt;
use serde::Serialize;
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};
use std::sync::Arc;
use std::time::Duration;
use utoipa::ToSchema;

use super::code::Code;
use super::error::{ApiError, Problem};
use super::extract::PathId;
use super::params::Params;
use super::state::AppState;
use crate::article::ArticleId;
use crate::engine::WriteError;
use crate::index::journal::{Change, NewEntry};
use crate::ingest::{Cleaner, MAX_RECORD_BYTES, Refusal, RefusalCode};

/// The largest article, in bytes of JSON.
pub(super) const LARGEST_ARTICLE: usize = MAX_RECORD_BYTES;
/// Lines of a bulk that are written together, at most.
const LINES: usize = 256;
/// Bytes of lines that are written together; one more line may be behind them.
const BYTES: usize = 4 << 20;
/// Refused lines that an answer lists; the rest is counted.
const LISTED: usize = 10_000;
/// A client that sends nothing for so long is given up.
const STALL: Duration = Duration::from_secs(60);
/// `refresh=true` waits no longer: without an index, or with one that cannot be written to, it would wait for ever.
const REFRESH: Duration = Duration::from_secs(30);

/// An article is written, or deleted.
#[derive(Serialize, ToSchema)]
pub(super) struct Written {
    id: String,
    /// The number of this write in the journal: later writes have larger ones.
    sequence: u64,
    /// Whether searches see it already; else within a second.
    searchable: bool,
}

/// What became of many articles.
#[derive(Serialize, ToSchema)]
pub(super) struct BulkWritten {
    /// Articles that are durable.
    accepted: u64,
    /// Lines that are no article (the first 10,000), each with the reason.
    refused: Vec<RefusedLine>,
    /// How many lines were refused.
    refused_count: u64,
    /// The number of the last write in the journal.
    sequence: Option<u64>,
    /// Whether searches see them already; else within a second.
    searchable: bool,
}

/// A line that is no article.
#[derive(Serialize, ToSchema)]
pub(super) struct RefusedLine {
    /// Counted from 1.
    line: u64,
    /// For programs: `bad_json`, `bad_field`, …
    code: &'static str,
    /// For people.
    detail: String,
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
pub(super) async fn put(
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
pub(super) async fn delete(
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

/// Write many articles
///
/// NDJSON, one article a line, of any length: it is read, cleaned and written as it comes. Answered when all of it is durable
/// on disk. Lines that are no article are listed with the reason, the others count. Where the connection breaks, what was
/// read is written or not; sending all of it again is safe.
#[utoipa::path(
    post, path = "/api/articles", tag = "articles", operation_id = "post_articles", security(("token" = [])),
    params(("refresh" = Option<bool>, Query, description = "Wait until searches see them")),
    request_body(content = String, content_type = "application/x-ndjson", description = "One article a line"),
    responses(
        (status = 200, description = "What was accepted is durable", body = BulkWritten),
        (status = 400, description = "The body broke off", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No token, or the wrong one", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "It is not application/x-ndjson", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The disk does not take it; `accepted` tells how many lines before are durable", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(super) async fn bulk(
    State(state): State<AppState>,
    params: Params,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<BulkWritten>, ApiError> {
    let params = params.only(&[&["refresh"]])?;
    let refresh = params.flag("refresh", false)?;
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !["application/x-ndjson", "application/jsonl", "application/ndjson"].contains(&kind) {
        let detail =
            format!("send `Content-Type: application/x-ndjson`, one article a line, instead of {kind:?}");
        return Err(ApiError::new(Code::UnsupportedMediaType, detail));
    }
    let mut done =
        BulkWritten { accepted: 0, refused: Vec::new(), refused_count: 0, sequence: None, searchable: false };
    let outcome = take_lines(&state, body, &mut done).await;
    if let Err(error) = outcome {
        return Err(error.with("accepted", done.accepted).with("refused_count", done.refused_count));
    }
    if let Some(sequence) = done.sequence.filter(|_| refresh) {
        done.searchable = refreshed(&state, sequence).await;
    }
    Ok(Json(done))
}

/// Reads, cleans and writes lines until the end.
async fn take_lines(state: &AppState, body: Body, done: &mut BulkWritten) -> Result<(), ApiError> {
    let mut stream = body.into_data_stream();
    let mut lines = Lines::default();
    let mut first = 1;
    loop {
        let next = tokio::time::timeout(STALL, stream.next()).await.map_err(|_| {
            ApiError::new(Code::BadBody, "nothing came for a minute; send the rest, or all of it, again")
        })?;
        let ended = next.is_none();
        if let Some(chunk) = next {
            let broken = |error| ApiError::new(Code::BadBody, format!("the body broke off: {error}"));
            lines.push(&chunk.map_err(broken)?);
        } else {
            lines.end();
        }
        while lines.count() >= LINES || lines.bytes >= BYTES || ended && lines.count() > 0 {
            let batch = lines.take(LINES);
            let count = batch.len() as u64;
            let cleaner = cleaner(state);
            let cleaned = tokio::task::spawn_blocking(move || clean(first, batch, &cleaner)).await;
            let (entries, refused) = cleaned.map_err(ApiError::internal)?;
            first += count;
            done.refused_count += refused.len() as u64;
            let room = LISTED.saturating_sub(done.refused.len());
            done.refused.extend(refused.into_iter().take(room));
            if !entries.is_empty() {
                let accepted = entries.len() as u64;
                done.sequence = Some(write(state, entries).await?);
                done.accepted += accepted;
            }
        }
        if ended {
            return Ok(());
        }
    }
}

/// The entries of a batch of lines, and the lines that are none. Blank lines are neither.
fn clean(first: u64, batch: Vec<Line>, cleaner: &Cleaner) -> (Vec<NewEntry>, Vec<RefusedLine>) {
    let (mut entries, mut refused) = (Vec::with_capacity(batch.len()), Vec::new());
    for (line, text) in (first..).zip(batch) {
        let read = match text {
            Line::Text(text) if text.iter().all(u8::is_ascii_whitespace) => continue,
            Line::Text(text) => entry(&text, None, cleaner),
            Line::TooLong => Err(Refusal {
                code: RefusalCode::TooLarge,
                detail: format!("the line is longer than {} MB", LARGEST_ARTICLE >> 20),
            }),
        };
        match read {
            Ok(entry) => entries.push(entry),
            Err(Refusal { code, detail }) => {
                refused.push(RefusedLine { line, code: code.as_str(), detail });
            }
        }
    }
    (entries, refused)
}

/// The journal's entry of an article in JSON, which is checked by cleaning it. It gets the id that the article has, derived
/// where it has none: the journal must know it.
fn entry(json: &[u8], id: Option<&ArticleId>, cleaner: &Cleaner) -> Result<NewEntry, Refusal> {
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

/// Bytes that become lines.
#[derive(Default)]
struct Lines {
    complete: std::collections::VecDeque<Line>,
    /// Bytes of the complete lines.
    bytes: usize,
    /// What came behind the last line break.
    rest: Vec<u8>,
    /// Whether that is longer than any line may be: it is not kept.
    too_long: bool,
}

enum Line {
    Text(Vec<u8>),
    TooLong,
}

impl Lines {
    fn push(&mut self, chunk: &[u8]) {
        let mut parts = chunk.split(|byte| *byte == b'\n').peekable();
        while let Some(part) = parts.next() {
            if self.rest.len() + part.len() > LARGEST_ARTICLE {
                self.too_long = true;
                self.rest.clear();
            } else if !self.too_long {
                self.rest.extend_from_slice(part);
            }
            if parts.peek().is_some() {
                self.break_line();
            }
        }
    }

    /// The last line needs no line break.
    fn end(&mut self) {
        if self.too_long || !self.rest.is_empty() {
            self.break_line();
        }
    }

    fn break_line(&mut self) {
        let rest = std::mem::take(&mut self.rest);
        self.bytes += rest.len();
        let line = if std::mem::take(&mut self.too_long) { Line::TooLong } else { Line::Text(rest) };
        self.complete.push_back(line);
    }

    fn count(&self) -> usize {
        self.complete.len()
    }

    fn take(&mut self, most: usize) -> Vec<Line> {
        let mut taken = Vec::new();
        let mut bytes = 0;
        while taken.len() < most
            && bytes < BYTES
            && let Some(line) = self.complete.pop_front()
        {
            if let Line::Text(text) = &line {
                bytes += text.len();
            }
            taken.push(line);
        }
        self.bytes = self.bytes.saturating_sub(bytes);
        taken
    }
}

fn cleaner(state: &AppState) -> Cleaner {
    Cleaner::new(Arc::clone(state.engine().language().outlets()))
}

fn article_id(id: &str) -> Result<ArticleId, ApiError> {
    ArticleId::new(id)
        .map_err(|error| ApiError::new(Code::BadArticle, error.to_string()).with("reason", "bad_id"))
}

fn bad_article(refusal: &Refusal) -> ApiError {
    ApiError::new(Code::BadArticle, refusal.detail.clone()).with("reason", refusal.code.as_str())
}

async fn write(state: &AppState, entries: Vec<NewEntry>) -> Result<u64, ApiError> {
    state.engine().write(entries).await.map_err(|error| match error {
        WriteError::Journal(detail) => {
            ApiError::new(Code::NotWritten, format!("{detail}; nothing of this request was written"))
                .retry_after(10)
        }
        WriteError::Stopped => ApiError::new(Code::NotReady, error.to_string()).retry_after(10),
    })
}

/// Whether searches see the write in time.
async fn refreshed(state: &AppState, sequence: u64) -> bool {
    tokio::time::timeout(REFRESH, state.engine().searchable(sequence)).await.is_ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn lines_do_not_depend_on_how_the_bytes_come(
            lines in prop::collection::vec("[a-z]{0,12}", 0..20),
            cuts in prop::collection::vec(1_usize..9, 1..40),
        ) {
            let text = lines.join("\n");
            let mut found = Lines::default();
            let mut rest = text.as_bytes();
            for cut in cuts.iter().cycle() {
                if rest.is_empty() {
                    break;
                }
                let (now, later) = rest.split_at((*cut).min(rest.len()));
                found.push(now);
                rest = later;
            }
            found.end();
            let mut read = Vec::new();
            while found.count() > 0 {
                read.extend(found.take(3));
            }
            let read: Vec<String> = read
                .into_iter()
                .map(|line| match line { Line::Text(text) => String::from_utf8(text).unwrap(), Line::TooLong => panic!() })
                .collect();
            let expected: Vec<&str> = if text.is_empty() { Vec::new() } else { text.strip_suffix('\n').unwrap_or(&text).split('\n').collect() };
            prop_assert_eq!(read, expected);
        }
    }

    #[test]
    fn a_line_without_end_is_refused_and_not_kept() {
        let mut lines = Lines::default();
        let megabyte = vec![b'x'; 1 << 20];
        for _ in 0..40 {
            lines.push(&megabyte);
            assert!(lines.rest.len() <= LARGEST_ARTICLE);
        }
        lines.push(b"\n{}\n");
        let taken = lines.take(9);
        assert!(matches!(taken.as_slice(), [Line::TooLong, Line::Text(text)] if text == b"{}"));
    }
}
