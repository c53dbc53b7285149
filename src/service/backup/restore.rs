//! Putting a backup back.
//!
//! The backup is verified, copied next to the data that it will replace, verified again and made durable. Then a plan of the
//! renames is written to the data folder, and the renames follow. Until the plan is written nothing has changed; from then on
//! whoever opens the data folder next finishes them. Nobody ever sees a state in between.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde::Serialize;
use time::OffsetDateTime;
use time::macros::format_description;

use super::manifest::{FileEntry, Manifest, verify};
use super::swap::{
    Plan, REPLACED, STAGING, carry_out, check_none_waits, finish_interrupted, former_name, hidden_name,
    staged_generation,
};
use super::{BackupError, disk};
use crate::article::KST;
use crate::config::Config;
use crate::index::IndexFolder;
use crate::index::space::DiskSpace;
use crate::ingest::PUSHED_FOLDER;

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
    /// Where the former data is now.
    pub former: Vec<PathBuf>,
    /// The generation that was put back, under its new name. Without one the next start builds it.
    pub generation: Option<String>,
    /// Where the backup's settings are, if they differ from those in use, which stay.
    pub config_restored: Option<PathBuf>,
    /// Seconds it took.
    pub seconds: f64,
}

impl RestoreReport {
    /// Where the former data and the backup's settings are, for people: a sentence each.
    pub fn notes(&self) -> Vec<String> {
        let former = self.former.iter().map(|former| format!("the former data is in {}", former.display()));
        let settings = self.config_restored.iter();
        let settings = settings.map(|file| {
            format!("the backup's settings differ from those in use; they are in {}", file.display())
        });
        former.chain(settings).collect()
    }
}

/// Replaces the articles, the journal of pushed ones, and the lexicon in `config`'s data folder by those of the backup in
/// `from`. The former data stays alongside as `….before-restore-TIME`. The index is replaced if the backup holds one; if not,
/// none is in service afterwards, and the next start or reindex builds one. Durable when this returns.
///
/// The caller must hold the index folder's lock, with the journal and the writer of the index closed: files that are open
/// would continue to be written to under their new names.
///
/// # Errors
/// [`BackupError`]. Nothing has changed, unless renaming failed halfway: then [`finish_interrupted`], which every start
/// calls, finishes it.
pub fn restore_in_place(from: &Path, config: &Config) -> Result<RestoreReport, BackupError> {
    finish_interrupted(config)?;
    let staged = Staged::prepare(from, config)?;
    staged.commit(config)?;
    staged.carry_out(config)
}

/// Does everything that [`restore_in_place`] does except for the renames: the next start of the server does those, by
/// [`finish_interrupted`]. For a data folder that a server is using: until the restart it continues as it is, and articles
/// pushed until then stay in the former data.
///
/// # Errors
/// [`BackupError`]; nothing has changed.
pub fn restore_at_restart(from: &Path, config: &Config) -> Result<RestoreReport, BackupError> {
    let staged = Staged::prepare(from, config)?;
    staged.commit(config)?;
    Ok(staged.report(Vec::new()))
}

/// The two names of a generation that was copied out of a backup.
pub(in crate::service) struct StagedGeneration {
    /// In the index folder, until it is put into service.
    pub(in crate::service) hidden: String,
    /// In the index folder from then on.
    pub(in crate::service) own: String,
}

/// A backup, verified and copied next to the data that it will replace. Nothing has changed yet.
pub(in crate::service) struct Staged {
    plan: Plan,
    manifest: Manifest,
    config_restored: Option<PathBuf>,
    seconds: f64,
}

impl Staged {
    /// Verifies the backup in `from` and copies it.
    ///
    /// # Errors
    /// [`BackupError`]; the copy is removed.
    pub(in crate::service) fn prepare(from: &Path, config: &Config) -> Result<Self, BackupError> {
        let started = Instant::now();
        check_none_waits(config)?;
        let manifest = verify(from)?;
        disk::create_folder(&config.data_dir)?;
        let suffix = free_suffix(&config.data_dir);
        let folder = IndexFolder::new(&config.index_dir)?;
        check_space(&manifest, config)?;
        let generation = manifest.generation.as_ref().map(|_| folder.new_name()).transpose()?;
        let plan = Plan { staging: format!("{STAGING}{suffix}"), staged: Vec::new(), suffix, generation };
        let mut staged = Self { plan, manifest, config_restored: None, seconds: 0.0 };
        match staged.fill(from, config) {
            Ok(()) => {
                staged.seconds = started.elapsed().as_secs_f64();
                Ok(staged)
            }
            Err(error) => {
                staged.discard(config);
                Err(error)
            }
        }
    }

    fn fill(&mut self, from: &Path, config: &Config) -> Result<(), BackupError> {
        let generation = self.plan.generation.as_deref();
        stage(from, config, &self.manifest, &self.plan.staging, generation)?;
        self.config_restored = stage_config(from, &self.manifest, config.file.as_deref())?;
        let staging = config.data_dir.join(&self.plan.staging);
        let is_staged = |name: &&str| staging.join(name).exists();
        self.plan.staged = REPLACED.into_iter().filter(is_staged).map(str::to_owned).collect();
        Ok(())
    }

