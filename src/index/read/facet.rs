//! Exact counts by outlet, reporter, section, day, month and year.
//!
//! Documents that fail only the filter of one field are kept apart while matching and count in that field's facet: a field's own filter
//! does not shrink its facet.

use fixedbitset::FixedBitSet;
use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::DocId;
use tantivy::columnar::{Column, StrColumn};

use super::segment::SegmentView;
use crate::article::Timestamp;
use crate::index::SimilarGroups;
use crate::korean::collation;
use crate::search::SearchError;
use crate::search::types::{FacetField, FacetResponse, FacetValue};

/// Counts of one facet, gathered segment by segment.
pub struct FacetCounter {
    field: FacetField,
    counts: FxHashMap<String, u64>,
    total: u64,
    /// Groups of near-identical articles counted in the total, and with each value.
    groups: FxHashSet<u32>,
    groups_of: FxHashMap<String, FxHashSet<u32>>,
}

impl FacetCounter {
    /// A counter for `field`.
    pub fn new(field: FacetField) -> Self {
        Self {
            field,
            counts: FxHashMap::default(),
            total: 0,
            groups: FxHashSet::default(),
            groups_of: FxHashMap::default(),
        }
    }

    /// Counts `docs` of a segment.
    pub fn add(&mut self, segment: &SegmentView<'_>, docs: &FixedBitSet) -> Result<(), SearchError> {
        self.total += docs.count_ones(..) as u64;
        match self.field {
            FacetField::Outlet | FacetField::Reporter | FacetField::Section => self.add_names(segment, docs),
            FacetField::Day | FacetField::Month | FacetField::Year => self.add_dates(segment, docs),
        }
    }

    /// Counts `docs` of segment number `index`, of each group of near-identical articles one with each value: what the
    /// total becomes when the value is chosen.
    pub fn add_folded(
        &mut self,
        index: usize,
        segment: &SegmentView<'_>,
        docs: &FixedBitSet,
        similar: &SimilarGroups,
    ) -> Result<(), SearchError> {
        let Some(grouped) = similar.grouped(index) else { return self.add(segment, docs) };
        let mut alone = docs.clone();
        alone.difference_with(grouped);
        self.add(segment, &alone)?;
        let values = Values::open(self.field, segment)?;
        for doc in docs.intersection(grouped) {
            let doc = doc as DocId;
            let Some(group) = similar.group(index, doc) else { continue };
            self.total += u64::from(self.groups.insert(group));
            for value in values.of(doc)? {
                if self.groups_of.entry(value.clone()).or_default().insert(group) {
                    *self.counts.entry(value).or_default() += 1;
                }
            }
        }
        Ok(())
    }

    fn add_names(&mut self, segment: &SegmentView<'_>, docs: &FixedBitSet) -> Result<(), SearchError> {
        let Some(column) = segment.reader.fast_fields().str(self.field.name())? else { return Ok(()) };
        let mut by_ord = vec![0_u64; column.num_terms()];
        for doc in docs.ones() {
            for ord in column.term_ords(doc as DocId) {
                if let Some(count) = by_ord.get_mut(ord as usize) {
                    *count += 1;
                }
            }
        }
        for (ord, count) in by_ord.into_iter().enumerate().filter(|(_, count)| *count > 0) {
            *self.counts.entry(name_of(&column, ord as u64)?).or_default() += count;
        }
        Ok(())
    }

    fn add_dates(&mut self, segment: &SegmentView<'_>, docs: &FixedBitSet) -> Result<(), SearchError> {
        let published = segment.published();
        let mut by_day: FxHashMap<i64, u64> = FxHashMap::default();
        for doc in docs.ones() {
            if let Some(seconds) = published.first(doc as DocId) {
                // Days of Korean time: nine hours ahead, no daylight saving since 1988.
                *by_day.entry((seconds + 9 * 3600).div_euclid(86_400)).or_default() += 1;
            }
        }
        for (day, count) in by_day {
            let value = date_name(self.field, day * 86_400 - 9 * 3600);
            *self.counts.entry(value).or_default() += count;
        }
        Ok(())
    }

    /// The `size` values with the highest counts, ties in Korean order. Dates instead by time, the latest `size` of them.
    pub fn finish(self, size: usize) -> FacetResponse {
        let mut values: Vec<FacetValue> =
            self.counts.into_iter().map(|(value, count)| FacetValue { value, count }).collect();
        let by_time = matches!(self.field, FacetField::Day | FacetField::Month | FacetField::Year);
        if by_time {
            values.sort_by(|a, b| b.value.cmp(&a.value));
        } else {
            values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| collation::compare(&a.value, &b.value)));
        }
        let other = values.iter().skip(size).map(|value| value.count).sum();
        values.truncate(size);
        if by_time {
            values.reverse();
        }
        FacetResponse { field: self.field.name(), total: self.total, values, other }
    }
}

/// What a field holds for single documents.
enum Values {
    Names(Option<StrColumn>),
    Dates(FacetField, Column<i64>),
}

impl Values {
    fn open(field: FacetField, segment: &SegmentView<'_>) -> Result<Self, SearchError> {
        Ok(match field {
            FacetField::Outlet | FacetField::Reporter | FacetField::Section => {
                Self::Names(segment.reader.fast_fields().str(field.name())?)
            }
            FacetField::Day | FacetField::Month | FacetField::Year => {
                Self::Dates(field, segment.reader.fast_fields().i64("published")?)
            }
        })
    }

    fn of(&self, doc: DocId) -> Result<Vec<String>, SearchError> {
        match self {
            Self::Names(None) => Ok(Vec::new()),
            Self::Names(Some(column)) => column.term_ords(doc).map(|ord| name_of(column, ord)).collect(),
            Self::Dates(field, published) => {
                Ok(published.first(doc).map(|seconds| date_name(*field, seconds)).into_iter().collect())
            }
        }
    }
}

/// The day, month or year of a moment in Korean time.
fn date_name(field: FacetField, seconds: i64) -> String {
    let date = Timestamp::from_seconds(seconds).kst_date();
    let (year, month, day) = (date.year(), u8::from(date.month()), date.day());
    match field {
        FacetField::Year => format!("{year:04}"),
        FacetField::Month => format!("{year:04}-{month:02}"),
        _ => format!("{year:04}-{month:02}-{day:02}"),
    }
}

fn name_of(column: &StrColumn, ord: u64) -> Result<String, SearchError> {
    let mut name = String::new();
    column.ord_to_str(ord, &mut name).map_err(tantivy::TantivyError::from)?;
    Ok(name)
}
