//! A query tree → what an archive evaluates: clauses, and a boolean expression over them.
//!
//! **How many words must match** (`match=auto`): every word of up to four. Of longer queries and questions, words that together carry a share
//! of the weight of all, so that rare ones decide; when nothing matches, fewer, and `relaxed` says so. Words that only ask (`누구인가`)
//! neither restrict nor rank.

mod expr;
mod planner;
mod unit;

use rustc_hash::FxHashSet;

pub use expr::Expr;
pub use unit::Unit;

use super::archive::ArchiveError;
use super::language::{Node, NodeId, Query};
use super::near::Near;
use super::request::{Filters, MatchMode, Strictness};
use super::shape::Clause;
use super::word::WordReader;
use crate::article::{Article, Timestamp};
use crate::korean::Language;
use expr::clause_of;
use planner::{Part, Planner};
use unit::units;

/// Words up to which every word of an `auto` query must match.
const SHORT_QUERY: usize = 4;

/// Share of the weight of a long query's words that an article must hold; rare words weigh more.
///
/// Measured on 500 news questions: a half loses 3 % of the right articles, 0.15 loses 1 %.
const MOST: f32 = 0.15;

/// Share of the weight of a short query's words that an article must hold to come near what was asked for.
const PART: f32 = 0.3;

/// A query ready to be evaluated.
pub struct Plan {
    /// What is looked for.
    pub clauses: Vec<Clause>,
    /// Which clauses are wanted (not excluded): they rank and are marked, in the order typed.
    pub wanted: Vec<usize>,
    /// How rare each clause is, by its number: at least 1, rarer is heavier.
    rarity: Vec<f32>,
    /// What must hold in any case.
    required: Vec<Expr>,
    /// The bare words at the top of the query, of which the strictness says how many must hold.
    words: Vec<(Expr, f32)>,
    /// Whether the query is a question: its words are not all in the answer.
    asks: bool,
    match_mode: MatchMode,
    /// Whether something was typed and nothing of it can be looked for, punctuation or emoji alone: then nothing is found.
    is_noise: bool,
    units: Vec<Unit>,
}

impl Plan {
    /// The clauses that rank: wanted ones, without those that only ask, unless there are no others.
    pub fn ranking(&self) -> impl Iterator<Item = &Clause> {
        self.ranking_clauses().map(|(_, clause)| clause)
    }

    /// The clauses that an article is wanted for, with their numbers.
    pub fn wanted_clauses(&self) -> impl Iterator<Item = (usize, &Clause)> {
        self.wanted.iter().filter_map(|index| Some((*index, self.clauses.get(*index)?)))
    }

    /// The clauses that rank, with their numbers.
    pub fn ranking_clauses(&self) -> impl Iterator<Item = (usize, &Clause)> {
        let all_ask = self.wanted_clauses().all(|(_, clause)| clause.asks);
        self.wanted_clauses().filter(move |(_, clause)| all_ask || !clause.asks)
    }

    /// How rare a clause is, at least 1; rarer is heavier.
    pub fn rarity(&self, clause: usize) -> f32 {
        self.rarity.get(clause).copied().unwrap_or(1.0)
    }

    /// What ranks an article by where it stands: the bare words, and every phrase and prefix.
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// What the words weigh together.
    pub fn weight(&self) -> f32 {
        self.units.iter().map(|unit| unit.weight).sum()
    }

    /// Mean rarity of what was asked for.
    pub fn mean_rarity(&self) -> f32 {
        self.weight() / self.units.len().max(1) as f32
    }

