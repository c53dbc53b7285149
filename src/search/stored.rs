//! Stored articles: by id, and those of a page of hits.

use tantivy::schema::{IndexRecordOption, Value};
use tantivy::{DocAddress, DocId, DocSet, TERMINATED, TantivyDocument, Term};

use super::rank::Candidate;
use super::segment::SegmentView;
use super::{Deadline, SearchContext, SearchError};
use crate::article::Article;
use crate::index::{Generation, IndexError};

/// An article with its place in the index.
pub struct Fetched {
    /// Which segment of the generation.
    pub segment: usize,
    /// Which document of the segment.
    pub doc: DocId,
    /// What is stored there.
    pub article: Article,
}

/// The stored article `id`; `None` where there is none.
///
/// # Errors
/// A failing index.
pub fn article(context: &SearchContext<'_>, id: &str) -> Result<Option<Article>, SearchError> {
    let segments = super::segment::open(context.generation);
    Ok(find(context.generation, &segments, id)?.map(|found| found.article))
}

/// The article `id` with its place.
pub fn find(
    generation: &Generation,
    segments: &[SegmentView<'_>],
    id: &str,
) -> Result<Option<Fetched>, SearchError> {
    match locate(segments, id)? {
        Some((segment, doc)) => load(generation, segment, doc).map(Some),
        None => Ok(None),
    }
}

/// Where the article `id` is: the segment, and the document in it.
pub fn locate(segments: &[SegmentView<'_>], id: &str) -> Result<Option<(usize, DocId)>, SearchError> {
    for (index, segment) in segments.iter().enumerate() {
        let inverted = segment.reader.inverted_index(segment.fields.id)?;
        let term = Term::from_field_text(segment.fields.id, id);
        let Some(mut postings) = inverted.read_postings(&term, IndexRecordOption::Basic)? else { continue };
        let mut doc = postings.doc();
        while doc != TERMINATED {
            if !segment.reader.is_deleted(doc) {
                return Ok(Some((index, doc)));
            }
            doc = postings.advance();
        }
    }
    Ok(None)
}

/// The articles of a page, in its order.
pub fn fetch<'a>(
    generation: &Generation,
    page: impl Iterator<Item = &'a Candidate>,
    deadline: &Deadline,
) -> Result<Vec<Fetched>, SearchError> {
    page.map(|hit| {
        deadline.check()?;
        load(generation, hit.segment, hit.doc)
    })
    .collect()
}

/// The article stored at a place.
pub fn load(generation: &Generation, segment: usize, doc: DocId) -> Result<Fetched, SearchError> {
    let stored: TantivyDocument = generation.searcher().doc(DocAddress::new(segment as u32, doc))?;
    let source = stored.get_first(generation.fields().source).and_then(|value| value.as_bytes());
    let article = source.and_then(|bytes| serde_json::from_slice(bytes).ok()).ok_or_else(|| {
        SearchError::Index(IndexError::Damaged {
            path: generation.path().to_owned(),
            what: format!("the stored article {doc} of segment {segment} cannot be read"),
        })
    })?;
    Ok(Fetched { segment, doc, article })
}
