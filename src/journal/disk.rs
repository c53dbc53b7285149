//! Every file operation of the journal; each passes its fault point first.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::JournalError;
use crate::faults::{self, FaultPoint};

/// Creates the journal's folder, and makes its entry in the parent folder durable.
pub(super) fn create_folder(path: &Path) -> Result<(), JournalError> {
    if path.is_dir() {
        return Ok(());
    }
    let created = faults::point(FaultPoint::JournalCreateFolder).and_then(|()| fs::create_dir_all(path));
    created.map_err(JournalError::io("cannot create the folder", path))?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// The names in a folder.
pub(super) fn names(folder: &Path) -> Result<Vec<String>, JournalError> {
    let list = || -> io::Result<Vec<String>> {
        faults::point(FaultPoint::JournalList)?;
        let entries = fs::read_dir(folder)?;
        entries.map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned())).collect()
    };
    list().map_err(JournalError::io("cannot list", folder))
}

/// Makes a folder's entries durable.
pub(super) fn sync_folder(path: &Path) -> Result<(), JournalError> {
    let sync = || -> io::Result<()> {
        faults::point(FaultPoint::JournalSyncFolder)?;
        // The parent of a relative path with one component is the current folder.
        let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
        File::open(path)?.sync_all()
    };
    sync().map_err(JournalError::io("cannot sync the folder", path))
}

/// Opens a file to read it.
pub(super) fn open(path: &Path) -> Result<File, JournalError> {
    let opened = faults::point(FaultPoint::JournalOpen).and_then(|()| File::open(path));
    opened.map_err(JournalError::io("cannot open", path))
}

/// Opens a file to append to it; `new` creates it, or uses an existing one that is empty.
pub(super) fn open_to_append(path: &Path, new: bool) -> Result<File, JournalError> {
    let point = if new { FaultPoint::JournalCreate } else { FaultPoint::JournalOpen };
    let opened = faults::point(point)
        .and_then(|()| File::options().read(true).append(true).create(new).open(path))
        .map_err(JournalError::io(if new { "cannot create" } else { "cannot open" }, path))?;
    if new && length(&opened, path)? > 0 {
        let source = io::Error::from(io::ErrorKind::AlreadyExists);
        return Err(JournalError::io("will not append to a file that it did not create,", path)(source));
    }
    Ok(opened)
}

/// The length of an open file, in bytes.
pub(super) fn length(file: &File, path: &Path) -> Result<u64, JournalError> {
    Ok(file.metadata().map_err(JournalError::io("cannot read", path))?.len())
}

/// Writes all of `bytes` at the end.
pub(super) fn append(mut file: &File, path: &Path, bytes: &[u8]) -> Result<(), JournalError> {
    let written = faults::point(FaultPoint::JournalAppend).and_then(|()| file.write_all(bytes));
    written.map_err(JournalError::io("cannot append to", path))
}

/// Makes what a file holds durable.
pub(super) fn sync(file: &File, path: &Path) -> Result<(), JournalError> {
    let synced = faults::point(FaultPoint::JournalSync).and_then(|()| file.sync_data());
    synced.map_err(JournalError::io("cannot sync", path))
}

/// Whether the open `file` is still the one at `path`. What is written to a file whose name is gone, or that lies in a folder
/// that was moved away, is durable and yet found by nobody.
pub(super) fn still_named(file: &File, path: &Path) -> Result<(), JournalError> {
    match is_same(file, path) {
        Ok(true) => Ok(()),
        Ok(false) => {
            let source = io::Error::new(io::ErrorKind::NotFound, "another file has taken its place");
            Err(JournalError::io("cannot write to", path)(source))
        }
        Err(source) => Err(JournalError::io("cannot write to", path)(source)),
    }
}

/// Whether the open `file` is the one at `path`.
#[cfg(unix)]
pub(super) fn is_same(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    let (open, named) = (file.metadata()?, fs::metadata(path)?);
    Ok((open.dev(), open.ino()) == (named.dev(), named.ino()))
}

/// Where files have no inode numbers, the name alone must do.
#[cfg(not(unix))]
pub(super) fn is_same(_file: &File, path: &Path) -> io::Result<bool> {
    fs::metadata(path).map(|_| true)
}

/// Cuts a file to `length` bytes; not yet durable.
pub(super) fn truncate(file: &File, path: &Path, length: u64) -> Result<(), JournalError> {
    let cut = faults::point(FaultPoint::JournalTruncate).and_then(|()| file.set_len(length));
    cut.map_err(JournalError::io("cannot truncate", path))
}

