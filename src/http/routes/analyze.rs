//! `GET` and `POST /api/analyze`: the tokens of a text. Editors ask it why something is found, or not.

use axum::Json;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::http::access::reader::Reader;
use crate::http::answer::{ApiError, Fault, Problem};
use crate::http::request::{Accepts, ApiJson, Choice, Form, Group, NoParameters, Params, Text};
use crate::learned::LearnedNames;
use crate::search::{self, AnalyzeResponse};

/// The longest text, in characters.
const LONGEST_TEXT: usize = 10_000;

/// Which analysis is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Lexicon {
    /// The analysis of the index in service: why a search finds something, or not.
    #[default]
    Serving,
    /// The analysis with the lexicon as it was last loaded: what the next reindex would make of the text.
    Loaded,
}

/// The largest body: JSON may write a character's 4 bytes as 12 (a pair of `\uXXXX`).
pub(in crate::http) const LARGEST_BODY: usize = 12 * LONGEST_TEXT + 1024;

const TEXT: Text = Text {
    name: "text",
    meaning: "Plain text.",
    longest: Some(LONGEST_TEXT),
    required: true,
    form: Form::Free,
};
const LEXICON: Choice<Lexicon> = Choice {
    name: "lexicon",
    meaning: "`serving`: the analysis of the index in service; `loaded`: the analysis of the next reindex.",
    choices: &[("serving", Lexicon::Serving), ("loaded", Lexicon::Loaded)],
    default: Some("serving"),
};

/// The parameters of an analysis.
pub(in crate::http) struct AnalyzeParameters;

impl Accepts for AnalyzeParameters {
    const GROUPS: &'static [Group] = &[Group::of(&[&TEXT, &LEXICON])];
}

/// Analyse text
///
/// Tokens with text, part of speech, place, lane, and why they are tokens. An address holds 64 KB, about 7,000
/// percent-encoded syllables; send a longer text with POST.
#[utoipa::path(
    get, path = "/api/analyze", tag = "search", operation_id = "analyze",
    params(Params<AnalyzeParameters>),
    responses(
        (status = 200, description = "The tokens of both lanes", body = AnalyzeResponse),
        (status = 400, description = "A parameter is unknown or has a wrong value", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn analyze(
    reader: Reader,
    params: Params<AnalyzeParameters>,
) -> Result<Json<AnalyzeResponse>, ApiError> {
    let lexicon = params.choice(&LEXICON)?.unwrap_or_default();
    answer(&reader, params.required(&TEXT)?.to_owned(), lexicon).await
}

/// Text to analyse.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct AnalyzeRequest {
    /// Plain text, at most 10,000 characters.
    #[schema(max_length = 10000)]
    text: String,
    /// `serving` (default): the analysis of the index in service; `loaded`: the analysis of the next reindex.
    #[serde(default)]
    #[schema(inline)]
    lexicon: Lexicon,
}

/// Analyse a longer text
///
/// The same, for a text in the body.
#[utoipa::path(
    post, path = "/api/analyze", tag = "search", operation_id = "analyze_body", request_body = AnalyzeRequest,
    responses(
        (status = 200, description = "The tokens of both lanes", body = AnalyzeResponse),
        (status = 400, description = "The body cannot be read", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn analyze_body(
    reader: Reader,
    _: Params<NoParameters>,
    ApiJson(request): ApiJson<AnalyzeRequest>,
) -> Result<Json<AnalyzeResponse>, ApiError> {
    answer(&reader, request.text, request.lexicon).await
}

async fn answer(reader: &Reader, text: String, lexicon: Lexicon) -> Result<Json<AnalyzeResponse>, ApiError> {
    let characters = text.chars().count();
    if characters > LONGEST_TEXT {
        let reason = format!("has {characters} characters; the limit is {LONGEST_TEXT}");
        return Err(ApiError::faulty_parameter(TEXT.name, Fault::TooLong, reason).with("most", LONGEST_TEXT));
    }
    // Needs no index: it answers while the first one is built.
    let state = reader.state();
    let serving = state.service().serving();
    let language = match &serving {
        Some(serving) if lexicon == Lexicon::Serving => serving.language.clone(),
        _ => state.service().language(),
    };
    // A name that was learned could tell what hidden articles say.
    let serving = serving.filter(|_| !reader.is_filtered());
    let answer = move || {
        let none = LearnedNames::default();
        let learned = serving.as_ref().map_or(&none, |serving| serving.archive().vocabulary().learned());
        search::analyze(&language, learned, &text)
    };
    Ok(Json(state.work(answer).await?))
}
