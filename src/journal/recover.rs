//! Checking the journal when it is opened, and repairing it.
//!
//! Nothing that may have been acknowledged is erased: bytes that are not valid lines are copied to `damaged/` before they are
//! cut off, and only the end of the active file is cut, where a write was torn.

use std::fmt;
use std::io::BufReader;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::files::{JournalFile, Listing, closed_path, list, missing};
use super::missing::Missing;
use super::scan::{Piece, Scanner};
use super::{Entry, JournalError, disk};
use crate::faults::{self, FaultPoint};

/// The state of the journal, and the repairs that were made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Recovery {
    /// Journal files.
    pub files: u64,
    /// Entries in them.
    pub entries: u64,
    /// The highest number in them, or 0.
    pub last_sequence: u64,
    /// The end of the active file, where a write was cut short; it was never acknowledged, unless the disk lost it.
    pub torn: Option<Damage>,
    /// Stretches of bytes that are not entries. They stay in their files until an operator or a compaction removes them.
    pub damaged: Vec<Damage>,
    /// Numbers whose files are missing, and numbers that the index knows but the journal does not.
    pub missing: Vec<Missing>,
    /// Files that a killed compaction left, and that opening removed.
    pub removed: Vec<String>,
    /// Names in the folder that are not the journal's.
    pub unknown: Vec<String>,
}

impl Recovery {
    /// Whether everything that was acknowledged is certainly there.
    pub fn is_sound(&self) -> bool {
        self.damaged.is_empty() && self.missing.is_empty()
    }

    /// The losses that are possible, for people: a line each.
    pub fn damage(&self) -> Vec<String> {
        let damaged = self.damaged.iter().map(ToString::to_string);
        damaged.chain(self.missing.iter().map(ToString::to_string)).collect()
    }
}

/// Bytes of a file that are not entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Damage {
    /// The file.
    pub file: String,
    /// Where they begin, in bytes.
    pub offset: u64,
    /// How many; 0 if the file ends too early.
    pub bytes: u64,
    /// The problem.
    pub why: String,
    /// The copy that was made of them.
    pub aside: Option<PathBuf>,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, offset, bytes, why, .. } = self;
        write!(f, "{file}: {bytes} bytes at {offset}: {why}")?;
        self.aside.as_ref().map_or(Ok(()), |aside| write!(f, " (copied to {})", aside.display()))
    }
}

/// Checks the journal in `dir` and changes nothing. A server may be running: then the end of the active file may look torn
/// while it is being written.
///
/// # Errors
/// [`JournalError`] if a file cannot be read.
pub fn inspect(dir: &Path) -> Result<Recovery, JournalError> {
    // A compaction may remove a file that was just listed; that is rare.
    let vanished = |found: &Result<_, JournalError>| found.as_ref().is_err_and(JournalError::is_not_found);
    let attempts = (0..20).map(|_| look(dir));
    attempts.into_iter().find(|found| !vanished(found)).unwrap_or_else(|| look(dir))
}

fn look(dir: &Path) -> Result<Recovery, JournalError> {
    let listing = list(dir)?;
    let mut recovery = Recovery { unknown: listing.unknown.clone(), ..Recovery::default() };
    for part in whole_files(&listing) {
        let scanned = scan(&part.0, part.1, |_, _| Ok(()))?;
        recovery.add(&part.0, &scanned);
    }
    recovery.missing = missing(&listing.parts());
    Ok(recovery)
}

/// The content of a file.
#[derive(Debug, Default)]
pub(super) struct Scanned {
    pub(super) entries: u64,
    pub(super) last: Option<u64>,
    /// The end of the last line that verifies, with its line break.
    pub(super) end: u64,
    /// Whether that line has its line break.
    pub(super) ended: bool,
    /// Bytes of the file.
    pub(super) length: u64,
    /// Stretches without entries before [`Self::end`].
    pub(super) bad: Vec<Stretch>,
    /// The stretch after it.
    pub(super) tail: Option<Stretch>,
    /// Lines or parts of lines in the tail.
    pub(super) tail_lines: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) offset: u64,
    pub(super) length: u64,
    pub(super) why: &'static str,
}

