//! A journal file → its entries and the bytes between them, in bounded memory.
//!
//! Whatever the bytes are, each line with a correct checksum is found. If the line break between two lines is damaged, both
//! are found all the same: inside a line that does not verify, every place that looks like the beginning of one is tried. A
//! damaged article that itself contains an object like a journal line must not pass for one: see [`may_begin`].

use std::collections::VecDeque;
use std::io::{self, BufRead, Seek, SeekFrom};
use std::ops::RangeInclusive;

use super::record::{Entry, MARK, MAX_LINE_BYTES, decode};

/// Bytes of a line held in memory: two of the longest, in case the line break between them is damaged.
const MAX_HELD_BYTES: usize = 2 * (MAX_LINE_BYTES + 1);
/// Beginnings tried in one damaged line, and bytes checksummed for them: a few tenths of a second.
const MAX_TRIED_STARTS: usize = 64;
const MAX_TRIED_BYTES: usize = 1 << 30;

/// One stretch of a journal file.
#[derive(Debug)]
pub(super) enum Piece {
    /// A line that verifies.
    Line {
        /// Where it begins, in bytes.
        offset: u64,
        /// Its bytes, without the line break.
        bytes: Vec<u8>,
        /// Whether a line break follows.
        ended: bool,
        /// Its entry.
        entry: Entry,
    },
    /// Bytes that are not a line, with their line break if they have one.
    Bad {
        /// Where they begin.
        offset: u64,
        /// How many.
        length: u64,
        /// The problem.
        why: &'static str,
    },
}

/// Reads a file piece by piece.
pub(super) struct Scanner<R> {
    input: R,
    offset: u64,
    /// Sequence numbers that the file may contain.
    range: RangeInclusive<u64>,
    last: Option<u64>,
    ready: VecDeque<Piece>,
}

impl<R: BufRead + Seek> Scanner<R> {
    /// Discards what it read ahead, and continues at the byte `offset`, where a line begins.
    pub(super) fn read_on_from(mut self, offset: u64) -> io::Result<Self> {
        self.input.seek(SeekFrom::Start(offset))?;
        self.ready.clear();
        self.offset = offset;
        // Lines that were read ahead are read again.
        self.last = None;
        Ok(self)
    }
}

impl<R> Scanner<R> {
    /// The file being read.
    pub(super) fn input(&self) -> &R {
        &self.input
    }
}

impl<R: BufRead> Scanner<R> {
    /// Reads `input`, the file from its beginning. Entries outside `range` are bad pieces.
    pub(super) fn new(input: R, range: RangeInclusive<u64>) -> Self {
        Self { input, offset: 0, range, last: None, ready: VecDeque::new() }
    }

    /// The next piece; none at the end of the file.
    pub(super) fn next_piece(&mut self) -> io::Result<Option<Piece>> {
        loop {
            if let Some(piece) = self.ready.pop_front() {
                return Ok(Some(self.in_order(piece)));
            }
            let Some(line) = read_line(&mut self.input)? else { return Ok(None) };
            let offset = self.offset;
            self.offset += line.length;
            match line.bytes {
                None => return Ok(Some(Piece::Bad { offset, length: line.length, why: TOO_LONG })),
                Some(bytes) => match decode(&bytes) {
                    Some(entry) => {
                        self.ready.push_back(Piece::Line { offset, bytes, ended: line.ended, entry });
                    }
                    None => self.ready = take_apart(&bytes, offset, line.ended),
                },
            }
        }
    }

    /// A line belongs in the file only if its number is in the file's range and higher than the one before.
    fn in_order(&mut self, piece: Piece) -> Piece {
        let Piece::Line { offset, bytes, ended, entry } = piece else { return piece };
        let length = bytes.len() as u64 + u64::from(ended);
        if !self.range.contains(&entry.sequence) {
            return Piece::Bad { offset, length, why: "its number is outside the file's range" };
        }
        if self.last.is_some_and(|last| entry.sequence <= last) {
            return Piece::Bad { offset, length, why: "its number is not higher than the one before" };
        }
        self.last = Some(entry.sequence);
        Piece::Line { offset, bytes, ended, entry }
    }
}

const CHECKSUM: &str = "its checksum is wrong";
const TOO_LONG: &str = "it is longer than a line can be";

