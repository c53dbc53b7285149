//! Copying the journal while it is being written and compacted.
//!
//! The listed files are copied, closed ones first and the active one last. A file that vanished meanwhile still exists under
//! another name: the folder is listed again, and whatever is not yet covered is copied, until the copies' ranges follow each
//! other. If the copy contains both a file and the one that a compaction made from it, opening the copy removes the narrower
//! one.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use super::files::{JournalFile, Part, list, missing};
use super::recover::scan;
use super::{JournalError, disk};
use crate::faults::{self, FaultPoint};

/// How often the folder is listed before a file counts as missing, not as just being renamed.
const MAX_ATTEMPTS: u32 = 100;

/// Copies the journal in `dir` to the folder `to`, which it creates, and gives the last sequence in the copy. The copy
/// contains every entry that was durable at the time of the call, and the active file up to its last complete line. Damaged
/// bytes that were set aside are not copied.
///
/// # Errors
/// [`JournalError`]; an incomplete copy stays.
pub fn copy(dir: &Path, to: &Path) -> Result<u64, JournalError> {
    disk::create_folder(to)?;
    // A listing may miss a file that is just being renamed: the newest of several listings counts.
    let mut newest = 0;
    for _ in 0..3 {
        newest = newest.max(list(dir)?.files.last().map_or(0, |file| file.first));
    }
    for attempt in 0..=MAX_ATTEMPTS {
        remove_open_ended(to)?;
        let parts = list(dir)?.parts();
        let doubtful = !missing(&parts).is_empty() || parts.last().map_or(0, |part| part.from) < newest;
        if doubtful && attempt < MAX_ATTEMPTS {
            std::thread::yield_now();
            continue;
        }
        match copy_parts(&parts, to)? {
            Copied::Whole => break,
            Copied::Damaged if attempt == MAX_ATTEMPTS => break,
            Copied::Damaged | Copied::Vanished => {}
        }
    }
    disk::sync_folder(to)?;
    last_sequence(&list(to)?.parts())
}

enum Copied {
    Whole,
    /// There are damaged lines in the copy of the active file: perhaps a failed write was undone meanwhile.
    Damaged,
    Vanished,
}

/// Copies the parts that are not there yet.
fn copy_parts(parts: &[Part], to: &Path) -> Result<Copied, JournalError> {
    let there = list(to)?.parts();
    let mut outcome = Copied::Whole;
    for part in parts.iter().filter(|part| part.file.last.is_none() || !holds(&there, part)) {
        let copy = to.join(part.file.name());
        match copy_file(&part.file.path, &copy) {
            Err(error) if error.is_not_found() => return Ok(Copied::Vanished),
            copied => copied?,
        }
        if part.file.last.is_none() {
            let file = JournalFile { path: copy.clone(), ..part.file.clone() };
            let scanned = scan(&file, part.from..=part.to, |_, _| Ok(()))?;
            if !scanned.bad.is_empty() {
                outcome = Copied::Damaged;
            }
            let open = disk::open_to_append(&copy, false)?;
            open.set_len(scanned.end).map_err(JournalError::io("cannot truncate", &copy))?;
            if !scanned.ended {
                disk::append(&open, &copy, b"\n")?;
            }
            open.sync_all().map_err(JournalError::io("cannot sync", &copy))?;
        }
    }
    Ok(outcome)
}

/// Whether all numbers of `part` are in `copies`, which are in order.
fn holds(copies: &[Part], part: &Part) -> bool {
    let mut next = part.from;
    for copy in copies.iter().filter(|copy| copy.to >= part.from) {
        if copy.from > next {
            return false;
        }
        if copy.to >= part.to {
            return true;
        }
        next = copy.to + 1;
    }
    false
}

fn copy_file(from: &Path, to: &Path) -> Result<(), JournalError> {
    let source = disk::open(from)?;
    let write = || -> io::Result<()> {
        faults::point(FaultPoint::BackupCopy)?;
        let mut copy = File::create(to)?;
        io::copy(&mut &source, &mut copy)?;
        copy.sync_all()
    };
    write().map_err(JournalError::io("cannot write the copy", to))
}

/// Removes the copies of active files that an earlier attempt made: the originals have grown since, or are closed.
fn remove_open_ended(to: &Path) -> Result<(), JournalError> {
    for file in list(to)?.files.iter().filter(|file| file.last.is_none()) {
        fs::remove_file(&file.path).map_err(JournalError::io("cannot remove", &file.path))?;
    }
    Ok(())
}

fn last_sequence(parts: &[Part]) -> Result<u64, JournalError> {
    let Some(part) = parts.last() else { return Ok(0) };
    match part.file.last {
        Some(last) => Ok(last),
        None => {
            let scanned = scan(&part.file, part.from..=part.to, |_, _| Ok(()))?;
            Ok(scanned.last.unwrap_or(part.from.saturating_sub(1)))
        }
    }
}
