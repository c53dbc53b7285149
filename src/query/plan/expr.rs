//! Conditions on articles, as a plan combines them.

use crate::query::near::Near;
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
    /// Clauses that stand near each other.
    Near(Near),
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
    /// Whether it holds where exactly these clauses of the plan are `found`, and exactly those are `near` each other of which that says
    /// so. Exact conditions are taken as met.
    pub fn holds(&self, found: &[bool], near: &dyn Fn(&Near) -> bool) -> bool {
        match self {
            Self::All | Self::Filter(_) => true,
            Self::Clause(index) => found.get(*index).copied().unwrap_or_default(),
            Self::Near(both) => near(both),
            Self::And(parts) => parts.iter().all(|part| part.holds(found, near)),
            Self::Or(parts) => parts.iter().any(|part| part.holds(found, near)),
            Self::Not(part) => part.has_filter() || !part.holds(found, near),
            Self::Most { of, least, not_all } => {
                // The order of summing is the search's, so that rounding is too.
                let holding = of.iter().filter(|(part, _)| part.holds(found, near));
                let mut count = 0;
                let weight = holding.fold(0.0, |sum, (_, weight)| {
                    count += 1;
                    sum + weight
                });
                count > 0 && weight >= *least && !(*not_all && count == of.len())
            }
        }
    }

    /// The same where it is known of each of its exact conditions, in the order of the expression, whether it is met.
    pub fn settled(&self, met: &mut dyn FnMut(&Filters) -> bool) -> Self {
        let mut all = |parts: &[Self]| parts.iter().map(|part| part.settled(met)).collect();
        match self {
            Self::All | Self::Clause(_) | Self::Near(_) => self.clone(),
            Self::And(parts) => Self::And(all(parts)),
            Self::Or(parts) => Self::Or(all(parts)),
            Self::Filter(filters) if met(filters) => Self::All,
            Self::Filter(_) => Self::Or(Vec::new()),
            Self::Not(part) => Self::Not(Box::new(part.settled(met))),
            Self::Most { of, least, not_all } => {
                let of = of.iter().map(|(part, weight)| (part.settled(met), *weight)).collect();
                Self::Most { of, least: *least, not_all: *not_all }
            }
        }
    }

    /// Its exact conditions, in the order of the expression.
    pub fn filters(&self) -> Vec<&Filters> {
        match self {
            Self::All | Self::Clause(_) | Self::Near(_) => Vec::new(),
            Self::Filter(filters) => vec![filters],
            Self::And(parts) | Self::Or(parts) => parts.iter().flat_map(Self::filters).collect(),
            Self::Not(part) => part.filters(),
            Self::Most { of, .. } => of.iter().flat_map(|(part, _)| part.filters()).collect(),
        }
    }

    /// The same without its conditions on time, where only articles with a date meet it: what an article without one lacks then is that
    /// alone. `None` where such an article may meet it as it is, by a word beside the date (`작년`) or an exclusion.
    pub fn whenever(&self) -> Option<Self> {
        match self {
            Self::Filter(filters) if filters.has_period() => Some(Self::Filter(filters.whenever())),
            Self::And(parts) => {
                let lifted: Vec<Option<Self>> = parts.iter().map(Self::whenever).collect();
                let dated = lifted.iter().any(Option::is_some);
                let kept = lifted
                    .into_iter()
                    .zip(parts)
                    .map(|(lifted, part)| lifted.unwrap_or_else(|| part.clone()));
                dated.then(|| Self::And(kept.collect()))
            }
            Self::Or(parts) if !parts.is_empty() => {
                parts.iter().map(Self::whenever).collect::<Option<_>>().map(Self::Or)
            }
            _ => None,
        }
    }

    /// What an article meets in any case of which a part meets this: the part may lack what the article has elsewhere.
    pub fn widened(&self) -> Self {
        let all = |parts: &[Self]| parts.iter().map(Self::widened).collect();
        let any = |clauses: &[usize]| Self::Or(clauses.iter().map(|clause| Self::Clause(*clause)).collect());
        match self {
            Self::All | Self::Clause(_) | Self::Filter(_) => self.clone(),
            Self::Not(_) => Self::All,
            Self::Near(near) => Self::And(vec![any(&near.first), any(&near.second)]),
            Self::And(parts) => Self::And(all(parts)),
            Self::Or(parts) => Self::Or(all(parts)),
            Self::Most { of, least, .. } => {
                let of = of.iter().map(|(part, weight)| (part.widened(), *weight)).collect();
                Self::Most { of, least: *least, not_all: false }
            }
        }
    }

    /// Makes it hold where one of `alternatives` does, too. All stay side by side in one `Or`, so that each can be told from the
    /// others.
    pub(super) fn or(&mut self, alternatives: impl IntoIterator<Item = Self>) {
        let mut all = match std::mem::replace(self, Self::All) {
            Self::Or(all) => all,
            own => vec![own],
        };
        all.extend(alternatives);
        *self = Self::Or(all);
    }

    /// What must stand near each other in it.
    pub fn nears(&self) -> Vec<&Near> {
        match self {
            Self::Near(near) => vec![near],
            Self::All | Self::Clause(_) | Self::Filter(_) => Vec::new(),
            Self::And(parts) | Self::Or(parts) => parts.iter().flat_map(Self::nears).collect(),
            Self::Not(part) => part.nears(),
            Self::Most { of, .. } => of.iter().flat_map(|(part, _)| part.nears()).collect(),
        }
    }

    /// Whether it asks for an outlet, reporter, section or date.
    pub fn has_filter(&self) -> bool {
        match self {
            Self::All | Self::Clause(_) | Self::Near(_) => false,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Timestamp;

    #[test]
    fn alternatives_stay_side_by_side() {
        let mut expr = Expr::Clause(1);
        expr.or([Expr::Filter(Filters::default())]);
        expr.or([Expr::Clause(2), Expr::Clause(3)]);
        let Expr::Or(all) = &expr else { panic!("{expr:?}") };
        assert!(matches!(
            all.as_slice(),
            [Expr::Clause(1), Expr::Filter(_), Expr::Clause(2), Expr::Clause(3)]
        ));
        assert_eq!(clause_of(&expr), Some(1));
    }

    #[test]
    fn only_what_asks_for_a_date_in_any_case_is_asked_for_whenever() {
        let dated = || {
            Expr::Filter(Filters {
                from: Some(Timestamp::from_seconds(5)),
                no_outlet: true,
                ..Filters::default()
            })
        };
        let word = || Expr::Clause(0);
        let lifted = |expr: Expr| expr.whenever().map(|expr| format!("{expr:?}"));
        let shown = |expr: Expr| Some(format!("{expr:?}"));
        let whenever = || Expr::Filter(Filters { no_outlet: true, ..Filters::default() });
        assert_eq!(lifted(dated()), shown(whenever()));
        assert_eq!(lifted(Expr::And(vec![word(), dated()])), shown(Expr::And(vec![word(), whenever()])));
        let either = Expr::Or(vec![dated(), Expr::And(vec![dated(), word()])]);
        assert_eq!(lifted(either), shown(Expr::Or(vec![whenever(), Expr::And(vec![whenever(), word()])])));
        let most = Expr::Most { of: vec![(dated(), 1.0)], least: 1.0, not_all: false };
        for expr in [
            Expr::All,
            word(),
            whenever(),
            Expr::Or(Vec::new()),
            Expr::Or(vec![word(), dated()]),
            Expr::Not(Box::new(dated())),
            most,
        ] {
            assert_eq!(lifted(expr.clone()), None, "{expr:?}");
        }
    }
}
