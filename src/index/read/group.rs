//! Near-identical articles as one hit: of each group, one of the matching members represents all of them.
//!
//! Filters come first. Of the members that match, one stands for all (`group_show`: the first published, the newest, or the best), and the
//! bitmap of matches loses the others, so totals, pages and cursors stay exact. Facets count groups with each value: what the total
//! becomes when the value is chosen. `similar_to=ID` lists a group.

use fixedbitset::FixedBitSet;
use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::{DocAddress, DocId};

use super::members::SimilarGroups;
use super::segment::Segment;
use crate::query::request::Representative;

/// Hides all matches, `docs` by segment, that are represented by another of their group. Gives how many others each
/// representative has; only where there are any.
///
/// `scores` are those of the documents, by segment; only [`Representative::Best`] needs them, documents without one count
/// as 0.
pub(super) fn represent(
    groups: &SimilarGroups,
    segments: &[Segment],
    docs: &mut [FixedBitSet],
    representative: Representative,
    scores: &[Vec<f32>],
) -> FxHashMap<DocAddress, u64> {
    let time = |at: &DocAddress| {
        segments.get(at.segment_ord as usize).and_then(|segment| segment.published.first(at.doc_id))
    };
    let score = |at: &DocAddress| {
        let of_segment = scores.get(at.segment_ord as usize);
        of_segment.and_then(|scores| scores.get(at.doc_id as usize)).copied().unwrap_or_default()
    };
    let mut represented = FxHashMap::default();
    let mut hidden = Vec::new();
    for group in touched(groups, docs) {
        let members = || matching(groups, group, docs);
        // Members come in the order of publication: of equals, the first stays.
        let best = match representative {
            Representative::First => members().next(),
            Representative::Newest => {
                members().reduce(|best, next| if time(next) > time(best) { next } else { best })
            }
            Representative::Best => {
                members().reduce(|best, next| if score(next) > score(best) { next } else { best })
            }
        };
        let Some(best) = best else { continue };
        let before = hidden.len();
        hidden.extend(members().filter(|member| *member != best).copied());
        if hidden.len() > before {
            represented.insert(*best, (hidden.len() - before) as u64);
        }
    }
    for at in hidden {
        if let Some(docs) = docs.get_mut(at.segment_ord as usize) {
            docs.set(at.doc_id as usize, false);
        }
    }
    represented
}

/// Takes from `docs` all that are of one group with any of `shown`, both by segment.
pub(super) fn hide_groups_of(groups: &SimilarGroups, shown: &[FixedBitSet], docs: &mut [FixedBitSet]) {
    for group in touched(groups, shown) {
        for at in groups.members(group) {
            if let Some(docs) = docs.get_mut(at.segment_ord as usize) {
                docs.set(at.doc_id as usize, false);
            }
        }
    }
}

/// How many of the matches another of their group represents, whichever that is.
pub(super) fn represented(groups: &SimilarGroups, docs: &[FixedBitSet]) -> u64 {
    let others = |group| (matching(groups, group, docs).count() as u64).saturating_sub(1);
    touched(groups, docs).into_iter().map(others).sum()
}

/// How many other documents the group of `at` has.
pub(super) fn others(groups: &SimilarGroups, at: DocAddress) -> u64 {
    let group = groups.group(at.segment_ord as usize, at.doc_id);
    group.map_or(0, |group| (groups.members(group).len() as u64).saturating_sub(1))
}

/// The members of a group that are among `docs`, in the order of publication.
fn matching<'a>(
    groups: &'a SimilarGroups,
    group: u32,
    docs: &'a [FixedBitSet],
) -> impl Iterator<Item = &'a DocAddress> {
    let is_match = |at: &&DocAddress| {
        docs.get(at.segment_ord as usize).is_some_and(|docs| docs.contains(at.doc_id as usize))
    };
    groups.members(group).iter().filter(is_match)
}

/// The groups with a member in `docs`.
fn touched(groups: &SimilarGroups, docs: &[FixedBitSet]) -> FxHashSet<u32> {
    let mut touched = FxHashSet::default();
    for (segment, docs) in docs.iter().enumerate() {
        let Some(grouped) = groups.grouped(segment) else { continue };
        touched.extend(docs.intersection(grouped).filter_map(|doc| groups.group(segment, doc as DocId)));
    }
    touched
}

/// By segment: the document `at` and those of its group.
pub(super) fn alike(groups: &SimilarGroups, segments: &[Segment], at: DocAddress) -> Vec<FixedBitSet> {
    let own = [at];
    let group = groups.group(at.segment_ord as usize, at.doc_id);
    let members = group.map_or(&own[..], |group| groups.members(group));
    let mut sets: Vec<FixedBitSet> =
        segments.iter().map(|segment| FixedBitSet::with_capacity(segment.max_doc())).collect();
    for at in members {
        if let Some(docs) = sets.get_mut(at.segment_ord as usize) {
            docs.insert(at.doc_id as usize);
        }
    }
    sets
}
