//! How many articles of a generation hold a shape: what decides whether `브록만` ends in a particle.

use tantivy::TERMINATED;

use super::score::idf;
use super::segment::SegmentView;
use super::shape::{Probe, Shape};
use super::word::Counter;

/// Counts shapes over a generation, for [`WordReader`].
pub struct IndexCounter<'a> {
    /// The generation's segments.
    pub segments: &'a [SegmentView<'a>],
}

impl Counter for IndexCounter<'_> {
    fn count(&self, shape: &Shape) -> u64 {
        let mut count = 0;
        for segment in self.segments {
            let Ok(Some(mut cursor)) = segment.cursor(shape, None) else { continue };
            let mut doc = cursor.seek(0);
            while doc != TERMINATED {
                count += u64::from(cursor.matches(doc));
                doc = cursor.seek(doc + 1);
            }
        }
        count
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
