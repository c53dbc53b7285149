//! How many articles of a generation hold a shape: what decides whether `브록만` ends in a particle.

use tantivy::TERMINATED;

use super::segment::SegmentView;
use crate::query::ranking::idf;
use crate::query::shape::{Probe, Shape, Slot};
use crate::query::word::Counter;

/// Counts shapes over a generation, for [`WordReader`].
pub struct IndexCounter<'a> {
    /// The generation's segments.
    pub segments: &'a [SegmentView<'a>],
}

impl Counter for IndexCounter<'_> {
    fn count(&self, shape: &Shape) -> u64 {
        let mut count = 0;
        for segment in self.segments {
            if !segment.reader.has_deletes()
                && let [Slot { probes, .. }] = shape.slots.as_slice()
                && let [probe] = probes.as_slice()
            {
                count += u64::from(segment.doc_freq(probe).unwrap_or(0));
                continue;
            }
            let Ok(Some(mut cursor)) = segment.cursor(shape, None) else { continue };
            let mut doc = cursor.seek(0);
            while doc != TERMINATED {
                count += u64::from(cursor.matches(doc));
                doc = cursor.seek(doc + 1);
            }
        }
        count
    }

    fn at_most(&self, shape: &Shape) -> u64 {
        let held = |segment: &SegmentView<'_>, slot: &Slot| -> u64 {
            slot.probes.iter().map(|probe| u64::from(segment.doc_freq(probe).unwrap_or(0))).sum()
        };
        let of_segment = |segment: &SegmentView<'_>| shape.slots.iter().map(|slot| held(segment, slot)).min();
        self.segments.iter().filter_map(of_segment).sum()
    }

    fn holds(&self, shape: &Shape) -> bool {
        self.segments.iter().any(|segment| {
            let Ok(Some(mut cursor)) = segment.cursor(shape, None) else { return false };
            let mut doc = cursor.seek(0);
            while doc != TERMINATED {
                if cursor.matches(doc) {
                    return true;
                }
                doc = cursor.seek(doc + 1);
            }
            false
        })
    }

    fn rarity(&self, probe: &Probe) -> f32 {
        let mut held = 0;
        let mut articles = 0;
        for segment in self.segments {
            articles += u64::from(segment.reader.max_doc());
            held += u64::from(segment.doc_freq(probe).unwrap_or(0));
        }
        if held == 0 { 0.0 } else { idf(articles, held) }
    }
}
