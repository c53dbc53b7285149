//! Making a backup.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde::Serialize;
use time::OffsetDateTime;

use super::manifest::Manifest;
use super::tree::TreeCopy;
use super::{BackupError, Skipped, disk};
use crate::article::Timestamp;
use crate::config::Config;
use crate::faults::FaultPoint;
use crate::index::{Generation, IndexError, IndexFolder};
use crate::journal::{self, Damage, Missing};

/// How often a generation is copied, at most, if commits replace its files meanwhile.
const MAX_ATTEMPTS: u32 = 10;
/// A file that marks its folder as an unfinished backup.
const UNFINISHED: &str = ".gisa-backup-unfinished";
/// The journal's folder of damaged bytes.
const SET_ASIDE: &str = "damaged";

/// What to back up in addition to data and lexicon.
#[derive(Debug, Clone, Copy, Default)]
pub struct BackupOptions {
    /// The generation in service as well: then a restore need not build one.
    pub index: bool,
}

/// What a backup holds.
#[derive(Debug, Clone, Serialize)]
pub struct BackupReport {
    /// Files in it.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
    /// The last entry of the journal in it.
    pub journal_last_sequence: u64,
    /// Damage in the journal's copy, and in the journal itself.
    pub journal_damaged: Vec<Damage>,
    /// Entries whose files are missing from the copy, and from the journal itself.
    pub journal_missing: Vec<Missing>,
    /// The generation in it.
    pub generation: Option<String>,
    /// Files that were left out, or whose copies are doubtful.
    pub skipped: Vec<Skipped>,
    /// Seconds it took.
    pub seconds: f64,
}

/// Makes a backup of the data folder, the settings and, if asked for, the index of `config` in `target`, which must be
/// empty or not exist. A server may be running. The backup holds all articles that were acknowledged before it began, and
/// is durable when this returns.
///
/// # Errors
/// [`BackupError`]; `target` is as it was. The unfinished backup stays in `target.partial`, which the next attempt
/// replaces.
pub fn backup(config: &Config, target: &Path, options: BackupOptions) -> Result<BackupReport, BackupError> {
    let started = Instant::now();
    let created_at = Timestamp::from_seconds(OffsetDateTime::now_utc().unix_timestamp());
    check_target(target, &config.data_dir)?;
    let partial = begin(target)?;
    let mut skipped = Vec::new();

    // The index first and the journal last: the journal must hold every entry that the index has applied.
    let generation =
        if options.index { copy_generation(&config.index_dir, &partial.join("index"))? } else { None };
    if let Some(file) = &config.file {
        let mut source = File::open(file).map_err(BackupError::io("cannot open", file))?;
        disk::copy(&mut source, &partial.join("config.toml"))?;
    }
    let data = partial.join("data");
    let articles = config.articles_dir();
    TreeCopy::run(&config.data_dir.join("lexicon"), &data.join("lexicon"), &|_| false, &mut skipped)?;
    for name in disk::PRIVATE {
        copy_private(&config.data_dir, name, &data)?;
    }
    let pushed = Path::new("pushed");
    TreeCopy::run(&articles, &data.join("articles"), &|path| path == pushed, &mut skipped)?;
    let (from, to) = (articles.join(pushed), data.join("articles").join(pushed));
    let mut journal_last_sequence = 0;
    let mut recovery = journal::Recovery::default();
    let unfinished = |path: &Path| path.extension().is_some_and(|extension| extension == "new");
    if from.is_dir() {
        // Before the journal: numbers that its copy does not have would be given again after a restore.
        let versions = Path::new(journal::VERSIONS);
        TreeCopy::run(&from.join(versions), &to.join(versions), &unfinished, &mut skipped)?;
        journal_last_sequence = journal::copy(&from, &to)?;
        let aside = Path::new(SET_ASIDE);
        TreeCopy::run(&from.join(aside), &to.join(aside), &unfinished, &mut skipped)?;
        recovery = journal::inspect(&to)?;
    }

    let manifest = Manifest::write(&partial, UNFINISHED, created_at, journal_last_sequence, generation)?;
    let unfinished = partial.join(UNFINISHED);
    fs::remove_file(&unfinished).map_err(BackupError::io("cannot remove", &unfinished))?;
    disk::sync_folder(&data)?;
    disk::sync_folder(&partial)?;
    disk::rename(FaultPoint::BackupRename, &partial, target)?;
    disk::sync_folder(parent(target))?;
    Ok(BackupReport {
        files: manifest.files.len(),
        bytes: manifest.bytes(),
        journal_last_sequence,
        journal_damaged: recovery.damaged,
        journal_missing: recovery.missing,
        generation: manifest.generation,
        skipped,
        seconds: started.elapsed().as_secs_f64(),
    })
}

