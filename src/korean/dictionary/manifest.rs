//! What the unpacked dictionary must be: each file's size and SHA-256, as they were when it was packed.
//!
//! Sizes cost a `stat` each and are compared at every start; a file that was cut, or never finished, has another. Damage that
//! leaves the size alone shows only in the checksums, which cost a fraction of a second: they are computed once for files
//! that nobody has written to since.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use sha2::{Digest as _, Sha256};

use super::error::DictionaryError;

/// One file of the dictionary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Listed<'a> {
    pub(super) name: &'a str,
    pub(super) bytes: u64,
    /// SHA-256, lower-case hexadecimal.
    pub(super) sha256: &'a str,
}

/// The files of the dictionary.
pub(super) struct Manifest<'a> {
    pub(super) files: Vec<Listed<'a>>,
}

impl<'a> Manifest<'a> {
    /// Reads lines of `bytes sha256 name`. Every name must be a plain file name, with no folder in it.
    pub(super) fn parse(text: &'a str) -> Result<Self, DictionaryError> {
        let files = text.lines().map(|line| {
            let (bytes, rest) = line.split_once(' ')?;
            let (sha256, name) = rest.split_once(' ')?;
            let mut components = Path::new(name).components();
            let plain =
                matches!(components.next(), Some(Component::Normal(_))) && components.next().is_none();
            let hexadecimal = sha256.len() == 64 && sha256.bytes().all(|digit| digit.is_ascii_hexdigit());
            (plain && hexadecimal).then_some(Listed { name, bytes: bytes.parse().ok()?, sha256 })
        });
        let files = files
            .collect::<Option<Vec<_>>>()
            .filter(|files| !files.is_empty())
            .ok_or_else(|| DictionaryError::archive("its list of files is unreadable"))?;
        Ok(Self { files })
    }

    /// Whether `folder` holds every file at its exact size.
    pub(super) fn describes(&self, folder: &Path) -> Result<bool, DictionaryError> {
        for file in &self.files {
            let path = folder.join(file.name);
            match fs::metadata(&path) {
                Ok(metadata) if metadata.is_file() && metadata.len() == file.bytes => {}
                Ok(_) => return Ok(false),
                Err(error)
                    if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) =>
                {
                    return Ok(false);
                }
                Err(error) => return Err(DictionaryError::read(&path)(error)),
            }
        }
        Ok(true)
    }

    /// The files in `folder` that are not what they should be: other bytes, missing, or not to be read.
    pub(super) fn damaged(&self, folder: &Path) -> Vec<&'a str> {
        /// The files whose checksums were right, as the file system knew them then.
        static SOUND: Mutex<BTreeMap<PathBuf, Stamp>> = Mutex::new(BTreeMap::new());
        let mut damaged = Vec::new();
        for file in &self.files {
            let path = folder.join(file.name);
            let known = |stamp: &Stamp| {
                let sound = SOUND.lock().unwrap_or_else(PoisonError::into_inner);
                fs::canonicalize(&path).is_ok_and(|path| sound.get(&path) == Some(stamp))
            };
            // Before reading: what is written to it meanwhile must not pass for read.
            let stamp = Stamp::of(&path);
            if stamp.as_ref().is_some_and(known) {
                continue;
            }
            match (checksum(&path), stamp, fs::canonicalize(&path)) {
                (Ok(found), stamp, path) if found == file.sha256 => {
                    if let (Some(stamp), Ok(path)) = (stamp, path) {
                        SOUND.lock().unwrap_or_else(PoisonError::into_inner).insert(path, stamp);
                    }
                }
                _ => damaged.push(file.name),
            }
        }
        damaged
    }
}

/// What changes where a file is written to, or another takes its place.
#[derive(Debug, PartialEq, Eq)]
struct Stamp {
    device: u64,
    inode: u64,
    bytes: u64,
    /// Seconds and nanoseconds of the last change of its bytes, and of anything about it.
    changed: [i64; 4],
}

impl Stamp {
    #[cfg(unix)]
    fn of(path: &Path) -> Option<Self> {
        use std::os::unix::fs::MetadataExt as _;
        let meta = fs::metadata(path).ok()?;
        Some(Self {
            device: meta.dev(),
            inode: meta.ino(),
            bytes: meta.len(),
            changed: [meta.mtime(), meta.mtime_nsec(), meta.ctime(), meta.ctime_nsec()],
        })
    }

    /// On other systems the checksums are computed each time.
    #[cfg(not(unix))]
    fn of(_path: &Path) -> Option<Self> {
        None
    }
}

fn checksum(path: &Path) -> io::Result<String> {
    let (mut file, mut sha) = (File::open(path)?, Sha256::new());
    let mut buffer = vec![0; 1 << 18];
    loop {
        let length = file.read(&mut buffer)?;
        let Some(bytes) = buffer.get(..length).filter(|bytes| !bytes.is_empty()) else {
            return Ok(sha.finalize().iter().map(|byte| format!("{byte:02x}")).collect());
        };
        sha.update(bytes);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const SHA: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn the_list_takes_plain_file_names_only() {
        for text in ["", "1 ../a", "1 a", "one HASH a", "1 HASH /a", "1 HASH b/a", "1 HASH ", "1 12ab a"] {
            assert!(Manifest::parse(&text.replace("HASH", SHA)).is_err(), "{text:?}");
        }
        let line = format!("7 {SHA} dict.words\n");
        let listed = Listed { name: "dict.words", bytes: 7, sha256: SHA };
        assert_eq!(Manifest::parse(&line).unwrap().files, [listed]);
    }

    #[test]
    fn damage_that_keeps_the_size_is_noticed_also_after_the_file_was_found_sound() {
        let folder = tempfile::tempdir().unwrap();
        let text = format!("3 {SHA} abc\n");
        let manifest = Manifest::parse(&text).unwrap();
        assert_eq!(manifest.damaged(folder.path()), ["abc"], "missing");
        let path = folder.path().join("abc");
        fs::write(&path, "abc").unwrap();
        assert!(manifest.damaged(folder.path()).is_empty());
        assert!(manifest.damaged(folder.path()).is_empty());
        fs::write(&path, "abd").unwrap();
        assert!(manifest.describes(folder.path()).unwrap());
        assert_eq!(manifest.damaged(folder.path()), ["abc"]);
    }
}
