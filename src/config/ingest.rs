//! `[ingest]` and `[[ingest]]`: how files come into the index, and what the newsroom says of them.

use std::ops::RangeInclusive;
use std::time::Duration;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::error::{ConfigError, in_range, invalid};
use crate::ingest::{IngestRules, RuleSpec};

/// `[ingest]` as written, or several `[[ingest]]`, because TOML has no way to write one table and a list of them under one name: each may
/// be a rule for files, and one of them says whether files are followed.
#[derive(Debug, Clone)]
pub struct IngestSection {
    /// Whether files that are new, have changed or are gone are followed by themselves.
    pub watch: bool,
    /// Seconds between two looks at the articles folder, for changes of which the file system says nothing.
    pub poll_s: u64,
    /// Rules for files, in the order in which they count.
    pub files: Vec<RuleSpec>,
}

impl Default for IngestSection {
    fn default() -> Self {
        Self { watch: false, poll_s: 30, files: Vec::new() }
    }
}

/// How files come into the index.
#[derive(Debug, Clone, Default)]
pub struct IngestSettings {
    /// How often the articles folder is looked at, if files are followed by themselves.
    pub watch: Option<Duration>,
    /// What the newsroom says of files whose keys are not known.
    pub rules: IngestRules,
}

impl<'de> Deserialize<'de> for IngestSection {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let tables = match toml::Value::deserialize(deserializer)? {
            toml::Value::Array(tables) => tables,
            table => vec![table],
        };
        let (mut section, mut watch, mut poll_s) = (Self::default(), None, None);
        // One by one, and not as an untagged enum: that would hide which key is wrong.
        for mut table in tables {
            if let Some(keys) = table.as_table_mut() {
                take(keys, "watch", &mut watch).map_err(D::Error::custom)?;
                take(keys, "poll_s", &mut poll_s).map_err(D::Error::custom)?;
                if keys.is_empty() {
                    continue;
                }
            }
            section.files.push(table.try_into().map_err(D::Error::custom)?);
        }
        section.watch = watch.unwrap_or(section.watch);
        section.poll_s = poll_s.unwrap_or(section.poll_s);
        Ok(section)
    }
}

/// Takes `key` out of a table, if it is there.
fn take<T: serde::de::DeserializeOwned>(
    table: &mut toml::Table,
    key: &str,
    value: &mut Option<T>,
) -> Result<(), String> {
    let Some(found) = table.remove(key) else { return Ok(()) };
    let found = found.try_into().map_err(|error| format!("{key}: {error}"))?;
    if value.replace(found).is_some() {
        return Err(format!("`{key}` of [[ingest]] is there twice; it is one setting for all files"));
    }
    Ok(())
}

impl IngestSection {
    /// A look asks for size and time of every file; after a day nobody would call it watching.
    const POLL_S: RangeInclusive<u64> = 1..=86_400;

    /// Checks the values and the rules.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`] names the key.
    pub fn resolve(&self) -> Result<IngestSettings, ConfigError> {
        let poll_s = in_range("ingest.poll_s", self.poll_s, &Self::POLL_S)?;
        let rules = IngestRules::resolve(&self.files).map_err(|error| {
            let key =
                if error.key.is_empty() { "ingest".to_owned() } else { format!("ingest.{}", error.key) };
            invalid(&key, error.reason)
        })?;
        Ok(IngestSettings { watch: self.watch.then_some(Duration::from_secs(poll_s)), rules })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct File {
        ingest: IngestSection,
    }

    fn read(text: &str) -> Result<IngestSection, String> {
        toml::from_str::<File>(text).map(|file| file.ingest).map_err(|error| error.to_string())
    }

    #[test]
    fn one_table_and_several_say_the_same() {
        for text in [
            "[ingest]\nwatch = true\npoll_s = 5\nfiles = \"a.csv\"\ntitle = \"t\"",
            "[[ingest]]\nwatch = true\npoll_s = 5\n[[ingest]]\nfiles = \"a.csv\"\ntitle = \"t\"",
        ] {
            let section = read(text).unwrap();
            assert!(section.watch && section.poll_s == 5 && section.files.len() == 1, "{section:?}");
        }
        let section = read("[ingest]\nwatch = true").unwrap();
        assert!(section.watch && section.poll_s == 30 && section.files.is_empty(), "{section:?}");
    }

    #[test]
    fn what_is_said_twice_or_wrongly_names_its_key() {
        for (text, word) in [
            ("[[ingest]]\nwatch = true\n[[ingest]]\nwatch = false", "`watch`"),
            ("[ingest]\npoll_s = \"often\"", "poll_s"),
            ("[[ingest]]\nwacht = true", "wacht"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.contains(word), "{text}: {error}");
        }
    }
}
