//! Why an archive has no answer.

use std::time::{Duration, Instant};

/// Why an archive has no answer.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
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
    /// The engine that holds the articles cannot give this, however long one waits.
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
    /// Something could not be read.
    #[error(transparent)]
    Failed(Box<dyn std::error::Error + Send + Sync>),
}

/// What is wrong with an engine elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Nobody answers.
    Unreachable,
    /// It does not let this server in.
    NotAllowed,
    /// A part of the articles is not there: an answer would lack them.
    Incomplete,
    /// It has too much to do.
    Busy,
    /// What was searched has been replaced and is not kept.
    Moved,
}

impl ArchiveError {
    /// The archive failed with `error`.
    pub fn failed(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Failed(error.into())
    }
}

/// A moment after which work stops.
#[derive(Debug, Clone, Copy)]
pub struct Deadline(Option<Instant>);

impl Deadline {
    /// None: the work goes on until it is done.
    pub const NONE: Self = Self(None);

    /// The deadline `at`, if there is one.
    pub fn new(at: Option<Instant>) -> Self {
        Self(at)
    }

    /// The moment so long from now.
    pub fn within(time: Duration) -> Self {
        Self(Some(Instant::now() + time))
    }

    /// The time that is left: nothing once it has passed, `None` where there is no deadline.
    pub fn left(&self) -> Option<Duration> {
        self.0.map(|deadline| deadline.saturating_duration_since(Instant::now()))
    }

    /// Whether there is still time; every loop over articles or posting lists asks now and then.
    ///
    /// # Errors
    /// [`ArchiveError::Deadline`] once it has passed.
    pub fn check(&self) -> Result<(), ArchiveError> {
        match self.0 {
            Some(deadline) if Instant::now() > deadline => Err(ArchiveError::Deadline),
            _ => Ok(()),
        }
    }
}
