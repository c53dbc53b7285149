//! The index folder: generations side by side, and `CURRENT`, the name of the one that serves.
//!
//! A generation is built aside, verified, and only then named in `CURRENT` by an atomic rename, so a kill at
//! any instant leaves the whole old or the whole new one in service.
//!
//! ```text
//! CURRENT              the name of the generation in service
//! generation-…/        a whole tantivy index, and next to its files
//!     similar.jsonl    the groups of near-identical articles
//!     learned.zst      names that the articles teach
//!     suggestions.zst  what the search box offers
//!     files-N.zst      which files were read, and the ids that each gave
//! dictionary-…/        the unpacked dictionary
//! admin-token  jobs.json  LOCK
//! ```
//!
//! The truth is in `data/`: files, and the journal of what was pushed. This folder can be deleted while gisa is stopped. One process
//! writes to it and holds `LOCK`; `gisa search`, `check` and `evaluate` read at the same time. The generation that served before the
//! current one stays as the one to fall back to.
//!
//! Generations are ordered by a number, each one more than all that are there: a clock that is set back must not make the newest
//! look like the oldest. The time in a name is for people. Names without a number, of an earlier version, come before all others.

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
    file: File,
}

impl Drop for FolderLock {
    fn drop(&mut self) {
        // Closing the file alone would not do: a program that is just being started by this process still has a copy of it, until
        // it runs, and the lock lasts as long as any. Where unlocking fails, closing follows anyway.
        let _ = FileExt::unlock(&self.file);
    }
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
            Ok(()) => Ok(Self { file }),
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

    /// The generation in service, or `None` where nothing names one: before the first, or because the file is lost.
    ///
    /// # Errors
    /// [`IndexError::Current`] if the file cannot be read or names no generation.
    pub fn current(&self) -> Result<Option<String>, IndexError> {
        let path = self.root.join(CURRENT);
        // What is not a file is not opened: a pipe would wait for somebody who writes to it.
        let read = |meta: fs::Metadata| {
            if meta.is_file() { fs::read(&path) } else { Err(std::io::Error::other("it is not a file")) }
        };
        let what = match fs::metadata(&path).and_then(read) {
            Ok(bytes) => {
                let name = String::from_utf8_lossy(&bytes).trim().to_owned();
                if is_generation_name(&name) {
                    return Ok(Some(name));
                }
                let shown: String = name.chars().take(60).collect();
                format!("it names {shown:?}, which is not a generation")
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => format!("it cannot be read ({error})"),
        };
        Err(IndexError::Current { path, what })
    }

    /// What is wrong where generations are there and nothing names the one in service.
    pub fn current_is_missing(&self) -> IndexError {
        IndexError::Current { path: self.root.join(CURRENT), what: "it is missing".to_owned() }
    }

    /// A name for a new generation: its number is one more than those of all generations that are there, hidden ones too.
    ///
    /// # Errors
    /// The folder cannot be listed.
    pub fn new_name(&self) -> Result<String, IndexError> {
        let format = format_description!("[year][month][day]T[hour][minute][second]Z");
        let now = OffsetDateTime::now_utc().format(&format).unwrap_or_default();
        // A restore keeps a generation under a hidden name until its turn comes.
        let there = self.names()?.into_iter().map(|name| number_of(name.trim_start_matches('.')));
        let named = self.current().ok().flatten().map(|name| number_of(&name));
        let number = there.chain(named).max().unwrap_or(0).saturating_add(1);
        Ok(format!("{PREFIX}{number:08}-{now}"))
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
        let mut names = self.names()?;
        // A file that somebody called like one, a copy packed into an archive say, is theirs.
        names.retain(|name| is_generation_name(name) && self.path_of(name).is_dir());
        names.sort_by(|a, b| order(a).cmp(&order(b)));
        Ok(names)
    }

    /// The names of everything in the folder; those that are not UTF-8 are not the program's.
    fn names(&self) -> Result<Vec<String>, IndexError> {
        let entries = fs::read_dir(&self.root).map_err(IndexError::io("cannot list", &self.root))?;
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry.map_err(IndexError::io("cannot list", &self.root))?;
            names.extend(entry.file_name().into_string().ok());
        }
        Ok(names)
    }

