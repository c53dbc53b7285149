//! Reading the journal while it is being written, without a lock.
//!
//! The reader knows only the folder. A file that it has listed may be renamed (closed) or replaced (compacted) before it
//! opens it, and a listing made meanwhile may miss one: then it lists again and continues after the last entry that it gave.
//! An open file stays readable whatever happens to its name.

use std::collections::VecDeque;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use super::files::{Part, list, missing};
use super::missing::Missing;
use super::scan::{Piece, Scanner};
use super::{Entry, JournalError, disk};
use crate::faults::{self, FaultPoint};

const BUFFER_BYTES: usize = 256 << 10;
/// Listings in a row that may have a gap before the gap is believed, and files in a row that may vanish.
const MAX_ATTEMPTS: u32 = 50;

/// All entries after `after`, up to and including `up_to`, in order. If the entries of an article were compacted, only the
/// last one remains; if that is after `up_to`, it is left for the next time. Damaged lines are skipped and counted; opening
/// the journal reports them.
///
/// `up_to` is the last durable sequence: entries after it may still be cut off.
pub fn read(dir: &Path, after: u64, up_to: u64) -> Reader {
    Reader { up_to, ..Reader::new(dir, after) }
}

/// See [`read`].
pub struct Reader {
    dir: PathBuf,
    /// The last sequence given, or skipped together with its file.
    after: u64,
    up_to: u64,
    parts: VecDeque<Part>,
    open: Option<(Part, Scanner<BufReader<File>>)>,
    /// Where to continue in the open file: after the last line that was given or skipped.
    place: u64,
    /// The parts that the last listing gave.
    listed: Vec<Part>,
    /// Listed files in a row that did not exist any more when they were to be opened.
    vanished: u32,
    /// The last sequence seen in the open file.
    seen: u64,
    /// Whether damaged bytes followed it.
    damage_since: bool,
    damaged: u64,
    lost: Vec<Missing>,
    ended: bool,
}

impl Reader {
    /// Reads the entries after `after`, as far as [`Reader::next_entry`] is told.
    pub fn new(dir: &Path, after: u64) -> Self {
        Self {
            dir: dir.to_owned(),
            after,
            up_to: after,
            parts: VecDeque::new(),
            open: None,
            place: 0,
            listed: Vec::new(),
            vanished: 0,
            seen: 0,
            damage_since: false,
            damaged: 0,
            lost: Vec::new(),
            ended: false,
        }
    }

    /// The next entry up to `up_to`, or `None` if there is none yet: ask again when more entries are durable. Continues where
    /// it stopped, without reading the file from its beginning.
    ///
    /// # Errors
    /// [`JournalError`] if a file cannot be read.
    pub fn next_entry(&mut self, up_to: u64) -> Result<Option<Entry>, JournalError> {
        if up_to != self.up_to {
            self.up_to = up_to;
            self.listed.clear();
            // Bytes buffered past the durable part may have been cut off and replaced since.
            if let Some((mut part, scanner)) = self.open.take() {
                if part.file.last.is_none() && !is_same(scanner.input().get_ref(), &part.file.path) {
                    match self.closed_since(&part, scanner.input())? {
                        Some(closed) => part = closed,
                        None => return self.step(),
                    }
                }
                let path = part.file.path.clone();
                let scanner =
                    scanner.read_on_from(self.place).map_err(JournalError::io("cannot read", path))?;
                self.open = Some((part, scanner));
            }
        }
        self.step()
    }

    /// The open file under the name with which it was closed. That name says which lines belong to it: after a failed write,
    /// lines that were never acknowledged may follow. None if a compaction has replaced it.
    fn closed_since(&self, part: &Part, open: &BufReader<File>) -> Result<Option<Part>, JournalError> {
        let closed = list(&self.dir)?.parts().into_iter();
        let same = |closed: &Part| closed.from == part.from && is_same(open.get_ref(), &closed.file.path);
        Ok(closed.filter(|closed| closed.file.last.is_some()).find(same))
    }

    /// Damaged stretches skipped so far.
    pub fn damaged(&self) -> u64 {
        self.damaged
    }

    /// Numbers that were passed over because no file has them: a file is missing or ends before its last entry, or bytes
    /// between two entries are damaged. Of the latter some may be numbers that no entry has any more.
    pub fn lost(&self) -> &[Missing] {
        &self.lost
    }

