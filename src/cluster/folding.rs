//! Near-identical articles as one hit. Only they have a group in the index: what is alone is its own hit.

use rustc_hash::FxHashMap;
use serde_json::{Map, Value, json};

use super::archive::ClusterArchive;
use super::asked::conditions::{all, has, not};
use super::document::{document_id, place_from};
use super::error::ClusterError;
use super::hits::Hit;
use super::scoring::Scoring;
use crate::query::archive::{ArchiveError, Deadline, Place};
use crate::query::request::Representative;

/// Buckets that are read at once.
const BUCKETS: usize = 10_000;
/// Buckets that are read at once where each has a hit in it.
const BUCKETS_WITH_HITS: usize = 1_000;
/// Groups and their representatives that a query may name, at most (`index.max_terms_count`).
const MOST: usize = 60_000;

/// What folding does to the articles that match.
#[derive(Default)]
pub(super) struct Folded {
    /// Articles that another represents.
    pub(super) hidden: u64,
    /// Groups of which several articles match.
    groups: Vec<String>,
    /// Of each such group, the one that represents it, and how many others it does.
    shown: FxHashMap<Place, u64>,
}

impl Folded {
    /// Leaves out what another represents; `None` where nothing is.
    pub(super) fn condition(&self) -> Option<Value> {
        let shown: Vec<String> = self.shown.keys().copied().map(document_id).collect();
        let others = json!({"bool": {
            "filter": [{"terms": {"group": self.groups}}],
            "must_not": [{"ids": {"values": shown}}],
        }});
        (!self.groups.is_empty()).then(|| not(others))
    }

    /// How many other matches an article represents.
    pub(super) fn similar(&self, place: Place) -> u64 {
        self.shown.get(&place).copied().unwrap_or_default()
    }
}

/// One bucket of an aggregation over combinations of values.
pub(super) struct Bucket {
    pub(super) values: Vec<String>,
    pub(super) count: u64,
    /// The whole of it.
    pub(super) whole: Value,
}

/// What aggregates the combinations of values of `columns`, and `within` each of them.
fn combinations(columns: &[&str], size: usize, after: Option<Value>, within: Option<&Value>) -> Value {
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
        Ok(Bucket { values, count, whole: bucket.clone() })
    };
    buckets.iter().map(read).collect()
}

impl ClusterArchive {
    /// All combinations of values of `columns` among the articles that meet `query`, page after page, exactly. In each bucket, `within` is
    /// aggregated.
    pub(super) fn buckets(
        &self,
        query: &Value,
        columns: &[&str],
        within: Option<&Value>,
        deadline: Deadline,
    ) -> Result<Vec<Bucket>, ClusterError> {
        let size = if within.is_some() { BUCKETS_WITH_HITS } else { BUCKETS };
        let mut all = Vec::new();
        let mut after = None;
        loop {
            let pairs = combinations(columns, size, after.take(), within);
            let body = json!({"size": 0, "track_total_hits": true, "query": query, "aggs": {"pairs": pairs}});
            let answer = self.search(&body, deadline)?;
            let aggregation = answer.pointer("/aggregations/pairs").unwrap_or(&Value::Null);
            let buckets = read_buckets(aggregation, columns)?;
            let full = buckets.len() == size;
            all.extend(buckets);
            after = aggregation.get("after_key").cloned().filter(|_| full);
            if after.is_none() {
                return Ok(all);
            }
        }
    }

    /// Groups were found among all articles: what is hidden may be all that makes two articles of a group the same.
    ///
    /// # Errors
    /// [`ArchiveError::Unsupported`] where a filter hides articles.
    pub(super) fn check_groups(&self) -> Result<(), ArchiveError> {
        let what = "a cluster has no groups of near-identical articles for a key with a fixed filter: search without them";
        if self.is_restricted() { Err(ArchiveError::Unsupported { what: what.to_owned() }) } else { Ok(()) }
    }

