//! Size and time of a file: while both stay, so does what is in it.

use std::fs::Metadata;
use std::time::{SystemTime, UNIX_EPOCH};

/// Two writings so close together can leave the same time: file systems count in steps of up to two seconds (FAT).
const COARSEST_TIME_NS: i64 = 2_000_000_000;

/// Size and time of a file, as the file system gives them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Stamp {
    /// Its size on disk, in bytes.
    pub bytes: u64,
    /// When it was written, in nanoseconds since 1970; 0 where the file system does not say.
    pub modified_ns: i64,
}

impl Stamp {
    /// That of a file.
    #[must_use]
    pub fn of(meta: &Metadata) -> Self {
        Self { bytes: meta.len(), modified_ns: meta.modified().map_or(0, nanoseconds) }
    }

    /// The time now, as in [`Stamp::modified_ns`].
    #[must_use]
    pub fn now_ns() -> i64 {
        nanoseconds(SystemTime::now())
    }

    /// Whether the file could be written again after `seen_ns`, when it was looked at, and keep this stamp: it had just been
    /// written then.
    #[must_use]
    pub fn is_doubtful(&self, seen_ns: i64) -> bool {
        self.modified_ns > seen_ns.saturating_sub(COARSEST_TIME_NS)
    }
}

/// The number of a file in its file system, which goes with it to another name; 0 where there is none.
#[cfg(unix)]
pub(super) fn number_of(meta: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(meta)
}

/// The number of a file in its file system; 0 because there is none here.
#[cfg(not(unix))]
pub(super) fn number_of(_: &Metadata) -> u64 {
    0
}

fn nanoseconds(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |before| -before),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_was_just_written_is_doubtful() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, "가").unwrap();
        let stamp = || Stamp::of(&std::fs::metadata(&path).unwrap());
        assert!(stamp().bytes == 3 && stamp().is_doubtful(Stamp::now_ns()));
        let file = std::fs::File::options().write(true).open(&path).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(60)).unwrap();
        assert!(!stamp().is_doubtful(Stamp::now_ns()));
        file.set_modified(UNIX_EPOCH - Duration::from_nanos(5)).unwrap();
        assert_eq!(stamp().modified_ns, -5);
    }
}
