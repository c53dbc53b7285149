//! What every search opens of a segment, opened once with its generation.

use std::sync::Arc;

use rustc_hash::FxHashSet;
use tantivy::columnar::{Column, StrColumn};
use tantivy::fieldnorm::FieldNormReader;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, InvertedIndexReader, SegmentReader, TERMINATED, TantivyError, Term};

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

    /// The id of a document; `None` where it has none, which no document has.
    ///
    /// # Errors
    /// A failing index.
    pub fn id(&self, doc: DocId) -> tantivy::Result<Option<String>> {
        let Some(ord) = self.ids.term_ords(doc).next() else { return Ok(None) };
        let mut id = String::new();
        self.ids.ord_to_str(ord, &mut id)?;
        Ok(Some(id))
    }

    /// The documents, not deleted, that have one of these ids.
    ///
    /// # Errors
    /// A failing index.
    pub(super) fn docs_of(&self, ids: &FxHashSet<Box<str>>) -> tantivy::Result<Vec<DocId>> {
        let mut ords = FxHashSet::default();
        for id in ids {
            ords.extend(self.ids.dictionary().term_ord(id.as_bytes())?);
        }
        let wanted = |doc: &DocId| self.ids.term_ords(*doc).any(|ord| ords.contains(&ord));
        Ok(if ords.is_empty() { Vec::new() } else { self.reader.doc_ids_alive().filter(wanted).collect() })
    }

    /// The document, not deleted, that has this id.
    ///
    /// # Errors
    /// A failing index.
    pub fn doc_of(&self, fields: &Fields, id: &str) -> tantivy::Result<Option<DocId>> {
        let inverted = self.reader.inverted_index(fields.id)?;
        let term = Term::from_field_text(fields.id, id);
        let Some(mut postings) = inverted.read_postings(&term, IndexRecordOption::Basic)? else {
            return Ok(None);
        };
        while postings.doc() != TERMINATED && self.reader.is_deleted(postings.doc()) {
            postings.advance();
        }
        Ok(Some(postings.doc()).filter(|doc| *doc != TERMINATED))
    }
}
