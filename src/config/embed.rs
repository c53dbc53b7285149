//! `[embed]`.

use serde::Deserialize;

use super::error::{ConfigError, invalid};

/// `[embed]` as written: other sites that may use this one.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EmbedSection {
    /// Origins whose scripts may read the API, such as `https://cms.newsroom.example`.
    pub cors_origins: Vec<String>,
    /// Origins that may show the page in a frame, in addition to this site itself.
    pub frame_ancestors: Vec<String>,
}

/// Other sites that may use this one; every origin can be written in an HTTP header as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbedSettings {
    /// Origins whose scripts may read the API.
    pub cors_origins: Vec<String>,
    /// Origins that may show the page in a frame.
    pub frame_ancestors: Vec<String>,
}

impl EmbedSection {
    /// Checks the origins.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`] names the key and the origin.
    pub fn resolve(self) -> Result<EmbedSettings, ConfigError> {
        check_origins("embed.cors_origins", &self.cors_origins)?;
        check_origins("embed.frame_ancestors", &self.frame_ancestors)?;
        Ok(EmbedSettings { cors_origins: self.cors_origins, frame_ancestors: self.frame_ancestors })
    }
}

/// An origin is `scheme://host[:port]`. Anything else in a header could allow more than was meant, or break it.
fn check_origins(key: &str, origins: &[String]) -> Result<(), ConfigError> {
    for origin in origins {
        let host =
            origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://")).unwrap_or_default();
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
        if host.is_empty() || !host.chars().all(allowed) {
            let reason =
                "is not an origin; write for example \"https://cms.newsroom.example\", without a path";
            return Err(invalid(key, format!("{origin:?} {reason}")));
        }
    }
    Ok(())
}
