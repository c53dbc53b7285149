//! `[auth]`.

use serde::Deserialize;

use super::error::{ConfigError, invalid};
use super::secret::Secret;

/// `[auth]` as written: reading over HTTP.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AuthSection {
    /// Token that reading needs; empty: reading is free, unless `reading` says otherwise.
    pub read_token: String,
    /// Whether reading needs a key.
    pub reading: Gate,
    /// Whether `/metrics` needs a key that may read everything.
    pub metrics: Gate,
    /// The header in which a trusted proxy names the person who signed in there; empty: none is believed.
    pub trusted_user_header: String,
}

/// Whether something needs a key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Gate {
    /// Everybody may.
    #[default]
    Open,
    /// Only who has a key, or is signed in.
    Closed,
}

/// Reading over HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthSettings {
    /// Token that reading needs; `None`: reading is free.
    pub read_token: Option<Secret>,
    /// Whether reading needs a token, a key or a name from a trusted proxy.
    pub reading: Gate,
    /// Whether `/metrics` needs a key that may read everything.
    pub metrics: Gate,
    /// The header in which a trusted proxy names the person who signed in there, in lower case.
    pub trusted_user_header: Option<String>,
}

impl AuthSection {
    /// Checks the token and the header.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`] for a token that is too short or cannot be sent in an HTTP header, and for what is not the
    /// name of a header.
    pub fn resolve(&self) -> Result<AuthSettings, ConfigError> {
        let read_token = match self.read_token.as_str() {
            "" => None,
            token => Some(Secret::new(token, "auth.read_token")?),
        };
        // A token for reading has always closed it.
        let reading = if read_token.is_some() { Gate::Closed } else { self.reading };
        let header = self.trusted_user_header.trim().to_ascii_lowercase();
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        if !header.bytes().all(is_name) || matches!(header.as_str(), "authorization" | "cookie" | "host") {
            let reason = format!("{header:?} cannot be the header; write for example \"X-Forwarded-User\"");
            return Err(invalid("auth.trusted_user_header", reason));
        }
        let trusted_user_header = Some(header).filter(|header| !header.is_empty());
        Ok(AuthSettings { read_token, reading, metrics: self.metrics, trusted_user_header })
    }
}
