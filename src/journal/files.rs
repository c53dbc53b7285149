//! Names and ranges of the journal's files.
//!
//! * `FIRST.jsonl`: the active file, to which entries are appended. All its numbers are FIRST or above.
//! * `FIRST-LAST.jsonl`: a closed file. FIRST is a lower bound, LAST the number of its last entry.
//! * `….new`: a file that a compaction has not finished.
//!
//! Numbers in names have 20 digits. The ranges of all files follow each other from 1 without a gap, so a missing file is
//! noticed. Only while a compaction replaces files can one range be inside another.

use std::path::{Path, PathBuf};

use super::JournalError;
use super::disk::{DAMAGED, names};
use super::earlier::VERSIONS;
use super::missing::Missing;

/// One file, by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct JournalFile {
    /// The file.
    pub(super) path: PathBuf,
    /// The lowest number that it may contain.
    pub(super) first: u64,
    /// The number of its last entry; none while it is active.
    pub(super) last: Option<u64>,
}

impl JournalFile {
    /// Its name without the folder.
    pub(super) fn name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    fn is_inside(&self, other: &Self) -> bool {
        match (self.last, other.last) {
            (Some(last), Some(others)) => {
                (self.first, last) != (other.first, others) && self.first >= other.first && last <= others
            }
            _ => false,
        }
    }
}

/// Everything in the journal's folder.
#[derive(Debug, Default)]
pub(super) struct Listing {
    /// Sorted by FIRST, wider ranges before those inside them. Of several files without LAST only the newest is active.
    pub(super) files: Vec<JournalFile>,
    /// Files that compactions left unfinished.
    pub(super) unfinished: Vec<PathBuf>,
    /// Names that are not the journal's.
    pub(super) unknown: Vec<String>,
}

/// The path of the active file that begins with `first`.
pub(super) fn active_path(dir: &Path, first: u64) -> PathBuf {
    dir.join(format!("{first:020}.jsonl"))
}

/// The path of the closed file of this range.
pub(super) fn closed_path(dir: &Path, first: u64, last: u64) -> PathBuf {
    dir.join(format!("{first:020}-{last:020}.jsonl"))
}

/// The path of a compaction's unfinished file, which will become `path`.
pub(super) fn unfinished_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    PathBuf::from(name)
}

/// Lists the folder. One that does not exist is empty.
pub(super) fn list(dir: &Path) -> Result<Listing, JournalError> {
    let names = match names(dir) {
        Err(error) if error.is_not_found() => Vec::new(),
        names => names?,
    };
    let mut listing = Listing::default();
    for name in names {
        let path = dir.join(&name);
        match parse(&name) {
            Some(Name::Journal(first, last)) => listing.files.push(JournalFile { path, first, last }),
            Some(Name::Unfinished) => listing.unfinished.push(path),
            None if name == DAMAGED || name == VERSIONS || name.starts_with('.') => {}
            None => listing.unknown.push(name),
        }
    }
    listing.set_doubtful_apart();
    listing.unfinished.sort();
    listing.unknown.sort();
    listing.files.sort_by_key(|file| (file.first, std::cmp::Reverse(file.last.unwrap_or(u64::MAX))));
    Ok(listing)
}

#[derive(Debug, PartialEq, Eq)]
enum Name {
    Journal(u64, Option<u64>),
    Unfinished,
}

fn parse(name: &str) -> Option<Name> {
    if let Some(of) = name.strip_suffix(".new") {
        return parse(of).filter(|name| *name != Name::Unfinished).map(|_| Name::Unfinished);
    }
    let number = |digits: &str| {
        (digits.len() == 20 && digits.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| digits.parse().ok())?
    };
    let range = name.strip_suffix(".jsonl")?;
    match range.split_once('-') {
        None => Some(Name::Journal(number(range)?, None)),
        Some((first, last)) => {
            let (first, last) = (number(first)?, number(last)?);
            (first <= last).then_some(Name::Journal(first, Some(last)))
        }
    }
}

/// A range of numbers and the file that they are read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// The file.
    pub(super) file: JournalFile,
    /// The first number that is read from it.
    pub(super) from: u64,
    /// The last number that is read from it.
    pub(super) to: u64,
}

impl Listing {
    /// A file without LAST whose numbers are in a closed one was put there by hand: it is not the journal's.
    fn set_doubtful_apart(&mut self) {
        let closed: Vec<(u64, u64)> =
            self.files.iter().filter_map(|file| Some((file.first, file.last?))).collect();
        let held = |number: u64| closed.iter().any(|(first, last)| (*first..=*last).contains(&number));
        let (doubtful, files) = std::mem::take(&mut self.files)
            .into_iter()
            .partition(|file| file.last.is_none() && held(file.first));
        self.files = files;
        let doubtful: Vec<JournalFile> = doubtful;
        self.unknown.extend(doubtful.iter().map(JournalFile::name));
    }

    /// The active file: the newest, if it has no LAST.
    pub(super) fn active(&self) -> Option<&JournalFile> {
        self.files.last().filter(|file| file.last.is_none())
    }

