//! What can go wrong when the stages are put together.

use super::backup::BackupError;
use crate::index::IndexError;
use crate::journal::JournalError;
use crate::korean::dictionary::DictionaryError;
use crate::korean::lexicon::LexiconError;

/// Why the service cannot start or do its work.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The Korean dictionary.
    #[error(transparent)]
    Dictionary(#[from] DictionaryError),
    /// The newsroom's lexicon.
    #[error(transparent)]
    Lexicon(#[from] LexiconError),
    /// The index folder.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The journal of pushed articles.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A backup cannot be restored, or an interrupted restore cannot be finished.
    #[error(transparent)]
    Restore(#[from] BackupError),
    /// A thread could not be started.
    #[error("cannot start a thread: {0}")]
    Thread(std::io::Error),
}
