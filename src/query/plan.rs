//! A query tree → what an archive evaluates: clauses, and a boolean expression over them.
//!
//! **How many words must match** (`match=auto`): every word of up to four. Of longer queries and questions, words that together carry a share
//! of the weight of all, so that rare ones decide; when nothing matches, fewer, and `relaxed` says so. Words that only ask (`누구인가`)
//! neither restrict nor rank.

use super::archive::ArchiveError;
use super::language::{Filter, Node, NodeId, Query};
use super::period::{self, Period};
use super::request::{Filters, MatchMode, Strictness};
use super::shape::Clause;
use super::word::WordReader;
use crate::article::{Article, Timestamp};
use crate::korean::Language;
use rustc_hash::FxHashSet;
use time::Date;

/// Words up to which every word of an `auto` query must match.
const SHORT_QUERY: usize = 4;

/// Share of the weight of a long query's words that an article must hold; rare words weigh more.
///
/// Measured on 500 news questions: a half loses 3 % of the right articles, 0.15 loses 1 %.
const MOST: f32 = 0.15;

/// Share of the weight of a short query's words that an article must hold to come near what was asked for.
const PART: f32 = 0.3;

/// A condition on articles, as a tree of bounded depth (the query language allows 16).
#[derive(Debug, Clone)]
pub enum Expr {
    /// Every article.
    All,
    /// Articles in which clause `n` of the plan is found.
    Clause(usize),
    /// Articles that pass exact conditions.
    Filter(Filters),
    /// All of them.
    And(Vec<Expr>),
    /// One of them.
    Or(Vec<Expr>),
    /// Not that.
    Not(Box<Expr>),
    /// Enough of them.
    Most {
        /// The conditions and what each weighs.
        of: Vec<(Expr, f32)>,
        /// What those that hold must weigh together.
        least: f32,
        /// Whether one of them must not hold.
        not_all: bool,
    },
}

impl Expr {
    /// Whether it holds where exactly these clauses of the plan are `found`. Exact conditions are taken as met.
    pub fn holds(&self, found: &[bool]) -> bool {
        match self {
            Self::All | Self::Filter(_) => true,
            Self::Clause(index) => found.get(*index).copied().unwrap_or_default(),
            Self::And(parts) => parts.iter().all(|part| part.holds(found)),
            Self::Or(parts) => parts.iter().any(|part| part.holds(found)),
            Self::Not(part) => part.has_filter() || !part.holds(found),
            Self::Most { of, least, not_all } => {
                // The order of summing is the search's, so that rounding is too.
                let holding = of.iter().filter(|(part, _)| part.holds(found));
                let mut count = 0;
                let weight = holding.fold(0.0, |sum, (_, weight)| {
                    count += 1;
                    sum + weight
                });
                count > 0 && weight >= *least && !(*not_all && count == of.len())
            }
        }
    }

    /// Whether it asks for an outlet, reporter, section or date.
    pub fn has_filter(&self) -> bool {
        match self {
            Self::All | Self::Clause(_) => false,
            Self::Filter(_) => true,
            Self::And(parts) | Self::Or(parts) => parts.iter().any(Self::has_filter),
            Self::Not(part) => part.has_filter(),
            Self::Most { of, .. } => of.iter().any(|(part, _)| part.has_filter()),
        }
    }
}

/// What counts as one word when an article is ranked: a clause, and those that say the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// Clauses of the plan, of which one is enough.
    pub clauses: Vec<usize>,
    /// What it weighs: its rarity, at least 1.
    pub weight: f32,
}

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

    /// The clauses that rank, with their numbers.
    pub fn ranking_clauses(&self) -> impl Iterator<Item = (usize, &Clause)> {
        let wanted = || self.wanted.iter().filter_map(|index| Some((*index, self.clauses.get(*index)?)));
        let all_ask = wanted().all(|(_, clause)| clause.asks);
        wanted().filter(move |(_, clause)| all_ask || !clause.asks)
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
            if matches!(node, Node::Not(_) | Node::In { .. }) || literal.contains(&id) {
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
                _ => part.holds(found),
            }),
            _ => expr.holds(found),
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

