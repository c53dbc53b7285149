//! The cookie of a sign-in: which key it stands for, what of that key's scopes, until when, all of it sealed.
//!
//! Nothing is kept of a sign-in, so one survives restarts. The seal is made with a secret of this server and with the hash of the
//! key: a key that is removed, or replaced by another of the same name, ends every sign-in with it. The secret is a file of its own
//! in the data folder, not in backups: whoever reads the hashes of keys cannot make cookies of them.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::access::{Digest, Scope, Scopes};
use crate::article::Timestamp;

/// The cookie's name.
pub(in crate::http) const COOKIE: &str = "gisa_session";
/// How long a sign-in lasts.
pub(in crate::http) const LIFETIME: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// The file with the secret, in the data folder.
const FILE: &str = "session-secret";
/// Bytes of the secret.
const SECRET_BYTES: usize = 32;

/// Seals sign-ins and checks their seals.
pub(super) struct Sessions {
    path: PathBuf,
    /// `None` before the first sign-in ever.
    secret: OnceLock<Secret>,
}

type Secret = [u8; SECRET_BYTES];

/// What a cookie says, if its seal is right: which key that is, only the seal tells.
pub(super) struct Session<'a> {
    key: &'a str,
    scopes: &'a str,
    until: &'a str,
    seal: &'a str,
}

impl Sessions {
    /// With the secret in `data_dir`, which is made for the first sign-in.
    pub(super) fn open(data_dir: &Path) -> Self {
        let path = data_dir.join(FILE);
        let kept = fs::read(&path).ok().and_then(|bytes| Secret::try_from(bytes).ok());
        Self { path, secret: kept.map(OnceLock::from).unwrap_or_default() }
    }

    /// The cookie's value for a sign-in with the key of that digest. Where the secret cannot be written, sign-ins last until the
    /// server stops.
    ///
    /// # Errors
    /// The system has no random numbers.
    pub(super) fn seal(&self, digest: &Digest, scopes: Scopes, now: Timestamp) -> io::Result<String> {
        let secret = match self.secret.get() {
            Some(secret) => secret,
            None => {
                let made = made()?;
                // Two first sign-ins at once share the one that came first.
                let secret = self.secret.get_or_init(|| made);
                if let Err(error) = keep(&self.path, secret) {
                    tracing::warn!(%error, "sign-ins end when the server stops: their secret cannot be kept in the data folder");
                }
                secret
            }
        };
        let scopes = scopes.named().map(Scope::name).collect::<Vec<_>>().join("-");
        let until = now.seconds() + LIFETIME.as_secs() as i64;
        let said = format!("{}.{scopes}.{until}", hint(digest));
        let seal =
            mac(secret, &said, digest).map(|mac| hex(&mac.finalize().into_bytes())).unwrap_or_default();
        Ok(format!("{said}.{seal}"))
    }

    /// The scopes of a sign-in with the key of that digest; `None` where it is of another key, was made up, or has ended.
    pub(super) fn check(&self, session: &Session<'_>, digest: &Digest, now: Timestamp) -> Option<Scopes> {
        if session.key != hint(digest) {
            return None;
        }
        let said = format!("{}.{}.{}", session.key, session.scopes, session.until);
        // Compared in constant time.
        mac(self.secret.get()?, &said, digest)?.verify_slice(&bytes(session.seal)?).ok()?;
        let until: i64 = session.until.parse().ok()?;
        (now.seconds() <= until).then(|| session.scopes.split('-').filter_map(Scope::from_name).collect())
    }
}

/// HMAC-SHA-256 over what a cookie says and the whole digest of its key.
fn mac(secret: &Secret, said: &str, digest: &Digest) -> Option<Hmac<Sha256>> {
    // HMAC takes keys of any length: it never fails.
    let mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
    Some(mac.chain_update(digest.bytes()).chain_update(said))
}

fn made() -> io::Result<Secret> {
    let mut secret = [0; SECRET_BYTES];
    getrandom::fill(&mut secret).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(secret)
}

impl<'a> Session<'a> {
    /// What the cookie `value` says.
    pub(super) fn read(value: &'a str) -> Option<Self> {
        let mut parts = value.split('.');
        let session =
            Self { key: parts.next()?, scopes: parts.next()?, until: parts.next()?, seal: parts.next()? };
        parts.next().is_none().then_some(session)
    }
}

/// Which of the keys a cookie may be of: says nothing of the key, and spares checking seals with all of them.
fn hint(digest: &Digest) -> String {
    hex(Digest::of(digest.bytes()).bytes().get(..8).unwrap_or_default())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let pair = |at: usize| hex.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    (0..hex.len()).step_by(2).map(pair).collect()
}

/// Writes the secret for its owner alone: whole or not at all.
fn keep(path: &Path, secret: &[u8]) -> io::Result<()> {
    let temporary = path.with_extension("new");
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&temporary)?;
    file.write_all(secret)?;
    file.sync_all()?;
    fs::rename(&temporary, path)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_holds_over_a_restart_and_for_one_key_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (key, other) = (Digest::of(b"one"), Digest::of(b"two"));
        let now = Timestamp::now();
        let scopes: Scopes = [Scope::Read, Scope::Admin].into_iter().collect();
        let cookie = Sessions::open(folder.path()).seal(&key, scopes, now).unwrap();
        let sessions = Sessions::open(folder.path());
        let check = |cookie: &str, digest: &Digest, now| {
            Session::read(cookie).and_then(|session| sessions.check(&session, digest, now))
        };
        assert_eq!(check(&cookie, &key, now), Some(scopes));
        assert_eq!(check(&cookie, &other, now), None);
        let later = Timestamp::from_seconds(now.seconds() + LIFETIME.as_secs() as i64 + 1);
        assert_eq!(check(&cookie, &key, later), None);
        for forged in [
            cookie.replace("read-admin", "read"),
            cookie.replace(&later.seconds().to_string(), "9"),
            cookie.get(..cookie.len() - 1).unwrap().to_owned(),
            format!("{cookie}.x"),
            "...".to_owned(),
            String::new(),
        ] {
            assert!(forged == cookie || check(&forged, &key, now).is_none(), "{forged}");
        }
        let elsewhere = tempfile::tempdir().unwrap();
        let stranger = Sessions::open(elsewhere.path());
        stranger.seal(&key, scopes, now).unwrap();
        assert!(stranger.check(&Session::read(&cookie).unwrap(), &key, now).is_none());
    }
}
