//! Settings: as written ([`ConfigFile`]) → resolved ([`Config`]). The rest of the program never sees raw options.
//!
//! Three sources, the later wins: the defaults, `config.toml`, the environment ([`Overrides`]). Paths in the file are
//! relative to the file; paths in the environment are relative to the folder the program was started in.

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::thread::available_parallelism;
use std::time::Duration;

use serde::Deserialize;

use crate::search::{PAGE_WINDOW, RankingOptions};

/// The file that is read when none is named.
pub const DEFAULT_FILE: &str = "config.toml";
/// The shortest token that is accepted, in characters.
pub const SHORTEST_TOKEN: usize = 16;
/// The longest search deadline, in milliseconds: a reader has left by then.
const LONGEST_DEADLINE_MS: u64 = 60_000;

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
}

impl Default for IndexSection {
    fn default() -> Self {
        Self { threads: 0, memory_mb: 512 }
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
}

impl Default for SearchSection {
    fn default() -> Self {
        Self { max_concurrent: 0, max_waiting: 0, deadline_ms: 2000 }
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

/// What the environment says; each value replaces the one of `config.toml`.
#[derive(Clone, Default)]
pub struct Overrides {
    /// `GISA_LISTEN`.
    pub listen: Option<String>,
    /// `GISA_DATA_DIR`.
    pub data_dir: Option<PathBuf>,
    /// `GISA_INDEX_DIR`.
    pub index_dir: Option<PathBuf>,
    /// `GISA_ADMIN_TOKEN`.
    pub admin_token: Option<String>,
}

impl Overrides {
    /// Reads the process's environment. A variable that is set but empty counts as not set.
    pub fn from_environment() -> Self {
        let text = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let path = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        Self {
            listen: text("GISA_LISTEN"),
            data_dir: path("GISA_DATA_DIR"),
            index_dir: path("GISA_INDEX_DIR"),
            admin_token: text("GISA_ADMIN_TOKEN"),
        }
    }
}

/// A token. Never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Checks a token that somebody chose; `origin` names where, for the error.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`] if it is shorter than [`SHORTEST_TOKEN`] or cannot stand in an HTTP header.
    pub fn new(token: &str, origin: &str) -> Result<Self, ConfigError> {
        let invalid = |reason: String| ConfigError::Invalid { key: origin.to_owned(), reason };
        let length = token.chars().count();
        if length < SHORTEST_TOKEN {
            return Err(invalid(format!("the token has {length} characters, it needs at least {SHORTEST_TOKEN}")));
        }
        if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(invalid("the token may only hold printable ASCII characters without spaces".to_owned()));
        }
        Ok(Self(token.to_owned()))
    }

    /// The token itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Where the token for administration comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AdminToken {
    /// From the environment.
    Given(Secret),
    /// From a file that the engineer wrote.
    File(PathBuf),
    /// Made at the first start, in the index folder.
    Generated,
}

/// The settings, checked and resolved.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Holds `articles/` and `lexicon/`.
    pub data_dir: PathBuf,
    /// Holds the generations.
    pub index_dir: PathBuf,
    /// Threads of a reindex, at least 1.
    pub index_threads: usize,
    /// Bytes for postings while indexing, over all threads.
    pub index_memory: usize,
    /// Searches at once, at least 1.
    pub max_concurrent: usize,
    /// Searches that wait beyond those.
    pub max_waiting: usize,
    /// When a search is given up.
    pub deadline: Duration,
    /// How hits are ordered.
    pub ranking: RankingOptions,
    /// Where the token for administration comes from.
    pub admin_token: AdminToken,
    /// Token that reading needs.
    pub read_token: Option<Secret>,
    /// How events are logged.
    pub log_format: LogFormat,
    /// Which events are logged.
    pub log_level: String,
    /// Origins whose scripts may read the API.
    pub cors_origins: Vec<String>,
    /// Origins that may show the page in a frame.
    pub frame_ancestors: Vec<String>,
}

/// Why there are no settings to work with.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the config file {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// The file is no TOML, or has a key that does not exist or a value of the wrong kind.
    #[error("the config file {} is not right: {reason}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// What and where.
        reason: String,
    },
    /// A value makes no sense.
    #[error("{key}: {reason}")]
    Invalid {
        /// The key or variable.
        key: String,
        /// What is wrong and what to do.
        reason: String,
    },
}

impl Config {
    /// Loads the settings. `named` is the file the user asked for: it must exist. Without one, [`DEFAULT_FILE`] in the
    /// current folder is read if it is there.
    ///
    /// # Errors
    /// [`ConfigError`] names the file and the key.
    pub fn load(named: Option<&Path>, overrides: &Overrides) -> Result<Self, ConfigError> {
        let path = named.unwrap_or(Path::new(DEFAULT_FILE));
        let file = match std::fs::read_to_string(path) {
            Ok(text) => ConfigFile::parse(&text, path)?,
            Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => ConfigFile::default(),
            Err(source) => return Err(ConfigError::Read { path: path.to_owned(), source }),
        };
        file.resolve(path.parent().unwrap_or(Path::new("")), overrides)
    }

