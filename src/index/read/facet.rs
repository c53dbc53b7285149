//! Exact counts by outlet, group of outlets, reporter, section, day, month and year.
//!
//! Documents that fail only the filter of one field are kept apart while matching and count in that field's facet: a field's own filter
//! does not shrink its facet.

use std::collections::hash_map::Entry;

use fixedbitset::FixedBitSet;
use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::DocId;
use tantivy::columnar::{Column, StrColumn};

use super::error::ReadError;
use super::members::SimilarGroups;
use super::pace::Pace;
use super::segment::{Segment, name_of, names_of};
use crate::article::Timestamp;
use crate::index::schema::column;
use crate::korean::collation;
use crate::korean::lexicon::OutletGroups;
use crate::query::archive::{Deadline, FacetResponse, FacetValue};
use crate::query::request::FacetField;

/// Counts of one facet, gathered segment by segment.
pub(super) struct FacetCounter<'a> {
    field: FacetField,
    outlet_groups: &'a OutletGroups,
    pace: Pace,
    counts: FxHashMap<String, u64>,
    total: u64,
    /// Documents with a value that are in no group of near-identical articles.
    valued: u64,
    /// Groups of which a document has a value.
    valued_groups: FxHashSet<u32>,
    /// Groups of near-identical articles counted in the total, and with each value.
    groups: FxHashSet<u32>,
    groups_of: FxHashMap<String, FxHashSet<u32>>,
}

impl<'a> FacetCounter<'a> {
    /// A counter for `field`.
    pub(super) fn new(field: FacetField, outlet_groups: &'a OutletGroups, deadline: Deadline) -> Self {
        Self {
            field,
            outlet_groups,
            pace: Pace::new(deadline),
            counts: FxHashMap::default(),
            total: 0,
            valued: 0,
            valued_groups: FxHashSet::default(),
            groups: FxHashSet::default(),
            groups_of: FxHashMap::default(),
        }
    }

    /// Counts `docs` of a segment.
    pub(super) fn add(&mut self, segment: &Segment, docs: &FixedBitSet) -> Result<(), ReadError> {
        self.total += docs.count_ones(..) as u64;
        match column::of_names(self.field) {
            Some(column) => self.add_names(&segment.names(column)?, docs),
            None => self.add_dates(segment, docs),
        }
    }

    /// Counts `docs` of segment number `index`, of each group of near-identical articles one with each value: what the
    /// total becomes when the value is chosen.
    pub(super) fn add_grouped(
        &mut self,
        index: usize,
        segment: &Segment,
        docs: &FixedBitSet,
        similar: &SimilarGroups,
    ) -> Result<(), ReadError> {
        let Some(grouped) = similar.grouped(index) else { return self.add(segment, docs) };
        let mut alone = docs.clone();
        alone.difference_with(grouped);
        self.add(segment, &alone)?;
        let mut values = Values::open(self.field, self.outlet_groups, segment)?;
        for doc in docs.intersection(grouped) {
            self.pace.step()?;
            let doc = doc as DocId;
            let Some(group) = similar.group(index, doc) else { continue };
            self.total += u64::from(self.groups.insert(group));
            for value in values.of(doc)? {
                self.valued_groups.insert(group);
                if self.groups_of.entry(value.clone()).or_default().insert(group) {
                    *self.counts.entry(value).or_default() += 1;
                }
            }
        }
        Ok(())
    }

    fn add_names(&mut self, column: &StrColumn, docs: &FixedBitSet) -> Result<(), ReadError> {
        let mut by_ord = vec![0_u64; column.num_terms()];
        let mut valued = 0;
        for doc in docs.ones() {
            self.pace.step()?;
            let before = valued;
            for ord in column.term_ords(doc as DocId) {
                valued = before + 1;
                if let Some(count) = by_ord.get_mut(ord as usize) {
                    *count += 1;
                }
            }
        }
        let counted = (0_u64..).zip(by_ord).filter(|(_, count)| *count > 0);
        let (ords, counts): (Vec<u64>, Vec<u64>) = counted.unzip();
        for (name, count) in names_of(column, &ords)?.into_iter().zip(counts) {
            match shown(self.field, self.outlet_groups, name) {
                Some(value) => *self.counts.entry(value).or_default() += count,
                // An article has one outlet at most: each is counted once.
                None => valued -= count,
            }
        }
        self.valued += valued;
        Ok(())
    }

    fn add_dates(&mut self, segment: &Segment, docs: &FixedBitSet) -> Result<(), ReadError> {
        let mut by_day: FxHashMap<i64, u64> = FxHashMap::default();
        for doc in docs.ones() {
            self.pace.step()?;
            if let Some(seconds) = segment.published.first(doc as DocId) {
                self.valued += 1;
                *by_day.entry(Timestamp::from_seconds(seconds).kst_day_number()).or_default() += 1;
            }
        }
        for (day, count) in by_day {
            let value = date_name(self.field, Timestamp::of_kst_day_number(day));
            *self.counts.entry(value).or_default() += count;
        }
        Ok(())
    }

