//! Backup and restore: the truth (articles with what was pushed, lexicon, settings) copied out and put back.
//!
//! ```text
//! MANIFEST.json           each file with its size and SHA-256, and what was backed up when
//! MANIFEST.sha256         the checksum of the manifest itself; `sha256sum -c` reads it
//! config.toml
//! data/articles/…         with pushed/, the journal
//! data/lexicon/…
//! index/CURRENT  index/generation-…/    only if asked for
//! ```
//!
//! A backup is made beside a server that writes and reindexes, without asking it. It is written to `DIR.partial` and gets
//! its name once it is whole and durable. A restore reads every byte before it changes anything, and replaces what is there
//! by renames that a start finishes if the process dies between them; what was there before is kept beside it.

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
    /// The folder cannot take a backup.
    #[error("no backup can be made in {}: {why}", path.display())]
    Target {
        /// The folder.
        path: PathBuf,
        /// Why, and what to do.
        why: &'static str,
    },
    /// The disk is too full for a restore, which leaves what is there beside what it puts back.
    #[error(
        "not enough disk space for a restore at {}: about {} MB are needed, {} MB are free; make room, for instance by removing \
         what earlier restores left there (*.before-restore-*); nothing was changed",
        path.display(), shortage.needed_mb, shortage.free_mb
    )]
    DiskSpace {
        /// The folder.
        path: PathBuf,
        /// What is lacking.
        shortage: Shortage,
    },
    /// The folder holds no backup, or not the one that was made.
    #[error("{} is not a whole backup: {}; nothing was changed", path.display(), summary(problems))]
    NotWhole {
        /// The folder.
        path: PathBuf,
        /// Every file that is missing, too much or different.
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

/// A name that is not part of a backup, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// The file, link or folder.
    pub path: PathBuf,
    /// Why it was left out, or what is doubtful about its copy.
    pub why: String,
}