    /// The backup's manifest.
    pub(in crate::service) fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The staged articles folder.
    pub(in crate::service) fn articles_dir(&self, config: &Config) -> PathBuf {
        config.data_dir.join(&self.plan.staging).join("articles")
    }

    /// The staged journal of pushed articles.
    pub(in crate::service) fn journal_dir(&self, config: &Config) -> PathBuf {
        self.articles_dir(config).join(PUSHED_FOLDER)
    }

    /// The staged lexicon; `None` if the backup has none.
    pub(in crate::service) fn lexicon_dir(&self, config: &Config) -> Option<PathBuf> {
        let folder = config.data_dir.join(&self.plan.staging).join("lexicon");
        self.plan.staged.iter().any(|name| name == "lexicon").then_some(folder)
    }

    /// The backup's own index, if it held one.
    pub(in crate::service) fn generation(&self) -> Option<StagedGeneration> {
        let own = self.plan.generation.clone()?;
        Some(StagedGeneration { hidden: hidden_name(&own), own })
    }

    /// Removes the staged copy of the backup's own index.
    pub(in crate::service) fn discard_generation(&mut self, config: &Config) {
        if let Some(name) = self.plan.generation.take() {
            // As in `discard`.
            let _ = disk::remove(&staged_generation(config, &name));
        }
    }

    /// Notes the generation that was built from the staged articles.
    pub(in crate::service) fn set_generation(&mut self, name: &str) {
        self.plan.generation = Some(name.to_owned());
    }

    /// Removes the staged copy, and the index that was built from it.
    pub(in crate::service) fn discard(&self, config: &Config) {
        // A leftover does no harm, and the next start or reindex removes it.
        let _ = disk::remove(&config.data_dir.join(&self.plan.staging));
        if let Some(name) = &self.plan.generation {
            let _ = disk::remove(&staged_generation(config, name));
            let _ = disk::remove(&config.index_dir.join(name));
        }
    }

    /// Makes the decision durable: from here on the staged copy will replace the data; see [`finish_interrupted`].
    ///
    /// # Errors
    /// [`BackupError`]; nothing has changed, and the staged copy is removed.
    pub(in crate::service) fn commit(&self, config: &Config) -> Result<(), BackupError> {
        self.plan.write_down(config).map_err(|not_begun| {
            if not_begun.certain {
                self.discard(config);
            }
            not_begun.error
        })
    }

    /// Replaces the data by the staged copy, once [`Self::commit`] has been called.
    ///
    /// # Errors
    /// [`BackupError`]: the next start finishes it.
    pub(in crate::service) fn carry_out(self, config: &Config) -> Result<RestoreReport, BackupError> {
        let former = carry_out(&self.plan, config)?;
        Ok(self.report(former))
    }

    fn report(self, former: Vec<PathBuf>) -> RestoreReport {
        RestoreReport {
            files: self.manifest.files.len(),
            bytes: self.manifest.bytes(),
            former,
            generation: self.plan.generation,
            config_restored: self.config_restored,
            seconds: self.seconds,
            manifest: self.manifest,
        }
    }
}

/// Checks that the disks of data and index have room for copies of all files.
fn check_space(manifest: &Manifest, config: &Config) -> Result<(), BackupError> {
    let below = |place: &str| {
        let files = manifest.files.iter().filter(|file| file.path.starts_with(place));
        files.map(|file| file.bytes).sum::<u64>()
    };
    for (path, bytes) in [(&config.data_dir, below("data/")), (&config.index_dir, below("index/"))] {
        if let Some(shortage) = DiskSpace::of(path, config.index.keep_free_bytes).shortage(bytes)? {
            return Err(BackupError::DiskSpace { path: path.clone(), shortage });
        }
    }
    Ok(())
}

/// The present time, followed by a number if an earlier restore used the same.
fn free_suffix(data_dir: &Path) -> String {
    let format = format_description!("[year][month][day]T[hour][minute][second]");
    let now = OffsetDateTime::now_utc().to_offset(KST).format(&format).unwrap_or_default();
    let used = |suffix: &str| {
        REPLACED.iter().any(|name| data_dir.join(former_name(name, suffix)).symlink_metadata().is_ok())
    };
    let numbered = (2..).map(|number| format!("{now}-{number}"));
    std::iter::once(now.clone()).chain(numbered).find(|suffix| !used(suffix)).unwrap_or(now)
}

/// Copies every file into the staging folders, and compares each copy with the manifest once more.
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
        disk::keep_time(&source, to);
        return Ok(());
    }
    let problems = vec![format!("{} changed while it was being restored", file.path)];
    Err(BackupError::NotWhole { path: from.to_owned(), problems })
}

/// Writes the backup's settings to a file next to those in use, if they differ.
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
    let mut restored = present.as_os_str().to_owned();
    restored.push(".restored");
    let restored = PathBuf::from(restored);
    disk::write(&restored, &settings)?;
    Ok(Some(restored))
}
