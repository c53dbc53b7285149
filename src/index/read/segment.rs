//! One segment of a generation as search sees it: posting lists of the lanes, and shapes found in them.

use smallvec::SmallVec;
use tantivy::columnar::{Column, StrColumn};
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED, Term};

use crate::index::{Fields, Generation, OpenLane, OpenSegment};
use crate::query::language::TextField;
use crate::query::shape::{Lane, Probe, Shape, Slot};

/// A segment with what every clause needs of it.
pub struct SegmentView<'a> {
    /// tantivy's reader.
    pub reader: &'a SegmentReader,
    /// Its fields.
    pub fields: &'a Fields,
    open: &'a OpenSegment,
}

/// All segments of a generation.
pub fn open(generation: &Generation) -> Vec<SegmentView<'_>> {
    let fields = generation.fields();
    generation.segments().iter().map(|open| SegmentView { reader: &open.reader, fields, open }).collect()
}

impl SegmentView<'_> {
    /// Highest document number plus one.
    pub fn max_doc(&self) -> usize {
        self.reader.max_doc() as usize
    }

    /// The position at which the body of `doc` begins.
    pub fn body_start(&self, doc: DocId) -> u32 {
        self.open.body_start.first(doc).unwrap_or(0) as u32
    }

    /// The postings of a probe; `None` where the segment does not have the term.
    pub fn postings(&self, probe: &Probe, positions: bool) -> tantivy::Result<Option<SegmentPostings>> {
        let option =
            if positions { IndexRecordOption::WithFreqsAndPositions } else { IndexRecordOption::WithFreqs };
        let (lane, field) = self.lane(probe.lane);
        Ok(lane.postings.read_postings(&Term::from_field_text(field, &probe.term), option)?)
    }

    /// How many documents of the segment hold the term, deleted ones included.
    pub fn doc_freq(&self, probe: &Probe) -> tantivy::Result<u32> {
        let (lane, field) = self.lane(probe.lane);
        Ok(lane.postings.doc_freq(&Term::from_field_text(field, &probe.term))?)
    }

    /// How many tokens a lane has over all documents, deleted ones included.
    pub fn total_tokens(&self, lane: Lane) -> u64 {
        self.lane(lane).0.postings.total_num_tokens()
    }

    /// Encoded lengths of a lane's texts; `None` where it keeps none.
    pub fn lengths(&self, lane: Lane) -> Option<&FieldNormReader> {
        self.lane(lane).0.lengths.as_ref()
    }

    /// Seconds of publication.
    pub fn published(&self) -> &Column<i64> {
        &self.open.published
    }

    /// Ids.
    pub fn ids(&self) -> &StrColumn {
        &self.open.ids
    }

    fn lane(&self, lane: Lane) -> (&OpenLane, Field) {
        match lane {
            Lane::Morph => (&self.open.morph, self.fields.morph),
            Lane::Gram => (&self.open.gram, self.fields.gram),
            Lane::Edge => (&self.open.edge, self.fields.edge),
            Lane::Title => (&self.open.title, self.fields.title),
        }
    }

    /// A cursor over the documents that hold `shape` in `field`; `None` where none can.
    pub fn cursor(
        &self,
        shape: &Shape,
        field: Option<TextField>,
    ) -> tantivy::Result<Option<ShapeCursor<'_>>> {
        // A lone slot anywhere in the article needs no positions to match, only to mark.
        let positions = shape.slots.len() > 1 || field.is_some();
        self.open(shape, field, positions)
    }

    /// Like [`SegmentView::cursor`], with positions in any case, for [`ShapeCursor::bases`].
    pub fn marking_cursor(
        &self,
        shape: &Shape,
        field: Option<TextField>,
    ) -> tantivy::Result<Option<ShapeCursor<'_>>> {
        self.open(shape, field, true)
    }

    fn open(
        &self,
        shape: &Shape,
        field: Option<TextField>,
        positions: bool,
    ) -> tantivy::Result<Option<ShapeCursor<'_>>> {
        let mut slots = Vec::with_capacity(shape.slots.len());
        for slot in &shape.slots {
            match SlotCursor::open(self, slot, positions)? {
                Some(cursor) => slots.push(cursor),
                None => return Ok(None),
            }
        }
        slots.sort_by_key(|slot| slot.cost);
        Ok(Some(ShapeCursor {
            segment: self,
            slots,
            field,
            positions,
            bases: Vec::new(),
            scratch: Vec::new(),
        }))
    }
}

/// The union of a slot's posting lists.
struct SlotCursor {
    offset: u32,
    cost: u32,
    lists: SmallVec<[SegmentPostings; 2]>,
}

impl SlotCursor {
    fn open(segment: &SegmentView<'_>, slot: &Slot, positions: bool) -> tantivy::Result<Option<Self>> {
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

/// Walks the documents that hold a shape.
pub struct ShapeCursor<'s> {
    segment: &'s SegmentView<'s>,
    /// Rarest first.
    slots: Vec<SlotCursor>,
    field: Option<TextField>,
    positions: bool,
    bases: Vec<u32>,
    scratch: Vec<u32>,
}

impl ShapeCursor<'_> {
    /// Documents of the rarest slot: what walking costs at most.
    pub fn cost(&self) -> u32 {
        self.slots.first().map_or(0, |slot| slot.cost)
    }

    /// The first document from `target` on that has all slots somewhere; whether they stand right, [`Self::matches`]
    /// tells. [`TERMINATED`] at the end.
    pub fn seek(&mut self, target: DocId) -> DocId {
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

    /// Whether `doc`, where the cursor stands, really holds the shape.
    pub fn matches(&mut self, doc: DocId) -> bool {
        !self.positions || !self.bases(doc).is_empty()
    }

    /// The positions at which the shape begins in `doc`, where the cursor stands; ascending.
    pub fn bases(&mut self, doc: DocId) -> &[u32] {
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

/// Keeps in `kept` what stands in `other` too; both ascending.
fn intersect(kept: &mut Vec<u32>, other: &[u32]) {
    let mut others = other.iter().copied().peekable();
    kept.retain(|&value| {
        while others.next_if(|&next| next < value).is_some() {}
        others.peek() == Some(&value)
    });
}
