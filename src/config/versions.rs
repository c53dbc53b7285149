//! `[versions]`.

use std::ops::RangeInclusive;

use serde::Deserialize;

use super::error::{ConfigError, in_range};

/// `[versions]` as written: earlier texts of articles that were pushed again.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct VersionsSection {
    /// How many earlier texts of an article are kept; 0: none.
    pub keep: usize,
}

impl Default for VersionsSection {
    fn default() -> Self {
        Self { keep: 10 }
    }
}

/// Earlier texts of articles that were pushed again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VersionsSettings {
    /// How many earlier texts of an article are kept; 0: none.
    pub keep: usize,
}

impl VersionsSection {
    /// A file holds all texts of an article, and is written as a whole with each correction.
    const KEEP: RangeInclusive<usize> = 0..=1_000;

    /// Checks the values.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`] names the key.
    pub fn resolve(&self) -> Result<VersionsSettings, ConfigError> {
        Ok(VersionsSettings { keep: in_range("versions.keep", self.keep, &Self::KEEP)? })
    }
}
