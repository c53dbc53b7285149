//! The groups beside the index: one file of a generation, written once and checked whenever it is read.
//!
//! The first line is the SHA-256 of all that follows; each other line one group, a JSON array of article ids, the leader
//! first and the others in the order of publication. Ids rather than document numbers: those change when segments are
//! merged.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::index::IndexError;

/// The file's name within a generation.
pub const NAME: &str = "similar.jsonl";

/// Writes `groups` into the generation at `folder`; durable when this returns.
///
/// # Errors
/// [`IndexError::Io`] if the file cannot be written.
pub fn write(folder: &Path, groups: &[Vec<String>]) -> Result<(), IndexError> {
    let path = folder.join(NAME);
    let mut lines = String::new();
    for group in groups {
        lines.push_str(&serde_json::Value::from(group.as_slice()).to_string());
        lines.push('\n');
    }
    let write = || -> std::io::Result<()> {
        crate::faults::point("write similar.jsonl")?;
        let mut file = File::create(&path)?;
        writeln!(file, "{}", checksum(&lines))?;
        file.write_all(lines.as_bytes())?;
        file.sync_all()
    };
    write().map_err(IndexError::io("cannot write", &path))
}

/// Reads what [`write()`] wrote.
///
/// # Errors
/// [`IndexError::Damaged`] where the file is missing or has changed.
pub fn read(folder: &Path) -> Result<Vec<Vec<String>>, IndexError> {
    let path = folder.join(NAME);
    let damaged =
        |what: String| IndexError::Damaged { path: folder.to_owned(), what: format!("{NAME}: {what}") };
    let text = std::fs::read_to_string(&path).map_err(|error| damaged(error.to_string()))?;
    let (expected, lines) = text.split_once('\n').ok_or_else(|| damaged("it is cut off".to_owned()))?;
    if checksum(lines) != expected {
        return Err(damaged("it has a wrong checksum".to_owned()));
    }
    lines.lines().map(|line| serde_json::from_str(line).map_err(|error| damaged(error.to_string()))).collect()
}

fn checksum(lines: &str) -> String {
    Sha256::digest(lines.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
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