/// Copies the file `name`, if there is one, to the folder `data`. It is never changed in place, so one reading has all of it.
fn copy_private(from: &Path, name: &str, data: &Path) -> Result<(), BackupError> {
    let private = from.join(name);
    match File::open(&private) {
        Ok(mut source) => {
            disk::create_folder(data)?;
            disk::copy(&mut source, &data.join(name)).map(drop)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(BackupError::io("cannot open", private)(error)),
    }
}

fn parent(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new(""))
}

/// Checks that the folder is empty or does not exist, and is not inside the data folder.
fn check_target(target: &Path, data_dir: &Path) -> Result<(), BackupError> {
    let refuse = |why| Err(BackupError::Target { path: target.to_owned(), why });
    if target.file_name().is_none() {
        return refuse("it cannot be created; give the path of a new folder");
    }
    match fs::read_dir(target) {
        Ok(mut entries) => {
            if entries.next().is_some() {
                return refuse("it is not empty; give a new folder for each backup");
            }
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(BackupError::io("cannot read the folder", target)(error)),
    }
    let above = if parent(target).as_os_str().is_empty() { Path::new(".") } else { parent(target) };
    disk::create_folder(above)?;
    let inside = match (fs::canonicalize(above), fs::canonicalize(data_dir)) {
        (Ok(above), Ok(data)) => above.starts_with(data),
        _ => false,
    };
    if inside { refuse("it is inside the data folder, which would be copied into itself") } else { Ok(()) }
}

/// Makes `target.partial`, in place of one that a killed backup left there.
fn begin(target: &Path) -> Result<PathBuf, BackupError> {
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(".partial");
    let partial = target.with_file_name(name);
    if partial.symlink_metadata().is_ok() {
        // The backup was killed before it was complete, or just before it was renamed.
        let ours = partial.join(UNFINISHED).exists() || partial.join(super::MANIFEST).exists();
        let empty = fs::read_dir(&partial).is_ok_and(|mut entries| entries.next().is_none());
        if !ours && !empty {
            let why = "it exists and is not an unfinished backup; remove or rename it";
            return Err(BackupError::Target { path: partial, why });
        }
        disk::remove(&partial)?;
    }
    disk::create_folder(&partial)?;
    disk::write(&partial.join(UNFINISHED), b"")?;
    Ok(partial)
}

/// Copies the generation in service to `to`, with `CURRENT`, and opens and verifies the copy. Commits and merges may
/// replace its files meanwhile: then it is copied again.
fn copy_generation(index_dir: &Path, to: &Path) -> Result<Option<String>, BackupError> {
    let mut attempt = 0;
    loop {
        attempt += 1;
        disk::remove(to)?;
        let Some(name) = current(index_dir)? else { return Ok(None) };
        let copied = copy_files(&index_dir.join(&name), &to.join(&name)).and_then(|()| {
            let folder = IndexFolder::new(to)?;
            Generation::open_verified(&folder, &name)?;
            Ok(())
        });
        match copied {
            Ok(()) => {
                disk::write(&to.join("CURRENT"), format!("{name}\n").as_bytes())?;
                return Ok(Some(name));
            }
            Err(error) if attempt == MAX_ATTEMPTS => return Err(error),
            Err(BackupError::Index(IndexError::Damaged { .. } | IndexError::Tantivy { .. })) => {}
            Err(BackupError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
}

/// The generation in service; `None` if there is no index folder, which is not created.
fn current(index_dir: &Path) -> Result<Option<String>, BackupError> {
    if !index_dir.is_dir() {
        return Ok(None);
    }
    Ok(IndexFolder::new(index_dir)?.current()?)
}

/// Reads the list of files as of one commit, then copies the files. Some of them may belong to a later commit.
fn copy_files(from: &Path, to: &Path) -> Result<(), BackupError> {
    const META: &str = "meta.json";
    disk::create_folder(to)?;
    let meta = from.join(META);
    let meta = fs::read(&meta).map_err(BackupError::io("cannot read", &meta))?;
    let entries = fs::read_dir(from).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    for entry in entries.map_err(BackupError::io("cannot list", from))? {
        let name = entry.file_name();
        let hidden_lock = Path::new(&name).extension().is_some_and(|extension| extension == "lock");
        if name == META || hidden_lock || !entry.path().is_file() {
            continue;
        }
        match File::open(entry.path()) {
            Ok(mut source) => _ = disk::copy(&mut source, &to.join(&name))?,
            // A merge has replaced it; verifying will show whether it is needed.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(BackupError::io("cannot open", entry.path())(error)),
        }
    }
    disk::write(&to.join(META), &meta)?;
    disk::sync_folder(to)
}
