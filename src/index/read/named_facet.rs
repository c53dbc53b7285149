//! Exact counts of persons, places and organisations: by number, and the names of those that are shown.

use fixedbitset::FixedBitSet;
use rustc_hash::FxHashSet;
use tantivy::DocId;

use super::error::ReadError;
use super::facet::keep_highest;
use super::members::SimilarGroups;
use super::names::NumberedNames;
use super::segment::Segment;
use crate::entities::EntityKind;
use crate::query::archive::{Deadline, FacetResponse, FacetValue};
use crate::query::request::FacetField;

/// What a facet of names counts.
pub(super) struct NamedFacet<'a> {
    pub(super) field: FacetField,
    pub(super) kind: EntityKind,
    pub(super) names: &'a NumberedNames,
    pub(super) segments: &'a [Segment],
    /// Groups of near-identical articles, where each counts once.
    pub(super) similar: Option<&'a SimilarGroups>,
    pub(super) deadline: Deadline,
}

impl NamedFacet<'_> {
    /// Counts `docs`, documents by segment; the `size` names with the highest counts, ties in Korean order.
    pub(super) fn count(&self, docs: &[FixedBitSet], size: usize) -> Result<FacetResponse, ReadError> {
        let mut counts: Vec<u32> = Vec::new();
        let (mut total, mut valued) = (0_u64, 0_u64);
        let (mut groups, mut valued_groups) = (FxHashSet::default(), FxHashSet::default());
        // Which group has which name.
        let mut seen: FxHashSet<(u32, u32)> = FxHashSet::default();
        for (index, (segment, docs)) in self.segments.iter().zip(docs).enumerate() {
            let group_of = |doc: DocId| self.similar.and_then(|similar| similar.group(index, doc));
            self.names.each(self.kind, index, segment, docs, self.deadline, |doc, named| {
                let group = group_of(doc);
                total += u64::from(group.is_none_or(|group| groups.insert(group)));
                let mut has_value = false;
                for number in named {
                    has_value = true;
                    if group.is_some_and(|group| !seen.insert((group, number))) {
                        continue;
                    }
                    let at = number as usize;
                    if counts.len() <= at {
                        counts.resize(at + 1, 0);
                    }
                    if let Some(count) = counts.get_mut(at) {
                        *count += 1;
                    }
                }
                if has_value {
                    valued += u64::from(group.is_none_or(|group| valued_groups.insert(group)));
                }
            })?;
        }
        let (values, other) = self.shown(&counts, size)?;
        Ok(FacetResponse {
            field: self.field.name(),
            total,
            values,
            other,
            missing: total - valued,
            partial: None,
        })
    }

    /// The values that are shown, and the sum of the counts of the others.
    fn shown(&self, counts: &[u32], size: usize) -> Result<(Vec<FacetValue>, u64), ReadError> {
        let mut counted: Vec<(u32, u32)> = (0_u32..).zip(counts.iter().copied()).collect();
        counted.retain(|(_, count)| *count > 0);
        let sum = |counted: &[(u32, u32)]| counted.iter().map(|(_, count)| u64::from(*count)).sum::<u64>();
        let all = sum(&counted);
        if size == 0 {
            return Ok((Vec::new(), all));
        }
        // Of those with the last count that is shown the names decide: they are read of all of these, and of no others.
        if counted.len() > size {
            counted.select_nth_unstable_by(size - 1, |a, b| b.1.cmp(&a.1));
            let least = counted.get(size - 1).map_or(0, |(_, count)| *count);
            counted.retain(|(_, count)| *count >= least);
        }
        let numbers: Vec<u32> = counted.iter().map(|(number, _)| *number).collect();
        let mut names = self.names.names(self.kind, self.segments, &numbers)?;
        let named = counted.into_iter().filter_map(|(number, count)| {
            let value = names.remove(&number)?;
            Some(FacetValue { value, count: u64::from(count) })
        });
        let mut values: Vec<FacetValue> = named.collect();
        keep_highest(&mut values, size);
        let other = all - values.iter().map(|value| value.count).sum::<u64>();
        Ok((values, other))
    }
}