impl Scanned {
    /// Every stretch that is damage if the file is closed; that includes ending too early.
    pub(super) fn damage(&self, file: &JournalFile) -> Vec<Stretch> {
        let mut damage: Vec<Stretch> = self.bad.iter().chain(&self.tail).cloned().collect();
        if let Some(last) = file.last
            && self.last != Some(last)
            && self.tail.is_none()
        {
            damage.push(Stretch { offset: self.length, length: 0, why: "it ends before its last entry" });
        }
        damage
    }
}

/// Reads a file from beginning to end. `each` gets every entry with its line, without the line break.
pub(super) fn scan(
    file: &JournalFile,
    range: RangeInclusive<u64>,
    mut each: impl FnMut(Entry, &[u8]) -> Result<(), JournalError>,
) -> Result<Scanned, JournalError> {
    let input = BufReader::with_capacity(256 << 10, disk::open(&file.path)?);
    let mut scanner = Scanner::new(input, range);
    let mut scanned = Scanned { ended: true, ..Scanned::default() };
    faults::point(FaultPoint::JournalRead).map_err(JournalError::io("cannot read", &file.path))?;
    loop {
        match scanner.next_piece().map_err(JournalError::io("cannot read", &file.path))? {
            None => return Ok(scanned),
            Some(Piece::Line { offset, bytes, ended, entry }) => {
                // The bad bytes so far are not the file's tail: a valid line follows.
                scanned.bad.extend(scanned.tail.take());
                scanned.tail_lines = 0;
                scanned.entries += 1;
                scanned.last = Some(entry.sequence);
                scanned.end = offset + bytes.len() as u64 + u64::from(ended);
                scanned.ended = ended;
                scanned.length = scanned.end;
                each(entry, &bytes)?;
            }
            Some(Piece::Bad { offset, length, why }) => {
                scanned.tail_lines += 1;
                scanned.length = offset + length;
                match &mut scanned.tail {
                    Some(tail) => tail.length += length,
                    None => scanned.tail = Some(Stretch { offset, length, why }),
                }
            }
        }
    }
}

/// Each file with the numbers that it may contain.
fn whole_files(listing: &Listing) -> Vec<(JournalFile, RangeInclusive<u64>)> {
    let with_range = |(at, file): (usize, &JournalFile)| {
        let next = listing.files.get(at + 1).map(|next| next.first.saturating_sub(1));
        (file.clone(), file.first..=file.last.or(next).unwrap_or(u64::MAX))
    };
    listing.files.iter().enumerate().map(with_range).collect()
}

impl Recovery {
    fn add(&mut self, file: &JournalFile, scanned: &Scanned) {
        self.files += 1;
        self.entries += scanned.entries;
        self.last_sequence = self.last_sequence.max(scanned.last.unwrap_or(0)).max(file.last.unwrap_or(0));
        let damage = |stretch: &Stretch| Damage {
            file: file.name(),
            offset: stretch.offset,
            bytes: stretch.length,
            why: stretch.why.to_owned(),
            aside: None,
        };
        if file.last.is_some() {
            self.damaged.extend(scanned.damage(file).iter().map(damage));
        } else {
            self.damaged.extend(scanned.bad.iter().map(damage));
            self.torn = scanned.tail.as_ref().map(damage).or(self.torn.take());
        }
    }
}

/// The end of the journal after recovery.
#[derive(Debug)]
pub(super) struct End {
    /// The active file, if there is one, its length and its last entry.
    pub(super) active: Option<(JournalFile, u64, Option<u64>)>,
    /// The last number of the closed files.
    pub(super) closed: u64,
    /// The last number that may have been given.
    pub(super) given: u64,
}