    /// The articles folder.
    pub fn articles_dir(&self) -> PathBuf {
        self.data_dir.join("articles")
    }

    /// The newsroom's lexicon folder, if it has one; otherwise the built-in lexicon serves.
    pub fn lexicon_dir(&self) -> Option<PathBuf> {
        Some(self.data_dir.join("lexicon")).filter(|folder| folder.is_dir())
    }
}

impl ConfigFile {
    /// Reads TOML; `path` is for the error.
    ///
    /// # Errors
    /// [`ConfigError::Syntax`] with the line and the key.
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        toml::from_str(text)
            .map_err(|error| ConfigError::Syntax { path: path.to_owned(), reason: error.to_string().trim().to_owned() })
    }

    /// Checks the values and resolves paths against `base`, the config file's folder.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`] names the key.
    pub fn resolve(self, base: &Path, overrides: &Overrides) -> Result<Config, ConfigError> {
        let cores = available_parallelism().map_or(1, usize::from);
        let or_cores = |number: usize| if number == 0 { cores } else { number };
        let listen = match &overrides.listen {
            Some(listen) => parse_listen("GISA_LISTEN", listen)?,
            None => parse_listen("listen", &self.listen)?,
        };
        if !(32..=65_536).contains(&self.index.memory_mb) {
            return Err(invalid("index.memory_mb", "must be 32 to 65536"));
        }
        if self.index.threads > 256 {
            return Err(invalid("index.threads", "must be 0 (one for each core) to 256"));
        }
        if self.search.max_concurrent > 1024 || self.search.max_waiting > 65_536 {
            return Err(invalid("search.max_concurrent, search.max_waiting", "must be at most 1024 and 65536"));
        }
        if !(1..=LONGEST_DEADLINE_MS).contains(&self.search.deadline_ms) {
            return Err(invalid("search.deadline_ms", &format!("must be 1 to {LONGEST_DEADLINE_MS}")));
        }
        let max_concurrent = or_cores(self.search.max_concurrent);
        let max_waiting = if self.search.max_waiting == 0 { 4 * max_concurrent } else { self.search.max_waiting };
        let admin_token = match &overrides.admin_token {
            Some(token) => AdminToken::Given(Secret::new(token, "GISA_ADMIN_TOKEN")?),
            None if self.admin.token_file.as_os_str().is_empty() => AdminToken::Generated,
            None => AdminToken::File(base.join(&self.admin.token_file)),
        };
        let read_token = match self.auth.read_token.as_str() {
            "" => None,
            token => Some(Secret::new(token, "auth.read_token")?),
        };
        check_ranking(&self.ranking)?;
        tracing_subscriber::EnvFilter::try_new(&self.log.level)
            .map_err(|error| invalid("log.level", &format!("{error}; write error, warn, info, debug or trace")))?;
        check_origins("embed.cors_origins", &self.embed.cors_origins)?;
        check_origins("embed.frame_ancestors", &self.embed.frame_ancestors)?;
        Ok(Config {
            listen,
            data_dir: overrides.data_dir.clone().unwrap_or_else(|| base.join(&self.data_dir)),
            index_dir: overrides.index_dir.clone().unwrap_or_else(|| base.join(&self.index_dir)),
            index_threads: or_cores(self.index.threads),
            index_memory: self.index.memory_mb * 1_000_000,
            max_concurrent,
            max_waiting,
            deadline: Duration::from_millis(self.search.deadline_ms),
            ranking: self.ranking,
            admin_token,
            read_token,
            log_format: self.log.format,
            log_level: self.log.level,
            cors_origins: self.embed.cors_origins,
            frame_ancestors: self.embed.frame_ancestors,
        })
    }
}

fn invalid(key: &str, reason: &str) -> ConfigError {
    ConfigError::Invalid { key: key.to_owned(), reason: reason.to_owned() }
}

fn parse_listen(key: &str, listen: &str) -> Result<SocketAddr, ConfigError> {
    let reason = "is no address and port; write for example 127.0.0.1:7878, or 0.0.0.0:7878 for all networks";
    listen.parse().map_err(|_| invalid(key, &format!("{listen:?} {reason}")))
}

