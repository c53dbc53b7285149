//! `GET /api/admin/queries`: what readers look for, and what would mend the searches that found nothing.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::asked::{Asked, Report, Taken, TakenKind};
use crate::http::answer::{ApiError, Problem};
use crate::http::request::days::{FIRST_DAY, LAST_DAY};
use crate::http::request::{Accepts, Choice, Given, Group, Number, Params};
use crate::http::routes::listing::export::{cell, csv_table};
use crate::http::state::AppState;

/// Entries of a list at most.
const LARGEST_LIST: usize = 1_000;
const SIZE: Number = Number::up_to("size", "The most entries of each list.", LARGEST_LIST, 100);
const LIST: Choice<List> = Choice {
    name: "list",
    meaning: "Which list.",
    choices: &[("queries", List::Queries), ("in_vain", List::InVain), ("taken", List::Taken)],
    default: Some("queries"),
};

#[derive(Clone, Copy)]
enum List {
    Queries,
    InVain,
    Taken,
}

/// The parameters of the lists.
pub(in crate::http) struct QueriesParameters;

impl Accepts for QueriesParameters {
    const GROUPS: &'static [Group] = &[Group::of(&[&FIRST_DAY, &LAST_DAY, &SIZE])];
}

/// The parameters of one list as a table.
pub(in crate::http) struct TableParameters;

impl Accepts for TableParameters {
    const GROUPS: &'static [Group] = &[Group::of(&[&LIST, &FIRST_DAY, &LAST_DAY, &SIZE])];
}

/// What readers looked for.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct Queries {
    /// Whether it is kept (`search.keep_queries`); the lists are empty where it is not.
    kept: bool,
    /// The first day.
    from: String,
    /// The last day.
    to: String,
    /// Queries asked, each as often as it was.
    asked: u64,
    /// How many of them no article held.
    asked_in_vain: u64,
    /// How many were asked on days that were full, with 20,000 different queries: they are in no list.
    above: u64,
    /// How many could not be kept, because of the disk, since the server was started; and damaged lines.
    lost: u64,
    /// What was asked, most often first.
    queries: Vec<AskedQuery>,
    /// What was asked in vain, most often first.
    in_vain: Vec<AskedInVain>,
    /// Corrections and completions that were taken, most often first.
    taken: Vec<TakenOffer>,
}

/// A query that was asked.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct AskedQuery {
    query: String,
    times: u64,
    /// How often no article held all of it.
    in_vain: u64,
    /// How many articles it found the last time.
    total: u64,
    /// The address of the page that shows how it is read, relative to this server.
    analyze: String,
}

/// A query that was asked in vain.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct AskedInVain {
    query: String,
    /// How often it was asked in vain.
    times: u64,
    /// What was offered instead.
    suggestion: Option<String>,
    /// Its words that no article held.
    words: Vec<MissingWord>,
    /// The address of the page that shows how it is read, relative to this server.
    analyze: String,
}

/// A word that no article held.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct MissingWord {
    word: String,
    /// The line of `synonyms.txt` that would let it be found; `…` stands for the word that articles have.
    synonym_line: String,
    /// The address of the page that shows how it is read, relative to this server.
    analyze: String,
}

/// A correction or completion that was taken.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct TakenOffer {
    /// `correction` or `completion`.
    kind: &'static str,
    typed: String,
    chosen: String,
    times: u64,
}