/// The bare words as units, and every wanted phrase and prefix of what is required.
fn units(words: &[(Expr, f32)], required: &[Expr], wanted: &[usize], rarity: &[f32]) -> Vec<Unit> {
    let words = words.iter().map(|(expr, weight)| {
        let mut clauses = Vec::new();
        add_wanted(expr, wanted, &mut clauses);
        Unit { clauses, weight: weight.max(1.0) }
    });
    let mut alone = Vec::new();
    for expr in required {
        add_wanted(expr, wanted, &mut alone);
    }
    let alone = alone
        .into_iter()
        .map(|index| Unit { clauses: vec![index], weight: rarity.get(index).copied().unwrap_or(1.0) });
    words.chain(alone).filter(|unit| !unit.clauses.is_empty()).collect()
}

/// Adds the wanted clauses of `expr`, which is as deep as the query, at most 16.
fn add_wanted(expr: &Expr, wanted: &[usize], clauses: &mut Vec<usize>) {
    match expr {
        Expr::Clause(index) if wanted.contains(index) => clauses.push(*index),
        Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|part| add_wanted(part, wanted, clauses)),
        Expr::Most { of, .. } => of.iter().for_each(|(part, _)| add_wanted(part, wanted, clauses)),
        Expr::All | Expr::Clause(_) | Expr::Filter(_) | Expr::Not(_) => {}
    }
}

/// The clause of a bare word, alone or with what lexicons have for the words around it.
fn clause_of(expr: &Expr) -> Option<usize> {
    match expr {
        Expr::Clause(index) => Some(*index),
        Expr::Or(parts) => parts.first().and_then(clause_of),
        _ => None,
    }
}

/// A subtree while the plan is made.
struct Part {
    expr: Expr,
    /// The text, if it is a bare word.
    word: Option<String>,
    /// Whether it may be held by a date instead.
    datable: bool,
    /// Its children, if it is an `And`, and whether each is a bare word.
    top: Option<Vec<(Expr, bool)>>,
    clauses: Vec<usize>,
}

struct Planner<'p, 'w> {
    clauses: Vec<Clause>,
    excluded: Vec<usize>,
    language: &'p Language,
    words: &'p mut WordReader<'w>,
    today: Date,
}

impl Planner<'_, '_> {
    fn visit(&mut self, node: &Node, mut children: Vec<Part>, datable: bool) -> Result<Part, ArchiveError> {
        Ok(match node {
            Node::Word { text } => {
                let clause = self.words.word(text, None)?;
                let mut part = Part { word: Some(text.clone()), datable, ..self.leaf(clause) };
                self.dated(std::slice::from_mut(&mut part));
                part
            }
            Node::Phrase { text } => {
                let clause = self.words.phrase(text, None);
                self.leaf(clause)
            }
            Node::Prefix { text } => {
                let clause = self.words.prefix(text, None);
                self.leaf(clause)
            }
            Node::In { field, .. } => {
                let part = children.pop();
                for clause in part.iter().flat_map(|part| &part.clauses) {
                    if let Some(clause) = self.clauses.get_mut(*clause) {
                        clause.field = Some(*field);
                    }
                }
                match part {
                    Some(part) => Part { word: None, top: None, ..part },
                    None => {
                        Part { expr: Expr::All, word: None, datable: false, top: None, clauses: Vec::new() }
                    }
                }
            }
            Node::Filter(filter) => Part {
                expr: Expr::Filter(self.filters(filter)),
                word: None,
                datable: false,
                top: None,
                clauses: Vec::new(),
            },
            Node::Not(_) => {
                let clauses: Vec<usize> =
                    children.iter().flat_map(|part| part.clauses.iter().copied()).collect();
                self.excluded.extend(&clauses);
                let expr = children.pop().map_or(Expr::All, |part| part.expr);
                Part { expr: Expr::Not(Box::new(expr)), word: None, datable: false, top: None, clauses }
            }
            Node::Or(_) => {
                let clauses = children.iter().flat_map(|part| part.clauses.iter().copied()).collect();
                let expr = Expr::Or(children.into_iter().map(|part| part.expr).collect());
                Part { expr, word: None, datable: false, top: None, clauses }
            }
            Node::And(_) => self.and(children),
        })
    }

    fn leaf(&mut self, clause: Clause) -> Part {
        let index = self.clauses.len();
        self.clauses.push(clause);
        Part { expr: Expr::Clause(index), word: None, datable: false, top: None, clauses: vec![index] }
    }

