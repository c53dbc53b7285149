//! `gisa forget`: an article goes out of everything that the program keeps, down to the bytes on disk.
//!
//! A deletion hides an article: its text stays in files of articles, in the journal until the next compaction, and in the index until
//! its segments are merged. Here it is deleted first, so that whatever happens it is hidden, and then taken out of the files of articles, out
//! of the journal with its earlier texts, and out of the index, which is built anew; former generations are removed. What cannot be
//! rewritten is named. Doing it again goes on where it was interrupted.
//!
//! No server may be running: it would keep files open, and serve generations that are to go.

mod copies;
mod files;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use super::{Access, Service, ServiceError, WriteError};
use crate::article::ArticleId;
use crate::config::Config;
use crate::index::{IndexError, Progress};
use crate::ingest::{Cleaner, IngestError};
use crate::journal::{self, Change, Erased, JournalError, NewEntry};

pub use files::LeftFile;

/// Why an article could not be forgotten. What was done until then stays done, and the article is hidden once the first step is.
#[derive(Debug, thiserror::Error)]
pub enum ForgetError {
    /// The folders are in use, or cannot be opened; or the index could not be built anew.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// The deletion could not be stored.
    #[error("nothing was changed: {0}")]
    NotWritten(#[from] WriteError),
    /// The journal, or earlier texts, could not be read or rewritten.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The index folder could not be cleared.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The articles folder could not be listed.
    #[error(transparent)]
    Articles(#[from] IngestError),
    /// The machine refuses a thread.
    #[error("cannot start: {0}")]
    Runtime(#[from] std::io::Error),
}

/// What was done, and what is left.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ForgetReport {
    /// Files of articles that were rewritten without the articles.
    pub rewritten: Vec<PathBuf>,
    /// Files that hold the articles, or may, with what to do.
    pub left: Vec<LeftFile>,
    /// What was erased from the journal.
    pub journal: Erased,
    /// Articles whose earlier texts were removed.
    pub versions: u64,
    /// Former generations that were removed.
    pub generations: Vec<String>,
    /// Backups, and former data of restores, that still hold the articles.
    pub copies: Vec<PathBuf>,
}

impl ForgetReport {
    /// Whether anything that holds the articles, or may, is left.
    pub fn is_complete(&self) -> bool {
        self.left.is_empty() && self.copies.is_empty() && self.journal.set_aside.is_empty()
    }
}

/// Takes the articles `ids` out of everything that the program keeps. Folders in `backups` are backups, or hold backups, and are only
/// looked through, as is the former data that restores left.
///
/// # Errors
/// [`ForgetError`], with what to do.
pub fn forget(
    config: Config,
    ids: &BTreeSet<ArticleId>,
    backups: &[PathBuf],
) -> Result<ForgetReport, ForgetError> {
    let service = Arc::new(Service::open(config, Access::Write)?);
    let earlier = Arc::clone(service.earlier_texts());
    let mut report = ForgetReport::default();
    // Counted before the deletion removes them.
    for id in ids {
        report.versions += u64::from(earlier.holds(id.as_str()));
    }
    delete(&service, ids)?;
    report.journal = journal::erase(&service.journal_dir(), ids)?;
    for id in ids {
        earlier.forget(id.as_str())?;
    }
    let cleaner = Cleaner::new(Arc::clone(service.language().outlets()));
    let config = service.config();
    files::rewrite(&config.articles_dir(), &config.ingest.rules, ids, &cleaner, &mut report)?;
    service.reindex(&Progress::default())?;
    let current = service.folder().current()?;
    for name in service.folder().generations()? {
        if Some(&name) != current.as_ref() {
            service.folder().remove(&name)?;
            report.generations.push(name);
        }
    }
    report.copies = copies::that_hold(config, ids, backups, &cleaner)?;
    Ok(report)
}

/// Deletes the articles as a client would: durable, and out of the index in service.
fn delete(service: &Arc<Service>, ids: &BTreeSet<ArticleId>) -> Result<(), ForgetError> {
    let deletions = ids.iter().map(|id| NewEntry { id: id.clone(), change: Change::Delete }).collect();
    service.start_writing()?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let written = runtime.block_on(service.write(deletions));
    // The journal must not be open when it is rewritten.
    service.stop_writing();
    written?;
    Ok(())
}
