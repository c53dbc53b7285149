//! The documents of a segment that hold a shape, one after another, and where.
//!
//! The twin of `query::text::TextPositions`, which finds the same shapes in one text without an index: a property test holds
//! the two together (`tests/highlight_properties.rs`).

use fixedbitset::FixedBitSet;
use smallvec::SmallVec;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::{DocId, DocSet, TERMINATED};

use super::error::ReadError;
use super::pace::Pace;
use super::segment::{Detail, Segment};
use crate::query::language::TextField;
use crate::query::shape::{Shape, Slot};

/// The union of a slot's posting lists.
struct SlotDocs {
    offset: u32,
    /// Boxed: a list has kilobytes of buffers, too much to be moved about.
    lists: SmallVec<[Box<SegmentPostings>; 2]>,
    /// The document that the slot is at: the lowest of its lists.
    doc: DocId,
}

impl SlotDocs {
    fn open(segment: &Segment, slot: &Slot, detail: Detail) -> tantivy::Result<Self> {
        let mut lists = SmallVec::new();
        for probe in &slot.probes {
            lists.extend(segment.postings(probe, detail)?.map(Box::new));
        }
        let mut opened = Self { offset: slot.offset, lists, doc: TERMINATED };
        opened.doc = opened.lowest();
        Ok(opened)
    }

    /// How many documents the lists of `slot` have together.
    fn cost(segment: &Segment, slot: &Slot) -> tantivy::Result<u32> {
        slot.probes.iter().try_fold(0, |cost, probe| Ok(cost + segment.doc_freq(probe)?))
    }

    fn lowest(&self) -> DocId {
        self.lists.iter().map(|list| list.doc()).min().unwrap_or(TERMINATED)
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc < target {
            for list in &mut self.lists {
                if list.doc() < target {
                    list.seek(target);
                }
            }
            self.doc = self.lowest();
        }
        self.doc
    }

    /// Appends the bases that this slot allows in the current document, ascending. A position smaller than the offset
    /// has none. The clock of `pace` is asked before each long list: reading the positions of one document cannot be interrupted.
    fn bases(&mut self, out: &mut Vec<u32>, pace: &mut Pace) -> Result<(), ReadError> {
        let (doc, offset) = (self.doc, self.offset);
        out.clear();
        for list in &mut self.lists {
            if list.doc() == doc {
                pace.positions(list.term_freq())?;
                list.append_positions_with_offset(0, out);
            }
        }
        if offset > 0 {
            out.retain_mut(|position| match position.checked_sub(offset) {
                Some(base) => {
                    *position = base;
                    true
                }
                None => false,
            });
        }
        if self.lists.len() > 1 {
            out.sort_unstable();
            out.dedup();
        }
        Ok(())
    }
}

/// A slot whose lists are opened when a document is first looked up in them. Of the many forms of a word most find nothing that
/// another has not found, and then only the rarest slot of such a form is read.
struct Unopened<'s> {
    slot: &'s Slot,
    opened: Option<SlotDocs>,
}

impl Unopened<'_> {
    fn seek(&mut self, segment: &Segment, detail: Detail, target: DocId) -> tantivy::Result<DocId> {
        let docs = match &mut self.opened {
            Some(docs) => docs,
            unopened => unopened.insert(SlotDocs::open(segment, self.slot, detail)?),
        };
        Ok(docs.seek(target))
    }
}

/// The documents of a segment that hold a shape.
pub(super) struct ShapeDocs<'s> {
    segment: &'s Segment,
    /// Documents of the rarest slot.
    cost: u32,
    rarest: SlotDocs,
    /// The other slots, rarest first.
    others: SmallVec<[Unopened<'s>; 4]>,
    field: Option<TextField>,
    detail: Detail,
    bases: Vec<u32>,
    scratch: Vec<u32>,
}

