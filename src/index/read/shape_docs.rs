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
    /// Boxed: a list has kilobytes of buffers, too much to be moved about.
    lists: SmallVec<[Box<SegmentPostings>; 2]>,
}

impl SlotDocs {
    fn open(segment: &Segment, slot: &Slot, positions: bool) -> tantivy::Result<Self> {
        let mut lists = SmallVec::new();
        for probe in &slot.probes {
            lists.extend(segment.postings(probe, positions)?.map(Box::new));
        }
        Ok(Self { offset: slot.offset, lists })
    }

    /// How many documents the lists of `slot` have together.
    fn cost(segment: &Segment, slot: &Slot) -> tantivy::Result<u32> {
        slot.probes.iter().try_fold(0, |cost, probe| Ok(cost + segment.doc_freq(probe)?))
    }

    fn doc(&self) -> DocId {
        self.lists.iter().map(|list| list.doc()).min().unwrap_or(TERMINATED)
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
    /// Documents of the rarest slot.
    cost: u32,
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
        let mut by_cost: SmallVec<[(u32, &Slot); 8]> = SmallVec::new();
        for slot in &shape.slots {
            by_cost.push((SlotDocs::cost(segment, slot)?, slot));
        }
        by_cost.sort_by_key(|(cost, _)| *cost);
        let cost = by_cost.first().map_or(0, |(cost, _)| *cost);
        if cost == 0 {
            // One slot is nowhere, so no list needs to be opened.
            return Ok(None);
        }
        let mut slots = Vec::with_capacity(by_cost.len());
        for (_, slot) in by_cost {
            slots.push(SlotDocs::open(segment, slot, positions)?);
        }
        Ok(Some(Self { segment, cost, slots, field, positions, bases: Vec::new(), scratch: Vec::new() }))
    }

    /// Documents of the rarest slot: at most so many are looked at.
    pub(super) fn cost(&self) -> u32 {
        self.cost
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
