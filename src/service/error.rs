//! What can go wrong when the stages are put together.

use std::path::PathBuf;

use super::backup::BackupError;
use super::guard::Withheld;
use crate::alerts::DeliveryError;
use crate::cluster::{ClusterError, CopyError};
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
    /// A new index would have lost much of the archive.
    #[error(transparent)]
    Withheld(#[from] Withheld),
    /// The cluster cannot be asked.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    /// The articles were not copied into the cluster.
    #[error(transparent)]
    Copy(#[from] CopyError),
    /// None is configured.
    #[error(
        "`--read-only` is for servers of a cluster: set `kind = \"opensearch\"` and `urls` in `[engine]`"
    )]
    NoCluster,
    /// The lexicon of the cluster cannot be kept here.
    #[error("the cluster's lexicon cannot be written into the index folder: {0}")]
    ClusterLexicon(std::io::Error),
    /// The lexicon is that of the cluster.
    #[error(
        "this server only reads: it takes the lexicon from the cluster, where a reindex on the writer puts it"
    )]
    LexiconElsewhere,
    /// What is to be copied was analysed with words that are not in the lexicon any more.
    #[error(
        "the lexicon has changed since this index was built, so that no other server could read its copy in the cluster: reindex"
    )]
    LexiconChanged,
    /// The settings or the machine let nothing be sent to others.
    #[error("what comes for saved searches cannot be delivered: {0}")]
    Deliveries(#[from] DeliveryError),
    /// There is no index that changed files could be read into.
    #[error(
        "there is no index yet, or another engine keeps it: changed files are read into an index that serves; run a full reindex"
    )]
    NothingToChange,
    /// Another process takes articles into the same articles folder.
    #[error(
        "another gisa process takes articles into the same data folder (it holds {}): only one can; stop that one, or give this \
         one another data_dir; an index beside a running server is built by `gisa reindex --into DIR`", path.display()
    )]
    DataInUse {
        /// The lock file.
        path: PathBuf,
    },
    /// A thread could not be started.
    #[error("cannot start a thread: {0}")]
    Thread(std::io::Error),
}
