//! Documents in the order of publication.

use tantivy::DocAddress;

use super::segment::Segment;

/// Puts documents into the order of publication: those without a date last, ties by id.
///
/// # Errors
/// A failing index.
pub(super) fn sort_by_publication(documents: &mut [DocAddress], segments: &[Segment]) -> tantivy::Result<()> {
    let mut keyed: Vec<_> = documents
        .iter()
        .map(|at| {
            let time = published(at, segments);
            ((time.is_none(), time, at.segment_ord), *at)
        })
        .collect();
    keyed.sort_unstable();
    for tied in keyed.chunk_by_mut(|((no_a, a, _), _), ((no_b, b, _), _)| (no_a, a) == (no_b, b)) {
        if tied.len() < 2 {
            continue;
        }
        let segment = |at: &DocAddress| segments.get(at.segment_ord as usize);
        let of_one = tied
            .first()
            .zip(tied.last())
            .is_some_and(|((_, first), (_, last))| first.segment_ord == last.segment_ord);
        if of_one {
            // Within a segment ids have numbers in their order.
            tied.sort_by_cached_key(|(_, at)| segment(at).map(|segment| segment.id_rank(at.doc_id)));
            continue;
        }
        // Ids must be read: a comparison could not say that it failed.
        let mut ids = Vec::with_capacity(tied.len());
        for (_, at) in tied.iter() {
            ids.push((segment(at).map(|segment| segment.id_of(at.doc_id)).transpose()?, *at));
        }
        ids.sort_unstable();
        for ((_, place), (_, at)) in tied.iter_mut().zip(ids) {
            *place = at;
        }
    }
    for (place, (_, at)) in documents.iter_mut().zip(keyed) {
        *place = at;
    }
    Ok(())
}

/// The key by which the newest documents are [`best`](super::rank::best): those without a date come last.
pub(super) fn newest(segments: &[Segment]) -> impl Fn(DocAddress, f64) -> Option<f64> {
    |at, _least| Some(published(&at, segments).map_or(f64::NEG_INFINITY, |seconds| seconds as f64))
}

/// Seconds of publication.
pub(super) fn published(at: &DocAddress, segments: &[Segment]) -> Option<i64> {
    segments.get(at.segment_ord as usize)?.published.first(at.doc_id)
}