struct RawLine {
    /// None if there are more than [`MAX_HELD_BYTES`].
    bytes: Option<Vec<u8>>,
    /// With the line break.
    length: u64,
    ended: bool,
}

/// Reads one line; of one that is too long only the length.
fn read_line(input: &mut impl BufRead) -> io::Result<Option<RawLine>> {
    let mut bytes = Some(Vec::new());
    let mut length = 0;
    loop {
        let buffer = match input.fill_buf() {
            Ok(buffer) => buffer,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if buffer.is_empty() {
            return Ok((length > 0).then_some(RawLine { bytes, length, ended: false }));
        }
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let part = buffer.get(..end.unwrap_or(buffer.len())).unwrap_or_default();
        bytes = bytes.filter(|held| held.len() + part.len() <= MAX_HELD_BYTES);
        if let Some(held) = &mut bytes {
            held.extend_from_slice(part);
        }
        let used = part.len() + usize::from(end.is_some());
        length += used as u64;
        input.consume(used);
        if end.is_some() {
            return Ok(Some(RawLine { bytes, length, ended: true }));
        }
    }
}

/// Finds the lines within bytes whose line breaks are damaged.
fn take_apart(bytes: &[u8], offset: u64, ended: bool) -> VecDeque<Piece> {
    let starts: Vec<usize> = bytes
        .windows(MARK.len())
        .enumerate()
        .filter(|(_, window)| *window == MARK)
        .map(|(at, _)| at)
        .take(MAX_TRIED_STARTS)
        .collect();
    let mut pieces = VecDeque::new();
    let mut done = 0;
    let mut budget = MAX_TRIED_BYTES;
    let bad = |from: usize, to: usize, line_break: bool| Piece::Bad {
        offset: offset + from as u64,
        length: (to - from) as u64 + u64::from(line_break),
        why: CHECKSUM,
    };
    for start in &starts {
        if *start < done || !may_begin(bytes, *start, done) {
            continue;
        }
        let Some((end, entry)) = find_line(bytes, *start, &starts, ended, &mut budget) else { continue };
        if *start > done {
            pieces.push_back(bad(done, *start, false));
        }
        let whole = end == bytes.len();
        pieces.push_back(Piece::Line {
            offset: offset + *start as u64,
            bytes: bytes.get(*start..end).unwrap_or_default().to_vec(),
            ended: ended && whole,
            entry,
        });
        done = end;
    }
    if done < bytes.len() {
        pieces.push_back(bad(done, bytes.len(), ended));
    } else if bytes.is_empty() {
        pieces.push_back(bad(0, 0, ended));
    }
    pieces
}

/// Whether a line may begin at `start`: directly after one that was found, or one byte later, or where no part of an article
/// can begin. If an article is cut short, a part of it that looks like a line may be at its end.
fn may_begin(bytes: &[u8], start: usize, done: usize) -> bool {
    let before = start.checked_sub(1).and_then(|before| bytes.get(before));
    done > 0 && start <= done + 1 || !matches!(before, Some(b':' | b',' | b'[' | b' ' | b'\t' | b'\r'))
}

/// The line that begins at `start`: it ends where the bytes end or where another line may begin, with at most one damaged
/// byte in between.
fn find_line(
    bytes: &[u8],
    start: usize,
    starts: &[usize],
    ended: bool,
    budget: &mut usize,
) -> Option<(usize, Entry)> {
    let next = starts.iter().filter(|next| **next > start).flat_map(|next| [next - 1, *next]);
    // At the end of the file the damaged byte may be the line break of the last line.
    let end = [bytes.len(), bytes.len().saturating_sub(usize::from(!ended))];
    next.chain(end).filter(|end| *end > start).find_map(|end| {
        *budget = budget.checked_sub(end - start)?;
        Some((end, decode(bytes.get(start..end)?)?))
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::value::RawValue;

    use super::super::record::{Change, NewEntry, encode};
    use super::*;
    use crate::article::{ArticleId, Timestamp};

    fn line(sequence: u64, json: &str) -> Vec<u8> {
        let json = RawValue::from_string(json.to_owned()).unwrap();
        let entry = NewEntry { id: ArticleId::new("가람-1").unwrap(), change: Change::Put { json } };
        let mut out = Vec::new();
        encode(&entry, sequence, Timestamp::from_seconds(0), &mut out).unwrap();
        out
    }

    /// Sequences found, and the bad stretches.
    fn scan(bytes: &[u8]) -> (Vec<u64>, Vec<(u64, u64)>) {
        let mut scanner = Scanner::new(bytes, 1..=100);
        let (mut found, mut bad) = (Vec::new(), Vec::new());
        let mut covered = 0;
        while let Some(piece) = scanner.next_piece().unwrap() {
            match piece {
                Piece::Line { offset, bytes, ended, entry } => {
                    assert_eq!(offset, covered);
                    covered += bytes.len() as u64 + u64::from(ended);
                    found.push(entry.sequence);
                }
                Piece::Bad { offset, length, .. } => {
                    assert_eq!(offset, covered);
                    covered += length;
                    bad.push((offset, length));
                }
            }
        }
        assert_eq!(covered, bytes.len() as u64, "every byte belongs to a piece");
        (found, bad)
    }

    #[test]
    fn a_damaged_line_break_costs_no_line() {
        let (a, b) = (line(1, "{}"), line(2, "{}"));
        let both = [a.clone(), b.clone()].concat();
        assert_eq!(scan(&both), (vec![1, 2], vec![]));
        let mut flipped = both.clone();
        flipped[a.len() - 1] = b'J';
        assert_eq!(scan(&flipped), (vec![1, 2], vec![(a.len() as u64 - 1, 1)]));
        let mut cut = both.clone();
        cut.remove(a.len() - 1);
        assert_eq!(scan(&cut), (vec![1, 2], vec![]));
        let mut last = both.clone();
        *last.last_mut().unwrap() = 0;
        assert_eq!(scan(&last), (vec![1, 2], vec![(both.len() as u64 - 1, 1)]));
        assert_eq!(scan(&both[..both.len() - 1]), (vec![1, 2], vec![]));
    }

    #[test]
    fn a_line_inside_an_article_does_not_count() {
        let inner = line(7, "{}");
        let inner = std::str::from_utf8(&inner).unwrap().trim_end();
        let outer = line(1, &format!("{{\"x\":{inner}}}"));
        let next = line(2, "{}");
        let whole = [outer.clone(), next].concat();
        assert_eq!(scan(&whole).0, [1, 2]);
        for at in 0..outer.len() {
            for byte in [whole[at] ^ 1, 0, b'\n', b':', b'}'] {
                let mut flipped = whole.clone();
                flipped[at] = byte;
                let (found, bad) = scan(&flipped);
                let unchanged = flipped == whole || at == outer.len() - 1;
                assert_eq!(found, if unchanged { vec![1, 2] } else { vec![2] }, "byte {at}: {byte}");
                assert_eq!(bad.is_empty(), flipped == whole);
            }
        }
        // Cut exactly after the inner one.
        let cut = outer.len() - 3;
        assert!(outer[..cut].ends_with(inner.as_bytes()));
        for cut in cut - 2..outer.len() - 1 {
            assert_eq!(scan(&outer[..cut]).0, Vec::<u64>::new());
        }
    }

    #[test]
    fn a_line_after_a_damaged_one_without_its_break_is_found() {
        let (a, b) = (line(1, "{}"), line(2, "{}"));
        for zeroed in 1..a.len() {
            let mut bytes = [a.clone(), b.clone()].concat();
            bytes[a.len() - zeroed..a.len()].fill(0);
            let first = if zeroed == 1 { vec![1, 2] } else { vec![2] };
            assert_eq!(scan(&bytes).0, first, "{zeroed} bytes");
        }
    }

    #[test]
    fn numbers_rise_and_stay_in_range() {
        let bytes = [line(5, "{}"), line(4, "{}"), line(101, "{}"), line(6, "{}")].concat();
        let (found, bad) = scan(&bytes);
        assert_eq!(found, [5, 6]);
        assert_eq!(bad.len(), 2);
    }

    #[test]
    fn a_line_that_is_too_long_is_skipped() {
        let long = vec![0; MAX_HELD_BYTES + 10];
        let bytes = [line(1, "{}"), long, b"\n".to_vec(), line(2, "{}")].concat();
        let (found, bad) = scan(&bytes);
        assert_eq!((found, bad.len()), (vec![1, 2], 1));
    }
}
