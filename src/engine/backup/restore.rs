//! Putting a backup back.
//!
//! Everything is verified, then copied beside what is there, verified again and made durable. Only then a file in the data
//! folder says what is to be renamed, and the renames follow. Up to that file nothing has changed; from it on whoever opens
//! the data folder next finishes them: there is no state in between that anybody sees.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use time::macros::format_description;

use super::manifest::{FileEntry, Manifest, verify};
use super::{BackupError, disk};
use crate::article::KST;
use crate::config::Config;
use crate::index::IndexFolder;

/// Says what is to be renamed; in the data folder.
const PLAN: &str = ".restore.json";
/// What a restore copies first, in the data folder; a time follows.
const STAGING: &str = ".restore-";
/// The folders of the data folder that a restore replaces.
const REPLACED: [&str; 2] = ["articles", "lexicon"];

/// What a restore did.
#[derive(Debug, Clone, Serialize)]
pub struct RestoreReport {
    /// What was put back.
    #[serde(skip)]
    pub manifest: Manifest,
    /// Files put back.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
    /// Where that is now which was there before.
    pub former: Vec<PathBuf>,
    /// The generation that was put back, under its new name. Without one the next start builds it.
    pub generation: Option<String>,
    /// Where the backup's settings are, if they differ from those in use: nothing else takes them over.
    pub config_restored: Option<PathBuf>,
    /// Seconds it took.
    pub seconds: f64,
}

/// What is left to do once everything is copied. Each step can be done again.
#[derive(Debug, Serialize, Deserialize)]
struct Plan {
    /// The folder beside [`REPLACED`] that holds what takes their places; relative to the data folder.
    staging: String,
    /// Which of [`REPLACED`] are in it; the backup has none of the others, and neither has what is restored.
    staged: Vec<String>,
    /// Behind the names of what was there before.
    suffix: String,
    generation: Option<String>,
}

/// Puts the backup in `from` back in place of the articles, what was pushed, and the lexicon of `config`'s data folder. What
/// was there stays beside it under `….before-restore-TIME`. The index is put back if the backup holds one; if not, none is
/// in service any more, and the next start or reindex builds one. Durable when it returns.
///
/// The caller must hold the index folder's lock, with the journal and the live index closed: open files would go on being
/// written to under their new names.
///
/// # Errors
/// [`BackupError`]. Nothing has changed, unless the error came while renaming: then [`finish_interrupted`], which every
/// start calls, does the rest.
pub fn restore_in_place(
    from: &Path,
    config: &Config,
    config_file: Option<&Path>,
) -> Result<RestoreReport, BackupError> {
    finish_interrupted(config)?;
    let (plan, report) = prepare(from, config, config_file)?;
    let former = carry_out(&plan, config)?;
    Ok(RestoreReport { former, ..report })
}

/// Does everything of [`restore_in_place`] but the renames: the next start of a server does them, by
/// [`finish_interrupted`]. For a data folder that a server is using: it goes on as it is until it is restarted, and what is
/// pushed until then stays in what was there before.
///
/// # Errors
/// [`BackupError`]; nothing has changed.
pub fn restore_at_restart(
    from: &Path,
    config: &Config,
    config_file: Option<&Path>,
) -> Result<RestoreReport, BackupError> {
    let path = config.data_dir.join(PLAN);
    if path.symlink_metadata().is_ok() {
        let waiting = io::Error::new(io::ErrorKind::AlreadyExists, "another restore waits for the restart");
        return Err(BackupError::io("cannot write", path)(waiting));
    }
    prepare(from, config, config_file).map(|(_, report)| report)
}

