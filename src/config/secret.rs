//! Tokens that somebody chose.

use std::fmt;

use super::ConfigError;

/// The shortest token that is accepted, in characters.
pub const SHORTEST_TOKEN: usize = 16;

/// A token. Never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Checks a token that somebody chose; `origin` names where, for the error.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`] if it is shorter than [`SHORTEST_TOKEN`] or cannot be sent in an HTTP header.
    pub fn new(token: &str, origin: &str) -> Result<Self, ConfigError> {
        let invalid = |reason: String| ConfigError::Invalid { key: origin.to_owned(), reason };
        let length = token.chars().count();
        if length < SHORTEST_TOKEN {
            return Err(invalid(format!(
                "the token has {length} characters, it needs at least {SHORTEST_TOKEN}"
            )));
        }
        if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(invalid(
                "the token may only hold printable ASCII characters without spaces".to_owned(),
            ));
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
