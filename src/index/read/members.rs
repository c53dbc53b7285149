//! The groups of near-identical articles in memory, by the documents of a generation as it is at one commit.
//!
//! A build finds all groups at once and writes them down as ids. From then on articles come, change and go one by one: a
//! document that is deleted leaves its group, one that arrives joins the group that it belongs to ([`super::arrival`]). What
//! arrived is not written down; opening finds it again by its sequence number, and the next reindex groups everything anew.

use fixedbitset::FixedBitSet;
use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::index::SegmentId;
use tantivy::{DocAddress, DocId, Searcher};

use super::arrival::{Arrivals, sort_by_publication};
use crate::index::{Fields, OpenSegment};
use crate::similar::grouping::LOOKED_AT;

/// The groups of an open generation.
#[derive(Debug, Default)]
pub struct SimilarGroups {
    /// Members of each group in the order of publication. A group that lost its members is empty: numbers stay.
    members: Vec<Vec<DocAddress>>,
    segments: Vec<GroupedSegment>,
}

/// The grouped documents of a segment.
#[derive(Debug, Clone)]
struct GroupedSegment {
    id: SegmentId,
    /// The group of each document in one.
    of: FxHashMap<DocId, u32>,
    /// The documents in a group.
    grouped: FixedBitSet,
}

impl SimilarGroups {
    /// The groups of an index as a build wrote them, ids as [`crate::index::write::groups_file::read`] gives them, and of what arrived since:
    /// articles of the journal's entries behind `built`.
    ///
    /// # Errors
    /// A failing index.
    pub fn open(
        searcher: &Searcher,
        fields: &Fields,
        segments: &[OpenSegment],
        groups: &[Vec<String>],
        built: u64,
    ) -> tantivy::Result<Self> {
        let mut known: FxHashMap<&str, u32> = FxHashMap::default();
        for (number, ids) in (0_u32..).zip(groups) {
            known.extend(ids.iter().map(|id| (id.as_str(), number)));
        }
        let mut arrived = Vec::new();
        let mut opened = Self { members: vec![Vec::new(); groups.len()], segments: Vec::new() };
        for (ord, segment) in (0_u32..).zip(segments) {
            opened.segments.push(GroupedSegment::found(segment, &known)?);
            let sequence = segment.reader.fast_fields().u64("sequence")?;
            if sequence.max_value() > built {
                let late = |doc: &DocId| sequence.first(*doc).is_some_and(|number| number > built);
                let docs = segment.reader.doc_ids_alive().filter(late);
                arrived.extend(docs.map(|doc| DocAddress::new(ord, doc)));
            }
        }
        // An article that was pushed anew stands where it belongs now, not where the file's copy of it did.
        for at in &arrived {
            if let Some(segment) = opened.segments.get_mut(at.segment_ord as usize) {
                segment.remove(at.doc_id);
            }
        }
        opened.gather(segments);
        opened.admit(searcher, fields, segments, arrived)?;
        Ok(opened)
    }

    /// The groups after a commit that wrote or deleted the articles `changed`. `before` are the segments that `self`
    /// belongs to, `segments` those of the commit.
    ///
    /// # Errors
    /// A failing index.
    pub fn after(
        &self,
        before: &[OpenSegment],
        searcher: &Searcher,
        fields: &Fields,
        segments: &[OpenSegment],
        changed: &FxHashSet<Box<str>>,
    ) -> tantivy::Result<Self> {
        let stays = |id: SegmentId| segments.iter().any(|segment| segment.reader.segment_id() == id);
        // What a merge moved is found again by its ids.
        let mut moved: FxHashMap<String, u32> = FxHashMap::default();
        for (old, segment) in self.segments.iter().zip(before).filter(|(old, _)| !stays(old.id)) {
            for (doc, group) in &old.of {
                if let Some(id) = segment.id(*doc)?.filter(|id| !changed.contains(id.as_str())) {
                    moved.insert(id, *group);
                }
            }
        }
        let known = moved.iter().map(|(id, group)| (id.as_str(), *group)).collect();
        let mut arrived = Vec::new();
        let mut next = Self { members: vec![Vec::new(); self.members.len()], segments: Vec::new() };
        for (ord, segment) in (0_u32..).zip(segments) {
            let id = segment.reader.segment_id();
            match self.segments.iter().find(|old| old.id == id) {
                Some(old) => next.segments.push(old.clone()),
                None => {
                    next.segments.push(GroupedSegment::found(segment, &known)?);
                    let docs = segment.docs_of(changed)?;
                    arrived.extend(docs.into_iter().map(|doc| DocAddress::new(ord, doc)));
                }
            }
        }
        next.gather(segments);
        next.admit(searcher, fields, segments, arrived)?;
        Ok(next)
    }