    /// Removes generations that nothing needs: all but the one in service and one to fall back to. That is `fallback` if it
    /// is there, for it has served; else the newest before the one in service.
    ///
    /// Files that a running search still has mapped stay readable until it ends (POSIX unlink).
    pub fn retire(&self, fallback: Option<&str>) -> Result<Vec<String>, IndexError> {
        let Some(current) = self.current()? else { return Ok(Vec::new()) };
        let all = self.generations()?;
        let served = all.iter().find(|name| **name != current && Some(name.as_str()) == fallback);
        let previous = served.or_else(|| all.iter().rfind(|name| is_newer(&current, name))).cloned();
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

/// Whether generation `name` was begun after generation `than`.
pub fn is_newer(name: &str, than: &str) -> bool {
    order(name) > order(than)
}

/// Generations of a version that numbered none were named by time alone.
fn order(name: &str) -> (u64, &str) {
    (number_of(name), name)
}

/// The number in a generation's name, 0 where it has none.
fn number_of(name: &str) -> u64 {
    let rest = name.strip_prefix(PREFIX).unwrap_or_default();
    let digits = rest.split('-').next().unwrap_or_default();
    // `parse` would take a sign.
    if digits.bytes().all(|byte| byte.is_ascii_digit()) { digits.parse().unwrap_or(0) } else { 0 }
}

/// Makes a folder's entries durable.
fn sync_folder(path: &Path) -> Result<(), IndexError> {
    faults::point(faults::FaultPoint::SyncIndexFolder).map_err(IndexError::io("cannot sync", path))?;
    File::open(path).and_then(|folder| folder.sync_all()).map_err(IndexError::io("cannot sync", path))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn made(folder: &IndexFolder) -> String {
        let name = folder.new_name().unwrap();
        fs::create_dir(folder.path_of(&name)).unwrap();
        name
    }

    #[test]
    fn publish_replaces_and_retire_keeps_the_one_that_served() {
        let temp = tempfile::tempdir().unwrap();
        let folder = IndexFolder::new(temp.path()).unwrap();
        assert_eq!(folder.current().unwrap(), None);
        let names = [made(&folder), made(&folder), made(&folder)];
        for name in &names {
            folder.publish(name).unwrap();
        }
        assert_eq!(folder.current().unwrap().as_ref(), names.last());
        folder.retire(Some("generation-of-nowhere")).unwrap();
        assert_eq!(folder.generations().unwrap(), names[1..]);
        // A file of the same name stops nothing.
        fs::write(folder.path_of("generation-00000000-20200101T000000Z"), "packed").unwrap();
        let latest = made(&folder);
        folder.publish(&latest).unwrap();
        folder.retire(Some(&names[1])).unwrap();
        assert_eq!(folder.generations().unwrap(), [names[1].clone(), latest]);
    }

    #[test]
    fn the_number_orders_whatever_the_clock_says() {
        let temp = tempfile::tempdir().unwrap();
        let folder = IndexFolder::new(temp.path()).unwrap();
        let names = [
            // Of the version before numbers, by time.
            "generation-20230609T165300.123Z",
            "generation-20260101T000000.000Z-2",
            "generation-00000007-20260101T000000Z",
            "generation-00000008-19691231T235959Z",
            "generation-00000010-",
        ];
        for name in names {
            assert!(is_generation_name(name));
            fs::create_dir(folder.path_of(name)).unwrap();
        }
        assert_eq!(folder.generations().unwrap(), names);
        assert!(folder.new_name().unwrap().starts_with("generation-00000011-"));
        folder.publish(names[3]).unwrap();
        folder.retire(None).unwrap();
        assert_eq!(folder.generations().unwrap(), [names[2], names[3]]);
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
        for garbage in [&b"../elsewhere"[..], b"", b"\xff\xfe\x00\x9c", b"generation-"] {
            fs::write(temp.path().join(CURRENT), garbage).unwrap();
            assert!(matches!(folder.current(), Err(IndexError::Current { .. })), "{garbage:?}");
        }
        fs::remove_file(temp.path().join(CURRENT)).unwrap();
        fs::create_dir(temp.path().join(CURRENT)).unwrap();
        assert!(matches!(folder.current(), Err(IndexError::Current { .. })), "a folder");
    }
}
