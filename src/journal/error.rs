//! What can go wrong with the journal.

use std::io;
use std::path::PathBuf;

use super::missing::Missing;
use crate::article::ArticleId;

/// An error of the journal: the action that failed, the file, the system's reason, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// A file or folder could not be read or written.
    #[error("the journal {action} {}: {source}; {}", path.display(), advice(source))]
    Io {
        /// What was being done, `cannot write`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
    /// Entries that were acknowledged are gone, with their file.
    #[error(
        "the journal in {} has lost articles that were acknowledged: {missing}; put the file or folder back, or restore a backup",
        path.display()
    )]
    Lost {
        /// The journal's folder.
        path: PathBuf,
        /// Their numbers.
        missing: Missing,
    },
    /// An entry is longer than a line may be.
    #[error("the article {id} takes {bytes} bytes in the journal, more than the {limit} allowed; shorten it")]
    TooLarge {
        /// The article.
        id: ArticleId,
        /// Its line, in bytes.
        bytes: usize,
        /// The longest line, in bytes.
        limit: usize,
    },
    /// There are no sequence numbers left: some line has one near the end of the number range.
    #[error("the journal in {} has used up its sequence numbers; see OPERATIONS.md, Journal", path.display())]
    Exhausted {
        /// The journal's folder.
        path: PathBuf,
    },
}

impl JournalError {
    /// Wraps an I/O error: `.map_err(JournalError::io("cannot write", &path))`.
    pub(super) fn io(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }

    /// Whether a file did not exist.
    pub(super) fn is_not_found(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }
}

/// What an operator can do about it.
fn advice(source: &io::Error) -> &'static str {
    match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "free disk space, then send the request again"
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "give the user that runs gisa the right to write there"
        }
        io::ErrorKind::NotFound => "put the file or folder back, or restore a backup",
        _ => "check the disk and the system's log, then send the request again",
    }
}
