//! The Korean dictionary inside the binary: unpacked once into the index folder, then memory-mapped.
//!
//! The archive is mecab-ko-dic 2.1.1-20180720 compiled by lindera 6.2.0; `data/dictionary/README.md` gives its
//! sources. Embedding it keeps a server to one file. Mapping it from disk instead of holding it in memory keeps
//! 82 MB out of the heap, and all processes that serve one index folder share its pages.
//!
//! The unpacked folder carries the archive's hash in its name. A binary with another dictionary therefore never
//! reads it, and an older folder may be deleted as soon as no older binary runs.
//!
//! Nothing is downloaded, neither when the program is built nor when it starts.

mod error;
mod manifest;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use lindera::dictionary::{Dictionary, load_fs_dictionary_with_options};
use sha2::{Digest as _, Sha256};

use manifest::{Listed, Manifest};

pub use error::DictionaryError;

/// The compiled dictionary, a zstd-compressed tar archive.
static ARCHIVE: &[u8] =
    include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/data/dictionary/ko-dic.tar.zst"));
/// One line `hash  name`: the SHA-256 of [`ARCHIVE`].
static CHECKSUMS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/data/dictionary/SHA256SUMS"));
/// One line `bytes sha256 name` for each file in [`ARCHIVE`].
static MANIFEST: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/data/dictionary/MANIFEST"));

/// Start of the name of the unpacked folder.
const FOLDER_PREFIX: &str = "dictionary-";
/// Hexadecimal digits of the archive's hash in that name.
const FOLDER_DIGITS: usize = 16;
/// Start of the names of folders that are being written or removed.
const WORK_PREFIX: &str = ".dictionary-work-";
/// Locked while a process unpacks; an empty file, harmless where it stays.
const LOCK_FILE: &str = ".dictionary.lock";

/// SHA-256 of the embedded archive, 64 lower-case hexadecimal digits.
///
/// Stated at build time, not computed at each start; [`unpack`] compares it with the archive before it writes.
pub fn archive_hash() -> &'static str {
    CHECKSUMS.split_ascii_whitespace().next().unwrap_or_default()
}

/// Makes the dictionary available as a folder inside `index_dir` and returns that folder.
///
/// Unpacks only when the folder is missing or a file in it is missing or has the wrong size; otherwise this costs
/// nine `stat` calls and needs no right to write. A killed call leaves nothing that a later one could mistake for a
/// dictionary: files are written to a work folder, flushed to disk, and only then renamed. Processes and threads
/// that call this at once wait for one another.
///
/// # Errors
/// [`DictionaryError::Write`] or [`DictionaryError::Read`] when the index folder is not usable,
/// [`DictionaryError::Archive`] when the program itself is damaged.
pub fn unpack(index_dir: &Path) -> Result<PathBuf, DictionaryError> {
    let manifest = Manifest::parse(MANIFEST)?;
    unpack_unless(index_dir, &manifest, |folder| manifest.describes(folder))
}

/// The folder inside `index_dir` into which [`unpack`] writes; it need not be there.
///
/// # Errors
/// [`DictionaryError::Archive`] when the program itself is damaged.
pub fn folder_in(index_dir: &Path) -> Result<PathBuf, DictionaryError> {
    let digits = archive_hash()
        .get(..FOLDER_DIGITS)
        .ok_or_else(|| DictionaryError::archive("its checksum is missing"))?;
    Ok(index_dir.join(format!("{FOLDER_PREFIX}{digits}")))
}

/// The files in `folder`, which [`unpack`] returned, whose bytes are not the dictionary's; none if it is sound. Reads all
/// 82 MB, unless this process has done so and nobody has written to them since.
///
/// # Errors
/// [`DictionaryError::Archive`] when the program itself is damaged.
pub fn damaged_files(folder: &Path) -> Result<Vec<&'static str>, DictionaryError> {
    Ok(Manifest::parse(MANIFEST)?.damaged(folder))
}

