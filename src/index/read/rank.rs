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
///
/// `key` gets the least key that can still be among the best: of a document that certainly stays below it, it may give `None`
/// instead of working the key out.
pub(super) fn best(
    segments: &[Segment],
    docs: &[FixedBitSet],
    key: impl Fn(DocAddress, f64) -> Option<f64>,
    want: usize,
    after: Option<After<'_>>,
    deadline: Deadline,
) -> Result<Vec<Candidate>, ReadError> {
    let mut pace = Pace::new(deadline);
    let mut merged = Vec::new();
    let mut least = f64::NEG_INFINITY;
    for ((ord, segment), docs) in (0_u32..).zip(segments).zip(docs) {
        let rank = |candidate: &Candidate| segment.id_rank(candidate.at.doc_id);
        let mut leaders = Leaders { rank, want, held: Vec::new() };
        for doc in docs.ones() {
            pace.step()?;
            let at = DocAddress::new(ord, doc as DocId);
            let Some(key) = key(at, least).filter(|key| *key >= least) else { continue };
            if let Some(after) = &after {
                let follows =
                    key < after.key || key == after.key && segment.id_of(at.doc_id)?.as_str() > after.id;
                if !follows {
                    continue;
                }
            }
            if let Some(last) = leaders.push(Candidate { at, key, id_rank: 0 }) {
                least = least.max(last);
            }
        }
        merged.extend(leaders.in_order());
    }
    sort(segments, &mut merged, |candidate| *candidate)?;
    merged.truncate(want);
    Ok(merged)
}

/// The best candidates of a segment so far, and some more: they are sorted out when there are too many.
struct Leaders<R> {
    /// The rank of an id among those of its segment. Only equal keys need it.
    rank: R,
    want: usize,
    held: Vec<Candidate>,
}

impl<R: Fn(&Candidate) -> u64> Leaders<R> {
    /// Adds a candidate. Where that sorts out the best, gives the key of the last of them.
    fn push(&mut self, candidate: Candidate) -> Option<f64> {
        self.held.push(candidate);
        if self.held.len() < self.want.saturating_mul(2).max(2) {
            return None;
        }
        self.cut();
        self.held.last().map(|last| last.key)
    }

    /// Leaves the best, the last of them last.
    fn cut(&mut self) {
        let (rank, want) = (&self.rank, self.want);
        if self.held.len() > want && want > 0 {
            self.held.select_nth_unstable_by(want - 1, |a, b| order(rank, a, b));
        }
        self.held.truncate(want);
    }

    /// The best, in order, with the ranks of their ids.
    fn in_order(mut self) -> Vec<Candidate> {
        self.cut();
        let Self { rank, mut held, .. } = self;
        held.sort_unstable_by(|a, b| order(&rank, a, b));
        for candidate in &mut held {
            candidate.id_rank = rank(candidate);
        }
        held
    }
}

/// The order of candidates of one segment, best first.
fn order(rank: &impl Fn(&Candidate) -> u64, a: &Candidate, b: &Candidate) -> std::cmp::Ordering {
    b.key.total_cmp(&a.key).then_with(|| rank(a).cmp(&rank(b)))
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
    use proptest::prelude::*;
    use tantivy::DocAddress;

    use super::{Candidate, Leaders, order, permute};

    proptest! {
        #[test]
        fn the_best_as_they_come_are_the_first_of_all_in_order(
            keys in prop::collection::vec(0_u32..40, 0..300),
            want in 0_usize..20,
        ) {
            // Ids run against the order of documents, and many keys are equal.
            let rank = |candidate: &Candidate| u64::from(u32::MAX - candidate.at.doc_id);
            let candidate = |(doc, key): (u32, &u32)| {
                Candidate { at: DocAddress::new(0, doc), key: f64::from(*key), id_rank: 0 }
            };
            let mut all: Vec<Candidate> = (0..).zip(&keys).map(candidate).collect();
            let mut leaders = Leaders { rank, want, held: Vec::new() };
            let mut least = f64::NEG_INFINITY;
            for candidate in &all {
                if candidate.key >= least && let Some(last) = leaders.push(*candidate) {
                    least = least.max(last);
                }
            }
            all.sort_by(|a, b| order(&rank, a, b));
            let places = |found: Vec<Candidate>| found.into_iter().map(|one| one.at).collect::<Vec<_>>();
            all.truncate(want);
            prop_assert_eq!(places(leaders.in_order()), places(all));
        }
    }

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
