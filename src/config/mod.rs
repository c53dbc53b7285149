//! Settings: as written ([`ConfigFile`]) → resolved ([`Config`]). The rest of the program never sees raw options.
//!
//! One file a section, with its type as written, its type resolved, and the ranges of its values between them.
//!
//! Three sources, the later wins: the defaults, `config.toml`, the environment ([`Overrides`]). Paths in the file are
//! relative to the file; paths in the environment are relative to the folder the program was started in.

mod admin;
mod alerts;
mod auth;
mod embed;
mod engine;
mod error;
mod file;
mod index;
mod ingest;
mod lexicon;
mod log;
mod places;
mod public_url;
mod ranking;
mod search;
mod secret;
mod server;
mod versions;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use crate::search::RankingOptions;
use error::invalid;
use log::plain;

pub use admin::{AdminSection, AdminSettings, AdminToken};
pub use alerts::{AlertsSection, AlertsSettings};
pub use auth::{AuthSection, AuthSettings, Gate};
pub use embed::{EmbedSection, EmbedSettings};
pub use engine::{ClusterSettings, EngineKind, EngineSection};
pub use error::ConfigError;
pub use file::ConfigFile;
pub use index::{IndexSection, IndexSettings};
pub use ingest::{IngestSection, IngestSettings};
pub use lexicon::LexiconSection;
pub use log::{AuditSettings, LogFormat, LogSection, LogSettings};
pub use public_url::{PublicUrl, WrongPart};
pub use search::{SearchSection, SearchSettings};
pub use secret::{SHORTEST_TOKEN, Secret};
pub use server::{ServerSection, ServerSettings};
pub use versions::{VersionsSection, VersionsSettings};

/// The file that is read when none is named.
pub const DEFAULT_FILE: &str = "config.toml";

/// Settings from the environment; each replaces the one in `config.toml`.
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
    /// `GISA_SMTP_PASSWORD`.
    pub smtp_password: Option<String>,
    /// `GISA_CLUSTER_PASSWORD`.
    pub cluster_password: Option<String>,
    /// `GISA_CLUSTER_API_KEY`.
    pub cluster_api_key: Option<String>,
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
            smtp_password: text("GISA_SMTP_PASSWORD"),
            cluster_password: text("GISA_CLUSTER_PASSWORD"),
            cluster_api_key: text("GISA_CLUSTER_API_KEY"),
        }
    }
}

/// The settings, checked and resolved.
#[derive(Debug, Clone)]
pub struct Config {
    /// The file that these settings were read from, if there is one.
    pub file: Option<PathBuf>,
    /// What whoever wrote the file should know, a sentence each.
    pub warnings: Vec<String>,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Holds `articles/`, `lexicon/` and the file of keys.
    pub data_dir: PathBuf,
    /// Holds the generations.
    pub index_dir: PathBuf,
    /// Connections, and what is believed of them.
    pub server: ServerSettings,
    /// The cluster that holds the articles; `None` where the embedded index does.
    pub engine: Option<ClusterSettings>,
    /// How an index is built.
    pub index: IndexSettings,
    /// How files come into it, and what is said of them.
    pub ingest: IngestSettings,
    /// What is known of words besides the files of the lexicon.
    pub lexicon: LexiconSection,
    /// Earlier texts of articles that were pushed again.
    pub versions: VersionsSettings,
    /// What saved searches deliver.
    pub alerts: AlertsSettings,
    /// How much is searched at once, and for how long.
    pub search: SearchSettings,
    /// How hits are ordered.
    pub ranking: RankingOptions,
    /// Administration over HTTP.
    pub admin: AdminSettings,
    /// Reading over HTTP.
    pub auth: AuthSettings,
    /// What is logged, and how.
    pub log: LogSettings,
    /// Other sites that may use this one.
    pub embed: EmbedSettings,
}

