//! Bearer tokens (RFC 6750): where the token for administration comes from, and who may do what.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::middleware::Next;
use axum::response::Response;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::code::Code;
use super::error::ApiError;
use super::state::AppState;
use crate::config::{AdminToken, Config, ConfigError, Secret};

/// File in the index folder that holds the generated token.
const FILE: &str = "admin-token";
/// Bytes of a generated token; written as twice as many hexadecimal digits.
const GENERATED_BYTES: usize = 24;

/// A token, as its SHA-256: comparing digests takes equally long whatever was sent, and however long it is.
#[derive(Clone)]
pub struct Token {
    digest: [u8; 32],
}

impl Token {
    /// The token of a secret.
    pub fn of(secret: &Secret) -> Self {
        Self { digest: Sha256::digest(secret.expose()).into() }
    }

    fn matches(&self, presented: &[u8]) -> bool {
        let digest: [u8; 32] = Sha256::digest(presented).into();
        self.digest.ct_eq(&digest).into()
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
        tracing::info!(file = %path.display(), "the token for administration is in this file");
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

/// Lets a request for administration pass if it carries the token.
pub(super) async fn require_admin(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    check(request.headers(), &[state.admin_token()])?;
    Ok(next.run(request).await)
}

/// Lets a reading request pass: always, unless `auth.read_token` is set. Who may administer may also read.
pub(super) async fn require_reader(
    State(state): State<AppState>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    if let Some(reader) = state.read_token() {
        check(request.headers(), &[reader, state.admin_token()])?;
    }
    Ok(next.run(request).await)
}

fn check(headers: &HeaderMap, allowed: &[&Token]) -> Result<(), ApiError> {
    let refused = |detail| {
        metrics::counter!("unauthorized_total").increment(1);
        Err(ApiError::new(Code::Unauthorized, detail))
    };
    let Some(header) = headers.get(AUTHORIZATION) else {
        return refused("this address needs a token: send `Authorization: Bearer TOKEN`");
    };
    let Some((scheme, token)) = header.as_bytes().split_at_checked(7) else {
        return refused("the header `Authorization` is not of the form `Bearer TOKEN`");
    };
    if !scheme.eq_ignore_ascii_case(b"bearer ") {
        return refused("the header `Authorization` is not of the form `Bearer TOKEN`");
    }
    // Every token is compared, whichever fits, so that the time tells nothing.
    let fits = allowed.iter().fold(false, |fits, allowed| fits | allowed.matches(token.trim_ascii()));
    if fits { Ok(()) } else { refused("the token is not the right one") }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;
    use crate::config::{ConfigFile, Overrides};

    #[test]
    fn the_scheme_is_case_insensitive_and_the_token_exact() {
        let token = Token::of(&Secret::new("0123456789abcdef", "test").unwrap());
        let check = |value: &str| {
            let headers = HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::from_str(value).unwrap())]);
            check(&headers, &[&token]).is_ok()
        };
        assert!(check("Bearer 0123456789abcdef") && check("bearer  0123456789abcdef"));
        for wrong in
            ["Bearer", "Bearer ", "Bearer 0123456789abcde", "Basic 0123456789abcdef", "0123456789abcdef"]
        {
            assert!(!check(wrong), "{wrong}");
        }
        assert!(super::check(&HeaderMap::new(), &[&token]).is_err());
    }

    #[test]
    fn a_generated_token_stays_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let mut config = ConfigFile::default().resolve(folder.path(), &Overrides::default()).unwrap();
        config.index_dir = folder.path().to_owned();
        let first = admin_token(&config).unwrap();
        assert_eq!(admin_token(&config).unwrap().digest, first.digest);
        let path = folder.path().join(FILE);
        assert!(first.matches(fs::read_to_string(&path).unwrap().trim().as_bytes()));
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
