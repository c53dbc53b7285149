//! The journal: every article that was pushed or deleted over HTTP, durable before it is acknowledged.
//!
//! It is in `data/articles/pushed/`, and like the files of articles next to it, it is data that cannot be rebuilt: the index
//! is made from both, and the journal takes precedence. One thread owns the [`Journal`] and appends; meanwhile any number of
//! others may [`read`], and one may [`compact`]. Nothing here knows the index or HTTP.
//!
//! `record`: one entry as one line. `scan`: a file → lines and damage. `files`: names and ranges. `missing`: numbers that are in
//! no file. `disk`: every file operation. `recover`: what opening finds and repairs. `read`, `compact`, `snapshot`: reading,
//! compacting and copying while the writer appends. `pushed`: an entry → an article. `earlier`: what articles said before a push replaced
//! it. `erase`: an article goes out of all files.
//!
//! **Promises.** A sequence number is given once. An entry whose [`Journal::sync`] succeeded survives any crash. One that was
//! not acknowledged may be lost. A failed fsync may have discarded pages that it could not write, and the next one reports
//! success all the same (<https://lwn.net/Articles/752063/>): so nothing is appended to a file whose sync failed. It is cut
//! back to its durable part and closed, and the next entries go to a new file. Nor is anything acknowledged into a file that is
//! not at its path any more: it would be durable, and found by nobody. A reader says which numbers it found in no file.
//!
//! * *One line an entry*, JSON, with a checksum of its own: any tool reads it, and no byte changes unnoticed. Damage costs the lines
//!   it touches: each other line is found by itself, even where the line break before it is gone.
//! * *Nothing is erased because it cannot be read.* What is cut off (a torn write at the end) or left out (by a compaction) is copied to
//!   `damaged/` first.
//! * *Names are ranges*, without gaps from 1. So a missing file shows, and a roll or compaction that was killed is understood by names
//!   alone. Where the result of a compaction and the files that it was made from are all there, the latter are read. The name of a
//!   file that was closed after a failed sync excludes what could not be cut.
//! * *Readers need no lock*: they list, open, and list again when a name has vanished. A sequence is never given twice, so the worst
//!   that a reader meets is an entry that it has seen.
//! * *Deletions stay for ever*, because they also hide what files hold. Compaction works on closed files only.
//!
//! How fast it is: docs/MEASURED.md.

mod compact;
mod disk;
mod earlier;
mod erase;
mod error;
mod files;
mod missing;
pub mod pushed;
mod read;
mod record;
mod recover;
mod scan;
mod snapshot;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use time::OffsetDateTime;

use crate::article::Timestamp;
use crate::faults::FaultPoint;
use files::{JournalFile, active_path, closed_path};

pub use compact::{CompactionReport, compact, worth_compacting};
pub use earlier::{EarlierText, EarlierTexts, Kept, Replaced, VERSIONS};
pub use erase::{Erased, erase};
pub use error::JournalError;
pub use missing::Missing;
pub use read::{Reader, read};
pub use record::{Change, Entry, MAX_LINE_BYTES, NewEntry};
pub use recover::{Damage, Recovery, inspect};
pub use snapshot::copy;

/// Bytes of lines collected before they are written.
const CHUNK_BYTES: usize = 1 << 20;

/// How a journal is written.
#[derive(Debug, Clone)]
pub struct JournalOptions {
    /// The size at which the active file is closed.
    pub roll_bytes: u64,
    /// The highest number known elsewhere (the index has applied it): no number up to it is given again, even if the
    /// journal's end was lost.
    pub known_sequence: u64,
}

impl Default for JournalOptions {
    fn default() -> Self {
        Self { roll_bytes: 64 << 20, known_sequence: 0 }
    }
}

/// The writer.
#[derive(Debug)]
pub struct Journal {
    dir: PathBuf,
    options: JournalOptions,
    active: Option<Active>,
    /// The number with which the next file's name begins.
    next_file: u64,
    /// The last durable number.
    durable: u64,
    /// The last number given.
    given: u64,
    /// Whether a file was closed since [`Self::take_closed`] was last called.
    closed: bool,
}

