//! Two settings compared query by query.

use super::graded::GradedReport;

/// A query moved if its nDCG over judged articles changed by more than this.
const MOVED: f64 = 0.005;

/// The queries whose order became better or worse from `before` to `after`, the largest change first: a line each, and a last
/// one that sums them up. Both reports must be of the same queries.
pub fn moved(before: &GradedReport, after: &GradedReport) -> Vec<String> {
    let pairs = before.queries.iter().zip(&after.queries);
    let mut changes: Vec<(f64, String)> = pairs
        .map(|(old, new)| {
            let change = new.ndcg_judged - old.ndcg_judged;
            let line = format!(
                "{change:+.3}  {:.3} -> {:.3}  {:<10} {}",
                old.ndcg_judged, new.ndcg_judged, new.kind, new.query
            );
            (change, line)
        })
        .filter(|(change, _)| change.abs() > MOVED)
        .collect();
    changes.sort_by(|(a, _), (b, _)| b.abs().total_cmp(&a.abs()));
    let better = changes.iter().filter(|(change, _)| *change > 0.0).count();
    let sum = format!("{better} better, {} worse, of {}", changes.len() - better, after.queries.len());
    changes.into_iter().map(|(_, line)| line).chain([sum]).collect()
}

#[cfg(test)]
mod tests {
    use super::super::graded::Graded;
    use super::*;

    #[test]
    fn the_largest_change_comes_first_and_what_stayed_is_left_out() {
        let report =
            |figures: [f64; 3]| {
                let queries = figures.iter().zip(["파업", "환율", "의대"]).map(|(ndcg_judged, query)| {
                    Graded { query: query.to_owned(), ndcg_judged: *ndcg_judged, ..Graded::default() }
                });
                GradedReport { queries: queries.collect() }
            };
        let lines = moved(&report([0.5, 0.5, 0.5]), &report([0.6, 0.2, 0.5]));
        assert_eq!(lines.len(), 3);
        assert!(lines[0].starts_with("-0.300") && lines[0].ends_with("환율"), "{lines:?}");
        assert_eq!(lines[2], "1 better, 1 worse, of 3");
    }
}
