//! The order of hits: best keys first, ties by id.

use std::cmp::Ordering;

use fixedbitset::FixedBitSet;
use tantivy::DocId;
use tantivy::columnar::StrColumn;

use super::segment::SegmentView;
use crate::search::SearchError;

/// A matching article while hits are chosen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// Which segment of the generation.
    pub segment: usize,
    /// Which document of the segment.
    pub doc: DocId,
    /// What hits are ordered by, larger first.
    pub key: f64,
    /// Rank of the id within the segment.
    ord: u64,
}

/// Ids of one segment's articles.
pub struct Ids<'a> {
    column: &'a StrColumn,
}

impl<'a> Ids<'a> {
    /// The ids of `segment`.
    pub fn new(segment: &'a SegmentView<'_>) -> Self {
        Self { column: segment.ids() }
    }

    /// Rank of the document's id among the segment's.
    pub fn ord(&self, doc: DocId) -> u64 {
        self.column.term_ords(doc).next().unwrap_or(u64::MAX)
    }

    /// The document's id.
    pub fn id(&self, doc: DocId) -> Result<String, SearchError> {
        let mut id = String::new();
        self.column.ord_to_str(self.ord(doc), &mut id).map_err(tantivy::TantivyError::from)?;
        Ok(id)
    }
}

/// Where a walk through the hits goes on.
pub struct Behind<'a> {
    /// Key of the last hit seen.
    pub key: f64,
    /// Its id.
    pub id: &'a str,
}

/// The best `want` documents of all segments by `key`, ties by id; only those behind `behind`, if given.
pub fn best(
    segments: &[(FixedBitSet, Ids<'_>)],
    key: impl Fn(usize, DocId) -> f64,
    want: usize,
    behind: Option<&Behind<'_>>,
) -> Result<Vec<Candidate>, SearchError> {
    let mut merged = Vec::new();
    for (segment, (docs, ids)) in segments.iter().enumerate() {
        let mut candidates: Vec<Candidate> = Vec::with_capacity(docs.count_ones(..));
        for doc in docs.ones() {
            let doc = doc as DocId;
            let key = key(segment, doc);
            if let Some(behind) = behind {
                let later = key < behind.key || key == behind.key && ids.id(doc)?.as_str() > behind.id;
                if !later {
                    continue;
                }
            }
            candidates.push(Candidate { segment, doc, key, ord: 0 });
        }
        // Ids within a segment compare by rank, and only equal keys need them.
        let order = |a: &Candidate, b: &Candidate| {
            b.key.total_cmp(&a.key).then_with(|| ids.ord(a.doc).cmp(&ids.ord(b.doc)))
        };
        if candidates.len() > want && want > 0 {
            candidates.select_nth_unstable_by(want - 1, order);
        }
        candidates.truncate(want);
        candidates.sort_unstable_by(order);
        for candidate in &mut candidates {
            candidate.ord = ids.ord(candidate.doc);
        }
        merged.extend(candidates);
    }
    let compare = |a: &Candidate, b: &Candidate| {
        b.key.total_cmp(&a.key).then_with(|| {
            if a.segment == b.segment {
                return a.ord.cmp(&b.ord);
            }
            let id = |c: &Candidate| segments.get(c.segment).and_then(|(_, ids)| ids.id(c.doc).ok());
            id(a).cmp(&id(b)).then(Ordering::Equal)
        })
    };
    merged.sort_by(compare);
    merged.truncate(want);
    Ok(merged)
}
