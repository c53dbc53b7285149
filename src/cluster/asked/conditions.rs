//! Expressions of a plan and filters as conditions of a cluster: exact, and without a score.

use serde_json::{Value, json};

use super::spans::{clause, nothing};
use crate::cluster::document::column_of;
use crate::entities::EntityKind;
use crate::query::near::Near;
use crate::query::plan::{Expr, Plan};
use crate::query::request::{FacetField, Filters};

/// Steps into which weights are cut. Whole numbers add up to the same in any order, so that a sum at the limit is never below it by
/// rounding.
const STEPS: f32 = 4096.0;

/// The column of the names that a facet counts, or of the times.
pub(in crate::cluster) fn column(field: FacetField) -> &'static str {
    match field {
        FacetField::Outlet | FacetField::OutletGroup => "outlet",
        FacetField::Reporter => "reporter",
        FacetField::Section => "section",
        FacetField::Person => column_of(EntityKind::Person),
        FacetField::Place => column_of(EntityKind::Place),
        FacetField::Organisation => column_of(EntityKind::Organisation),
        FacetField::Day => "day",
        FacetField::Month => "month",
        FacetField::Year => "year",
    }
}

/// All of `conditions`; every article where there are none.
pub(in crate::cluster) fn all(mut conditions: Vec<Value>) -> Value {
    match conditions.len() {
        0 => json!({"match_all": {}}),
        1 => conditions.swap_remove(0),
        _ => json!({"bool": {"filter": conditions}}),
    }
}

/// One of `conditions`.
pub(in crate::cluster) fn any(mut conditions: Vec<Value>) -> Value {
    match conditions.len() {
        0 => nothing(),
        1 => conditions.swap_remove(0),
        _ => json!({"bool": {"should": conditions, "minimum_should_match": 1}}),
    }
}

/// Not that.
pub(in crate::cluster) fn not(condition: Value) -> Value {
    json!({"bool": {"must_not": [condition]}})
}

/// The articles that have a value in a column.
pub(in crate::cluster) fn has(column: &str) -> Value {
    json!({"exists": {"field": column}})
}

/// What `expr` of `plan` asks for. Of words near each other, `near` says which articles hold them.
pub(in crate::cluster) fn condition(plan: &Plan, expr: &Expr, near: &dyn Fn(&Near) -> Value) -> Value {
    let of = |part: &Expr| condition(plan, part, near);
    match expr {
        Expr::All => json!({"match_all": {}}),
        Expr::Clause(number) => plan.clauses.get(*number).map_or_else(nothing, clause),
        Expr::Near(both) => near(both),
        Expr::Filter(filters) => all(of_filters(filters, None)),
        Expr::And(parts) => all(parts.iter().map(of).collect()),
        Expr::Or(parts) => any(parts.iter().map(of).collect()),
        Expr::Not(part) => not(of(part)),
        Expr::Most { of: parts, least, not_all } => {
            let parts: Vec<(Value, f32)> = parts.iter().map(|(part, weight)| (of(part), *weight)).collect();
            most(parts, *least, *not_all)
        }
    }
}

/// Enough of `parts`, by what they weigh.
fn most(parts: Vec<(Value, f32)>, least: f32, not_all: bool) -> Value {
    let steps = |weight: f32| (weight.max(0.0) * STEPS).round();
    // Whole weights add up exactly, and their limit is exact too.
    let whole = parts.iter().all(|(_, weight)| weight.fract() == 0.0);
    let least = if whole { (least * STEPS).ceil() } else { (least * STEPS).round() };
    let weighed = parts
        .iter()
        .map(|(part, weight)| json!({"constant_score": {"filter": part, "boost": steps(*weight)}}));
    let weighed: Vec<Value> = weighed.collect();
    if weighed.is_empty() {
        return nothing();
    }
    // No boost may stand above it, which would be passed in and leave the limit as it is: `constant_score` keeps it out.
    let enough = json!({"constant_score": {"filter": {"function_score": {
        "query": {"bool": {"should": weighed, "minimum_should_match": 1}},
        "min_score": least.max(0.0),
    }}}});
    match not_all {
        false => enough,
        true => {
            let each = parts.into_iter().map(|(part, _)| part).collect();
            all(vec![enough, not(all(each))])
        }
    }
}

/// The conditions of `filters`, without that on `except`.
pub(in crate::cluster) fn of_filters(filters: &Filters, except: Option<FacetField>) -> Vec<Value> {
    let names = [
        (FacetField::Outlet, &filters.outlets),
        (FacetField::Reporter, &filters.reporters),
        (FacetField::Section, &filters.sections),
        (FacetField::Person, &filters.persons),
        (FacetField::Place, &filters.places),
        (FacetField::Organisation, &filters.organisations),
    ];
    let asked = names.into_iter().filter(|(field, wanted)| !wanted.is_empty() && Some(*field) != except);
    let mut conditions: Vec<Value> =
        asked.map(|(field, wanted)| json!({"terms": {column(field): wanted}})).collect();
    if let Some(members) = filters.outlet_groups.as_ref().filter(|_| except != Some(FacetField::OutletGroup))
    {
        conditions.push(json!({"terms": {column(FacetField::OutletGroup): members}}));
    }
    if filters.no_outlet {
        conditions.push(not(has("outlet")));
    }
    if filters.no_date {
        conditions.push(not(has("published")));
    }
    let mut time = serde_json::Map::new();
    if let Some(from) = filters.from {
        time.insert("gte".to_owned(), json!(from.seconds()));
    }
    if let Some(to) = filters.to {
        time.insert("lte".to_owned(), json!(to.seconds()));
    }
    if !time.is_empty() {
        conditions.push(json!({"range": {"published": time}}));
    }
    conditions
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::article::Timestamp;

    #[test]
    fn enough_of_them_is_a_limit_on_whole_weights() {
        let part = |name: &str| json!({"term": {"morph": name}});
        let query = most(vec![(part("가"), 1.0), (part("나"), 2.5)], 2.0, true);
        let filter = &query["bool"]["filter"];
        let enough = &filter[0]["constant_score"]["filter"]["function_score"];
        assert_eq!(enough["min_score"], 8192.0);
        assert_eq!(enough["query"]["bool"]["should"][1]["constant_score"]["boost"], 10240.0);
        assert_eq!(filter[1]["bool"]["must_not"][0]["bool"]["filter"].as_array().unwrap().len(), 2);
        assert_eq!(most(Vec::new(), 0.0, false), nothing());
    }

    #[test]
    fn filters_are_conditions_and_one_can_be_left_out() {
        let filters = Filters {
            outlets: vec!["새벽신문".to_owned()],
            outlet_groups: Some(Vec::new()),
            no_date: true,
            from: Some(Timestamp::from_seconds(5)),
            ..Filters::default()
        };
        let conditions = of_filters(&filters, None);
        assert_eq!(conditions[0], json!({"terms": {"outlet": ["새벽신문"]}}));
        assert_eq!(conditions[1], json!({"terms": {"outlet": []}}), "a group of no outlets has no articles");
        assert_eq!(conditions[3], json!({"range": {"published": {"gte": 5}}}));
        assert_eq!(of_filters(&filters, Some(FacetField::Outlet)).len(), conditions.len() - 1);
    }
}