/// Unpacks the dictionary anew where [`damaged_files`] finds any. The damaged files are not written to: whoever has them
/// mapped must [`load`] the new ones.
///
/// # Errors
/// Those of [`unpack`].
pub fn mend(index_dir: &Path) -> Result<PathBuf, DictionaryError> {
    let manifest = Manifest::parse(MANIFEST)?;
    unpack_unless(index_dir, &manifest, |folder| Ok(manifest.damaged(folder).is_empty()))
}

/// Unpacks it unless it `is_sound`.
fn unpack_unless(
    index_dir: &Path,
    manifest: &Manifest<'_>,
    is_sound: impl Fn(&Path) -> Result<bool, DictionaryError>,
) -> Result<PathBuf, DictionaryError> {
    let folder = folder_in(index_dir)?;
    if is_sound(&folder)? {
        return Ok(folder);
    }
    fs::create_dir_all(index_dir).map_err(DictionaryError::write(index_dir))?;
    let lock = lock(index_dir)?;
    if is_sound(&folder)? {
        return Ok(folder);
    }
    if lock.is_some() {
        // Their writers held the lock, so those processes have ended.
        remove_work_folders(index_dir)?;
    }
    verify(ARCHIVE)?;
    let work = work_folder(index_dir);
    let outcome = extract(ARCHIVE, manifest, &work).and_then(|()| publish(&work, &folder, &is_sound));
    if outcome.is_err() {
        // The first error is the one to report; the next start removes the rest of the folder.
        let _ = fs::remove_dir_all(&work);
    }
    outcome.map(|()| folder)
}

/// Unpacks the dictionary where it is not unpacked yet, and loads it; unpacks it anew where it is so damaged that it does not load. Damage
/// that does load [`damaged_files`] finds: that takes reading all of it.
///
/// # Errors
/// Those of [`unpack`] and [`load`].
pub fn open(index_dir: &Path) -> Result<Dictionary, DictionaryError> {
    let error = match load(&unpack(index_dir)?) {
        Ok(dictionary) => return Ok(dictionary),
        Err(error) => error,
    };
    tracing::error!(%error, "the unpacked dictionary is damaged; unpacking it anew");
    load(&mend(index_dir)?)
}

/// Loads the dictionary from `dir`, the folder that [`unpack`] returned.
///
/// The large files are memory-mapped: nothing is decoded, and pages are read as words need them.
///
/// # Errors
/// [`DictionaryError::Load`] when a file is missing or of another format.
pub fn load(dir: &Path) -> Result<Dictionary, DictionaryError> {
    load_fs_dictionary_with_options(dir, true)
        .map_err(|source| DictionaryError::Load { path: dir.to_owned(), source })
}

/// Compares the archive with the checksum that was built in with it.
fn verify(archive: &[u8]) -> Result<(), DictionaryError> {
    let hash: String = Sha256::digest(archive).iter().map(|byte| format!("{byte:02x}")).collect();
    if hash == archive_hash() {
        Ok(())
    } else {
        Err(DictionaryError::archive(format!("SHA-256 {hash}, expected {}", archive_hash())))
    }
}

/// Takes the lock of `index_dir`, waiting for it; the system drops it with the file, also when the process dies.
/// `None` on a file system without locks (some network disks): the rename in [`publish`] then still lets only
/// whole folders appear.
fn lock(index_dir: &Path) -> Result<Option<File>, DictionaryError> {
    let path = index_dir.join(LOCK_FILE);
    let file = File::create(&path).map_err(DictionaryError::write(&path))?;
    match file.lock() {
        Ok(()) => Ok(Some(file)),
        Err(error) if error.kind() == io::ErrorKind::Unsupported => Ok(None),
        Err(error) => Err(DictionaryError::write(&path)(error)),
    }
}

/// A folder name in `index_dir` that no other process or thread uses.
fn work_folder(index_dir: &Path) -> PathBuf {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let number = COUNTER.fetch_add(1, Ordering::Relaxed);
    index_dir.join(format!("{WORK_PREFIX}{}-{number}", std::process::id()))
}

