//! `GET /api/trends` and `GET /export/trends.csv`: searches over time.

use axum::Json;
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};

use super::listing::export::{cell, csv_table};
use crate::http::access::reader::Reader;
use crate::http::answer::{ApiError, Fault, Problem};
use crate::http::request::search::{COMPLETENESS, CONDITIONS, KnownNames, check_query};
use crate::http::request::{Accepts, Choice, Given, Group, Params, Texts};
use crate::query::language::Limits;
use crate::search;
use crate::search::{MOST_TRENDS, SearchContext, Span, TrendsResponse};

const QUERIES: Texts = Texts {
    name: "q",
    meaning: "A query, as in search; repeat for up to five, which are compared.",
    most: MOST_TRENDS,
    longest: Limits::TYPED.characters,
    required: true,
};
/// The same while it is read: one that is too long has an error of its own.
const ANY_LENGTH: Texts = Texts { longest: usize::MAX, ..QUERIES };
const BY: Choice<Span> = Choice {
    name: "by",
    meaning: "What is counted together, in Korean time: days, weeks from Monday (ISO 8601), months or years. By default days up to \
              three months, months up to twenty years, years beyond.",
    choices: &[("day", Span::Day), ("week", Span::Week), ("month", Span::Month), ("year", Span::Year)],
    default: None,
};

/// The parameters of trends.
pub(in crate::http) struct TrendsParameters;

impl Accepts for TrendsParameters {
    const GROUPS: &'static [Group] = &[Group::of(&[&QUERIES, &BY]), CONDITIONS, COMPLETENESS];
}

/// The parameters of trends as a table, which cannot say that it lacks articles.
pub(in crate::http) struct TableParameters;

impl Accepts for TableParameters {
    const GROUPS: &'static [Group] = &[Group::of(&[&QUERIES, &BY]), CONDITIONS];
}

/// Compare searches over time
///
/// How many articles each of one to five searches has in each day, week, month or year, with the same filters. Articles are counted,
/// near-identical ones too. `all` has the articles of each bucket that pass the filters whatever the queries, so that shares can be
/// computed. Articles without a date are in no bucket; `undated` counts them. More than 4,000 buckets are refused.
#[utoipa::path(
    get, path = "/api/trends", tag = "search", operation_id = "trends",
    params(Params<TrendsParameters>),
    responses(
        (status = 200, description = "Exact counts", body = TrendsResponse),
        (status = 400, description = "A parameter is missing, unknown or has a wrong value", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No article has the id `similar_to`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn trends(
    reader: Reader,
    params: Params<TrendsParameters>,
) -> Result<Json<TrendsResponse>, ApiError> {
    Ok(Json(counted(&reader, &params, params.strict()?).await?))
}

/// Export a comparison as CSV
///
/// What `/api/trends` answers as CSV: UTF-8 with byte order mark, CRLF; a row for each bucket with the columns `bucket`, `all`, and one for
/// each query. The header `x-undated` has, for each query, the number of articles without a date, which are in no row.
#[utoipa::path(
    get, path = "/export/trends.csv", tag = "search", operation_id = "export_trends",
    params(Params<TableParameters>),
    responses(
        (status = 200, description = "The rows", body = String, content_type = "text/csv; charset=utf-8"),
        (status = 400, description = "A parameter is missing, unknown or has a wrong value", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No article has the id `similar_to`", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn csv(
    reader: Reader,
    params: Params<TableParameters>,
) -> Result<Response, ApiError> {
    let answer = counted(&reader, &params, true).await?;
    let undated: Vec<String> = answer.series.iter().map(|series| series.undated.to_string()).collect();
    let undated = HeaderValue::from_str(&undated.join(", ")).map_err(ApiError::internal)?;
    let table = csv_table("gisa-trends", |writer| table(&answer, writer))?;
    Ok(([(HeaderName::from_static("x-undated"), undated)], table).into_response())
}

/// The searches that the parameters name, counted; `strict`: in all articles or not at all.
pub(in crate::http::routes) async fn counted(
    reader: &Reader,
    params: &Given,
    strict: bool,
) -> Result<TrendsResponse, ApiError> {
    let queries = params.texts(&ANY_LENGTH)?;
    if queries.is_empty() {
        return Err(ApiError::faulty_parameter(QUERIES.name, Fault::Missing, "is missing; give one to five"));
    }
    queries.iter().try_for_each(|query| check_query(query))?;
    let by = params.choice(&BY)?;
    let serving = reader.serving()?;
    let request = params.conditions(KnownNames::of(&serving.language))?;
    let work = move |context: &SearchContext<'_>| search::trends(context, &queries, &request, by);
    reader.search_or_partly(serving, strict, work).await
}

/// The counts as a table.
fn table(answer: &TrendsResponse, writer: &mut csv::Writer<&mut Vec<u8>>) -> csv::Result<()> {
    let heads = answer.series.iter().map(|series| cell(&series.query).into_owned());
    writer.write_record(["bucket".to_owned(), "all".to_owned()].into_iter().chain(heads))?;
    for (number, (bucket, all)) in answer.buckets.iter().zip(&answer.all).enumerate() {
        let counts =
            answer.series.iter().map(|series| series.counts.get(number).copied().unwrap_or_default());
        let counts = counts.map(|count| count.to_string());
        writer.write_record([bucket.clone(), all.to_string()].into_iter().chain(counts))?;
    }
    Ok(())
}
