//! Why a cluster has no answer.

use crate::query::archive::ArchiveError;

/// Why a cluster has no answer. None of them is ever read as "nothing found".
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// No node answers.
    #[error(
        "no node of the cluster answers ({tried} tried, the last one said: {last}): check `urls` and the network"
    )]
    Unreachable {
        /// Requests that were tried.
        tried: usize,
        /// What the last one failed with.
        last: String,
    },
    /// Its address is none that can be asked.
    #[error(
        "{url:?} is not the address of a node: write `http://host:port`, and who asks as `user` and `password_file`"
    )]
    Address {
        /// As configured.
        url: String,
    },
    /// The deadline passed.
    #[error("the cluster did not answer in time")]
    Deadline,
    /// The cluster knows neither user nor key, or does not let them in.
    #[error("the cluster refuses the user or key ({status}): {reason}")]
    Unauthorized {
        /// The status of its answer.
        status: u16,
        /// What it says.
        reason: String,
    },
    /// Some shards did not answer, or not fully.
    #[error(
        "only {successful} of {total} shards of the cluster answered fully: an answer would lack articles"
    )]
    Partial {
        /// Shards that answered.
        successful: u64,
        /// All shards.
        total: u64,
    },
    /// A part of the index has no live copy, or the cluster has no manager.
    #[error("the cluster is not able to answer ({reason}): see its health, a node may be down")]
    Red {
        /// What it says.
        reason: String,
    },
    /// Its queues or its memory are full.
    #[error("the cluster is too busy ({reason}): try again later")]
    Busy {
        /// What it says.
        reason: String,
    },
    /// The disk of a node is nearly full, so that nothing more is written.
    #[error(
        "a disk of the cluster is full and its indexes are read-only ({reason}): free space, the block then goes by itself"
    )]
    DiskFull {
        /// What it says.
        reason: String,
    },
    /// A document does not fit the mapping.
    #[error("the mapping of the cluster's index is not gisa's ({reason}): fill a new one with a reindex")]
    Mapping {
        /// What it says.
        reason: String,
    },
    /// The query has more parts than the cluster takes.
    #[error(
        "the query has too many parts for the cluster ({reason}): shorten it, or raise `indices.query.bool.max_clause_count`"
    )]
    TooManyClauses {
        /// How many, or what the cluster says.
        reason: String,
    },
    /// There is no such index.
    #[error("the cluster has no index {name:?}: fill one with a reindex")]
    NoIndex {
        /// Its name, or that of the alias.
        name: String,
    },
    /// An index stands where the alias belongs.
    #[error(
        "{name:?} is an index of the cluster and cannot become an alias: choose another prefix, or delete it"
    )]
    PrefixIsIndex {
        /// The prefix.
        name: String,
    },
    /// The index was filled by another version, or its filling never ended.
    #[error(
        "the index {name:?} has {what} {found}, this version needs {needed}: fill a new one with a reindex"
    )]
    Version {
        /// The index.
        name: String,
        /// What differs.
        what: &'static str,
        /// What the index has.
        found: String,
        /// What is needed.
        needed: String,
    },
    /// A setting is not what it was set to: a template of the cluster may have changed it.
    #[error(
        "the index {name:?} has {setting} {found} instead of {needed}: a template of the cluster may set it"
    )]
    Setting {
        /// The index.
        name: String,
        /// The setting.
        setting: &'static str,
        /// What it is.
        found: String,
        /// What it has to be.
        needed: String,
    },
    /// An article cannot be held by the cluster.
    #[error("the article {id:?} cannot be stored in the cluster: {reason}")]
    Article {
        /// Its id.
        id: String,
        /// Why.
        reason: String,
    },
    /// Articles are missing after the index was filled.
    #[error("the index {name:?} holds {found} articles and was given {given}: it is not put into service")]
    Count {
        /// The index.
        name: String,
        /// Articles that it holds.
        found: u64,
        /// Articles that it was given.
        given: u64,
    },
    /// Anything else that it refuses.
    #[error("the cluster refuses a request ({status}, {kind}): {reason}")]
    Refused {
        /// The status of its answer.
        status: u16,
        /// The type of its error.
        kind: String,
        /// What it says.
        reason: String,
    },
    /// Its answer is not what was asked for.
    #[error("the cluster's answer cannot be read: {what}")]
    Unreadable {
        /// What is missing or wrong.
        what: String,
    },
}

/// Why an archive was not copied into a cluster. What served before serves on.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The cluster.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    /// What was to be copied cannot be read.
    #[error("the archive that is copied into the cluster cannot be read: {0}")]
    Source(#[from] ArchiveError),
    /// Somebody stopped it.
    #[error("copying into the cluster was cancelled")]
    Cancelled,
}

impl From<ClusterError> for ArchiveError {
    fn from(error: ClusterError) -> Self {
        match error {
            ClusterError::Deadline => Self::Deadline,
            ClusterError::TooManyClauses { .. } => Self::Unsupported { what: error.to_string() },
            _ => Self::failed(error),
        }
    }
}