fn remove_work_folders(index_dir: &Path) -> Result<(), DictionaryError> {
    for entry in fs::read_dir(index_dir).map_err(DictionaryError::read(index_dir))? {
        let entry = entry.map_err(DictionaryError::read(index_dir))?;
        if entry.file_name().to_string_lossy().starts_with(WORK_PREFIX) {
            let path = entry.path();
            remove(&path)?;
        }
    }
    Ok(())
}

/// Removes a folder and its content, or a file of that name.
fn remove(path: &Path) -> Result<(), DictionaryError> {
    fs::symlink_metadata(path)
        .and_then(|metadata| if metadata.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) })
        .map_err(DictionaryError::write(path))
}

/// Writes the files of `archive` into the new folder `work` and flushes them to disk.
///
/// Only files that `manifest` lists are written, under the names it gives, so that no path inside the archive can
/// lead anywhere else.
fn extract(archive: &[u8], manifest: &Manifest<'_>, work: &Path) -> Result<(), DictionaryError> {
    fs::create_dir(work).map_err(DictionaryError::write(work))?;
    let decoder = zstd::Decoder::with_buffer(archive).map_err(DictionaryError::archive)?;
    let mut tar = tar::Archive::new(decoder);
    let mut missing: BTreeSet<&str> = manifest.files.iter().map(|file| file.name).collect();
    for entry in tar.entries().map_err(DictionaryError::archive)? {
        let mut entry = entry.map_err(DictionaryError::archive)?;
        let name = entry.path().map_err(DictionaryError::archive)?.into_owned().into_os_string();
        let Listed { name, bytes: size, .. } = listed(&name, manifest)?;
        if !entry.header().entry_type().is_file() || entry.size() != size || !missing.remove(name) {
            return Err(DictionaryError::archive(format!("{name} is not a single file of {size} bytes")));
        }
        let path = work.join(name);
        let mut file = File::create_new(&path).map_err(DictionaryError::write(&path))?;
        copy(&mut entry, &mut file, &path)?;
        file.sync_all().map_err(DictionaryError::write(&path))?;
    }
    if let Some(name) = missing.first() {
        return Err(DictionaryError::archive(format!("it lacks {name}")));
    }
    sync_folder(work)
}

/// The manifest's own entry for an archive member.
fn listed<'a>(name: &OsString, manifest: &Manifest<'a>) -> Result<Listed<'a>, DictionaryError> {
    manifest
        .files
        .iter()
        .copied()
        .find(|file| name.as_os_str() == file.name)
        .ok_or_else(|| DictionaryError::archive(format!("it holds the unknown file {}", name.display())))
}

/// Copies `from` to `to`, telling a damaged archive from a full disk (which [`io::copy`] does not).
fn copy(from: &mut impl Read, to: &mut File, path: &Path) -> Result<(), DictionaryError> {
    let mut buffer = vec![0; 1 << 18];
    loop {
        let length = from.read(&mut buffer).map_err(DictionaryError::archive)?;
        let Some(bytes) = buffer.get(..length).filter(|bytes| !bytes.is_empty()) else { return Ok(()) };
        io::Write::write_all(to, bytes).map_err(DictionaryError::write(path))?;
    }
}

/// Gives the finished `work` folder its final name.
///
/// A damaged `folder` is renamed away first, never written to: a server that still maps its files keeps them.
fn publish(
    work: &Path,
    folder: &Path,
    is_sound: impl Fn(&Path) -> Result<bool, DictionaryError>,
) -> Result<(), DictionaryError> {
    let index_dir = folder.parent().unwrap_or_else(|| Path::new("."));
    if folder.symlink_metadata().is_ok() && !is_sound(folder)? {
        let damaged = work_folder(index_dir);
        fs::rename(folder, &damaged).map_err(DictionaryError::write(folder))?;
        remove(&damaged)?;
    }
    match fs::rename(work, folder) {
        Ok(()) => sync_folder(index_dir),
        // Without locks another process may have been faster; its folder is equally good.
        Err(_) if is_sound(folder)? => remove(work),
        Err(error) => Err(DictionaryError::write(folder)(error)),
    }
}

