//! Copying a folder that others may be writing to, and walking one that nobody should.

use std::fs::{self, DirEntry, File};
use std::io;
use std::path::{Path, PathBuf};

use super::{BackupError, Skipped, disk};

/// How often a file is copied anew that changes while it is copied.
const ATTEMPTS: u32 = 3;

/// Copies the regular files of a folder. Hidden names are passed over, as in reading articles: what is being put there has
/// such a name until it is whole. Links are followed to files inside the folder only.
pub(super) struct TreeCopy<'a> {
    root: PathBuf,
    /// Whether to pass over this path, relative to the root.
    pass_over: &'a dyn Fn(&Path) -> bool,
    skipped: &'a mut Vec<Skipped>,
}

impl<'a> TreeCopy<'a> {
    /// Copies `from` to `to`; nothing where there is no such folder. Tells in `skipped` what was left out.
    pub(super) fn run(
        from: &Path,
        to: &Path,
        pass_over: &'a dyn Fn(&Path) -> bool,
        skipped: &'a mut Vec<Skipped>,
    ) -> Result<(), BackupError> {
        let root = match fs::canonicalize(from) {
            Ok(root) => root,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(BackupError::io("cannot read the folder", from)(error)),
        };
        let mut copy = Self { root: root.clone(), pass_over, skipped };
        copy.folder(&root, to, Path::new(""))
    }

    fn folder(&mut self, from: &Path, to: &Path, below: &Path) -> Result<(), BackupError> {
        disk::create_folder(to)?;
        for entry in entries(from)? {
            let name = entry.file_name();
            let path = below.join(&name);
            if name.as_encoded_bytes().starts_with(b".") || (self.pass_over)(&path) {
                continue;
            }
            let copied = self.entry(&entry, &to.join(&name), &path);
            match copied {
                // It was there when the folder was listed.
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
            self.skip(&from, "it is no regular file");
            return Ok(());
        }
        match fs::canonicalize(&from) {
            Ok(target) if !target.starts_with(&self.root) => {
                self.skip(&from, "the link leads out of the folder");
            }
            Ok(target) if target.is_file() => return self.file(&target, to),
            Ok(target) if target.is_dir() => {
                self.skip(&from, "a link to a folder that is copied under its own name");
            }
            Ok(_) => self.skip(&from, "it is no regular file"),
            Err(error) => self.skip(&from, &format!("the link leads nowhere: {error}")),
        }
        Ok(())
    }

    fn file(&mut self, from: &Path, to: &Path) -> Result<(), BackupError> {
        for _ in 0..ATTEMPTS {
            let mut source = File::open(from).map_err(BackupError::io("cannot open", from))?;
            let state = |file: &File| file.metadata().map(|meta| (meta.len(), meta.modified().ok()));
            let before = state(&source).map_err(BackupError::io("cannot read", from))?;
            let (bytes, _) = disk::copy(&mut source, to)?;
            let after = state(&source).map_err(BackupError::io("cannot read", from))?;
            if before == after && bytes == after.0 {
                return Ok(());
            }
        }
        self.skip(from, "it was being written while it was copied: its copy may be cut short");
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

/// What is in a folder that should hold folders and regular files only.
#[derive(Default)]
pub(super) struct Found {
    /// Regular files, relative to the folder, sorted.
    pub(super) files: Vec<PathBuf>,
    /// Everything else but folders.
    pub(super) others: Vec<PathBuf>,
}

/// Lists everything in `root`, hidden names too; follows no link.
pub(super) fn walk(root: &Path) -> Result<Found, BackupError> {
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
