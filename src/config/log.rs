//! `[log]`.

use std::ops::RangeInclusive;
use std::path::{Component, Path, PathBuf};

use serde::Deserialize;
use tracing_subscriber::EnvFilter;

use super::error::{ConfigError, file, in_range, invalid};

/// `[log]` as written: what is logged, and how.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogSection {
    /// Each event as one line of text, or as one JSON object.
    pub format: LogFormat,
    /// `error`, `warn`, `info`, `debug`, `trace`, or a filter such as `info,gisa=debug`.
    pub level: String,
    /// File to append to, relative to the config file; empty: stderr.
    pub file: PathBuf,
    /// The file that says who wrote and administered what; empty: none.
    pub audit_file: PathBuf,
    /// A file that has reached this size, in MB, is set aside and a new one begun.
    pub audit_file_mb: u64,
    /// Files set aside that are kept; the oldest goes first.
    pub audit_files: usize,
}

impl Default for LogSection {
    fn default() -> Self {
        Self {
            format: LogFormat::Text,
            level: "info".to_owned(),
            file: PathBuf::new(),
            audit_file: PathBuf::new(),
            audit_file_mb: 16,
            audit_files: 8,
        }
    }
}

/// How log events are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For log collectors.
    Json,
}

/// What is logged, and how.
#[derive(Debug, Clone)]
pub struct LogSettings {
    /// How events are written.
    pub format: LogFormat,
    /// Which events are written.
    pub filter: EnvFilter,
    /// The file they are appended to; `None`: stderr.
    pub file: Option<PathBuf>,
    /// Who wrote and administered what; `None`: nowhere.
    pub audit: Option<AuditSettings>,
}

/// Where it is written who wrote and administered what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditSettings {
    /// The file.
    pub file: PathBuf,
    /// A file that has reached this size, in bytes, is set aside and a new one begun.
    pub file_bytes: u64,
    /// Files set aside that are kept.
    pub files: usize,
}

impl LogSection {
    /// A megabyte is some 4,000 lines.
    const AUDIT_FILE_MB: RangeInclusive<u64> = 1..=4096;
    /// Kept beside the one that is written.
    const AUDIT_FILES: RangeInclusive<usize> = 1..=1000;

    /// Parses the filter, and resolves the files against `base`, the config file's folder.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`] names the key.
    pub fn resolve(&self, base: &Path) -> Result<LogSettings, ConfigError> {
        let filter = EnvFilter::try_new(&self.level).map_err(|error| {
            invalid("log.level", format!("{error}; write error, warn, info, debug or trace"))
        })?;
        let file_mb = in_range("log.audit_file_mb", self.audit_file_mb, &Self::AUDIT_FILE_MB)?;
        let files = in_range("log.audit_files", self.audit_files, &Self::AUDIT_FILES)?;
        let audit = file(base, &self.audit_file);
        let audit = audit.map(|file| AuditSettings { file, file_bytes: file_mb << 20, files });
        Ok(LogSettings { format: self.format, filter, file: file(base, &self.file), audit })
    }
}

/// Refuses an audit file in the index folder, which may be deleted at any time.
///
/// # Errors
/// [`ConfigError::Invalid`].
pub(super) fn check(log: &LogSettings, index_dir: &Path) -> Result<(), ConfigError> {
    let inside = log.audit.as_ref().is_some_and(|audit| plain(&audit.file).starts_with(plain(index_dir)));
    if !inside {
        return Ok(());
    }
    let reason = "is inside index_dir, which may be deleted at any time; choose another folder";
    Err(invalid("log.audit_file", reason))
}

/// A path without `.` and `..`, as far as that can be told without looking at the disk, on which it need not exist yet.
pub(super) fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if plain.file_name().is_some() => _ = plain.pop(),
            other => plain.push(other),
        }
    }
    plain
}
