//! Writing many articles: `POST /api/articles`, NDJSON of any length in bounded memory.

use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use futures::StreamExt;
use serde::Serialize;
use utoipa::ToSchema;

use super::fields::ReadFields;
use super::room::place;
use super::write::{LARGEST_ARTICLE, REFRESH, WriteParameters, cleaner, entry, refreshed, write};
use crate::http::answer::{ApiError, Code, Problem};
use crate::http::request::{Line, Lines, Params};
use crate::http::state::AppState;
use crate::ingest::{Cleaner, FileTally, Format, PushedLine, PushedLines, Refusal, RefusalCode, SkipRule};
use crate::journal::NewEntry;

/// Lines that are written together, at most.
const LINES: usize = 256;
/// Bytes of lines that are written together; one more line may follow them.
const BYTES: usize = 4 << 20;
/// Refused lines that an answer lists; the rest are only counted.
const LISTED: usize = 10_000;
/// Ids of which it is known whether they came twice.
const COMPARED: usize = 1_000_000;
/// A client that sends nothing for this long is given up.
const STALL: Duration = Duration::from_secs(60);

/// The outcome of writing many articles.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct BulkWritten {
    /// Articles that are durable.
    accepted: u64,
    /// Lines that are not a valid article (the first 10,000), each with the reason.
    refused: Vec<RefusedLine>,
    /// How many lines were refused.
    refused_count: u64,
    /// The number of the last write in the journal.
    sequence: Option<u64>,
    /// Whether searches see them already; otherwise they will within a second.
    searchable: bool,
    /// Which key fed which field of the accepted articles, what is missing or was not used, and what was passed over.
    read: ReadFields,
}

/// A line that is not a valid article.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct RefusedLine {
    /// Counted from 1.
    line: u64,
    /// For programs: `bad_json`, `bad_field`, …
    code: &'static str,
    /// For people.
    detail: String,
}