/// Flushes the entries of a folder to disk, so that the files in it keep their names after a power cut.
#[cfg(unix)]
fn sync_folder(path: &Path) -> Result<(), DictionaryError> {
    File::open(path).and_then(|folder| folder.sync_all()).map_err(DictionaryError::write(path))
}

/// Other systems cannot flush a folder by itself; they journal names on their own.
#[cfg(not(unix))]
fn sync_folder(_path: &Path) -> Result<(), DictionaryError> {
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn archive(members: &[(&str, &str)]) -> Vec<u8> {
        let mut tar = tar::Builder::new(zstd::Encoder::new(Vec::new(), 1).unwrap());
        for (name, content) in members {
            let mut header = tar::Header::new_gnu();
            header.set_size(u64::try_from(content.len()).unwrap());
            // `set_path` refuses `..`; a hostile archive would not.
            for (slot, byte) in header.as_old_mut().name.iter_mut().zip(name.bytes()) {
                *slot = byte;
            }
            header.set_cksum();
            tar.append(&header, content.as_bytes()).unwrap();
        }
        tar.into_inner().unwrap().finish().unwrap()
    }

    /// Lines of `bytes name` as a manifest; unpacking does not look at the hashes.
    fn with_hashes(lines: &str) -> String {
        lines.replace(' ', &format!(" {} ", "0".repeat(64)))
    }

    fn outcome(members: &[(&str, &str)], manifest: &str) -> Result<Vec<(String, String)>, String> {
        let folder = tempfile::tempdir().unwrap();
        let work = folder.path().join("work");
        extract(&archive(members), &Manifest::parse(&with_hashes(manifest)).unwrap(), &work)
            .map_err(|error| error.to_string())?;
        let mut files: Vec<_> = fs::read_dir(&work)
            .unwrap()
            .map(|entry| entry.unwrap())
            .map(|entry| {
                (entry.file_name().into_string().unwrap(), fs::read_to_string(entry.path()).unwrap())
            })
            .collect();
        files.sort();
        Ok(files)
    }

    #[test]
    fn listed_files_are_written() {
        let files = outcome(&[("b", "둘"), ("a", "하나")], "6 a\n3 b\n").unwrap();
        assert_eq!(files, [("a".to_owned(), "하나".to_owned()), ("b".to_owned(), "둘".to_owned())]);
    }

    #[test]
    fn members_outside_the_list_are_refused() {
        for name in ["../evil", "/etc/evil", "folder/a", "evil"] {
            let error = outcome(&[("a", "x"), (name, "x")], "1 a\n").unwrap_err();
            assert!(error.contains("unknown file") && error.contains("install the program again"), "{error}");
        }
    }

    #[test]
    fn wrong_sizes_doubles_and_gaps_are_refused() {
        assert!(outcome(&[("a", "xy")], "1 a\n").unwrap_err().contains("a is not a single file of 1 bytes"));
        assert!(outcome(&[("a", "x"), ("a", "x")], "1 a\n").unwrap_err().contains("a is not a single file"));
        assert!(outcome(&[("a", "x")], "1 a\n1 b\n").unwrap_err().contains("it lacks b"));
    }

    #[test]
    fn a_damaged_archive_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let mut bytes = archive(&[("a", "x")]);
        bytes.truncate(bytes.len() / 2);
        let error =
            extract(&bytes, &Manifest::parse(&with_hashes("1 a\n")).unwrap(), &folder.path().join("work"))
                .unwrap_err();
        assert!(matches!(error, DictionaryError::Archive { .. }), "{error}");
        assert!(verify(b"anything else").is_err());
    }
}
