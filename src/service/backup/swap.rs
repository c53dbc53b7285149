//! The renames by which what a restore copied takes the place of what is there: written down first, so that whoever opens
//! the data folder next can finish them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{BackupError, disk};
use crate::config::Config;
use crate::faults::FaultPoint;
use crate::index::IndexFolder;

/// Says what is to be renamed; in the data folder.
const PLAN: &str = ".restore.json";
/// What a restore copies first, in the data folder; a time follows.
pub(super) const STAGING: &str = ".restore-";
/// The folders of the data folder that a restore replaces.
pub(super) const REPLACED: [&str; 2] = ["articles", "lexicon"];

/// What is left to do once everything is copied. Each step can be done again.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Plan {
    /// The folder beside [`REPLACED`] that holds what takes their places; relative to the data folder.
    pub(super) staging: String,
    /// Which of [`REPLACED`] are in it; the backup has none of the others, and neither has what is restored.
    pub(super) staged: Vec<String>,
    /// Behind the names of what was there before.
    pub(super) suffix: String,
    /// The generation of what is restored.
    pub(super) generation: Option<String>,
}

/// Refuses where another restore waits for its renames.
///
/// # Errors
/// [`BackupError::Io`] that says so.
pub(super) fn check_none_waits(config: &Config) -> Result<(), BackupError> {
    let path = config.data_dir.join(PLAN);
    if path.symlink_metadata().is_err() {
        return Ok(());
    }
    let waiting = io::Error::new(io::ErrorKind::AlreadyExists, "another restore waits for the restart");
    Err(BackupError::io("cannot write", path)(waiting))
}

impl Plan {
    /// Makes the plan durable: from now on it will be carried out, whatever happens.
    ///
    /// # Errors
    /// [`NotBegun`].
    pub(super) fn write_down(&self, config: &Config) -> Result<(), NotBegun> {
        let path = config.data_dir.join(PLAN);
        check_none_waits(config).map_err(|error| NotBegun { error, certain: true })?;
        disk::create_plan(&path, &serde_json::to_vec(self).unwrap_or_default()).map_err(|error| {
            // It may have its name already and only not be durable.
            let certain = disk::remove(&path).is_ok() && path.symlink_metadata().is_err();
            NotBegun { error, certain }
        })
    }
}

/// Why a plan was not written down.
#[derive(Debug)]
pub(super) struct NotBegun {
    pub(super) error: BackupError,
    /// Whether there is certainly none. If there may be one, what it renames must stay.
    pub(super) certain: bool,
}

/// The name under which a backup's generation waits for the renames: a running server, which sweeps generations away that
/// it does not know, passes over it.
pub(super) fn hidden_name(name: &str) -> String {
    format!(".{name}")
}

/// Where that is.
pub(super) fn staged_generation(config: &Config, name: &str) -> PathBuf {
    config.index_dir.join(hidden_name(name))
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

/// Where what `name` holds goes.
pub(super) fn former_name(name: &str, suffix: &str) -> String {
    format!("{name}.before-restore-{suffix}")
}

/// The renames. Each is done unless it is done already.
pub(super) fn carry_out(plan: &Plan, config: &Config) -> Result<Vec<PathBuf>, BackupError> {
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
            disk::rename(FaultPoint::RestoreSwap, &live, &former)?;
        }
        if is_there(&staged) {
            disk::rename(FaultPoint::RestoreSwap, &staged, &live)?;
        }
        if is_there(&former) {
            formers.push(former);
        }
    }
    disk::sync_folder(data)?;
    if let Some(name) = &plan.generation {
        let staged = staged_generation(config, name);
        if staged.symlink_metadata().is_ok() {
            disk::rename(FaultPoint::RestoreSwap, &staged, &folder.path_of(name))?;
        }
        folder.publish(name)?;
    }
    // None of other articles may step in where this one is damaged.
    for other in folder.generations()?.iter().filter(|other| Some(*other) != plan.generation.as_ref()) {
        folder.remove(other)?;
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
