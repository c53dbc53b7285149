//! Conditions on articles, as a plan combines them.

use crate::query::request::Filters;

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

/// The clause of a bare word, alone or with what lexicons have for the words around it.
pub(super) fn clause_of(expr: &Expr) -> Option<usize> {
    match expr {
        Expr::Clause(index) => Some(*index),
        Expr::Or(parts) => parts.first().and_then(clause_of),
        _ => None,
    }
}