/// The active file.
#[derive(Debug)]
struct Active {
    file: File,
    path: PathBuf,
    first: u64,
    /// Bytes that are durable, and the last entry in them.
    durable_bytes: u64,
    durable: Option<u64>,
    /// Bytes that were written, and the last entry in them.
    bytes: u64,
    last: Option<u64>,
    /// Whether its name in the folder is durable.
    named: bool,
    health: Health,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Health {
    Sound,
    /// A failed append may have left bytes at its end.
    Uncut,
    /// A sync failed: nothing may be appended any more.
    Failed,
}

impl Journal {
    /// Opens the journal in `dir`, creating the folder if necessary: removes what a killed compaction left, verifies every
    /// line, sets damaged bytes aside, and cuts off a torn write. All entries that the [`Recovery`] counts are durable.
    ///
    /// # Errors
    /// [`JournalError`] if a file cannot be read or repaired. Damage is not an error.
    pub fn open(dir: &Path, options: JournalOptions) -> Result<(Self, Recovery), JournalError> {
        let (mut recovery, end) = recover::recover(dir)?;
        let known = options.known_sequence;
        let active = match end.active {
            None => None,
            Some((JournalFile { path, first, .. }, bytes, last)) => Some(Active {
                file: disk::open_to_append(&path, false)?,
                path,
                first,
                durable_bytes: bytes,
                durable: last,
                bytes,
                last,
                named: true,
                health: Health::Sound,
            }),
        };
        let last = recovery.last_sequence;
        let mut journal = Self {
            dir: dir.to_owned(),
            options,
            active,
            next_file: end.closed.saturating_add(1),
            durable: last,
            given: end.given,
            closed: true,
        };
        if known > last {
            recovery.missing.push(Missing { first: last + 1, last: known });
            journal.begin_after(known)?;
        }
        Ok((journal, recovery))
    }

    /// Continues in a new file after `known`, so that the gap before it is visible in the names from now on.
    fn begin_after(&mut self, known: u64) -> Result<(), JournalError> {
        self.roll()?;
        if let Some(empty) = self.active.take() {
            disk::remove(FaultPoint::JournalRemoveLeftover, &empty.path)?;
        }
        self.next_file = self.next_file.max(known.saturating_add(1));
        self.durable = known;
        self.given = self.given.max(known);
        Ok(())
    }

    /// The journal's folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The last durable number; 0 before the first entry.
    pub fn last_sequence(&self) -> u64 {
        self.durable
    }

    /// Appends entries and gives their numbers. [`Self::sync`] makes them durable; before that they must be neither
    /// acknowledged nor committed to an index.
    ///
    /// # Errors
    /// [`JournalError`]; none of `entries` remains. Entries appended earlier stay, and the next [`Self::sync`] says whether
    /// they are durable.
    pub fn append(&mut self, entries: &[NewEntry]) -> Result<RangeInclusive<u64>, JournalError> {
        self.append_after(self.given, entries)
    }

    /// Gives `count` numbers away, at least one, to articles that come from files: they are in the order in which articles come, and no
    /// entry gets them. [`Self::sync`] makes that durable, as with entries; before that they must not be used.
    ///
    /// # Errors
    /// [`JournalError`]; then none of them was given.
    pub fn reserve(&mut self, count: u64) -> Result<RangeInclusive<u64>, JournalError> {
        let (first, before) = (self.given.saturating_add(1), self.given.saturating_add(count.max(1) - 1));
        let last = *self.append_after(before, &[NewEntry::of_files()])?.end();
        Ok(first..=last)
    }

    /// Appends entries with the numbers after `before`, which is the last number given or a later one.
    fn append_after(
        &mut self,
        before: u64,
        entries: &[NewEntry],
    ) -> Result<RangeInclusive<u64>, JournalError> {
        let exhausted = || JournalError::Exhausted { path: self.dir.clone() };
        // The very last number is never given: ranges must be able to end before it.
        let first = before.checked_add(1).ok_or_else(exhausted)?;
        let last = before.checked_add(entries.len() as u64).filter(|last| *last < u64::MAX);
        let last = last.ok_or_else(exhausted)?;
        let at = Timestamp::from_seconds(OffsetDateTime::now_utc().unix_timestamp());
        if entries.is_empty() {
            return Ok(first..=last);
        }
        self.give_up_failed()?;
        let mut active = match self.active.take() {
            Some(active) => active,
            None => self.new_file()?,
        };
        self.given = last;
        let written = active.write(entries, first, at, &self.dir);
        match written {
            Ok(bytes) => {
                active.bytes += bytes;
                active.last = Some(last);
            }
            Err(_) => active.undo(),
        }
        self.active = Some(active);
        written.map(|_| first..=last)
    }

    /// Makes all appended entries durable, with one fdatasync, and closes the active file if it is large enough. Gives the
    /// last durable number.
    ///
    /// # Errors
    /// [`JournalError`]: no entry appended since the last successful sync may be acknowledged, and none remains.
    pub fn sync(&mut self) -> Result<u64, JournalError> {
        let Some(active) = &mut self.active else { return Ok(self.durable) };
        active.sync()?;
        self.durable = self.durable.max(active.durable.unwrap_or(0));
        if active.bytes >= self.options.roll_bytes {
            // The entries are durable whatever the file's name is; the next sync tries again.
            if let Err(error) = self.roll() {
                tracing::warn!(%error, "the journal continues in a file that should have been closed");
            }
        }
        Ok(self.durable)
    }

    /// Whether files were closed since the last call: only then can [`worth_compacting`] have changed. True at first.
    pub fn take_closed(&mut self) -> bool {
        std::mem::take(&mut self.closed)
    }

