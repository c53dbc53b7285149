//! All combinations of values that the articles of a query have, each with how many there are.

use std::sync::Arc;

use serde_json::{Value, json};

use super::archive::ClusterArchive;
use super::buckets::{Bucket, combinations, read_buckets};
use super::remembered::Key;
use crate::query::archive::{ArchiveError, Deadline};

/// Buckets that are read at once.
const BUCKETS: usize = 10_000;
/// Buckets that are read at once where each has a hit in it.
const BUCKETS_WITH_HITS: usize = 1_000;

impl ClusterArchive {
    /// All combinations of values of `columns` among the articles that meet `query`, page after page, exactly. `first` is an order: then each
    /// bucket says which of its articles is the first in it.
    pub(super) fn buckets(
        &self,
        query: &Value,
        columns: &[&str],
        first: Option<&Value>,
        deadline: Deadline,
    ) -> Result<Arc<[Bucket]>, ArchiveError> {
        let key = Key::of(&json!([query, columns, first]));
        if let Some(known) = self.held.found.aggregated.get(&key) {
            return Ok(known);
        }
        let within = first.map(
            |order| json!({"first": {"top_hits": {"size": 1, "stored_fields": "_none_", "sort": order}}}),
        );
        let size = if within.is_some() { BUCKETS_WITH_HITS } else { BUCKETS };
        let mut all = Vec::new();
        let mut after = None;
        loop {
            let pairs = combinations(columns, size, after.take(), within.as_ref());
            let body = json!({"size": 0, "track_total_hits": true, "query": query, "aggs": {"pairs": pairs}});
            // An order may have scores in it.
            let answer = match first {
                Some(_) => self.scored_search(&body, deadline)?,
                None => self.search(&body, deadline)?,
            };
            let aggregation = answer.pointer("/aggregations/pairs").unwrap_or(&Value::Null);
            let buckets = read_buckets(aggregation, columns)?;
            let full = buckets.len() == size;
            all.extend(buckets);
            after = aggregation.get("after_key").cloned().filter(|_| full);
            if after.is_none() {
                let all: Arc<[Bucket]> = all.into();
                self.held.found.aggregated.put(key, Arc::clone(&all));
                return Ok(all);
            }
        }
    }
}
