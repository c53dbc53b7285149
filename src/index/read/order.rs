//! The hits of a page in order: by time, or by score with a second look at the best.

use fixedbitset::FixedBitSet;
use tantivy::{DocAddress, DocId};

use super::error::ReadError;
use super::look::looks;
use super::matching::Matches;
use super::rank::{self, Candidate, best};
use super::score::Scorer;
use super::segment::Segment;
use crate::query::archive::{After, Deadline, ScoreParts, Window};
use crate::query::plan::Plan;
use crate::query::ranking::Look;
use crate::query::request::Sort;
use crate::query::shape::Lane;

/// The hits of a page in order.
pub(super) struct Ordered {
    /// Hits, and what their scores are made of.
    pub(super) page: Vec<(Candidate, ScoreParts)>,
    /// Where the next page begins.
    pub(super) next: Option<After>,
}

/// A hit after the second look.
struct Looked {
    hit: Candidate,
    /// What was seen.
    look: Look,
    /// What that is worth, before recency.
    worth: f32,
    /// The whole score.
    total: f64,
}

impl From<Candidate> for Looked {
    fn from(hit: Candidate) -> Self {
        Self { hit, look: Look::default(), worth: 0.0, total: hit.key }
    }
}

/// A page to be cut out of hits in order.
struct Cut {
    /// How many of the hits had the second look; they come first.
    looked_at: usize,
    offset: usize,
    size: usize,
    explain: bool,
}

/// The matches of a search while they are put in order.
pub(super) struct Ordering<'a> {
    pub(super) plan: &'a Plan,
    pub(super) scorer: &'a Scorer<'a>,
    pub(super) segments: &'a [Segment],
    pub(super) matches: &'a Matches,
    pub(super) deadline: Deadline,
}