impl Config {
    /// Loads the settings. `named` is the file the user asked for: it must exist. Without one, [`DEFAULT_FILE`] in the
    /// current folder is read if it is there.
    ///
    /// # Errors
    /// [`ConfigError`] names the file and the key.
    pub fn load(named: Option<&Path>, overrides: &Overrides) -> Result<Self, ConfigError> {
        let path = named.unwrap_or(Path::new(DEFAULT_FILE));
        let (settings, warnings, file) = match std::fs::read_to_string(path) {
            Ok(text) => (ConfigFile::parse(&text, path)?, ranking::warnings(&text), Some(path.to_owned())),
            Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
                (ConfigFile::default(), Vec::new(), None)
            }
            Err(source) => return Err(ConfigError::Read { path: path.to_owned(), source }),
        };
        let config = settings.resolve(path.parent().unwrap_or(Path::new("")), overrides)?;
        Ok(Self { file, warnings, ..config })
    }

    /// The articles folder.
    pub fn articles_dir(&self) -> PathBuf {
        self.data_dir.join("articles")
    }

    /// Whether `folder` is the data folder or a part of it that has another use: an index there would be read as articles, or be lost with
    /// what is replaced there.
    pub fn is_of_data(&self, folder: &Path) -> bool {
        let (folder, data) = (plain(folder), plain(&self.data_dir));
        folder == data || ["articles", "lexicon"].iter().any(|part| folder.starts_with(data.join(part)))
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
        let listen = match &overrides.listen {
            Some(listen) => parse_listen("GISA_LISTEN", listen)?,
            None => parse_listen("listen", &self.listen)?,
        };
        ranking::check(&self.ranking)?;
        let server = self.server.resolve()?;
        let (password, site) = (overrides.smtp_password.as_deref(), server.public_url.as_ref());
        let alerts = self.alerts.resolve(base, password, site)?;
        let config = Config {
            file: None,
            warnings: Vec::new(),
            listen,
            data_dir: overrides.data_dir.clone().unwrap_or_else(|| base.join(&self.data_dir)),
            index_dir: overrides.index_dir.clone().unwrap_or_else(|| base.join(&self.index_dir)),
            server,
            engine: self.engine.resolve(base, overrides)?,
            index: self.index.resolve()?,
            ingest: self.ingest.resolve()?,
            lexicon: self.lexicon,
            versions: self.versions.resolve()?,
            alerts,
            search: self.search.resolve()?,
            ranking: self.ranking,
            admin: self.admin.resolve(base, overrides.admin_token.as_deref())?,
            auth: self.auth.resolve()?,
            log: self.log.resolve(base)?,
            embed: self.embed.resolve()?,
        };
        if config.is_of_data(&config.index_dir) {
            let reason = "is data_dir, or a folder of it that has another use; choose a folder of its own";
            return Err(invalid("index_dir", reason));
        }
        log::check(&config.log, &config.index_dir)?;
        Ok(config)
    }
}

