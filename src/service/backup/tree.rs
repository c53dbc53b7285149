//! Copying a folder that others may be writing to, and listing one that nobody should be writing to.

use std::fs::{self, DirEntry, File};
use std::io;
use std::path::{Path, PathBuf};

use super::{BackupError, Skipped, disk};

/// How often a file is copied, at most, if it changes meanwhile.
const MAX_ATTEMPTS: u32 = 3;

/// Copies the regular files of a folder. Hidden names are ignored, as when articles are read: a file that is being put there
/// has such a name until it is complete. Links are followed to files inside the folder only.
pub(super) struct TreeCopy<'a> {
    root: PathBuf,
    /// Whether to ignore this path, relative to the root.
    ignore: &'a dyn Fn(&Path) -> bool,
    skipped: &'a mut Vec<Skipped>,
}

impl<'a> TreeCopy<'a> {
    /// Copies `from` to `to`; nothing if there is no such folder. Adds to `skipped` what was left out.
    pub(super) fn run(
        from: &Path,
        to: &Path,
        ignore: &'a dyn Fn(&Path) -> bool,
        skipped: &'a mut Vec<Skipped>,
    ) -> Result<(), BackupError> {
        let root = match fs::canonicalize(from) {
            Ok(root) => root,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(BackupError::io("cannot read the folder", from)(error)),
        };
        let mut copy = Self { root: root.clone(), ignore, skipped };
        copy.folder(&root, to, Path::new(""))
    }

    fn folder(&mut self, from: &Path, to: &Path, below: &Path) -> Result<(), BackupError> {
        disk::create_folder(to)?;
        for entry in entries(from)? {
            let name = entry.file_name();
            let path = below.join(&name);
            if name.as_encoded_bytes().starts_with(b".") || (self.ignore)(&path) {
                continue;
            }
            let copied = self.entry(&entry, &to.join(&name), &path);
            match copied {
                // It was removed after the folder was listed.
                Err(BackupError::Io { source, path, .. })
                    if source.kind() == io::ErrorKind::NotFound && path == entry.path() => {}
                copied => copied?,
            }
        }
        disk::sync_folder(to)
    }

    fn entry(&mut self, entry: &DirEntry, to: &Path, below: &Path) -> Result<(), BackupError> {
        let from = entry.path();
        let kind = entry.file_type().map_err(BackupError::io("cannot read", &from))?;
        if kind.is_dir() {
            return self.folder(&from, to, below);
        }
        if kind.is_file() {
            return self.file(&from, to);
        }
        if !kind.is_symlink() {
            self.skip(&from, "it is not a regular file");
            return Ok(());
        }
        match fs::canonicalize(&from) {
            Ok(target) if !target.starts_with(&self.root) => {
                self.skip(&from, "the link points outside the folder");
            }
            Ok(target) if target.is_file() => return self.file(&target, to),
            Ok(target) if target.is_dir() => {
                self.skip(&from, "it is a link to a folder, which is copied under its own name");
            }
            Ok(_) => self.skip(&from, "it is not a regular file"),
            Err(error) => self.skip(&from, &format!("the link points to nothing: {error}")),
        }
        Ok(())
    }

    fn file(&mut self, from: &Path, to: &Path) -> Result<(), BackupError> {
        for _ in 0..MAX_ATTEMPTS {
            let mut source = File::open(from).map_err(BackupError::io("cannot open", from))?;
            let state = |file: &File| file.metadata().map(|meta| (meta.len(), meta.modified().ok()));
            let before = state(&source).map_err(BackupError::io("cannot read", from))?;
            let (bytes, _) = disk::copy(&mut source, to)?;
            let after = state(&source).map_err(BackupError::io("cannot read", from))?;
            if before == after && bytes == after.0 {
                disk::keep_time(&source, to);
                return Ok(());
            }
        }
        self.skip(from, "it was being written while it was copied: the copy may be incomplete");
        Ok(())
    }

    fn skip(&mut self, path: &Path, why: &str) {
        self.skipped.push(Skipped { path: path.to_owned(), why: why.to_owned() });
    }
}

fn entries(folder: &Path) -> Result<Vec<DirEntry>, BackupError> {
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let mut entries = entries.map_err(BackupError::io("cannot list", folder))?;
    entries.sort_by_key(DirEntry::file_name);
    Ok(entries)
}

/// The content of a folder that should hold nothing but folders and regular files.
#[derive(Default)]
pub(super) struct Found {
    /// Regular files, relative to the folder, sorted.
    pub(super) files: Vec<PathBuf>,
    /// Everything else but folders.
    pub(super) others: Vec<PathBuf>,
}

/// Lists everything in `root`, including hidden names; links are not followed.
pub(super) fn list(root: &Path) -> Result<Found, BackupError> {
    let mut found = Found::default();
    let mut folders = vec![PathBuf::new()];
    while let Some(below) = folders.pop() {
        for entry in entries(&root.join(&below))? {
            let path = below.join(entry.file_name());
            match entry.file_type().map_err(BackupError::io("cannot read", entry.path()))? {
                kind if kind.is_dir() => folders.push(path),
                kind if kind.is_file() => found.files.push(path),
                _ => found.others.push(path),
            }
        }
    }
    found.files.sort();
    Ok(found)
}
