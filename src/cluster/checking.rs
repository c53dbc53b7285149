//! Whether what the cluster serves is what it is said to be, for `gisa check`.

use std::time::Duration;

use serde_json::Value;

use super::client::Client;
use super::error::ClusterError;
use super::fill::{articles_in, serving};
use super::reached::Reached;
use crate::query::archive::Deadline;

/// How long the check may take.
const CHECKING: Duration = Duration::from_secs(60);

/// In which condition an index is.
#[derive(Debug)]
pub struct Condition {
    /// The index that serves.
    pub index: String,
    /// The journal's last entry that it is said to hold.
    pub sequence: u64,
    /// How many articles it is said to hold.
    pub articles: u64,
    /// How many are to be seen.
    pub found: u64,
    /// The health of its shards as the cluster says it: `green`, `yellow` where copies are missing, `red`.
    pub health: String,
    /// Articles that it cannot hold.
    pub left_out: usize,
}

impl Condition {
    /// Looks at what the alias `prefix` names.
    ///
    /// # Errors
    /// [`ClusterError::NoIndex`]; whatever the cluster says, also where a shard does not answer.
    pub fn of(client: &Client, prefix: &str) -> Result<Self, ClusterError> {
        let deadline = Deadline::within(CHECKING);
        let index = serving(client, prefix, deadline)?;
        loop {
            let before = Reached::read(client, &index, deadline)?;
            let found = articles_in(client, &index, deadline)?;
            let after = Reached::read(client, &index, deadline)?;
            // A writer may be at work: what is said and what is seen must be of one moment.
            if before != after {
                continue;
            }
            let health = client.get(&format!("/_cluster/health/{index}"), deadline)?;
            let health = health.get("status").and_then(Value::as_str).unwrap_or("unknown").to_owned();
            let Reached { sequence, articles, left_out, .. } = after;
            return Ok(Self { index, sequence, articles, found, health, left_out: left_out.len() });
        }
    }

    /// Whether it holds what it is said to hold.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.found == self.articles && self.health != "red"
    }
}
