//! One segment of a generation, with everything that searches need of it opened once.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::columnar::{BytesColumn, Column, StrColumn};
use tantivy::error::DataCorruption;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{SegmentPostings, TermInfo};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, InvertedIndexReader, Searcher, SegmentReader, TERMINATED, TantivyError, Term};

use crate::index::schema::{Fields, REPLACED_BY_FILE, arrival_number, column};
use crate::query::archive::ArchiveError;
use crate::query::shape::{Lane, Probe};
use crate::query::widths::WordWidths;

/// Terms of a lane whose place in the dictionary is remembered.
const TERMS_KNOWN: usize = 4096;

/// What is read of a posting list: more takes longer, and most lists are only asked which documents they hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    /// The documents.
    Documents,
    /// Besides, how often each holds the term.
    Frequencies,
    /// Besides, where.
    Positions,
}

/// A lane of a segment.
struct OpenLane {
    field: Field,
    postings: Arc<InvertedIndexReader>,
    /// Where the posting lists of terms are that were asked for, or that there is none. A search asks for the same term up to eight
    /// times, of costs, matches, scores, looks and marks, and the dictionary is a slow automaton.
    known: Mutex<FxHashMap<Box<str>, Option<TermInfo>>>,
    /// Lengths of its texts; `None` where it keeps none (edges).
    lengths: Option<FieldNormReader>,
}

impl OpenLane {
    fn term(&self, term: &str) -> tantivy::Result<Option<TermInfo>> {
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(info) = known().get(term) {
            return Ok(info.clone());
        }
        let info = self.postings.get_term_info(&Term::from_field_text(self.field, term))?;
        let mut known = known();
        if known.len() >= TERMS_KNOWN {
            known.clear();
        }
        known.insert(term.into(), info.clone());
        Ok(info)
    }
}

/// A segment with its lanes and columns.
pub(in crate::index) struct Segment {
    /// tantivy's reader.
    pub(in crate::index) reader: SegmentReader,
    id: Field,
    address: Option<Field>,
    /// The field of stored articles.
    pub(super) source: Field,
    morph: OpenLane,
    gram: OpenLane,
    edge: OpenLane,
    title: OpenLane,
    /// Seconds of publication.
    pub(in crate::index) published: Column<i64>,
    /// Positions at which bodies begin.
    body_start: Column<u64>,
    /// How many characters so many words cover; `None` in an index of before it came.
    word_widths: Option<Column<u64>>,
    /// Quotations; `None` in an index of before they came.
    quotes: Option<QuoteColumns>,
    /// Ids.
    pub(in crate::index) ids: StrColumn,
    /// See [`Segment::arrivals`].
    arrivals: OnceLock<Arc<[Arrived]>>,
}

/// A document that came since the build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Arrived {
    /// Its number in the order in which articles came.
    pub(super) number: u64,
    pub(super) doc: DocId,
    /// Whether a changed file replaced another article of this id by it.
    pub(super) replaced: bool,
}

/// The columns of quotations, in step: where each stands, who says it, and where that is said.
pub(super) struct QuoteColumns {
    pub(super) places: Column<u64>,
    pub(super) speakers: StrColumn,
    pub(super) speaker_places: StrColumn,
}

/// A column of names; without any where no article of the segment has one.
fn names_in(reader: &SegmentReader, column: &str) -> tantivy::Result<StrColumn> {
    let column = reader.fast_fields().str(column)?;
    Ok(column.unwrap_or_else(|| StrColumn::wrap(BytesColumn::empty(reader.max_doc()))))
}

impl QuoteColumns {
    fn open(reader: &SegmentReader) -> tantivy::Result<Self> {
        Ok(Self {
            places: reader.fast_fields().u64(column::QUOTE)?,
            speakers: names_in(reader, column::SPEAKER)?,
            speaker_places: names_in(reader, column::SPEAKER_PLACE)?,
        })
    }
}

/// An index as it is at one commit.
#[derive(Clone, Copy)]
pub(in crate::index) struct OpenIndex<'a> {
    /// What reads stored articles.
    pub(in crate::index) searcher: &'a Searcher,
    /// The fields of its schema.
    pub(in crate::index) fields: &'a Fields,
    /// Its segments, in the searcher's order.
    pub(in crate::index) segments: &'a [Segment],
}

