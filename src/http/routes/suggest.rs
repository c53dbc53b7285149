//! `GET /api/suggest`, and the same in the form that browsers want for their search bar.

use axum::Json;
use axum::extract::State;
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use axum::response::{IntoResponse, Response};

use crate::http::error::{ApiError, Problem};
use crate::http::params::{Params, check_query};
use crate::http::state::AppState;
use crate::search;
use crate::search::types::{LARGEST_SUGGEST, SuggestResponse};

/// Completions where no number is asked for.
const DEFAULT: usize = 8;
/// The media type of the OpenSearch Suggestions extension 1.0.
pub(in crate::http) const SUGGESTIONS: &str = "application/x-suggestions+json";

/// Complete a query
///
/// Words, phrases and names of the index that go on with what is typed, the most and lately frequent ones first: also from
/// initial consonants (`ㅇㅍㅇㅇ`), half-typed syllables (`우클`), letters as they are said (`오픈에이`), hanja as read, and with
/// the keyboard left in the other language (`dhvms`, `ㅐㅔ두`). What stands before the last word stays. Behind `기자:`
/// reporters. Each completion finds at least one article and exactly `count`. `correction` is the whole query as it was
/// probably meant, where nothing completes it and it finds nothing or nearly nothing.
#[utoipa::path(
    get, path = "/api/suggest", tag = "search", operation_id = "suggest",
    params(
        ("q" = Option<String>, Query, description = "What is typed so far, at most 512 characters"),
        ("size" = Option<usize>, Query, description = "Completions at most, 1 to 20, 8 by default"),
    ),
    responses(
        (status = 200, description = "Completions and a correction", body = SuggestResponse),
        (status = 400, description = "A parameter is unknown or wrong", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Too many searches, or no index yet", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn suggest(
    State(state): State<AppState>,
    params: Params,
) -> Result<Json<SuggestResponse>, ApiError> {
    let params = params.only(&[&["q", "size"]])?;
    let size = params.number("size", DEFAULT, 1, LARGEST_SUGGEST)?;
    Ok(Json(suggested(&state, &params, size).await?))
}

/// Complete a query for a browser's search bar
///
/// The completions as the OpenSearch Suggestions extension has them: `["typed", ["completion", …]]`. Where nothing
/// completes it, the correction. `/opensearch.xml` names this address.
#[utoipa::path(
    get, path = "/api/suggest/opensearch", tag = "search", operation_id = "suggest_opensearch",
    params(("q" = Option<String>, Query, description = "What is typed so far, at most 512 characters")),
    responses(
        (status = 200, description = "The text as typed, and its completions", body = Vec<serde_json::Value>, content_type = "application/x-suggestions+json"),
        (status = 400, description = "A parameter is unknown or wrong", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Too many searches, or no index yet", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn opensearch(
    State(state): State<AppState>,
    params: Params,
) -> Result<Response, ApiError> {
    let params = params.only(&[&["q"]])?;
    let found = suggested(&state, &params, DEFAULT).await?;
    let mut texts: Vec<String> = found.completions.into_iter().map(|completion| completion.text).collect();
    if texts.is_empty() {
        texts.extend(found.correction);
    }
    let typed = params.one("q")?.unwrap_or_default();
    let answer = serde_json::to_vec(&(typed, texts)).map_err(ApiError::internal)?;
    Ok(([(CONTENT_TYPE, HeaderValue::from_static(SUGGESTIONS))], answer).into_response())
}

async fn suggested(state: &AppState, params: &Params, size: usize) -> Result<SuggestResponse, ApiError> {
    let typed = params.one("q")?.unwrap_or_default().to_owned();
    check_query(&typed)?;
    let began = std::time::Instant::now();
    let found = state.suggest(move |context| search::suggest(context, &typed, size)).await?;
    metrics::histogram!("suggest_seconds").record(began.elapsed().as_secs_f64());
    Ok(found)
}
