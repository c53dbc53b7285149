//! `[index]`.

use std::ops::RangeInclusive;
use std::thread::available_parallelism;

use serde::Deserialize;

use super::error::{ConfigError, in_range};

const MB: u64 = 1_000_000;

/// `[index]` as written: how an index is built.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IndexSection {
    /// Threads of a reindex; 0: one for each core.
    pub threads: usize,
    /// Memory for postings while indexing, in MB over all threads.
    pub memory_mb: usize,
    /// A reindex starts, and continues, only while this much of the disk stays free, in MB.
    pub keep_free_mb: u64,
    /// How much a reindex in a running server gives way to searches: 0 not at all, 19 wherever it can.
    pub niceness: u8,
    /// Size at which a file of the journal of pushed articles is closed and the next one begun, in MB.
    pub journal_file_mb: f64,
    /// A reindex that finds fewer articles than serve, by more than so many percent, fails; 0: never.
    pub max_shrink_percent: u8,
}

impl Default for IndexSection {
    fn default() -> Self {
        Self {
            threads: 0,
            memory_mb: 512,
            keep_free_mb: 64,
            niceness: 19,
            journal_file_mb: 64.0,
            max_shrink_percent: 20,
        }
    }
}

/// How an index is built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexSettings {
    /// Threads of a reindex while nobody searches, at least 1.
    pub threads: usize,
    /// Threads of a reindex while the server answers searches, at least 1: unless the settings say how many, one core
    /// is left to searches.
    pub threads_while_serving: usize,
    /// Memory for postings while indexing, over all threads.
    pub memory_bytes: usize,
    /// How much of the index folder's disk a reindex leaves free.
    pub keep_free_bytes: u64,
    /// How much a reindex gives way to searches: 0 not at all, 19 wherever it can (`nice`).
    pub niceness: u8,
    /// Size at which a file of the journal is closed.
    pub journal_file_bytes: u64,
    /// By how many percent an index may be smaller than the one in service; 0: by as much as it likes.
    pub max_shrink_percent: u8,
}

impl IndexSection {
    /// 0 is one thread for each core.
    const THREADS: RangeInclusive<usize> = 0..=256;
    /// With less memory an indexing thread could not hold one large article.
    const MEMORY_MB: RangeInclusive<usize> = 32..=65_536;
    /// The values of `nice` that need no privilege.
    const NICENESS: RangeInclusive<u8> = 0..=19;
    /// Small files are for tests; of very large ones a compaction would have to read and write much at once.
    const JOURNAL_FILE_MB: RangeInclusive<f64> = 0.01..=4096.0;
    /// 0 turns it off; nothing can shrink by more than 100.
    const MAX_SHRINK_PERCENT: RangeInclusive<u8> = 0..=100;

    /// Checks the values and converts them to bytes and threads.
    ///
    /// # Errors
    /// [`ConfigError::Invalid`] names the key.
    pub fn resolve(&self) -> Result<IndexSettings, ConfigError> {
        let threads = in_range("index.threads", self.threads, &Self::THREADS)?;
        let memory_mb = in_range("index.memory_mb", self.memory_mb, &Self::MEMORY_MB)?;
        let niceness = in_range("index.niceness", self.niceness, &Self::NICENESS)?;
        let journal_file_mb =
            in_range("index.journal_file_mb", self.journal_file_mb, &Self::JOURNAL_FILE_MB)?;
        let max_shrink_percent =
            in_range("index.max_shrink_percent", self.max_shrink_percent, &Self::MAX_SHRINK_PERCENT)?;
        let (threads, threads_while_serving) = match threads {
            0 => (cores(), (cores() - 1).max(1)),
            threads => (threads, threads),
        };
        Ok(IndexSettings {
            threads,
            threads_while_serving,
            memory_bytes: memory_mb * MB as usize,
            keep_free_bytes: self.keep_free_mb.saturating_mul(MB),
            niceness,
            journal_file_bytes: (journal_file_mb * MB as f64) as u64,
            max_shrink_percent,
        })
    }
}

/// Cores that this process may use, at least 1.
pub(super) fn cores() -> usize {
    available_parallelism().map_or(1, usize::from)
}
