//! The order of hits: best keys first, ties by id.

use fixedbitset::FixedBitSet;
use tantivy::{DocAddress, DocId};

use super::error::ReadError;
use super::pace::Pace;
use super::segment::Segment;
use crate::query::archive::Deadline;

/// A matching article while hits are chosen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Candidate {
    /// Where it is.
    pub(super) at: DocAddress,
    /// What hits are ordered by, larger first.
    pub(super) key: f64,
    /// Rank of the id within the segment.
    id_rank: u64,
}

impl Candidate {
    /// The same article ordered by another key.
    pub(super) fn with_key(self, key: f64) -> Self {
        Self { key, ..self }
    }
}

/// A place in the order: after the hit with this key and id.
#[derive(Debug, Clone, Copy)]
pub(super) struct After<'a> {
    /// Key of the last hit seen.
    pub(super) key: f64,
    /// Its id.
    pub(super) id: &'a str,
}

/// The best `want` of `docs`, documents by segment, by `key`, ties by id; only those after `after`, if given.
pub(super) fn best(
    segments: &[Segment],
    docs: &[FixedBitSet],
    key: impl Fn(DocAddress) -> f64,
    want: usize,
    after: Option<After<'_>>,
    deadline: Deadline,
) -> Result<Vec<Candidate>, ReadError> {
    let mut pace = Pace::new(deadline);
    let mut merged = Vec::new();
    for ((ord, segment), docs) in (0_u32..).zip(segments).zip(docs) {
        let mut candidates: Vec<Candidate> = Vec::with_capacity(docs.count_ones(..));
        for doc in docs.ones() {
            pace.step()?;
            let at = DocAddress::new(ord, doc as DocId);
            let key = key(at);
            if let Some(after) = &after {
                let follows =
                    key < after.key || key == after.key && segment.id_of(at.doc_id)?.as_str() > after.id;
                if !follows {
                    continue;
                }
            }
            candidates.push(Candidate { at, key, id_rank: 0 });
        }
        // Ids within a segment compare by rank, and only equal keys need them.
        let order = |a: &Candidate, b: &Candidate| {
            let rank = |candidate: &Candidate| segment.id_rank(candidate.at.doc_id);
            b.key.total_cmp(&a.key).then_with(|| rank(a).cmp(&rank(b)))
        };
        if candidates.len() > want && want > 0 {
            candidates.select_nth_unstable_by(want - 1, order);
        }
        candidates.truncate(want);
        candidates.sort_unstable_by(order);
        for candidate in &mut candidates {
            candidate.id_rank = segment.id_rank(candidate.at.doc_id);
        }
        merged.extend(candidates);
    }
    sort(segments, &mut merged, |candidate| *candidate)?;
    merged.truncate(want);
    Ok(merged)
}

/// Puts hits in order: best keys first, ties by id.
pub(super) fn sort<T>(
    segments: &[Segment],
    hits: &mut [T],
    of: impl Fn(&T) -> Candidate,
) -> Result<(), ReadError> {
    hits.sort_by(|a, b| {
        let (a, b) = (of(a), of(b));
        let within = |one: &Candidate| (one.at.segment_ord, one.id_rank);
        b.key.total_cmp(&a.key).then_with(|| within(&a).cmp(&within(&b)))
    });
    // Ids of several segments compare by their letters, which must be read: a comparison could not say that it failed.
    for tied in hits.chunk_by_mut(|a, b| of(a).key.total_cmp(&of(b).key).is_eq()) {
        let segment = tied.first().map(|first| of(first).at.segment_ord);
        if tied.iter().all(|hit| Some(of(hit).at.segment_ord) == segment) {
            continue;
        }
        let mut ids = Vec::with_capacity(tied.len());
        for (number, hit) in tied.iter().enumerate() {
            ids.push((id_of(segments, of(hit).at)?, number));
        }
        ids.sort_unstable();
        let mut place = vec![0; tied.len()];
        for (rank, (_, number)) in ids.into_iter().enumerate() {
            if let Some(place) = place.get_mut(number) {
                *place = rank;
            }
        }
        permute(tied, &mut place);
    }
    Ok(())
}

/// Moves each item to its place.
fn permute<T>(items: &mut [T], place: &mut [usize]) {
    for at in 0..items.len() {
        while let Some(to) = place.get(at).copied().filter(|to| *to != at) {
            items.swap(at, to);
            place.swap(at, to);
        }
    }
}

/// The id of a document.
pub(super) fn id_of(segments: &[Segment], at: DocAddress) -> Result<String, ReadError> {
    let missing = || tantivy::TantivyError::InternalError(format!("there is no segment {}", at.segment_ord));
    Ok(segments.get(at.segment_ord as usize).ok_or_else(missing)?.id_of(at.doc_id)?)
}

#[cfg(test)]
mod tests {
    use super::permute;

    #[test]
    fn each_item_comes_to_its_place() {
        for mut place in [vec![], vec![0], vec![1, 0], vec![2, 0, 1], vec![3, 1, 0, 2]] {
            let wanted = place.clone();
            let mut items: Vec<usize> = (0..place.len()).collect();
            permute(&mut items, &mut place);
            for (item, to) in wanted.into_iter().enumerate() {
                assert_eq!(items.get(to), Some(&item));
            }
        }
    }
}
