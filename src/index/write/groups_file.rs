//! The groups alongside the index: a sealed file.
//!
//! Each line is one group, a JSON array of article ids, the leader first and the others in the order of publication. Ids
//! rather than document numbers: those change when segments are merged.

use std::path::Path;

use crate::index::error::IndexError;
use crate::index::sealed;

/// The file's name within a generation.
pub const NAME: &str = "similar.jsonl";

/// Writes `groups` into the generation at `folder`; durable when this returns.
///
/// # Errors
/// [`IndexError::Io`] if the file cannot be written.
pub fn write(folder: &Path, groups: &[Vec<String>]) -> Result<(), IndexError> {
    let mut lines = String::new();
    for group in groups {
        lines.push_str(&serde_json::Value::from(group.as_slice()).to_string());
        lines.push('\n');
    }
    sealed::write(folder, NAME, lines.as_bytes(), "write similar.jsonl").map(drop)
}

/// Reads what [`write()`] wrote.
///
/// # Errors
/// [`IndexError::Damaged`] where the file is missing or has changed.
pub fn read(folder: &Path) -> Result<Vec<Vec<String>>, IndexError> {
    let lines = sealed::read(folder, NAME)?;
    let lines = String::from_utf8(lines).map_err(|error| sealed::damaged(folder, NAME, error))?;
    let group = |line| serde_json::from_str(line).map_err(|error| sealed::damaged(folder, NAME, error));
    lines.lines().map(group).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_any_change_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(read(folder.path()), Err(IndexError::Damaged { .. })), "missing");
        write(folder.path(), &[]).unwrap();
        assert!(read(folder.path()).unwrap().is_empty());
        let groups =
            vec![vec!["가-1".to_owned(), "a\"b\\c".to_owned()], vec!["x y".to_owned(), "z/2".to_owned()]];
        write(folder.path(), &groups).unwrap();
        assert_eq!(read(folder.path()).unwrap(), groups);
        let path = folder.path().join(NAME);
        let text = std::fs::read_to_string(&path).unwrap();
        for damage in [
            text.replace("가-1", "가-2"),
            text.lines().next().unwrap().to_owned(),
            text.replace("z/2\"]\n", "z/2\"]"),
        ] {
            std::fs::write(&path, damage).unwrap();
            assert!(matches!(read(folder.path()), Err(IndexError::Damaged { .. })));
        }
    }
}
