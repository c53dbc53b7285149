//! `GET /api/articles/{id}/related`.

use axum::Json;

use super::missing;
use super::shape::IdInPath;
use crate::http::access::reader::Reader;
use crate::http::answer::{ApiError, Problem};
use crate::http::request::{Accepts, Group, Number, Params, PathId};
use crate::search;
use crate::search::types::{LARGEST_RELATED, RelatedResponse};

const SIZE: Number = Number::up_to("size", "The most articles.", LARGEST_RELATED, 10);

/// The parameters of related articles.
pub(in crate::http) struct RelatedParameters;

impl Accepts for RelatedParameters {
    const GROUPS: &'static [Group] = &[Group::of(&[&SIZE])];
}

/// Find related articles
///
/// Articles that share the most telling words of this one, the most similar first. The article itself and its reprints are left
/// out; reprints of the others are folded. There may be fewer than asked for, or none: articles that have little in common with
/// this one are left out.
#[utoipa::path(
    get, path = "/api/articles/{id}/related", tag = "articles", operation_id = "related",
    params(
        ("id" = inline(IdInPath), Path, description = "The article's id"),
        Params<RelatedParameters>,
    ),
    responses(
        (status = 200, description = "Hits without highlights", body = RelatedResponse),
        (status = 400, description = "A parameter is unknown or has a wrong value", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such article", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn related(
    reader: Reader,
    PathId(id): PathId,
    params: Params<RelatedParameters>,
) -> Result<Json<RelatedResponse>, ApiError> {
    let size = params.number(&SIZE)?;
    let wanted = id.clone();
    let corrections = reader.corrections()?;
    let found = reader.search(move |context| {
        let mut found = search::related(context, &id, size)?;
        corrections.mark(found.iter_mut().flat_map(|found| &mut found.hits))?;
        Ok(found)
    });
    found.await?.map(Json).ok_or_else(|| missing(&wanted))
}
