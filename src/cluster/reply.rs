//! What a cluster answers, read with suspicion: an error has its cause, and a part is not taken for the whole.

use serde_json::Value;

use super::error::ClusterError;

/// The error that an answer with this status is; `None` for a good one.
pub(super) fn failure(status: u16, body: &Value) -> Option<ClusterError> {
    if (200..300).contains(&status) {
        return None;
    }
    let error = body.get("error").unwrap_or(&Value::Null);
    let cause = error.pointer("/root_cause/0").unwrap_or(error);
    let text = |of: &Value, name: &str| of.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (kind, mut reason) = (text(cause, "type"), text(cause, "reason"));
    if let (true, Some(plain)) = (reason.is_empty(), error.as_str()) {
        reason = plain.to_owned();
    }
    Some(cause_of(status, &[kind, text(error, "type")], reason))
}

/// The cause behind a status and the types of an error: a full queue, a breaker and a full disk all say 429.
pub(super) fn cause_of(status: u16, kinds: &[String], reason: String) -> ClusterError {
    let kind = kinds.iter().find(|kind| !kind.is_empty()).cloned().unwrap_or_default();
    let says = |what: &str| reason.contains(what);
    match (status, kind.as_str()) {
        // `cluster_block_exception`, and one of its own for new indexes. Where disks are nearly full, no index may be made.
        (_, blocked) if blocked.ends_with("block_exception") => {
            let full =
                ["flood-stage", "read-only-allow-delete", "create-index blocked"].into_iter().any(says);
            match full {
                true => ClusterError::DiskFull { reason },
                false => ClusterError::Red { reason: format!("{kind}: {reason}") },
            }
        }
        // From the fifth on: the node that was asked could not reach another one, which has just ended or does not answer.
        (
            _,
            "no_shard_available_action_exception"
            | "unavailable_shards_exception"
            | "master_not_discovered_exception"
            | "cluster_manager_not_discovered_exception"
            | "node_not_connected_exception"
            | "node_disconnected_exception"
            | "node_closed_exception"
            | "connect_transport_exception"
            | "receive_timeout_transport_exception",
        ) => ClusterError::Red { reason: format!("{kind}: {reason}") },
        (_, "search_context_missing_exception") => ClusterError::PointLost,
        // What was held open was held open on a node that has left the cluster.
        (_, "illegal_state_exception") if says("no node found for id") => ClusterError::PointLost,
        (_, "index_not_found_exception") => {
            let name = reason.split(['[', ']']).nth(1).unwrap_or_default().to_owned();
            ClusterError::NoIndex { name }
        }
        (_, "too_many_clauses" | "too_many_nested_clauses") => ClusterError::TooManyClauses { reason },
        (_, "mapper_parsing_exception" | "strict_dynamic_mapping_exception" | "mapper_exception") => {
            ClusterError::Mapping { reason }
        }
        (401 | 403, _) => ClusterError::Unauthorized { status, reason },
        (408 | 504, _) => ClusterError::Deadline,
        (429, _) => ClusterError::Busy { reason: format!("{kind}: {reason}") },
        (502 | 503, _) => ClusterError::Red { reason: format!("{kind}: {reason}") },
        _ => ClusterError::Refused { status, kind, reason },
    }
}

/// Which shards have to answer a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shards {
    /// Every one, or there is no answer.
    All,
    /// Those that have a live copy: whoever asks says that it is a part.
    Alive,
}

