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

/// What is aggregated: the articles that meet a query, by the values of columns.
pub(super) struct Aggregation<'a> {
    pub(super) query: &'a Value,
    pub(super) columns: &'a [&'a str],
}

impl Aggregation<'_> {
    /// Names its buckets; with the order by which each has a first article.
    fn key(&self, first: Option<&Value>) -> Key {
        Key::of(&json!([self.query, self.columns, first]))
    }
}

impl ClusterArchive {
    /// Asks for all of `wanted` at once, so that [`Self::buckets`] has them.
    pub(super) fn aggregate(
        &self,
        wanted: &[Aggregation<'_>],
        deadline: Deadline,
    ) -> Result<(), ArchiveError> {
        let remembered = &self.held.found.aggregated;
        let mut unknown: Vec<(Key, &Aggregation<'_>)> = Vec::new();
        for of in wanted {
            let key = of.key(None);
            if remembered.get(&key).is_none() && unknown.iter().all(|(known, _)| *known != key) {
                unknown.push((key, of));
            }
        }
        let body = |of: &Aggregation<'_>| {
            let pairs = combinations(of.columns, BUCKETS, None, None);
            json!({"size": 0, "track_total_hits": true, "query": of.query, "aggs": {"pairs": pairs}})
        };
        let bodies: Vec<Value> = unknown.iter().map(|(_, of)| body(of)).collect();
        for ((key, of), answer) in unknown.iter().zip(self.searches(&bodies, deadline)?) {
            let buckets =
                read_buckets(answer.pointer("/aggregations/pairs").unwrap_or(&Value::Null), of.columns)?;
            // What has more of them is read page after page when it is wanted.
            if buckets.len() < BUCKETS {
                remembered.put(*key, buckets.into());
            }
        }
        Ok(())
    }

    /// All combinations of values of `columns` among the articles that meet `query`, page after page, exactly. `first` is an order: then each
    /// bucket says which of its articles is the first in it.
    pub(super) fn buckets(
        &self,
        of: &Aggregation<'_>,
        first: Option<&Value>,
        deadline: Deadline,
    ) -> Result<Arc<[Bucket]>, ArchiveError> {
        let (query, columns) = (of.query, of.columns);
        let key = of.key(first);
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
