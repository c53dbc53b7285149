//! `GET` and `POST /api/analyze`: what the engine sees in a text. Editors ask it why something is found, or not.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::http::error::{ApiError, Problem};
use crate::http::extract::ApiJson;
use crate::http::params::Params;
use crate::http::state::AppState;
use crate::search::{self, AnalyzeResponse};

/// The longest text, in characters.
const LONGEST_TEXT: usize = 10_000;

/// Which analysis is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Lexicon {
    /// That of the index in service: why a search finds something, or not.
    #[default]
    Serving,
    /// That of the lexicon as it was loaded last: what the next reindex would make of the text.
    Loaded,
}

/// Analyse text
///
/// Tokens with text, part of speech, place, lane, and why they are tokens. An address holds 64 KB, about 7,000
/// percent-encoded syllables; a longer text goes with POST.
#[utoipa::path(
    get, path = "/api/analyze", tag = "search", operation_id = "analyze",
    params(
        ("text" = String, Query, description = "Plain text, at most 10,000 characters"),
        ("lexicon" = inline(Option<Lexicon>), Query, description = "`serving` (default): as the index in service was cut; `loaded`: as the next reindex would cut it"),
    ),
    responses(
        (status = 200, description = "The tokens of both lanes", body = AnalyzeResponse),
        (status = 400, description = "A parameter is unknown or wrong", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn analyze(
    State(state): State<AppState>,
    params: Params,
) -> Result<Json<AnalyzeResponse>, ApiError> {
    let params = params.only(&[&["text", "lexicon"]])?;
    let choices = [("serving", Lexicon::Serving), ("loaded", Lexicon::Loaded)];
    let lexicon = params.choice("lexicon", &choices)?.unwrap_or_default();
    answer(&state, params.required("text")?.to_owned(), lexicon).await
}

/// Text to analyse.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct AnalyzeRequest {
    /// Plain text, at most 10,000 characters.
    text: String,
    /// `serving` (default): as the index in service was cut; `loaded`: as the next reindex would cut it.
    #[serde(default)]
    #[schema(inline)]
    lexicon: Lexicon,
}

/// Analyse a longer text
///
/// The same for a text in the body.
#[utoipa::path(
    post, path = "/api/analyze", tag = "search", operation_id = "analyze_body", request_body = AnalyzeRequest,
    responses(
        (status = 200, description = "The tokens of both lanes", body = AnalyzeResponse),
        (status = 400, description = "The body is not right", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn analyze_body(
    State(state): State<AppState>,
    params: Params,
    ApiJson(request): ApiJson<AnalyzeRequest>,
) -> Result<Json<AnalyzeResponse>, ApiError> {
    params.only(&[])?;
    answer(&state, request.text, request.lexicon).await
}

async fn answer(state: &AppState, text: String, lexicon: Lexicon) -> Result<Json<AnalyzeResponse>, ApiError> {
    let characters = text.chars().count();
    if characters > LONGEST_TEXT {
        let reason = format!("has {characters} characters; at most {LONGEST_TEXT} are analysed at once");
        return Err(ApiError::bad_parameter("text", reason));
    }
    // Needs no index: it answers while the first one is built.
    let serving = state.service().serving().filter(|_| lexicon == Lexicon::Serving);
    let language = serving.map_or_else(|| state.service().language(), |serving| serving.language.clone());
    Ok(Json(state.work(move || search::analyze(&language, &text)).await?))
}
