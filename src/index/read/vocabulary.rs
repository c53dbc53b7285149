//! How many articles of a generation hold a word: what decides whether `브록만` ends in a particle.

use fixedbitset::FixedBitSet;
use tantivy::{DocId, TERMINATED};

use super::articles::Articles;
use super::error::ReadError;
use super::pace::Pace;
use super::segment::Segment;
use super::shape_docs::ShapeDocs;
use crate::query::archive::{Deadline, Frequencies};
use crate::query::shape::{Probe, Shape, Slot};

/// Articles that hold `shape`, exactly.
pub(in crate::index) fn count(
    articles: Articles<'_>,
    shape: &Shape,
    deadline: Deadline,
) -> Result<u64, ReadError> {
    let mut count = 0;
    for (index, segment) in articles.segments.iter().enumerate() {
        deadline.check()?;
        if articles.visible.is_none()
            && !segment.reader.has_deletes()
            && let [Slot { probes, .. }] = shape.slots.as_slice()
            && let [probe] = probes.as_slice()
        {
            count += u64::from(segment.doc_freq(probe)?);
            continue;
        }
        let mut of_segment = 0;
        each(articles, index, segment, shape, deadline, |_| {
            of_segment += 1;
            true
        })?;
        count += of_segment;
    }
    Ok(count)
}

/// Whether any article holds `shape`.
pub(in crate::index) fn holds(
    articles: Articles<'_>,
    shape: &Shape,
    deadline: Deadline,
) -> Result<bool, ReadError> {
    let mut found = false;
    for (index, segment) in articles.segments.iter().enumerate() {
        deadline.check()?;
        each(articles, index, segment, shape, deadline, |_| {
            found = true;
            false
        })?;
        if found {
            break;
        }
    }
    Ok(found)
}

/// The articles that hold `shape`, by segment.
pub(in crate::index) fn holding(
    articles: Articles<'_>,
    shape: &Shape,
    deadline: Deadline,
) -> Result<Vec<FixedBitSet>, ReadError> {
    let mut held = Vec::with_capacity(articles.segments.len());
    for (index, segment) in articles.segments.iter().enumerate() {
        let mut docs = FixedBitSet::with_capacity(segment.max_doc());
        each(articles, index, segment, shape, deadline, |doc| {
            docs.insert(doc as usize);
            true
        })?;
        held.push(docs);
    }
    Ok(held)
}

/// Calls `found` for every article of a segment that holds `shape`, until it says that this is enough.
fn each(
    articles: Articles<'_>,
    index: usize,
    segment: &Segment,
    shape: &Shape,
    deadline: Deadline,
    mut found: impl FnMut(DocId) -> bool,
) -> Result<(), ReadError> {
    let mut pace = Pace::new(deadline);
    let Some(mut docs) = ShapeDocs::open(segment, shape, None)? else { return Ok(()) };
    let mut doc = docs.seek(0)?;
    while doc != TERMINATED {
        pace.step()?;
        if articles.hold(index, doc) && docs.matches(doc, &mut pace)? && !found(doc) {
            return Ok(());
        }
        doc = docs.seek(doc + 1)?;
    }
    Ok(())
}

/// How many articles hold each of `probes`; of a whole generation deleted ones count until their segment is written anew.
pub(in crate::index) fn frequencies(
    articles: Articles<'_>,
    probes: &[Probe],
    deadline: Deadline,
) -> Result<Frequencies, ReadError> {
    let mut held = Vec::with_capacity(probes.len());
    for probe in probes {
        deadline.check()?;
        held.push(articles.holding(probe, deadline)?);
    }
    Ok(Frequencies { articles: articles.count(), held })
}
