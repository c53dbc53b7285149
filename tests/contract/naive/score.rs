//! Relevance: BM25 over the terms that the plan ranks by, and something for every word that is found. It is no copy of the
//! embedded index's score: what the contract says of relevance holds for any sensible one.

use gisa::article::{Article, Timestamp};
use gisa::query::archive::{ScoreParts, WeightedTerm};
use gisa::query::plan::Plan;
use gisa::query::ranking::{RankingOptions, gain, idf};
use gisa::query::shape::{Clause, Lane, Probe};

use super::NaiveArchive;
use super::text::Analysed;

/// What the articles that a plan finds are worth.
pub struct Relevance<'a> {
    archive: &'a NaiveArchive,
    ranking: &'a RankingOptions,
    /// Terms that rank, with their weight.
    terms: Vec<(Probe, f32)>,
    /// Words that rank, with what finding one is worth.
    clauses: Vec<(&'a Clause, f32)>,
    /// Terms in an article on average.
    average_length: f32,
}

impl<'a> Relevance<'a> {
    /// Weighs what `plan` ranks by: the rarer, the heavier.
    pub fn new(archive: &'a NaiveArchive, plan: &'a Plan, ranking: &'a RankingOptions) -> Self {
        let articles = archive.texts.len() as u64;
        let mut terms = Vec::new();
        let mut clauses = Vec::new();
        for clause in plan.ranking() {
            let morphemes = clause.morphemes.iter().map(|(term, _)| (Lane::Morph, term, 1.0));
            let runs = clause.runs.iter().map(|run| (Lane::Morph, run, ranking.runs));
            let bigrams = clause.bigrams.iter().map(|pair| (Lane::Gram, pair, ranking.bigrams));
            for (lane, term, weight) in morphemes.chain(runs).chain(bigrams) {
                let probe = Probe { lane, term: term.clone() };
                let weight = weight * idf(articles, archive.holding(&probe));
                terms.push((probe, weight));
            }
            let holding = archive.texts.iter().filter(|text| text.holds(clause)).count() as u64;
            clauses.push((clause, idf(articles, holding) * ranking.variants));
        }
        Self { archive, ranking, terms, clauses, average_length: archive.average_length() }
    }

    /// What an article is worth, without recency.
    pub fn parts(&self, number: usize) -> ScoreParts {
        let mut parts = ScoreParts { recency: 1.0, ..ScoreParts::default() };
        let text = &self.archive.texts[number];
        let RankingOptions { k1, b, .. } = *self.ranking;
        let norm = k1 * (1.0 - b + b * text.length as f32 / self.average_length);
        for (probe, weight) in &self.terms {
            let gained = gain(*weight, text.positions(probe).len() as u32, k1, norm);
            match probe.lane {
                Lane::Gram => parts.bigrams += gained,
                _ => parts.morphemes += gained,
            }
            if is_in_title(text, &probe.term) {
                parts.title += weight * self.ranking.title;
            }
        }
        let found = self.clauses.iter().filter(|(clause, _)| text.holds(clause));
        parts.words = found.map(|(_, worth)| worth).sum();
        parts
    }
}

/// The sum of the parts, without recency.
pub fn sum(parts: &ScoreParts) -> f32 {
    parts.morphemes + parts.bigrams + parts.words + parts.title + parts.placement
}

/// What an article has of weighted terms.
pub fn shared(text: &Analysed, terms: &[WeightedTerm], ranking: &RankingOptions) -> f32 {
    let shared = terms.iter().map(|WeightedTerm { term, weight }| {
        let frequency = text.positions(&Probe { lane: Lane::Morph, term: term.clone() }).len();
        let title = if is_in_title(text, term) { weight * ranking.title } else { 0.0 };
        gain(*weight, frequency as u32, ranking.k1, ranking.k1) + title
    });
    shared.sum()
}

fn is_in_title(text: &Analysed, term: &str) -> bool {
    !text.positions(&Probe { lane: Lane::Title, term: term.to_owned() }).is_empty()
}

/// The factor for an article published then: between 1 − weight and 1.
pub fn recency(ranking: &RankingOptions, now: Timestamp, article: &Article) -> f32 {
    let fresh = article.published_at.map_or(0.0, |at| {
        let days = (now.seconds() - at.seconds()).max(0) as f64 / 86_400.0;
        0.5_f64.powf(days / ranking.recency_half_life_days)
    });
    1.0 - ranking.recency_weight + ranking.recency_weight * fresh as f32
}