    /// All of `children`. Runs of bare words that are an entry of a lexicon together (`샘 알트만`) may also match as what the
    /// lexicon has for them: each word of the run becomes *the word or the entry*.
    fn and(&mut self, mut children: Vec<Part>) -> Part {
        // Three words may be one elsewhere, whatever the lexicons have.
        let longest = self.language.variants().longest().max(3);
        let mut clauses: Vec<usize> = children.iter().flat_map(|part| part.clauses.iter().copied()).collect();
        for first in 0..children.len() {
            for count in 2..=longest.min(children.len() - first) {
                let window = children.iter().skip(first).take(count);
                let Some(texts) = window.map(|part| part.word.as_deref()).collect::<Option<Vec<_>>>() else {
                    break;
                };
                let found: Vec<Expr> = self
                    .words
                    .group_variants(&texts)
                    .into_iter()
                    .map(|clause| {
                        let index = self.clauses.len();
                        self.clauses.push(clause);
                        clauses.push(index);
                        Expr::Clause(index)
                    })
                    .collect();
                if found.is_empty() {
                    continue;
                }
                for part in children.iter_mut().skip(first).take(count) {
                    let own = std::mem::replace(&mut part.expr, Expr::All);
                    part.expr = Expr::Or(std::iter::once(own).chain(found.iter().cloned()).collect());
                }
            }
        }
        self.reported(&mut children);
        let mut from = 0;
        while from < children.len() {
            // The longest run that names a period: `2024년 6월 9일` is a day.
            let lengths = (2..=period::MOST_WORDS.min(children.len() - from)).rev();
            let named = lengths
                .into_iter()
                .find(|count| children.get_mut(from..from + count).is_some_and(|parts| self.dated(parts)));
            from += named.unwrap_or(1);
        }
        let top: Vec<(Expr, bool)> =
            children.into_iter().map(|part| (part.expr, part.word.is_some())).collect();
        let expr = Expr::And(top.iter().map(|(expr, _)| expr.clone()).collect());
        Part { expr, word: None, datable: false, top: Some(top), clauses }
    }

    /// A word before 기자 is also that reporter: an article of `하늘빛 기자` need not name itself so in its text.
    fn reported(&self, children: &mut [Part]) {
        const TITLES: [&str; 4] = ["기자", "특파원", "앵커", "논설위원"];
        for at in 1..children.len() {
            let Some([name, title]) = children.get_mut(at - 1..=at) else { continue };
            let (Some(reporter), Some(called)) = (name.word.clone(), title.word.as_deref()) else { continue };
            if !TITLES.contains(&called) || !name.datable || !title.datable {
                continue;
            }
            let filter = Expr::Filter(Filters { reporters: vec![reporter], ..Filters::default() });
            for part in [name, title] {
                let own = std::mem::replace(&mut part.expr, Expr::All);
                let own = match own {
                    Expr::Or(all) => all,
                    own => vec![own],
                };
                part.expr = Expr::Or(own.into_iter().chain([filter.clone()]).collect());
            }
        }
    }

    /// Where `parts` are bare words that name a period together, each also holds in articles of that time; whether they do.
    fn dated(&mut self, parts: &mut [Part]) -> bool {
        let Some(words) = parts.iter().map(|part| part.word.as_deref()).collect::<Option<Vec<_>>>() else {
            return false;
        };
        if !parts.iter().all(|part| part.datable) {
            return false;
        }
        let Some(period) = Period::of(&words, self.today) else { return false };
        let time = period.with_month_after();
        let filters = Filters {
            from: Some(Timestamp::start_of_day(time.first)),
            to: Some(Timestamp::end_of_day(time.last)),
            ..Filters::default()
        };
        for part in parts {
            let own = std::mem::replace(&mut part.expr, Expr::All);
            // A longer run says it more exactly: 2024년 of `2024년 6월`.
            let own = match own {
                Expr::Or(mut all) => {
                    all.retain(|expr| !matches!(expr, Expr::Filter(filters) if filters.from.is_some()));
                    all
                }
                own => vec![own],
            };
            part.expr = Expr::Or(own.into_iter().chain([Expr::Filter(filters.clone())]).collect());
            for clause in part.clauses.iter().take(1) {
                if let Some(clause) = self.clauses.get_mut(*clause) {
                    clause.period = Some(period);
                }
            }
        }
        true
    }

    fn filters(&self, filter: &Filter) -> Filters {
        let mut filters = Filters::default();
        match filter {
            Filter::Outlet(name) => filters.outlets.extend(self.language.outlets().stored_names(name)),
            Filter::Reporter(name) => filters.reporters.push(name.clone()),
            Filter::Section(name) => filters.sections.push(name.clone()),
            Filter::Date(range) => {
                filters.from = range.from.map(Timestamp::start_of_day);
                filters.to = range.to.map(Timestamp::end_of_day);
            }
        }
        filters
    }
}