/// The answer to a search, if every shard of `wanted` gave all that it has.
///
/// # Errors
/// The error that it is; [`ClusterError::Partial`] for a part of that.
pub(super) fn judged(answer: Value, wanted: Shards) -> Result<Value, ClusterError> {
    let status = answer.get("status").and_then(Value::as_u64).unwrap_or(200);
    if answer.get("error").is_some() {
        let status = u16::try_from(status).unwrap_or(500);
        let status = if (200..300).contains(&status) { 500 } else { status };
        return Err(failure(status, &answer).unwrap_or(ClusterError::Deadline));
    }
    let shards = |name: &str| answer.pointer(&format!("/_shards/{name}")).and_then(Value::as_u64);
    let (Some(total), Some(successful)) = (shards("total"), shards("successful")) else {
        return Err(ClusterError::Unreadable { what: "it does not say how many shards answered".to_owned() });
    };
    let says = |name: &str| answer.get(name).and_then(Value::as_bool) == Some(true);
    // A node that was started again no longer knows what it held open, while another copy of its shards may be searched anew.
    let failures = answer.pointer("/_shards/failures").and_then(Value::as_array).into_iter().flatten();
    let is_forgotten = |failure: &Value| {
        failure.pointer("/reason/type").and_then(Value::as_str) == Some("search_context_missing_exception")
    };
    if wanted == Shards::All && failures.clone().any(is_forgotten) {
        return Err(ClusterError::PointLost);
    }
    // A shard without a live copy may be neither failed nor listed: only the difference tells.
    let is_enough = successful == total || wanted == Shards::Alive && successful > 0;
    // An aggregation stops when it has the buckets that it was asked for (3.x says so). Nothing else is ever told to stop.
    let stopped = says("terminated_early") && answer.get("aggregations").is_none();
    if !is_enough || stopped {
        return Err(ClusterError::Partial { successful, total });
    }
    // One that lives and did not answer for another cause is not lost: that cause is to be known.
    let mut causes = failures.filter_map(failure_of_a_live_shard);
    if let Some(error) = causes.next().filter(|_| successful < total) {
        return Err(error);
    }
    if says("timed_out") {
        return Err(ClusterError::Deadline);
    }
    Ok(answer)
}

/// Why a shard that lives did not answer; `None` for one that is lost.
fn failure_of_a_live_shard(failure: &Value) -> Option<ClusterError> {
    let reason = failure.get("reason")?;
    let text = |of: &Value, name: &str| of.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let kinds = [text(reason, "type"), text(reason.get("caused_by").unwrap_or(&Value::Null), "type")];
    let status = kinds.iter().find_map(|kind| cause_by_kind(kind))?;
    Some(cause_of(status, &kinds, text(reason, "reason")))
}

/// The status of what goes wrong in a shard that lives.
fn cause_by_kind(kind: &str) -> Option<u16> {
    match kind {
        "circuit_breaking_exception"
        | "rejected_execution_exception"
        | "opensearch_rejected_execution_exception" => Some(429),
        "task_cancelled_exception" => Some(408),
        "too_many_clauses"
        | "too_many_nested_clauses"
        | "query_shard_exception"
        | "illegal_argument_exception" => Some(400),
        _ => None,
    }
}