    /// Closes the active file, so that a compaction may use it. Everything in it must be durable.
    fn roll(&mut self) -> Result<(), JournalError> {
        let Some(active) = &self.active else { return Ok(()) };
        let Some(last) = active.durable else { return Ok(()) };
        disk::rename(FaultPoint::JournalRoll, &active.path, &closed_path(&self.dir, active.first, last))?;
        // The old name is gone, so nothing may be appended under it, even while the new one is not durable yet: if the
        // power fails before that, opening finishes the rename.
        self.active = None;
        self.closed = true;
        self.next_file = last + 1;
        disk::sync_folder(&self.dir)
    }

    /// Creates an active file. Its name becomes durable with the first entry.
    fn new_file(&self) -> Result<Active, JournalError> {
        let path = active_path(&self.dir, self.next_file);
        Ok(Active {
            file: disk::open_to_append(&path, true)?,
            path,
            first: self.next_file,
            durable_bytes: 0,
            durable: None,
            bytes: 0,
            last: None,
            named: false,
            health: Health::Sound,
        })
    }

    /// Closes a file that failed, at the end of its durable part. If it could not be cut, later entries may still be in it;
    /// its name excludes them, and the next file begins with their numbers.
    fn give_up_failed(&mut self) -> Result<(), JournalError> {
        let Some(active) = &mut self.active else { return Ok(()) };
        if active.health == Health::Sound {
            return Ok(());
        }
        match active.cut_back() {
            Ok(()) if active.health == Health::Sound => return Ok(()),
            // Entries appended earlier still wait for a sync, which says whether they are durable.
            Err(error) if active.bytes > active.durable_bytes => return Err(error),
            _ => {}
        }
        match active.durable {
            None => disk::remove(FaultPoint::JournalRemoveLeftover, &active.path)?,
            Some(last) => {
                active.verify(last);
                disk::rename(
                    FaultPoint::JournalRoll,
                    &active.path,
                    &closed_path(&self.dir, active.first, last),
                )?;
                self.next_file = last + 1;
            }
        }
        // This file's new name becomes durable together with the next file's, before anything in that one is acknowledged.
        self.active = None;
        Ok(())
    }
}

impl Active {
    /// Writes the lines of `entries`, numbered from `first`, and gives their bytes.
    fn write(
        &mut self,
        entries: &[NewEntry],
        first: u64,
        at: Timestamp,
        dir: &Path,
    ) -> Result<u64, JournalError> {
        let (mut lines, mut bytes) = (Vec::new(), 0);
        let mut flush = |lines: &mut Vec<u8>| {
            disk::append(&self.file, &self.path, lines)?;
            bytes += lines.len() as u64;
            lines.clear();
            Ok(())
        };
        for (sequence, entry) in (first..).zip(entries) {
            record::encode(entry, sequence, at, &mut lines)?;
            if lines.len() >= CHUNK_BYTES {
                flush(&mut lines)?;
            }
        }
        flush(&mut lines)?;
        if !self.named {
            disk::sync_folder(dir)?;
            self.named = true;
        }
        Ok(bytes)
    }

    /// Makes the appended entries durable, or cuts them off. A file that is not at its path any more is no better than one that
    /// cannot be synced.
    fn sync(&mut self) -> Result<(), JournalError> {
        if self.durable_bytes == self.bytes {
            return Ok(());
        }
        let synced =
            disk::sync(&self.file, &self.path).and_then(|()| disk::still_named(&self.file, &self.path));
        match synced {
            Ok(()) => {
                self.durable_bytes = self.bytes;
                self.durable = self.last;
                Ok(())
            }
            Err(error) => {
                self.bytes = self.durable_bytes;
                self.last = self.durable;
                self.health = Health::Failed;
                self.undo();
                Err(error)
            }
        }
    }

    /// Cuts the file to the bytes that belong in it.
    fn cut_back(&mut self) -> Result<(), JournalError> {
        let cut = disk::truncate(&self.file, &self.path, self.bytes);
        self.health = match (self.health, &cut) {
            (Health::Failed, _) => Health::Failed,
            (_, Ok(())) => Health::Sound,
            (_, Err(_)) => Health::Uncut,
        };
        cut
    }

    /// [`Self::cut_back`] after another error, which says more than its own would.
    fn undo(&mut self) {
        if let Err(error) = self.cut_back() {
            tracing::warn!(%error, "a failed write to the journal could not be undone yet");
        }
    }

    /// Reads the durable part back and logs if it is damaged; the next opening reports that as well.
    fn verify(&self, last: u64) {
        let file = JournalFile { path: self.path.clone(), first: self.first, last: Some(last) };
        match recover::scan(&file, self.first..=last, |_, _| Ok(())) {
            Ok(scanned) if scanned.last == Some(last) && scanned.bad.is_empty() => {}
            Ok(scanned) => {
                let file = file.name();
                tracing::error!(
                    file,
                    ?scanned,
                    "the journal does not read back as it was written; check the disk"
                );
            }
            Err(error) => tracing::error!(%error, "the journal does not read back; check the disk"),
        }
    }
}
