//! What ranks an article by where it stands.

use super::expr::Expr;

/// What counts as one word when an article is ranked: a clause, and those that say the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// Clauses of the plan, of which one is enough.
    pub clauses: Vec<usize>,
    /// What it weighs: its rarity, at least 1.
    pub weight: f32,
}

/// The bare words as units, and every wanted phrase and prefix of what is required.
pub(super) fn units(words: &[(Expr, f32)], required: &[Expr], wanted: &[usize], rarity: &[f32]) -> Vec<Unit> {
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
        Expr::Near(near) => {
            let both = near.first.iter().chain(&near.second).copied();
            clauses.extend(both.filter(|index| wanted.contains(index)));
        }
        Expr::All | Expr::Clause(_) | Expr::Filter(_) | Expr::Not(_) => {}
    }
}
