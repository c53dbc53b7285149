//! What a backup says about itself, and whether that is true.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{BackupError, disk, tree};
use crate::article::Timestamp;

/// The manifest's name in a backup.
pub const MANIFEST: &str = "MANIFEST.json";
/// The manifest's checksum, as `sha256sum` writes it.
const SEAL: &str = "MANIFEST.sha256";
/// Layouts of backups that this program reads: this one.
const FORMAT: u32 = 1;
/// Folders of a backup that hold files.
const PLACES: [&str; 3] = ["data/articles", "data/lexicon", "index"];

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The layout.
    pub format: u32,
    /// The program's version that made it.
    pub gisa: String,
    /// When it was begun.
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
    /// Relative to the backup, parts separated by `/`. Bytes that are no UTF-8, and `%` itself, are written as `%XX`.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256, in lower-case hexadecimal.
    pub sha256: String,
}

impl FileEntry {
    /// The path in the file system, or `None` if it is none that a backup writes: it leads elsewhere, or is not where
    /// files of a backup are.
    pub(super) fn relative(&self) -> Option<PathBuf> {
        let path = decode(&self.path)?;
        let normal = path.components().all(|part| matches!(part, Component::Normal(_)));
        let inside = |place: &&str| path.starts_with(place) && path != Path::new(place);
        let placed = PLACES.iter().any(inside) || path == Path::new("config.toml");
        // Decoding and encoding again catches `a//b`, `./a` and `%41`.
        (normal && placed && encode(&path).as_ref() == Some(&self.path)).then_some(path)
    }
}

/// A path as it is written in a manifest. `None` where this system's names cannot be written.
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
    /// Reads every file of `dir` and writes its manifest, durably. What is there already is the whole backup, and the file
    /// `mark`, which is none of it.
    pub(super) fn write(
        dir: &Path,
        mark: &str,
        created_at: Timestamp,
        journal_last_sequence: u64,
        generation: Option<String>,
    ) -> Result<Self, BackupError> {
        let mut files = Vec::new();
        for path in tree::walk(dir)?.files.into_iter().filter(|path| path != Path::new(mark)) {
            let (bytes, sha256) = disk::checksum(&dir.join(&path))?;
            let unwritable = || {
                let source = std::io::Error::from(std::io::ErrorKind::InvalidFilename);
                BackupError::io("cannot write down the name of", &path)(source)
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

/// The manifest of the backup in `dir`, which its seal confirms; the files it names are not looked at.
///
/// # Errors
/// [`BackupError::NotWhole`] if it is missing, changed, or of another layout.
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
        .map_err(|error| not_whole(format!("{MANIFEST} is no manifest: {error}")))?;
    if manifest.format != FORMAT {
        let format = manifest.format;
        return Err(not_whole(format!("it has the layout {format}, of another version of gisa")));
    }
    Ok(manifest)
}

/// Reads every byte of the backup in `dir` and compares it with its manifest.
///
/// # Errors
/// [`BackupError::NotWhole`] lists every file that is missing, too much, or different, and what is no file at all.
pub fn verify(dir: &Path) -> Result<Manifest, BackupError> {
    let manifest = read_manifest(dir)?;
    let mut problems = Vec::new();
    let mut expected = BTreeMap::new();
    for file in &manifest.files {
        let known = file.relative().map(|path| expected.insert(path, file));
        if !matches!(known, Some(None)) {
            problems.push(format!("{:?} has no place in a backup, or two", file.path));
        }
    }
    let found = tree::walk(dir)?;
    problems.extend(found.others.iter().map(|path| format!("{} is no regular file", path.display())));
    for path in found.files.iter().filter(|path| ![MANIFEST, SEAL].map(Path::new).contains(&path.as_path())) {
        let Some(file) = expected.remove(path) else {
            problems.push(format!("{} is not in the manifest", path.display()));
            continue;
        };
        let (bytes, sha256) = disk::checksum(&dir.join(path))?;
        if bytes != file.bytes {
            problems.push(format!("{} has {bytes} bytes instead of {}", path.display(), file.bytes));
        } else if sha256 != file.sha256 {
            problems.push(format!("{} has another checksum", path.display()));
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
    fn only_paths_of_a_backup_are_taken() {
        for good in
            ["config.toml", "data/articles/2026/가람.jsonl", "data/lexicon/words.txt", "index/CURRENT"]
        {
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
    fn names_that_are_no_unicode_are_kept() {
        let path = path_of(b"data/articles/100%\xb1\xe2\xbb\xe7.jsonl".to_vec()).unwrap();
        let written = encode(&path).unwrap();
        assert_eq!(written, "data/articles/100%25%B1%E2%BB%E7.jsonl");
        assert_eq!(entry(&written).relative(), Some(path));
    }
}
