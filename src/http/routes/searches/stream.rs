//! `GET /api/searches/{name}/stream`: what comes for a saved search, as it comes (server-sent events, WHATWG HTML §9.2).

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::Stream;
use futures::stream::unfold;
use tokio::sync::{Semaphore, SemaphorePermit, watch};
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use super::find;
use super::hits::came;
use super::shape::NameInPath;
use crate::http::access::Caller;
use crate::http::access::reader::Reader;
use crate::http::answer::{ApiError, Code, Problem};
use crate::http::request::{NoParameters, Params, PathId};
use crate::search::{Arrivals, Arrived};

/// Streams at once, of all clients: each holds a connection for as long as it likes.
const MOST_STREAMS: usize = 64;
/// Hits that are read at once.
const BATCH: usize = 100;
/// How often it is looked whether the server stops, or the search was removed.
const LOOKED: Duration = Duration::from_secs(1);
/// How often a line is sent while nothing comes, so that no proxy takes the connection for dead.
const KEPT_ALIVE: Duration = Duration::from_secs(10);
/// The header in which a client that comes back says what it had last.
const LAST: &str = "last-event-id";

static STREAMS: Semaphore = Semaphore::const_new(MOST_STREAMS);

/// One event of the stream, as its fields are called in WHATWG HTML §9.2.6. OpenAPI 3.1 has no word for streams: readers of the document
/// take the schema of `text/event-stream` as that of one event.
struct HitEvent;

impl PartialSchema for HitEvent {
    fn schema() -> RefOr<Schema> {
        let text = || ObjectBuilder::new().schema_type(Type::String);
        let hit = Ref::from_schema_name(Arrived::name());
        let fields = [
            ("event", text().enum_values(Some(["hit"]))),
            ("id", text().pattern(Some("^[0-9]+$")).description(Some("The sequence of the hit"))),
            ("data", text().content_media_type("application/json").content_schema(Some(hit))),
        ];
        let event = fields
            .into_iter()
            .fold(ObjectBuilder::new(), |event, (name, field)| event.property(name, field).required(name));
        event.into()
    }
}

impl ToSchema for HitEvent {}

/// A stream under way.
struct Following {
    reader: Reader,
    caller: Caller,
    name: String,
    after: u64,
    waiting: VecDeque<Arrived>,
    searchable: watch::Receiver<u64>,
    /// Given back when the client goes away.
    _place: SemaphorePermit<'static>,
}

/// Follow a saved search
///
/// Server-sent events: each hit that comes is an `event: hit` with its sequence as `id` and the hit as JSON. With `Last-Event-ID`, which
/// browsers send by themselves when they connect again, it goes on after that sequence; without, it begins now. It ends when the search
/// is removed or the server stops. At most 64 at once.
#[utoipa::path(
    get, path = "/api/searches/{name}/stream", tag = "searches", operation_id = "follow_search",
    security(("token" = [])), params(("name" = inline(NameInPath), Path, description = "Its name", example = "desk")),
    responses(
        (status = 200, description = "Hits as they come", body = inline(HitEvent), content_type = "text/event-stream"),
        (status = 400, description = "`Last-Event-ID` is not a sequence", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "The key is missing or wrong", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No search is saved under this name", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Too many streams, or nothing can come", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn stream(
    reader: Reader,
    caller: Caller,
    headers: HeaderMap,
    PathId(name): PathId,
    _: Params<NoParameters>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, ApiError> {
    find(reader.state(), &caller, &name)?;
    let service = reader.state().service();
    let after = match headers.get(LAST) {
        None => service.last_arrival(),
        Some(value) => {
            let last = value.to_str().ok().and_then(|value| value.parse().ok());
            last.ok_or_else(|| ApiError::bad_parameter("Last-Event-ID", "is not a sequence, a whole number"))?
        }
    };
    let nothing = || ApiError::new(Code::NotReady, "nothing can come: no articles are taken here");
    let searchable = service.searchable_changes().ok_or_else(nothing)?;
    let crowded = |_| {
        let detail = format!("{MOST_STREAMS} streams are open already; ask `/hits` now and then instead");
        ApiError::new(Code::Overloaded, detail).retry_after(60)
    };
    let place = STREAMS.try_acquire().map_err(crowded)?;
    let following =
        Following { reader, caller, name, after, waiting: VecDeque::new(), searchable, _place: place };
    let events = unfold(following, async |mut following| {
        let arrived = following.next().await?;
        let event = Event::default().event("hit").id(arrived.sequence.to_string());
        // No hit fails to be written as JSON; one that did would end the stream, not be left out.
        Some((Ok(event.json_data(&arrived).ok()?), following))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(KEPT_ALIVE)))
}

impl Following {
    /// The next hit; `None` where the stream ends.
    async fn next(&mut self) -> Option<Arrived> {
        loop {
            if let Some(arrived) = self.waiting.pop_front() {
                return Some(arrived);
            }
            let state = self.reader.state();
            if state.is_stopping() {
                return None;
            }
            let entry = find(state, &self.caller, &self.name).ok()?;
            let after = self.after;
            match tokio::time::timeout(LOOKED, self.searchable.wait_for(|now| *now > after)).await {
                Err(_) => continue,
                // A restore has closed the journal.
                Ok(Err(_)) => return None,
                Ok(Ok(_)) => {}
            }
            let window = Arrivals { after, size: BATCH, latest: false };
            match came(&self.reader, &entry, window, |_, _, came| Ok(came)).await {
                Ok(came) => {
                    self.after = came.settled;
                    self.waiting.extend(came.hits);
                    if self.after == after {
                        // What is searchable is not in service yet.
                        tokio::time::sleep(LOOKED).await;
                    }
                }
                // Too many searches: it is tried again.
                Err(_) => tokio::time::sleep(LOOKED).await,
            }
        }
    }
}
