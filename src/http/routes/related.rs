//! `GET /api/articles/{id}/related`.

use axum::Json;
use axum::extract::State;

use super::articles::missing;
use crate::http::error::{ApiError, Problem};
use crate::http::extract::PathId;
use crate::http::params::Params;
use crate::http::state::AppState;
use crate::search;
use crate::search::types::{LARGEST_RELATED, RelatedResponse};

/// Articles where no number is asked for.
const DEFAULT: usize = 10;

/// Find related articles
///
/// Articles that share the weightiest words of this one, most alike first: never itself, its reprints and theirs folded. May be
/// fewer than asked for, or none: what has little in common with the article is left out.
#[utoipa::path(
    get, path = "/api/articles/{id}/related", tag = "articles", operation_id = "related",
    params(
        ("id" = String, Path, description = "The article's id"),
        ("size" = Option<usize>, Query, description = "Articles at most, 1 to 50, 10 by default"),
    ),
    responses(
        (status = 200, description = "Hits without highlights", body = RelatedResponse),
        (status = 400, description = "A parameter is unknown or wrong", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such article", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn related(
    State(state): State<AppState>,
    PathId(id): PathId,
    params: Params,
) -> Result<Json<RelatedResponse>, ApiError> {
    let params = params.only(&[&["size"]])?;
    let size = params.number("size", DEFAULT, 1, LARGEST_RELATED)?;
    let wanted = id.clone();
    let found = state.search(move |context| search::related(context, &id, size)).await?;
    found.map(Json).ok_or_else(|| missing(&wanted))
}
