//! Judged queries as they are in a file.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::EvaluateError;

/// A question and its answers: a line `{"query": "…", "relevant": ["id", …]}`, with `optional` ids that are neither asked nor
/// wrong.
#[derive(Debug, Clone, Deserialize)]
pub struct Question {
    /// The query.
    pub query: String,
    /// Articles that must be found.
    pub relevant: Vec<String>,
    /// Articles that may be found.
    #[serde(default)]
    pub optional: Vec<String>,
}

/// A query with graded articles: a line `{"query": "…", "kind": "…", "judgments": {"id": 0, …}}`.
#[derive(Debug, Clone, Deserialize)]
pub struct GradedQuery {
    /// The query.
    pub query: String,
    /// What kind of query it is; figures are given for each.
    #[serde(default)]
    pub kind: String,
    /// Grades by article: 0 not wanted, 1 touches it, 2 wanted, 3 exactly that.
    pub judgments: BTreeMap<String, u8>,
}

/// What a file of judged queries holds: one kind of line only.
#[derive(Debug, Clone)]
pub enum Judged {
    /// Questions with their answers.
    Questions(Vec<Question>),
    /// Queries with graded articles.
    Graded(Vec<GradedQuery>),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Question(Question),
    Graded(GradedQuery),
}

/// Reads the judged queries of `path`.
///
/// # Errors
/// [`EvaluateError::Io`], [`EvaluateError::Line`] or [`EvaluateError::Empty`].
pub fn read(path: &Path) -> Result<Judged, EvaluateError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| EvaluateError::Io { path: path.to_owned(), source })?;
    let (mut questions, mut graded) = (Vec::new(), Vec::new());
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let wrong = |reason: String| EvaluateError::Line { path: path.to_owned(), line: index + 1, reason };
        match serde_json::from_str(line).map_err(|error| wrong(error.to_string()))? {
            Line::Question(question) if graded.is_empty() => questions.push(question),
            Line::Graded(query) if questions.is_empty() => graded.push(query),
            Line::Question(_) | Line::Graded(_) => {
                return Err(wrong("some lines have `relevant`, others `judgments`".to_owned()));
            }
        }
    }
    match (questions.is_empty(), graded.is_empty()) {
        (true, true) => Err(EvaluateError::Empty { path: path.to_owned() }),
        (false, _) => Ok(Judged::Questions(questions)),
        _ => Ok(Judged::Graded(graded)),
    }
}
