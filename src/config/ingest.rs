//! `[[ingest]]`: what the newsroom says of files.

use serde::{Deserialize, Deserializer};

use super::error::{ConfigError, invalid};
use crate::ingest::{IngestRules, RuleSpec};

/// `[[ingest]]` as written: rules for files, in the order in which they count. With one rule `[ingest]` will do.
#[derive(Debug, Clone, Default)]
pub struct IngestSection(Vec<RuleSpec>);

/// How files are read.
#[derive(Debug, Clone, Default)]
pub struct IngestSettings {
    /// What the newsroom says of files whose keys are not known.
    pub rules: IngestRules,
}

impl<'de> Deserialize<'de> for IngestSection {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = toml::Value::deserialize(deserializer)?;
        let tables = match value {
            toml::Value::Array(tables) => tables,
            table => vec![table],
        };
        // One by one, and not as an untagged enum: that would hide which key is wrong.
        let rules = tables.into_iter().map(toml::Value::try_into).collect::<Result<_, _>>();
        rules.map(Self).map_err(serde::de::Error::custom)
    }
}

impl IngestSection {
    /// Checks the rules.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`] names the key.
    pub fn resolve(&self) -> Result<IngestSettings, ConfigError> {
        let rules = IngestRules::resolve(&self.0).map_err(|error| {
            let key =
                if error.key.is_empty() { "ingest".to_owned() } else { format!("ingest.{}", error.key) };
            invalid(&key, error.reason)
        })?;
        Ok(IngestSettings { rules })
    }
}
