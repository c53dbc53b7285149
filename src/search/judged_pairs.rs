//! Measuring the groups of the index that serves with judged pairs of articles.

use std::fmt;
use std::path::Path;

use super::evaluate::EvaluateError;
use super::{SearchContext, SearchError};

/// Figures over all pairs of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PairReport {
    /// Pairs judged the same that are in one group.
    pub together: usize,
    /// Pairs judged different that are in one group.
    pub wrongly_together: Vec<(String, String)>,
    /// Pairs judged the same that are not in one group.
    pub wrongly_apart: Vec<(String, String)>,
    /// Pairs judged different that are not in one group.
    pub apart: usize,
    /// Pairs with an article that is not in the index; they do not count.
    pub unknown: usize,
    /// Groups in the index.
    pub groups: usize,
    /// Articles in them.
    pub grouped: usize,
}

impl PairReport {
    /// The share of pairs in one group that are judged the same.
    pub fn precision(&self) -> f64 {
        share(self.together, self.wrongly_together.len())
    }

    /// The share of pairs judged the same that are in one group.
    pub fn recall(&self) -> f64 {
        share(self.together, self.wrongly_apart.len())
    }
}

fn share(right: usize, wrong: usize) -> f64 {
    right as f64 / (right + wrong).max(1) as f64
}

/// Compares the groups with the pairs of `path`: a line is two ids and 1 (the same text) or 0, with tabs between them.
///
/// # Errors
/// A file that cannot be read, a line that is no pair, or a failing index.
pub fn run(context: &SearchContext<'_>, path: &Path) -> Result<PairReport, EvaluateError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| EvaluateError::Io { path: path.to_owned(), source })?;
    let failed = |source: SearchError| EvaluateError::Search { query: path.display().to_string(), source };
    let groups = context.generation.similar();
    let mut report = PairReport { groups: groups.len(), grouped: groups.articles(), ..PairReport::default() };
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let fields: Vec<&str> = line.split('\t').collect();
        let (one, other, same) = match fields.as_slice() {
            [one, other, "1"] => (one, other, true),
            [one, other, "0"] => (one, other, false),
            _ => return Err(EvaluateError::Pair { path: path.to_owned(), line: index + 1 }),
        };
        let place =
            |id: &str| context.generation.locate(id).map_err(|error| failed(SearchError::from(error)));
        let places = (place(one)?, place(other)?);
        let (Some(first), Some(second)) = places else {
            report.unknown += 1;
            continue;
        };
        let group = groups.group(first.0, first.1);
        let together = first == second || group.is_some() && group == groups.group(second.0, second.1);
        let ids = || ((*one).to_owned(), (*other).to_owned());
        match (together, same) {
            (true, true) => report.together += 1,
            (true, false) => report.wrongly_together.push(ids()),
            (false, true) => report.wrongly_apart.push(ids()),
            (false, false) => report.apart += 1,
        }
    }
    if report.together + report.apart + report.wrongly_together.len() + report.wrongly_apart.len() == 0 {
        return Err(EvaluateError::Empty { path: path.to_owned() });
    }
    Ok(report)
}

impl fmt::Display for PairReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let same = self.together + self.wrongly_apart.len();
        let different = self.apart + self.wrongly_together.len();
        writeln!(
            f,
            "pairs           {} the same, {different} different, {} not in the index",
            same, self.unknown
        )?;
        writeln!(f, "precision       {:.4}", self.precision())?;
        writeln!(f, "recall          {:.4}", self.recall())?;
        write!(f, "groups          {} of {} articles", self.groups, self.grouped)?;
        for (title, pairs) in
            [("wrongly together", &self.wrongly_together), ("wrongly apart", &self.wrongly_apart)]
        {
            for (one, other) in pairs {
                write!(f, "\n{title:<16} {one} {other}")?;
            }
        }
        Ok(())
    }
}
