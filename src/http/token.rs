//! The bearer tokens: how they are compared, and where the one for administration comes from.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::access::Digest;
use crate::config::{AdminToken, Config, ConfigError, Secret};

/// File in the index folder that holds the generated token.
const FILE: &str = "admin-token";
/// Bytes of a generated token; written as twice as many hexadecimal digits.
const GENERATED_BYTES: usize = 24;

/// A token, as its digest.
#[derive(Clone)]
pub struct Token {
    digest: Digest,
}

impl Token {
    /// The token of a secret.
    pub fn of(secret: &Secret) -> Self {
        Self { digest: Digest::of(secret.expose().as_bytes()) }
    }

    /// Its digest.
    pub(super) fn digest(&self) -> Digest {
        self.digest
    }
}

/// Why there is no token for administration.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// A file cannot be read or written.
    #[error("{action} the token file {}: {source}", path.display())]
    File {
        /// What was tried.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// The token in the file is not good enough.
    #[error(transparent)]
    Weak(#[from] ConfigError),
    /// The system has no random numbers.
    #[error("cannot make a token: {0}")]
    Random(String),
}

/// The token for administration: as configured, else the one in the index folder, which is made at the first start.
///
/// # Errors
/// [`TokenError`] if a file cannot be used or the token is too short.
pub fn admin_token(config: &Config) -> Result<Token, TokenError> {
    if config.admin.token == AdminToken::Generated {
        let path = generated(config);
        if !path.exists() {
            generate(&path)?;
        }
        tracing::info!(file = %path.display(), "this file holds the token for administration");
    }
    admin_secret(config).map(|secret| Token::of(&secret))
}

/// The same in clear, to be sent to a server that was started with these settings.
///
/// # Errors
/// [`TokenError`] if a file cannot be read or the token is too short.
pub fn admin_secret(config: &Config) -> Result<Secret, TokenError> {
    match &config.admin.token {
        AdminToken::Given(secret) => Ok(secret.clone()),
        AdminToken::File(path) => read(path),
        AdminToken::Generated => read(&generated(config)),
    }
}

fn generated(config: &Config) -> PathBuf {
    config.index_dir.join(FILE)
}

fn read(path: &Path) -> Result<Secret, TokenError> {
    let failed = |source| TokenError::File { action: "cannot read", path: path.to_owned(), source };
    let text = fs::read_to_string(path).map_err(failed)?;
    Ok(Secret::new(text.trim(), &path.display().to_string())?)
}

/// Writes a new token that only this user may read: whole or not at all.
fn generate(path: &Path) -> Result<(), TokenError> {
    let mut bytes = [0; GENERATED_BYTES];
    getrandom::fill(&mut bytes).map_err(|error| TokenError::Random(error.to_string()))?;
    let token: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let temporary = path.with_extension("new");
    let failed = |source| TokenError::File { action: "cannot write", path: path.to_owned(), source };
    let mut options = fs::File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&temporary).map_err(failed)?;
    writeln!(file, "{token}").and_then(|()| file.sync_all()).map_err(failed)?;
    fs::rename(&temporary, path).map_err(failed)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::config::{ConfigFile, Overrides};

    #[test]
    fn a_generated_token_stays_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let mut config = ConfigFile::default().resolve(folder.path(), &Overrides::default()).unwrap();
        config.index_dir = folder.path().to_owned();
        let first = admin_token(&config).unwrap();
        assert_eq!(admin_token(&config).unwrap().digest, first.digest);
        let path = folder.path().join(FILE);
        assert_eq!(first.digest, Digest::of(fs::read_to_string(&path).unwrap().trim().as_bytes()));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn a_short_token_in_a_file_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        fs::write(&path, "secret\n").unwrap();
        assert!(matches!(read(&path), Err(TokenError::Weak(_))));
        assert!(matches!(read(&folder.path().join("none")), Err(TokenError::File { .. })));
    }
}
