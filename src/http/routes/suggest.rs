//! `GET /api/suggest`, and the same in the form that browsers want for their search bar.

use axum::Json;
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse, Response};

use crate::http::access::reader::Reader;
use crate::http::answer::{ApiError, Problem};
use crate::http::request::search::check_query;
use crate::http::request::{Accepts, Form, Group, Number, Params, Text};
use crate::query::language::Limits;
use crate::search;
use crate::search::types::{LARGEST_SUGGEST, SuggestResponse};

const TYPED: Text = Text {
    name: "q",
    meaning: "The text typed so far.",
    longest: Some(Limits::TYPED.characters),
    required: false,
    form: Form::Free,
};
const SIZE: Number = Number::up_to("size", "The most completions.", LARGEST_SUGGEST, 8);

/// The parameters of suggestions.
pub(in crate::http) struct SuggestParameters;

impl Accepts for SuggestParameters {
    const GROUPS: &'static [Group] = &[Group::of(&[&TYPED, &SIZE])];
}

/// The parameters of suggestions for a browser, which has no use for a number.
pub(in crate::http) struct BrowserParameters;

impl Accepts for BrowserParameters {
    const GROUPS: &'static [Group] = &[Group::of(&[&TYPED])];
}

/// The media type of the OpenSearch Suggestions extension 1.0.
pub(in crate::http) const SUGGESTIONS: &str = "application/x-suggestions+json";

/// Complete a query
///
/// Words, phrases and names from the index that continue the text typed so far, the most frequent and recent ones first:
/// also from initial consonants (`ㅇㅍㅇㅇ`), half-typed syllables (`우클`), letters as they are pronounced (`오픈에이`), hanja by
/// their reading, and with the keyboard left in the other language (`dhvms`, `ㅐㅔ두`). The words before the last one are kept.
/// After `기자:`, reporters are suggested. Each completion finds at least one article, and exactly `count`. `correction` is the
/// whole query as it was probably meant, if nothing completes it and it finds nothing or almost nothing.
#[utoipa::path(
    get, path = "/api/suggest", tag = "search", operation_id = "suggest",
    params(Params<SuggestParameters>),
    responses(
        (status = 200, description = "Completions and a correction", body = SuggestResponse),
        (status = 400, description = "A parameter is unknown or has a wrong value", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Too many searches, or no index yet", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn suggest(
    reader: Reader,
    params: Params<SuggestParameters>,
) -> Result<Json<SuggestResponse>, ApiError> {
    let (typed, size) = (params.text(&TYPED)?.unwrap_or_default(), params.number(&SIZE)?);
    Ok(Json(suggested(&reader, typed, size).await?))
}

/// Complete a query for a browser's search bar
///
/// The completions in the format of the OpenSearch Suggestions extension: `["typed", ["completion", …]]`; if there are none,
/// the correction. `/opensearch.xml` names this address.
#[utoipa::path(
    get, path = "/api/suggest/opensearch", tag = "search", operation_id = "suggest_opensearch",
    params(Params<BrowserParameters>),
    responses(
        (status = 200, description = "The text as typed, and its completions", body = Vec<serde_json::Value>, content_type = "application/x-suggestions+json"),
        (status = 400, description = "A parameter is unknown or has a wrong value", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Too many searches, or no index yet", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn opensearch(
    reader: Reader,
    params: Params<BrowserParameters>,
) -> Result<Response, ApiError> {
    let typed = params.text(&TYPED)?.unwrap_or_default();
    let found = suggested(&reader, typed, SIZE.default).await?;
    let mut texts: Vec<String> = found.completions.into_iter().map(|completion| completion.text).collect();
    if texts.is_empty() {
        texts.extend(found.correction);
    }
    let answer = serde_json::to_vec(&(typed, texts)).map_err(ApiError::internal)?;
    Ok(([(CONTENT_TYPE, HeaderValue::from_static(SUGGESTIONS))], answer).into_response())
}

async fn suggested(reader: &Reader, typed: &str, size: usize) -> Result<SuggestResponse, ApiError> {
    check_query(typed)?;
    let typed = typed.to_owned();
    let began = std::time::Instant::now();
    let found = reader.suggest(move |context| search::suggest(context, &typed, size)).await?;
    metrics::histogram!("suggest_seconds").record(began.elapsed().as_secs_f64());
    Ok(found)
}
