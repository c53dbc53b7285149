//! Documents in the order of publication.

use tantivy::DocAddress;

use super::segment::Segment;

/// Puts documents into the order of publication: those without a date last, ties by id.
///
/// # Errors
/// A failing index.
pub(super) fn sort_by_publication(documents: &mut [DocAddress], segments: &[Segment]) -> tantivy::Result<()> {
    let key = |at: &DocAddress| {
        let time = published(at, segments);
        (time.is_none(), time)
    };
    documents.sort_by_key(key);
    // Ids must be read: a comparison could not say that it failed.
    for tied in documents.chunk_by_mut(|a, b| key(a) == key(b)) {
        if tied.len() < 2 {
            continue;
        }
        let mut ids = Vec::with_capacity(tied.len());
        for at in tied.iter() {
            let id = segments.get(at.segment_ord as usize).map(|segment| segment.id_of(at.doc_id));
            ids.push((id.transpose()?, *at));
        }
        ids.sort_unstable();
        for (place, (_, at)) in tied.iter_mut().zip(ids) {
            *place = at;
        }
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