/// Verifies, copies aside, and writes down what is to be renamed.
fn prepare(
    from: &Path,
    config: &Config,
    config_file: Option<&Path>,
) -> Result<(Plan, RestoreReport), BackupError> {
    let started = Instant::now();
    let manifest = verify(from)?;
    disk::create_folder(&config.data_dir)?;
    let suffix = free_suffix(&config.data_dir);
    let staging = format!("{STAGING}{suffix}");
    let folder = IndexFolder::new(&config.index_dir)?;
    let generation = manifest.generation.as_ref().map(|_| folder.new_name());
    let staged = stage(from, config, &manifest, &staging, generation.as_deref());
    let config_restored = staged.and_then(|()| stage_config(from, &manifest, config_file));
    let config_restored = match config_restored {
        Ok(config_restored) => config_restored,
        Err(error) => {
            // What is left does no harm, and the next restore removes it.
            let _ = disk::remove(&config.data_dir.join(&staging));
            let _ = generation.map(|name| disk::remove(&staged_generation(config, &name)));
            return Err(error);
        }
    };
    let is_staged = |name: &&str| config.data_dir.join(&staging).join(name).is_dir();
    let staged = REPLACED.iter().filter(|name| is_staged(name)).map(|name| (*name).to_owned()).collect();
    let plan = Plan { staging, staged, suffix, generation };
    disk::create_plan(&config.data_dir.join(PLAN), &serde_json::to_vec(&plan).unwrap_or_default())?;
    let report = RestoreReport {
        files: manifest.files.len(),
        bytes: manifest.bytes(),
        former: Vec::new(),
        generation: plan.generation.clone(),
        config_restored,
        seconds: started.elapsed().as_secs_f64(),
        manifest,
    };
    Ok((plan, report))
}

/// Where a generation waits for the renames: under a name that a running server, which sweeps generations away that it does
/// not know, passes over.
fn staged_generation(config: &Config, name: &str) -> PathBuf {
    config.index_dir.join(format!(".{name}"))
}

/// Finishes a restore whose process died while it renamed, and removes what one left that died before. To be called by
/// whoever holds the index folder's lock, before anything in the data folder is read. Says whether it had to.
///
/// # Errors
/// [`BackupError`]; calling it again goes on.
pub fn finish_interrupted(config: &Config) -> Result<bool, BackupError> {
    let path = config.data_dir.join(PLAN);
    let plan = match fs::read(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            remove_staged(&config.data_dir, &config.index_dir)?;
            return Ok(false);
        }
        Err(error) => return Err(BackupError::io("cannot read", path)(error)),
    };
    let plan: Plan =
        serde_json::from_slice(&plan).map_err(|error| BackupError::io("cannot read", &path)(error.into()))?;
    carry_out(&plan, config)?;
    tracing::warn!(suffix = plan.suffix, "finished a restore that had been interrupted");
    Ok(true)
}

/// The time, and a number if it was used already.
fn free_suffix(data_dir: &Path) -> String {
    let format = format_description!("[year][month][day]T[hour][minute][second]");
    let now = OffsetDateTime::now_utc().to_offset(KST).format(&format).unwrap_or_default();
    let used = |suffix: &str| {
        REPLACED.iter().any(|name| data_dir.join(former_name(name, suffix)).symlink_metadata().is_ok())
    };
    let numbered = (2..).map(|number| format!("{now}-{number}"));
    std::iter::once(now.clone()).chain(numbered).find(|suffix| !used(suffix)).unwrap_or(now)
}

fn former_name(name: &str, suffix: &str) -> String {
    format!("{name}.before-restore-{suffix}")
}

/// Copies everything beside where it belongs, and compares each copy with the manifest once more.
fn stage(
    from: &Path,
    config: &Config,
    manifest: &Manifest,
    staging: &str,
    generation: Option<&str>,
) -> Result<(), BackupError> {
    let staging = config.data_dir.join(staging);
    disk::create_folder(&staging.join("articles"))?;
    let mut folders = BTreeMap::from([(staging.clone(), ()), (staging.join("articles"), ())]);
    for file in &manifest.files {
        let Some(path) = file.relative() else { continue };
        let in_generation = manifest.generation.as_ref().map(|name| Path::new("index").join(name));
        let to = if let Ok(below) = path.strip_prefix("data") {
            staging.join(below)
        } else if let (Some(backed_up), Some(name)) = (in_generation, generation)
            && let Ok(below) = path.strip_prefix(backed_up)
        {
            staged_generation(config, name).join(below)
        } else {
            continue;
        };
        let folder = to.parent().unwrap_or(&staging).to_owned();
        if folders.insert(folder.clone(), ()).is_none() {
            disk::create_folder(&folder)?;
            let above = folder.ancestors().skip(1).take_while(|above| above.starts_with(&staging));
            folders.extend(above.map(|above| (above.to_owned(), ())));
        }
        copy_verified(&from.join(&path), &to, file)?;
    }
    folders.keys().try_for_each(|folder| disk::sync_folder(folder))?;
    disk::sync_folder(&config.data_dir)?;
    disk::sync_folder(&config.index_dir)
}

