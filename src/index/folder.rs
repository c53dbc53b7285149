//! The index folder: generations side by side, and `CURRENT`, the name of the one that serves.
//!
//! A generation is built aside, verified, and only then named in `CURRENT` by an atomic rename, so a kill at
//! any instant leaves the whole old or the whole new one in service.
//!
//! ```text
//! CURRENT              the name of the generation in service
//! generation-…/        a whole tantivy index, and next to its files
//!     similar.jsonl    the groups of near-identical articles
//!     suggestions.zst  what the search box offers
//! dictionary-…/        the unpacked dictionary
//! admin-token  jobs.json  LOCK
//! ```
//!
//! The truth is in `data/`: files, and the journal of what was pushed. This folder can be deleted while gisa is stopped. One process
//! writes to it and holds `LOCK`; `gisa search`, `check` and `evaluate` read at the same time. The generation before the current one stays
//! as the one to fall back to.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use fs4::{FileExt, TryLockError};
use time::OffsetDateTime;
use time::macros::format_description;

use super::error::IndexError;
use crate::faults;

const CURRENT: &str = "CURRENT";
const LOCK: &str = "LOCK";
const PREFIX: &str = "generation-";

/// The folder that holds all generations.
#[derive(Debug, Clone)]
pub struct IndexFolder {
    root: PathBuf,
}

/// Holds a folder for this process; released when dropped, or when the process dies.
#[derive(Debug)]
pub struct FolderLock {
    _file: File,
}

impl FolderLock {
    /// Takes what the file `path` locks; the file is made if need be, and stays.
    ///
    /// # Errors
    /// [`IndexError::Locked`] if another process has it.
    pub fn take(path: PathBuf) -> Result<Self, IndexError> {
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(IndexError::io("cannot open", &path))?;
        match FileExt::try_lock(&file) {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(IndexError::Locked { path }),
            Err(TryLockError::Error(source)) => Err(IndexError::Io { action: "cannot lock", path, source }),
        }
    }
}

