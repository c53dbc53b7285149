//! What every search opens of a segment, opened once with its generation.

use std::sync::Arc;

use tantivy::columnar::{Column, StrColumn};
use tantivy::fieldnorm::FieldNormReader;
use tantivy::{InvertedIndexReader, SegmentReader, TantivyError};

use super::schema::Fields;

/// A lane of a segment.
pub struct OpenLane {
    /// Its posting lists.
    pub postings: Arc<InvertedIndexReader>,
    /// Lengths of its texts; `None` where it has none (edges).
    pub lengths: Option<FieldNormReader>,
}

/// A segment with its lanes and columns.
pub struct OpenSegment {
    /// tantivy's reader.
    pub reader: SegmentReader,
    /// Morphemes.
    pub morph: OpenLane,
    /// Bigrams.
    pub gram: OpenLane,
    /// Beginnings of words and morphemes.
    pub edge: OpenLane,
    /// Morphemes of titles.
    pub title: OpenLane,
    /// Seconds of publication.
    pub published: Column<i64>,
    /// Positions at which bodies begin.
    pub body_start: Column<u64>,
    /// Ids.
    pub ids: StrColumn,
}

impl OpenSegment {
    /// Opens what searches need of `reader`.
    pub(super) fn new(reader: &SegmentReader, fields: &Fields) -> tantivy::Result<Self> {
        let lane = |field, lengths| -> tantivy::Result<OpenLane> {
            let lengths = if lengths { Some(reader.get_fieldnorms_reader(field)?) } else { None };
            Ok(OpenLane { postings: reader.inverted_index(field)?, lengths })
        };
        let columns = reader.fast_fields();
        let no_ids = || TantivyError::SchemaError("the index has no ids".to_owned());
        Ok(Self {
            morph: lane(fields.morph, true)?,
            gram: lane(fields.gram, true)?,
            edge: lane(fields.edge, false)?,
            title: lane(fields.title, true)?,
            published: columns.i64("published")?,
            body_start: columns.u64("body_start")?,
            ids: columns.str("id")?.ok_or_else(no_ids)?,
            reader: reader.clone(),
        })
    }
}