    /// The closed files whose range is inside another one's, with that other.
    pub(super) fn inside(&self) -> Vec<(&JournalFile, &JournalFile)> {
        let closed = |file: &&JournalFile| file.last.is_some();
        let mut found = Vec::new();
        let mut widest: Option<&JournalFile> = None;
        for file in self.files.iter().filter(closed) {
            match widest {
                Some(outer) if file.is_inside(outer) => found.push((file, outer)),
                Some(outer) if file.last <= outer.last => {}
                _ => widest = Some(file),
            }
        }
        found
    }

    /// Which file to read for which numbers, in order and without overlap. If two contain a number, the one with the
    /// narrower range is read: the wider one was made from it. A file without LAST that is not the newest was being renamed
    /// when the power failed: it ends where the next one begins.
    ///
    /// Example: if a compaction made 1-9 from files of which 4-6 is still there, 1 to 3 and 7 to 9 are read from 1-9, and 4 to
    /// 6 from 4-6.
    pub(super) fn parts(&self) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::new();
        for (at, file) in self.files.iter().enumerate() {
            let next = self.files.get(at + 1).map(|next| next.first.saturating_sub(1));
            let (from, to) = (file.first, file.last.or(next).unwrap_or(u64::MAX));
            if to < from {
                continue;
            }
            // Of the wider files read so far, whatever is past the end of this one.
            let mut later = Vec::new();
            while let Some(tail) = parts.pop_if(|tail| tail.to >= from) {
                if tail.to > to {
                    later.push(Part { from: tail.from.max(to + 1), ..tail.clone() });
                }
                if tail.from < from {
                    parts.push(Part { to: from - 1, ..tail });
                    break;
                }
            }
            parts.push(Part { file: file.clone(), from, to });
            parts.extend(later.into_iter().rev());
        }
        parts
    }
}

/// The numbers that are in no file, up to the last file.
pub(super) fn missing(parts: &[Part]) -> Vec<Missing> {
    let mut missing = Vec::new();
    let mut expected = 1;
    for part in parts {
        if part.from > expected {
            missing.push(Missing { first: expected, last: part.from - 1 });
        }
        expected = expected.max(part.to.saturating_add(1));
    }
    missing
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn listing(ranges: &[(u64, Option<u64>)]) -> Listing {
        let mut files: Vec<JournalFile> = ranges
            .iter()
            .map(|(first, last)| JournalFile { path: PathBuf::from("x"), first: *first, last: *last })
            .collect();
        files.sort_by_key(|file| (file.first, std::cmp::Reverse(file.last.unwrap_or(u64::MAX))));
        Listing { files, ..Listing::default() }
    }

    fn parts(ranges: &[(u64, Option<u64>)]) -> Vec<(u64, u64, (u64, Option<u64>))> {
        let parts = listing(ranges).parts();
        parts.into_iter().map(|part| (part.from, part.to, (part.file.first, part.file.last))).collect()
    }

    #[test]
    fn names_say_ranges() {
        let name = |path: PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
        let closed = closed_path(Path::new("d"), 1, 22);
        assert_eq!(parse(&name(active_path(Path::new("d"), 7))), Some(Name::Journal(7, None)));
        assert_eq!(parse(&name(closed.clone())), Some(Name::Journal(1, Some(22))));
        assert_eq!(parse(&name(unfinished_path(&closed))), Some(Name::Unfinished));
        for other in
            ["1.jsonl", "damaged", "0000000000000000000x.jsonl", "00000000000000000001.jsonl.new.new"]
        {
            assert_eq!(parse(other), None, "{other}");
        }
        let reversed = name(closed_path(Path::new("d"), 9, 3));
        assert_eq!(parse(&reversed), None);
    }

    #[test]
    fn narrower_files_are_read_first() {
        let max = u64::MAX;
        assert_eq!(parts(&[(1, Some(4)), (5, None)]), [(1, 4, (1, Some(4))), (5, max, (5, None))],);
        // A compaction of three files was killed while it removed them.
        let killed = [(1, Some(9)), (4, Some(6)), (10, None)];
        assert_eq!(
            parts(&killed),
            [(1, 3, (1, Some(9))), (4, 6, (4, Some(6))), (7, 9, (1, Some(9))), (10, max, (10, None))],
        );
        assert_eq!(listing(&killed).inside().len(), 1);
        let nested = [(1, Some(9)), (2, Some(8)), (3, Some(4))];
        let (a, b, c) = ((1, Some(9)), (2, Some(8)), (3, Some(4)));
        assert_eq!(parts(&nested), [(1, 1, a), (2, 2, b), (3, 4, c), (5, 8, b), (9, 9, a)]);
        // A rename that did not reach the disk.
        assert_eq!(parts(&[(1, None), (5, None)]), [(1, 4, (1, None)), (5, max, (5, None))]);
    }

    #[test]
    fn gaps_are_noticed() {
        let gaps = |ranges: &[(u64, Option<u64>)]| {
            missing(&listing(ranges).parts()).iter().map(|m| (m.first, m.last)).collect::<Vec<_>>()
        };
        assert_eq!(gaps(&[(1, Some(4)), (5, None)]), []);
        assert_eq!(gaps(&[(3, Some(4)), (8, None)]), [(1, 2), (5, 7)]);
        assert_eq!(gaps(&[(1, Some(9)), (4, Some(6)), (10, Some(11))]), []);
        assert_eq!(gaps(&[]), []);
    }
}
