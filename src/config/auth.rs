//! `[auth]`.

use serde::Deserialize;

use super::error::ConfigError;
use super::secret::Secret;

/// `[auth]` as written: reading over HTTP.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AuthSection {
    /// Token that reading needs; empty: reading is free.
    pub read_token: String,
}

/// Reading over HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthSettings {
    /// Token that reading needs; `None`: reading is free.
    pub read_token: Option<Secret>,
}

impl AuthSection {
    /// Checks the token.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`] if it is too short or cannot be sent in an HTTP header.
    pub fn resolve(&self) -> Result<AuthSettings, ConfigError> {
        let read_token = match self.read_token.as_str() {
            "" => None,
            token => Some(Secret::new(token, "auth.read_token")?),
        };
        Ok(AuthSettings { read_token })
    }
}
