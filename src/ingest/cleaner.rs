//! The one entry to cleaning: a raw record in, an article or a refusal out.

use std::sync::Arc;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::encoding::decode;
use super::outlets::OutletNames;
use super::refusal::{Refusal, RefusalCode};
use super::{json, page};
use crate::article::{Article, ArticleId, ArticleIdError};

/// Makes articles of raw records. Total over any bytes, and shared freely between threads.
#[derive(Debug, Clone)]
pub struct Cleaner {
    outlets: Arc<OutletNames>,
}

impl Cleaner {
    /// A cleaner that folds outlet names with `outlets`.
    #[must_use]
    pub fn new(outlets: Arc<OutletNames>) -> Self {
        Self { outlets }
    }

    /// One JSON object, as a line of a JSONL file or the body of a request: field aliases, a derived id where there is
    /// none, and gentle cleaning that takes bylines, footers and markup and never a sentence of the story.
    ///
    /// # Errors
    /// A [`Refusal`] with the field's name if the line is no article.
    pub fn article_from_json(&self, line: &[u8]) -> Result<Article, Refusal> {
        json::read(&decode(line)?, &self.outlets)
    }

    /// The same for an object that is parsed already.
    ///
    /// # Errors
    /// A [`Refusal`] with the field's name if the object is not a valid article.
    pub fn article_from_fields(&self, fields: Map<String, Value>) -> Result<Article, Refusal> {
        json::article(fields, &self.outlets)
    }

    /// One scraped page as text. `name` is the file's name, for the refusal only: the id is derived from the text, so
    /// that a renamed file stays the same article.
    ///
    /// # Errors
    /// A [`Refusal`] if the page holds no story.
    pub fn article_from_page(&self, bytes: &[u8], name: &str) -> Result<Article, Refusal> {
        page::read(&decode(bytes)?, name, &self.outlets)
    }
}

/// What a derived id is made of: the values as they were decoded, before any cleaning, so that a better cleaner does
/// not rename articles.
pub(super) enum IdSource<'a> {
    /// `u-` and the hash of the address.
    Url(&'a str),
    /// `c-` and the hash of outlet, title and body.
    Content([&'a str; 3]),
}

/// The first 16 bytes of SHA-256, in hexadecimal, behind a prefix that says of what.
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

pub(super) fn bad_id(error: ArticleIdError) -> Refusal {
    Refusal::new(RefusalCode::BadId, format!("`id`: {error}; leave it out to have one derived"))
}

/// Refuses what has nothing to find.
pub(super) fn require_text(title: &str, body: &str) -> Result<(), Refusal> {
    if title.is_empty() && body.is_empty() {
        let detail = "neither `title` nor `body` holds text after cleaning";
        return Err(Refusal::new(RefusalCode::EmptyArticle, detail));
    }
    Ok(())
}
