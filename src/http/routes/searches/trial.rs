//! `POST /api/searches/{name}/test`: a delivery that is marked as a test.

use std::time::Duration;

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use super::shape::NameInPath;
use super::{find, given};
use crate::alerts::Message;
use crate::http::access::Caller;
use crate::http::access::reader::Reader;
use crate::http::answer::{ApiError, Problem};
use crate::http::request::{NoParameters, Params, PathId};
use crate::search::types::{SearchRequest, Sort};
use crate::search::{self, Arrivals, Arrived, SearchContext, SearchError, arrived};

/// How long one address is waited for: the answer must come before a handler is given up.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a test delivered.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct TestAnswer {
    /// How many hits were sent: the newest, or none where nothing matches.
    hits: usize,
    /// Each address, with what became of it.
    deliveries: Vec<TestDelivery>,
}

/// What became of one delivery.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct TestDelivery {
    /// The address; of a mailbox `mailto:` and its own.
    url: String,
    /// Why it failed; `null` where the receiver has confirmed it.
    error: Option<String>,
}

/// Try the deliveries of a saved search
///
/// Sends the newest hit to each of its addresses, marked as a test, and says what each answered. It changes nothing: what is due is
/// delivered as if there had been no test.
#[utoipa::path(
    post, path = "/api/searches/{name}/test", tag = "searches", operation_id = "test_search",
    security(("token" = [])), params(("name" = inline(NameInPath), Path, description = "Its name", example = "desk")),
    responses(
        (status = 200, description = "What became of it", body = TestAnswer),
        (status = 401, description = "The key is missing or wrong", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No search is saved under this name", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Too many searches, or no index yet", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn test(
    reader: Reader,
    caller: Caller,
    PathId(name): PathId,
    _: Params<NoParameters>,
) -> Result<Json<TestAnswer>, ApiError> {
    let entry = find(reader.state(), &caller, &name)?;
    let serving = reader.serving()?;
    let request = given::request(&entry.search.params, &serving.language)?;
    let work = move |context: &SearchContext<'_>| newest(context, &request);
    let newest = reader.search_saved(serving, entry.search.filter.clone(), work).await?;
    let hits: Vec<Arrived> = newest.into_iter().collect();
    let count = hits.len();
    let (title, params) = (entry.search.title.clone(), entry.search.params.clone());
    let message = Message { search: name, title, hits, test: true, params, rest: None };
    let service = reader.state().service();
    let message = &message;
    let each = entry.search.recipients().map(|recipient| async move {
        let error = match tokio::time::timeout(PATIENCE, service.deliver_now(&recipient, message)).await {
            Ok(delivered) => delivered.err().map(|error| error.to_string()),
            Err(_) => {
                Some(format!("not confirmed within {} s; it may have been delivered", PATIENCE.as_secs()))
            }
        };
        TestDelivery { url: recipient.address(), error }
    });
    Ok(Json(TestAnswer { hits: count, deliveries: futures::future::join_all(each).await }))
}

/// The last that came; where nothing came one by one, the newest in the archive.
fn newest(context: &SearchContext<'_>, request: &SearchRequest) -> Result<Option<Arrived>, SearchError> {
    let window = Arrivals { after: 0, size: 1, latest: true };
    if let Some(last) = arrived(context, request, window)?.pop() {
        return Ok(Some(last));
    }
    let newest = SearchRequest { sort: Some(Sort::Newest), size: 1, page: 1, ..request.clone() };
    let answer = search::search(context, &newest)?;
    let hit = answer.hits.into_iter().next().filter(|_| !answer.relaxed);
    Ok(hit.map(|hit| Arrived { sequence: 0, changed: false, hit }))
}
