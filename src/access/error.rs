//! Why keys cannot be read, or not be changed as asked.

use std::io;
use std::path::PathBuf;

/// Why keys cannot be read, or not be changed as asked.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// A file cannot be read or written.
    #[error("{action} {}: {source}", path.display())]
    File {
        /// What was tried, `cannot read`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// The file is not what `gisa key` writes.
    #[error("{} is not a file of keys: {reason}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The problem, with its line where that is known.
        reason: String,
    },
    /// What was asked for a new key cannot be.
    #[error("{0}")]
    Invalid(String),
    /// Another key has this name.
    #[error("there is a key {0:?} already; choose another name, or remove that one first")]
    NameTaken(String),
    /// No key has this name.
    #[error("there is no key {0:?}; `gisa key list` shows all")]
    NoSuchKey(String),
    /// This server has its keys from another one, and does not know them.
    #[error("the keys of the server that writes are not known here: {reason}")]
    NotTaken {
        /// Why not.
        reason: String,
    },
    /// The system has no random numbers.
    #[error("cannot make a key: {0}")]
    Random(String),
}

impl AccessError {
    /// Wraps an I/O error: `.map_err(AccessError::file("cannot read", path))`.
    pub(super) fn file(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { action, path, source }
    }
}
