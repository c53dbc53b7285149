//! Documents in which clauses stand near each other.
//!
//! Positions are numbers of characters, nearness is counted in words. Where two are so near in characters already, that is enough; of the
//! other documents that hold both, the text is read and its words are counted.

use fixedbitset::FixedBitSet;
use serde::Deserialize;
use tantivy::DocId;
use tantivy::error::DataCorruption;
use tantivy::schema::Value;
use tantivy::store::StoreReader;
use tantivy::{TantivyDocument, TantivyError};

use super::error::ReadError;
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
struct TitleAndBody {
    #[serde(default)]
    title: String,
    #[serde(default)]
    body: String,
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
    let store = segment.reader.get_store_reader(BLOCKS).map_err(TantivyError::from)?;
    let mut found = FixedBitSet::with_capacity(segment.max_doc());
    for doc in within.ones() {
        deadline.check()?;
        let (one, other) = (first.spans(doc as DocId), second.spans(doc as DocId));
        let holds = near.holds_in_characters(one, other, segment.body_start(doc as DocId))
            || near.holds(one, other, &words(segment, &store, doc as DocId)?);
        found.set(doc, holds);
    }
    Ok(found)
}

/// The words of a document.
fn words(segment: &Segment, store: &StoreReader, doc: DocId) -> Result<WordNumbers, ReadError> {
    let stored: TantivyDocument = store.get(doc)?;
    let damaged = |what: String| {
        TantivyError::from(DataCorruption::comment_only(format!(
            "the stored article of document {doc} {what}"
        )))
    };
    let source = stored.get_first(segment.source).and_then(|value| value.as_bytes());
    let source = source.ok_or_else(|| damaged("is empty".to_owned()))?;
    let text: TitleAndBody =
        serde_json::from_slice(source).map_err(|error| damaged(format!("cannot be read: {error}")))?;
    Ok(WordNumbers::of_article(&text.title, &text.body))
}

/// Where the forms of some clauses are, document by document.
struct Occurrences<'s> {
    forms: Vec<(ShapeDocs<'s>, Extent)>,
    spans: Vec<Span>,
}

impl<'s> Occurrences<'s> {
    fn open(plan: &Plan, clauses: &[usize], segment: &'s Segment) -> Result<Self, ReadError> {
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
    fn spans(&mut self, doc: DocId) -> &[Span] {
        self.spans.clear();
        for (docs, extent) in &mut self.forms {
            if docs.seek(doc) == doc {
                self.spans.extend(docs.bases(doc).iter().map(|base| Span::new(*base, *extent)));
            }
        }
        &self.spans
    }
}
