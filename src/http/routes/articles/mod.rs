//! Articles: reading one (`GET /api/articles/{id}`), those related to it, writing one or many.

pub mod bulk;
mod fields;
pub mod related;
mod room;
mod shape;
pub mod write;

use axum::Json;

use crate::article::Article;
use crate::http::access::reader::Reader;
use crate::http::answer::{ApiError, Code, Problem};
use crate::http::request::{NoParameters, Params, PathId};
use crate::search;
use shape::{IdInPath, StoredArticle};

/// Read an article
///
/// The article as it is stored, including fields that gisa does not know. A `/` in an id is written `%2F`.
#[utoipa::path(
    get, path = "/api/articles/{id}", tag = "articles", operation_id = "article",
    params(("id" = inline(IdInPath), Path, description = "The article's id")),
    responses(
        (status = 200, description = "id, title, body, outlet, reporters, section, published_at, url, and any other field it was sent with",
            body = StoredArticle),
        (status = 404, description = "No such article", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn article(
    reader: Reader,
    PathId(id): PathId,
    _: Params<NoParameters>,
) -> Result<Json<Article>, ApiError> {
    let wanted = id.clone();
    let article = reader.search(move |context| search::article(context, &id)).await?;
    article.map(Json).ok_or_else(|| missing(&wanted))
}

/// The refusal of an id that no article has.
pub(in crate::http) fn missing(id: &str) -> ApiError {
    let shown: String = id.chars().take(crate::article::MAX_ID_CHARS).collect();
    ApiError::new(Code::ArticleNotFound, format!("there is no article with the id {shown:?}"))
}