fn parse_listen(key: &str, listen: &str) -> Result<SocketAddr, ConfigError> {
    let reason =
        "is not an address and port; write for example 127.0.0.1:7878, or 0.0.0.0:7878 for all networks";
    listen.parse().map_err(|_| invalid(key, format!("{listen:?} {reason}")))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::alerts::MailPassword;

    fn resolve(text: &str) -> Result<Config, ConfigError> {
        ConfigFile::parse(text, Path::new("config.toml"))?
            .resolve(Path::new("/srv/gisa"), &Overrides::default())
    }

    #[test]
    fn the_shipped_file_states_the_defaults_and_every_key() {
        let text = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/config.toml"));
        let shipped = ConfigFile::parse(text, Path::new("config.toml")).unwrap();
        assert_eq!(format!("{shipped:#?}"), format!("{:#?}", ConfigFile::default()));
        // Each field of the pretty-printed default appears in the file as a key or a section.
        for line in format!("{:#?}", ConfigFile::default()).lines() {
            if let Some((key, _)) = line.trim().split_once(": ") {
                // What stands in a list of tables is shown in comments: who writes a table could not add another.
                let named = |line: &str| {
                    let line = line.trim_start_matches("# ");
                    line.starts_with(&format!("{key} ="))
                        || [format!("[{key}]"), format!("[[{key}]]")].contains(&line.to_owned())
                };
                assert!(text.lines().any(named), "config.toml does not show `{key}`");
            }
        }
    }

    #[test]
    fn keys_that_mean_nothing_any_more_are_accepted_with_a_warning() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        std::fs::write(&file, "[ranking]\nnear = 0.3\nk1 = 0.7\n").unwrap();
        let config = Config::load(Some(&file), &Overrides::default()).unwrap();
        assert_eq!(config.ranking.k1, 0.7);
        assert!(config.warnings.len() == 1 && config.warnings[0].starts_with("ranking.near "), "{config:?}");
        std::fs::write(&file, "[ranking]\nnaer = 0.3\n").unwrap();
        assert!(Config::load(Some(&file), &Overrides::default()).unwrap_err().to_string().contains("naer"));
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
            ..Overrides::default()
        };
        let config = ConfigFile::default().resolve(Path::new("base"), &overrides).unwrap();
        assert_eq!(config.listen.port(), 80);
        assert_eq!(config.data_dir, Path::new("elsewhere"));
        assert_eq!(config.index_dir, Path::new("base/index"));
        assert!(matches!(config.admin.token, AdminToken::Given(_)));
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
            ("[search]\nmax_waiting = 70000", "search.max_waiting: must be 0 to 65536, but is 70000"),
            ("[index]\nmemory_mb = 1", "index.memory_mb"),
            ("[index]\nmax_shrink_percent = 101", "index.max_shrink_percent"),
            ("[index]\nmemory_mb = \"many\"", "memory_mb"),
            ("[[ingest]]\nfiles = \"a.csv\"\ntitel = \"x\"", "titel"),
            ("[ingest]\nfiles = \"a.csv\"\nheader = false", "ingest.header"),
            ("[[ingest]]\ntitle = \"x\"", "ingest.files"),
            ("[ingest]\npoll_s = 0", "ingest.poll_s"),
            ("[versions]\nkeep = 1001", "versions.keep"),
            ("[alerts]\nallow_hosts = [\"http://hooks\"]", "alerts.allow_hosts"),
            ("[alerts]\ndaily_at = \"7:00\"", "alerts.daily_at"),
            ("[alerts]\nsmtp_host = \"mail.example:587\\n\"\nsmtp_from = \"a b\"", "alerts.smtp_from"),
            ("[alerts]\nsmtp_host = \"http://mail\"", "alerts.smtp_host"),
            ("[alerts]\nsmtp_host = \"mail\"\nsmtp_port = 0", "alerts.smtp_port"),
            ("[alerts]\nsmtp_host = \"mail\"\nsmtp_security = \"ssl\"", "smtp_security"),
            (
                "[alerts]\nsmtp_host = \"mail\"\nsmtp_from = \"a@b.example\"\nsmtp_password_file = \"p\"",
                "alerts.smtp_user",
            ),
            ("[auth]\nread_token = \"short\"", "auth.read_token"),
            ("[auth]\nreading = \"shut\"", "reading"),
            ("[auth]\ntrusted_user_header = \"a b\"", "auth.trusted_user_header"),
            ("[log]\naudit_file = \"index/audit.log\"", "log.audit_file"),
            ("[log]\naudit_file = \"logs/../index/audit.log\"", "log.audit_file"),
            ("[server]\nallowed_hosts = [\"http://x\"]", "server.allowed_hosts"),
            ("[embed]\ncors_origins = [\"*\"]", "embed.cors_origins"),
            ("[embed]\nframe_ancestors = [\"https://a; script-src *\"]", "embed.frame_ancestors"),
            ("[server]\nheader_timeout_s = 0", "server.header_timeout_s"),
            ("[server]\ntrusted_proxies = [\"proxy\"]", "server.trusted_proxies"),
            ("[server]\npublic_url = \"news.example\"", "server.public_url"),
            ("[log]\nlevel = \"=x=\"", "log.level"),
        ] {
            let error = resolve(text).unwrap_err().to_string();
            assert!(error.contains(key), "{text}: {error}");
        }
    }

    #[test]
    fn the_password_for_mails_comes_from_outside_and_is_not_printed() {
        let text = "[alerts]\nsmtp_host = \"mail.example\"\nsmtp_user = \"gisa\"\nsmtp_from = \"gisa@b.example\"\nsmtp_password_file = \"p\"";
        let file = ConfigFile::parse(text, Path::new("config.toml")).unwrap();
        let login = |overrides: &Overrides| {
            let config = file.clone().resolve(Path::new("base"), overrides).unwrap();
            assert!(!format!("{config:?}").contains("비밀"));
            config.alerts.delivery.mail.unwrap().login.unwrap().password
        };
        assert_eq!(login(&Overrides::default()), MailPassword::File("base/p".into()));
        let given = Overrides { smtp_password: Some("비밀".to_owned()), ..Overrides::default() };
        assert_eq!(login(&given), MailPassword::Given("비밀".to_owned()));
        assert!(ConfigFile::parse("[alerts]\nsmtp_password = \"x\"", Path::new("config.toml")).is_err());
    }

    #[test]
    fn a_missing_file_is_an_error_only_if_it_was_named() {
        let error = Config::load(Some(Path::new("no/such.toml")), &Overrides::default()).unwrap_err();
        assert!(error.to_string().contains("no/such.toml"));
    }
}
