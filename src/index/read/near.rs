//! Documents in which clauses stand near each other.
//!
//! Positions are numbers of characters, nearness is counted in words. How many characters so many words of the document cover tells of most
//! documents; of the others that hold both, the text is read and its words are counted.

use std::borrow::Cow;

use fixedbitset::FixedBitSet;
use serde::Deserialize;
use tantivy::DocId;
use tantivy::error::DataCorruption;
use tantivy::schema::Value;
use tantivy::store::StoreReader;
use tantivy::{TantivyDocument, TantivyError};

use super::error::ReadError;
use super::pace::Pace;
use super::segment::Segment;
use super::shape_docs::ShapeDocs;
use crate::query::archive::Deadline;
use crate::query::near::{Near, Span, WordNumbers};
use crate::query::plan::Plan;
use crate::query::shape::Extent;

/// Blocks of stored articles that are kept while the documents are gone through, in the order they are stored in.
const BLOCKS: usize = 2;

/// The part of a stored article that is searched.
#[derive(Deserialize)]
struct TitleAndBody<'s> {
    #[serde(default, borrow)]
    title: Cow<'s, str>,
    #[serde(default, borrow)]
    body: Cow<'s, str>,
}

/// The documents `within` that hold `near`; each of them holds a clause of either part.
pub(super) fn near_docs(
    plan: &Plan,
    near: &Near,
    segment: &Segment,
    within: &FixedBitSet,
    deadline: Deadline,
) -> Result<FixedBitSet, ReadError> {
    let mut first = Occurrences::open(plan, &near.first, segment)?;
    let mut second = Occurrences::open(plan, &near.second, segment)?;
    let store = open_store(segment)?;
    let mut found = FixedBitSet::with_capacity(segment.max_doc());
    let mut words = WordNumbers::default();
    let mut pace = Pace::new(deadline);
    for doc in within.ones() {
        // The text of each may have to be read.
        pace.check()?;
        let id = doc as DocId;
        let (one, other) = (first.spans(id, &mut pace)?, second.spans(id, &mut pace)?);
        let holds = match near.told_by_characters(one, other, segment.body_start(id), segment.word_widths(id))
        {
            Some(told) => told,
            None => {
                count_words(segment, &store, id, &mut words)?;
                near.holds(one, other, &words)
            }
        };
        found.set(doc, holds);
    }
    Ok(found)
}

/// The stored articles of a segment, to be read in the order they are stored in.
pub(super) fn open_store(segment: &Segment) -> Result<StoreReader, ReadError> {
    Ok(segment.reader.get_store_reader(BLOCKS).map_err(TantivyError::from)?)
}

/// Counts the words of a document.
pub(super) fn count_words(
    segment: &Segment,
    store: &StoreReader,
    doc: DocId,
    words: &mut WordNumbers,
) -> Result<(), ReadError> {
    let stored: TantivyDocument = store.get(doc)?;
    let damaged = |what: String| {
        TantivyError::from(DataCorruption::comment_only(format!(
            "the stored article of document {doc} {what}"
        )))
    };
    let source = stored.get_first(segment.source).and_then(|value| value.as_bytes());
    let source = source.ok_or_else(|| damaged("is empty".to_owned()))?;
    let text: TitleAndBody<'_> =
        serde_json::from_slice(source).map_err(|error| damaged(format!("cannot be read: {error}")))?;
    words.count_article(&text.title, &text.body);
    Ok(())
}

/// Where the forms of some clauses are, document by document.
pub(super) struct Occurrences<'s> {
    forms: Vec<(ShapeDocs<'s>, Extent)>,
    spans: Vec<Span>,
}

impl<'s> Occurrences<'s> {
    pub(super) fn open(plan: &'s Plan, clauses: &[usize], segment: &'s Segment) -> Result<Self, ReadError> {
        let mut forms = Vec::new();
        for clause in clauses.iter().filter_map(|clause| plan.clauses.get(*clause)) {
            for form in &clause.forms {
                let docs = ShapeDocs::with_positions(segment, &form.shape, clause.field)?;
                forms.extend(docs.map(|docs| (docs, form.shape.extent)));
            }
        }
        Ok(Self { forms, spans: Vec::new() })
    }

    /// The spans in `doc`; documents are asked for in ascending order.
    ///
    /// # Errors
    /// The deadline of `pace`, or a failing index.
    pub(super) fn spans(&mut self, doc: DocId, pace: &mut Pace) -> Result<&[Span], ReadError> {
        self.spans.clear();
        for (docs, extent) in &mut self.forms {
            if docs.reaches(doc)? {
                self.spans.extend(docs.bases(doc, pace)?.iter().map(|base| Span::new(*base, *extent)));
            }
        }
        Ok(&self.spans)
    }
}
