//! The hits of a page in order: by time, or by score with a second look at the best.

use fixedbitset::FixedBitSet;
use tantivy::DocId;

use super::matching::ClauseDocs;
use super::nearness::bonuses;
use super::rank::{Behind, Candidate, Ids, best};
use super::score::Scorer;
use super::segment::SegmentView;
use crate::query::archive::{After, ScoreParts};
use crate::query::plan::Plan;
use crate::query::request::Sort;
use crate::query::shape::Lane;
use crate::search::{Deadline, SearchError};

/// Which hits are wanted.
pub struct Window<'a> {
    /// Hits passed over, unless a cursor says where to go on.
    pub offset: usize,
    /// Hits wanted.
    pub size: usize,
    /// Goes on behind this one.
    pub cursor: Option<&'a After>,
}

/// The hits of a page in order.
pub struct Ordered {
    /// Hits, and what their scores are made of.
    pub page: Vec<(Candidate, ScoreParts)>,
    /// Where the next page begins.
    pub next: Option<After>,
    /// Whether the order is by score.
    pub by_score: bool,
}

/// A hit after the second look.
struct Looked {
    hit: Candidate,
    /// What nearness gives, before recency.
    bonus: f32,
    /// The whole score.
    total: f64,
}

impl From<Candidate> for Looked {
    fn from(hit: Candidate) -> Self {
        Self { hit, bonus: 0.0, total: hit.key }
    }
}

/// The matches of a search while they are put in order.
pub struct Ordering<'a> {
    plan: &'a Plan,
    scorer: &'a Scorer<'a>,
    segments: &'a [SegmentView<'a>],
    deadline: &'a Deadline,
    sets: Vec<(FixedBitSet, Ids<'a>)>,
    /// By segment and clause: what matching found.
    found: Vec<Vec<Option<ClauseDocs>>>,
}

