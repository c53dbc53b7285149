//! Groups of near-identical articles when a generation is opened, and after a commit.

use fixedbitset::FixedBitSet;
use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::index::SegmentId;
use tantivy::{DocAddress, DocId};

use super::arrival::Arrivals;
use super::articles::holds;
use super::members::{GroupedSegment, SimilarGroups};
use super::segment::{OpenIndex, Segment};
use crate::index::schema::column;

/// The groups of an index as a build wrote them, ids as [`crate::index::write::groups_file::read`] gives them, and of what arrived since:
/// articles of the journal's entries after `built`.
///
/// # Errors
/// A failing index.
pub(in crate::index) fn opened(
    index: OpenIndex<'_>,
    groups: &[Vec<String>],
    built: u64,
) -> tantivy::Result<SimilarGroups> {
    let OpenIndex { segments, .. } = index;
    let mut known: FxHashMap<&str, u32> = FxHashMap::default();
    for (number, ids) in (0_u32..).zip(groups) {
        known.extend(ids.iter().map(|id| (id.as_str(), number)));
    }
    let mut arrived = Vec::new();
    let mut opened = SimilarGroups { members: vec![Vec::new(); groups.len()], segments: Vec::new() };
    for (ord, segment) in (0_u32..).zip(segments) {
        opened.segments.push(GroupedSegment::found(segment, &known)?);
        let sequence = segment.reader.fast_fields().u64(column::SEQUENCE)?;
        if sequence.max_value() > built {
            let late = |doc: &DocId| sequence.first(*doc).is_some_and(|number| number > built);
            let docs = segment.reader.doc_ids_alive().filter(late);
            arrived.extend(docs.map(|doc| DocAddress::new(ord, doc)));
        }
    }
    // An article that was pushed anew is where it belongs now, not where the file's copy of it was.
    for at in &arrived {
        if let Some(segment) = opened.segments.get_mut(at.segment_ord as usize) {
            segment.remove(at.doc_id);
        }
    }
    opened.gather(segments)?;
    admit(&mut opened, index, arrived, None)?;
    Ok(opened)
}

/// The groups in which the documents with these ids are, of `count` that are known.
///
/// # Errors
/// A failing index.
pub(in crate::index) fn known(
    segments: &[Segment],
    known: &FxHashMap<&str, u32>,
    count: usize,
) -> tantivy::Result<SimilarGroups> {
    let mut found = SimilarGroups { members: vec![Vec::new(); count], segments: Vec::new() };
    for segment in segments {
        found.segments.push(GroupedSegment::found(segment, known)?);
    }
    found.gather(segments)?;
    Ok(found)
}

/// The groups after a commit that wrote or deleted the articles `changed`. `before` are the segments that `groups`
/// belong to, `segments` those of the commit. With `among`, by segment, there are no other articles.
///
/// # Errors
/// A failing index.
pub(in crate::index) fn after_commit(
    groups: &SimilarGroups,
    before: &[Segment],
    index: OpenIndex<'_>,
    changed: &FxHashSet<Box<str>>,
    among: Option<&[FixedBitSet]>,
) -> tantivy::Result<SimilarGroups> {
    let OpenIndex { segments, .. } = index;
    let visible = |at: &DocAddress| holds(among, *at);
    let stays = |id: SegmentId| segments.iter().any(|segment| segment.reader.segment_id() == id);
    // What a merge moved is found again by its ids.
    let mut moved: FxHashMap<String, u32> = FxHashMap::default();
    for (old, segment) in groups.segments.iter().zip(before).filter(|(old, _)| !stays(old.id)) {
        for (doc, group) in &old.of {
            let id = segment.id_of(*doc)?;
            if !changed.contains(id.as_str()) {
                moved.insert(id, *group);
            }
        }
    }
    let known = moved.iter().map(|(id, group)| (id.as_str(), *group)).collect();
    let mut arrived = Vec::new();
    let mut next = groups.after(before, segments, &known)?;
    for (ord, segment) in (0_u32..).zip(segments) {
        let id = segment.reader.segment_id();
        if groups.segments.iter().all(|old| old.id != id) {
            let docs = segment.docs_of(changed)?;
            arrived.extend(docs.into_iter().map(|doc| DocAddress::new(ord, doc)).filter(visible));
        }
    }
    admit(&mut next, index, arrived, among)?;
    Ok(next)
}

/// Lets documents into the groups that they belong to.
fn admit(
    groups: &mut SimilarGroups,
    index: OpenIndex<'_>,
    arrived: Vec<DocAddress>,
    among: Option<&[FixedBitSet]>,
) -> tantivy::Result<()> {
    if arrived.is_empty() {
        return Ok(());
    }
    Arrivals::new(index.segments, arrived, among)?.place(index, groups)
}
