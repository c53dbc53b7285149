//! Stored articles: by id, and those of a page of hits.

use tantivy::schema::Value;
use tantivy::{DocAddress, DocId, TantivyDocument};

use super::rank::Candidate;
use crate::article::Article;
use crate::index::{Generation, IndexError};
use crate::search::{Deadline, SearchContext, SearchError};

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
    Ok(find(context.generation, id)?.map(|found| found.article))
}

/// The article `id` with its place.
pub fn find(generation: &Generation, id: &str) -> Result<Option<Fetched>, SearchError> {
    match generation.locate(id)? {
        Some((segment, doc)) => load(generation, segment, doc).map(Some),
        None => Ok(None),
    }
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
