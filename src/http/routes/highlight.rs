//! `GET` and `POST /api/highlight`: marks in a whole article, or in text that is not in the index.

use axum::Json;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::http::access::reader::Reader;
use crate::http::answer::{ApiError, Code, Problem};
use crate::http::request::search::{QUERY, check_query, checked_id};
use crate::http::request::{Accepts, ApiJson, Form, Group, NoParameters, Params, Text};
use crate::search;
use crate::search::types::{MarkedArticle, TextAnswer};

/// The longest text that is marked, in bytes of UTF-8.
const LONGEST_TEXT: usize = 200 * 1024;
/// The largest body: JSON may write a syllable's 3 bytes as 6 (`\uXXXX`).
pub(in crate::http) const LARGEST_BODY: usize = 2 * LONGEST_TEXT + 16 * 1024;

const ARTICLE: Text =
    Text { name: "id", meaning: "The article's id.", longest: None, required: true, form: Form::ArticleId };

/// The parameters of marking an article.
pub(in crate::http) struct HighlightParameters;

impl Accepts for HighlightParameters {
    const GROUPS: &'static [Group] = &[Group::of(&[&QUERY, &ARTICLE])];
}

/// Mark an article
///
/// The whole title and body of one article with the marks of a query.
#[utoipa::path(
    get, path = "/api/highlight", tag = "search", operation_id = "highlight_article",
    params(Params<HighlightParameters>),
    responses(
        (status = 200, description = "Title and body with marks", body = MarkedArticle),
        (status = 400, description = "A parameter is unknown or has a wrong value", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such article", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn article(
    reader: Reader,
    params: Params<HighlightParameters>,
) -> Result<Json<MarkedArticle>, ApiError> {
    let (query, id) = (params.query()?, checked_id(&ARTICLE, params.required(&ARTICLE)?)?);
    let wanted = id.clone();
    let marked = reader.search(move |context| search::highlight_article(context, &query, &id)).await?;
    marked.map(Json).ok_or_else(|| super::articles::missing(&wanted))
}

/// Text to mark.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct HighlightRequest {
    /// The query, as in search.
    #[schema(max_length = 512)]
    q: String,
    /// Plain text, at most 200 KB.
    #[schema(max_length = 204800)]
    text: String,
}

/// Mark any text
///
/// Marks a query in text that is not in the index, and tells whether an article with this body would be found.
#[utoipa::path(
    post, path = "/api/highlight", tag = "search", operation_id = "highlight_text",
    request_body = HighlightRequest,
    responses(
        (status = 200, description = "The text with marks", body = TextAnswer),
        (status = 400, description = "The body cannot be read", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "More than 200 KB", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn text(
    reader: Reader,
    _: Params<NoParameters>,
    ApiJson(request): ApiJson<HighlightRequest>,
) -> Result<Json<TextAnswer>, ApiError> {
    check_query(&request.q)?;
    if request.text.len() > LONGEST_TEXT {
        let detail = format!("`text` has {} bytes; the limit is {LONGEST_TEXT}", request.text.len());
        return Err(ApiError::new(Code::BodyTooLarge, detail));
    }
    let work =
        move |context: &search::SearchContext<'_>| search::highlight_text(context, &request.q, &request.text);
    Ok(Json(reader.search(work).await?))
}
