//! `[engine]`.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::Overrides;
use super::error::{ConfigError, in_range, invalid};
use crate::cluster::{Client, ClusterError, Credentials, Layout, Trust};

/// What holds the articles and finds them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EngineKind {
    /// The index of this program, in `index_dir`.
    #[default]
    Embedded,
    /// An OpenSearch cluster.
    OpenSearch,
}

/// `[engine]` as written: what holds the articles and finds them.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EngineSection {
    /// Which engine.
    pub kind: EngineKind,
    /// Addresses of the nodes of a cluster.
    pub urls: Vec<String>,
    /// File with the certificates that `https` addresses are trusted by, and no others; empty: none.
    pub ca_file: PathBuf,
    /// The alias in the cluster, and what the names of its indexes begin with.
    pub prefix: String,
    /// Shards of a new index.
    pub shards: u32,
    /// Copies of each shard beside the first.
    pub replicas: u32,
    /// The user in the cluster; empty: none.
    pub user: String,
    /// File with the user's password.
    pub password_file: PathBuf,
    /// File with a key of the cluster's, instead of user and password.
    pub api_key_file: PathBuf,
    /// Where articles are pushed to, for whoever pushes to a server that only reads; empty: not said.
    pub writer: String,
}

impl Default for EngineSection {
    fn default() -> Self {
        Self {
            kind: EngineKind::Embedded,
            urls: Vec::new(),
            ca_file: PathBuf::new(),
            prefix: "gisa".to_owned(),
            shards: 1,
            replicas: 1,
            user: String::new(),
            password_file: PathBuf::new(),
            api_key_file: PathBuf::new(),
            writer: String::new(),
        }
    }
}

/// The cluster that holds the articles.
#[derive(Debug, Clone)]
pub struct ClusterSettings {
    /// Addresses of its nodes.
    pub urls: Vec<String>,
    /// As whom it is asked.
    pub credentials: Credentials,
    /// Whom nodes are trusted by.
    pub trust: Trust,
    /// The alias, and what the names of indexes begin with.
    pub prefix: String,
    /// How a new index is laid out.
    pub layout: Layout,
    /// Where articles are pushed to.
    pub writer: Option<String>,
}

impl ClusterSettings {
    /// A client for it.
    ///
    /// # Errors
    /// [`ClusterError::Address`], [`ClusterError::Roots`].
    pub fn client(&self) -> Result<Client, ClusterError> {
        Client::trusting(&self.urls, &self.credentials, &self.trust)
    }
}

impl EngineSection {
    /// Checks the values, and reads the files with secrets, resolved against `base`; those of the environment win. `None` for the embedded
    /// index.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`] names the key.
    pub fn resolve(
        &self,
        base: &Path,
        overrides: &Overrides,
    ) -> Result<Option<ClusterSettings>, ConfigError> {
        if self.kind == EngineKind::Embedded {
            return Ok(None);
        }
        let fits = |ch: char| ch.is_ascii_lowercase() || ch.is_ascii_digit() || matches!(ch, '-' | '_');
        if !self.prefix.starts_with(|ch: char| ch.is_ascii_lowercase()) || !self.prefix.chars().all(fits) {
            let reason = "must begin with a small letter and hold only small letters, digits, - and _";
            return Err(invalid("engine.prefix", reason.to_owned()));
        }
        let layout = Layout {
            shards: in_range("engine.shards", self.shards, &(1..=1_000))?,
            replicas: in_range("engine.replicas", self.replicas, &(0..=10))?,
        };
        let password =
            secret("engine.password_file", base, &self.password_file, overrides.cluster_password.as_ref())?;
        let key =
            secret("engine.api_key_file", base, &self.api_key_file, overrides.cluster_api_key.as_ref())?;
        let credentials = match (self.user.is_empty(), password, key) {
            (true, None, None) => Credentials::None,
            (true, None, Some(key)) => Credentials::ApiKey(key),
            (false, Some(password), None) => Credentials::User { name: self.user.clone(), password },
            _ => {
                let reason = "needs either a user with a password (password_file, or GISA_CLUSTER_PASSWORD) or an API key alone \
                              (api_key_file, or GISA_CLUSTER_API_KEY)";
                return Err(invalid("engine.user", reason.to_owned()));
            }
        };
        let trust = match super::error::file(base, &self.ca_file) {
            Some(path) => {
                let unreadable =
                    |error: String| invalid("engine.ca_file", format!("{error} ({})", path.display()));
                let pem =
                    std::fs::read(&path).map_err(|error| unreadable(format!("cannot be read: {error}")))?;
                Trust::of(&pem).map_err(|error| unreadable(error.to_string()))?
            }
            None => Trust::default(),
        };
        let settings = ClusterSettings {
            urls: self.urls.clone(),
            credentials,
            trust,
            prefix: self.prefix.clone(),
            layout,
            writer: Some(self.writer.clone()).filter(|writer| !writer.is_empty()),
        };
        settings.client().map_err(|error| invalid("engine.urls", error.to_string()))?;
        Ok(Some(settings))
    }
}