    /// The `size` values with the highest counts, ties in Korean order. Dates instead by time, the latest `size` of them.
    pub(super) fn finish(self, size: usize) -> FacetResponse {
        let mut values: Vec<FacetValue> =
            self.counts.into_iter().map(|(value, count)| FacetValue { value, count }).collect();
        let by_time = self.field.is_time();
        let other: u64;
        if by_time {
            values.sort_by(|a, b| b.value.cmp(&a.value));
            other = values.iter().skip(size).map(|value| value.count).sum();
            values.truncate(size);
            values.reverse();
        } else {
            let all: u64 = values.iter().map(|value| value.count).sum();
            keep_highest(&mut values, size);
            other = all - values.iter().map(|value| value.count).sum::<u64>();
        }
        let valued = self.valued + self.valued_groups.len() as u64;
        let missing = self.total.saturating_sub(valued);
        FacetResponse { field: self.field.name(), total: self.total, values, other, missing, partial: None }
    }
}

/// Leaves the `size` values with the highest counts in their order, ties in Korean order.
pub(super) fn keep_highest(values: &mut Vec<FacetValue>, size: usize) {
    let order = |a: &FacetValue, b: &FacetValue| {
        b.count.cmp(&a.count).then_with(|| collation::compare(&a.value, &b.value))
    };
    // Of thousands of reporters most have one article, and comparing names in Korean order is slow.
    if size < values.len() {
        values.select_nth_unstable_by(size, order);
    }
    values.truncate(size);
    values.sort_by(order);
}

/// What a field holds for single documents.
enum Values<'a> {
    /// With the values of names that were looked up: a few outlets and sections have nearly all articles.
    Names(FacetField, &'a OutletGroups, StrColumn, FxHashMap<u64, Option<String>>),
    Dates(FacetField, Column<i64>),
}

impl<'a> Values<'a> {
    fn open(field: FacetField, groups: &'a OutletGroups, segment: &Segment) -> tantivy::Result<Self> {
        Ok(match column::of_names(field) {
            Some(column) => Self::Names(field, groups, segment.names(column)?, FxHashMap::default()),
            None => Self::Dates(field, segment.published.clone()),
        })
    }

    fn of(&mut self, doc: DocId) -> tantivy::Result<Vec<String>> {
        match self {
            Self::Names(field, groups, column, known) => {
                let mut values = Vec::new();
                for ord in column.term_ords(doc) {
                    let value = match known.entry(ord) {
                        Entry::Occupied(value) => value.into_mut(),
                        Entry::Vacant(unknown) => {
                            unknown.insert(shown(*field, groups, name_of(column, ord)?))
                        }
                    };
                    values.extend(value.clone());
                }
                Ok(values)
            }
            Self::Dates(field, published) => {
                let published = published.first(doc).map(Timestamp::from_seconds);
                Ok(published.map(|published| date_name(*field, published)).into_iter().collect())
            }
        }
    }
}

/// The value that a name of the field's column counts for; `None` for an outlet that is in no group.
fn shown(field: FacetField, groups: &OutletGroups, name: String) -> Option<String> {
    match field {
        FacetField::OutletGroup => groups.of(&name).map(str::to_owned),
        _ => Some(name),
    }
}

/// The day, month or year of a moment in Korean time.
fn date_name(field: FacetField, moment: Timestamp) -> String {
    let date = moment.kst_date();
    let (year, month, day) = (date.year(), u8::from(date.month()), date.day());
    match field {
        FacetField::Year => format!("{year:04}"),
        FacetField::Month => format!("{year:04}-{month:02}"),
        _ => format!("{year:04}-{month:02}-{day:02}"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn finished(counts: &FxHashMap<String, u64>, size: usize) -> FacetResponse {
        let groups = OutletGroups::default();
        let mut counter = FacetCounter::new(FacetField::Reporter, &groups, Deadline::NONE);
        counter.counts.clone_from(counts);
        counter.finish(size)
    }

    proptest! {
        #[test]
        fn the_first_values_are_those_of_all_in_order(
            counts in prop::collection::hash_map("[가-깋]{1,2}", 1_u64..4, 0..60),
            size in 0_usize..70,
        ) {
            let counts: FxHashMap<String, u64> = counts.into_iter().collect();
            let shown = |facet: &FacetResponse| -> Vec<(String, u64)> {
                facet.values.iter().map(|value| (value.value.clone(), value.count)).collect()
            };
            let (some, all) = (finished(&counts, size), finished(&counts, usize::MAX));
            let all = shown(&all);
            prop_assert!(all.windows(2).all(|pair| pair[0].1 >= pair[1].1));
            prop_assert_eq!(shown(&some), all.iter().take(size).cloned().collect::<Vec<_>>());
            prop_assert_eq!(some.other, all.iter().skip(size).map(|(_, count)| count).sum::<u64>());
        }
    }
}