impl<'a> Ordering<'a> {
    /// Takes the matches of each segment.
    pub fn new(
        plan: &'a Plan,
        scorer: &'a Scorer<'a>,
        segments: &'a [SegmentView<'a>],
        matches: impl Iterator<Item = (FixedBitSet, Vec<Option<ClauseDocs>>)>,
        deadline: &'a Deadline,
    ) -> Result<Self, SearchError> {
        let mut sets = Vec::with_capacity(segments.len());
        let mut found = Vec::with_capacity(segments.len());
        for (segment, (docs, of_segment)) in segments.iter().zip(matches) {
            sets.push((docs, Ids::new(segment)));
            found.push(of_segment);
        }
        Ok(Self { plan, scorer, segments, deadline, sets, found })
    }

    /// The hits that `window` wants, in the order `sort`.
    pub fn page(&self, sort: Sort, window: &Window<'_>, explain: bool) -> Result<Ordered, SearchError> {
        match sort {
            Sort::Relevance => self.by_score(window, explain),
            Sort::Newest | Sort::Oldest => self.by_time(sort, window),
        }
    }

    /// Orders by publication, articles without a date last.
    fn by_time(&self, sort: Sort, window: &Window<'_>) -> Result<Ordered, SearchError> {
        let sign = if sort == Sort::Newest { 1.0 } else { -1.0 };
        let key = |segment, doc| match self.time(segment, doc) {
            Some(seconds) => sign * seconds as f64,
            None => f64::NEG_INFINITY,
        };
        let behind = window.cursor.map(behind);
        let found = best(&self.sets, key, window.offset + window.size + 1, behind.as_ref())?;
        let more = found.len() > window.offset + window.size;
        let hits: Vec<Candidate> = found.into_iter().skip(window.offset).take(window.size).collect();
        let next = match hits.last() {
            Some(last) if more => Some(After {
                sort,
                key: last.key.is_finite().then_some(last.key),
                looked_at: false,
                id: self.id(last)?,
            }),
            _ => None,
        };
        let page = hits.into_iter().map(|hit| (hit, ScoreParts::default())).collect();
        Ok(Ordered { page, next, by_score: false })
    }

    /// Orders by relevance. With `explain`, the parts of each score come along.
    fn by_score(&self, window: &Window<'_>, explain: bool) -> Result<Ordered, SearchError> {
        let scores = self.scores()?;
        let key = |segment: usize, doc: DocId| {
            let score =
                scores.get(segment).and_then(|scores| scores.get(doc as usize)).copied().unwrap_or(0.0);
            f64::from(score * self.recency(segment, doc))
        };
        let Window { offset, size, cursor } = *window;
        if let Some(cursor) = cursor.filter(|cursor| !cursor.looked_at) {
            // The second look never reached this far: the base score alone orders what is left.
            let found = best(&self.sets, key, size + 1, Some(&behind(cursor)))?;
            return self.cut(found.into_iter().map(Looked::from).collect(), 0, 0, size, explain);
        }
        let depth = self.scorer.options().depth;
        // A page that goes on behind the second look needs as many again, and one more tells whether there is another page.
        let found = best(&self.sets, key, depth.max(offset) + size + 1, None)?;
        let looked_at = found.len().min(depth);
        let mut all: Vec<Looked> = found.into_iter().map(Looked::from).collect();
        if let Some(best) = all.get_mut(..looked_at) {
            self.look_again(best)?;
        }
        let offset = match cursor {
            None => offset,
            Some(cursor) => {
                let last = behind(cursor);
                let passed = |looked: &&Looked| {
                    looked.total > last.key
                        || looked.total == last.key
                            && self.id(&looked.hit).is_ok_and(|id| id.as_str() <= last.id)
                };
                all.iter().take(looked_at).take_while(passed).count()
            }
        };
        self.cut(all, looked_at, offset, size, explain)
    }

    fn scores(&self) -> Result<Vec<Vec<f32>>, SearchError> {
        let matches = self.sets.iter().zip(&self.found).map(|((docs, _), found)| (docs, found.as_slice()));
        scores(self.scorer, self.segments, matches, self.deadline)
    }

    /// Cuts the page out of `all`, of which the first `looked_at` had the second look.
    fn cut(
        &self,
        all: Vec<Looked>,
        looked_at: usize,
        offset: usize,
        size: usize,
        explain: bool,
    ) -> Result<Ordered, SearchError> {
        let more = all.len() > offset + size;
        let mut page = Vec::with_capacity(size);
        let mut next = None;
        for (rank, Looked { mut hit, bonus, total }) in all.into_iter().enumerate().skip(offset).take(size) {
            let recency = self.recency(hit.segment, hit.doc);
            let mut parts = ScoreParts { recency, proximity: bonus, ..Default::default() };
            if explain {
                self.explain(&hit, &mut parts)?;
            }
            if more && rank + 1 == offset + size {
                let looked_at = rank < looked_at;
                next = Some(After { sort: Sort::Relevance, key: Some(total), looked_at, id: self.id(&hit)? });
            }
            hit.key = total;
            page.push((hit, parts));
        }
        Ok(Ordered { page, next, by_score: true })
    }

    /// Adds what nearness gives to the totals of `best`, and puts them in order.
    fn look_again(&self, best: &mut [Looked]) -> Result<(), SearchError> {
        best.sort_by_key(|looked| (looked.hit.segment, looked.hit.doc));
        for (index, segment) in self.segments.iter().enumerate() {
            let here = |looked: &&mut Looked| looked.hit.segment == index;
            let docs: Vec<DocId> = best.iter_mut().filter(here).map(|looked| looked.hit.doc).collect();
            if docs.is_empty() {
                continue;
            }
            let found = bonuses(self.plan, self.scorer, segment, &docs, self.deadline)?;
            for (looked, bonus) in best.iter_mut().filter(here).zip(found) {
                looked.bonus = bonus;
                looked.total =
                    looked.hit.key + f64::from(bonus * self.recency(looked.hit.segment, looked.hit.doc));
            }
        }
        best.sort_by(|a, b| {
            let by_id = || self.id(&a.hit).ok().cmp(&self.id(&b.hit).ok());
            b.total.total_cmp(&a.total).then_with(by_id)
        });
        Ok(())
    }

    /// The parts of a hit's base score.
    fn explain(&self, hit: &Candidate, parts: &mut ScoreParts) -> Result<(), SearchError> {
        let (Some(segment), Some(found)) = (self.segments.get(hit.segment), self.found.get(hit.segment))
        else {
            return Ok(());
        };
        let mut docs = FixedBitSet::with_capacity(segment.max_doc());
        docs.insert(hit.doc as usize);
        let mut scores = vec![0.0; segment.max_doc()];
        let mut part = |lane: Option<Lane>| -> Result<f32, SearchError> {
            scores.fill(0.0);
            match lane {
                Some(lane) => {
                    self.scorer.score(segment, &docs, &mut scores, Some(lane), self.deadline)?;
                }
                None => self.scorer.score_clauses(segment, &docs, found, &mut scores)?,
            }
            Ok(scores.get(hit.doc as usize).copied().unwrap_or(0.0))
        };
        parts.morphemes = part(Some(Lane::Morph))?;
        parts.bigrams = part(Some(Lane::Gram))?;
        parts.title = part(Some(Lane::Title))?;
        parts.words = part(None)?;
        Ok(())
    }

    fn time(&self, segment: usize, doc: DocId) -> Option<i64> {
        self.segments.get(segment).and_then(|segment| segment.published().first(doc))
    }

    fn recency(&self, segment: usize, doc: DocId) -> f32 {
        self.scorer.recency(self.time(segment, doc))
    }

    fn id(&self, hit: &Candidate) -> Result<String, SearchError> {
        self.sets.get(hit.segment).map_or_else(|| Ok(String::new()), |(_, ids)| ids.id(hit.doc))
    }
}

/// The base scores of the matches of each segment, by document; without recency. A segment's matches come with what was
/// found of each clause.
pub fn scores<'a>(
    scorer: &Scorer<'_>,
    segments: &[SegmentView<'_>],
    matches: impl Iterator<Item = (&'a FixedBitSet, &'a [Option<ClauseDocs>])>,
    deadline: &Deadline,
) -> Result<Vec<Vec<f32>>, SearchError> {
    let mut scores = Vec::with_capacity(segments.len());
    for (segment, (docs, found)) in segments.iter().zip(matches) {
        let mut of_segment = vec![0.0; segment.max_doc()];
        scorer.score(segment, docs, &mut of_segment, None, deadline)?;
        scorer.score_clauses(segment, docs, found, &mut of_segment)?;
        scores.push(of_segment);
    }
    Ok(scores)
}

fn behind(cursor: &After) -> Behind<'_> {
    Behind { key: cursor.key.unwrap_or(f64::NEG_INFINITY), id: &cursor.id }
}
