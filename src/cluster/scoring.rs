//! What articles are worth, as a cluster scores them: the parts of the base score that the embedded index has, each a scoring query.
//!
//! The cluster's BM25 has an inverse document frequency of its own, of all articles. What a term shall weigh is known here, of those that are
//! visible, so the boost of a term is the one by the other. k1 and b are settings of the index: those of `[ranking]` do not count.

use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use super::archive::ClusterArchive;
use super::asked::conditions::{all, any, not};
use super::asked::leaves::leaves;
use super::asked::spans::{clause, probe, shapes};
use super::cells::{field_of, term};
use crate::article::Timestamp;
use crate::query::archive::{ArchiveError, Deadline};
use crate::query::plan::Plan;
use crate::query::ranking::{RankingOptions, idf};
use crate::query::shape::{Clause, Lane, Origin, Probe};

/// What ranks the articles of a query.
pub(super) struct Scoring {
    /// Terms whose scores add up.
    terms: Vec<Value>,
    /// What is worth something beyond its terms.
    words: Vec<Value>,
    /// Parts that the cluster takes in one query.
    limit: usize,
    /// How much of the score depends on recency.
    recency_weight: f32,
    half_life_seconds: f64,
    /// The inverse document frequency of each morpheme of the query that any article holds.
    pub(super) idf: FxHashMap<String, f32>,
}

impl Scoring {
    /// The articles that meet `filter`, scored; with recency where a moment is given. Where that has more parts than the cluster takes, words
    /// that are found literally or as a variant count for the second look alone: the articles stay the same.
    pub(super) fn query(&self, filter: Value, now: Option<Timestamp>) -> Value {
        let scored = |ranking: &[&Value]| json!({"bool": {"filter": [filter], "should": ranking}});
        let terms: Vec<&Value> = self.terms.iter().collect();
        let all = scored(&terms.iter().copied().chain(&self.words).collect::<Vec<_>>());
        // Recency adds two.
        let scored = if leaves(&all) + 2 > self.limit { scored(&terms) } else { all };
        let Some(now) = now.filter(|_| self.recency_weight > 0.0) else { return scored };
        let (now, weight) = (now.seconds(), self.recency_weight);
        let decay = json!({"published": {"origin": now, "scale": self.half_life_seconds, "decay": 0.5}});
        // An article without a date would count as of today, and one of tomorrow as of yesterday.
        json!({"function_score": {
            "query": scored,
            "functions": [
                {"weight": 1.0 - weight},
                {"filter": {"range": {"published": {"lte": now}}}, "exp": decay, "weight": weight},
                {"filter": {"range": {"published": {"gt": now}}}, "weight": weight},
            ],
            "score_mode": "sum",
            "boost_mode": "multiply",
        }})
    }
}

/// A term that ranks, and what part of its weight it is worth.
struct Ranked {
    probe: Probe,
    /// The term whose rarity it weighs by.
    rarity_of: Probe,
    share: f32,
}

impl ClusterArchive {
    /// What ranks the articles of `plan`.
    pub(super) fn scoring(
        &self,
        plan: &Plan,
        options: &RankingOptions,
        deadline: Deadline,
    ) -> Result<Scoring, ArchiveError> {
        let mut ranked: Vec<Ranked> = Vec::new();
        for clause in plan.ranking() {
            for one in ranked_terms(clause, options) {
                if one.share > 0.0 && ranked.iter().all(|known| known.probe != one.probe) {
                    ranked.push(one);
                }
            }
        }
        let probes: Vec<Probe> = ranked.iter().map(|one| one.probe.clone()).collect();
        let rarities: Vec<Probe> = ranked.iter().map(|one| one.rarity_of.clone()).collect();
        let own = self.held(&rarities, deadline)?;
        let global = self.everywhere(&probes, deadline)?;
        let factor = if self.held.plain_bm25 { options.k1 + 1.0 } else { 1.0 };
        let mut scoring = Scoring {
            terms: Vec::new(),
            words: Vec::new(),
            limit: self.held.limit,
            recency_weight: 1.0 - options.recency(0.0, plan.mean_rarity()),
            half_life_seconds: options.recency_half_life_days.max(0.01) * 86_400.0,
            idf: FxHashMap::default(),
        };
        for (one, (own_idf, held)) in ranked.iter().zip(own.rarities().zip(&global.held)) {
            if *held == 0 || own_idf <= 0.0 {
                continue;
            }
            if one.rarity_of.lane == Lane::Morph {
                scoring.idf.entry(one.rarity_of.term.clone()).or_insert(own_idf);
            }
            let boost = factor * one.share * own_idf / idf(global.articles, *held).max(f32::MIN_POSITIVE);
            let field = field_of(one.probe.lane);
            scoring.terms.push(json!({"term": {field: {"value": term(&one.probe.term), "boost": boost}}}));
        }
        for index in plan.wanted.iter().copied() {
            let Some(clause) = plan.clauses.get(index) else { continue };
            let worth = self.clause_worth(plan.is_short(), clause, options, &scoring.idf, deadline)?;
            scoring.words.extend(worth);
        }
        Ok(scoring)
    }