/// Weights that are no numbers would make an order of hits that is none.
fn check_ranking(ranking: &RankingOptions) -> Result<(), ConfigError> {
    let weights = [
        ("k1", ranking.k1),
        ("bigrams", ranking.bigrams),
        ("variants", ranking.variants),
        ("title", ranking.title),
        ("adjacent", ranking.adjacent),
        ("near", ranking.near),
        ("literal", ranking.literal),
    ];
    for (key, weight) in weights {
        if !(0.0..=100.0).contains(&weight) {
            return Err(invalid(&format!("ranking.{key}"), "must be 0 to 100"));
        }
    }
    for (key, share) in [("b", ranking.b), ("recency_weight", ranking.recency_weight)] {
        if !(0.0..=1.0).contains(&share) {
            return Err(invalid(&format!("ranking.{key}"), "must be 0 to 1"));
        }
    }
    if !(0.01..=1_000_000.0).contains(&ranking.recency_half_life_days) {
        return Err(invalid("ranking.recency_half_life_days", "must be 0.01 to 1000000"));
    }
    if ranking.depth > PAGE_WINDOW || ranking.window > 10_000 {
        return Err(invalid("ranking.depth, ranking.window", "must be at most 10000"));
    }
    Ok(())
}

/// An origin is `scheme://host[:port]`. Anything else in a header could open more than was meant, or break it.
fn check_origins(key: &str, origins: &[String]) -> Result<(), ConfigError> {
    for origin in origins {
        let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://")).unwrap_or_default();
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
        if host.is_empty() || !host.chars().all(allowed) {
            let reason = "is no origin; write for example \"https://cms.newsroom.example\", without a path";
            return Err(invalid(key, &format!("{origin:?} {reason}")));
        }
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn resolve(text: &str) -> Result<Config, ConfigError> {
        ConfigFile::parse(text, Path::new("config.toml"))?.resolve(Path::new("/srv/gisa"), &Overrides::default())
    }

    #[test]
    fn the_shipped_file_states_the_defaults_and_every_key() {
        let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/config.toml"));
        let shipped = ConfigFile::parse(text, Path::new("config.toml")).unwrap();
        assert_eq!(format!("{shipped:#?}"), format!("{:#?}", ConfigFile::default()));
        // Each field of the pretty-printed default stands in the file as a key or a section.
        for line in format!("{:#?}", ConfigFile::default()).lines() {
            if let Some((key, _)) = line.trim().split_once(": ") {
                let named = |line: &str| line.starts_with(&format!("{key} =")) || line == format!("[{key}]");
                assert!(text.lines().any(named), "config.toml does not show `{key}`");
            }
        }
    }

    #[test]
    fn paths_are_relative_to_the_file_and_the_environment_wins() {
        let config = resolve("data_dir = \"news\"\nindex_dir = \"/var/gisa\"").unwrap();
        assert_eq!(config.data_dir, Path::new("/srv/gisa/news"));
        assert_eq!(config.index_dir, Path::new("/var/gisa"));
        let overrides = Overrides {
            listen: Some("0.0.0.0:80".to_owned()),
            data_dir: Some("elsewhere".into()),
            index_dir: None,
            admin_token: Some("0123456789abcdef".to_owned()),
        };
        let config = ConfigFile::default().resolve(Path::new("base"), &overrides).unwrap();
        assert_eq!(config.listen.port(), 80);
        assert_eq!(config.data_dir, Path::new("elsewhere"));
        assert_eq!(config.index_dir, Path::new("base/index"));
        assert!(matches!(config.admin_token, AdminToken::Given(_)));
        assert!(!format!("{config:?}").contains("0123456789abcdef"));
    }

    #[test]
    fn errors_name_the_key() {
        for (text, key) in [
            ("lissten = \"x\"", "lissten"),
            ("[search]\ndeadline = 3", "deadline"),
            ("[ranking]\nrecency = 3", "recency"),
            ("[ranking]\nk1 = nan", "ranking.k1"),
            ("[ranking]\nrecency_weight = 1.5", "ranking.recency_weight"),
            ("listen = \"7878\"", "listen"),
            ("[search]\ndeadline_ms = 0", "search.deadline_ms"),
            ("[index]\nmemory_mb = 1", "index.memory_mb"),
            ("[index]\nmemory_mb = \"many\"", "memory_mb"),
            ("[auth]\nread_token = \"short\"", "auth.read_token"),
            ("[embed]\ncors_origins = [\"*\"]", "embed.cors_origins"),
            ("[embed]\nframe_ancestors = [\"https://a; script-src *\"]", "embed.frame_ancestors"),
            ("[log]\nlevel = \"=x=\"", "log.level"),
        ] {
            let error = resolve(text).unwrap_err().to_string();
            assert!(error.contains(key), "{text}: {error}");
        }
    }

    #[test]
    fn a_missing_file_is_an_error_only_if_it_was_named() {
        let error = Config::load(Some(Path::new("no/such.toml")), &Overrides::default()).unwrap_err();
        assert!(error.to_string().contains("no/such.toml"));
    }
}
