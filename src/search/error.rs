//! Why a search has no answer.

use crate::query::archive::{ArchiveError, Trouble};
use crate::query::language::QueryError;

/// Why a search has no answer.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The query is over a limit.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The page ends past the window.
    #[error(
        "page {page} of {size} hits would go past hit {limit}: narrow the search, or go on with `cursor`"
    )]
    PageWindow {
        /// The page asked for.
        page: usize,
        /// The page size asked for.
        size: usize,
        /// The window.
        limit: usize,
    },
    /// The time has more buckets than an answer may have.
    #[error(
        "the time has more than {limit} buckets by {by}: narrow it with `from` and `to`, or choose a longer span with `by`"
    )]
    TooManyBuckets {
        /// What a bucket is.
        by: &'static str,
        /// How many there may be.
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
        "the index in which this cursor's first page was read has been replaced and is no longer kept: start again without the cursor; with sort=newest or sort=oldest and match=all a cursor goes on in the new index too"
    )]
    CursorExpired,
    /// The deadline passed.
    #[error("the search took longer than allowed: make it more specific")]
    Deadline,
    /// The archive was made before it kept what is asked for.
    #[error(
        "this index was built before {what} were kept: a reindex is due (`gisa reindex`, or POST /api/admin/reindex)"
    )]
    ReindexDue {
        /// What it does not keep.
        what: &'static str,
    },
    /// The engine that holds the articles cannot give this.
    #[error("{what}")]
    Unsupported {
        /// What it cannot give, and what to ask for instead.
        what: String,
    },
    /// The engine that holds the articles cannot answer now.
    #[error("{cause}")]
    Away {
        /// What is wrong with it.
        trouble: Trouble,
        /// What it says; for whoever runs it.
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The archive failed.
    #[error(transparent)]
    Archive(Box<dyn std::error::Error + Send + Sync>),
}

impl From<ArchiveError> for SearchError {
    fn from(error: ArchiveError) -> Self {
        match error {
            ArchiveError::Deadline => Self::Deadline,
            ArchiveError::ReindexDue { what } => Self::ReindexDue { what },
            ArchiveError::Unsupported { what } => Self::Unsupported { what },
            ArchiveError::Away { trouble, cause } => Self::Away { trouble, cause },
            ArchiveError::Failed(error) => Self::Archive(error),
        }
    }
}
