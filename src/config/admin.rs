//! `[admin]`.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::error::{ConfigError, file};
use super::secret::Secret;

/// `[admin]` as written: administration over HTTP.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AdminSection {
    /// File with the token for administration; empty: one is generated in the index folder.
    pub token_file: PathBuf,
}

/// Administration over HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdminSettings {
    /// Where the token comes from.
    pub token: AdminToken,
}

/// Where the token for administration comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AdminToken {
    /// From the environment.
    Given(Secret),
    /// From a file that the operator wrote.
    File(PathBuf),
    /// Generated at the first start, in the index folder.
    Generated,
}

impl AdminSection {
    /// Resolves the file against `base`. `from_environment` is the token itself, and wins.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`] if that token is too short or cannot be sent in an HTTP header.
    pub fn resolve(&self, base: &Path, from_environment: Option<&str>) -> Result<AdminSettings, ConfigError> {
        let token = match from_environment {
            Some(token) => AdminToken::Given(Secret::new(token, "GISA_ADMIN_TOKEN")?),
            None => file(base, &self.token_file).map_or(AdminToken::Generated, AdminToken::File),
        };
        Ok(AdminSettings { token })
    }
}