/// Finishes what a killed process began, sets damaged bytes aside, cuts off a torn write, and makes the rest durable.
pub(super) fn recover(dir: &Path) -> Result<(Recovery, End), JournalError> {
    disk::create_folder(dir)?;
    let removed = clear_leftovers(dir)?;
    let mut listing = list(dir)?;
    if finish_rolls(&listing, dir)? {
        listing = list(dir)?;
    }
    let mut recovery = Recovery { unknown: listing.unknown.clone(), removed, ..Recovery::default() };
    let mut end = End { active: None, closed: 0, given: 0 };
    for (file, range) in whole_files(&listing) {
        let scanned = scan(&file, range, |_, _| Ok(()))?;
        let (damaged, torn) = (recovery.damaged.len(), recovery.torn.is_some());
        recovery.add(&file, &scanned);
        for damage in recovery.damaged.iter_mut().skip(damaged).filter(|damage| damage.bytes > 0) {
            damage.aside = Some(disk::set_aside(&file.path, file.first, damage.offset, damage.bytes)?);
        }
        // Only if it is this file that is torn: the active one, of which there is one.
        if let Some(damage) = recovery.torn.as_mut().filter(|_| !torn) {
            damage.aside = Some(disk::set_aside(&file.path, file.first, damage.offset, damage.bytes)?);
        }
        match file.last {
            Some(last) => end.closed = end.closed.max(last),
            None => {
                let length = make_appendable(&file, &scanned)?;
                let last = scanned.last.unwrap_or(file.first.saturating_sub(1));
                end.given = last.saturating_add(scanned.tail_lines);
                end.active = Some((file, length, scanned.last));
            }
        }
    }
    disk::sync_folder(dir)?;
    recovery.missing = missing(&listing.parts());
    end.given = end.given.max(recovery.last_sequence);
    Ok((recovery, end))
}

/// Cuts off the tail, completes the last line with its line break, and syncs: entries that are read from here on must not be
/// lost, and the process that wrote them may have died before its own sync. Gives the file's length.
fn make_appendable(file: &JournalFile, scanned: &Scanned) -> Result<u64, JournalError> {
    let path = &file.path;
    let open = disk::open_to_append(path, false)?;
    if scanned.tail.is_some() {
        disk::truncate(&open, path, scanned.end)?;
    }
    let mut length = scanned.end;
    if !scanned.ended {
        disk::append(&open, path, b"\n")?;
        length += 1;
    }
    disk::sync(&open, path)?;
    Ok(length)
}

/// Removes what killed compactions left: unfinished files, and files that were merged into another one, which is complete.
pub(super) fn clear_leftovers(dir: &Path) -> Result<Vec<String>, JournalError> {
    let listing = list(dir)?;
    let mut removed = Vec::new();
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    for path in &listing.unfinished {
        disk::remove(FaultPoint::JournalRemoveLeftover, path)?;
        removed.push(name(path));
    }
    let mut verified: Option<(&JournalFile, bool)> = None;
    for (inner, outer) in listing.inside() {
        let whole = match verified {
            Some((file, whole)) if file == outer => whole,
            _ => is_whole(outer)?,
        };
        verified = Some((outer, whole));
        if whole {
            disk::remove(FaultPoint::JournalRemoveLeftover, &inner.path)?;
            removed.push(inner.name());
        }
    }
    if !removed.is_empty() {
        disk::sync_folder(dir)?;
    }
    Ok(removed)
}

fn is_whole(file: &JournalFile) -> Result<bool, JournalError> {
    let range = file.first..=file.last.unwrap_or(u64::MAX);
    Ok(scan(file, range, |_, _| Ok(()))?.damage(file).is_empty())
}

/// Closes files without LAST that are followed by another one: their rename was lost in a power failure, or never made.
fn finish_rolls(listing: &Listing, dir: &Path) -> Result<bool, JournalError> {
    let mut changed = false;
    let newest = listing.active();
    for (file, range) in whole_files(listing) {
        if file.last.is_some() || Some(&file) == newest {
            continue;
        }
        let last = *range.end();
        let scanned = scan(&file, range, |_, _| Ok(()))?;
        if scanned.length == 0 {
            disk::remove(FaultPoint::JournalRemoveLeftover, &file.path)?;
        } else {
            disk::rename(FaultPoint::JournalRoll, &file.path, &closed_path(dir, file.first, last))?;
        }
        changed = true;
    }
    if changed {
        disk::sync_folder(dir)?;
    }
    Ok(changed)
}