    /// Fills `members` from the segments, and forgets documents that are deleted.
    fn gather(&mut self, segments: &[OpenSegment]) {
        for ((ord, own), segment) in (0_u32..).zip(&mut self.segments).zip(segments) {
            let dead: Vec<DocId> =
                own.of.keys().filter(|doc| segment.reader.is_deleted(**doc)).copied().collect();
            for doc in dead {
                own.remove(doc);
            }
            for (doc, group) in &own.of {
                if let Some(members) = self.members.get_mut(*group as usize) {
                    members.push(DocAddress::new(ord, *doc));
                }
            }
        }
        for group in 0..self.members.len() as u32 {
            self.settle(group, segments);
        }
    }

    /// Puts the members of a group in order; a single one is no group.
    fn settle(&mut self, group: u32, segments: &[OpenSegment]) {
        let Some(members) = self.members.get_mut(group as usize) else { return };
        if let [only] = members.as_slice() {
            if let Some(segment) = self.segments.get_mut(only.segment_ord as usize) {
                segment.remove(only.doc_id);
            }
            members.clear();
        }
        sort_by_publication(members, segments);
    }

    /// Lets documents into the groups that they belong to.
    fn admit(
        &mut self,
        searcher: &Searcher,
        fields: &Fields,
        segments: &[OpenSegment],
        arrived: Vec<DocAddress>,
    ) -> tantivy::Result<()> {
        if arrived.is_empty() {
            return Ok(());
        }
        Arrivals::new(segments, arrived)?.place(searcher, fields, segments, self)
    }

    /// The first published of the group that a document is in, as many as stand for all; or the document itself.
    pub(super) fn first(&self, at: DocAddress) -> Vec<DocAddress> {
        let group = self.group(at.segment_ord as usize, at.doc_id);
        let first = |group| self.members(group).iter().take(LOOKED_AT).copied().collect();
        group.map_or_else(|| vec![at], first)
    }

    /// Puts a document into the group of `other`, which may be alone so far.
    pub(super) fn join(&mut self, at: DocAddress, other: DocAddress, segments: &[OpenSegment]) {
        let group = self.group(other.segment_ord as usize, other.doc_id).unwrap_or_else(|| {
            let number = self.members.len() as u32;
            self.members.push(Vec::new());
            self.insert(other, number);
            number
        });
        self.insert(at, group);
        self.settle(group, segments);
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
    pub fn len(&self) -> usize {
        self.members.iter().filter(|members| !members.is_empty()).count()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many articles are in a group.
    pub fn articles(&self) -> usize {
        self.segments.iter().map(|segment| segment.of.len()).sum()
    }

    /// The documents of a segment that are in a group; `None` for a segment that there is not.
    pub fn grouped(&self, segment: usize) -> Option<&FixedBitSet> {
        self.segments.get(segment).map(|segment| &segment.grouped)
    }

    /// The group of a document; `None` where nothing resembles it.
    pub fn group(&self, segment: usize, doc: DocId) -> Option<u32> {
        self.segments.get(segment)?.of.get(&doc).copied()
    }

    /// The members of a group in the order of publication.
    pub fn members(&self, group: u32) -> &[DocAddress] {
        self.members.get(group as usize).map_or(&[], Vec::as_slice)
    }
}

impl GroupedSegment {
    /// The documents of a segment whose ids are `known` to be in a group.
    fn found(segment: &OpenSegment, known: &FxHashMap<&str, u32>) -> tantivy::Result<Self> {
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

    fn remove(&mut self, doc: DocId) {
        if self.of.remove(&doc).is_some() {
            self.grouped.set(doc as usize, false);
        }
    }
}
