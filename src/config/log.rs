//! `[log]`.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use tracing_subscriber::EnvFilter;

use super::error::{ConfigError, invalid};

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
}

impl Default for LogSection {
    fn default() -> Self {
        Self { format: LogFormat::Text, level: "info".to_owned(), file: PathBuf::new() }
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
}

impl LogSection {
    /// Parses the filter, and resolves the file against `base`, the config file's folder.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`] if it is not one.
    pub fn resolve(&self, base: &Path) -> Result<LogSettings, ConfigError> {
        let filter = EnvFilter::try_new(&self.level).map_err(|error| {
            invalid("log.level", format!("{error}; write error, warn, info, debug or trace"))
        })?;
        let file = Some(&self.file).filter(|file| !file.as_os_str().is_empty()).map(|file| base.join(file));
        Ok(LogSettings { format: self.format, filter, file })
    }
}
