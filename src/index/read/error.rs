//! Why a generation could not be read while a search was answered, before its path is known.

use std::path::Path;

use tantivy::TantivyError;

use crate::index::IndexError;
use crate::query::archive::ArchiveError;

/// Why a generation could not be read.
#[derive(Debug, thiserror::Error)]
pub(in crate::index) enum ReadError {
    /// The deadline passed.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// tantivy could not read.
    #[error(transparent)]
    Tantivy(#[from] TantivyError),
}

impl From<std::io::Error> for ReadError {
    fn from(error: std::io::Error) -> Self {
        Self::Tantivy(error.into())
    }
}

impl ReadError {
    /// For whoever asked the generation at `path`.
    pub(in crate::index) fn of(self, path: &Path) -> ArchiveError {
        match self {
            Self::Archive(error) => error,
            Self::Tantivy(error) => ArchiveError::failed(IndexError::tantivy(path)(error)),
        }
    }
}
