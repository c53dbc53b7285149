//! Ids of articles that come without one: derived from the address, else from the content.

use sha2::{Digest, Sha256};

use super::refusal::{Refusal, RefusalCode};
use crate::article::{ArticleId, ArticleIdError};

/// The values that an id is derived from: as they were decoded, before any cleaning, so that a better cleaner does not
/// rename articles.
pub(super) enum IdSource<'a> {
    /// The address: `u-` and its hash.
    Url(&'a str),
    /// Outlet, title and body: `c-` and their hash.
    Content([&'a str; 3]),
}

/// The first 16 bytes of the SHA-256 of `source` in hexadecimal, after a prefix that names the kind of source.
pub(super) fn derived_id(source: &IdSource<'_>) -> Result<ArticleId, Refusal> {
    let mut hash = Sha256::new();
    let prefix = match source {
        IdSource::Url(url) => {
            hash.update(url.as_bytes());
            "u-"
        }
        IdSource::Content(parts) => {
            for part in parts {
                // The length first: ("ab", "c") and ("a", "bc") are different articles.
                hash.update((part.len() as u64).to_le_bytes());
                hash.update(part.as_bytes());
            }
            "c-"
        }
    };
    let mut id = prefix.to_owned();
    for byte in hash.finalize().iter().take(16) {
        id.push_str(&format!("{byte:02x}"));
    }
    ArticleId::new(&id).map_err(bad_id)
}

/// The refusal of an id that breaks a rule of [`ArticleId`].
pub(super) fn bad_id(error: ArticleIdError) -> Refusal {
    Refusal::new(RefusalCode::BadId, format!("`id`: {error}; leave it out to have one derived"))
}
