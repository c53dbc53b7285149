//! Why a cluster has no answer.

use crate::query::archive::{ArchiveError, Trouble};

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
        "{url:?} is not the address of a node: write `http://host:port` or `https://host:port`, and who asks as `user` and `password_file`"
    )]
    Address {
        /// As configured.
        url: String,
    },
    /// The file of certificates cannot be used.
    #[error("the file of certificates that the cluster is trusted by cannot be used: {reason}")]
    Roots {
        /// What is wrong with it.
        reason: String,
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
    /// What was to be seen at one moment is not kept any more: a node of it ended, or nobody asked for too long.
    #[error("the cluster has let go of what was searched: a node may have ended")]
    PointLost,
    /// The same, and the index has changed since.
    #[error("the index has changed and what was searched before is gone: search again")]
    EditionGone,
    /// Another machine fills the cluster.
    #[error(
        "the cluster serves {serves:?}, which was not filled from this machine's {own:?}: `gisa reindex` here puts this machine's \
         articles into its place; a machine that only reads is started with `gisa serve --read-only`"
    )]
    FilledElsewhere {
        /// The index that the alias names.
        serves: String,
        /// The index that this machine would fill.
        own: String,
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
    /// The index holds more than the journal of the machine that fills it.
    #[error(
        "the index {name:?} is at the entry {has} of the journal, which ends here at {here}: the data of another moment was put here; reindex"
    )]
    Ahead {
        /// The index.
        name: String,
        /// The last entry that it holds.
        has: u64,
        /// The last entry here.
        here: u64,
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

impl ClusterError {
    /// What differs in [`ClusterError::Version`] where an index was analysed with other words.
    pub const LEXICON: &'static str = "words of the lexicon";

    /// What is wrong with the cluster, where it is that, and not the request.
    fn trouble(&self) -> Option<Trouble> {
        match self {
            Self::Unreachable { .. } => Some(Trouble::Unreachable),
            Self::Unauthorized { .. } => Some(Trouble::NotAllowed),
            Self::Partial { .. } | Self::Red { .. } | Self::PointLost => Some(Trouble::Incomplete),
            Self::Busy { .. } => Some(Trouble::Busy),
            Self::EditionGone | Self::NoIndex { .. } => Some(Trouble::Moved),
            _ => None,
        }
    }
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
            _ => match error.trouble() {
                Some(trouble) => Self::Away { trouble, cause: error.into() },
                None => Self::failed(error),
            },
        }
    }
}
