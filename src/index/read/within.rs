//! The postings of a term within a set of documents.

use fixedbitset::FixedBitSet;
use tantivy::postings::SegmentPostings;
use tantivy::{DocId, DocSet as _, TERMINATED};

use super::error::ReadError;
use super::pace::Pace;

/// How many times longer than the set a posting list must be for each document of the set to be looked up in it, instead of each
/// posting in the set.
const LONGER: usize = 8;

/// Visits each of `postings` whose document is among the `count` documents `docs`, from whichever side there is less to look at.
///
/// # Errors
/// The deadline of `pace`.
#[inline]
pub(super) fn each_within(
    postings: &mut SegmentPostings,
    docs: &FixedBitSet,
    count: usize,
    pace: &mut Pace,
    mut visit: impl FnMut(DocId, &SegmentPostings),
) -> Result<(), ReadError> {
    if postings.doc_freq() as usize > count * LONGER {
        for doc in docs.ones() {
            pace.step()?;
            let doc = doc as DocId;
            let at = if postings.doc() < doc { postings.seek(doc) } else { postings.doc() };
            if at == TERMINATED {
                break;
            }
            if at == doc {
                visit(doc, postings);
            }
        }
        return Ok(());
    }
    let mut doc = postings.doc();
    while doc != TERMINATED {
        pace.step()?;
        if docs.contains(doc as usize) {
            visit(doc, postings);
        }
        doc = postings.advance();
    }
    Ok(())
}
