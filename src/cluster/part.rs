//! What is there of an index while shards of it have no live copy.

use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use super::archive::ClusterArchive;
use super::error::ClusterError;
use crate::query::archive::Deadline;

/// For how long what is there is not looked at again: a search that found too little asks for it each time.
const LOOKED_AT: Duration = Duration::from_secs(1);

impl ClusterArchive {
    /// The articles of those shards that have a live copy; `None` where that is every one, or none.
    pub(super) fn part(&self, deadline: Deadline) -> Result<Option<Self>, ClusterError> {
        let held = &self.held;
        if let Some((looked, part)) = &*held.part.lock().unwrap_or_else(PoisonError::into_inner)
            && looked.elapsed() < LOOKED_AT
        {
            return Ok(Some(self.over(Arc::clone(part))));
        }
        let Some(point) = held.point.part(deadline)? else { return Ok(None) };
        let part = Arc::new(held.seen_at(point, format!("{}.part", held.edition)));
        let looked = Some((Instant::now(), Arc::clone(&part)));
        *held.part.lock().unwrap_or_else(PoisonError::into_inner) = looked;
        Ok(Some(self.over(part)))
    }

    /// The error of whoever must not take a part for the whole.
    pub(super) fn lacking(&self) -> ClusterError {
        ClusterError::Red { reason: format!("shards of {} have no live copy", self.held.index) }
    }
}
