//! `GET /api/articles/{id}/versions`: what an article said before it was pushed again.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use super::missing;
use super::shape::{IdInPath, StoredArticle};
use crate::article::{Article, ArticleId, Timestamp};
use crate::http::access::corrections::version;
use crate::http::access::reader::Reader;
use crate::http::answer::{ApiError, Problem};
use crate::http::request::{NoParameters, Params, PathId};
use crate::search;

/// An article, and what it said before.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct VersionsResponse {
    /// The article's id.
    #[schema(value_type = String)]
    id: ArticleId,
    /// When it was last given another title or body; `null` where that never happened, or nothing is kept of it.
    #[schema(value_type = Option<String>)]
    corrected_at: Option<Timestamp>,
    /// Its texts, the newest first: the first is the article as searches find it, the others are kept up to `versions.keep`.
    versions: Vec<ArticleText>,
    /// Whether there were still earlier texts, which are not kept any more: the last of `versions` is not the first that was published then.
    /// `null` where that is not known: exactly `versions.keep` texts may be all that there were, and what a key with a fixed filter does
    /// not see is not counted.
    earlier_dropped: Option<bool>,
}

/// One text of an article.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct ArticleText {
    /// Names the text, for `compare`: the same title and body have the same name.
    version: String,
    /// Since when it was the article's text; `null` for the oldest that is known (see `earlier_dropped`).
    #[schema(value_type = Option<String>)]
    since: Option<Timestamp>,
    /// Until when: then a push replaced it. `null` for the present text.
    #[schema(value_type = Option<String>)]
    until: Option<Timestamp>,
    /// The article as it was.
    #[schema(value_type = StoredArticle)]
    article: Article,
}

/// Read an article's earlier texts
///
/// An article that was pushed again with another title or body keeps what it said before, with the time of each change; what a file said
/// before the first push counts as well. Pushing the same text again makes no version, and a deletion removes all of them. Searches,
/// counts and exports know the present text alone.
#[utoipa::path(
    get, path = "/api/articles/{id}/versions", tag = "articles", operation_id = "versions",
    params(("id" = inline(IdInPath), Path, description = "The article's id")),
    responses(
        (status = 200, description = "The present text and the earlier ones", body = VersionsResponse),
        (status = 404, description = "No such article", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn versions(
    reader: Reader,
    PathId(id): PathId,
    _: Params<NoParameters>,
) -> Result<Json<VersionsResponse>, ApiError> {
    let wanted = id.clone();
    let corrections = reader.corrections()?;
    let found = reader.search(move |context| {
        let Some(article) = search::article(context, &id)? else { return Ok(None) };
        let kept = corrections.kept(&article)?;
        let (earlier, earlier_dropped) = (kept.texts, kept.earlier_dropped);
        let corrected_at = earlier.first().map(|newest| newest.until);
        let since = earlier.iter().skip(1).map(|older| Some(older.until)).chain([None]);
        let present = ArticleText { version: version(&article), since: corrected_at, until: None, article };
        let id = present.article.id.clone();
        let before = earlier.iter().zip(since).map(|(text, since)| ArticleText {
            version: version(&text.article),
            since,
            until: Some(text.until),
            article: text.article.clone(),
        });
        Ok(Some(VersionsResponse {
            id,
            corrected_at,
            versions: [present].into_iter().chain(before).collect(),
            earlier_dropped,
        }))
    });
    found.await?.map(Json).ok_or_else(|| missing(&wanted))
}
