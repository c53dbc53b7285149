//! `config.toml` as it is written.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::admin::AdminSection;
use super::alerts::AlertsSection;
use super::auth::AuthSection;
use super::embed::EmbedSection;
use super::engine::EngineSection;
use super::error::ConfigError;
use super::index::IndexSection;
use super::ingest::IngestSection;
use super::lexicon::LexiconSection;
use super::log::LogSection;
use super::search::SearchSection;
use super::server::ServerSection;
use super::versions::VersionsSection;
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
    /// Connections, and what is believed of them.
    pub server: ServerSection,
    /// What holds the articles and finds them.
    pub engine: EngineSection,
    /// How an index is built.
    pub index: IndexSection,
    /// How files come into it, and what is said of them.
    pub ingest: IngestSection,
    /// What is known of words besides the files of the lexicon.
    pub lexicon: LexiconSection,
    /// Earlier texts of articles that were pushed again.
    pub versions: VersionsSection,
    /// What saved searches deliver.
    pub alerts: AlertsSection,
    /// How much is searched at once, and for how long.
    pub search: SearchSection,
    /// How hits are ordered.
    #[serde(deserialize_with = "super::ranking::without_lapsed")]
    pub ranking: RankingOptions,
    /// Administration over HTTP.
    pub admin: AdminSection,
    /// Reading over HTTP.
    pub auth: AuthSection,
    /// What is logged, and how.
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
            server: ServerSection::default(),
            engine: EngineSection::default(),
            index: IndexSection::default(),
            ingest: IngestSection::default(),
            lexicon: LexiconSection::default(),
            versions: VersionsSection::default(),
            alerts: AlertsSection::default(),
            search: SearchSection::default(),
            ranking: RankingOptions::default(),
            admin: AdminSection::default(),
            auth: AuthSection::default(),
            log: LogSection::default(),
            embed: EmbedSection::default(),
        }
    }
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
