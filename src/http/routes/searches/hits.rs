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
use crate::http::request::{Accepts, Flag, Group, Number, Params, PathId};
use crate::search::types::SearchRequest;
use crate::search::{self, Arrivals, Arrived, SearchContext, SearchError};
use crate::service::{self, Came};

const AFTER: Number = Number {
    name: "after",
    meaning: "Only what came after this sequence; 0: all that ever came, over HTTP or, since the last full reindex, with changed files.",
    least: 0,
    most: Some(i64::MAX as usize),
    default: 0,
};
const SIZE: Number = Number { least: 1, ..Number::up_to("size", "The most hits.", 1_000, 100) };
const LATEST: Flag = Flag {
    name: "latest",
    meaning: "Whether they are the last that came, rather than the first after `after`.",
    default: false,
};

/// The parameters of what came.
pub(in crate::http) struct ArrivedParameters;

impl Accepts for ArrivedParameters {
    const GROUPS: &'static [Group] = &[Group::of(&[&AFTER, &SIZE, &LATEST])];
}

/// What came for a saved search.
#[derive(Serialize, ToSchema)]
pub(in crate::http) struct ArrivedAnswer {
    /// The name of the search.
    search: String,
    title: String,
    /// What came, the first first.
    hits: Vec<Arrived>,
    /// How many came after `after`, exactly.
    total: usize,
    /// What to send as `after` the next time: nothing that came up to there is missing above, but for what `latest` leaves out.
    last_sequence: u64,
    /// Whether more came than are shown: ask again at once; with `latest`, whether others came before them.
    more: bool,
}

/// Read what came for a saved search
///
/// Articles that came after the sequence `after`, over HTTP or with a changed file, and match, in the order in which they came. Strictly: what
/// a search finds only because nothing better is there does not come. With `latest` they are the last of them. `changed` says that an article
/// matched before already, with another title or body; of files, that the archive had it before. What a full reindex reads has no sequence and
/// is not among them.
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
    let latest = params.flag(&LATEST)?;
    let entry = find(reader.state(), &caller, &name)?;
    // One more tells whether the last that is asked for is the last that came.
    let window = Arrivals { after, size: if latest { size } else { size + 1 }, latest };
    let counted = move |context: &SearchContext<'_>, request: &SearchRequest, came: Came| {
        // A window that is not full holds all of them.
        let total = match came.hits.len() {
            all if !window.is_filled_by(all) => all,
            _ => search::arrived_count(context, request, after)?,
        };
        Ok((came, total))
    };
    let (Came { mut hits, settled }, total) = came(&reader, &entry, window, counted).await?;
    hits.truncate(size);
    let more = total > hits.len();
    let last_sequence = match hits.last() {
        Some(last) if more && !latest => last.sequence,
        _ => settled,
    };
    Ok(Json(ArrivedAnswer { search: name, title: entry.search.title, hits, total, last_sequence, more }))
}

/// What `with` makes of the hits that came in `window`, in the same generation.
pub(super) async fn came<T, F>(
    reader: &Reader,
    entry: &Entry,
    window: Arrivals,
    with: F,
) -> Result<T, ApiError>
where
    T: Send + 'static,
    F: FnOnce(&SearchContext<'_>, &SearchRequest, Came) -> Result<T, SearchError> + Send + 'static,
{
    let serving = reader.serving()?;
    let request = given::request(&entry.search.params, &serving.language)?;
    let last = serving.archive().about().sequence;
    let earlier = Arc::clone(reader.state().service().earlier_texts());
    let work = move |context: &SearchContext<'_>| {
        let came = service::came(context, &request, &earlier, window, last)?;
        with(context, &request, came)
    };
    reader.search_saved(serving, entry.search.filter.clone(), work).await
}
