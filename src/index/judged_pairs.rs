//! Measuring the groups of the index that serves with judged pairs of articles.

use std::fmt;
use std::path::{Path, PathBuf};

use tantivy::{DocAddress, TantivyError};

use super::error::IndexError;
use super::generation::Generation;
use super::read::compared;
use crate::similar::WEIGHTS;
use crate::similar::decision::{self, Verdict};
use crate::similar::evidence::Evidence;

/// Why groups could not be compared with judged pairs.
#[derive(Debug, thiserror::Error)]
pub enum JudgedPairsError {
    /// The file could not be read.
    #[error("cannot read {path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        source: std::io::Error,
    },
    /// A line is not a judged pair.
    #[error("{path}, line {line}: a line is two ids and 1 (the same text) or 0, with tabs between them")]
    Pair {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// There is nothing in it that could be measured.
    #[error("{path} holds nothing that this index can be measured with")]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// The index failed.
    #[error(transparent)]
    Index(#[from] IndexError),
}

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

/// A pair of articles as somebody judged it.
struct JudgedPair {
    ids: (String, String),
    same: bool,
    /// Where they are, if both are in the index.
    places: Option<(DocAddress, DocAddress)>,
}

/// The pairs of `path`: a line is two ids and 1 (the same text) or 0, with tabs between them.
fn read(generation: &Generation, path: &Path) -> Result<Vec<JudgedPair>, JudgedPairsError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| JudgedPairsError::Io { path: path.to_owned(), source })?;
    let place = |id: &str| generation.locate(id).map_err(IndexError::tantivy(generation.path()));
    let mut pairs = Vec::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let fields: Vec<&str> = line.split('\t').collect();
        let (one, other, same) = match fields.as_slice() {
            [one, other, "1"] => (*one, *other, true),
            [one, other, "0"] => (*one, *other, false),
            _ => return Err(JudgedPairsError::Pair { path: path.to_owned(), line: index + 1 }),
        };
        let places = place(one)?.zip(place(other)?);
        pairs.push(JudgedPair { ids: (one.to_owned(), other.to_owned()), same, places });
    }
    if pairs.iter().all(|pair| pair.places.is_none()) {
        return Err(JudgedPairsError::Empty { path: path.to_owned() });
    }
    Ok(pairs)
}

/// Compares the groups with the pairs of `path`: a line is two ids and 1 (the same text) or 0, with tabs between them.
///
/// # Errors
/// A file that cannot be read, a line that is not a pair, no pair of which both articles are in the index, or a failing index.
pub fn measure_pairs(generation: &Generation, path: &Path) -> Result<PairReport, JudgedPairsError> {
    let groups = generation.similar();
    let mut report =
        PairReport { groups: groups.count(), grouped: groups.articles(), ..PairReport::default() };
    for pair in read(generation, path)? {
        let Some((first, second)) = pair.places else {
            report.unknown += 1;
            continue;
        };
        let group_of = |at: DocAddress| groups.group(at.segment_ord as usize, at.doc_id);
        let group = group_of(first);
        let together = first == second || group.is_some() && group == group_of(second);
        match (together, pair.same) {
            (true, true) => report.together += 1,
            (true, false) => report.wrongly_together.push(pair.ids),
            (false, true) => report.wrongly_apart.push(pair.ids),
            (false, false) => report.apart += 1,
        }
    }
    Ok(report)
}

/// What the pairs of `path` show, to learn weights from: a heading, then of each pair whose measures are weighed the two ids,
/// 1 or 0, and the measures, with tabs between them. Pairs that a rule decides are left out.
///
/// # Errors
/// Those of [`measure_pairs`].
pub fn pair_measures(generation: &Generation, path: &Path) -> Result<String, JudgedPairsError> {
    let mut lines = ["one", "other", "same"].join("\t");
    for (name, _) in WEIGHTS {
        lines.extend(["\t", name]);
    }
    for pair in read(generation, path)? {
        let Some((first, second)) = pair.places else { continue };
        let evidence = evidence(generation, first, second).map_err(IndexError::tantivy(generation.path()))?;
        if let Some(evidence) = evidence {
            lines += &format!("\n{}\t{}\t{}", pair.ids.0, pair.ids.1, u8::from(pair.same));
            lines.extend(evidence.values().map(|value| format!("\t{value}")));
        }
    }
    Ok(lines)
}

/// What two stored articles show of each other, where that is weighed; `None` where a rule decides.
fn evidence(
    generation: &Generation,
    one: DocAddress,
    other: DocAddress,
) -> Result<Option<Evidence>, TantivyError> {
    let text = |at| compared::text(generation.searcher(), generation.fields(), at);
    Ok(match decision::verdict(&text(one)?, &text(other)?, false) {
        Verdict::Weighed(evidence) => Some(evidence),
        Verdict::Certain(_) => None,
    })
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
