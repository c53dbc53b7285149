//! What can go wrong between clean articles and a served generation.

use std::io;
use std::path::PathBuf;

use tantivy::TantivyError;

/// An error of the index stage.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// A file or folder could not be read or written.
    #[error("{action} {path}: {source}")]
    Io {
        /// What was being done, `cannot write`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
    /// tantivy refused.
    #[error("the index at {path}: {source}")]
    Tantivy {
        /// The generation's folder.
        path: PathBuf,
        /// tantivy's reason.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A generation is not what it should be.
    #[error(
        "the generation at {path} is damaged: {what}; run `gisa reindex` to build a new one from the data folder"
    )]
    Damaged {
        /// The generation's folder.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// The file that names the generation in service is lost or damaged.
    #[error(
        "the file {path}, which names the generation in service, is damaged: {what}; a reindex writes it anew"
    )]
    Current {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// There is no generation to open.
    #[error("there is no index in {path} yet; run `gisa reindex`, or start `gisa serve`, which builds one")]
    Missing {
        /// The index folder.
        path: PathBuf,
    },
    /// Another process holds the index folder.
    #[error(
        "another gisa process is using the index folder (it holds {path}); stop it first, or give this one another index_dir"
    )]
    Locked {
        /// The lock file.
        path: PathBuf,
    },
    /// The articles folder could not be read.
    #[error(transparent)]
    Ingest(#[from] crate::ingest::IngestError),
    /// The job was cancelled.
    #[error("the reindex was cancelled; the index in service is unchanged")]
    Cancelled,
    /// The journal of pushed articles.
    #[error(transparent)]
    Journal(#[from] crate::journal::JournalError),
    /// The disk is too full for a reindex.
    #[error(
        "not enough disk space for a reindex at {path}: about {needed_mb} MB are needed, {free_mb} MB are free; make room, or \
         set index_dir to a larger disk (index.keep_free_mb is what stays free)"
    )]
    DiskSpace {
        /// The index folder.
        path: PathBuf,
        /// Megabytes that should be free.
        needed_mb: u64,
        /// Megabytes that are.
        free_mb: u64,
    },
    /// The generation does not say which files it has read.
    #[error(
        "the generation at {path} does not say which files it has read, because an earlier version of gisa built it: run a full \
         reindex once, without changed; after it, changed files can be told from others"
    )]
    NoBook {
        /// The generation's folder.
        path: PathBuf,
    },
    /// The journal gives no numbers to what changed files bring.
    #[error("what changed files bring cannot be numbered: {0}; the index in service is unchanged")]
    NotNumbered(String),
    /// A worker thread died.
    #[error("an indexing thread ended unexpectedly: {0}")]
    Thread(String),
}

impl IndexError {
    /// Wraps an I/O error: `.map_err(IndexError::io("cannot write", &path))`.
    pub fn io(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }

    /// Wraps an error of tantivy; damage is told from other failures.
    pub(in crate::index) fn tantivy(path: impl Into<PathBuf>) -> impl FnOnce(TantivyError) -> Self {
        let path = path.into();
        move |source| match source {
            TantivyError::DataCorruption(_) => Self::Damaged { path, what: source.to_string() },
            source => Self::Tantivy { path, source: Box::new(source) },
        }
    }
}
