//! Files in a generation next to its index: written once, and checked whenever they are read.
//!
//! The first line is the SHA-256 of all that follows, in lower-case hexadecimal.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::error::IndexError;
use crate::faults;

/// Writes `content` to the file `name` of the generation at `folder`, and returns the file's size in bytes; durable when
/// this returns. `point` is passed first.
///
/// # Errors
/// [`IndexError::Io`] if the file cannot be written.
pub(super) fn write(
    folder: &Path,
    name: &str,
    content: &[u8],
    point: faults::FaultPoint,
) -> Result<u64, IndexError> {
    let path = folder.join(name);
    let write = || -> std::io::Result<u64> {
        faults::point(point)?;
        let head = format!("{}\n", checksum(content));
        let mut file = File::create(&path)?;
        file.write_all(head.as_bytes())?;
        file.write_all(content)?;
        file.sync_all()?;
        Ok((head.len() + content.len()) as u64)
    };
    write().map_err(IndexError::io("cannot write", &path))
}

/// The content of what [`write()`] wrote.
///
/// # Errors
/// [`IndexError::Damaged`] where the file is missing or has changed.
pub(super) fn read(folder: &Path, name: &str) -> Result<Vec<u8>, IndexError> {
    let mut bytes = std::fs::read(folder.join(name)).map_err(|error| damaged(folder, name, error))?;
    let end =
        bytes.iter().position(|byte| *byte == b'\n').ok_or_else(|| damaged(folder, name, "it is cut off"))?;
    let content = bytes.split_off(end + 1);
    if bytes.strip_suffix(b"\n") != Some(checksum(&content).as_bytes()) {
        return Err(damaged(folder, name, "it has a wrong checksum"));
    }
    Ok(content)
}

/// Writes `text` as [`write()`] does, compressed (Zstandard).
///
/// # Errors
/// [`IndexError::Io`] if the file cannot be written.
pub(super) fn write_compressed(
    folder: &Path,
    name: &str,
    text: &[u8],
    point: faults::FaultPoint,
) -> Result<u64, IndexError> {
    let compressed = zstd::encode_all(text, 3).map_err(IndexError::io("cannot write", folder.join(name)))?;
    write(folder, name, &compressed, point)
}

/// The text of what [`write_compressed()`] wrote.
///
/// # Errors
/// [`IndexError::Damaged`] where the file is missing or has changed.
pub(super) fn read_compressed(folder: &Path, name: &str) -> Result<String, IndexError> {
    let compressed = read(folder, name)?;
    let text = zstd::decode_all(compressed.as_slice()).map_err(|error| damaged(folder, name, error))?;
    String::from_utf8(text).map_err(|error| damaged(folder, name, error))
}

/// What is wrong with the file `name` of the generation at `folder`.
pub(super) fn damaged(folder: &Path, name: &str, what: impl std::fmt::Display) -> IndexError {
    IndexError::Damaged { path: folder.to_owned(), what: format!("{name}: {what}") }
}

fn checksum(content: &[u8]) -> String {
    Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_any_change_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let read = || read(folder.path(), "file");
        assert!(matches!(read(), Err(IndexError::Damaged { .. })), "missing");
        for content in ["", "\n", "한 줄\n또 한 줄"] {
            let bytes =
                write(folder.path(), "file", content.as_bytes(), faults::FaultPoint::WriteSimilar).unwrap();
            assert_eq!(read().unwrap(), content.as_bytes());
            let path = folder.path().join("file");
            let sound = std::fs::read(&path).unwrap();
            assert_eq!(sound.len() as u64, bytes);
            for at in 0..sound.len() {
                let mut changed = sound.clone();
                changed[at] ^= 1;
                for damage in [changed, sound[..at].to_vec()] {
                    std::fs::write(&path, damage).unwrap();
                    assert!(matches!(read(), Err(IndexError::Damaged { .. })), "byte {at}");
                }
            }
        }
    }
}
