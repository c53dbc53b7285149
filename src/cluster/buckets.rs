//! Buckets of an aggregation over combinations of values.

use serde_json::{Map, Value, json};

use super::document::place_of;
use super::error::ClusterError;
use crate::query::archive::Place;

/// One bucket of an aggregation over combinations of values.
pub(super) struct Bucket {
    pub(super) values: Vec<String>,
    pub(super) count: u64,
    /// The first of its articles, where that was asked for.
    pub(super) first: Option<Place>,
}

/// What aggregates the combinations of values of `columns`, and `within` each of them.
pub(super) fn combinations(
    columns: &[&str],
    size: usize,
    after: Option<Value>,
    within: Option<&Value>,
) -> Value {
    let sources: Vec<Value> =
        columns.iter().map(|column| json!({column.to_owned(): {"terms": {"field": column}}})).collect();
    let mut composite = Map::new();
    composite.insert("size".to_owned(), json!(size));
    composite.insert("sources".to_owned(), json!(sources));
    composite.extend(after.map(|after| ("after".to_owned(), after)));
    match within {
        Some(within) => json!({"composite": composite, "aggs": within}),
        None => json!({"composite": composite}),
    }
}

/// Reads the buckets of `columns` from an aggregation of [`combinations`].
pub(super) fn read_buckets(aggregation: &Value, columns: &[&str]) -> Result<Vec<Bucket>, ClusterError> {
    let damaged = || ClusterError::Unreadable { what: "a bucket has no values".to_owned() };
    let buckets = aggregation.get("buckets").and_then(Value::as_array).ok_or_else(damaged)?;
    let read = |bucket: &Value| {
        let value = |column: &&str| {
            let value = bucket.get("key").and_then(|key| key.get(*column)).and_then(Value::as_str);
            value.map(str::to_owned).ok_or_else(damaged)
        };
        let values = columns.iter().map(value).collect::<Result<_, _>>()?;
        let count = bucket.get("doc_count").and_then(Value::as_u64).ok_or_else(damaged)?;
        // Every order ends with the id.
        let order = bucket.pointer("/first/hits/hits/0/sort").and_then(Value::as_array);
        let first = order.and_then(|order| order.last()?.as_str()).map(place_of);
        Ok(Bucket { values, count, first })
    };
    buckets.iter().map(read).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_read_with_all_their_values() {
        let columns = ["outlet", "group"];
        let one = json!({"buckets": [{"key": {"outlet": "새벽신문", "group": "7"}, "doc_count": 3}]});
        let buckets = read_buckets(&one, &columns).unwrap();
        assert_eq!((buckets[0].values.join(" "), buckets[0].count), ("새벽신문 7".to_owned(), 3));
        assert!(
            read_buckets(&json!({"buckets": [{"key": {"outlet": "새벽신문"}, "doc_count": 3}]}), &columns)
                .is_err()
        );
        assert!(read_buckets(&Value::Null, &columns).is_err());
    }
}
