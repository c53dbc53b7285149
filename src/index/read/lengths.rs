//! Lengths of texts, as BM25 needs them.

use tantivy::DocId;
use tantivy::fieldnorm::FieldNormReader;

use super::segment::Segment;
use crate::query::ranking::RankingOptions;
use crate::query::shape::Lane;

/// k1 and b for titles: a word says more in a title of three words than in one of twelve. The usual constants (Robertson
/// & Zaragoza 2009); titles hold a word once, so that k1 hardly matters.
pub(super) const TITLE_K1: f32 = 1.2;
/// See [`TITLE_K1`].
const TITLE_B: f32 = 0.75;

/// The length part of BM25's denominator by document.
pub(super) struct LengthNorms<'a> {
    reader: &'a FieldNormReader,
    table: [f32; 256],
}

impl<'a> LengthNorms<'a> {
    /// The norms of a segment's lane, whose texts are `average` tokens long; `None` for a lane that keeps no lengths.
    pub(super) fn new(
        options: &RankingOptions,
        average: f32,
        segment: &'a Segment,
        lane: Lane,
    ) -> Option<Self> {
        let RankingOptions { k1, b, .. } = *options;
        let (k1, b) = if lane == Lane::Title { (TITLE_K1, TITLE_B) } else { (k1, b) };
        let mut table = [0.0; 256];
        for (id, norm) in (0_u8..=255).zip(&mut table) {
            let length = FieldNormReader::id_to_fieldnorm(id) as f32;
            *norm = k1 * (1.0 - b + b * length / average);
        }
        Some(Self { reader: segment.lengths(lane)?, table })
    }

    /// The norm of a document.
    pub(super) fn of(&self, doc: DocId) -> f32 {
        self.table.get(usize::from(self.reader.fieldnorm_id(doc))).copied().unwrap_or(1.0)
    }
}