    /// Plans `query`, which is asked at the moment `now`: `작년` is another year in another one.
    ///
    /// # Errors
    /// The deadline, or a failing archive: what it holds decides how words are read.
    pub fn new(
        query: &Query,
        match_mode: MatchMode,
        language: &Language,
        words: &mut WordReader<'_>,
        now: Timestamp,
    ) -> Result<Self, ArchiveError> {
        let today = now.kst_date();
        let mut planner =
            Planner { clauses: Vec::new(), excluded: Vec::new(), language, words: &mut *words, today };
        // An exclusion of 작년 excludes what says so, not all of a year; a field holds what is written in it.
        let mut literal: FxHashSet<NodeId> = FxHashSet::default();
        for (id, node) in query.post_order().rev() {
            if matches!(node, Node::Not(_) | Node::In { .. } | Node::Near { .. }) || literal.contains(&id) {
                literal.extend(node.children());
            }
        }
        let root = query
            .try_bottom_up(|id, node, children| planner.visit(node, children, !literal.contains(&id)))?;
        let (required, optional) = match root {
            None => (Vec::new(), Vec::new()),
            Some(Part { top: Some(parts), .. }) => parts.into_iter().fold(
                (Vec::new(), Vec::new()),
                |(mut required, mut words), (expr, is_word)| {
                    if is_word {
                        words.push(expr)
                    } else {
                        required.push(expr)
                    }
                    (required, words)
                },
            ),
            Some(Part { expr, word, .. }) if word.is_some() => (Vec::new(), vec![expr]),
            Some(Part { expr, .. }) => (vec![expr], Vec::new()),
        };
        let Planner { clauses, excluded, .. } = planner;
        let wanted: Vec<usize> = (0..clauses.len()).filter(|clause| !excluded.contains(clause)).collect();
        // Words that only ask need not be found where others are; `match=all` takes them at their word.
        let is_asking = |clauses: &[Clause], expr: &Expr| {
            clause_of(expr).and_then(|index| clauses.get(index)).is_some_and(|clause| clause.asks)
        };
        let asks_itself = query.text().trim_end().ends_with(['?', '？']);
        let mut optional = optional;
        let asks = |expr: &Expr| is_asking(&clauses, expr);
        if match_mode == MatchMode::Auto && optional.iter().any(|expr| !asks(expr)) {
            optional.retain(|expr| !asks(expr));
        }
        let rarity: Vec<f32> = clauses.iter().map(|clause| words.rarity(clause)).collect::<Result<_, _>>()?;
        let weight =
            |expr: &Expr| clause_of(expr).and_then(|index| rarity.get(index)).copied().unwrap_or(1.0);
        let words: Vec<(Expr, f32)> = optional
            .into_iter()
            .map(|expr| {
                let weight = weight(&expr);
                (expr, weight)
            })
            .collect();
        let rarity: Vec<f32> = rarity.into_iter().map(|rarity| rarity.max(1.0)).collect();
        let is_noise = query.is_empty() && !query.text().trim().is_empty();
        let units = units(&words, &required, &wanted, &rarity);
        Ok(Self { clauses, wanted, rarity, required, words, asks: asks_itself, match_mode, is_noise, units })
    }

    /// The plan that finds the articles that hold `clause`.
    pub fn of_clause(clause: Clause) -> Self {
        Self {
            clauses: vec![clause],
            wanted: vec![0],
            rarity: vec![1.0],
            required: vec![Expr::Clause(0)],
            words: Vec::new(),
            asks: false,
            match_mode: MatchMode::All,
            is_noise: false,
            units: vec![Unit { clauses: vec![0], weight: 1.0 }],
        }
    }

    /// The plan that finds the articles that pass `filters`.
    pub fn of_filters(filters: Filters) -> Self {
        Self {
            clauses: Vec::new(),
            wanted: Vec::new(),
            rarity: Vec::new(),
            required: vec![Expr::Filter(filters)],
            words: Vec::new(),
            asks: false,
            match_mode: MatchMode::All,
            is_noise: false,
            units: Vec::new(),
        }
    }