impl Ordering<'_> {
    /// The hits that `window` wants, in the order `sort`. With `explain`, the parts of each score come along.
    pub(super) fn page(&self, sort: Sort, window: &Window<'_>, explain: bool) -> Result<Ordered, ReadError> {
        match sort {
            Sort::Relevance => self.by_score(window, explain),
            Sort::Newest | Sort::Oldest => self.by_time(sort, window),
        }
    }

    /// Orders by publication, articles without a date last.
    fn by_time(&self, sort: Sort, window: &Window<'_>) -> Result<Ordered, ReadError> {
        let sign = if sort == Sort::Newest { 1.0 } else { -1.0 };
        let key = |at, _| match self.time(at) {
            Some(seconds) => Some(sign * seconds as f64),
            None => Some(f64::NEG_INFINITY),
        };
        let found = self.best(key, window.offset + window.size + 1, window.after)?;
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
        Ok(Ordered { page, next })
    }

    /// Orders by relevance.
    fn by_score(&self, window: &Window<'_>, explain: bool) -> Result<Ordered, ReadError> {
        let scores = self.scores()?;
        let key = |at: DocAddress, least: f64| {
            let of_segment = scores.get(at.segment_ord as usize);
            let score = of_segment.and_then(|scores| scores.get(at.doc_id as usize)).copied().unwrap_or(0.0);
            // Recency only takes away: a score that is too low needs no look at the date.
            (f64::from(score) >= least).then(|| f64::from(score * self.recency(at)))
        };
        let Window { offset, size, after } = *window;
        if let Some(after) = after.filter(|after| !after.looked_at) {
            // The second look never reached this far: the base score alone orders what is left.
            let found = self.best(key, size + 1, Some(after))?;
            let cut = Cut { looked_at: 0, offset: 0, size, explain };
            return self.cut(found.into_iter().map(Looked::from).collect(), &cut);
        }
        let depth = self.scorer.options().depth;
        // A page that goes on after the second look needs as many again, and one more tells whether there is another page.
        let found = self.best(key, depth.max(offset) + size + 1, None)?;
        let looked_at = found.len().min(depth);
        let mut all: Vec<Looked> = found.into_iter().map(Looked::from).collect();
        if let Some(best) = all.get_mut(..looked_at) {
            self.look_again(best)?;
        }
        let offset = match after {
            None => offset,
            Some(after) => self.passed(all.get(..looked_at).unwrap_or_default(), after)?,
        };
        self.cut(all, &Cut { looked_at, offset, size, explain })
    }

    /// How many of the hits, which are in order, do not come after `after`.
    fn passed(&self, hits: &[Looked], after: &After) -> Result<usize, ReadError> {
        let last = key_and_id(after);
        for (number, looked) in hits.iter().enumerate() {
            let passed = looked.total > last.key
                || looked.total == last.key && self.id(&looked.hit)?.as_str() <= last.id;
            if !passed {
                return Ok(number);
            }
        }
        Ok(hits.len())
    }

    fn best(
        &self,
        key: impl Fn(DocAddress, f64) -> Option<f64>,
        want: usize,
        after: Option<&After>,
    ) -> Result<Vec<Candidate>, ReadError> {
        best(self.segments, &self.matches.docs, key, want, after.map(key_and_id), self.deadline)
    }

    fn scores(&self) -> Result<Vec<Vec<f32>>, ReadError> {
        scores(self.scorer, self.segments, self.matches, self.deadline)
    }

    /// Cuts the page out of `all`.
    fn cut(&self, all: Vec<Looked>, cut: &Cut) -> Result<Ordered, ReadError> {
        let Cut { offset, size, .. } = *cut;
        let more = all.len() > offset + size;
        let mut page = Vec::with_capacity(size);
        let mut next = None;
        for (rank, Looked { hit, look, worth, total }) in all.into_iter().enumerate().skip(offset).take(size)
        {
            let recency = self.recency(hit.at);
            let mut parts = ScoreParts {
                recency,
                placement: worth,
                weight: self.plan.weight(),
                look,
                ..ScoreParts::default()
            };
            if cut.explain {
                self.explain(&hit, &mut parts)?;
            }
            if more && rank + 1 == offset + size {
                let looked_at = rank < cut.looked_at;
                next = Some(After { sort: Sort::Relevance, key: Some(total), looked_at, id: self.id(&hit)? });
            }
            page.push((hit.with_key(total), parts));
        }
        Ok(Ordered { page, next })
    }

    /// Adds what a second look gives to the totals of `best`, and puts them in order.
    fn look_again(&self, best: &mut [Looked]) -> Result<(), ReadError> {
        best.sort_by_key(|looked| looked.hit.at);
        let (weight, words) = (self.plan.weight(), self.plan.units().len());
        for (ord, segment) in (0_u32..).zip(self.segments) {
            let here = |looked: &&mut Looked| looked.hit.at.segment_ord == ord;
            let docs: Vec<DocId> = best.iter_mut().filter(here).map(|looked| looked.hit.at.doc_id).collect();
            if docs.is_empty() {
                continue;
            }
            let seen = looks(self.plan, self.scorer, segment, &docs, self.deadline)?;
            for (looked, look) in best.iter_mut().filter(here).zip(seen) {
                looked.look = look;
                looked.worth = weight * look.worth(words);
                looked.total = looked.hit.key + f64::from(looked.worth * self.recency(looked.hit.at));
            }
        }
        rank::sort(self.segments, best, |looked| looked.hit.with_key(looked.total))
    }

    /// The parts of a hit's base score.
    fn explain(&self, hit: &Candidate, parts: &mut ScoreParts) -> Result<(), ReadError> {
        let ord = hit.at.segment_ord as usize;
        let (Some(segment), Some(found)) = (self.segments.get(ord), self.matches.found.get(ord)) else {
            return Ok(());
        };
        let doc = hit.at.doc_id as usize;
        let mut docs = FixedBitSet::with_capacity(segment.max_doc());
        docs.insert(doc);
        let mut scores = vec![0.0; segment.max_doc()];
        let mut part = |lane: Option<Lane>| -> Result<f32, ReadError> {
            scores.fill(0.0);
            match lane {
                Some(lane) => {
                    self.scorer.score(segment, &docs, &mut scores, Some(lane), self.deadline)?;
                }
                None => self.scorer.score_clauses(segment, &docs, found, &mut scores, self.deadline)?,
            }
            Ok(scores.get(doc).copied().unwrap_or(0.0))
        };
        parts.morphemes = part(Some(Lane::Morph))?;
        parts.bigrams = part(Some(Lane::Gram))?;
        parts.title = part(Some(Lane::Title))?;
        parts.words = part(None)?;
        Ok(())
    }

    fn time(&self, at: DocAddress) -> Option<i64> {
        self.segments.get(at.segment_ord as usize).and_then(|segment| segment.published.first(at.doc_id))
    }

    fn recency(&self, at: DocAddress) -> f32 {
        self.scorer.recency(self.time(at))
    }

    fn id(&self, hit: &Candidate) -> Result<String, ReadError> {
        rank::id_of(self.segments, hit.at)
    }
}

/// The base scores of the matches of each segment, by document; without recency.
pub(super) fn scores(
    scorer: &Scorer<'_>,
    segments: &[Segment],
    matches: &Matches,
    deadline: Deadline,
) -> Result<Vec<Vec<f32>>, ReadError> {
    let mut scores = Vec::with_capacity(segments.len());
    for (segment, (docs, found)) in segments.iter().zip(matches.docs.iter().zip(&matches.found)) {
        let mut of_segment = vec![0.0; segment.max_doc()];
        scorer.score(segment, docs, &mut of_segment, None, deadline)?;
        scorer.score_clauses(segment, docs, found, &mut of_segment, deadline)?;
        scores.push(of_segment);
    }
    Ok(scores)
}

fn key_and_id(after: &After) -> rank::After<'_> {
    rank::After { key: after.key.unwrap_or(f64::NEG_INFINITY), id: &after.id }
}
