//! Settings as they are written in `config.toml`, with their defaults.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::ConfigError;
use crate::search::RankingOptions;

/// `config.toml` as written. Every key may be missing; an unknown key is an error, because a typo must not leave a
/// setting at its default unnoticed.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ConfigFile {
    /// Address and port to listen on.
    pub listen: String,
    /// Holds `articles/` and `lexicon/`.
    pub data_dir: PathBuf,
    /// Holds the generations; made by the program.
    pub index_dir: PathBuf,
    /// How an index is built.
    pub index: IndexSection,
    /// How much searching is done at once.
    pub search: SearchSection,
    /// How hits are ordered.
    pub ranking: RankingOptions,
    /// Administration over HTTP.
    pub admin: AdminSection,
    /// Reading over HTTP.
    pub auth: AuthSection,
    /// What is logged.
    pub log: LogSection,
    /// Other sites that may use this one.
    pub embed: EmbedSection,
}

impl Default for ConfigFile {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:7878".to_owned(),
            data_dir: "data".into(),
            index_dir: "index".into(),
            index: IndexSection::default(),
            search: SearchSection::default(),
            ranking: RankingOptions::default(),
            admin: AdminSection::default(),
            auth: AuthSection::default(),
            log: LogSection::default(),
            embed: EmbedSection::default(),
        }
    }
}

/// `[index]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IndexSection {
    /// Threads of a reindex; 0: one for each core.
    pub threads: usize,
    /// Memory for postings while indexing, in MB over all threads.
    pub memory_mb: usize,
    /// A reindex begins, and goes on, only while this much of the disk stays free, in MB.
    pub keep_free_mb: u64,
    /// How much a reindex beside a server gives way to searches: 0 not at all, 19 wherever it can.
    pub niceness: u8,
    /// Size at which a file of the journal of pushed articles is closed and the next begins, in MB.
    pub journal_file_mb: f64,
}

impl Default for IndexSection {
    fn default() -> Self {
        Self { threads: 0, memory_mb: 512, keep_free_mb: 64, niceness: 19, journal_file_mb: 64.0 }
    }
}

/// `[search]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SearchSection {
    /// Searches that run at once; 0: one for each core.
    pub max_concurrent: usize,
    /// Searches that wait beyond those; 0: four times as many.
    pub max_waiting: usize,
    /// A search that takes longer is given up, in milliseconds.
    pub deadline_ms: u64,
    /// Minutes that a replaced generation stays open for walks over cursors that began in it; 0: none.
    pub cursor_minutes: u64,
}

impl Default for SearchSection {
    fn default() -> Self {
        Self { max_concurrent: 0, max_waiting: 0, deadline_ms: 2000, cursor_minutes: 10 }
    }
}

/// `[admin]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AdminSection {
    /// File with the token for administration; empty: one is generated in the index folder.
    pub token_file: PathBuf,
}

/// `[auth]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AuthSection {
    /// Token that reading needs; empty: reading is free.
    pub read_token: String,
}

/// `[log]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogSection {
    /// One line of text, or one JSON object, an event.
    pub format: LogFormat,
    /// `error`, `warn`, `info`, `debug`, `trace`, or a filter such as `info,gisa=debug`.
    pub level: String,
}

impl Default for LogSection {
    fn default() -> Self {
        Self { format: LogFormat::Text, level: "info".to_owned() }
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

/// `[embed]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EmbedSection {
    /// Origins whose scripts may read the API, such as `https://cms.newsroom.example`.
    pub cors_origins: Vec<String>,
    /// Origins that may show the page in a frame, beside this site itself.
    pub frame_ancestors: Vec<String>,
}

impl ConfigFile {
    /// Reads TOML; `path` is for the error.
    ///
    /// # Errors
    /// [`ConfigError::Syntax`] with the line and the key.
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        toml::from_str(text).map_err(|error| ConfigError::Syntax {
            path: path.to_owned(),
            reason: error.to_string().trim().to_owned(),
        })
    }
}
