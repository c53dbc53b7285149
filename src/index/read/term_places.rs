//! Where terms stand in the documents of a second look.
//!
//! A word's morpheme is often one of its forms as well, and two words may share one: each posting list is read once.

use std::rc::Rc;

use tantivy::postings::Postings;
use tantivy::{DocId, DocSet, TERMINATED};

use super::error::ReadError;
use super::pace::Pace;
use super::segment::{Detail, Segment};
use crate::query::shape::Probe;

/// Where a term stands, document by document.
#[derive(Default)]
pub(super) struct Places {
    /// Positions of all documents, one document after another.
    positions: Vec<u32>,
    /// By document: where its positions end.
    ends: Vec<usize>,
}

impl Places {
    /// The positions in the document of this number among those that are looked at, ascending.
    pub(super) fn of(&self, document: usize) -> &[u32] {
        let begin = document.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(document).copied().unwrap_or(begin);
        self.positions.get(begin..end).unwrap_or_default()
    }
}

/// The terms that were looked up in some documents of a segment.
pub(super) struct TermPlaces<'a> {
    segment: &'a Segment,
    docs: &'a [DocId],
    read: Vec<(Probe, Rc<Places>)>,
}

impl<'a> TermPlaces<'a> {
    /// Of `docs`, ascending documents of `segment`.
    pub(super) fn new(segment: &'a Segment, docs: &'a [DocId]) -> Self {
        Self { segment, docs, read: Vec::new() }
    }

    /// Where `probe` stands.
    ///
    /// # Errors
    /// The deadline of `pace`, or a failing index.
    pub(super) fn of(&mut self, probe: &Probe, pace: &mut Pace) -> Result<Rc<Places>, ReadError> {
        if let Some((_, places)) = self.read.iter().find(|(known, _)| known == probe) {
            return Ok(Rc::clone(places));
        }
        let mut places = Places::default();
        if let Some(mut postings) = self.segment.postings(probe, Detail::Positions)? {
            for doc in self.docs {
                if postings.doc() < *doc && postings.seek(*doc) == TERMINATED {
                    break;
                }
                if postings.doc() == *doc {
                    pace.positions(postings.term_freq())?;
                    postings.append_positions_with_offset(0, &mut places.positions);
                }
                places.ends.push(places.positions.len());
            }
        }
        let places = Rc::new(places);
        self.read.push((probe.clone(), Rc::clone(&places)));
        Ok(places)
    }
}

#[cfg(test)]
mod tests {
    use super::Places;

    #[test]
    fn each_document_has_its_own_positions() {
        let places = Places { positions: vec![3, 9, 4], ends: vec![2, 2, 3] };
        assert_eq!([places.of(0), places.of(1), places.of(2), places.of(3)], [&[3, 9][..], &[], &[4], &[]]);
        assert_eq!(Places::default().of(0), &[] as &[u32]);
    }
}
