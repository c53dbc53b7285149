//! `GET /api/articles/{id}`.

use axum::Json;
use axum::extract::State;

use crate::article::Article;
use crate::http::code::Code;
use crate::http::error::{ApiError, Problem};
use crate::http::extract::PathId;
use crate::http::params::Params;
use crate::http::state::AppState;
use crate::search;

/// Read an article
///
/// The article as it is stored, fields that gisa does not know included. An id with `/` in it is written with `%2F`.
#[utoipa::path(
    get, path = "/api/articles/{id}", tag = "articles", operation_id = "article",
    params(("id" = String, Path, description = "The article's id")),
    responses(
        (status = 200, description = "id, title, body, outlet, reporters, section, published_at, url, and whatever else it came with",
            body = serde_json::Value),
        (status = 404, description = "No such article", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn article(
    State(state): State<AppState>,
    PathId(id): PathId,
    params: Params,
) -> Result<Json<Article>, ApiError> {
    params.only(&[])?;
    let wanted = id.clone();
    let article = state.search(move |context| search::article(context, &id)).await?;
    article.map(Json).ok_or_else(|| missing(&wanted))
}

/// There is no article with this id.
pub(in crate::http) fn missing(id: &str) -> ApiError {
    let shown: String = id.chars().take(crate::article::MAX_ID_CHARS).collect();
    ApiError::new(Code::ArticleNotFound, format!("there is no article with the id {shown:?}"))
}
