//! The renames by which a staged copy replaces the data: planned in a file first, so that whoever opens the data folder next
//! can finish them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{BackupError, disk};
use crate::access;
use crate::alerts;
use crate::config::Config;
use crate::faults::FaultPoint;
use crate::index::IndexFolder;

/// The file with the plan, in the data folder.
const PLAN: &str = ".restore.json";
/// How the staging folder's name in the data folder begins; a time follows.
pub(super) const STAGING: &str = ".restore-";
/// What a restore replaces in the data folder.
pub(super) const REPLACED: [&str; 4] = ["articles", "lexicon", access::FILE, alerts::FILE];

/// The renames to do once everything is copied. Doing them again does no harm.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Plan {
    /// The folder that holds the copies of [`REPLACED`]; relative to the data folder.
    pub(super) staging: String,
    /// Which of [`REPLACED`] are in it. The backup has none of the others, so the restored data has none either, but for the
    /// keys and the saved searches.
    pub(super) staged: Vec<String>,
    /// Appended to the names of the former data.
    pub(super) suffix: String,
    /// The generation that serves the restored articles, if there is one.
    pub(super) generation: Option<String>,
}

/// Refuses if another restore is waiting for its renames.
///
/// # Errors
/// [`BackupError::Io`] that says so.
pub(super) fn check_none_waits(config: &Config) -> Result<(), BackupError> {
    let path = config.data_dir.join(PLAN);
    if path.symlink_metadata().is_err() {
        return Ok(());
    }
    let waiting = io::Error::new(io::ErrorKind::AlreadyExists, "another restore is waiting for the restart");
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
            // The file may be there although it is not durable.
            let certain = disk::remove(&path).is_ok() && path.symlink_metadata().is_err();
            NotBegun { error, certain }
        })
    }
}

/// Why a plan was not written down.
#[derive(Debug)]
pub(super) struct NotBegun {
    pub(super) error: BackupError,
    /// Whether it certainly does not exist. If it may, the copies that it would rename must stay.
    pub(super) certain: bool,
}

/// The name under which a backup's generation waits for the renames. A running server removes generations that it does not
/// know; it ignores hidden names.
pub(super) fn hidden_name(name: &str) -> String {
    format!(".{name}")
}

/// The folder of that name.
pub(super) fn staged_generation(config: &Config, name: &str) -> PathBuf {
    config.index_dir.join(hidden_name(name))
}

/// Finishes a restore whose process died while renaming, and removes the copies of one that died earlier. To be called by
/// whoever holds the index folder's lock, before anything in the data folder is read. Gives whether there was one to finish.
///
/// # Errors
/// [`BackupError`]; calling it again continues.
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
    tracing::warn!(suffix = plan.suffix, "finished an interrupted restore");
    Ok(true)
}

/// Between the name of a folder that a restore replaced and the time.
pub(in crate::service) const FORMER: &str = ".before-restore-";

/// The name that the folder `name` is given.
pub(super) fn former_name(name: &str, suffix: &str) -> String {
    format!("{name}{FORMER}{suffix}")
}

/// Does the renames that are not done yet. Gives the folders of the former data.
pub(super) fn carry_out(plan: &Plan, config: &Config) -> Result<Vec<PathBuf>, BackupError> {
    let data = &config.data_dir;
    let staging = data.join(&plan.staging);
    // An index of the former articles must not serve the restored ones.
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
        // A backup from before there were keys locks nobody out, and one from before searches were saved takes none away.
        let stays = disk::PRIVATE.contains(&name) || plan.staged.iter().any(|planned| planned == name);
        let to_do = is_there(&staged) || !stays;
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
    // Nor may one of them take over if this one turns out to be damaged.
    for other in folder.generations()?.iter().filter(|other| Some(*other) != plan.generation.as_ref()) {
        folder.remove(other)?;
    }
    disk::remove(&data.join(PLAN))?;
    disk::sync_folder(data)?;
    disk::remove(&staging)?;
    Ok(formers)
}

/// Removes the copies of restores that died before they changed anything.
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
