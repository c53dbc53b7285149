//! Why there are no settings to work with, and the checks that sections share.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

/// Why there are no settings to work with.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the config file {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        source: std::io::Error,
    },
    /// The file is not TOML, or has a key that does not exist or a value of the wrong type.
    #[error("the config file {} is not valid: {reason}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// The problem, with its line and key.
        reason: String,
    },
    /// A value is not allowed.
    #[error("{key}: {reason}")]
    Invalid {
        /// The key or environment variable.
        key: String,
        /// The problem, and what to write instead.
        reason: String,
    },
}

/// An error that blames one key.
pub(super) fn invalid(key: &str, reason: impl Into<String>) -> ConfigError {
    ConfigError::Invalid { key: key.to_owned(), reason: reason.into() }
}

/// The file at `path`, which may be relative to `base`; an empty path names none.
pub(super) fn file(base: &Path, path: &Path) -> Option<PathBuf> {
    (!path.as_os_str().is_empty()).then(|| base.join(path))
}

/// `value`, if it lies in `range`. A number that is not one (NaN) lies in none.
///
/// # Errors
/// [`ConfigError::Invalid`] with the key and the range.
pub(super) fn in_range<T: PartialOrd + Display>(
    key: &str,
    value: T,
    range: &RangeInclusive<T>,
) -> Result<T, ConfigError> {
    if range.contains(&value) {
        return Ok(value);
    }
    Err(invalid(key, format!("must be {} to {}, but is {value}", range.start(), range.end())))
}
