//! How far a build has come.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// What a running build has done so far; shared with whoever shows it.
#[derive(Debug, Default)]
pub struct Progress {
    /// Bytes of all files to read.
    pub bytes_total: AtomicU64,
    /// Bytes read of them (compressed, where they are).
    pub bytes_read: AtomicU64,
    /// Records read.
    pub articles_read: AtomicU64,
    /// Articles handed to the index.
    pub articles_indexed: AtomicU64,
    /// Records and files refused.
    pub refused: AtomicU64,
    /// Set to end the build early.
    pub cancel: AtomicBool,
}

impl Progress {
    /// Counts from nothing again: the work begins anew.
    pub fn begin_again(&self) {
        for counter in
            [&self.bytes_total, &self.bytes_read, &self.articles_read, &self.articles_indexed, &self.refused]
        {
            counter.store(0, Ordering::Relaxed);
        }
    }

    /// Whether someone asked to end the build.
    pub fn is_cancelled(&self) -> bool {
        self.cancel.load(Ordering::Relaxed)
    }
}
