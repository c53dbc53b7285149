//! Whether an article meets a condition: one article at a time, by plain recursion.

use gisa::article::Article;
use gisa::entities::EntityKind;
use gisa::korean::lexicon::OutletGroups;
use gisa::query::near::{Near, Span, WordNumbers};
use gisa::query::plan::{Expr, Plan};
use gisa::query::request::{FacetField, Filters};

use super::text::Analysed;

/// Whether `expr` holds for an article.
pub fn holds(plan: &Plan, expr: &Expr, article: &Article, text: &Analysed) -> bool {
    let of = |expr: &Expr| holds(plan, expr, article, text);
    match expr {
        Expr::All => true,
        Expr::Clause(number) => text.holds(&plan.clauses[*number]),
        Expr::Near(near) => is_near(plan, near, article, text),
        Expr::Filter(filters) => passes(filters, article, text, None),
        Expr::And(parts) => parts.iter().all(of),
        Expr::Or(parts) => parts.iter().any(of),
        Expr::Not(part) => !of(part),
        Expr::Most { of: parts, least, not_all } => {
            let weights: Vec<f32> =
                parts.iter().filter(|(part, _)| of(part)).map(|(_, weight)| *weight).collect();
            let enough =
                !weights.is_empty() && weights.iter().fold(0.0, |sum, weight| sum + weight) >= *least;
            enough && !(*not_all && weights.len() == parts.len())
        }
    }
}

/// Whether any two occurrences, one of either part, are so many words apart at most, and have no character in common.
fn is_near(plan: &Plan, near: &Near, article: &Article, text: &Analysed) -> bool {
    let words = WordNumbers::of_article(&article.title, &article.body);
    let spans = |clauses: &[usize]| -> Vec<Span> {
        clauses.iter().flat_map(|number| text.spans(&plan.clauses[*number])).collect()
    };
    let (first, second) = (spans(&near.first), spans(&near.second));
    let pairs = first.iter().flat_map(|one| second.iter().map(move |other| (*one, *other)));
    pairs.into_iter().any(|(one, other)| near.holds(&[one], &[other], &words))
}

/// Whether an article passes the filters, that on `except` left out.
pub fn passes(filters: &Filters, article: &Article, text: &Analysed, except: Option<FacetField>) -> bool {
    let names = [
        (FacetField::Outlet, &filters.outlets),
        (FacetField::Reporter, &filters.reporters),
        (FacetField::Section, &filters.sections),
        (FacetField::Person, &filters.persons),
        (FacetField::Place, &filters.places),
        (FacetField::Organisation, &filters.organisations),
    ];
    let by_name = names.into_iter().all(|(field, wanted)| {
        let free = wanted.is_empty() || except == Some(field);
        free || values(field, article, text, &OutletGroups::default())
            .iter()
            .any(|value| wanted.contains(value))
    });
    let in_groups = filters.outlet_groups.as_ref().is_none_or(|members| {
        except == Some(FacetField::OutletGroup)
            || article.outlet.as_ref().is_some_and(|outlet| members.contains(outlet))
    });
    let has_one =
        filters.no_outlet && article.outlet.is_some() || filters.no_date && article.published_at.is_some();
    let in_time = match article.published_at {
        None => filters.from.is_none() && filters.to.is_none(),
        Some(at) => filters.from.is_none_or(|from| from <= at) && filters.to.is_none_or(|to| at <= to),
    };
    by_name && in_groups && !has_one && in_time
}

/// What an article counts for in a facet.
pub fn values(field: FacetField, article: &Article, text: &Analysed, groups: &OutletGroups) -> Vec<String> {
    // `2023-06-09T16:53:00+09:00`, in Korean time.
    let dated = |length: usize| article.published_at.map(|at| at.to_string()[..length].to_owned());
    match field {
        FacetField::Outlet => article.outlet.iter().cloned().collect(),
        FacetField::OutletGroup => {
            article.outlet.iter().filter_map(|outlet| groups.of(outlet)).map(str::to_owned).collect()
        }
        FacetField::Reporter => article.reporters.clone(),
        FacetField::Section => article.section.iter().cloned().collect(),
        FacetField::Person => text.names(EntityKind::Person).map(str::to_owned).collect(),
        FacetField::Place => text.names(EntityKind::Place).map(str::to_owned).collect(),
        FacetField::Organisation => text.names(EntityKind::Organisation).map(str::to_owned).collect(),
        FacetField::Day => dated(10).into_iter().collect(),
        FacetField::Month => dated(7).into_iter().collect(),
        FacetField::Year => dated(4).into_iter().collect(),
    }
}
