//! Disk space of a reindex or a restore: checked before, and during a reindex watched too.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::error::IndexError;
use crate::ingest::{SourceFile, SourceKind};

/// Bytes of index for each byte of articles: 66 MB of articles make 151 MB, and some more while segments are merged.
const INDEX_PER_BYTE: u64 = 3;
/// Bytes of articles in a byte of a compressed file.
const COMPRESSED: u64 = 4;
/// How often the disk is asked while a build runs.
const EVERY: Duration = Duration::from_millis(500);

/// The disk that a generation is built on.
#[derive(Debug)]
pub struct DiskSpace {
    path: PathBuf,
    keep_free: u64,
    asked: Mutex<Option<Instant>>,
}

impl DiskSpace {
    /// The disk of `path`, of which `keep_free` bytes stay free.
    pub fn of(path: &Path, keep_free: u64) -> Self {
        Self { path: path.to_owned(), keep_free, asked: Mutex::new(None) }
    }

    /// Whether an index of `files` and of `pushed` bytes of journal fits, roughly.
    ///
    /// # Errors
    /// [`IndexError::DiskSpace`] if it does not.
    pub fn check_for_build(&self, files: &[SourceFile], pushed: u64) -> Result<(), IndexError> {
        let text: u64 = files
            .iter()
            .map(|file| match file.kind {
                _ if file.compressed => file.bytes.saturating_mul(COMPRESSED),
                SourceKind::Workbook => file.bytes.saturating_mul(COMPRESSED),
                _ => file.bytes,
            })
            .sum();
        self.require(text.saturating_add(pushed).saturating_mul(INDEX_PER_BYTE))
    }

    /// Whether there is still room; asks the disk now and then.
    ///
    /// # Errors
    /// [`IndexError::DiskSpace`] if there is not.
    pub fn check(&self) -> Result<(), IndexError> {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if asked.is_some_and(|asked| asked.elapsed() < EVERY) {
            return Ok(());
        }
        *asked = Some(Instant::now());
        self.require(0)
    }

    fn require(&self, bytes: u64) -> Result<(), IndexError> {
        let Some(Shortage { needed_mb, free_mb }) = self.shortage(bytes)? else { return Ok(()) };
        Err(IndexError::DiskSpace { path: self.path.clone(), needed_mb, free_mb })
    }

    /// What is lacking for so many bytes; `None` where there is room.
    ///
    /// # Errors
    /// A disk that cannot be asked.
    pub fn shortage(&self, bytes: u64) -> Result<Option<Shortage>, IndexError> {
        let needed = bytes.saturating_add(self.keep_free);
        let free =
            fs4::available_space(&self.path).map_err(IndexError::io("cannot ask the disk of", &self.path))?;
        let mb = |bytes: u64| bytes.div_ceil(1_000_000);
        Ok((free < needed).then(|| Shortage { needed_mb: mb(needed), free_mb: mb(free) }))
    }
}

/// More is needed than there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shortage {
    /// Megabytes that should be free.
    pub needed_mb: u64,
    /// Megabytes that are.
    pub free_mb: u64,
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_noticed_before_and_during() {
        let folder = tempfile::tempdir().unwrap();
        let file = |bytes, compressed| {
            let (path, kind) = ("a".into(), SourceKind::Lines);
            SourceFile {
                path,
                kind,
                compressed,
                bytes,
                modified_ns: 0,
                number: 0,
                full_path: "a".into(),
                rule: None,
            }
        };
        let room = DiskSpace::of(folder.path(), 0);
        room.check_for_build(&[file(1, false)], 1).unwrap();
        room.check().unwrap();
        let error = room.check_for_build(&[file(u64::MAX / 8, true)], 0).unwrap_err();
        assert!(error.to_string().contains("MB are free"), "{error}");
        let full = DiskSpace::of(folder.path(), u64::MAX);
        assert!(matches!(full.check(), Err(IndexError::DiskSpace { .. })));
        full.check().unwrap();
    }
}
