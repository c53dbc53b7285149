//! How many articles of a generation hold a word: what decides whether `브록만` ends in a particle.

use tantivy::TERMINATED;

use super::error::ReadError;
use super::pace::Pace;
use super::segment::Segment;
use super::shape_docs::ShapeDocs;
use crate::query::archive::{Deadline, Frequencies};
use crate::query::shape::{Probe, Shape, Slot};

/// Articles that hold `shape`, exactly.
pub(in crate::index) fn count(
    segments: &[Segment],
    shape: &Shape,
    deadline: Deadline,
) -> Result<u64, ReadError> {
    let mut pace = Pace::new(deadline);
    let mut count = 0;
    for segment in segments {
        deadline.check()?;
        if !segment.reader.has_deletes()
            && let [Slot { probes, .. }] = shape.slots.as_slice()
            && let [probe] = probes.as_slice()
        {
            count += u64::from(segment.doc_freq(probe)?);
            continue;
        }
        let Some(mut docs) = ShapeDocs::open(segment, shape, None)? else { continue };
        let mut doc = docs.seek(0);
        while doc != TERMINATED {
            pace.step()?;
            count += u64::from(docs.matches(doc));
            doc = docs.seek(doc + 1);
        }
    }
    Ok(count)
}

/// Whether any article holds `shape`.
pub(in crate::index) fn holds(
    segments: &[Segment],
    shape: &Shape,
    deadline: Deadline,
) -> Result<bool, ReadError> {
    let mut pace = Pace::new(deadline);
    for segment in segments {
        deadline.check()?;
        let Some(mut docs) = ShapeDocs::open(segment, shape, None)? else { continue };
        let mut doc = docs.seek(0);
        while doc != TERMINATED {
            pace.step()?;
            if docs.matches(doc) {
                return Ok(true);
            }
            doc = docs.seek(doc + 1);
        }
    }
    Ok(false)
}

/// How many articles hold each of `probes`; deleted ones count until their segment is written anew.
pub(in crate::index) fn frequencies(
    segments: &[Segment],
    probes: &[Probe],
    deadline: Deadline,
) -> Result<Frequencies, ReadError> {
    let mut held = vec![0; probes.len()];
    for segment in segments {
        deadline.check()?;
        for (probe, held) in probes.iter().zip(&mut held) {
            *held += u64::from(segment.doc_freq(probe)?);
        }
    }
    Ok(Frequencies { articles: article_count(segments), held })
}

/// Articles of all segments, deleted ones included, as frequencies count them.
pub(super) fn article_count(segments: &[Segment]) -> u64 {
    segments.iter().map(|segment| u64::from(segment.reader.max_doc())).sum()
}
