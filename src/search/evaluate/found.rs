//! Questions with the articles that answer them: how many are found, and how far up.

use std::collections::HashSet;
use std::fmt;
use std::time::Instant;

use super::judged::Question;
use super::{EvaluateError, searched};
use crate::search::context::SearchContext;

/// Figures over all queries of a file. Rates are between 0 and 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Queries.
    pub queries: usize,
    /// Hits looked at per query.
    pub depth: usize,
    /// Mean reciprocal rank of the first relevant article within ten.
    pub mrr_10: f64,
    /// Queries with a relevant article at the top.
    pub recall_1: f64,
    /// Queries with a relevant article within ten.
    pub recall_10: f64,
    /// Queries with a relevant article within a hundred.
    pub recall_100: f64,
    /// Mean share of the relevant articles found within the depth.
    pub mean_recall: f64,
    /// Queries of which every relevant article was found within the depth.
    pub complete: f64,
    /// Mean share of relevant articles among the first n hits, n being the number of relevant ones; optional ones are
    /// passed over.
    pub precision_n: f64,
    /// Queries that found nothing.
    pub zero_hits: usize,
    /// Queries whose words had to be relaxed.
    pub relaxed: usize,
    /// Median of the engine's time per query, milliseconds.
    pub p50_ms: f64,
    /// 99th percentile, milliseconds.
    pub p99_ms: f64,
    /// The queries with relevant articles that were not found, with their ids.
    pub missed: Vec<(String, Vec<String>)>,
}

/// Asks `questions`, looking at the first `depth` hits of each.
///
/// # Errors
/// [`EvaluateError::Search`].
pub fn measure(
    context: &SearchContext<'_>,
    questions: &[Question],
    depth: usize,
) -> Result<Report, EvaluateError> {
    let mut sums = Sums::default();
    for question in questions {
        let started = Instant::now();
        let answer = searched(context, &question.query, depth, false)?;
        sums.times.push(started.elapsed().as_secs_f64() * 1e3);
        sums.zero_hits += usize::from(answer.total == 0);
        sums.relaxed += usize::from(answer.relaxed);
        sums.add(question, answer.hits.iter().map(|hit| hit.id.as_str()));
    }
    Ok(sums.report(questions.len(), depth))
}

#[derive(Default)]
struct Sums {
    mrr_10: f64,
    recall_1: f64,
    recall_10: f64,
    recall_100: f64,
    recall: f64,
    complete: f64,
    precision: f64,
    zero_hits: usize,
    relaxed: usize,
    times: Vec<f64>,
    missed: Vec<(String, Vec<String>)>,
}

impl Sums {
    fn add<'a>(&mut self, judged: &'a Question, hits: impl Iterator<Item = &'a str>) {
        let relevant: HashSet<&str> = judged.relevant.iter().map(String::as_str).collect();
        let optional: HashSet<&str> = judged.optional.iter().map(String::as_str).collect();
        let ranked: Vec<&str> = hits.filter(|id| !optional.contains(id)).collect();
        let first = ranked.iter().position(|id| relevant.contains(id));
        let within = |limit: usize| f64::from(u8::from(first.is_some_and(|rank| rank < limit)));
        self.mrr_10 += first.filter(|rank| *rank < 10).map_or(0.0, |rank| 1.0 / (rank + 1) as f64);
        self.recall_1 += within(1);
        self.recall_10 += within(10);
        self.recall_100 += within(100);
        let found: HashSet<&str> = ranked.iter().copied().filter(|id| relevant.contains(id)).collect();
        let wanted = relevant.len().max(1);
        self.recall += found.len() as f64 / wanted as f64;
        self.complete += f64::from(u8::from(found.len() == relevant.len()));
        let at_top = ranked.iter().take(wanted).filter(|id| relevant.contains(*id)).count();
        self.precision += at_top as f64 / wanted as f64;
        if found.len() < relevant.len() {
            let missed = judged.relevant.iter().filter(|id| !found.contains(id.as_str())).cloned().collect();
            self.missed.push((judged.query.clone(), missed));
        }
    }

    fn report(mut self, queries: usize, depth: usize) -> Report {
        self.times.sort_by(f64::total_cmp);
        let percentile = |share: f64| {
            let index = (self.times.len().saturating_sub(1) as f64 * share).round() as usize;
            self.times.get(index).copied().unwrap_or_default()
        };
        let mean = |sum: f64| sum / queries.max(1) as f64;
        Report {
            queries,
            depth,
            mrr_10: mean(self.mrr_10),
            recall_1: mean(self.recall_1),
            recall_10: mean(self.recall_10),
            recall_100: mean(self.recall_100),
            mean_recall: mean(self.recall),
            complete: mean(self.complete),
            precision_n: mean(self.precision),
            zero_hits: self.zero_hits,
            relaxed: self.relaxed,
            p50_ms: percentile(0.5),
            p99_ms: percentile(0.99),
            missed: self.missed,
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "queries         {}", self.queries)?;
        writeln!(f, "MRR@10          {:.4}", self.mrr_10)?;
        writeln!(f, "R@1             {:.4}", self.recall_1)?;
        writeln!(f, "R@10            {:.4}", self.recall_10)?;
        writeln!(f, "R@100           {:.4}", self.recall_100)?;
        writeln!(f, "recall@{:<9}{:.4}", self.depth, self.mean_recall)?;
        writeln!(f, "complete        {:.4}", self.complete)?;
        writeln!(f, "precision@n     {:.4}", self.precision_n)?;
        writeln!(f, "zero hits       {}", self.zero_hits)?;
        writeln!(f, "relaxed         {}", self.relaxed)?;
        write!(f, "p50 / p99 (ms)  {:.2} / {:.2}", self.p50_ms, self.p99_ms)
    }
}
