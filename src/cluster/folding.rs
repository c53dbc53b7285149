//! Near-identical articles as one hit. Only they have a group in the index: what is alone is its own hit.

use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use super::archive::ClusterArchive;
use super::asked::conditions::{all, has, not};
use super::document::document_id;
use super::error::ClusterError;
use super::hits::Hit;
use super::scoring::Scoring;
use crate::query::archive::{ArchiveError, Deadline, Place};
use crate::query::request::Representative;

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

impl ClusterArchive {
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
        Ok(buckets.iter().flat_map(|bucket| bucket.values.iter().cloned()).collect())
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
        for bucket in self.buckets(&scored, &["group"], Some(&order(representative)), deadline)?.iter() {
            if bucket.count < 2 {
                continue;
            }
            let missing = || ClusterError::Unreadable { what: "a group has no article".to_owned() };
            folded.hidden += bucket.count - 1;
            folded.shown.insert(bucket.first.ok_or_else(missing)?, bucket.count - 1);
            folded.groups.extend(bucket.values.iter().cloned());
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
}
