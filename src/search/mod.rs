//! Queries → answers: own bounded language → plan → documents, score, order, counts, marks. Takes generations from
//! `index` and the query side of `korean`; knows nothing of HTTP.

mod analyze;
mod cursor;
pub mod evaluate;
mod explain;
mod highlight;
mod listing;
mod marking;
mod related;
mod reprint;
pub(crate) mod run;
mod snippet;
mod suggest;
pub mod types;
mod walk;
mod word_end;

use std::time::Instant;

pub use crate::index::read::stored::article;
pub use crate::query::archive::Deadline;
pub use crate::query::ranking::RankingOptions;
pub use analyze::{AnalyzeResponse, AnalyzedToken, analyze};
pub use listing::{Listing, listing};
pub use marking::{highlight_article, highlight_text};
pub use related::related;
pub use run::{facet, search};
pub use suggest::suggest;
pub use types::*;

use crate::article::Timestamp;
use crate::index::{Generation, IndexError};
use crate::korean::Language;
use crate::query::archive::ArchiveError;
use crate::query::language::QueryError;

/// What every search works on.
pub struct SearchContext<'a> {
    /// The index.
    pub generation: &'a Generation,
    /// Analysis and lexicons.
    pub language: &'a Language,
    /// What relevance is made of.
    pub ranking: &'a RankingOptions,
    /// When to give up.
    pub deadline: Option<Instant>,
    /// The present, for recency.
    pub now: Timestamp,
}

/// Why a search has no answer.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The query is over a limit.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The page lies behind the window.
    #[error(
        "page {page} with {size} hits a page ends behind hit {limit}: narrow the search, or go on with `cursor`"
    )]
    PageWindow {
        /// The page asked for.
        page: usize,
        /// The page size asked for.
        size: usize,
        /// The window.
        limit: usize,
    },
    /// The article to which others shall be similar does not exist.
    #[error("there is no article {id:?}")]
    NoSuchArticle {
        /// Its id as asked.
        id: String,
    },
    /// The cursor does not belong to this search.
    #[error(
        "the cursor belongs to another search: keep query, filters, match and sort from page to page, or start again without it"
    )]
    Cursor,
    /// The cursor's generation is gone, and its order with it.
    #[error(
        "the index that this walk began in has been replaced and let go: start again without the cursor; with sort=newest or sort=oldest and match=all a walk goes on in the new index too"
    )]
    CursorExpired,
    /// The deadline passed.
    #[error("the search took longer than it may: make it more specific")]
    Deadline,
    /// The archive failed.
    #[error(transparent)]
    Archive(Box<dyn std::error::Error + Send + Sync>),
    /// The index failed.
    #[error(transparent)]
    Index(#[from] IndexError),
}

impl From<ArchiveError> for SearchError {
    fn from(error: ArchiveError) -> Self {
        match error {
            ArchiveError::Deadline => Self::Deadline,
            ArchiveError::Failed(error) => Self::Archive(error),
        }
    }
}

impl From<tantivy::TantivyError> for SearchError {
    fn from(error: tantivy::TantivyError) -> Self {
        Self::Index(IndexError::tantivy("(open generation)")(error))
    }
}

impl From<std::io::Error> for SearchError {
    fn from(error: std::io::Error) -> Self {
        Self::from(tantivy::TantivyError::from(error))
    }
}
