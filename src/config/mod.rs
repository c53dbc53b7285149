//! Settings: as written ([`ConfigFile`]) → resolved ([`Config`]). The rest of the program never sees raw options.
//!
//! Three sources, the later wins: the defaults, `config.toml`, the environment ([`Overrides`]). Paths in the file are
//! relative to the file; paths in the environment are relative to the folder the program was started in.

mod file;
mod secret;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::thread::available_parallelism;
use std::time::Duration;

use crate::search::{PAGE_WINDOW, RankingOptions};

pub use file::{
    AdminSection, AuthSection, ConfigFile, EmbedSection, IndexSection, LogFormat, LogSection, SearchSection,
};
pub use secret::{SHORTEST_TOKEN, Secret};

/// The file that is read when none is named.
pub const DEFAULT_FILE: &str = "config.toml";
/// The longest search deadline, in milliseconds: a reader has left by then.
const LONGEST_DEADLINE_MS: u64 = 60_000;
/// The longest time that a replaced generation stays open, in minutes: its files fill the disk.
const LONGEST_CURSOR_MINUTES: u64 = 1440;

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
    /// The file that these settings were read from, if there is one.
    pub file: Option<PathBuf>,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Holds `articles/` and `lexicon/`.
    pub data_dir: PathBuf,
    /// Holds the generations.
    pub index_dir: PathBuf,
    /// Threads of a reindex while nobody searches, at least 1.
    pub index_threads: usize,
    /// The same beside searches: unless the settings say how many, one core is left to those.
    pub index_threads_beside: usize,
    /// Bytes for postings while indexing, over all threads.
    pub index_memory: usize,
    /// Bytes of the disk of the index folder that a reindex leaves free.
    pub keep_free: u64,
    /// How much a reindex gives way to searches: 0 not at all, 19 wherever it can (`nice`).
    pub niceness: u8,
    /// Bytes at which a file of the journal is closed.
    pub journal_file: u64,
    /// Searches at once, at least 1.
    pub max_concurrent: usize,
    /// Searches that wait beyond those.
    pub max_waiting: usize,
    /// When a search is given up.
    pub deadline: Duration,
    /// How long a replaced generation stays open after a cursor was last used in it; zero: not at all.
    pub cursor_age: Duration,
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
        let (settings, file) = match std::fs::read_to_string(path) {
            Ok(text) => (ConfigFile::parse(&text, path)?, Some(path.to_owned())),
            Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
                (ConfigFile::default(), None)
            }
            Err(source) => return Err(ConfigError::Read { path: path.to_owned(), source }),
        };
        let config = settings.resolve(path.parent().unwrap_or(Path::new("")), overrides)?;
        Ok(Self { file, ..config })
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
        if !(0.01..=4096.0).contains(&self.index.journal_file_mb) {
            return Err(invalid("index.journal_file_mb", "must be 0.01 to 4096"));
        }
        if self.index.niceness > 19 {
            return Err(invalid("index.niceness", "must be 0 to 19"));
        }
        if self.index.threads > 256 {
            return Err(invalid("index.threads", "must be 0 (one for each core) to 256"));
        }
        if self.search.max_concurrent > 1024 || self.search.max_waiting > 65_536 {
            return Err(invalid(
                "search.max_concurrent, search.max_waiting",
                "must be at most 1024 and 65536",
            ));
        }
        if !(1..=LONGEST_DEADLINE_MS).contains(&self.search.deadline_ms) {
            return Err(invalid("search.deadline_ms", &format!("must be 1 to {LONGEST_DEADLINE_MS}")));
        }
        if self.search.cursor_minutes > LONGEST_CURSOR_MINUTES {
            return Err(invalid("search.cursor_minutes", &format!("must be 0 to {LONGEST_CURSOR_MINUTES}")));
        }
        let max_concurrent = or_cores(self.search.max_concurrent);
        let max_waiting =
            if self.search.max_waiting == 0 { 4 * max_concurrent } else { self.search.max_waiting };
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
        tracing_subscriber::EnvFilter::try_new(&self.log.level).map_err(|error| {
            invalid("log.level", &format!("{error}; write error, warn, info, debug or trace"))
        })?;
        check_origins("embed.cors_origins", &self.embed.cors_origins)?;
        check_origins("embed.frame_ancestors", &self.embed.frame_ancestors)?;
        Ok(Config {
            file: None,
            listen,
            data_dir: overrides.data_dir.clone().unwrap_or_else(|| base.join(&self.data_dir)),
            index_dir: overrides.index_dir.clone().unwrap_or_else(|| base.join(&self.index_dir)),
            index_threads: or_cores(self.index.threads),
            index_threads_beside: if self.index.threads == 0 {
                (cores - 1).max(1)
            } else {
                self.index.threads
            },
            index_memory: self.index.memory_mb * 1_000_000,
            keep_free: self.index.keep_free_mb.saturating_mul(1_000_000),
            niceness: self.index.niceness,
            journal_file: (self.index.journal_file_mb * 1e6) as u64,
            max_concurrent,
            max_waiting,
            deadline: Duration::from_millis(self.search.deadline_ms),
            cursor_age: Duration::from_secs(60 * self.search.cursor_minutes),
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
        ("runs", ranking.runs),
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
        let host =
            origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://")).unwrap_or_default();
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
        ConfigFile::parse(text, Path::new("config.toml"))?
            .resolve(Path::new("/srv/gisa"), &Overrides::default())
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