impl<'s> ShapeDocs<'s> {
    /// The documents that hold `shape` in `field`; `None` where none can.
    pub(super) fn open(
        segment: &'s Segment,
        shape: &'s Shape,
        field: Option<TextField>,
    ) -> tantivy::Result<Option<Self>> {
        // A lone slot anywhere in the article needs no positions to match, only to mark.
        let needs_positions = shape.slots.len() > 1 || field.is_some();
        Self::with(segment, shape, field, if needs_positions { Detail::Positions } else { Detail::Documents })
    }

    /// Like [`ShapeDocs::open`], with positions in any case, for [`ShapeDocs::bases`].
    pub(super) fn with_positions(
        segment: &'s Segment,
        shape: &'s Shape,
        field: Option<TextField>,
    ) -> tantivy::Result<Option<Self>> {
        Self::with(segment, shape, field, Detail::Positions)
    }

    fn with(
        segment: &'s Segment,
        shape: &'s Shape,
        field: Option<TextField>,
        detail: Detail,
    ) -> tantivy::Result<Option<Self>> {
        let mut by_cost: SmallVec<[(u32, &Slot); 8]> = SmallVec::new();
        for slot in &shape.slots {
            by_cost.push((SlotDocs::cost(segment, slot)?, slot));
        }
        by_cost.sort_by_key(|(cost, _)| *cost);
        let mut slots = by_cost.into_iter();
        let Some((cost, rarest)) = slots.next().filter(|(cost, _)| *cost > 0) else {
            // One slot is nowhere, so no list needs to be opened.
            return Ok(None);
        };
        let rarest = SlotDocs::open(segment, rarest, detail)?;
        let others = slots.map(|(_, slot)| Unopened { slot, opened: None }).collect();
        let (bases, scratch) = (Vec::new(), Vec::new());
        Ok(Some(Self { segment, cost, rarest, others, field, detail, bases, scratch }))
    }

    /// How many documents the rarest slot of `shape` has, deleted ones included.
    pub(super) fn cost_of(segment: &Segment, shape: &Shape) -> tantivy::Result<u32> {
        let mut least: Option<u32> = None;
        for slot in &shape.slots {
            let cost = SlotDocs::cost(segment, slot)?;
            least = Some(least.map_or(cost, |least| least.min(cost)));
        }
        Ok(least.unwrap_or(0))
    }

    /// Documents of the rarest slot: at most so many are looked at.
    pub(super) fn cost(&self) -> u32 {
        self.cost
    }

    /// Puts the documents that hold the shape into `into`, where that is told without positions; otherwise gives `false`, and
    /// nothing was done.
    ///
    /// # Errors
    /// The deadline of `pace`.
    pub(super) fn fill(&mut self, into: &mut FixedBitSet, pace: &mut Pace) -> Result<bool, ReadError> {
        if self.detail == Detail::Positions || !self.others.is_empty() {
            return Ok(false);
        }
        for list in &mut self.rarest.lists {
            let mut doc = list.doc();
            while doc != TERMINATED {
                pace.step()?;
                into.insert(doc as usize);
                doc = list.advance();
            }
        }
        self.rarest.doc = TERMINATED;
        Ok(true)
    }

    /// The first document from `target` on that has the rarest slot; [`TERMINATED`] at the end.
    pub(super) fn candidate(&mut self, target: DocId) -> DocId {
        if target == TERMINATED { TERMINATED } else { self.rarest.seek(target) }
    }

    /// `candidate`, which [`Self::candidate`] gave, if it has all slots somewhere; otherwise a later document, before which
    /// none has.
    ///
    /// # Errors
    /// A failing index.
    pub(super) fn confirm(&mut self, candidate: DocId) -> tantivy::Result<DocId> {
        for other in &mut self.others {
            let doc = other.seek(self.segment, self.detail, candidate)?;
            if doc != candidate {
                return Ok(doc);
            }
        }
        Ok(candidate)
    }

    /// The first document from `target` on that has all slots somewhere; whether they are in their places, [`Self::matches`]
    /// tells. [`TERMINATED`] at the end.
    ///
    /// # Errors
    /// A failing index.
    pub(super) fn seek(&mut self, target: DocId) -> tantivy::Result<DocId> {
        let mut candidate = self.candidate(target);
        while candidate != TERMINATED {
            let confirmed = self.confirm(candidate)?;
            if confirmed == candidate {
                break;
            }
            candidate = self.candidate(confirmed);
        }
        Ok(candidate)
    }

