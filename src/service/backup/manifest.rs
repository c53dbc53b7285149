//! The list of everything in a backup, and comparing a backup with its list.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{BackupError, disk, tree};
use crate::article::Timestamp;

/// The manifest's name in a backup.
pub const MANIFEST: &str = "MANIFEST.json";
/// The manifest's checksum, as `sha256sum` writes it.
const SEAL: &str = "MANIFEST.sha256";
/// The only layout of backups that this program reads.
const FORMAT: u32 = 1;
/// Folders of a backup that hold files.
const FOLDERS: [&str; 3] = ["data/articles", "data/lexicon", "index"];
/// Files of a backup outside those folders.
const FILES: [&str; 3] = ["config.toml", "data/keys.toml", "data/searches.json"];

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The layout.
    pub format: u32,
    /// The version of the program that made it.
    pub gisa: String,
    /// When it was started.
    pub created_at: Timestamp,
    /// The last entry of the journal in it.
    pub journal_last_sequence: u64,
    /// The generation in it, if there is one.
    pub generation: Option<String>,
    /// Every file, sorted by path.
    pub files: Vec<FileEntry>,
}

/// One file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileEntry {
    /// Relative to the backup, parts separated by `/`. Bytes that are not UTF-8, and `%` itself, are written as `%XX`.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256, in lower-case hexadecimal.
    pub sha256: String,
}

impl FileEntry {
    /// The path in the file system, or `None` if no backup writes such a path: it leads out of the backup, or to a place
    /// where backups have no files.
    pub(super) fn relative(&self) -> Option<PathBuf> {
        let path = decode(&self.path)?;
        let normal = path.components().all(|part| matches!(part, Component::Normal(_)));
        let inside = |folder: &&str| path.starts_with(folder) && path != Path::new(folder);
        let placed = FOLDERS.iter().any(inside) || FILES.iter().any(|file| path == Path::new(file));
        // Decoding and encoding again catches `a//b`, `./a` and `%41`.
        (normal && placed && encode(&path).as_ref() == Some(&self.path)).then_some(path)
    }
}

/// A path as it is written in a manifest. `None` if it cannot be written on this system.
fn encode(path: &Path) -> Option<String> {
    let mut parts = Vec::new();
    for part in path.components() {
        let mut text = String::new();
        for chunk in bytes_of(part.as_os_str())?.utf8_chunks() {
            for ch in chunk.valid().chars() {
                match ch {
                    '%' => text.push_str("%25"),
                    ch => text.push(ch),
                }
            }
            text.extend(chunk.invalid().iter().map(|byte| format!("%{byte:02X}")));
        }
        parts.push(text);
    }
    Some(parts.join("/"))
}

fn decode(text: &str) -> Option<PathBuf> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digits = [rest.next()?, rest.next()?];
        bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
    }
    path_of(bytes)
}

#[cfg(unix)]
fn bytes_of(name: &std::ffi::OsStr) -> Option<&[u8]> {
    use std::os::unix::ffi::OsStrExt as _;
    Some(name.as_bytes())
}

#[cfg(unix)]
fn path_of(bytes: Vec<u8>) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStringExt as _;
    Some(PathBuf::from(std::ffi::OsString::from_vec(bytes)))
}

#[cfg(not(unix))]
fn bytes_of(name: &std::ffi::OsStr) -> Option<&[u8]> {
    name.to_str().map(str::as_bytes)
}

#[cfg(not(unix))]
fn path_of(bytes: Vec<u8>) -> Option<PathBuf> {
    String::from_utf8(bytes).ok().map(PathBuf::from)
}

impl Manifest {
    /// Reads every file of `dir` and writes its manifest, durably. The backup must be complete but for the manifest; the
    /// file `mark` is not part of it.
    pub(super) fn write(
        dir: &Path,
        mark: &str,
        created_at: Timestamp,
        journal_last_sequence: u64,
        generation: Option<String>,
    ) -> Result<Self, BackupError> {
        let mut files = Vec::new();
        for path in tree::list(dir)?.files.into_iter().filter(|path| path != Path::new(mark)) {
            let (bytes, sha256) = disk::checksum(&dir.join(&path))?;
            let unwritable = || {
                let source = std::io::Error::from(std::io::ErrorKind::InvalidFilename);
                BackupError::io("cannot list in the manifest", &path)(source)
            };
            files.push(FileEntry { path: encode(&path).ok_or_else(unwritable)?, bytes, sha256 });
        }
        let gisa = env!("CARGO_PKG_VERSION").to_owned();
        let manifest = Self { format: FORMAT, gisa, created_at, journal_last_sequence, generation, files };
        let mut text = serde_json::to_vec_pretty(&manifest).unwrap_or_default();
        text.push(b'\n');
        disk::write(&dir.join(MANIFEST), &text)?;
        disk::write(&dir.join(SEAL), seal(&text).as_bytes())?;
        Ok(manifest)
    }

