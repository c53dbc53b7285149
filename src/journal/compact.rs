//! Compaction: only the last entry of each article is kept, in one closed file instead of many.
//!
//! It runs at the same time as the [`Journal`](super::Journal), which never touches a closed file, and itself never touches
//! the active one. The new file is not used until it is complete, durable and has been read back; then one rename puts it in
//! place, and the files that it was made of are removed. A kill in between leaves both, which readers and
//! [`Journal::open`](super::Journal::open) understand.

use std::fs::File;
use std::path::Path;
use std::time::Instant;

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::files::{JournalFile, Listing, Part, closed_path, list, unfinished_path};
use super::recover::{clear_leftovers, scan};
use super::{Entry, JournalError, disk};
use crate::faults::FaultPoint;

/// So many closed files are always worth compacting, whatever their sizes.
const MANY_FILES: usize = 32;
/// Entries between two checks of whether to continue.
const ENTRIES_PER_CHECK: u64 = 256;
/// Bytes of lines collected before they are written.
const CHUNK_BYTES: usize = 1 << 20;

/// The result of a compaction.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct CompactionReport {
    /// Closed files before.
    pub files_before: u64,
    /// Closed files after.
    pub files_after: u64,
    /// Entries in the closed files before.
    pub entries_before: u64,
    /// Entries after: one for each article.
    pub entries_after: u64,
    /// Bytes of the closed files before.
    pub bytes_before: u64,
    /// Bytes after.
    pub bytes_after: u64,
    /// Damaged stretches that were set aside and left out.
    pub damaged: u64,
    /// Whether it was stopped early; then some or all files are unchanged.
    pub cancelled: bool,
    /// Seconds it took.
    pub seconds: f64,
}

/// Whether a compaction is worthwhile: either the files closed since the last one add up to half the size of the largest, so
/// that each entry is rewritten a few times at most; or there are very many. Only names and sizes are looked at, of files with
/// entries up to `up_to`.
///
/// # Errors
/// [`JournalError`] if the folder cannot be read.
pub fn worth_compacting(dir: &Path, up_to: u64) -> Result<bool, JournalError> {
    let listing = list(dir)?;
    let sizes: Vec<u64> =
        listing.files.iter().filter(|file| is_closed(file, up_to)).map(|file| size(&file.path)).collect();
    let largest = sizes.iter().max().copied().unwrap_or(0);
    let rest = sizes.iter().sum::<u64>() - largest;
    Ok(sizes.len() >= 2 && (rest >= largest / 2 || sizes.len() >= MANY_FILES))
}

/// Whether a file is closed and has no entries after `up_to`.
fn is_closed(file: &JournalFile, up_to: u64) -> bool {
    file.last.is_some_and(|last| last <= up_to)
}

/// Merges the closed files that have entries up to `up_to` only: of what comes after it whoever follows the journal has not seen the
/// texts yet that later entries replace. `go_on` is asked from time to time; once it says no, nothing more is replaced. The caller must
/// have opened the journal before, which removes unfinished files, and must run one compaction at a time. The ids of all
/// articles are held in memory, about 100 bytes each.
///
/// If a file is missing between two closed ones, the gap stays: the files before it and those after it are merged
/// separately.
///
/// # Errors
/// [`JournalError`]; no entry is lost.
pub fn compact(dir: &Path, up_to: u64, go_on: impl Fn() -> bool) -> Result<CompactionReport, JournalError> {
    let started = Instant::now();
    clear_leftovers(dir)?;
    let mut closed = list(dir)?;
    closed.files.retain(|file| is_closed(file, up_to));
    let mut report = CompactionReport {
        files_before: closed.files.len() as u64,
        bytes_before: closed.files.iter().map(|file| size(&file.path)).sum(),
        ..CompactionReport::default()
    };
    for parts in runs(&closed) {
        Run { dir, parts, go_on: &go_on }.compact(&mut report)?;
    }
    report.seconds = started.elapsed().as_secs_f64();
    Ok(report)
}

fn size(path: &Path) -> u64 {
    path.metadata().map_or(0, |meta| meta.len())
}

/// Groups the parts that follow each other without a gap.
fn runs(closed: &Listing) -> Vec<Vec<Part>> {
    let mut runs: Vec<Vec<Part>> = Vec::new();
    for part in closed.parts() {
        match runs.last_mut() {
            Some(run) if run.last().is_some_and(|last| last.to.checked_add(1) == Some(part.from)) => {
                run.push(part);
            }
            _ => runs.push(vec![part]),
        }
    }
    runs
}

struct Run<'a, F> {
    dir: &'a Path,
    parts: Vec<Part>,
    go_on: &'a F,
}

/// The last entry of each article, and what else was counted while reading.
#[derive(Default)]
struct Survey {
    newest: FxHashMap<Box<str>, u64>,
    entries: u64,
    damaged: u64,
}

