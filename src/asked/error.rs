//! Why what was asked cannot be read or written.

use std::io;
use std::path::PathBuf;

/// Why what was asked cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{action} {}: {source}", path.display())]
pub struct AskedError {
    /// What was tried, `cannot read`.
    pub action: &'static str,
    /// The file.
    pub path: PathBuf,
    /// The system's answer.
    pub source: io::Error,
}

impl AskedError {
    /// Wraps an I/O error: `.map_err(AskedError::of("cannot read", path))`.
    pub(super) fn of(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self { action, path, source }
    }
}
