//! Stored articles: the one place where they are read.

use tantivy::error::DataCorruption;
use tantivy::schema::Value;
use tantivy::{DocAddress, DocId, Searcher, SegmentReader, TantivyDocument, TantivyError};

use super::error::ReadError;
use super::place;
use crate::article::Article;
use crate::index::schema::{Fields, STORE_BLOCK_BYTES};
use crate::query::archive::{Deadline, Place};

/// Pairs of characters of a text, about its length, from which on its block is not kept in memory; twenty pages.
const LARGE_TEXT: u32 = 1 << 16;

/// What `parse` makes of the JSON that is stored of an article.
///
/// # Errors
/// A failing index, or damage: a place without an article, or an article that cannot be parsed.
pub(in crate::index) fn stored<T>(
    searcher: &Searcher,
    fields: &Fields,
    at: DocAddress,
    parse: impl FnOnce(&[u8]) -> serde_json::Result<T>,
) -> tantivy::Result<T> {
    let damaged = |what: &str| {
        let place = format!("document {} of segment {}", at.doc_id, at.segment_ord);
        TantivyError::from(DataCorruption::comment_only(format!("the stored article, {place}, {what}")))
    };
    let segment = searcher.segment_readers().get(at.segment_ord as usize);
    let Some(segment) = segment.filter(|segment| at.doc_id < segment.max_doc()) else {
        return Err(damaged("does not exist"));
    };
    let stored: TantivyDocument = if is_in_large_block(segment, fields, at.doc_id)? {
        segment.get_store_reader(0)?.get(at.doc_id)?
    } else {
        searcher.doc(at)?
    };
    let source = stored.get_first(fields.source).and_then(|value| value.as_bytes());
    let source = source.ok_or_else(|| damaged("is empty"))?;
    parse(source).map_err(|error| damaged(&format!("cannot be read: {error}")))
}

/// Whether the block of the store that has a document has a large text too. tantivy counts the blocks that it keeps, not their bytes: some
/// hundred blocks of ordinary articles are a few megabytes, and of books they are gigabytes. A large text ends its block, because a block
/// ends with the document that fills it: so it is the document itself, or one that follows it before a block is full. No text has fewer
/// bytes than pairs of characters.
fn is_in_large_block(segment: &SegmentReader, fields: &Fields, doc: DocId) -> tantivy::Result<bool> {
    let lengths = segment.get_fieldnorms_reader(fields.gram)?;
    let mut before = 0_usize;
    for doc in doc..segment.max_doc() {
        let length = lengths.fieldnorm(doc);
        if length > LARGE_TEXT {
            return Ok(true);
        }
        before += length as usize;
        if before > STORE_BLOCK_BYTES {
            break;
        }
    }
    Ok(false)
}

/// The stored article at a place.
///
/// # Errors
/// Those of [`stored`].
pub(in crate::index) fn article(
    searcher: &Searcher,
    fields: &Fields,
    at: DocAddress,
) -> tantivy::Result<Article> {
    stored(searcher, fields, at, |source| serde_json::from_slice(source))
}

/// The stored articles at `places`, in the same order.
///
/// # Errors
/// The deadline, or those of [`stored`].
pub(in crate::index) fn articles(
    searcher: &Searcher,
    fields: &Fields,
    places: &[Place],
    deadline: Deadline,
) -> Result<Vec<Article>, ReadError> {
    // Articles share compressed blocks with their neighbours: they are read in the order they are stored in.
    let mut ordered: Vec<(DocAddress, usize)> =
        places.iter().map(|place| place::at(*place)).zip(0..).collect();
    ordered.sort_unstable();
    let mut articles = Vec::with_capacity(places.len());
    for (at, number) in ordered {
        deadline.check()?;
        articles.push((number, article(searcher, fields, at)?));
    }
    articles.sort_unstable_by_key(|(number, _)| *number);
    Ok(articles.into_iter().map(|(_, article)| article).collect())
}
