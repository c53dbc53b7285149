//! Backups, and the former data that restores left beside the data folder: they are looked through, and nothing in them is changed.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::{ForgetError, files};
use crate::article::ArticleId;
use crate::config::Config;
use crate::ingest::{Cleaner, IngestRules, PUSHED_FOLDER, list_files};
use crate::journal::{self, Change, EarlierTexts};
use crate::service::backup::{FORMER, MANIFEST};

/// The folders that still hold one of `ids`: backups that are, or are in, `backups`, and former data.
pub(super) fn that_hold(
    config: &Config,
    ids: &BTreeSet<ArticleId>,
    backups: &[PathBuf],
    cleaner: &Cleaner,
) -> Result<Vec<PathBuf>, ForgetError> {
    let mut found = Vec::new();
    let is_backup = |folder: &Path| folder.join(MANIFEST).is_file();
    for folder in backups {
        let inside = folders(folder)?;
        for backup in inside.iter().chain([folder]).filter(|folder| is_backup(folder)) {
            if holds(&backup.join("data/articles"), &config.ingest.rules, ids, cleaner)? {
                found.push(backup.clone());
            }
        }
    }
    let is_former = |name: &str| name.strip_prefix("articles").is_some_and(|rest| rest.starts_with(FORMER));
    let former = |folder: &PathBuf| folder.file_name().is_some_and(|name| is_former(&name.to_string_lossy()));
    for folder in folders(&config.data_dir)?.into_iter().filter(former) {
        if holds(&folder, &config.ingest.rules, ids, cleaner)? {
            found.push(folder);
        }
    }
    found.sort();
    Ok(found)
}

/// Whether an articles folder holds one of `ids`: in its files, its journal, or as an earlier text.
fn holds(
    articles_dir: &Path,
    rules: &IngestRules,
    ids: &BTreeSet<ArticleId>,
    cleaner: &Cleaner,
) -> Result<bool, ForgetError> {
    if !articles_dir.is_dir() {
        return Ok(false);
    }
    let pushed = articles_dir.join(PUSHED_FOLDER);
    for entry in journal::read(&pushed, 0, u64::MAX) {
        let entry = entry?;
        if ids.contains(&entry.id) && matches!(entry.change, Change::Put { .. }) {
            return Ok(true);
        }
    }
    let earlier = EarlierTexts::new(&pushed, 1);
    if ids.iter().any(|id| earlier.holds(id.as_str())) {
        return Ok(true);
    }
    let list = list_files(articles_dir, rules)?;
    Ok(list.files.iter().any(|file| files::holds(file, ids, cleaner)))
}

/// The folders in a folder, sorted.
fn folders(of: &Path) -> Result<Vec<PathBuf>, ForgetError> {
    let entries = fs::read_dir(of).map_err(|error| {
        std::io::Error::new(error.kind(), format!("the folder {} cannot be read: {error}", of.display()))
    })?;
    let mut found: Vec<PathBuf> =
        entries.filter_map(|entry| Some(entry.ok()?.path()).filter(|path| path.is_dir())).collect();
    found.sort();
    Ok(found)
}
