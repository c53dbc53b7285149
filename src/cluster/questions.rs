//! What is asked of a cluster: searches, counts of them that are remembered, and how many articles hold a term.

use serde_json::{Value, json};

use super::archive::ClusterArchive;
use super::asked::conditions::all;
use super::asked::{leaves, spans};
use super::client::{Client, Statistics};
use super::error::ClusterError;
use super::remembered::Key;
use super::reply::total;
use crate::query::archive::{Deadline, Frequencies};
use crate::query::shape::Probe;

/// Searches that are asked at once.
const AT_ONCE: usize = 100;

impl ClusterArchive {
    /// All of `conditions`, and what every article must pass.
    pub(super) fn within(&self, mut conditions: Vec<Value>) -> Value {
        conditions.extend(self.base.clone());
        all(conditions)
    }

    /// The answer to one search without scores; its query must be of a size that the cluster takes.
    pub(super) fn search(&self, body: &Value, deadline: Deadline) -> Result<Value, ClusterError> {
        self.search_with(Statistics::OfEachShard, body, deadline)
    }

    /// The same with scores: how rare a term is, all shards say together.
    pub(super) fn scored_search(&self, body: &Value, deadline: Deadline) -> Result<Value, ClusterError> {
        // Asking them is another round, which a single shard can be spared.
        let statistics =
            if self.held.shards == 1 { Statistics::OfEachShard } else { Statistics::OfAllShards };
        self.search_with(statistics, body, deadline)
    }

    fn search_with(
        &self,
        statistics: Statistics,
        body: &Value,
        deadline: Deadline,
    ) -> Result<Value, ClusterError> {
        leaves::check(body.get("query").unwrap_or(&Value::Null), self.held.limit)?;
        let shards = self.held.point.shards();
        let ask =
            |client: &Client, point: &Value| client.search_at(point, body, statistics, shards, deadline);
        self.held.point.ask(deadline, ask)
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
        let counted = &self.held.found.counted;
        let keys: Vec<Key> = queries.iter().map(Key::of).collect();
        let mut known: Vec<Option<u64>> = keys.iter().map(|key| counted.get(key)).collect();
        let unknown: Vec<usize> =
            known.iter().enumerate().filter(|(_, count)| count.is_none()).map(|(at, _)| at).collect();
        let bodies: Vec<Value> = unknown
            .iter()
            .filter_map(|at| queries.get(*at))
            .map(|query| json!({"size": 0, "track_total_hits": true, "query": query}))
            .collect();
        let answers = self.searches(&bodies, deadline)?;
        for (at, answer) in unknown.into_iter().zip(&answers) {
            let total = total(answer)?;
            if let (Some(known), Some(key)) = (known.get_mut(at), keys.get(at)) {
                *known = Some(total);
                counted.put(*key, total);
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