impl<F: Fn() -> bool> Run<'_, F> {
    fn compact(&self, report: &mut CompactionReport) -> Result<(), JournalError> {
        let (Some(first), Some(last)) = (self.parts.first(), self.parts.last()) else { return Ok(()) };
        let mut files: Vec<&JournalFile> = self.parts.iter().map(|part| &part.file).collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files.dedup();
        let survey = self.survey()?;
        let kept = survey.newest.len() as u64;
        report.entries_before += survey.entries;
        let as_it_is = files.len() == 1 && kept == survey.entries && survey.damaged == 0;
        if report.cancelled || as_it_is || kept == 0 || !(self.go_on)() {
            report.cancelled |= !(self.go_on)();
            report.files_after += files.len() as u64;
            report.entries_after += survey.entries;
            report.bytes_after += files.iter().map(|file| size(&file.path)).sum::<u64>();
            return Ok(());
        }
        let path = closed_path(self.dir, first.from, last.to);
        let unfinished = unfinished_path(&path);
        let written = self.write(&survey, &unfinished).and_then(|whole| match whole {
            true => self.read_back(&unfinished, kept),
            false => Ok(false),
        });
        if !matches!(written, Ok(true)) {
            // If this fails, the next compaction or opening removes it.
            let _ = disk::remove(FaultPoint::JournalRemoveLeftover, &unfinished);
        }
        if !written? {
            report.cancelled = true;
            report.files_after += files.len() as u64;
            report.entries_after += survey.entries;
            report.bytes_after += files.iter().map(|file| size(&file.path)).sum::<u64>();
            return Ok(());
        }
        disk::rename(FaultPoint::JournalCompactRename, &unfinished, &path)?;
        disk::sync_folder(self.dir)?;
        for file in files.iter().filter(|file| file.path != path) {
            disk::remove(FaultPoint::JournalCompactRemove, &file.path)?;
        }
        disk::sync_folder(self.dir)?;
        report.files_after += 1;
        report.entries_after += kept;
        report.bytes_after += size(&path);
        report.damaged += survey.damaged;
        Ok(())
    }

    /// Reads all parts, sets damaged bytes aside, and finds the last entry of each article.
    fn survey(&self) -> Result<Survey, JournalError> {
        let mut survey = Survey::default();
        let mut surveyed: Vec<&Path> = Vec::new();
        for part in &self.parts {
            let scanned = self.each(part, |entry, _| {
                survey.entries += 1;
                survey.newest.insert(entry.id.as_str().into(), entry.sequence);
                Ok(())
            })?;
            if surveyed.contains(&part.file.path.as_path()) {
                continue;
            }
            surveyed.push(&part.file.path);
            for damage in scanned.damage(&part.file).iter().filter(|damage| damage.length > 0) {
                disk::set_aside(&part.file.path, part.file.first, damage.offset, damage.length)?;
                survey.damaged += 1;
            }
        }
        Ok(survey)
    }

    fn each(
        &self,
        part: &Part,
        mut each: impl FnMut(Entry, &[u8]) -> Result<(), JournalError>,
    ) -> Result<super::recover::Scanned, JournalError> {
        let range = part.file.first..=part.file.last.unwrap_or(u64::MAX);
        scan(&part.file, range, |entry, line| {
            if (part.from..=part.to).contains(&entry.sequence) { each(entry, line) } else { Ok(()) }
        })
    }

    /// Writes the last entry of each article, unchanged, to `path`. False if it was told to stop.
    fn write(&self, survey: &Survey, path: &Path) -> Result<bool, JournalError> {
        let file = disk::create_unfinished(path)?;
        let mut lines = Vec::new();
        let (mut seen, mut cancelled) = (0, false);
        for part in &self.parts {
            self.each(part, |entry, line| {
                seen += 1;
                cancelled |= seen % ENTRIES_PER_CHECK == 0 && !(self.go_on)();
                if cancelled || survey.newest.get(entry.id.as_str()) != Some(&entry.sequence) {
                    return Ok(());
                }
                lines.extend_from_slice(line);
                lines.push(b'\n');
                if lines.len() >= CHUNK_BYTES {
                    write_out(&file, path, &mut lines)?;
                }
                Ok(())
            })?;
            if cancelled {
                return Ok(false);
            }
        }
        write_out(&file, path, &mut lines)?;
        disk::sync_unfinished(&file, path)?;
        Ok(true)
    }

    /// Checks that the file contains the entries that were to be written: only then may it replace others.
    fn read_back(&self, path: &Path, entries: u64) -> Result<bool, JournalError> {
        let (Some(first), Some(last)) = (self.parts.first(), self.parts.last()) else { return Ok(false) };
        let file = JournalFile { path: path.to_owned(), first: first.from, last: None };
        let scanned = scan(&file, first.from..=last.to, |_, _| Ok(()))?;
        if scanned.entries == entries && scanned.bad.is_empty() && scanned.tail.is_none() {
            return Ok(true);
        }
        let source = std::io::Error::other("it does not contain what was written");
        Err(JournalError::io("cannot trust", path)(source))
    }
}

fn write_out(file: &File, path: &Path, lines: &mut Vec<u8>) -> Result<(), JournalError> {
    disk::write_unfinished(file, path, lines)?;
    lines.clear();
    Ok(())
}
