//! `GET /api/lexicon/learned`: the names that the articles teach.

use axum::Json;

use crate::http::access::reader::Reader;
use crate::http::answer::{ApiError, Problem};
use crate::http::request::{Accepts, Group, Number, Params};
use crate::search;
use crate::search::LearnedResponse;

const PAGE: Number = Number { name: "page", meaning: "The page, from 1.", least: 1, most: None, default: 1 };
const SIZE: Number = Number::up_to("size", "Pairs on a page.", 1_000, 100);

/// The parameters of the list.
pub(in crate::http) struct LearnedParameters;

impl Accepts for LearnedParameters {
    const GROUPS: &'static [Group] = &[Group::of(&[&PAGE, &SIZE])];
}

/// Names that the articles teach
///
/// Where enough articles write `한국토지주택공사(LH)`, each name finds the other, as a synonym does. A reindex learns them, from the articles that it
/// reads; what is pushed or read from changed files teaches nothing before the next one. Each pair comes with the stories, articles and
/// outlets that have it, and the ids of some. Whoever has a key with a fixed filter gets none, and finds none: a pair could tell what
/// hidden articles say.
#[utoipa::path(
    get, path = "/api/lexicon/learned", tag = "search", operation_id = "learned",
    params(Params<LearnedParameters>),
    responses(
        (status = 200, description = "The pairs, in the order of their short names", body = LearnedResponse),
        (status = 400, description = "A parameter is unknown or has a wrong value", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn learned(
    reader: Reader,
    params: Params<LearnedParameters>,
) -> Result<Json<LearnedResponse>, ApiError> {
    let (page, size) = (params.number(&PAGE)?, params.number(&SIZE)?);
    Ok(Json(reader.search(move |context| Ok(search::learned(context, page, size))).await?))
}
