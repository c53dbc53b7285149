//! `GET /searches/{name}.atom`: what came for a saved search, as a feed.

use axum::Extension;
use axum::http::HeaderMap;
use axum::response::Response;

use super::{find, given, no_search};
use crate::http::access::Caller;
use crate::http::access::reader::Reader;
use crate::http::answer::{ApiError, Problem};
use crate::http::client::Client;
use crate::http::public_address;
use crate::http::request::{NoParameters, Params, PathId};
use crate::http::routes::listing::feed::{Head, percent_encoded, whole};
use crate::search::{Arrivals, SearchContext, arrived_articles};

/// Entries of the feed.
const ENTRIES: usize = 50;
const ENDING: &str = ".atom";

/// Subscribe to a saved search
///
/// The last 50 articles that came for it, the newest first, as an Atom 1.0 feed. Feed readers send the key as password (`Basic`).
#[utoipa::path(
    get, path = "/searches/{feed}", tag = "searches", operation_id = "saved_search_feed",
    security(("token" = [])),
    params(("feed" = String, Path, description = "The name of the search and `.atom`", example = "desk.atom")),
    responses(
        (status = 200, description = "The feed", body = String, content_type = "application/atom+xml; charset=utf-8"),
        (status = 401, description = "The key is missing or wrong", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No search is saved under this name", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Too many searches, or no index yet", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn atom(
    reader: Reader,
    caller: Caller,
    Extension(client): Extension<Client>,
    headers: HeaderMap,
    PathId(feed): PathId,
    _: Params<NoParameters>,
) -> Result<Response, ApiError> {
    let name = feed.strip_suffix(ENDING).ok_or_else(|| no_search(&feed))?;
    let entry = find(reader.state(), &caller, name)?;
    let serving = reader.serving()?;
    let request = given::request(&entry.search.params, &serving.language)?;
    let address = public_address::known(&reader.state().config().server, client, &headers)
        .map_err(ApiError::bad_address)?;
    // The feed is in a folder of its own.
    let here = address.map_or_else(|| "..".to_owned(), |address| address.to_string());
    let updated = serving.archive().about().built_at.to_owned();
    let window = Arrivals { after: 0, size: ENTRIES, latest: true };
    let work = move |context: &SearchContext<'_>| arrived_articles(context, &request, window);
    let mut articles = reader.search_saved(serving, entry.search.filter, work).await?;
    articles.reverse();
    let name = percent_encoded(name);
    let head = Head {
        id: format!("urn:gisa:search:{name}"),
        title: entry.search.title,
        here,
        path: format!("searches/{name}{ENDING}"),
        updated,
    };
    whole(&head, &articles)
}
