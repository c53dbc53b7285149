//! The groups of near-identical articles in memory, by the documents of a generation as it is at one commit.
//!
//! A build finds all groups at once and writes them down as ids. From then on articles come, change and go one by one: a
//! document that is deleted leaves its group, one that arrives joins the group that it belongs to ([`super::arrival`]). What
//! arrived is not written down; opening finds it again by its sequence number, and the next reindex groups everything anew.

use fixedbitset::FixedBitSet;
use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::index::SegmentId;
use tantivy::{DocAddress, DocId};

use super::publication::sort_by_publication;
use super::segment::Segment;
use crate::similar::grouping::LOOKED_AT;

/// The groups of an open generation.
#[derive(Debug, Default)]
pub(in crate::index) struct SimilarGroups {
    /// Members of each group in the order of publication. A group that lost its members is empty: numbers stay.
    pub(super) members: Vec<Vec<DocAddress>>,
    pub(super) segments: Vec<GroupedSegment>,
}

/// The grouped documents of a segment.
#[derive(Debug, Clone)]
pub(super) struct GroupedSegment {
    pub(super) id: SegmentId,
    /// The group of each document in one.
    pub(super) of: FxHashMap<DocId, u32>,
    /// The documents in a group.
    grouped: FixedBitSet,
}

impl SimilarGroups {
    /// Fills `members` from the segments, and forgets documents that are deleted.
    pub(super) fn gather(&mut self, segments: &[Segment]) -> tantivy::Result<()> {
        for ((ord, own), segment) in (0_u32..).zip(&mut self.segments).zip(segments) {
            own.remove_deleted(segment);
            for (doc, group) in &own.of {
                if let Some(members) = self.members.get_mut(*group as usize) {
                    members.push(DocAddress::new(ord, *doc));
                }
            }
        }
        for group in 0..self.members.len() as u32 {
            self.settle(group, segments)?;
        }
        Ok(())
    }

    /// The groups as they are after a commit: what was deleted has left them. `before` are the segments that they belong to, `segments` those
    /// of the commit; in its segments that are new, the documents whose ids are `known` belong to these groups. Most groups stay as they
    /// are, and are not put in order again.
    pub(super) fn after(
        &self,
        before: &[Segment],
        segments: &[Segment],
        known: &FxHashMap<&str, u32>,
    ) -> tantivy::Result<Self> {
        let place = |id: SegmentId| segments.iter().position(|segment| segment.reader.segment_id() == id);
        let places: Vec<Option<usize>> = self.segments.iter().map(|old| place(old.id)).collect();
        let mut touched = FxHashSet::default();
        let mut next = Self { members: Vec::with_capacity(self.members.len()), segments: Vec::new() };
        for (number, members) in (0_u32..).zip(&self.members) {
            let stays = |at: &DocAddress| {
                let ord = places.get(at.segment_ord as usize).copied().flatten()?;
                let is_there = !segments.get(ord)?.reader.is_deleted(at.doc_id);
                is_there.then(|| DocAddress::new(ord as u32, at.doc_id))
            };
            let kept: Vec<DocAddress> = members.iter().filter_map(stays).collect();
            if kept.len() != members.len() {
                touched.insert(number);
            }
            next.members.push(kept);
        }
        for (ord, segment) in (0..).zip(segments) {
            let old = places.iter().position(|place| *place == Some(ord));
            let old = old.and_then(|at| self.segments.get(at).zip(before.get(at)));
            let Some((old, before)) = old else {
                let found = GroupedSegment::found(segment, known)?;
                for (doc, group) in &found.of {
                    if let Some(members) = next.members.get_mut(*group as usize) {
                        members.push(DocAddress::new(ord as u32, *doc));
                        touched.insert(*group);
                    }
                }
                next.segments.push(found);
                continue;
            };
            let mut own = old.clone();
            if segment.reader.num_deleted_docs() != before.reader.num_deleted_docs() {
                own.remove_deleted(segment);
            }
            next.segments.push(own);
        }
        for group in touched {
            next.settle(group, segments)?;
        }
        Ok(next)
    }

