//! The base score: BM25 over the morphemes and bigrams of the query, title, variants, recency.
//!
//! BM25 (Robertson & Zaragoza 2009) with constants of our own: short wire items appear alongside long features, and
//! tantivy's fixed b = 0.75 punishes the features (measured, see docs/MEASURED.md). Every match is scored: totals are exact
//! anyway, so all matches are looked at, and pruning would save little.
//!
//! * **Lanes.** BM25 over morphemes, over the runs of nouns that they are written in, and over bigrams at half weight.
//! * **Words in the title** count once more, more in a short title; in short queries also words that occur literally as typed.
//! * **A word found only as a substring, or only as a variant,** is worth what its morphemes would be (a variant a tenth less).
//! * **Recency** is a factor.
//!
//! All weights are under `[ranking]` in `config.toml` and act on the query side only; `gisa evaluate` measures a change. Each part earns its
//! place: the ablation is in docs/MEASURED.md. Ties go by id, so paging is stable.

use fixedbitset::FixedBitSet;
use rustc_hash::FxHashMap;
use tantivy::DocId;
use tantivy::postings::Postings;

use super::articles::Articles;
use super::error::ReadError;
use super::lengths::{LengthNorms, TITLE_K1};
use super::matching::ClauseDocs;
use super::pace::Pace;
use super::segment::{Detail, Segment};
use super::shape_docs::ShapeDocs;
use super::vocabulary;
use super::within::each_within;
use crate::article::Timestamp;
use crate::query::archive::Deadline;
use crate::query::plan::Plan;
use crate::query::ranking::{RankingOptions, gain, idf};
use crate::query::shape::{Clause, Lane, Origin, Probe};

/// A posting list that adds to the score.
struct Term {
    probe: Probe,
    /// Inverse document frequency times the lane's weight.
    weight: f32,
}

/// A query's scorer over a whole generation.
pub(super) struct Scorer<'a> {
    options: &'a RankingOptions,
    plan: &'a Plan,
    terms: Vec<Term>,
    /// By wanted clause: what being found is worth. Only clauses that need it.
    clause_weights: Vec<(usize, f32)>,
    /// Whether the query is short: then titles and literal forms count.
    short: bool,
    idf: FxHashMap<String, f32>,
    average_length: FxHashMap<Lane, f32>,
    now: Timestamp,
    /// Mean rarity of the words.
    rarity: f32,
}

impl<'a> Scorer<'a> {
    /// Collects the statistics of the plan's terms over all segments.
    pub(super) fn new(
        plan: &'a Plan,
        options: &'a RankingOptions,
        articles: Articles<'_>,
        now: Timestamp,
        deadline: Deadline,
    ) -> Result<Self, ReadError> {
        deadline.check()?;
        let mut scorer = Self {
            options,
            plan,
            terms: Vec::new(),
            clause_weights: Vec::new(),
            short: plan.is_short(),
            idf: FxHashMap::default(),
            average_length: FxHashMap::default(),
            now,
            rarity: plan.mean_rarity(),
        };
        for lane in [Lane::Morph, Lane::Gram, Lane::Title] {
            scorer.average_length.insert(lane, articles.average_length(lane));
        }
        for clause in plan.ranking() {
            scorer.add_clause(clause, articles, deadline)?;
        }
        for index in plan.wanted.iter().copied() {
            let Some(clause) = plan.clauses.get(index) else { continue };
            let has_variants = clause.forms.iter().any(|form| matches!(form.origin, Origin::Variant(_)));
            if has_variants || scorer.short {
                let weight = scorer.clause_weight(clause, articles, deadline)?;
                scorer.clause_weights.push((index, weight));
            }
        }
        Ok(scorer)
    }

    /// Adds the terms that rank a clause.
    fn add_clause(
        &mut self,
        clause: &Clause,
        articles: Articles<'_>,
        deadline: Deadline,
    ) -> Result<(), ReadError> {
        let options = self.options;
        for run in &clause.runs {
            self.add(Probe { lane: Lane::Morph, term: run.clone() }, options.runs, articles, deadline)?;
        }
        for (morpheme, _) in &clause.morphemes {
            let probe = Probe { lane: Lane::Morph, term: morpheme.clone() };
            if let Some(idf) = self.add(probe, 1.0, articles, deadline)? {
                self.idf.insert(morpheme.clone(), idf);
                if options.title > 0.0 {
                    let probe = Probe { lane: Lane::Title, term: morpheme.clone() };
                    self.push(probe, idf * options.title);
                }
            }
        }
        for bigram in &clause.bigrams {
            self.add(Probe { lane: Lane::Gram, term: bigram.clone() }, options.bigrams, articles, deadline)?;
        }
        Ok(())
    }

    /// What being found is worth for a clause: the idf of its rarest morpheme, or as if it were one term itself.
    fn clause_weight(
        &self,
        clause: &Clause,
        articles: Articles<'_>,
        deadline: Deadline,
    ) -> Result<f32, ReadError> {
        let by_morphemes = clause.morphemes.iter().map(|(term, _)| self.idf_of(term)).fold(0.0, f32::max);
        if by_morphemes > 0.0 {
            return Ok(by_morphemes);
        }
        let mut held = 0;
        for form in &clause.forms {
            if articles.visible.is_some() {
                held += vocabulary::count(articles, &form.shape, deadline)?;
                continue;
            }
            // As many as its rarest slot has, which costs nothing.
            for segment in articles.segments {
                held += u64::from(ShapeDocs::cost_of(segment, &form.shape)?);
            }
        }
        let articles = articles.count();
        Ok(idf(articles, held.min(articles)))
    }