fn copy_verified(from: &Path, to: &Path, file: &FileEntry) -> Result<(), BackupError> {
    let mut source = File::open(from).map_err(BackupError::io("cannot open", from))?;
    let (bytes, sha256) = disk::copy(&mut source, to)?;
    if (bytes, &sha256) == (file.bytes, &file.sha256) {
        return Ok(());
    }
    let problems = vec![format!("{} changed while it was restored", file.path)];
    Err(BackupError::NotWhole { path: from.to_owned(), problems })
}

/// Puts the backup's settings beside those in use, if they differ.
fn stage_config(
    from: &Path,
    manifest: &Manifest,
    config_file: Option<&Path>,
) -> Result<Option<PathBuf>, BackupError> {
    let Some(present) = config_file else { return Ok(None) };
    if !manifest.files.iter().any(|file| file.path == "config.toml") {
        return Ok(None);
    }
    let path = from.join("config.toml");
    let settings = fs::read(&path).map_err(BackupError::io("cannot read", &path))?;
    if fs::read(present).is_ok_and(|present| present == settings) {
        return Ok(None);
    }
    let mut beside = present.as_os_str().to_owned();
    beside.push(".restored");
    let beside = PathBuf::from(beside);
    disk::write(&beside, &settings)?;
    Ok(Some(beside))
}

/// The renames. Each is done unless it is done already.
fn carry_out(plan: &Plan, config: &Config) -> Result<Vec<PathBuf>, BackupError> {
    let data = &config.data_dir;
    let staging = data.join(&plan.staging);
    // No index of other articles may serve these.
    let folder = IndexFolder::new(&config.index_dir)?;
    if plan.generation.is_none() || folder.current().ok().flatten() != plan.generation {
        disk::remove(&config.index_dir.join("CURRENT"))?;
        disk::sync_folder(&config.index_dir)?;
    }
    let mut formers = Vec::new();
    for name in REPLACED {
        let (live, staged) = (data.join(name), staging.join(name));
        let former = data.join(former_name(name, &plan.suffix));
        let is_there = |path: &Path| path.symlink_metadata().is_ok();
        let to_do = is_there(&staged) || !plan.staged.iter().any(|planned| planned == name);
        if to_do && is_there(&live) && !is_there(&former) {
            disk::rename("restore swap", &live, &former)?;
        }
        if is_there(&staged) {
            disk::rename("restore swap", &staged, &live)?;
        }
        if is_there(&former) {
            formers.push(former);
        }
    }
    disk::sync_folder(data)?;
    if let Some(name) = &plan.generation {
        let staged = staged_generation(config, name);
        if staged.symlink_metadata().is_ok() {
            disk::rename("restore swap", &staged, &folder.path_of(name))?;
        }
        folder.publish(name)?;
    }
    disk::remove(&data.join(PLAN))?;
    disk::sync_folder(data)?;
    disk::remove(&staging)?;
    Ok(formers)
}

/// Removes what restores copied that died before they changed anything.
fn remove_staged(data_dir: &Path, index_dir: &Path) -> Result<(), BackupError> {
    let Ok(entries) = fs::read_dir(data_dir) else { return Ok(()) };
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().starts_with(STAGING) {
            disk::remove(&entry.path())?;
        }
    }
    for entry in fs::read_dir(index_dir).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(".generation-") {
            disk::remove(&entry.path())?;
        }
    }
    Ok(())
}
