//! The names that a generation's articles teach, as a sealed file, compressed (Zstandard).
//!
//! Each line is one pair, a JSON object. In the order in which they were learned: the same articles make the same file.

use std::path::Path;

use crate::index::error::IndexError;
use crate::index::sealed;
use crate::learned::{LearnedNames, LearnedPair};

/// The file's name within a generation.
pub const NAME: &str = "learned.zst";

/// Writes `pairs` into the generation at `folder`, and returns the file's size in bytes; durable when this returns.
///
/// # Errors
/// [`IndexError::Io`] if the file cannot be written.
pub fn write(folder: &Path, pairs: &[LearnedPair]) -> Result<u64, IndexError> {
    let mut lines = Vec::new();
    for pair in pairs {
        serde_json::to_writer(&mut lines, pair)
            .map_err(|error| IndexError::io("cannot write", folder.join(NAME))(error.into()))?;
        lines.push(b'\n');
    }
    sealed::write_compressed(folder, NAME, &lines, crate::faults::FaultPoint::WriteLearned)
}

/// Reads what [`write()`] wrote.
///
/// # Errors
/// [`IndexError::Damaged`] where the file is missing or has changed.
pub fn read(folder: &Path) -> Result<LearnedNames, IndexError> {
    let lines = sealed::read_compressed(folder, NAME)?;
    let pair = |line| serde_json::from_str(line).map_err(|error| sealed::damaged(folder, NAME, error));
    Ok(LearnedNames::new(lines.lines().map(pair).collect::<Result<_, _>>()?))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::learned::Reason;

    #[test]
    fn what_is_written_is_read_and_any_change_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(read(folder.path()), Err(IndexError::Damaged { .. })), "missing");
        write(folder.path(), &[]).unwrap();
        assert!(read(folder.path()).unwrap().pairs().is_empty());
        let pair = |short: &str, long: &str, reason| LearnedPair {
            short: short.to_owned(),
            long: long.to_owned(),
            reason,
            stories: 3,
            articles: 5,
            outlets: 2,
            examples: vec!["가-1".to_owned(), "a\"b".to_owned()],
        };
        let pairs = [
            pair("HNW", "한내수자원공단", Reason::Usage),
            pair("보정심", "보건정책심의위원회", Reason::Syllables),
            pair("Blue Heron", "블루헤론", Reason::Sound),
        ];
        let bytes = write(folder.path(), &pairs).unwrap();
        assert_eq!(read(folder.path()).unwrap().pairs(), pairs);
        let path = folder.path().join(NAME);
        let sound = std::fs::read(&path).unwrap();
        assert_eq!(sound.len() as u64, bytes);
        for at in [0, 64, 65, sound.len() / 2, sound.len() - 1] {
            let mut changed = sound.clone();
            changed[at] ^= 1;
            for damage in [changed, sound[..at].to_vec()] {
                std::fs::write(&path, damage).unwrap();
                assert!(matches!(read(folder.path()), Err(IndexError::Damaged { .. })), "byte {at}");
            }
        }
    }
}
