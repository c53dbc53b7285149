//! `GET /api/searches/{name}/hits`: what came for a saved search.

use std::sync::Arc;

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use super::shape::NameInPath;
use super::{find, given};
use crate::alerts::Entry;
use crate::http::access::Caller;
use crate::http::access::reader::Reader;
use crate::http::answer::{ApiError, Problem};
use crate::http::request::{Accepts, Group, Number, Params, PathId};
use crate::search::{Arrivals, Arrived, SearchContext};
use crate::service::{self, Came};

const AFTER: Number = Number {
    name: "after",
    meaning: "Only what came after this sequence; 0: all that ever came over HTTP.",
    least: 0,
    most: Some(i64::MAX as usize),
    default: 0,
};
const SIZE: Number = Number { least: 1, ..Number::up_to("size", "The most hits.", 1_000, 100) };

/// The parameters of what came.
pub(in crate::http) struct ArrivedParameters;

impl Accepts for ArrivedParameters {
    const GROUPS: &'static [Group] = &[Group::of(&[&AFTER, &SIZE])];
}

/// What came for a saved search.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct ArrivedAnswer {
    /// The name of the search.
    search: String,
    title: String,
    /// What came, the first first.
    hits: Vec<Arrived>,
    /// What to send as `after` the next time: nothing that came up to there is missing above.
    last_sequence: u64,
    /// Whether more came than are shown: ask again at once.
    more: bool,
}

/// Read what came for a saved search
///
/// Articles that came after the sequence `after`, over HTTP or with a changed file, and match, in the order in which they came. Strictly: what
/// a search finds only because nothing better is there does not come. `changed` says that an article matched before already, with another title
/// or body; of files, that the archive had it before. What a full reindex reads has no sequence and is not among them.
#[utoipa::path(
    get, path = "/api/searches/{name}/hits", tag = "searches", operation_id = "arrived",
    security(("token" = [])),
    params(("name" = inline(NameInPath), Path, description = "Its name", example = "desk"), Params<ArrivedParameters>),
    responses(
        (status = 200, description = "What came", body = ArrivedAnswer),
        (status = 401, description = "The key is missing or wrong", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No search is saved under this name", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Too many searches, or no index yet", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn hits(
    reader: Reader,
    caller: Caller,
    PathId(name): PathId,
    params: Params<ArrivedParameters>,
) -> Result<Json<ArrivedAnswer>, ApiError> {
    // Before the search is looked for: what is wrong with the question is said in any case.
    let (after, size) = (params.number(&AFTER)? as u64, params.number(&SIZE)?);
    let entry = find(reader.state(), &caller, &name)?;
    // One more tells whether there are more.
    let Came { mut hits, settled } = came(&reader, &entry, after, size + 1).await?;
    let more = hits.len() > size;
    hits.truncate(size);
    let last_sequence = if more { hits.last().map_or(after, |last| last.sequence) } else { settled };
    Ok(Json(ArrivedAnswer { search: name, title: entry.search.title, hits, last_sequence, more }))
}

/// The first `size` hits that came after the sequence `after`.
pub(super) async fn came(reader: &Reader, entry: &Entry, after: u64, size: usize) -> Result<Came, ApiError> {
    let serving = reader.serving()?;
    let request = given::request(&entry.search.params, &serving.language)?;
    let last = serving.archive().about().sequence;
    let earlier = Arc::clone(reader.state().service().earlier_texts());
    let window = Arrivals { after, size, latest: false };
    let work = move |context: &SearchContext<'_>| service::came(context, &request, &earlier, window, last);
    reader.search_saved(serving, entry.search.filter.clone(), work).await
}
