//! Measuring the index that serves with judged queries: what a newsroom tunes with.

mod entities;
mod found;
mod graded;
mod judged;
mod moved;
mod precision;
mod quotes;
mod seen;

use std::path::PathBuf;

pub use entities::{
    EntityFigures, EntityMiss, EntityReport, JudgedArticle, JudgedName, entities, judged_from_names,
};
pub use found::{Report, measure};
pub use graded::{Graded, GradedReport, grade};
pub use judged::{GradedQuery, Judged, Question, read};
pub use moved::moved;
pub use precision::{PrecisionReport, precision};
pub use quotes::{JudgedQuote, JudgedQuotes, JudgedSpeaker, QuoteReport, judged_from_quotes, quotes};
pub use seen::{HEADER, looks_at_answers, looks_at_judged};

use super::context::SearchContext;
use super::error::SearchError;
use super::run::search;
use super::types::{MatchMode, SearchRequest, SearchResponse};

/// Why queries could not be evaluated.
#[derive(Debug, thiserror::Error)]
pub enum EvaluateError {
    /// The file could not be read.
    #[error("cannot read {path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        source: std::io::Error,
    },
    /// A line is not a judged query.
    #[error(
        "{path}, line {line}: {reason}; a line is {{\"query\": \"…\", \"relevant\": [\"id\", …]}} or \
         {{\"query\": \"…\", \"judgments\": {{\"id\": 0 to 3, …}}}}, all lines of a file the same"
    )]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// A line is not an article with judged names, or does not fit its article.
    #[error("{path}, line {line}: {reason}")]
    EntityLine {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// An article could not be read.
    #[error("cannot read the article {id:?}: {source}")]
    Article {
        /// The article.
        id: String,
        /// Why.
        source: SearchError,
    },
    /// There is nothing in it that could be measured.
    #[error("{path} holds nothing that this index can be measured with")]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// Settings were to be compared by queries without grades.
    #[error("{path} has no grades: settings are compared by queries with judgments")]
    NoGrades {
        /// The file.
        path: PathBuf,
    },
    /// A search failed.
    #[error("the query {query:?}: {source}")]
    Search {
        /// The query.
        query: String,
        /// Why.
        source: SearchError,
    },
}

/// The answer to `query` as a reader gets it, with `size` hits.
fn searched(
    context: &SearchContext<'_>,
    query: &str,
    size: usize,
    explain: bool,
) -> Result<SearchResponse, EvaluateError> {
    let request = SearchRequest {
        query: query.to_owned(),
        match_mode: MatchMode::Auto,
        size,
        page: 1,
        explain,
        ..SearchRequest::default()
    };
    search(context, &request).map_err(|source| EvaluateError::Search { query: query.to_owned(), source })
}
