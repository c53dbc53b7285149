//! Pushed articles: an entry of the journal → an article, for a build and for the generation in service.
//!
//! An article is cleaned when it is pushed, to refuse bad ones, and again here, from the text that was received: so a better
//! cleaner improves the articles that were pushed before it.

use std::path::{Path, PathBuf};

use super::{Change, Entry, Reader};
use crate::article::Article;
use crate::ingest::{Cleaner, RefusedRecord};
use crate::journal;

/// The durable part of the journal at one moment.
#[derive(Debug, Clone)]
pub struct JournalView {
    /// The journal's folder.
    pub dir: PathBuf,
    /// The last entry that counts.
    pub up_to: u64,
}

impl JournalView {
    /// Its entries, in order.
    pub fn entries(&self) -> Reader {
        journal::read(&self.dir, 0, self.up_to)
    }

    /// Size of all its files.
    pub fn bytes(&self) -> u64 {
        let files = std::fs::read_dir(&self.dir).into_iter().flatten().flatten();
        files
            .filter_map(|file| file.metadata().ok())
            .filter(std::fs::Metadata::is_file)
            .map(|meta| meta.len())
            .sum()
    }
}

/// The article that `entry` pushes; `None` if it deletes one.
///
/// # Errors
/// The reason why it is not an article. It was one when it was pushed: the cleaner has changed since.
pub fn article(entry: &Entry, cleaner: &Cleaner) -> Result<Option<Article>, RefusedRecord> {
    let Change::Put { json } = &entry.change else { return Ok(None) };
    // Cleaned here as well as on arrival, on purpose: a better cleaner also improves articles that were pushed before it.
    match cleaner.article_from_json(json.get().as_bytes()) {
        Ok(article) => Ok(Some(article)),
        Err(mut refusal) => {
            refusal.detail = format!("entry {} ({}): {}", entry.sequence, entry.id, refusal.detail);
            let file = Path::new("pushed").join(format!("{:020}", entry.sequence));
            Err(RefusedRecord { file, line: None, refusal })
        }
    }
}
