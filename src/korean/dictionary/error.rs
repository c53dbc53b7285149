//! Why there is no dictionary.

use std::io;
use std::path::{Path, PathBuf};

use lindera::error::LinderaError;
use thiserror::Error;

/// Why the Korean dictionary is not available, and what to do.
#[derive(Debug, Error)]
pub enum DictionaryError {
    /// The bytes inside the binary are not the ones that were built into it.
    #[error("the Korean dictionary inside this program is damaged ({reason}); install the program again")]
    Archive {
        /// The damage that was found.
        reason: String,
    },
    /// The index folder or something in it cannot be read.
    #[error("cannot read {}: {source}; check that the service may read the index folder", path.display())]
    Read {
        /// File or folder that cannot be read.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
    /// The dictionary cannot be written into the index folder.
    #[error(
        "cannot write {}: {source}; check that the service may write to the index folder and that its disk has \
         100 MB free for the Korean dictionary",
        path.display()
    )]
    Write {
        /// File or folder that cannot be written.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
    /// lindera refuses the unpacked files.
    #[error(
        "cannot load the Korean dictionary in {}: {source}; delete that folder and start again: it will be unpacked again",
        path.display()
    )]
    Load {
        /// The folder with the unpacked files.
        path: PathBuf,
        /// lindera's reason.
        source: LinderaError,
    },
}

impl DictionaryError {
    pub(super) fn archive(reason: impl ToString) -> Self {
        Self::Archive { reason: reason.to_string() }
    }

    pub(super) fn read(path: &Path) -> impl FnOnce(io::Error) -> Self {
        |source| Self::Read { path: path.to_owned(), source }
    }

    pub(super) fn write(path: &Path) -> impl FnOnce(io::Error) -> Self {
        |source| Self::Write { path: path.to_owned(), source }
    }
}
