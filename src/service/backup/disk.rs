//! The file operations of backups and restores; each passes its fault point first.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::BackupError;
use crate::access;
use crate::alerts;
use crate::faults::{self, FaultPoint};

/// Files of the data folder that only their owner may read.
pub(super) const PRIVATE: [&str; 2] = [access::FILE, alerts::FILE];

const BUFFER_BYTES: usize = 256 << 10;

/// Makes a folder and those above it.
pub(super) fn create_folder(path: &Path) -> Result<(), BackupError> {
    let created = faults::point(FaultPoint::BackupWrite).and_then(|()| fs::create_dir_all(path));
    created.map_err(BackupError::io("cannot create the folder", path))
}

/// Makes a folder's entries durable.
pub(super) fn sync_folder(path: &Path) -> Result<(), BackupError> {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    let synced = faults::point(FaultPoint::BackupSyncFolder).and_then(|()| File::open(path)?.sync_all());
    synced.map_err(BackupError::io("cannot sync the folder", path))
}

/// Writes `bytes` to the new file `path`, durably; until it is complete it has a temporary name.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), BackupError> {
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(".new");
    let temporary = PathBuf::from(temporary);
    let written = || -> io::Result<()> {
        faults::point(FaultPoint::BackupWrite)?;
        let mut file = File::create(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temporary, path)
    };
    written().map_err(BackupError::io("cannot write", path))?;
    sync_folder(path.parent().unwrap_or(Path::new("")))
}

/// [`write`]s the file that commits a restore to its changes.
pub(super) fn create_plan(path: &Path, bytes: &[u8]) -> Result<(), BackupError> {
    faults::point(FaultPoint::RestoreBegin).map_err(BackupError::io("cannot write", path))?;
    write(path, bytes)
}

/// A new file; one of keys or saved searches only its owner may read.
fn create(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    if path.file_name().is_some_and(|name| PRIVATE.iter().any(|private| name == *private)) {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    options.open(path)
}

/// Copies an open file to the new file `to`, durably, and gives its size and SHA-256.
pub(super) fn copy(from: &mut impl Read, to: &Path) -> Result<(u64, String), BackupError> {
    let failed = |error| BackupError::io("cannot write the copy", to)(error);
    faults::point(FaultPoint::BackupCopy).map_err(failed)?;
    let mut copy = create(to).map_err(failed)?;
    let found = digest(from, |bytes| copy.write_all(bytes)).map_err(failed)?;
    copy.sync_all().map_err(failed)?;
    Ok(found)
}

/// Gives the copy `to` the time of the file it was made of: by size and time the files that an index has not read are told. Where
/// the disk does not keep times, all of them are read again.
pub(super) fn keep_time(from: &File, to: &Path) {
    let kept = from
        .metadata()
        .and_then(|meta| meta.modified())
        .and_then(|modified| File::options().write(true).open(to)?.set_modified(modified));
    if let Err(error) = kept {
        tracing::debug!(file = %to.display(), %error, "a copy has another time than the file it was made of");
    }
}

/// Size and SHA-256, in lower-case hexadecimal, of the file at `path`.
pub(super) fn checksum(path: &Path) -> Result<(u64, String), BackupError> {
    let found = File::open(path).and_then(|mut file| digest(&mut file, |_| Ok(())));
    found.map_err(BackupError::io("cannot read", path))
}

fn digest(from: &mut impl Read, mut each: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<(u64, String)> {
    let mut buffer = vec![0; BUFFER_BYTES];
    let (mut hash, mut bytes) = (Sha256::new(), 0);
    loop {
        let read = match from.read(&mut buffer) {
            Ok(0) => return Ok((bytes, hex(&hash.finalize()))),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let part = buffer.get(..read).unwrap_or_default();
        hash.update(part);
        each(part)?;
        bytes += read as u64;
    }
}

/// SHA-256 of `bytes`, in lower-case hexadecimal.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Renames the file or folder `from`; `point` is passed first. Not yet durable.
pub(super) fn rename(point: FaultPoint, from: &Path, to: &Path) -> Result<(), BackupError> {
    let renamed = faults::point(point).and_then(|()| fs::rename(from, to));
    renamed.map_err(BackupError::io("cannot rename", from))
}

/// Removes a file, or a folder with everything in it; it need not exist.
pub(super) fn remove(path: &Path) -> Result<(), BackupError> {
    let gone = |removed: io::Result<()>| match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    };
    let is_folder = path.symlink_metadata().is_ok_and(|meta| meta.is_dir());
    let removed = faults::point(FaultPoint::RestoreRemove)
        .and_then(|()| gone(if is_folder { fs::remove_dir_all(path) } else { fs::remove_file(path) }));
    removed.map_err(BackupError::io("cannot remove", path))
}