/// Renames a file, replacing one that has the new name; not yet durable. `point` is passed first.
pub(super) fn rename(point: FaultPoint, from: &Path, to: &Path) -> Result<(), JournalError> {
    let renamed = faults::point(point).and_then(|()| fs::rename(from, to));
    renamed.map_err(JournalError::io("cannot rename", from))
}

/// Removes a file; it need not exist. `point` is passed first.
pub(super) fn remove(point: FaultPoint, path: &Path) -> Result<(), JournalError> {
    match faults::point(point).and_then(|()| fs::remove_file(path)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(JournalError::io("cannot remove", path)(error))
        }
        _ => Ok(()),
    }
}

/// The subfolder for damaged bytes.
pub(super) const DAMAGED: &str = "damaged";

/// Copies `length` bytes at `offset` of `path` to `damaged/`. The copy's name is made of the file's first number, the offset
/// and the bytes' checksum, so setting the same bytes aside again changes nothing. Durable when this returns; gives the
/// copy's path.
pub(super) fn set_aside(path: &Path, first: u64, offset: u64, length: u64) -> Result<PathBuf, JournalError> {
    let folder = path.parent().unwrap_or(Path::new("")).join(DAMAGED);
    create_folder(&folder)?;
    let failed = || JournalError::io("cannot set damaged bytes aside in", &folder);
    let stretch = || -> Result<_, JournalError> {
        let mut file = open(path)?;
        file.seek(SeekFrom::Start(offset)).map_err(JournalError::io("cannot read", path))?;
        Ok(file.take(length))
    };
    let mut hasher = Hasher(crc32fast::Hasher::new());
    io::copy(&mut stretch()?, &mut hasher).map_err(JournalError::io("cannot read", path))?;
    let copy = folder.join(format!("{first:020}.{offset}.{:08x}", hasher.0.finalize()));
    if copy.metadata().is_ok_and(|meta| meta.len() == length) {
        return Ok(copy);
    }
    let unfinished = copy.with_extension("new");
    let write = || -> Result<(), JournalError> {
        faults::point(FaultPoint::JournalSetAside).map_err(failed())?;
        let mut file = File::create(&unfinished).map_err(failed())?;
        io::copy(&mut stretch()?, &mut file).map_err(failed())?;
        file.sync_all().map_err(failed())?;
        fs::rename(&unfinished, &copy).map_err(failed())
    };
    write()?;
    sync_folder(&folder)?;
    Ok(copy)
}

struct Hasher(crc32fast::Hasher);

impl Write for Hasher {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Creates the file that a compaction writes, replacing a leftover.
pub(super) fn create_unfinished(path: &Path) -> Result<File, JournalError> {
    let created = faults::point(FaultPoint::JournalCompactWrite).and_then(|()| File::create(path));
    created.map_err(JournalError::io("cannot create", path))
}

/// Writes to the file that a compaction writes.
pub(super) fn write_unfinished(mut file: &File, path: &Path, bytes: &[u8]) -> Result<(), JournalError> {
    let written = faults::point(FaultPoint::JournalCompactWrite).and_then(|()| file.write_all(bytes));
    written.map_err(JournalError::io("cannot write", path))
}

/// Makes the file that a compaction writes durable.
pub(super) fn sync_unfinished(file: &File, path: &Path) -> Result<(), JournalError> {
    let synced = faults::point(FaultPoint::JournalCompactSync).and_then(|()| file.sync_all());
    synced.map_err(JournalError::io("cannot sync", path))
}

/// Reads a whole file.
pub(super) fn read_whole(path: &Path) -> Result<Vec<u8>, JournalError> {
    let mut bytes = Vec::new();
    let read = faults::point(FaultPoint::VersionRead)
        .and_then(|()| File::open(path))
        .and_then(|mut file| file.read_to_end(&mut bytes));
    read.map_err(JournalError::io("cannot read", path))?;
    Ok(bytes)
}

/// Writes a file of earlier texts, replacing a leftover; durable when this returns.
pub(super) fn write_version(path: &Path, bytes: &[u8]) -> Result<(), JournalError> {
    let write = || -> io::Result<()> {
        faults::point(FaultPoint::VersionWrite)?;
        let mut file = File::create(path)?;
        file.write_all(bytes)?;
        faults::point(FaultPoint::VersionSync)?;
        file.sync_all()
    };
    write().map_err(JournalError::io("cannot write", path))
}