/// Write many articles
///
/// NDJSON, one article a line, of any length: it is read, cleaned and written as it arrives. The answer comes once all of it is
/// durable on disk. Lines that are not a valid article are listed with the reason; the others are written. An action line of
/// Elasticsearch gives the next line its `_id`; drafts and deletions are passed over and counted, as in a file. If the connection
/// breaks, some of the lines may have been written; it is safe to send all of them again.
#[utoipa::path(
    post, path = "/api/articles", tag = "articles", operation_id = "post_articles", security(("token" = [])),
    params(Params<WriteParameters>),
    request_body(content = String, content_type = "application/x-ndjson", description = "One article a line"),
    responses(
        (status = 200, description = "The accepted articles are durable", body = BulkWritten),
        (status = 400, description = "The body broke off", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "The token is missing or wrong", body = Problem, content_type = "application/problem+json"),
        (status = 408, description = "The rest of the body did not arrive; `accepted` says how many articles before it are durable", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "It is not application/x-ndjson", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The write could not be stored; `accepted` says how many articles before it are durable", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn bulk(
    State(state): State<AppState>,
    params: Params<WriteParameters>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<BulkWritten>, ApiError> {
    let refresh = params.flag(&REFRESH)?;
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !["application/x-ndjson", "application/jsonl", "application/ndjson"].contains(&kind) {
        let detail =
            format!("send `Content-Type: application/x-ndjson`, one article a line, instead of {kind:?}");
        return Err(ApiError::new(Code::UnsupportedMediaType, detail));
    }
    let mut done = BulkWritten {
        accepted: 0,
        refused: Vec::new(),
        refused_count: 0,
        sequence: None,
        searchable: false,
        read: ReadFields::default(),
    };
    let mut tally = FileTally::default();
    let outcome = take_lines(&state, body, &mut done, &mut tally).await;
    done.read = ReadFields::of_lines(tally);
    if let Err(error) = outcome {
        return Err(error.with("accepted", done.accepted).with("refused_count", done.refused_count));
    }
    if let Some(sequence) = done.sequence.filter(|_| refresh) {
        done.searchable = refreshed(&state, sequence).await;
    }
    Ok(Json(done))
}

/// Reads, cleans and writes lines until the end.
async fn take_lines(
    state: &AppState,
    body: Body,
    done: &mut BulkWritten,
    tally: &mut FileTally,
) -> Result<(), ApiError> {
    let mut stream = body.into_data_stream();
    let mut lines = Lines::up_to(LARGEST_ARTICLE);
    let mut first = 1;
    let mut kinds = PushedLines::default();
    let mut seen = HashSet::new();
    tally.read_as(Format::Jsonl, &BTreeMap::new());
    loop {
        let next = tokio::time::timeout(STALL, stream.next()).await.map_err(|_| {
            ApiError::new(
                Code::RequestTimeout,
                "nothing arrived for a minute; send the rest, or all of it, again",
            )
        })?;
        let ended = next.is_none();
        if let Some(chunk) = next {
            let broken = |error| ApiError::new(Code::BadBody, format!("the body broke off: {error}"));
            lines.push(&chunk.map_err(broken)?);
        } else {
            lines.end();
        }
        while lines.count() >= LINES || lines.bytes() >= BYTES || ended && lines.count() > 0 {
            let before = lines.bytes();
            let batch = lines.take(LINES, BYTES);
            // The rest of the body waits for its turn with its sender.
            let place = place(before.saturating_sub(lines.bytes())).await?;
            let count = batch.len() as u64;
            let cleaner = cleaner(state);
            let cleaned = tokio::task::spawn_blocking(move || clean(first, batch, kinds, &cleaner)).await;
            let Cleaned { entries, refused, tally: of_batch, kinds: after } =
                cleaned.map_err(ApiError::internal)?;
            kinds = after;
            first += count;
            done.refused_count += refused.len() as u64;
            let room = LISTED.saturating_sub(done.refused.len());
            done.refused.extend(refused.into_iter().take(room));
            if !entries.is_empty() {
                let accepted = entries.len() as u64;
                let ids: Vec<u64> = entries.iter().map(|entry| number_of(entry.id.as_str())).collect();
                done.sequence = Some(write(state, entries).await?);
                done.accepted += accepted;
                let again = |id: &u64| {
                    if seen.len() < COMPARED { !seen.insert(*id) } else { seen.contains(id) }
                };
                tally.replace(ids.into_iter().filter(again).count() as u64);
            }
            tally.add(of_batch);
            drop(place);
        }
        if ended {
            return Ok(());
        }
    }
}

/// A number for an id: a set of them takes little memory, whatever clients send.
fn number_of(id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}

/// What became of a batch of lines. Blank lines are neither.
struct Cleaned {
    entries: Vec<NewEntry>,
    refused: Vec<RefusedLine>,
    tally: FileTally,
    kinds: PushedLines,
}

fn clean(first: u64, batch: Vec<Line>, mut kinds: PushedLines, cleaner: &Cleaner) -> Cleaned {
    let (mut entries, mut refused) = (Vec::with_capacity(batch.len()), Vec::new());
    let mut tally = FileTally::default();
    let mut skipped: BTreeMap<SkipRule, u64> = BTreeMap::new();
    for (line, text) in (first..).zip(batch) {
        let read = match text {
            Line::Text(text) if text.iter().all(u8::is_ascii_whitespace) => continue,
            Line::Text(text) => match kinds.next(text) {
                PushedLine::Article(text, id) => entry(&text, None, id, cleaner),
                PushedLine::Skipped(rule) => {
                    *skipped.entry(rule).or_default() += 1;
                    continue;
                }
                PushedLine::Action => continue,
            },
            Line::TooLong => {
                kinds.pass();
                Err(Refusal {
                    code: RefusalCode::TooLarge,
                    detail: format!("the line is longer than {} MB", LARGEST_ARTICLE >> 20),
                })
            }
        };
        match read {
            Ok((entry, reading)) => {
                tally.count(&reading);
                entries.push(entry);
            }
            Err(Refusal { code, detail }) => {
                refused.push(RefusedLine { line, code: code.as_str(), detail });
            }
        }
    }
    tally.read_as(Format::Jsonl, &skipped);
    Cleaned { entries, refused, tally, kinds }
}