    /// Whether `doc` has all slots somewhere. Documents are asked for in ascending order.
    ///
    /// # Errors
    /// A failing index.
    pub(super) fn reaches(&mut self, doc: DocId) -> tantivy::Result<bool> {
        Ok(self.candidate(doc) == doc && self.confirm(doc)? == doc)
    }

    /// Whether `doc`, the current document, really holds the shape.
    ///
    /// # Errors
    /// The deadline of `pace`.
    pub(super) fn matches(&mut self, doc: DocId, pace: &mut Pace) -> Result<bool, ReadError> {
        Ok(self.detail != Detail::Positions || !self.bases(doc, pace)?.is_empty())
    }

    /// The positions at which the shape begins in `doc`, the current document; ascending.
    ///
    /// # Errors
    /// The deadline of `pace`.
    pub(super) fn bases(&mut self, doc: DocId, pace: &mut Pace) -> Result<&[u32], ReadError> {
        self.rarest.bases(&mut self.bases, pace)?;
        for slot in self.others.iter_mut().filter_map(|other| other.opened.as_mut()) {
            if self.bases.is_empty() {
                return Ok(&[]);
            }
            slot.bases(&mut self.scratch, pace)?;
            intersect(&mut self.bases, &self.scratch);
        }
        if let Some(field) = self.field {
            let body_start = self.segment.body_start(doc);
            self.bases.retain(|base| match field {
                TextField::Title => *base < body_start,
                TextField::Body => *base >= body_start,
            });
        }
        Ok(&self.bases)
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

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use std::time::{Duration, Instant};

    use tantivy::tokenizer::WhitespaceTokenizer;
    use tantivy::{Index, IndexWriter, doc};

    use super::*;
    use crate::entities::EntityKind;
    use crate::index::schema::{schema, tokenizer_names as names};
    use crate::query::archive::{ArchiveError, Deadline};
    use crate::query::shape::{Extent, Lane, Probe};

    #[test]
    fn one_long_document_does_not_outlast_the_deadline() {
        let (schema, fields) = schema();
        let index = Index::create_in_ram(schema);
        let of_entities = EntityKind::ALL.map(names::of_entities);
        let lanes = [names::MORPH, names::GRAM, names::EDGE, names::TITLE];
        for name in lanes.iter().chain(&of_entities).chain(&[names::SPEAKER, names::SPEAKER_PLACE]) {
            index.tokenizers().register(name, WhitespaceTokenizer::default());
            index.fast_field_tokenizer().register(name, WhitespaceTokenizer::default());
        }
        let mut writer: IndexWriter = index.writer_with_num_threads(1, 15_000_000).unwrap();
        let long = "가가 ".repeat(300_000);
        writer.add_document(doc!(fields.id => "a", fields.gram => long)).unwrap();
        writer.commit().unwrap();
        let searcher = index.reader().unwrap().searcher();
        let segment = Segment::open(&searcher.segment_readers()[0], &fields).unwrap();

        let probe = || Probe { lane: Lane::Gram, term: "가가".to_owned() };
        let slot = |offset| Slot { offset, probes: [probe()].into_iter().collect() };
        let shape = Shape { slots: (0..3).map(slot).collect(), extent: Extent::Kept(4) };
        let mut docs = ShapeDocs::open(&segment, &shape, None).unwrap().unwrap();
        assert!(docs.reaches(0).unwrap());
        let passed = Deadline::new(Instant::now().checked_sub(Duration::from_secs(1)));
        let late = docs.matches(0, &mut Pace::new(passed));
        assert!(matches!(late, Err(ReadError::Archive(ArchiveError::Deadline))), "{late:?}");
        assert!(docs.matches(0, &mut Pace::new(Deadline::NONE)).unwrap());
        assert_eq!(docs.bases(0, &mut Pace::new(Deadline::NONE)).unwrap().len(), 300_000 - 2);
    }
}
