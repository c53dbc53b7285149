//! What is asked of a cluster: searches, counts of them that are remembered, and how many articles hold a term.

use std::sync::PoisonError;

use serde_json::{Value, json};

use super::archive::ClusterArchive;
use super::asked::conditions::all;
use super::asked::{leaves, spans};
use super::client::Client;
use super::error::ClusterError;
use super::reply::total;
use crate::query::archive::{Deadline, Frequencies};
use crate::query::shape::Probe;

/// Counts that are remembered; then all are forgotten.
const REMEMBERED: usize = 50_000;
/// The longest query whose count is remembered, in bytes: longer ones list articles, and are hardly asked twice.
const LONGEST_REMEMBERED: usize = 4096;
/// Searches that are asked at once.
const AT_ONCE: usize = 100;

impl ClusterArchive {
    /// All of `conditions`, and what every article must pass.
    pub(super) fn within(&self, mut conditions: Vec<Value>) -> Value {
        conditions.extend(self.base.clone());
        all(conditions)
    }

    /// The answer to one search; its query must be of a size that the cluster takes.
    pub(super) fn search(&self, body: &Value, deadline: Deadline) -> Result<Value, ClusterError> {
        leaves::check(body.get("query").unwrap_or(&Value::Null), self.held.limit)?;
        let shards = self.held.point.shards();
        self.held.point.ask(deadline, |client, point| client.search_at(point, body, shards, deadline))
    }

    /// The answers to several searches, in their order.
    pub(super) fn searches(&self, bodies: &[Value], deadline: Deadline) -> Result<Vec<Value>, ClusterError> {
        for body in bodies {
            leaves::check(body.get("query").unwrap_or(&Value::Null), self.held.limit)?;
        }
        let mut answers = Vec::with_capacity(bodies.len());
        for some in bodies.chunks(AT_ONCE) {
            let shards = self.held.point.shards();
            let ask = |client: &Client, point: &Value| client.searches_at(point, some, shards, deadline);
            answers.extend(self.held.point.ask(deadline, ask)?);
        }
        Ok(answers)
    }

    /// How many articles of the whole index meet each of `queries`, exactly.
    pub(super) fn counts(&self, queries: Vec<Value>, deadline: Deadline) -> Result<Vec<u64>, ClusterError> {
        let keys: Vec<String> = queries.iter().map(Value::to_string).collect();
        let mut counted = self.held.counted.lock().unwrap_or_else(PoisonError::into_inner);
        if counted.len() > REMEMBERED {
            counted.clear();
        }
        let mut known: Vec<Option<u64>> = keys.iter().map(|key| counted.get(key).copied()).collect();
        drop(counted);
        let unknown: Vec<usize> =
            known.iter().enumerate().filter(|(_, count)| count.is_none()).map(|(at, _)| at).collect();
        let bodies: Vec<Value> = unknown
            .iter()
            .filter_map(|at| queries.get(*at))
            .map(|query| json!({"size": 0, "track_total_hits": true, "query": query}))
            .collect();
        let answers = self.searches(&bodies, deadline)?;
        let mut counted = self.held.counted.lock().unwrap_or_else(PoisonError::into_inner);
        for (at, answer) in unknown.into_iter().zip(&answers) {
            let total = total(answer)?;
            if let (Some(known), Some(key)) = (known.get_mut(at), keys.get(at)) {
                *known = Some(total);
                if key.len() <= LONGEST_REMEMBERED {
                    counted.insert(key.clone(), total);
                }
            }
        }
        Ok(known.into_iter().map(Option::unwrap_or_default).collect())
    }

    /// How many articles hold each of `probes`, without a filter.
    pub(super) fn everywhere(
        &self,
        probes: &[Probe],
        deadline: Deadline,
    ) -> Result<Frequencies, ClusterError> {
        let held = self.counts(probes.iter().map(spans::probe).collect(), deadline)?;
        Ok(Frequencies { articles: self.held.articles, held })
    }

    /// How many articles that every filter lets through hold each of `probes`.
    pub(super) fn held(&self, probes: &[Probe], deadline: Deadline) -> Result<Frequencies, ClusterError> {
        let queries = probes.iter().map(|probe| self.within(vec![spans::probe(probe)])).collect();
        Ok(Frequencies { articles: self.articles(), held: self.counts(queries, deadline)? })
    }
}