    /// Puts the members of a group in order; a single one is not a group.
    fn settle(&mut self, group: u32, segments: &[Segment]) -> tantivy::Result<()> {
        let Some(members) = self.members.get_mut(group as usize) else { return Ok(()) };
        if let [only] = members.as_slice() {
            if let Some(segment) = self.segments.get_mut(only.segment_ord as usize) {
                segment.remove(only.doc_id);
            }
            members.clear();
        }
        sort_by_publication(members, segments)
    }

    /// The first published of the group that a document is in, as many as represent all; or the document itself.
    pub(super) fn first(&self, at: DocAddress) -> Vec<DocAddress> {
        let group = self.group(at.segment_ord as usize, at.doc_id);
        let first = |group| self.members(group).iter().take(LOOKED_AT).copied().collect();
        group.map_or_else(|| vec![at], first)
    }

    /// Puts a document into the group of `other`, which may be alone so far.
    pub(super) fn join(
        &mut self,
        at: DocAddress,
        other: DocAddress,
        segments: &[Segment],
    ) -> tantivy::Result<()> {
        let group = self.group(other.segment_ord as usize, other.doc_id).unwrap_or_else(|| {
            let number = self.members.len() as u32;
            self.members.push(Vec::new());
            self.insert(other, number);
            number
        });
        self.insert(at, group);
        self.settle(group, segments)
    }

    fn insert(&mut self, at: DocAddress, group: u32) {
        if let Some(segment) = self.segments.get_mut(at.segment_ord as usize) {
            segment.of.insert(at.doc_id, group);
            segment.grouped.insert(at.doc_id as usize);
        }
        if let Some(members) = self.members.get_mut(group as usize) {
            members.push(at);
        }
    }

    /// How many groups there are.
    pub(in crate::index) fn count(&self) -> usize {
        self.members.iter().filter(|members| !members.is_empty()).count()
    }

    /// How many articles are in a group.
    pub(in crate::index) fn articles(&self) -> usize {
        self.segments.iter().map(|segment| segment.of.len()).sum()
    }

    /// The documents of a segment that are in a group; `None` for a segment that does not exist.
    pub(in crate::index) fn grouped(&self, segment: usize) -> Option<&FixedBitSet> {
        self.segments.get(segment).map(|segment| &segment.grouped)
    }

    /// The group of a document; `None` where nothing resembles it.
    pub(in crate::index) fn group(&self, segment: usize, doc: DocId) -> Option<u32> {
        self.segments.get(segment)?.of.get(&doc).copied()
    }

    /// The members of a group in the order of publication.
    pub(in crate::index) fn members(&self, group: u32) -> &[DocAddress] {
        self.members.get(group as usize).map_or(&[], Vec::as_slice)
    }
}

impl GroupedSegment {
    /// The documents of a segment whose ids are `known` to be in a group.
    pub(super) fn found(segment: &Segment, known: &FxHashMap<&str, u32>) -> tantivy::Result<Self> {
        let mut found = Self {
            id: segment.reader.segment_id(),
            of: FxHashMap::default(),
            grouped: FixedBitSet::with_capacity(segment.reader.max_doc() as usize),
        };
        if known.is_empty() {
            return Ok(found);
        }
        let mut groups = vec![None; segment.ids.num_terms()];
        let mut stream = segment.ids.dictionary().stream()?;
        for slot in &mut groups {
            if !stream.advance() {
                break;
            }
            // Ids are texts: other bytes are damage, and known to nobody.
            *slot = std::str::from_utf8(stream.key()).ok().and_then(|id| known.get(id).copied());
        }
        for doc in segment.reader.doc_ids_alive() {
            let ord = segment.ids.term_ords(doc).next();
            if let Some(group) = ord.and_then(|ord| groups.get(ord as usize).copied().flatten()) {
                found.of.insert(doc, group);
                found.grouped.insert(doc as usize);
            }
        }
        Ok(found)
    }

    fn remove_deleted(&mut self, segment: &Segment) {
        let deleted = |doc: &&DocId| segment.reader.is_deleted(**doc);
        let deleted: Vec<DocId> = self.of.keys().filter(deleted).copied().collect();
        deleted.into_iter().for_each(|doc| self.remove(doc));
    }

    pub(super) fn remove(&mut self, doc: DocId) {
        if self.of.remove(&doc).is_some() {
            self.grouped.set(doc as usize, false);
        }
    }
}