/// The secret of the environment, or that in the file.
fn secret(
    key: &str,
    base: &Path,
    file: &Path,
    from_environment: Option<&String>,
) -> Result<Option<String>, ConfigError> {
    if let Some(secret) = from_environment {
        return Ok(Some(secret.clone()));
    }
    let Some(path) = super::error::file(base, file) else { return Ok(None) };
    let text = std::fs::read_to_string(&path)
        .map_err(|error| invalid(key, format!("cannot be read ({}): {error}", path.display())))?;
    Ok(Some(text.trim().to_owned()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn section(text: &str) -> EngineSection {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn the_embedded_index_needs_nothing() {
        let overrides = Overrides { cluster_password: Some("x".to_owned()), ..Overrides::default() };
        assert!(EngineSection::default().resolve(Path::new(""), &overrides).unwrap().is_none());
    }

    #[test]
    fn a_cluster_is_asked_as_nobody_as_a_user_or_with_a_key() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("password"), "열려라 참깨\n").unwrap();
        let cluster = "kind = \"opensearch\"\nurls = [\"http://10.0.0.1:9200\"]\n";
        let resolve = |more: &str, overrides: &Overrides| {
            section(&format!("{cluster}{more}")).resolve(folder.path(), overrides)
        };
        let none = Overrides::default();
        let credentials = |more: &str| resolve(more, &none).unwrap().unwrap().credentials;
        assert!(matches!(credentials(""), Credentials::None));
        let user = credentials("user = \"gisa\"\npassword_file = \"password\"");
        assert!(matches!(&user, Credentials::User { password, .. } if password == "열려라 참깨"));
        assert!(!format!("{user:?}").contains("참깨"), "{user:?}");
        let key = Overrides { cluster_api_key: Some("abc".to_owned()), ..Overrides::default() };
        assert!(matches!(resolve("", &key).unwrap().unwrap().credentials, Credentials::ApiKey(_)));
        for wrong in ["user = \"gisa\"", "password_file = \"nowhere\"", "prefix = \"Gisa\"", "shards = 0"] {
            assert!(resolve(wrong, &none).is_err(), "{wrong}");
        }
        assert!(resolve("user = \"gisa\"\npassword_file = \"password\"", &key).is_err());
        assert!(resolve("ca_file = \"nowhere.pem\"", &none).is_err());
        let tls = "kind = \"opensearch\"\nurls = [\"https://10.0.0.1:9200\"]\n";
        let untrusted = section(tls).resolve(folder.path(), &none).unwrap_err().to_string();
        assert!(untrusted.contains("ca_file"), "{untrusted}");
        let nowhere = section("kind = \"opensearch\"").resolve(folder.path(), &none).unwrap_err().to_string();
        assert!(nowhere.contains("engine.urls"), "{nowhere}");
    }
}
