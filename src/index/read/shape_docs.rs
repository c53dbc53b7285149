//! The documents of a segment that hold a shape, one after another, and where.
//!
//! The twin of `query::text::TextPositions`, which finds the same shapes in one text without an index: a property test holds
//! the two together (`tests/highlight_properties.rs`).

use smallvec::SmallVec;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::{DocId, DocSet, TERMINATED};

use super::segment::Segment;
use crate::query::language::TextField;
use crate::query::shape::{Shape, Slot};

/// The union of a slot's posting lists.
struct SlotDocs {
    offset: u32,
    cost: u32,
    lists: SmallVec<[SegmentPostings; 2]>,
}

impl SlotDocs {
    fn open(segment: &Segment, slot: &Slot, positions: bool) -> tantivy::Result<Option<Self>> {
        let mut lists = SmallVec::new();
        let mut cost = 0;
        for probe in &slot.probes {
            if let Some(list) = segment.postings(probe, positions)? {
                cost += list.doc_freq();
                lists.push(list);
            }
        }
        Ok((!lists.is_empty()).then_some(Self { offset: slot.offset, cost, lists }))
    }

    fn doc(&self) -> DocId {
        self.lists.iter().map(SegmentPostings::doc).min().unwrap_or(TERMINATED)
    }

    fn seek(&mut self, target: DocId) -> DocId {
        for list in &mut self.lists {
            if list.doc() < target {
                list.seek(target);
            }
        }
        self.doc()
    }

    /// Appends the bases that this slot allows in the current document, ascending. A position smaller than the offset
    /// has none.
    fn bases(&mut self, out: &mut Vec<u32>) {
        let doc = self.doc();
        let offset = self.offset;
        out.clear();
        for list in &mut self.lists {
            if list.doc() == doc {
                list.append_positions_with_offset(0, out);
            }
        }
        out.retain_mut(|position| match position.checked_sub(offset) {
            Some(base) => {
                *position = base;
                true
            }
            None => false,
        });
        if self.lists.len() > 1 {
            out.sort_unstable();
            out.dedup();
        }
    }
}

/// The documents of a segment that hold a shape.
pub(super) struct ShapeDocs<'s> {
    segment: &'s Segment,
    /// Rarest first.
    slots: Vec<SlotDocs>,
    field: Option<TextField>,
    positions: bool,
    bases: Vec<u32>,
    scratch: Vec<u32>,
}

impl<'s> ShapeDocs<'s> {
    /// The documents that hold `shape` in `field`; `None` where none can.
    pub(super) fn open(
        segment: &'s Segment,
        shape: &Shape,
        field: Option<TextField>,
    ) -> tantivy::Result<Option<Self>> {
        // A lone slot anywhere in the article needs no positions to match, only to mark.
        Self::with(segment, shape, field, shape.slots.len() > 1 || field.is_some())
    }

    /// Like [`ShapeDocs::open`], with positions in any case, for [`ShapeDocs::bases`].
    pub(super) fn with_positions(
        segment: &'s Segment,
        shape: &Shape,
        field: Option<TextField>,
    ) -> tantivy::Result<Option<Self>> {
        Self::with(segment, shape, field, true)
    }

    fn with(
        segment: &'s Segment,
        shape: &Shape,
        field: Option<TextField>,
        positions: bool,
    ) -> tantivy::Result<Option<Self>> {
        let mut slots = Vec::with_capacity(shape.slots.len());
        for slot in &shape.slots {
            match SlotDocs::open(segment, slot, positions)? {
                Some(docs) => slots.push(docs),
                None => return Ok(None),
            }
        }
        slots.sort_by_key(|slot| slot.cost);
        Ok(Some(Self { segment, slots, field, positions, bases: Vec::new(), scratch: Vec::new() }))
    }

    /// Documents of the rarest slot: at most so many are looked at.
    pub(super) fn cost(&self) -> u32 {
        self.slots.first().map_or(0, |slot| slot.cost)
    }

    /// The first document from `target` on that has all slots somewhere; whether they are in their places, [`Self::matches`]
    /// tells. [`TERMINATED`] at the end.
    pub(super) fn seek(&mut self, target: DocId) -> DocId {
        let mut candidate = target;
        'next: loop {
            if candidate == TERMINATED {
                return TERMINATED;
            }
            for slot in &mut self.slots {
                let doc = slot.seek(candidate);
                if doc != candidate {
                    candidate = doc;
                    continue 'next;
                }
            }
            return candidate;
        }
    }

    /// Whether `doc`, the current document, really holds the shape.
    pub(super) fn matches(&mut self, doc: DocId) -> bool {
        !self.positions || !self.bases(doc).is_empty()
    }

    /// The positions at which the shape begins in `doc`, the current document; ascending.
    pub(super) fn bases(&mut self, doc: DocId) -> &[u32] {
        let Some((rarest, others)) = self.slots.split_first_mut() else { return &[] };
        rarest.bases(&mut self.bases);
        for slot in others {
            if self.bases.is_empty() {
                return &[];
            }
            slot.bases(&mut self.scratch);
            intersect(&mut self.bases, &self.scratch);
        }
        if let Some(field) = self.field {
            let body_start = self.segment.body_start(doc);
            self.bases.retain(|base| match field {
                TextField::Title => *base < body_start,
                TextField::Body => *base >= body_start,
            });
        }
        &self.bases
    }
}

/// Keeps in `kept` what is in `other` too; both ascending.
fn intersect(kept: &mut Vec<u32>, other: &[u32]) {
    let mut others = other.iter().copied().peekable();
    kept.retain(|&value| {
        while others.next_if(|&next| next < value).is_some() {}
        others.peek() == Some(&value)
    });
}