    /// Bytes of all files.
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }
}

fn seal(manifest: &[u8]) -> String {
    format!("{}  {MANIFEST}\n", disk::sha256(manifest))
}

/// The manifest of the backup in `dir`, compared with its checksum. The files that it lists are not read.
///
/// # Errors
/// [`BackupError::NotWhole`] if the manifest is missing, was changed, or has another layout.
pub fn read_manifest(dir: &Path) -> Result<Manifest, BackupError> {
    let not_whole = |problem: String| BackupError::NotWhole { path: dir.to_owned(), problems: vec![problem] };
    let read = |name: &str| {
        std::fs::read(dir.join(name)).map_err(|error| not_whole(format!("cannot read {name}: {error}")))
    };
    let text = read(MANIFEST)?;
    if read(SEAL)? != seal(&text).into_bytes() {
        return Err(not_whole(format!("{MANIFEST} and {SEAL} do not match")));
    }
    let manifest: Manifest = serde_json::from_slice(&text)
        .map_err(|error| not_whole(format!("{MANIFEST} is not a manifest: {error}")))?;
    if manifest.format != FORMAT {
        let format = manifest.format;
        return Err(not_whole(format!("its layout, number {format}, belongs to another version of gisa")));
    }
    Ok(manifest)
}

/// Reads every byte of the backup in `dir` and compares it with its manifest.
///
/// # Errors
/// [`BackupError::NotWhole`] lists every file that is missing, unexpected or different, and everything that is not a file.
pub fn verify(dir: &Path) -> Result<Manifest, BackupError> {
    let manifest = read_manifest(dir)?;
    let mut problems = Vec::new();
    let mut expected = BTreeMap::new();
    for file in &manifest.files {
        let known = file.relative().map(|path| expected.insert(path, file));
        if !matches!(known, Some(None)) {
            problems.push(format!("{:?} does not belong in a backup, or is listed twice", file.path));
        }
    }
    let found = tree::list(dir)?;
    problems.extend(found.others.iter().map(|path| format!("{} is not a regular file", path.display())));
    for path in found.files.iter().filter(|path| ![MANIFEST, SEAL].map(Path::new).contains(&path.as_path())) {
        let Some(file) = expected.remove(path) else {
            problems.push(format!("{} is not in the manifest", path.display()));
            continue;
        };
        let (bytes, sha256) = disk::checksum(&dir.join(path))?;
        if bytes != file.bytes {
            problems.push(format!("{} has {bytes} bytes instead of {}", path.display(), file.bytes));
        } else if sha256 != file.sha256 {
            problems.push(format!("{} has a different checksum", path.display()));
        }
    }
    problems.extend(expected.keys().map(|path| format!("{} is missing", path.display())));
    if problems.is_empty() {
        Ok(manifest)
    } else {
        Err(BackupError::NotWhole { path: dir.to_owned(), problems })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn entry(path: &str) -> FileEntry {
        FileEntry { path: path.to_owned(), bytes: 0, sha256: String::new() }
    }

    #[test]
    fn only_paths_of_a_backup_are_accepted() {
        for good in [
            "config.toml",
            "data/articles/2026/가람.jsonl",
            "data/lexicon/words.txt",
            "data/keys.toml",
            "data/searches.json",
            "index/CURRENT",
        ] {
            assert_eq!(entry(good).relative(), Some(PathBuf::from(good)));
        }
        for bad in [
            "../data/articles/x",
            "data/articles/../../etc/passwd",
            "/etc/passwd",
            "data/articles",
            "data/other/x",
            "data/articles//x",
            "./config.toml",
            "data/articles/%2E%2E/x",
            "data/articles/%",
            "data/articles/%2e",
            "",
        ] {
            assert_eq!(entry(bad).relative(), None, "{bad}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn names_that_are_not_unicode_are_kept() {
        let path = path_of(b"data/articles/100%\xb1\xe2\xbb\xe7.jsonl".to_vec()).unwrap();
        let written = encode(&path).unwrap();
        assert_eq!(written, "data/articles/100%25%B1%E2%BB%E7.jsonl");
        assert_eq!(entry(&written).relative(), Some(path));
    }
}