    /// The groups of the articles that meet `query`.
    pub(super) fn groups(&self, query: &Value, deadline: Deadline) -> Result<Vec<String>, ArchiveError> {
        let buckets = self.buckets(query, &["group"], None, deadline)?;
        within_bounds(buckets.len())?;
        Ok(buckets.into_iter().flat_map(|bucket| bucket.values).collect())
    }

    /// Folds the articles that meet `query`. Without `shown`, only how many are hidden is found.
    pub(super) fn folded(
        &self,
        query: &Value,
        shown: Option<(Representative, Option<&Scoring>)>,
        deadline: Deadline,
    ) -> Result<Folded, ArchiveError> {
        self.check_groups()?;
        let grouped = all(vec![query.clone(), has("group")]);
        let mut folded = Folded::default();
        let Some((representative, scoring)) = shown else {
            let buckets = self.buckets(&grouped, &["group"], None, deadline)?;
            folded.hidden = buckets.iter().map(|bucket| bucket.count.saturating_sub(1)).sum();
            return Ok(folded);
        };
        let scored = match (representative, scoring) {
            (Representative::Best, Some(scoring)) => scoring.query(grouped, None),
            _ => grouped,
        };
        let best =
            json!({"best": {"top_hits": {"size": 1, "_source": false, "sort": order(representative)}}});
        for bucket in self.buckets(&scored, &["group"], Some(&best), deadline)? {
            if bucket.count < 2 {
                continue;
            }
            let id = bucket.whole.pointer("/best/hits/hits/0/_id").and_then(Value::as_str);
            let missing = || ClusterError::Unreadable { what: "a group has no article".to_owned() };
            let place = id.and_then(place_from).ok_or_else(missing)?;
            folded.hidden += bucket.count - 1;
            folded.shown.insert(place, bucket.count - 1);
            folded.groups.extend(bucket.values);
        }
        within_bounds(folded.groups.len())?;
        Ok(folded)
    }

    /// How many other articles the groups of `hits` have, whether they match or not.
    pub(super) fn sizes<'h>(
        &self,
        hits: impl Iterator<Item = &'h Hit>,
        deadline: Deadline,
    ) -> Result<FxHashMap<String, u64>, ArchiveError> {
        let mut groups: Vec<&String> = hits.filter_map(|hit| hit.group.as_ref()).collect();
        groups.sort_unstable();
        groups.dedup();
        let queries =
            groups.iter().map(|group| self.within(vec![json!({"term": {"group": group}})])).collect();
        let counts = self.counts(queries, deadline)?;
        let others = groups.into_iter().cloned().zip(counts.into_iter().map(|count| count.saturating_sub(1)));
        Ok(others.collect())
    }
}

fn within_bounds(groups: usize) -> Result<(), ArchiveError> {
    if groups <= MOST {
        return Ok(());
    }
    let what = format!(
        "the search has {groups} groups of near-identical articles; a cluster folds up to {MOST}: narrow it"
    );
    Err(ArchiveError::Unsupported { what })
}

/// The order in which the first of a group represents it.
fn order(representative: Representative) -> Value {
    match representative {
        Representative::First => json!([{"oldest": "asc"}, {"id": "asc"}]),
        Representative::Newest => json!([{"newest": "desc"}, {"id": "asc"}]),
        Representative::Best => json!([{"_score": "desc"}, {"oldest": "asc"}, {"id": "asc"}]),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_folded_search_leaves_out_what_another_represents() {
        assert!(Folded::default().condition().is_none());
        let shown = FxHashMap::from_iter([(Place::new(255), 2)]);
        let folded = Folded { hidden: 2, groups: vec!["7".to_owned()], shown };
        let condition = folded.condition().unwrap();
        let left_out = &condition["bool"]["must_not"][0]["bool"];
        assert_eq!(left_out["must_not"][0]["ids"]["values"], json!(["00000000000000ff"]));
        assert_eq!((folded.similar(Place::new(255)), folded.similar(Place::new(1))), (2, 0));
    }

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
