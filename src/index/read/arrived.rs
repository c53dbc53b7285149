//! Which of the articles that came since match a plan, in the order in which they came.
//!
//! Only segments that hold something new are looked at, and of them only what is new: right after a commit that is one small segment,
//! however large the archive is.

use fixedbitset::FixedBitSet;
use tantivy::columnar::Column;
use tantivy::{DocAddress, DocId};

use super::articles::Articles;
use super::error::ReadError;
use super::filter::filter_docs;
use super::group;
use super::matching::evaluate;
use super::members::SimilarGroups;
use super::pace::Pace;
use super::place;
use super::segment::Segment;
use crate::index::schema::{OF_CHANGED_FILE, column};
use crate::query::archive::{Arrival, Arriving, Deadline};
use crate::query::plan::Plan;

/// The articles of `arriving.window` among `articles` for which `plan` holds.
///
/// # Errors
/// The deadline, or a failing index.
pub(in crate::index) fn arrived(
    articles: Articles<'_>,
    similar: &SimilarGroups,
    plan: &Plan,
    arriving: &Arriving<'_>,
) -> Result<Vec<Arrival>, ReadError> {
    let Arriving { strictness, filters, similar_to, window, deadline } = *arriving;
    let expr = plan.expr(strictness);
    let alike = similar_to.map(|to| group::alike(similar, articles.segments, place::at(to)));
    let mut found = Vec::new();
    for ((ord, index), segment) in (0_u32..).zip(0..).zip(articles.segments) {
        let sequence = segment.reader.fast_fields().u64(column::SEQUENCE)?;
        if sequence.max_value() <= window.after {
            continue;
        }
        let mut within = late(segment, &sequence, window.after, deadline)?;
        within.intersect_with(&articles.of_segment(index, segment));
        if let Some(alike) = alike.as_ref().and_then(|sets| sets.get(index)) {
            within.intersect_with(alike);
        }
        if within.is_clear() {
            continue;
        }
        let docs = evaluate(plan, &expr, segment, &within, deadline)?.docs;
        let docs = filter_docs(segment, filters, &docs, deadline)?;
        found.extend(docs.ones().map(|doc| {
            let at = DocAddress::new(ord, doc as DocId);
            Arrival { sequence: sequence.first(at.doc_id).unwrap_or_default(), place: place::of(at) }
        }));
    }
    found.sort_unstable();
    if window.latest {
        found.drain(..found.len().saturating_sub(window.size));
    } else {
        found.truncate(window.size);
    }
    Ok(found)
}

/// The documents of a segment that the journal's entries after `after` wrote.
fn late(
    segment: &Segment,
    sequence: &Column<u64>,
    after: u64,
    deadline: Deadline,
) -> Result<FixedBitSet, ReadError> {
    let mut pace = Pace::new(deadline);
    let mut late = FixedBitSet::with_capacity(segment.max_doc());
    for doc in 0..segment.reader.max_doc() {
        pace.step()?;
        if sequence.first(doc).is_some_and(|number| number > after && number < OF_CHANGED_FILE) {
            late.insert(doc as usize);
        }
    }
    Ok(late)
}