impl IndexFolder {
    /// Uses `root`, creating it if need be.
    pub fn new(root: impl Into<PathBuf>) -> Result<Self, IndexError> {
        let root = root.into();
        fs::create_dir_all(&root).map_err(IndexError::io("cannot create the folder", &root))?;
        Ok(Self { root })
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where generation `name` is or will be.
    pub fn path_of(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Takes the folder for this process.
    ///
    /// # Errors
    /// [`IndexError::Locked`] if another process has it.
    pub fn lock(&self) -> Result<FolderLock, IndexError> {
        FolderLock::take(self.root.join(LOCK))
    }

    /// The generation in service, or `None` before the first.
    pub fn current(&self) -> Result<Option<String>, IndexError> {
        let path = self.root.join(CURRENT);
        match fs::read_to_string(&path) {
            Ok(name) if is_generation_name(name.trim()) => Ok(Some(name.trim().to_owned())),
            Ok(name) => Err(IndexError::Damaged {
                path,
                what: format!("it names {:?}, which is not a generation", name.trim()),
            }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(IndexError::io("cannot read", path)(error)),
        }
    }

    /// A name for a new generation: sorts by time, unique within the folder.
    pub fn new_name(&self) -> String {
        let format = format_description!("[year][month][day]T[hour][minute][second].[subsecond digits:3]Z");
        let now = OffsetDateTime::now_utc().format(&format).unwrap_or_default();
        let mut name = format!("{PREFIX}{now}");
        let mut attempt = 1;
        while self.path_of(&name).exists() {
            attempt += 1;
            name = format!("{PREFIX}{now}-{attempt}");
        }
        name
    }

    /// Puts generation `name` into service: durable when this returns.
    pub fn publish(&self, name: &str) -> Result<(), IndexError> {
        sync_folder(&self.path_of(name))?;
        sync_folder(&self.root)?;
        let temporary = self.root.join("CURRENT.new");
        faults::point(faults::FaultPoint::WriteCurrent)
            .map_err(IndexError::io("cannot create", &temporary))?;
        let mut file = File::create(&temporary).map_err(IndexError::io("cannot create", &temporary))?;
        writeln!(file, "{name}").map_err(IndexError::io("cannot write", &temporary))?;
        file.sync_all().map_err(IndexError::io("cannot sync", &temporary))?;
        let current = self.root.join(CURRENT);
        faults::point(faults::FaultPoint::RenameCurrent)
            .map_err(IndexError::io("cannot replace", &current))?;
        fs::rename(&temporary, &current).map_err(IndexError::io("cannot replace", &current))?;
        // From here on the new generation is the current one, whatever fails.
        if let Err(error) = sync_folder(&self.root) {
            tracing::warn!(%error, "a power failure now could bring the former generation back");
        }
        Ok(())
    }

    /// All generations on disk, oldest first.
    pub fn generations(&self) -> Result<Vec<String>, IndexError> {
        let entries = fs::read_dir(&self.root).map_err(IndexError::io("cannot list", &self.root))?;
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry.map_err(IndexError::io("cannot list", &self.root))?;
            if let Some(name) = entry.file_name().to_str().filter(|name| is_generation_name(name)) {
                names.push(name.to_owned());
            }
        }
        names.sort();
        Ok(names)
    }

    /// Removes generations that nothing needs: all but the one in service and the newest verified one before
    /// it. What a killed build left is newer than the one in service and goes too.
    ///
    /// Files that a running search still has mapped stay readable until it ends (POSIX unlink).
    pub fn retire(&self) -> Result<Vec<String>, IndexError> {
        let Some(current) = self.current()? else { return Ok(Vec::new()) };
        let all = self.generations()?;
        let previous = all.iter().rfind(|name| **name < current).cloned();
        let mut removed = Vec::new();
        for name in all {
            if name != current && Some(&name) != previous.as_ref() {
                faults::point(faults::FaultPoint::Retire)
                    .map_err(IndexError::io("cannot remove", self.path_of(&name)))?;
                self.remove(&name)?;
                removed.push(name);
            }
        }
        Ok(removed)
    }

    /// Removes one generation's folder.
    pub fn remove(&self, name: &str) -> Result<(), IndexError> {
        let path = self.path_of(name);
        match fs::remove_dir_all(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(IndexError::io("cannot remove", path)(error))
            }
            _ => Ok(()),
        }
    }
}

fn is_generation_name(name: &str) -> bool {
    name.strip_prefix(PREFIX).is_some_and(|rest| {
        !rest.is_empty() && rest.chars().all(|ch| ch.is_ascii_alphanumeric() || matches!(ch, '.' | '-'))
    })
}

/// Makes a folder's entries durable.
fn sync_folder(path: &Path) -> Result<(), IndexError> {
    faults::point(faults::FaultPoint::SyncIndexFolder).map_err(IndexError::io("cannot sync", path))?;
    File::open(path).and_then(|folder| folder.sync_all()).map_err(IndexError::io("cannot sync", path))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn publish_replaces_and_retire_keeps_the_previous() {
        let temp = tempfile::tempdir().unwrap();
        let folder = IndexFolder::new(temp.path()).unwrap();
        assert_eq!(folder.current().unwrap(), None);
        let mut names = Vec::new();
        for _ in 0..3 {
            let name = folder.new_name();
            fs::create_dir(folder.path_of(&name)).unwrap();
            folder.publish(&name).unwrap();
            names.push(name);
        }
        assert_eq!(folder.current().unwrap().as_ref(), names.last());
        folder.retire().unwrap();
        assert_eq!(folder.generations().unwrap(), names[1..]);
    }

    #[test]
    fn one_lock_at_a_time() {
        let temp = tempfile::tempdir().unwrap();
        let folder = IndexFolder::new(temp.path()).unwrap();
        let held = folder.lock().unwrap();
        assert!(matches!(folder.lock(), Err(IndexError::Locked { .. })));
        drop(held);
        folder.lock().unwrap();
    }

    #[test]
    fn a_damaged_current_is_reported() {
        let temp = tempfile::tempdir().unwrap();
        let folder = IndexFolder::new(temp.path()).unwrap();
        fs::write(temp.path().join(CURRENT), "../elsewhere").unwrap();
        assert!(matches!(folder.current(), Err(IndexError::Damaged { .. })));
    }
}
