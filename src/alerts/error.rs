//! Why a search cannot be saved, saved ones cannot be read, or nothing can be delivered.

use std::io;
use std::path::PathBuf;

/// Why a search cannot be saved, or saved ones cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum AlertError {
    /// The file cannot be read or written.
    #[error("{action} {}: {source}", path.display())]
    File {
        /// What was tried, `cannot read`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// The file is not what this program writes.
    #[error("{} is not a file of saved searches: {reason}; put back a copy from a backup, or move it away and restart", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The problem, with its place.
        reason: String,
    },
    /// What was asked for cannot be saved.
    #[error("`{field}` {reason}")]
    Invalid {
        /// The part that is wrong, `deliver[0].url`.
        field: String,
        /// What is wrong with it, and what to do.
        reason: String,
    },
    /// There are as many as can be.
    #[error("there are {most} saved searches already, the most that are kept; remove one first")]
    TooMany {
        /// The most.
        most: usize,
    },
}

/// Why a message was not delivered, for people: the receiver cannot or may not be reached, or did not confirm. One type, because it is
/// tried again whatever the reason.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct DeliveryError(pub(super) String);

impl DeliveryError {
    /// An error with its causes: the outermost only says that something failed.
    pub(super) fn in_full(error: &dyn std::error::Error) -> Self {
        let mut text = error.to_string();
        let mut cause = error.source();
        while let Some(inner) = cause {
            text.push_str(&format!(": {inner}"));
            cause = inner.source();
        }
        Self(text)
    }
}

impl AlertError {
    /// Wraps an I/O error: `.map_err(AlertError::file("cannot read", path))`.
    pub(super) fn file(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { action, path, source }
    }

    /// The part `field` cannot be, for `reason`.
    pub(super) fn invalid(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Invalid { field: field.into(), reason: reason.into() }
    }
}