    /// How strict the first attempt is, and what may be tried after it when nothing matches.
    pub fn attempts(&self) -> &'static [Strictness] {
        match self.match_mode {
            MatchMode::All => &[Strictness::All],
            MatchMode::Any => &[Strictness::Any],
            MatchMode::Auto if self.words.len() <= 1 => &[Strictness::All],
            MatchMode::Auto if !self.asks && self.words.len() <= SHORT_QUERY => {
                &[Strictness::All, Strictness::Most, Strictness::Any]
            }
            MatchMode::Auto => &[Strictness::Most, Strictness::Any],
        }
    }

    /// The condition at a strictness.
    pub fn expr(&self, strictness: Strictness) -> Expr {
        if self.is_noise {
            // One of nothing.
            return Expr::Or(Vec::new());
        }
        let mut all = self.required.clone();
        match strictness {
            _ if self.words.is_empty() => {}
            Strictness::All => all.extend(self.words.iter().map(|(expr, _)| expr.clone())),
            Strictness::Any => all.push(Expr::Or(self.words.iter().map(|(expr, _)| expr.clone()).collect())),
            Strictness::Most => {
                let weight: f32 = self.words.iter().map(|(_, weight)| weight).sum();
                all.push(Expr::Most { of: self.words.clone(), least: weight * MOST, not_all: false });
            }
            // Of a long query most words are enough to be found, so that nothing is left that comes near.
            Strictness::Part if self.attempts().first() == Some(&Strictness::Most) => {
                return Expr::Or(Vec::new());
            }
            Strictness::Part => all.push(self.part()),
        }
        match all.len() {
            0 => Expr::All,
            1 => all.remove(0),
            _ => Expr::And(all),
        }
    }

    /// The words that weigh enough together, or all but one, but not all: a number that one article has is heavier than
    /// everything else that was asked for. A word that is everywhere weighs 1: it was asked for, too.
    fn part(&self) -> Expr {
        let weighed = |weigh: fn(f32) -> f32| -> Vec<(Expr, f32)> {
            self.words.iter().map(|(expr, weight)| (expr.clone(), weigh(*weight))).collect()
        };
        let heavy = weighed(|weight| weight.max(1.0));
        let least = PART * heavy.iter().map(|(_, weight)| weight).sum::<f32>();
        let heavy = Expr::Most { of: heavy, least, not_all: true };
        if self.words.len() < 3 {
            return heavy;
        }
        let least = (self.words.len() - 1) as f32;
        Expr::Or(vec![heavy, Expr::Most { of: weighed(|_| 1.0), least, not_all: true }])
    }

    /// What must stand near each other, of what is not excluded; each with the numbers of its clauses.
    pub fn nears(&self) -> Vec<&Near> {
        let wanted = |near: &&Near| near.first.iter().all(|clause| self.wanted.contains(clause));
        self.required.iter().flat_map(Expr::nears).filter(wanted).collect()
    }

    /// Whether several words were asked for, of which an article may lack some and yet come near what was asked for.
    pub fn has_words(&self) -> bool {
        self.words.len() > 1
    }

    /// The bare words that do not hold in `article`, in which exactly these clauses are `found`, as typed. What its date or
    /// its reporters say, it need not hold.
    pub fn lacks(&self, found: &[bool], article: &Article) -> Vec<String> {
        let holds = |expr: &Expr| match expr {
            Expr::Or(parts) => parts.iter().any(|part| match part {
                Expr::Filter(filters) => filters.admit(article),
                _ => part.holds(found, &|_| true),
            }),
            _ => expr.holds(found, &|_| true),
        };
        let lacking = self.words.iter().filter(|(expr, _)| !holds(expr));
        let clauses = lacking.filter_map(|(expr, _)| self.clauses.get(clause_of(expr)?));
        clauses.map(|clause| clause.text.clone()).collect()
    }

    /// Whether the query is a few words, as people type them who look for a name: then titles and literal forms count.
    pub fn is_short(&self) -> bool {
        self.words.len() <= SHORT_QUERY
    }

    /// Whether the query asks for nothing: all articles match alike.
    pub fn is_empty(&self) -> bool {
        self.wanted.is_empty()
    }
}
