//! Articles: reading one (`GET /api/articles/{id}`), what it said before, those related to it, writing one or many.

pub mod bulk;
pub mod compare;
mod fields;
pub mod related;
mod room;
mod shape;
pub mod versions;
pub mod write;

use axum::Json;

use crate::article::Article;
use crate::http::access::reader::Reader;
use crate::http::answer::{ApiError, Code, Problem};
use crate::http::request::{NoParameters, Params, PathId};
use crate::search;
use shape::{IdInPath, StoredArticle};

/// When a push last gave the article another text.
const CORRECTED_AT: &str = "corrected_at";

/// Read an article
///
/// The article as it is stored, including fields that gisa does not know. A `/` in an id is written `%2F`. `corrected_at` is there if a
/// push gave it another title or body: `/api/articles/{id}/versions` has what it said before.
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
    let corrections = reader.corrections()?;
    let article = reader.search(move |context| {
        let Some(mut article) = search::article(context, &id)? else { return Ok(None) };
        if let Some(at) = corrections.last(&article)? {
            // In place of a field of that name that the article came with: who wrote that is not asked here.
            article.extra.insert(CORRECTED_AT.to_owned(), at.to_string().into());
        }
        Ok(Some(article))
    });
    article.await?.map(Json).ok_or_else(|| missing(&wanted))
}

/// The refusal of an id that no article has.
pub(in crate::http) fn missing(id: &str) -> ApiError {
    let shown: String = id.chars().take(crate::article::MAX_ID_CHARS).collect();
    ApiError::new(Code::ArticleNotFound, format!("there is no article with the id {shown:?}"))
}
