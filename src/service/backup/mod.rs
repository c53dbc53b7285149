//! Backup and restore: the data that cannot be rebuilt (articles with the journal of pushed ones, lexicon, settings) copied
//! out and put back.
//!
//! ```text
//! MANIFEST.json           each file with its size and SHA-256, and when the backup was made
//! MANIFEST.sha256         the checksum of the manifest itself; `sha256sum -c` reads it
//! config.toml
//! data/articles/…         with pushed/, the journal
//! data/lexicon/…
//! data/keys.toml          hashes of keys, readable by the owner alone
//! data/searches.json      saved searches and how far each was delivered, readable by the owner alone
//! index/CURRENT  index/generation-…/    only if asked for
//! ```
//!
//! A backup can be made while a server writes and reindexes; the server is not involved. It is written to `DIR.partial` and
//! renamed once it is complete and durable. A restore reads every byte before it changes anything, and then replaces the
//! data by renames, which the next start finishes if the process dies between them. The former data stays alongside, under
//! another name.
//!
//! The index is copied first and the journal last, so that the journal holds all that the index covers.

mod disk;
mod make;
mod manifest;
mod restore;
mod swap;
mod tree;

use std::io;
use std::path::PathBuf;

use serde::Serialize;

use crate::index::IndexError;
use crate::index::space::Shortage;
use crate::journal::JournalError;

pub use make::{BackupOptions, BackupReport, backup};
pub use manifest::{FileEntry, MANIFEST, Manifest, read_manifest, verify};
pub(in crate::service) use restore::Staged;
pub use restore::{RestoreReport, restore_at_restart, restore_in_place};
pub(in crate::service) use swap::FORMER;
pub use swap::finish_interrupted;

/// Why a backup or a restore did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A file or folder could not be read or written.
    #[error("{action} {}: {source}", path.display())]
    Io {
        /// What was being done, `cannot write`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
    /// The journal could not be copied.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The index could not be copied or put back.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// A backup cannot be made in this folder.
    #[error("cannot make a backup in {}: {why}", path.display())]
    Target {
        /// The folder.
        path: PathBuf,
        /// Why, and what to do.
        why: &'static str,
    },
    /// The disk is too full for a restore, which keeps the former data in addition to the backup's.
    #[error(
        "not enough disk space for a restore at {}: about {} MB are needed, {} MB are free; make room, for instance by removing \
         the former data that earlier restores kept there (*.before-restore-*); nothing was changed",
        path.display(), shortage.needed_mb, shortage.free_mb
    )]
    DiskSpace {
        /// The folder.
        path: PathBuf,
        /// How much is needed, and how much is free.
        shortage: Shortage,
    },
    /// The folder does not hold a backup, or the backup has changed since it was made.
    #[error("{} is not a complete backup: {}; nothing was changed", path.display(), summary(problems))]
    NotWhole {
        /// The folder.
        path: PathBuf,
        /// Every file that is missing, unexpected or different.
        problems: Vec<String>,
    },
}

/// The first problem, and how many more.
fn summary(problems: &[String]) -> String {
    match problems {
        [] => "it cannot be read".to_owned(),
        [problem] => problem.clone(),
        [first, rest @ ..] => format!("{first}, and {} more", rest.len()),
    }
}

impl BackupError {
    /// Wraps an I/O error: `.map_err(BackupError::io("cannot write", &path))`.
    fn io(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }
}

/// A file that was left out of a backup, or whose copy is doubtful.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// The file, link or folder.
    pub path: PathBuf,
    /// Why it was left out, or why its copy is doubtful.
    pub why: String,
}