    /// What it is worth that a clause is found: literally as typed, or, where an article lacks its morphemes, as a substring or a variant.
    fn clause_worth(
        &self,
        short: bool,
        of: &Clause,
        options: &RankingOptions,
        known: &FxHashMap<String, f32>,
        deadline: Deadline,
    ) -> Result<Vec<Value>, ArchiveError> {
        let of_origin = |wanted: fn(&Origin) -> bool| {
            let forms = of.forms.iter().filter(move |form| wanted(&form.origin));
            shapes(forms.map(|form| &form.shape), of.field)
        };
        let is_variant: fn(&Origin) -> bool = |origin| matches!(origin, Origin::Variant(_));
        // Where the literal form is a single term, the term itself scores it.
        let literal =
            short && of.forms.iter().any(|form| form.origin == Origin::Literal && form.shape.slots.len() > 1);
        let variants = of.forms.iter().any(|form| is_variant(&form.origin));
        if !literal && !variants {
            return Ok(Vec::new());
        }
        let weight = self.clause_weight(of, known, deadline)?;
        let morphemes: Vec<Value> = of
            .morphemes
            .iter()
            .map(|(morpheme, _)| probe(&Probe { lane: Lane::Morph, term: morpheme.clone() }))
            .collect();
        let by_morphemes = if morphemes.is_empty() { any(Vec::new()) } else { all(morphemes) };
        let worth =
            |condition: Value, boost: f32| json!({"constant_score": {"filter": condition, "boost": boost}});
        let mut should = Vec::new();
        // Each form stands here once more at most: every part counts against the cluster's limit.
        if literal {
            let literally = worth(of_origin(|origin| *origin == Origin::Literal), weight * options.literal);
            let as_substring = worth(not(by_morphemes.clone()), weight);
            should.push(json!({"bool": {"must": [literally], "should": [as_substring]}}));
        }
        if variants {
            let as_variant = worth(of_origin(is_variant), weight * options.variants);
            let typed = of_origin(|origin| !matches!(origin, Origin::Variant(_)));
            should.push(json!({"bool": {"must": [as_variant], "must_not": [typed, by_morphemes]}}));
        }
        Ok(should)
    }

    /// What being found is worth for a clause: the rarity of its rarest morpheme, or as if it were one term itself.
    fn clause_weight(
        &self,
        of: &Clause,
        known: &FxHashMap<String, f32>,
        deadline: Deadline,
    ) -> Result<f32, ArchiveError> {
        let of_morphemes = of.morphemes.iter().filter_map(|(term, _)| known.get(term));
        let rarest = of_morphemes.copied().fold(0.0, f32::max);
        if rarest > 0.0 {
            return Ok(rarest);
        }
        let held: u64 = self.counts(vec![self.within(vec![clause(of)])], deadline)?.into_iter().sum();
        Ok(idf(self.articles(), held.min(self.articles())))
    }
}

/// The terms that rank a clause.
fn ranked_terms(clause: &Clause, options: &RankingOptions) -> Vec<Ranked> {
    let probe = |lane, term: &String| Probe { lane, term: term.clone() };
    let own = |probe: Probe, share| Ranked { rarity_of: probe.clone(), probe, share };
    let mut ranked: Vec<Ranked> =
        clause.runs.iter().map(|run| own(probe(Lane::Morph, run), options.runs)).collect();
    for (morpheme, _) in &clause.morphemes {
        ranked.push(own(probe(Lane::Morph, morpheme), 1.0));
        let (title, rarity_of) = (probe(Lane::Title, morpheme), probe(Lane::Morph, morpheme));
        ranked.push(Ranked { probe: title, rarity_of, share: options.title });
    }
    ranked.extend(clause.bigrams.iter().map(|pair| own(probe(Lane::Gram, pair), options.bigrams)));
    ranked
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn recency_is_a_factor_where_it_counts() {
        let scoring = |recency_weight| Scoring {
            terms: vec![json!({"term": {"morph": {"value": "국회", "boost": 1.0}}})],
            words: vec![json!({"constant_score": {"filter": {"term": {"gram": "국회"}}, "boost": 1.0}})],
            limit: 1024,
            recency_weight,
            half_life_seconds: 86_400.0,
            idf: FxHashMap::default(),
        };
        let now = Some(Timestamp::from_seconds(1_700_000_000));
        let query = scoring(0.25).query(json!({"match_all": {}}), now);
        let functions = &query["function_score"]["functions"];
        assert_eq!(functions[0]["weight"], 0.75);
        assert_eq!(functions[1]["exp"]["published"]["origin"], 1_700_000_000);
        assert!(scoring(0.25).query(json!({}), None).get("bool").is_some());
        assert!(scoring(0.0).query(json!({}), now).get("bool").is_some());
    }

    #[test]
    fn a_query_that_is_too_large_with_all_that_ranks_ranks_by_less() {
        let term = json!({"term": {"morph": {"value": "국회", "boost": 1.0}}});
        let scored = |limit| {
            let scoring = Scoring {
                terms: vec![term.clone()],
                words: vec![term.clone()],
                limit,
                recency_weight: 0.0,
                half_life_seconds: 1.0,
                idf: FxHashMap::default(),
            };
            scoring.query(json!({"match_all": {}}), None)["bool"]["should"].as_array().unwrap().len()
        };
        assert_eq!((scored(5), scored(4)), (2, 1));
    }
}