/// List what readers look for
///
/// How often each query was asked between two days, which ones no article held and what would mend that, and which corrections and
/// completions were taken. Kept where `search.keep_queries` is on, without addresses or names. Counted are the searches of scripts, and
/// those of pages that were meant (`POST /api/asked`). What was asked once is dropped after 30 days, everything after 366.
#[utoipa::path(
    get, path = "/api/admin/queries", tag = "administration", operation_id = "queries",
    security(("token" = [])), params(Params<QueriesParameters>),
    responses(
        (status = 200, description = "The lists", body = Queries),
        (status = 401, description = "The token is missing or wrong", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn queries(
    State(state): State<AppState>,
    params: Params<QueriesParameters>,
) -> Result<Response, ApiError> {
    let (first, last) = params.days()?;
    let size = params.number(&SIZE)?;
    let (kept, report) = report(&state, &params).await?;
    let answer = Queries {
        kept,
        from: first.to_string(),
        to: last.to_string(),
        asked: report.asked,
        asked_in_vain: report.in_vain,
        above: report.above,
        lost: report.lost,
        queries: report.queries.iter().take(size).map(AskedQuery::of).collect(),
        in_vain: in_vain(&report).take(size).map(AskedInVain::of).collect(),
        taken: report.taken.iter().take(size).map(TakenOffer::of).collect(),
    };
    Ok(([(CACHE_CONTROL, HeaderValue::from_static("no-store"))], Json(answer)).into_response())
}

/// Export what readers look for as CSV
///
/// One of the lists of `/api/admin/queries` as CSV: UTF-8 with byte order mark, CRLF, a head.
#[utoipa::path(
    get, path = "/api/admin/queries.csv", tag = "administration", operation_id = "export_queries",
    security(("token" = [])), params(Params<TableParameters>),
    responses(
        (status = 200, description = "The rows", body = String, content_type = "text/csv; charset=utf-8"),
        (status = 401, description = "The token is missing or wrong", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn csv(
    State(state): State<AppState>,
    params: Params<TableParameters>,
) -> Result<Response, ApiError> {
    let list = params.choice(&LIST)?.unwrap_or(List::Queries);
    let size = params.number(&SIZE)?;
    let (_, report) = report(&state, &params).await?;
    let table = csv_table("gisa-queries", |writer| table(&report, list, size, writer))?;
    Ok(([(CACHE_CONTROL, HeaderValue::from_static("no-store"))], table).into_response())
}

/// What was asked on the days that a request names, and whether it is kept at all.
async fn report(state: &AppState, params: &Given) -> Result<(bool, Report), ApiError> {
    let (first, last) = params.days()?;
    let state = state.clone();
    let read = move || match state.queries() {
        Some(queries) => queries.report(first, last).map(|report| (true, report)),
        None => Ok((false, Report::default())),
    };
    tokio::task::spawn_blocking(read).await.map_err(ApiError::internal)?.map_err(ApiError::internal)
}

/// Queries that were asked in vain, most often first.
fn in_vain(report: &Report) -> impl Iterator<Item = &Asked> {
    let mut found: Vec<&Asked> = report.queries.iter().filter(|asked| asked.in_vain > 0).collect();
    found.sort_by_key(|asked| std::cmp::Reverse(asked.in_vain));
    found.into_iter()
}

impl AskedQuery {
    fn of(asked: &Asked) -> Self {
        let Asked { query, times, in_vain, total, .. } = asked.clone();
        Self { analyze: analyze(&query), query, times, in_vain, total }
    }
}

impl AskedInVain {
    fn of(asked: &Asked) -> Self {
        let words = asked.missing.iter().map(|word| MissingWord {
            word: word.clone(),
            synonym_line: synonym_line(asked, word),
            analyze: analyze(word),
        });
        Self {
            words: words.collect(),
            analyze: analyze(&asked.query),
            query: asked.query.clone(),
            times: asked.in_vain,
            suggestion: asked.suggestion.clone(),
        }
    }
}

impl TakenOffer {
    fn of(taken: &Taken) -> Self {
        let Taken { kind, typed, chosen, times } = taken.clone();
        Self { kind: kind_name(kind), typed, chosen, times }
    }
}

fn kind_name(kind: TakenKind) -> &'static str {
    match kind {
        TakenKind::Correction => "correction",
        TakenKind::Completion => "completion",
    }
}

fn analyze(text: &str) -> String {
    let text: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
    format!("analyze?text={text}")
}

/// `윤석렬, 윤석열` where the suggestion has another word in the same place; `보정심, …` where an editor has to know it.
fn synonym_line(asked: &Asked, word: &str) -> String {
    let instead = asked.suggestion.as_deref().and_then(|suggestion| {
        let (typed, offered): (Vec<&str>, Vec<&str>) =
            (asked.query.split_whitespace().collect(), suggestion.split_whitespace().collect());
        let place = typed.iter().position(|typed| *typed == word)?;
        let same_places = typed.len() == offered.len();
        offered.get(place).copied().filter(|offered| same_places && *offered != word)
    });
    format!("{word}, {}", instead.unwrap_or("…"))
}

/// The first `size` entries of a list as a table.
fn table(
    report: &Report,
    list: List,
    size: usize,
    writer: &mut csv::Writer<&mut Vec<u8>>,
) -> csv::Result<()> {
    match list {
        List::Queries => {
            writer.write_record(["query", "times", "in_vain", "total"])?;
            for asked in report.queries.iter().take(size) {
                let numbers = [asked.times, asked.in_vain, asked.total].map(|number| number.to_string());
                writer.write_record([cell(&asked.query).into_owned()].into_iter().chain(numbers))?;
            }
        }
        List::InVain => {
            writer.write_record(["query", "times", "suggestion", "synonym_lines"])?;
            for asked in in_vain(report).take(size) {
                let lines: Vec<String> = asked.missing.iter().map(|word| synonym_line(asked, word)).collect();
                let suggestion = asked.suggestion.as_deref().unwrap_or_default();
                let times = asked.in_vain.to_string();
                writer.write_record([
                    &*cell(&asked.query),
                    &times,
                    &cell(suggestion),
                    &cell(&lines.join("\n")),
                ])?;
            }
        }
        List::Taken => {
            writer.write_record(["kind", "typed", "chosen", "times"])?;
            for taken in report.taken.iter().take(size) {
                let times = taken.times.to_string();
                writer.write_record([
                    kind_name(taken.kind),
                    &cell(&taken.typed),
                    &cell(&taken.chosen),
                    &times,
                ])?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_line_names_the_word_of_the_suggestion_where_there_is_one_in_its_place() {
        let line = |query: &str, suggestion: Option<&str>, word: &str| {
            let asked = Asked::once(query, 0).unwrap();
            synonym_line(&asked.in_vain(vec![word.to_owned()], suggestion.map(str::to_owned)), word)
        };
        assert_eq!(line("윤석렬 대통령", Some("윤석열 대통령"), "윤석렬"), "윤석렬, 윤석열");
        assert_eq!(line("보정심 회의", None, "보정심"), "보정심, …");
        assert_eq!(line("보정심 회의", Some("보정심회의"), "보정심"), "보정심, …");
        assert_eq!(line("제목:보정심", Some("제목:보정식"), "보정심"), "보정심, …");
    }
}