/// The hits of a search.
pub(super) fn hits_of(answer: &Value) -> &[Value] {
    answer.pointer("/hits/hits").and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// How many articles a search found, exactly.
pub(super) fn total(answer: &Value) -> Result<u64, ClusterError> {
    let exact = answer.pointer("/hits/total/relation").and_then(Value::as_str) == Some("eq");
    let total = answer.pointer("/hits/total/value").and_then(Value::as_u64).filter(|_| exact);
    total.ok_or_else(|| ClusterError::Unreadable { what: "a total is not exact".to_owned() })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    fn error(status: u16, kind: &str, reason: &str) -> ClusterError {
        let cause = json!({"type": kind, "reason": reason});
        failure(status, &json!({"error": {"root_cause": [cause], "type": "outer"}, "status": status}))
            .unwrap()
    }

    #[test]
    fn each_cause_is_told_from_the_others() {
        assert!(failure(200, &json!({})).is_none());
        let flood = "index [x] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark]";
        assert!(matches!(error(429, "cluster_block_exception", flood), ClusterError::DiskFull { .. }));
        let made = "blocked by: [FORBIDDEN/10/cluster create-index blocked (api)];";
        assert!(matches!(error(403, "index_create_block_exception", made), ClusterError::DiskFull { .. }));
        let closed = error(403, "cluster_block_exception", "blocked by: [FORBIDDEN/8/index write (api)]");
        assert!(matches!(closed, ClusterError::Red { .. }));
        let breaker = error(429, "circuit_breaking_exception", "[parent] Data too large");
        assert!(matches!(breaker, ClusterError::Busy { .. }));
        assert!(matches!(
            error(401, "security_exception", "no"),
            ClusterError::Unauthorized { status: 401, .. }
        ));
        assert!(matches!(
            error(503, "no_shard_available_action_exception", "[x][0]"),
            ClusterError::Red { .. }
        ));
        assert!(matches!(
            error(400, "strict_dynamic_mapping_exception", "introduction of [y]"),
            ClusterError::Mapping { .. }
        ));
        let missing = error(404, "index_not_found_exception", "no such index [news]");
        assert!(matches!(missing, ClusterError::NoIndex { name } if name == "news"));
        for kind in ["node_not_connected_exception", "node_disconnected_exception"] {
            let ended = error(500, kind, "[node2][127.0.0.1:9302] Node not connected");
            assert!(matches!(ended, ClusterError::Red { .. }), "{kind}");
        }
        let left = error(500, "illegal_state_exception", "no node found for id: n7rbz8eWTsWQkPbwpIaeKQ");
        assert!(matches!(left, ClusterError::PointLost));
        assert!(matches!(error(400, "parsing_exception", "?"), ClusterError::Refused { status: 400, .. }));
    }

    #[test]
    fn a_total_is_exact_or_an_error() {
        let answer = |relation: &str| json!({"hits": {"total": {"value": 7, "relation": relation}}});
        assert_eq!(total(&answer("eq")).unwrap(), 7);
        assert!(total(&answer("gte")).is_err() && total(&json!({})).is_err());
    }

    #[test]
    fn a_part_is_never_taken_for_the_whole() {
        let shards =
            |total: u64, successful: u64| json!({"total": total, "successful": successful, "failed": 0});
        let whole = |answer| judged(answer, Shards::All);
        assert!(whole(json!({"_shards": shards(3, 3), "timed_out": false})).is_ok());
        let lacking = whole(json!({"_shards": shards(3, 2), "timed_out": false}));
        assert!(matches!(lacking, Err(ClusterError::Partial { successful: 2, total: 3 })));
        let reason = json!({"type": "search_context_missing_exception", "reason": "No search context found for id [7]"});
        let shards_of_another =
            json!({"total": 3, "successful": 2, "failed": 1, "failures": [{"shard": 0, "reason": reason}]});
        let started_again = whole(json!({"_shards": shards_of_another, "timed_out": false}));
        assert!(matches!(started_again, Err(ClusterError::PointLost)));
        let late = whole(json!({"_shards": shards(3, 3), "timed_out": true}));
        assert!(matches!(late, Err(ClusterError::Deadline)));
        let early = whole(json!({"_shards": shards(3, 3), "terminated_early": true}));
        assert!(matches!(early, Err(ClusterError::Partial { .. })));
        let buckets =
            json!({"_shards": shards(3, 3), "terminated_early": true, "aggregations": {"pairs": {}}});
        assert!(whole(buckets).is_ok());
        assert!(matches!(whole(json!({"hits": {}})), Err(ClusterError::Unreadable { .. })));
        let item = json!({"error": {"type": "circuit_breaking_exception", "reason": "x"}, "status": 429});
        assert!(matches!(whole(item), Err(ClusterError::Busy { .. })));
    }

    #[test]
    fn of_a_part_lost_shards_alone_may_lack() {
        let part = |answer| judged(answer, Shards::Alive);
        let answer = |successful: u64, failures: Value| {
            json!({"timed_out": false, "_shards":
            {"total": 3, "successful": successful, "failed": failures.as_array().map_or(0, Vec::len), "failures": failures}})
        };
        let failed = |kind: &str, cause: &str| json!([{"shard": 1, "reason": {"type": kind, "reason": "x", "caused_by": {"type": cause}}}]);
        assert!(part(answer(3, json!([]))).is_ok());
        assert!(part(answer(2, json!([]))).is_ok(), "neither failed nor listed");
        for lost in [
            "no_shard_available_action_exception",
            "node_not_connected_exception",
            "search_context_missing_exception",
        ] {
            assert!(part(answer(2, failed(lost, ""))).is_ok(), "{lost}");
        }
        // Nothing is not a part.
        assert!(matches!(part(answer(0, json!([]))), Err(ClusterError::Partial { successful: 0, total: 3 })));
        let busy = part(answer(2, failed("circuit_breaking_exception", "")));
        assert!(matches!(busy, Err(ClusterError::Busy { .. })), "{busy:?}");
        let nested =
            part(answer(2, failed("remote_transport_exception", "opensearch_rejected_execution_exception")));
        assert!(matches!(nested, Err(ClusterError::Busy { .. })), "{nested:?}");
        let long = part(answer(2, failed("too_many_nested_clauses", "")));
        assert!(matches!(long, Err(ClusterError::TooManyClauses { .. })), "{long:?}");
        let late = part(json!({"_shards": {"total": 3, "successful": 2}, "timed_out": true}));
        assert!(matches!(late, Err(ClusterError::Deadline)));
        let early = part(json!({"_shards": {"total": 3, "successful": 3}, "terminated_early": true}));
        assert!(matches!(early, Err(ClusterError::Partial { .. })));
        assert!(part(json!({"error": {"type": "x", "reason": "y"}, "status": 500})).is_err());
        assert!(part(json!({"hits": {}})).is_err());
    }
}
