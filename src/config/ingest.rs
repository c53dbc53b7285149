//! `[ingest]`.

use std::ops::RangeInclusive;
use std::time::Duration;

use serde::Deserialize;

use super::error::{ConfigError, in_range};

/// `[ingest]` as written: how files come into the index.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IngestSection {
    /// Whether files that are new, have changed or are gone are followed by themselves.
    pub watch: bool,
    /// Seconds between two looks at the articles folder, for changes of which the file system says nothing.
    pub poll_s: u64,
}

impl Default for IngestSection {
    fn default() -> Self {
        Self { watch: false, poll_s: 30 }
    }
}

/// How files come into the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IngestSettings {
    /// How often the articles folder is looked at, if files are followed by themselves.
    pub watch: Option<Duration>,
}

impl IngestSection {
    /// A look asks for size and time of every file; after a day nobody would call it watching.
    const POLL_S: RangeInclusive<u64> = 1..=86_400;

    /// Checks the values.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`] names the key.
    pub fn resolve(&self) -> Result<IngestSettings, ConfigError> {
        let poll_s = in_range("ingest.poll_s", self.poll_s, &Self::POLL_S)?;
        Ok(IngestSettings { watch: self.watch.then_some(Duration::from_secs(poll_s)) })
    }
}
