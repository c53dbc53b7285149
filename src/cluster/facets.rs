//! Counts by the values of a field: all of them, exactly. A count of the first few by a cluster's shards would not be.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::archive::ClusterArchive;
use super::asked::conditions::{all, column, has, not};
use super::select::Matching;
use crate::korean::collation;
use crate::query::archive::{ArchiveError, FacetResponse, FacetValue, Wanted};
use crate::query::request::FacetField;

/// What was counted of one value: articles that are alone, and the groups of the others.
#[derive(Default)]
struct Counted {
    alone: u64,
    groups: FxHashSet<String>,
}

impl Counted {
    fn count(&self) -> u64 {
        self.alone + self.groups.len() as u64
    }
}

impl ClusterArchive {
    /// The wanted facets, in the order wanted.
    pub(super) fn facets(
        &self,
        matching: &Matching<'_>,
        wanted: &Wanted<'_>,
    ) -> Result<Vec<FacetResponse>, ArchiveError> {
        wanted.facets.iter().map(|field| self.facet(*field, matching, wanted)).collect()
    }

    fn facet(
        &self,
        field: FacetField,
        matching: &Matching<'_>,
        wanted: &Wanted<'_>,
    ) -> Result<FacetResponse, ArchiveError> {
        let deadline = wanted.deadline;
        let query = matching.query(Some(field));
        let column = column(field);
        let of_value = |value: &String| match field {
            FacetField::OutletGroup => wanted.outlet_groups.of(value).map(str::to_owned),
            _ => Some(value.clone()),
        };
        let folds = wanted.group.is_some();
        let alone = if folds { all(vec![query.clone(), not(has("group"))]) } else { query.clone() };
        let mut values: BTreeMap<String, Counted> = BTreeMap::new();
        let mut valued = Counted::default();
        for bucket in self.buckets(&alone, &[column], None, deadline)?.iter() {
            if let Some(value) = bucket.values.first().and_then(of_value) {
                values.entry(value).or_default().alone += bucket.count;
                // An article has one outlet, so that what its group has is what its outlets have.
                valued.alone += bucket.count;
            }
        }
        let mut totals =
            self.counts(vec![alone.clone(), all(vec![alone, has(column)])], deadline)?.into_iter();
        let mut total = Counted { alone: totals.next().unwrap_or_default(), ..Counted::default() };
        if field != FacetField::OutletGroup {
            valued.alone = totals.next().unwrap_or_default();
        }
        if folds {
            let grouped = all(vec![query, has("group")]);
            for bucket in self.buckets(&grouped, &[column, "group"], None, deadline)?.iter() {
                let [value, group] = bucket.values.as_slice() else { continue };
                if let Some(value) = of_value(value) {
                    values.entry(value).or_default().groups.insert(group.clone());
                    valued.groups.insert(group.clone());
                }
            }
            let groups = self.buckets(&grouped, &["group"], None, deadline)?;
            total.groups.extend(groups.iter().flat_map(|bucket| bucket.values.iter().cloned()));
        }
        Ok(response(field, values, &total, &valued, wanted.facet_size))
    }
}

/// The facet as it is answered: names by count, ties in Korean order; times by time, the latest of them.
fn response(
    field: FacetField,
    values: BTreeMap<String, Counted>,
    total: &Counted,
    valued: &Counted,
    size: usize,
) -> FacetResponse {
    let counted = values.into_iter().map(|(value, counted)| FacetValue { value, count: counted.count() });
    let mut values: Vec<FacetValue> = counted.collect();
    if field.is_time() {
        values.reverse();
    } else {
        highest_first(&mut values);
    }
    let left_out = values.split_off(size.min(values.len()));
    if field.is_time() {
        values.reverse();
    }
    let other = left_out.iter().map(|value| value.count).sum();
    let missing = total.count().saturating_sub(valued.count());
    FacetResponse { field: field.name(), total: total.count(), values, other, missing, partial: None }
}

/// Orders by count, ties in Korean order.
pub(super) fn highest_first(values: &mut [FacetValue]) {
    values.sort_by(|a, b| collation::compare(&a.value, &b.value));
    values.sort_by_key(|value| Reverse(value.count));
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn counted(alone: u64, groups: &[&str]) -> Counted {
        Counted { alone, groups: groups.iter().map(|group| (*group).to_owned()).collect() }
    }

    #[test]
    fn a_group_counts_once_with_each_value_and_once_in_all() {
        let values = BTreeMap::from([
            ("다".to_owned(), counted(0, &["1", "2"])),
            ("가".to_owned(), counted(2, &[])),
            ("나".to_owned(), counted(1, &["1"])),
            ("라".to_owned(), counted(1, &[])),
        ]);
        let facet =
            response(FacetField::Outlet, values, &counted(5, &["1", "2", "3"]), &counted(4, &["1", "2"]), 3);
        let shown: Vec<&str> = facet.values.iter().map(|value| value.value.as_str()).collect();
        assert_eq!((shown, facet.other, facet.total, facet.missing), (vec!["가", "나", "다"], 1, 8, 2));
    }

    #[test]
    fn of_times_the_latest_are_kept_in_their_order() {
        let values = ["2022", "2023", "2024"].map(|year| (year.to_owned(), counted(1, &[])));
        let facet = response(FacetField::Year, BTreeMap::from(values), &counted(4, &[]), &counted(3, &[]), 2);
        let shown: Vec<&str> = facet.values.iter().map(|value| value.value.as_str()).collect();
        assert_eq!((shown, facet.other, facet.missing), (vec!["2023", "2024"], 1, 1));
    }
}
