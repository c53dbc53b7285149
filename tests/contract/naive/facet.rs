//! Counts by the values of a field.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use gisa::korean::collation;
use gisa::korean::lexicon::OutletGroups;
use gisa::query::archive::{FacetResponse, FacetValue};
use gisa::query::request::FacetField;

use super::NaiveArchive;
use super::matching::values;

/// Counts `articles`. What `counted_as` gives the same number for counts once with each value, and once in the total.
pub fn count(
    archive: &NaiveArchive,
    field: FacetField,
    articles: &[usize],
    counted_as: impl Fn(usize) -> usize,
    size: usize,
    groups: &OutletGroups,
) -> FacetResponse {
    let mut with_value: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    let mut valued: BTreeSet<usize> = BTreeSet::new();
    for number in articles {
        for value in values(field, &archive.articles[*number], &archive.texts[*number], groups) {
            valued.insert(counted_as(*number));
            with_value.entry(value).or_default().insert(counted_as(*number));
        }
    }
    let total: BTreeSet<usize> = articles.iter().map(|number| counted_as(*number)).collect();
    let counted =
        with_value.into_iter().map(|(value, articles)| FacetValue { value, count: articles.len() as u64 });
    let mut values: Vec<FacetValue> = counted.collect();
    if field.is_time() {
        // The latest are kept; they are listed by time.
        values.reverse();
    } else {
        values.sort_by(|a, b| collation::compare(&a.value, &b.value));
        values.sort_by_key(|value| Reverse(value.count));
    }
    let left_out = values.split_off(size.min(values.len()));
    if field.is_time() {
        values.reverse();
    }
    let other = left_out.iter().map(|value| value.count).sum();
    let missing = (total.len() - valued.len()) as u64;
    FacetResponse { field: field.name(), total: total.len() as u64, values, other, missing, partial: None }
}