    fn step(&mut self) -> Result<Option<Entry>, JournalError> {
        loop {
            if self.after >= self.up_to {
                return Ok(None);
            }
            match self.next_of_open()? {
                Found::Entry(entry) => return Ok(Some(entry)),
                Found::LaterEntry => return Ok(None),
                Found::Nothing => {}
            }
            let Some(part) = self.parts.pop_front() else {
                if self.list()? {
                    continue;
                }
                lose(&mut self.lost, self.after + 1, self.up_to);
                return Ok(None);
            };
            match disk::open(&part.file.path) {
                Ok(file) => {
                    let point = faults::point(FaultPoint::JournalRead);
                    point.map_err(JournalError::io("cannot read", &part.file.path))?;
                    let range = part.file.first..=part.file.last.unwrap_or(u64::MAX);
                    let scanner = Scanner::new(BufReader::with_capacity(BUFFER_BYTES, file), range);
                    if part.from > self.after + 1 {
                        lose(&mut self.lost, self.after + 1, (part.from - 1).min(self.up_to));
                    }
                    self.open = Some((part, scanner));
                    (self.place, self.seen, self.damage_since) = (0, 0, false);
                    self.vanished = 0;
                }
                Err(error) if error.is_not_found() && self.vanished < MAX_ATTEMPTS => {
                    self.vanished += 1;
                    self.parts.clear();
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// The next entry of the open file that is within its part.
    fn next_of_open(&mut self) -> Result<Found, JournalError> {
        let Some((part, scanner)) = &mut self.open else { return Ok(Found::Nothing) };
        loop {
            match scanner.next_piece().map_err(JournalError::io("cannot read", &part.file.path))? {
                Some(Piece::Line { entry, offset, bytes, .. }) => {
                    let before = std::mem::replace(&mut self.seen, entry.sequence).max(self.after);
                    if std::mem::take(&mut self.damage_since) && before < entry.sequence {
                        lose(&mut self.lost, before + 1, (entry.sequence - 1).min(self.up_to));
                    }
                    if entry.sequence > part.to {
                        break;
                    }
                    if entry.sequence > self.up_to {
                        return Ok(Found::LaterEntry);
                    }
                    self.place = offset + bytes.len() as u64 + 1;
                    if entry.sequence > self.after && entry.sequence >= part.from {
                        self.after = entry.sequence;
                        return Ok(Found::Entry(entry));
                    }
                }
                // At the end of the active file this may be a line that is just being written.
                Some(Piece::Bad { .. }) if part.file.last.is_none() => self.damage_since = true,
                Some(Piece::Bad { offset, length, why }) => {
                    self.damage_since = true;
                    self.damaged += 1;
                    let file = part.file.name();
                    tracing::warn!(file, offset, length, why, "skipped damaged bytes in the journal");
                }
                None => break,
            }
        }
        // A closed file is done with; the active one may have been closed, with more entries, since it was listed.
        if let Some(last) = part.file.last {
            let (to, seen) = (part.to, self.seen.max(self.after));
            self.open = None;
            if self.seen < last {
                lose(&mut self.lost, seen + 1, to.min(self.up_to));
            }
            self.after = self.after.max(to.min(self.up_to));
        }
        self.open = None;
        Ok(Found::Nothing)
    }

    /// Finds the parts that are still to be read. False if there are none.
    fn list(&mut self) -> Result<bool, JournalError> {
        let mut parts = list(&self.dir)?.parts();
        for _ in 0..MAX_ATTEMPTS {
            let end = parts.last().map_or(0, |part| part.to);
            if end >= self.up_to && missing(&parts).iter().all(|gap| gap.last <= self.after) {
                break;
            }
            // Perhaps a rename was under way.
            std::thread::yield_now();
            parts = list(&self.dir)?.parts();
        }
        if self.vanished == 0 && parts == self.listed {
            return Ok(false);
        }
        self.parts = parts.iter().filter(|part| part.to > self.after).cloned().collect();
        self.listed = parts;
        Ok(!self.parts.is_empty())
    }
}

/// Notes that the numbers from `first` to `last` are in no file.
fn lose(lost: &mut Vec<Missing>, first: u64, last: u64) {
    let missing = Missing { first, last };
    if first <= last && lost.last() != Some(&missing) {
        lost.push(missing);
    }
}

/// The next thing in the open file.
enum Found {
    Entry(Entry),
    /// An entry that is not to be read yet; the file stays open.
    LaterEntry,
    Nothing,
}

impl Iterator for Reader {
    type Item = Result<Entry, JournalError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let step = self.step().transpose();
        self.ended = !matches!(step, Some(Ok(_)));
        step
    }
}

/// Whether the open `file` is the one at `path`; not if there is none.
fn is_same(file: &File, path: &Path) -> bool {
    disk::is_same(file, path).unwrap_or(false)
}
