//! The documents that are to be seen in an index, as whoever fills it looks at them.

use std::time::Duration;

use rustc_hash::FxHashSet;
use serde_json::{Map, Value, json};

use super::client::Client;
use super::document::{Came, document_id, place_of};
use super::error::ClusterError;
use super::hits::damaged;
use super::reply::hits_of;
use crate::query::archive::Deadline;

/// How long an answer may take.
const ANSWER: Duration = Duration::from_secs(60);
/// Documents that are asked for at once.
const ASKED_AT_ONCE: usize = 1_000;
/// Documents in one answer.
const WINDOW: usize = 5_000;

/// A document, as it is in the index.
pub(super) struct There {
    pub(super) id: String,
    pub(super) group: Option<String>,
    pub(super) came: Came,
}

impl There {
    fn of(hit: &Value) -> Option<Self> {
        let field = |name: &str| hit.pointer(&format!("/fields/{name}/0"));
        Some(Self {
            id: hit.pointer("/sort/0")?.as_str()?.to_owned(),
            group: field("group").and_then(Value::as_str).map(str::to_owned),
            came: Came {
                sequence: field("sequence").and_then(Value::as_u64).unwrap_or_default(),
                replaced: field("replaced").and_then(Value::as_bool).unwrap_or_default(),
            },
        })
    }
}

/// A look at the documents of an index.
pub(super) struct Documents<'a> {
    pub(super) client: &'a Client,
    pub(super) index: &'a str,
}

impl Documents<'_> {
    /// Those of the articles `ids` that are to be seen in the index.
    pub(super) fn of<'i>(&self, ids: impl Iterator<Item = &'i str>) -> Result<Vec<There>, ClusterError> {
        let ids: Vec<String> = ids.map(|id| document_id(place_of(id))).collect();
        let mut found = Vec::new();
        for some in ids.chunks(ASKED_AT_ONCE) {
            self.each(&json!({"ids": {"values": some}}), |one| found.push(one))?;
        }
        Ok(found)
    }

    /// Those that are to be seen in the index in one of `groups`.
    pub(super) fn in_groups(&self, groups: &FxHashSet<&str>) -> Result<Vec<There>, ClusterError> {
        let groups: Vec<&str> = groups.iter().copied().collect();
        let mut found = Vec::new();
        for some in groups.chunks(ASKED_AT_ONCE) {
            self.each(&json!({"terms": {"group": some}}), |one| found.push(one))?;
        }
        Ok(found)
    }

    /// Gives `each` what is to be seen in the index and meets `query`.
    pub(super) fn each(&self, query: &Value, mut each: impl FnMut(There)) -> Result<(), ClusterError> {
        let mut after: Option<Value> = None;
        loop {
            let mut body = Map::new();
            body.insert("query".to_owned(), query.clone());
            body.insert("size".to_owned(), json!(WINDOW));
            body.insert("sort".to_owned(), json!([{"id": "asc"}]));
            // Without it, shards are passed over.
            body.insert("track_total_hits".to_owned(), json!(true));
            body.insert("_source".to_owned(), json!(false));
            body.insert("docvalue_fields".to_owned(), json!(["group", "sequence", "replaced"]));
            if let Some(after) = after {
                body.insert("search_after".to_owned(), after);
            }
            let answer = self.client.search(self.index, &Value::Object(body), Deadline::within(ANSWER))?;
            let hits = hits_of(&answer);
            for hit in hits {
                each(There::of(hit).ok_or_else(damaged)?);
            }
            match hits.last().and_then(|hit| hit.get("sort")) {
                Some(last) if hits.len() == WINDOW => after = Some(last.clone()),
                _ => return Ok(()),
            }
        }
    }
}
