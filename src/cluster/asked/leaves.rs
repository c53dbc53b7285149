//! How many parts a query has, as the cluster counts them against its limit.

use serde_json::Value;

use crate::cluster::error::ClusterError;

/// Queries that count as one part, whatever they hold.
const LEAVES: [&str; 9] =
    ["term", "terms", "span_term", "span_gap", "exists", "range", "ids", "match_all", "match_none"];

/// The parts of a query: its terms and gaps, however deep.
pub(in crate::cluster) fn leaves(query: &Value) -> usize {
    match query {
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| if LEAVES.contains(&name.as_str()) { 1 } else { leaves(value) })
            .sum(),
        Value::Array(parts) => parts.iter().map(leaves).sum(),
        _ => 0,
    }
}

/// Checks that the cluster takes a query.
///
/// # Errors
/// [`ClusterError::TooManyClauses`].
pub(in crate::cluster) fn check(query: &Value, limit: usize) -> Result<(), ClusterError> {
    let leaves = leaves(query);
    if leaves <= limit {
        return Ok(());
    }
    Err(ClusterError::TooManyClauses { reason: format!("{leaves}, and it takes {limit}") })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn terms_and_gaps_count_wherever_they_are() {
        let gap = json!({"span_gap": {"gram": 2}});
        let near = json!({"span_near": {"clauses": [{"span_term": {"gram": "가나"}}, gap, {"span_term": {"gram": "다라"}}]}});
        let query = json!({"bool": {"filter": [{"terms": {"morph": ["가", "나"]}}, near], "must_not": {"exists": {"field": "x"}}}});
        assert_eq!(leaves(&query), 5);
        assert!(check(&query, 5).is_ok() && check(&query, 4).is_err());
    }
}