impl Segment {
    /// Opens what searches need of `reader`.
    pub(in crate::index) fn open(reader: &SegmentReader, fields: &Fields) -> tantivy::Result<Self> {
        let lane = |field, lengths| -> tantivy::Result<OpenLane> {
            let lengths = if lengths { Some(reader.get_fieldnorms_reader(field)?) } else { None };
            let known = Mutex::default();
            Ok(OpenLane { field, postings: reader.inverted_index(field)?, known, lengths })
        };
        let columns = reader.fast_fields();
        let no_ids = || TantivyError::SchemaError("the index has no ids".to_owned());
        Ok(Self {
            id: fields.id,
            address: fields.address,
            source: fields.source,
            morph: lane(fields.morph, true)?,
            gram: lane(fields.gram, true)?,
            edge: lane(fields.edge, false)?,
            title: lane(fields.title, true)?,
            published: columns.i64(column::PUBLISHED)?,
            body_start: columns.u64(column::BODY_START)?,
            word_widths: fields.word_widths.map(|_| columns.u64(column::WORD_WIDTHS)).transpose()?,
            quotes: fields.quotes.map(|_| QuoteColumns::open(reader)).transpose()?,
            ids: columns.str(column::ID)?.ok_or_else(no_ids)?,
            arrivals: OnceLock::new(),
            reader: reader.clone(),
        })
    }

    /// The documents that came one by one since the build, in the order in which they came; deleted ones too. Every
    /// saved search asks for them after every commit.
    ///
    /// # Errors
    /// A failing index.
    pub(super) fn arrivals(&self) -> tantivy::Result<&[Arrived]> {
        if let Some(arrivals) = self.arrivals.get() {
            return Ok(arrivals);
        }
        let sequence = self.reader.fast_fields().u64(column::SEQUENCE)?;
        let mut arrivals = Vec::new();
        // What a build wrote has no numbers: then the archive is not walked through.
        if sequence.max_value() > 0 {
            let numbers = (0..self.reader.max_doc()).filter_map(|doc| Some((sequence.first(doc)?, doc)));
            arrivals.extend(numbers.map(|(sequence, doc)| {
                let replaced = sequence & REPLACED_BY_FILE != 0;
                Arrived { number: arrival_number(sequence), doc, replaced }
            }));
            arrivals.retain(|arrived| arrived.number > 0);
            arrivals.sort_unstable();
        }
        Ok(self.arrivals.get_or_init(|| arrivals.into()))
    }

    /// Takes over what `former`, the same segment at an earlier commit, has read already: a segment's columns never change.
    pub(in crate::index) fn keep(&self, former: &Self) {
        if let Some(known) = former.arrivals.get() {
            // Nobody has asked this one yet.
            let _ = self.arrivals.set(Arc::clone(known));
        }
    }

    /// The quotations.
    ///
    /// # Errors
    /// [`ArchiveError::ReindexDue`] for an index of before they came.
    pub(super) fn quotes(&self) -> Result<&QuoteColumns, ArchiveError> {
        self.quotes.as_ref().ok_or(ArchiveError::ReindexDue { what: "quotations" })
    }

    /// Highest document number plus one.
    pub(super) fn max_doc(&self) -> usize {
        self.reader.max_doc() as usize
    }

    /// The position at which the body of `doc` begins.
    pub(super) fn body_start(&self, doc: DocId) -> u32 {
        self.body_start.first(doc).unwrap_or(0) as u32
    }

    /// How many characters so many words of `doc` cover; `None` in an index of before that was kept.
    pub(super) fn word_widths(&self, doc: DocId) -> Option<WordWidths> {
        self.word_widths.as_ref()?.first(doc).map(WordWidths::unpack)
    }

    /// The posting list of a probe; `None` where the segment does not have the term.
    pub(super) fn postings(&self, probe: &Probe, detail: Detail) -> tantivy::Result<Option<SegmentPostings>> {
        let option = match detail {
            Detail::Documents => IndexRecordOption::Basic,
            Detail::Frequencies => IndexRecordOption::WithFreqs,
            Detail::Positions => IndexRecordOption::WithFreqsAndPositions,
        };
        let lane = self.lane(probe.lane);
        let Some(info) = lane.term(&probe.term)? else { return Ok(None) };
        Ok(Some(lane.postings.read_postings_from_terminfo(&info, option)?))
    }

    /// How many documents of the segment hold the term, deleted ones included.
    pub(super) fn doc_freq(&self, probe: &Probe) -> tantivy::Result<u32> {
        Ok(self.lane(probe.lane).term(&probe.term)?.map_or(0, |info| info.doc_freq))
    }

    /// How many tokens a lane has over all documents, deleted ones included.
    pub(super) fn total_tokens(&self, lane: Lane) -> u64 {
        self.lane(lane).postings.total_num_tokens()
    }

