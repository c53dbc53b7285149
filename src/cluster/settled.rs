//! A filled index is merged before it is searched: what a copy of a shard may still have to be told is kept beside each article, with all
//! that is only indexed, until it is merged away. It makes an index twice as large, and reading articles from it several times as slow.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;
use ureq::http::Method;

use super::client::{Again, Client};
use super::error::ClusterError;
use crate::query::archive::Deadline;

/// Indexes of fewer articles are left as they are: nothing in them is slow.
const FEWEST_ARTICLES: u64 = 20_000;
/// The cluster looks every thirty seconds what copies may still have to be told.
const LONGEST_WAIT: Duration = Duration::from_secs(75);
/// From one look to the next.
const PAUSE: Duration = Duration::from_millis(500);
/// How long the cluster may merge without an answer before it is asked how far it is.
const ONE_ANSWER: Duration = Duration::from_secs(5);

/// Merges each shard of `index`, which has so many articles and is written no more, into one segment. `stop` ends that early; an index that
/// was not merged is larger and slower, and not wrong.
pub(super) fn settle(
    client: &Client,
    index: &str,
    articles: u64,
    stop: &AtomicBool,
) -> Result<(), ClusterError> {
    if articles < FEWEST_ARTICLES {
        return Ok(());
    }
    let flush =
        || client.send(Method::POST, &format!("/{index}/_flush"), None, Again::Harmless, Deadline::NONE);
    flush()?;
    let began = Instant::now();
    while !is_told(client, index)? && began.elapsed() < LONGEST_WAIT {
        if is_stopped(stop) {
            return Ok(());
        }
        std::thread::sleep(PAUSE);
    }
    let merge = format!("/{index}/_forcemerge?max_num_segments=1");
    match client.send(Method::POST, &merge, None, Again::No, Deadline::within(ONE_ANSWER)) {
        // It goes on merging.
        Ok(_) | Err(ClusterError::Deadline) => {}
        Err(error) => return Err(error),
    }
    while is_merging(client, index)? && !is_stopped(stop) {
        std::thread::sleep(PAUSE);
    }
    // Lets go of the files from before.
    flush().map(|_| ())
}

fn is_stopped(stop: &AtomicBool) -> bool {
    stop.load(Ordering::Relaxed)
}

/// Whether no copy of any shard may still have to be told what was written (its retention leases).
fn is_told(client: &Client, index: &str) -> Result<bool, ClusterError> {
    let stats = client.get(&format!("/{index}/_stats?level=shards"), Deadline::NONE)?;
    let shards = stats.pointer(&format!("/indices/{index}/shards")).and_then(Value::as_object);
    let copies = shards.into_iter().flatten().filter_map(|(_, copies)| copies.as_array()).flatten();
    let number = |of: &Value, at: &str| of.pointer(at).and_then(Value::as_i64);
    Ok(copies.into_iter().all(|copy| {
        let last = number(copy, "/seq_no/max_seq_no").unwrap_or(-1);
        let leases = copy.pointer("/retention_leases/leases").and_then(Value::as_array);
        leases
            .into_iter()
            .flatten()
            .all(|lease| number(lease, "/retaining_seq_no").is_none_or(|kept| kept > last))
    }))
}

/// Whether a shard of the index is being merged.
fn is_merging(client: &Client, index: &str) -> Result<bool, ClusterError> {
    let stats = client.get(&format!("/{index}/_stats/merge"), Deadline::NONE)?;
    Ok(stats
        .pointer("/_all/primaries/merges/current")
        .and_then(Value::as_u64)
        .is_some_and(|merges| merges > 0))
}
