//! Which of the articles that came since match a plan, in the order in which they came.
//!
//! Only segments that hold something new are looked at, and of them only what is new: right after a commit that is one small segment,
//! however large the archive is.

use fixedbitset::FixedBitSet;
use tantivy::DocAddress;

use super::articles::Articles;
use super::error::ReadError;
use super::filter::filter_docs;
use super::group;
use super::matching::evaluate;
use super::members::SimilarGroups;
use super::place;
use crate::query::archive::{Arrival, Arriving};
use crate::query::plan::Plan;

/// The articles of `arriving.window` among `articles` for which `plan` holds. What changed files brought is searchable before what was pushed
/// with lower numbers: so only numbers up to `up_to` count, the last that the index has followed.
///
/// # Errors
/// The deadline, or a failing index.
pub(in crate::index) fn arrived(
    articles: Articles<'_>,
    similar: &SimilarGroups,
    plan: &Plan,
    arriving: &Arriving<'_>,
    up_to: u64,
) -> Result<Vec<Arrival>, ReadError> {
    let Arriving { strictness, filters, similar_to, window, deadline } = *arriving;
    let expr = plan.expr(strictness);
    let alike = similar_to.map(|to| group::alike(similar, articles.segments, place::at(to)));
    let mut found = Vec::new();
    for ((ord, index), segment) in (0_u32..).zip(0..).zip(articles.segments) {
        let arrivals = segment.arrivals()?;
        let late = arrivals.partition_point(|arrived| arrived.number <= window.after);
        let seen = arrivals.partition_point(|arrived| arrived.number <= up_to);
        let Some(late) = arrivals.get(late..seen).filter(|late| !late.is_empty()) else { continue };
        let mut within = FixedBitSet::with_capacity(segment.max_doc());
        late.iter().for_each(|arrived| within.insert(arrived.doc as usize));
        within.intersect_with(&articles.of_segment(index, segment));
        if let Some(alike) = alike.as_ref().and_then(|sets| sets.get(index)) {
            within.intersect_with(alike);
        }
        if within.is_clear() {
            continue;
        }
        let docs = evaluate(plan, &expr, segment, &within, deadline)?.docs;
        let docs = filter_docs(segment, filters, &docs, deadline)?;
        let matching = late.iter().filter(|arrived| docs.contains(arrived.doc as usize));
        found.extend(matching.map(|arrived| Arrival {
            sequence: arrived.number,
            place: place::of(DocAddress::new(ord, arrived.doc)),
            replaced: arrived.replaced,
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