    /// Encoded lengths of a lane's texts; `None` where it keeps none.
    pub(super) fn lengths(&self, lane: Lane) -> Option<&FieldNormReader> {
        self.lane(lane).lengths.as_ref()
    }

    /// A column of names; without any where no article of the segment has one.
    pub(super) fn names(&self, column: &str) -> tantivy::Result<StrColumn> {
        names_in(&self.reader, column)
    }

    fn lane(&self, lane: Lane) -> &OpenLane {
        match lane {
            Lane::Morph => &self.morph,
            Lane::Gram => &self.gram,
            Lane::Edge => &self.edge,
            Lane::Title => &self.title,
        }
    }

    /// The rank of a document's id among the segment's. Every document has an id.
    pub(super) fn id_rank(&self, doc: DocId) -> u64 {
        self.ids.term_ords(doc).next().unwrap_or(u64::MAX)
    }

    /// The id of a document.
    ///
    /// # Errors
    /// A failing index, or a document without an id, which is damage.
    pub(in crate::index) fn id_of(&self, doc: DocId) -> tantivy::Result<String> {
        let mut id = String::new();
        if self.ids.ord_to_str(self.id_rank(doc), &mut id)? {
            return Ok(id);
        }
        Err(DataCorruption::comment_only(format!("document {doc} has no id")).into())
    }

    /// The documents, not deleted, that have one of these ids.
    ///
    /// # Errors
    /// A failing index.
    pub(in crate::index) fn docs_of(&self, ids: &FxHashSet<Box<str>>) -> tantivy::Result<Vec<DocId>> {
        let mut ords = FxHashSet::default();
        for id in ids {
            ords.extend(self.ids.dictionary().term_ord(id.as_bytes())?);
        }
        let wanted = |doc: &DocId| self.ids.term_ords(*doc).any(|ord| ords.contains(&ord));
        Ok(if ords.is_empty() { Vec::new() } else { self.reader.doc_ids_alive().filter(wanted).collect() })
    }

    /// The documents, not deleted, whose address has this [`address_hash`](crate::index::schema::address_hash).
    ///
    /// # Errors
    /// A failing index.
    pub(in crate::index) fn docs_of_address(&self, hash: u64) -> tantivy::Result<Vec<DocId>> {
        // An index of before addresses finds none; a reindex is due, and `/ready` says so.
        let Some(address) = self.address else { return Ok(Vec::new()) };
        let inverted = self.reader.inverted_index(address)?;
        let term = Term::from_field_u64(address, hash);
        let Some(mut postings) = inverted.read_postings(&term, IndexRecordOption::Basic)? else {
            return Ok(Vec::new());
        };
        let mut docs = Vec::new();
        while postings.doc() != TERMINATED {
            if !self.reader.is_deleted(postings.doc()) {
                docs.push(postings.doc());
            }
            postings.advance();
        }
        Ok(docs)
    }

    /// The document, not deleted, that has this id.
    ///
    /// # Errors
    /// A failing index.
    pub(in crate::index) fn doc_of(&self, id: &str) -> tantivy::Result<Option<DocId>> {
        let inverted = self.reader.inverted_index(self.id)?;
        let term = Term::from_field_text(self.id, id);
        let Some(mut postings) = inverted.read_postings(&term, IndexRecordOption::Basic)? else {
            return Ok(None);
        };
        while postings.doc() != TERMINATED && self.reader.is_deleted(postings.doc()) {
            postings.advance();
        }
        Ok(Some(postings.doc()).filter(|doc| *doc != TERMINATED))
    }
}

/// The name with this number in a column.
pub(super) fn name_of(column: &StrColumn, ord: u64) -> tantivy::Result<String> {
    let mut name = String::new();
    if column.ord_to_str(ord, &mut name)? {
        return Ok(name);
    }
    Err(DataCorruption::comment_only(format!("a column has no name {ord}")).into())
}

/// The names of `ords`, which are ascending: names are stored in blocks, and each is unpacked once.
pub(super) fn names_of(column: &StrColumn, ords: &[u64]) -> tantivy::Result<Vec<String>> {
    let mut names = Vec::with_capacity(ords.len());
    let read = |name: &[u8]| names.push(String::from_utf8(name.to_vec()));
    if !column.dictionary().sorted_ords_to_term_cb(ords, read)? || names.len() != ords.len() {
        return Err(DataCorruption::comment_only("a column has fewer names than its articles use").into());
    }
    let broken = |_| DataCorruption::comment_only("a name of a column is not UTF-8");
    names.into_iter().map(|name| name.map_err(|error| broken(error).into())).collect()
}
