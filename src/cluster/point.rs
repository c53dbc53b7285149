//! What was to be seen of an index at one moment: a point in time of the cluster, opened when an edition is, and asked by all its searches.
//!
//! It is bound to nodes, and the cluster lets go of it when one of them ends or nobody asks for long. Where the index still is as it was,
//! another one shows the same; where not, the edition is gone. Where a shard has no live copy, one of the others can be opened: whatever is found there
//! is a part, and said to be.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use ureq::http::Method;

use super::client::{Again, Client};
use super::error::ClusterError;
use super::reached::Reached;
use super::reply::Shards;
use crate::query::archive::Deadline;

/// Points that are to be closed; an idle one would hold files for as long as it is kept.
type Closing = Mutex<Vec<String>>;

/// How points of a cluster are kept.
#[derive(Clone)]
pub(super) struct Points {
    client: Arc<Client>,
    /// How long one is kept that nobody asks.
    keep: Duration,
    closing: Arc<Closing>,
}

impl Points {
    pub(super) fn new(client: Arc<Client>, keep: Duration) -> Self {
        Self { client, keep, closing: Arc::default() }
    }

    /// What is to be seen of `index` now; every shard of it, or it is an error.
    pub(super) fn open(&self, index: &str, deadline: Deadline) -> Result<String, ClusterError> {
        Ok(self.opened(index, Shards::All, deadline)?.0)
    }

    /// What is to be seen of `index` now in those shards that have a live copy; `None` where that is every one, or none.
    pub(super) fn open_part(&self, index: &str, deadline: Deadline) -> Result<Option<String>, ClusterError> {
        let (id, answer) = self.opened(index, Shards::Alive, deadline)?;
        let shards = |name: &str| answer.pointer(&format!("/_shards/{name}")).and_then(Value::as_u64);
        match (shards("successful"), shards("total")) {
            (Some(successful), Some(total)) if 0 < successful && successful < total => Ok(Some(id)),
            _ => {
                self.discard(id);
                Ok(None)
            }
        }
    }

    /// The id of what is to be seen of `index` in `shards` now, and all that the cluster says of it.
    fn opened(
        &self,
        index: &str,
        shards: Shards,
        deadline: Deadline,
    ) -> Result<(String, Value), ClusterError> {
        let path = format!(
            "/{index}/_search/point_in_time?keep_alive={}s&allow_partial_pit_creation={}",
            self.keep.as_secs().max(1),
            shards == Shards::Alive
        );
        let answer = self.client.send(Method::POST, &path, None, Again::Harmless, deadline)?;
        let id = answer.get("pit_id").and_then(Value::as_str).map(str::to_owned);
        let id =
            id.ok_or_else(|| ClusterError::Unreadable { what: "a point in time has no id".to_owned() })?;
        Ok((id, answer))
    }

    /// Closes those that nobody needs any more.
    pub(super) fn close_unused(&self, deadline: Deadline) {
        let unused = std::mem::take(&mut *lock(&self.closing));
        if !unused.is_empty() {
            let ids = json!({"pit_id": unused}).to_string();
            // Where that fails the cluster closes them a while later.
            let _ = self.client.send(
                Method::DELETE,
                "/_search/point_in_time",
                Some(ids),
                Again::Harmless,
                deadline,
            );
        }
    }

    /// Closes one that was opened in vain, with the next that nobody needs.
    pub(super) fn discard(&self, id: String) {
        lock(&self.closing).push(id);
    }

    fn given(&self, id: &str) -> Value {
        json!({"id": id, "keep_alive": format!("{}s", self.keep.as_secs().max(1))})
    }
}

/// What was to be seen of an index at one moment.
pub(super) struct Point {
    points: Points,
    index: String,
    /// What was said of the index when it was opened.
    reached: Reached,
    id: Mutex<String>,
    is_gone: AtomicBool,
    shards: Shards,
}

impl Point {
    pub(super) fn new(points: Points, index: String, reached: Reached, id: String) -> Self {
        let (id, is_gone) = (Mutex::new(id), AtomicBool::new(false));
        Self { points, index, reached, id, is_gone, shards: Shards::All }
    }

    /// One of those shards that have a live copy, where others have none.
    pub(super) fn part(&self, deadline: Deadline) -> Result<Option<Self>, ClusterError> {
        let Some(id) = self.points.open_part(&self.index, deadline)? else { return Ok(None) };
        let mut part = Self::new(self.points.clone(), self.index.clone(), self.reached.clone(), id);
        part.shards = Shards::Alive;
        Ok(Some(part))
    }

    /// Which shards answer.
    pub(super) fn shards(&self) -> Shards {
        self.shards
    }

    /// Whether it was lost, and another would not show the same.
    pub(super) fn is_gone(&self) -> bool {
        self.is_gone.load(Ordering::Relaxed)
    }

    /// Asks it; where the cluster has let go of it, one that shows the same.
    pub(super) fn ask<T>(
        &self,
        deadline: Deadline,
        ask: impl Fn(&Client, &Value) -> Result<T, ClusterError>,
    ) -> Result<T, ClusterError> {
        let id = lock(&self.id).clone();
        if self.shards == Shards::Alive {
            return ask(&self.points.client, &self.points.given(&id));
        }
        let error = match ask(&self.points.client, &self.points.given(&id)) {
            // A part is what a node leaves that has just ended; the others may have copies.
            Err(
                error @ (ClusterError::PointLost
                | ClusterError::NoIndex { .. }
                | ClusterError::Partial { .. }
                | ClusterError::Red { .. }),
            ) => error,
            done => return done,
        };
        let id = match self.again(&id, deadline) {
            Ok(id) => id,
            // A shard without a live copy: what was said first says more.
            Err(ClusterError::Red { .. } | ClusterError::Partial { .. })
                if !matches!(error, ClusterError::PointLost) =>
            {
                return Err(error);
            }
            Err(error) => return Err(error),
        };
        ask(&self.points.client, &self.points.given(&id))
    }

    /// A point that shows the same as the one with the id `lost`.
    fn again(&self, lost: &str, deadline: Deadline) -> Result<String, ClusterError> {
        let mut id = lock(&self.id);
        if *id != lost {
            return Ok(id.clone());
        }
        let is_same = || {
            let now = match Reached::read(&self.points.client, &self.index, deadline) {
                Err(ClusterError::NoIndex { .. }) => return Ok(false),
                now => now?,
            };
            Ok::<_, ClusterError>(now == self.reached && now.is_steady)
        };
        if is_same()? {
            let opened = self.points.open(&self.index, deadline)?;
            if is_same()? {
                self.points.discard(std::mem::replace(&mut *id, opened));
                return Ok(id.clone());
            }
            self.points.discard(opened);
        }
        self.is_gone.store(true, Ordering::Relaxed);
        Err(ClusterError::EditionGone)
    }
}

impl Drop for Point {
    fn drop(&mut self) {
        // Not here: whoever drops it must not wait for a cluster.
        self.points.discard(std::mem::take(&mut *lock(&self.id)));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
