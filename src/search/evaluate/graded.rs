//! Queries with graded articles: how good the first hits are.
//!
//! nDCG (Järvelin & Kekäläinen 2002) with the gain 2^grade − 1 and the discount log2(rank + 1). What was never judged is not known to be
//! wrong, so that there are two figures: one takes it as worth nothing, one passes it over.

use std::collections::BTreeMap;
use std::fmt;

use super::judged::GradedQuery;
use super::{EvaluateError, searched};
use crate::search::context::SearchContext;

/// Ranks that count.
const TEN: usize = 10;
/// Hits among which the judged ones are looked for.
const LOOKED_AT: usize = 40;
/// The grade from which on an article is wanted.
const WANTED: u8 = 2;

/// How good the answer to one query is. Rates are between 0 and 1.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Graded {
    /// The query.
    pub query: String,
    /// Its kind.
    pub kind: String,
    /// nDCG of the first ten hits; articles that were not judged are worth nothing.
    pub ndcg: f64,
    /// nDCG of the first ten judged articles among the first 40 hits.
    pub ndcg_judged: f64,
    /// 1 where the first judged hit is wanted, else 0.
    pub success: f64,
    /// Share of the first ten hits that were judged.
    pub judged: f64,
}

/// Figures over all queries of a file, and for each kind.
#[derive(Debug, Clone, PartialEq)]
pub struct GradedReport {
    /// The queries, in the file's order.
    pub queries: Vec<Graded>,
}

/// Measures each of `queries`. Where the strict hits end, what comes near them goes on, as on a page.
///
/// # Errors
/// [`EvaluateError::Search`].
pub fn grade(context: &SearchContext<'_>, queries: &[GradedQuery]) -> Result<GradedReport, EvaluateError> {
    let mut graded = Vec::with_capacity(queries.len());
    for query in queries {
        let answer = searched(context, &query.query, LOOKED_AT, false)?;
        let near = answer.also.iter().flat_map(|also| &also.hits).map(|near| &near.hit);
        let hits = answer.hits.iter().chain(near).take(LOOKED_AT);
        let grades: Vec<Option<u8>> = hits.map(|hit| query.judgments.get(hit.id.as_str()).copied()).collect();
        graded.push(measured(query, &grades));
    }
    Ok(GradedReport { queries: graded })
}

/// What hits with these grades, in order, are worth for `query`.
fn measured(query: &GradedQuery, grades: &[Option<u8>]) -> Graded {
    let mut ideal: Vec<u8> = query.judgments.values().copied().collect();
    ideal.sort_unstable_by(|a, b| b.cmp(a));
    let ideal = gained(ideal.into_iter());
    let share = |gained: f64| if ideal > 0.0 { gained / ideal } else { 0.0 };
    let first_ten = grades.get(..TEN.min(grades.len())).unwrap_or_default();
    let judged_of_ten = first_ten.iter().flatten().count();
    let first_judged = grades.iter().flatten().next();
    Graded {
        query: query.query.clone(),
        kind: query.kind.clone(),
        ndcg: share(gained(first_ten.iter().map(|grade| grade.unwrap_or_default()))),
        ndcg_judged: share(gained(grades.iter().flatten().copied())),
        success: f64::from(u8::from(first_judged.is_some_and(|grade| *grade >= WANTED))),
        judged: judged_of_ten as f64 / first_ten.len().max(1) as f64,
    }
}

/// The discounted gain of the first ten of `grades`.
fn gained(grades: impl Iterator<Item = u8>) -> f64 {
    let gains = grades.take(TEN).map(|grade| 2_f64.powi(i32::from(grade)) - 1.0);
    (2_u32..).zip(gains).map(|(rank, gain)| gain / f64::from(rank).log2()).sum()
}

impl GradedReport {
    /// The mean of a figure over the queries of `kind`, or over all.
    pub fn mean(&self, kind: Option<&str>, figure: impl Fn(&Graded) -> f64) -> f64 {
        let of_kind = || self.queries.iter().filter(|query| kind.is_none_or(|kind| kind == query.kind));
        of_kind().map(figure).sum::<f64>() / of_kind().count().max(1) as f64
    }
}

impl fmt::Display for GradedReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
        for query in &self.queries {
            *kinds.entry(&query.kind).or_default() += 1;
        }
        writeln!(f, "{:<12} queries  nDCG@10  judged only  success@1  judged", "kind")?;
        let mut line = |name: &str, count: usize, kind: Option<&str>| {
            let figures = [
                self.mean(kind, |query| query.ndcg),
                self.mean(kind, |query| query.ndcg_judged),
                self.mean(kind, |query| query.success),
                self.mean(kind, |query| query.judged),
            ];
            let [ndcg, judged_only, success, judged] = figures;
            writeln!(
                f,
                "{name:<12} {count:>7}  {ndcg:.4}   {judged_only:.4}       {success:.4}     {judged:.2}"
            )
        };
        for (kind, count) in kinds {
            line(kind, count, Some(kind))?;
        }
        line("all", self.queries.len(), None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(grades: &[u8]) -> GradedQuery {
        let judgments = grades.iter().enumerate().map(|(id, grade)| (id.to_string(), *grade)).collect();
        GradedQuery { query: "파업".to_owned(), kind: "word".to_owned(), judgments }
    }

    #[test]
    fn the_best_order_is_worth_1_and_what_was_not_judged_is_passed_over() {
        let query = query(&[3, 2, 0]);
        let best = measured(&query, &[Some(3), Some(2), Some(0)]);
        assert_eq!((best.ndcg, best.ndcg_judged, best.success, best.judged), (1.0, 1.0, 1.0, 1.0));
        let late = measured(&query, &[None, Some(3), Some(2)]);
        assert_eq!((late.ndcg_judged, late.success), (1.0, 1.0));
        // (7 / log2(3) + 3 / log2(4)) / (7 / log2(2) + 3 / log2(3))
        assert!((late.ndcg - 0.665_31).abs() < 1e-4, "{}", late.ndcg);
        assert!((late.judged - 2.0 / 3.0).abs() < 1e-9);
    }

    #[test]
    fn an_unwanted_first_hit_is_no_success_and_nothing_found_is_worth_nothing() {
        let query = query(&[3, 1]);
        assert_eq!(measured(&query, &[Some(1), Some(3)]).success, 0.0);
        let nothing = measured(&query, &[]);
        assert_eq!(
            (nothing.ndcg, nothing.ndcg_judged, nothing.success, nothing.judged),
            (0.0, 0.0, 0.0, 0.0)
        );
    }

    #[test]
    fn means_are_by_kind() {
        let graded = |kind: &str, ndcg| Graded { kind: kind.to_owned(), ndcg, ..Graded::default() };
        let report = GradedReport { queries: vec![graded("a", 1.0), graded("a", 0.5), graded("b", 0.0)] };
        assert_eq!(report.mean(Some("a"), |query| query.ndcg), 0.75);
        assert_eq!(report.mean(None, |query| query.ndcg), 0.5);
        let shown = report.to_string();
        assert!(shown.lines().count() == 4 && shown.contains("a                  2  0.7500"), "{shown}");
    }
}