    /// Adds a term once; its idf, or `None` where no article has it.
    fn add(
        &mut self,
        probe: Probe,
        weight: f32,
        articles: Articles<'_>,
        deadline: Deadline,
    ) -> Result<Option<f32>, ReadError> {
        let held = articles.holding(&probe, deadline)?;
        if held == 0 {
            return Ok(None);
        }
        let idf = idf(articles.count(), held);
        if weight > 0.0 {
            self.push(probe, idf * weight);
        }
        Ok(Some(idf))
    }

    fn push(&mut self, probe: Probe, weight: f32) {
        if self.terms.iter().all(|term| term.probe != probe) {
            self.terms.push(Term { probe, weight });
        }
    }

    /// The idf of a morpheme of the query; 0 where no article has it.
    pub(super) fn idf_of(&self, morpheme: &str) -> f32 {
        self.idf.get(morpheme).copied().unwrap_or(0.0)
    }

    /// The options.
    pub(super) fn options(&self) -> &RankingOptions {
        self.options
    }

    /// Scores all `docs` of a segment into `scores`, which is as long as the segment has documents. `only` leaves out
    /// the terms of other lanes, for explanations.
    pub(super) fn score(
        &self,
        segment: &Segment,
        docs: &FixedBitSet,
        scores: &mut [f32],
        only: Option<Lane>,
        deadline: Deadline,
    ) -> Result<(), ReadError> {
        let mut pace = Pace::new(deadline);
        let matched = docs.count_ones(..);
        let lanes = [Lane::Morph, Lane::Gram, Lane::Title].map(|lane| {
            let average = self.average_length.get(&lane).copied().unwrap_or(1.0);
            (lane, LengthNorms::new(self.options, average, segment, lane))
        });
        for term in &self.terms {
            if only.is_some_and(|only| only != term.probe.lane) {
                continue;
            }
            deadline.check()?;
            let norms = lanes.iter().find(|(lane, _)| *lane == term.probe.lane);
            let norms = norms.and_then(|(_, norms)| norms.as_ref());
            let Some(mut postings) = segment.postings(&term.probe, Detail::Frequencies)? else { continue };
            let k1 = if term.probe.lane == Lane::Title { TITLE_K1 } else { self.options.k1 };
            let gain = |doc: DocId, frequency: u32| match norms {
                Some(norms) => gain(term.weight, frequency, k1, norms.of(doc)),
                None => term.weight,
            };
            each_within(&mut postings, docs, matched, &mut pace, |doc, postings| {
                if let Some(score) = scores.get_mut(doc as usize) {
                    *score += gain(doc, postings.term_freq());
                }
            })?;
        }
        Ok(())
    }

    /// Adds what clauses are worth beyond their terms: being there literally as typed, and, where an article holds none of
    /// their morphemes, being found at all, as a substring or as a variant. `found` is what matching found of each clause.
    pub(super) fn score_clauses(
        &self,
        segment: &Segment,
        docs: &FixedBitSet,
        found: &[Option<ClauseDocs>],
        scores: &mut [f32],
        deadline: Deadline,
    ) -> Result<(), ReadError> {
        for (index, weight) in &self.clause_weights {
            let Some(clause) = self.plan.clauses.get(*index) else { continue };
            let Some(Some(found)) = found.get(*index) else { continue };
            let mut add = |found: FixedBitSet, gain: f32| {
                for doc in found.ones() {
                    if let Some(score) = scores.get_mut(doc) {
                        *score += gain;
                    }
                }
            };
            // Where the literal form is a single term, the term itself scores it.
            let literal = clause.forms.iter().any(|f| f.origin == Origin::Literal && f.shape.slots.len() > 1);
            let literal = self.short && literal;
            let variants = clause.forms.iter().any(|form| matches!(form.origin, Origin::Variant(_)));
            if !literal && !variants {
                continue;
            }
            let by_morphemes = self.with_all_morphemes(clause, segment, docs, deadline)?;
            if literal {
                let literally = &found.literal & docs;
                let mut as_substring = literally.clone();
                as_substring.difference_with(&by_morphemes);
                add(literally, weight * self.options.literal);
                add(as_substring, *weight);
            }
            if variants {
                let mut as_variant = &found.all & docs;
                as_variant.difference_with(&found.typed);
                as_variant.difference_with(&by_morphemes);
                add(as_variant, weight * self.options.variants);
            }
        }
        Ok(())
    }

    /// Documents within `docs` that hold every morpheme of `clause` somewhere; none where it has no morphemes.
    fn with_all_morphemes(
        &self,
        clause: &Clause,
        segment: &Segment,
        docs: &FixedBitSet,
        deadline: Deadline,
    ) -> Result<FixedBitSet, ReadError> {
        let mut pace = Pace::new(deadline);
        let count = docs.count_ones(..);
        let mut all: Option<FixedBitSet> = None;
        for (morpheme, _) in &clause.morphemes {
            let mut held = FixedBitSet::with_capacity(segment.max_doc());
            let probe = Probe { lane: Lane::Morph, term: morpheme.clone() };
            if let Some(mut postings) = segment.postings(&probe, Detail::Documents)? {
                each_within(&mut postings, docs, count, &mut pace, |doc, _| held.insert(doc as usize))?;
            }
            all = Some(match all {
                Some(mut all) => {
                    all.intersect_with(&held);
                    all
                }
                None => held,
            });
        }
        Ok(all.unwrap_or_else(|| FixedBitSet::with_capacity(segment.max_doc())))
    }

    /// The factor for an article published then: between 1 − weight and 1.
    pub(super) fn recency(&self, published: Option<i64>) -> f32 {
        if self.options.recency_weight <= 0.0 {
            return 1.0;
        }
        self.options.recency(self.options.freshness(self.now, published), self.rarity)
    }
}
