//! The articles that a question is about: all of a generation, or those that a view shows; and what is counted of them.

use fixedbitset::FixedBitSet;
use tantivy::{DocAddress, DocId};

use super::error::ReadError;
use super::matching::alive;
use super::pace::Pace;
use super::segment::{Detail, Segment};
use super::within::each_within;
use crate::query::archive::Deadline;
use crate::query::shape::{Lane, Probe};

/// The articles that a question is about.
#[derive(Clone, Copy)]
pub(in crate::index) struct Articles<'a> {
    /// The segments of a generation.
    pub(in crate::index) segments: &'a [Segment],
    /// Which of their documents the question is about, deleted ones left out; `None`: all that are not deleted.
    pub(in crate::index) visible: Option<&'a [FixedBitSet]>,
}

/// Whether a document is among sets of them by segment; `None`: all are.
pub(super) fn holds(among: Option<&[FixedBitSet]>, at: DocAddress) -> bool {
    let of_segment = |sets: &[FixedBitSet]| {
        sets.get(at.segment_ord as usize).is_some_and(|docs| docs.contains(at.doc_id as usize))
    };
    among.is_none_or(of_segment)
}

impl Articles<'_> {
    /// Those of segment `index`.
    pub(super) fn of_segment(&self, index: usize, segment: &Segment) -> FixedBitSet {
        match self.visible {
            None => alive(segment),
            // A view has a set for each segment; without one nothing is visible.
            Some(visible) => {
                visible.get(index).cloned().unwrap_or_else(|| FixedBitSet::with_capacity(segment.max_doc()))
            }
        }
    }

    /// Whether the question is about document `doc` of segment `index`. Deleted ones are not told apart where all are meant.
    pub(super) fn hold(&self, index: usize, doc: DocId) -> bool {
        holds(self.visible, DocAddress::new(index as u32, doc))
    }

    /// How many there are, as frequencies count them: of a whole generation deleted ones are included.
    pub(super) fn count(&self) -> u64 {
        match self.visible {
            None => self.segments.iter().map(|segment| u64::from(segment.reader.max_doc())).sum(),
            Some(visible) => visible.iter().map(|docs| docs.count_ones(..) as u64).sum(),
        }
    }

    /// How many hold the term. Of a whole generation deleted ones are included, which costs nothing; of a view each posting is
    /// looked at.
    pub(super) fn holding(&self, probe: &Probe, deadline: Deadline) -> Result<u64, ReadError> {
        let mut pace = Pace::new(deadline);
        let mut held = 0;
        for (index, segment) in self.segments.iter().enumerate() {
            let Some(visible) = self.visible else {
                held += u64::from(segment.doc_freq(probe)?);
                continue;
            };
            let (Some(docs), Some(mut postings)) =
                (visible.get(index), segment.postings(probe, Detail::Documents)?)
            else {
                continue;
            };
            each_within(&mut postings, docs, docs.count_ones(..), &mut pace, |_, _| held += 1)?;
        }
        Ok(held)
    }

    /// Tokens of a lane in an article on average, at least 1.
    pub(super) fn average_length(&self, lane: Lane) -> f32 {
        let tokens: u64 = match self.visible {
            None => self.segments.iter().map(|segment| segment.total_tokens(lane)).sum(),
            Some(visible) => {
                let lengths = self.segments.iter().zip(visible).filter_map(|(segment, docs)| {
                    let lengths = segment.lengths(lane)?;
                    Some(docs.ones().map(|doc| u64::from(lengths.fieldnorm(doc as DocId))).sum::<u64>())
                });
                lengths.sum()
            }
        };
        (tokens as f32 / self.count().max(1) as f32).max(1.0)
    }
}
