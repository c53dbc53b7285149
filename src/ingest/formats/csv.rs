//! Tables of text: CSV, TSV, semicolons.
//!
//! Records are cut line by line, so that memory stays bounded and a broken quote costs only what it swallowed: a record over several
//! lines whose number of columns is wrong is given up, and reading goes on at the first of its lines that begins a right one.

use std::collections::VecDeque;
use std::io::{self, BufRead};

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use encoding_rs::EUC_KR;
use serde_json::Value;

use super::super::raw::{Found, MAX_RECORD_BYTES, RawRecord, RecordContent, damaged, too_large};
use super::super::refusal::{Refusal, RefusalCode};
use super::super::rule::Columns;
use super::{Header, MAX_COLUMNS, Records};

/// The most lines of one record. A story of a hundred thousand lines is a quote that was never closed.
const MAX_LINES: usize = 20_000;
/// Bytes that may be read again after broken quotes: a file that needs more is broken everywhere.
const MAX_READ_AGAIN: usize = 256 << 20;

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) delimiter: u8,
    /// `\"` inside of quotes, as databases write it.
    escapes: bool,
    /// Whether bytes that could be either are CP949.
    korean: bool,
}

impl Dialect {
    /// The dialect of a table that begins with `text` and has so many columns, if that is known.
    fn of(text: &str, korean: bool, columns: Option<usize>) -> Self {
        let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let cells = |delimiter: &u8| {
            let dialect = Self { delimiter: *delimiter, escapes: false, korean: false };
            let names = split(line.as_bytes(), dialect).map(|row| row.cells(dialect)).unwrap_or_default();
            (columns == Some(names.len()), Header::known_in(&names), names.len())
        };
        let delimiter = [b',', b';', b'\t'].into_iter().max_by_key(cells).unwrap_or(b',');
        let closes = |after: &str| {
            after.is_empty()
                || after.starts_with(['\r', '\n', '"'])
                || after.as_bytes().first() == Some(&delimiter)
        };
        let escapes =
            text.match_indices("\\\"").any(|(at, _)| !closes(text.get(at + 2..).unwrap_or_default()));
        Self { delimiter, escapes, korean }
    }

    fn reader(self) -> Reader {
        ReaderBuilder::new().delimiter(self.delimiter).escape(self.escapes.then_some(b'\\')).build()
    }
}

/// Whether `text` begins with a line that names the columns of a table of articles.
pub(super) fn has_header(text: &str) -> bool {
    let dialect = Dialect::of(text, false, None);
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let cells = split(line.as_bytes(), dialect).map(|row| row.cells(dialect)).unwrap_or_default();
    cells.len() >= 2 && Header::known_in(&cells) >= 2 && Header::of(&cells).is_some()
}

/// One record, not yet decoded.
struct Row {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Row {
    fn cells(&self, dialect: Dialect) -> Vec<String> {
        let utf8 = std::str::from_utf8(&self.bytes).is_ok();
        let mut start = 0;
        self.ends
            .iter()
            .map(|end| {
                let cell = self.bytes.get(start..*end).unwrap_or_default();
                start = *end;
                match (utf8 && !dialect.korean, std::str::from_utf8(cell)) {
                    (true, Ok(text)) => text.to_owned(),
                    _ => EUC_KR.decode_without_bom_handling_and_without_replacement(cell).map_or_else(
                        || String::from_utf8_lossy(cell).into_owned(),
                        std::borrow::Cow::into_owned,
                    ),
                }
            })
            .collect()
    }
}

/// The record in `bytes`; `None` if it does not end there, because a quote is open.
fn split(bytes: &[u8], dialect: Dialect) -> Option<Row> {
    let mut splitter = Splitter::new(dialect);
    match splitter.push(bytes) {
        Pushed::Complete => Some(splitter.row()),
        Pushed::Open | Pushed::TooMany => None,
    }
}

enum Pushed {
    Complete,
    Open,
    TooMany,
}

/// Takes the lines of one record.
struct Splitter {
    reader: Reader,
    bytes: Vec<u8>,
    ends: Vec<usize>,
    written: usize,
    columns: usize,
}

impl Splitter {
    fn new(dialect: Dialect) -> Self {
        Self { reader: dialect.reader(), bytes: vec![0; 4096], ends: vec![0; 64], written: 0, columns: 0 }
    }

    /// Adds a line without its break.
    fn push(&mut self, line: &[u8]) -> Pushed {
        // Nothing at all would mean the end of the file to the reader.
        let mut broken = line.is_empty();
        let mut input: &[u8] = if broken { b"\n" } else { line };
        loop {
            let (output, ends) = (self.bytes.get_mut(self.written..), self.ends.get_mut(self.columns..));
            let (result, read, wrote, ended) =
                self.reader.read_record(input, output.unwrap_or_default(), ends.unwrap_or_default());
            self.written += wrote;
            self.columns += ended;
            input = input.get(read..).unwrap_or_default();
            match result {
                ReadRecordResult::InputEmpty if !broken => (input, broken) = (b"\n", true),
                ReadRecordResult::InputEmpty => return Pushed::Open,
                ReadRecordResult::OutputFull => self.bytes.resize(self.bytes.len() * 2, 0),
                ReadRecordResult::OutputEndsFull if self.ends.len() >= MAX_COLUMNS => return Pushed::TooMany,
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record | ReadRecordResult::End => return Pushed::Complete,
            }
        }
    }

    fn row(mut self) -> Row {
        self.bytes.truncate(self.written);
        self.ends.truncate(self.columns);
        Row { bytes: self.bytes, ends: self.ends }
    }
}

/// Reads the records of a table.
pub(in crate::ingest) struct CsvReader<'a> {
    input: Box<dyn BufRead + Send + 'a>,
    dialect: Dialect,
    header: Option<Header>,
    /// Whether no line of names is to be passed over any more.
    passed_header: bool,
    /// Lines that were read and given back, each with its number.
    ahead: VecDeque<(u64, Vec<u8>)>,
    line: u64,
    read_again: usize,
    done: bool,
}

impl<'a> CsvReader<'a> {
    /// The table in `input`, which begins with `head`; `columns` are those that a rule gives it.
    pub(in crate::ingest) fn new(
        input: Box<dyn BufRead + Send + 'a>,
        head: &[u8],
        columns: Option<&Columns>,
    ) -> Self {
        let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
        let (text, korean) = match std::str::from_utf8(head) {
            Ok(text) => (text.to_owned(), false),
            // The last character may be cut off.
            Err(error) if error.error_len().is_none() => {
                let whole = head.get(..error.valid_up_to()).unwrap_or_default();
                (String::from_utf8_lossy(whole).into_owned(), false)
            }
            Err(_) => (EUC_KR.decode_without_bom_handling(head).0.into_owned(), true),
        };
        let dialect = Dialect::of(&text, korean, columns.map(|columns| columns.names.len()));
        Self {
            input,
            dialect,
            header: columns.map(Header::given),
            passed_header: columns.is_none_or(|columns| !columns.header),
            ahead: VecDeque::new(),
            line: 0,
            read_again: 0,
            done: false,
        }
    }

    /// Whether tabs separate the columns.
    pub(in crate::ingest) fn is_tabbed(&self) -> bool {
        self.dialect.delimiter == b'\t'
    }

    fn next_line(&mut self) -> io::Result<Option<(u64, Vec<u8>)>> {
        if let Some(line) = self.ahead.pop_front() {
            return Ok(Some(line));
        }
        let mut bytes = Vec::new();
        let limit = MAX_RECORD_BYTES as u64 + 1;
        let read = io::Read::take(&mut self.input, limit).read_until(b'\n', &mut bytes)?;
        if read == 0 {
            return Ok(None);
        }
        self.line += 1;
        if self.line == 1 && bytes.starts_with(b"\xEF\xBB\xBF") {
            bytes.drain(..3);
        }
        if bytes.last() == Some(&b'\n') {
            bytes.pop();
        } else if bytes.len() as u64 >= limit {
            // The rest of the line goes, piece by piece.
            loop {
                let (ended, length) = {
                    let buffer = self.input.fill_buf()?;
                    match buffer.iter().position(|byte| *byte == b'\n') {
                        Some(at) => (true, at + 1),
                        None => (buffer.is_empty(), buffer.len()),
                    }
                };
                self.input.consume(length);
                if ended {
                    break;
                }
            }
        }
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
        Ok(Some((self.line, bytes)))
    }

    /// The next record with the number of its first line, or why there is none.
    fn row(&mut self) -> Option<(u64, Result<Row, Refusal>)> {
        let columns = self.header.as_ref().map(Header::len);
        let mut splitter = Splitter::new(self.dialect);
        let mut lines: Vec<(u64, Vec<u8>)> = Vec::new();
        let mut bytes = 0;
        loop {
            let (number, line) = match self.next_line() {
                Ok(Some(line)) => line,
                Ok(None) if lines.is_empty() => return None,
                // A quote is open at the end of the file.
                Ok(None) => return Some(self.give_up(lines)),
                Err(error) => {
                    self.done = true;
                    return Some((self.line, Err(damaged(&error))));
                }
            };
            if lines.is_empty() && line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            bytes += line.len();
            let first = lines.first().map_or(number, |(first, _)| *first);
            if line.len() > MAX_RECORD_BYTES {
                return Some((first, Err(too_large("line", MAX_RECORD_BYTES))));
            }
            let pushed = splitter.push(&line);
            lines.push((number, line));
            match pushed {
                Pushed::TooMany => {
                    self.done = true;
                    let detail = format!(
                        "the line has more than {MAX_COLUMNS} columns; this is not a table of articles"
                    );
                    return Some((first, Err(Refusal::new(RefusalCode::TooLarge, detail))));
                }
                Pushed::Complete => {
                    let row = splitter.row();
                    let sound =
                        || columns.is_none_or(|columns| fits(&row, columns)) && self.is_well_quoted(&lines);
                    if lines.len() == 1 || sound() {
                        return Some((first, Ok(row)));
                    }
                    return Some(self.give_up(lines));
                }
                Pushed::Open if lines.len() >= MAX_LINES || bytes > MAX_RECORD_BYTES => {
                    return Some(self.give_up(lines));
                }
                Pushed::Open => {}
            }
        }
    }

    /// Whether each quote that closes is followed by a separator or the end of a line. In a record over several lines one that is not
    /// belongs to another record: a quote before it was never closed.
    fn is_well_quoted(&self, lines: &[(u64, Vec<u8>)]) -> bool {
        let mut quoted = false;
        for (_, line) in lines {
            let (mut at, mut begins) = (0, !quoted);
            while let Some(byte) = line.get(at) {
                let next = line.get(at + 1);
                match byte {
                    b'\\' if quoted && self.dialect.escapes => at += 1,
                    b'"' if quoted && next == Some(&b'"') => at += 1,
                    b'"' if quoted => {
                        quoted = false;
                        if next.is_some_and(|next| *next != self.dialect.delimiter) {
                            return false;
                        }
                    }
                    b'"' if begins => quoted = true,
                    _ => {}
                }
                begins = !quoted && line.get(at) == Some(&self.dialect.delimiter);
                at += 1;
            }
        }
        true
    }

    /// Refuses the first of `lines`, and those after it up to one that begins a right record.
    fn give_up(&mut self, lines: Vec<(u64, Vec<u8>)>) -> (u64, Result<Row, Refusal>) {
        let first = lines.first().map_or(self.line, |(number, _)| *number);
        self.read_again += lines.iter().map(|(_, line)| line.len()).sum::<usize>();
        let columns = self.header.as_ref().map_or(0, Header::len);
        let right = lines
            .iter()
            .skip(1)
            .position(|(_, line)| split(line, self.dialect).is_some_and(|row| fits(&row, columns)));
        let last = right.map_or(lines.len(), |at| at + 1);
        let ended = lines.get(last.saturating_sub(1)).map_or(first, |(number, _)| *number);
        for line in lines.into_iter().skip(last).rev() {
            self.ahead.push_front(line);
        }
        if self.read_again > MAX_READ_AGAIN {
            self.done = true;
            let detail = "too many quotes of this table are not closed; the rest of the file is not read";
            return (first, Err(Refusal::new(RefusalCode::Damaged, detail)));
        }
        let place = if ended > first { format!("lines {first} to {ended}") } else { format!("line {first}") };
        let detail = format!(
            "a quote that opens on line {first} is not closed where the record ends; {place} cannot be read; write \"\" for a quote \
             inside of a field"
        );
        (first, Err(Refusal::new(RefusalCode::BadRow, detail)))
    }
}

/// Whether the row has the columns of the header; empty cells after the last one do not count.
fn fits(row: &Row, columns: usize) -> bool {
    let last = columns.checked_sub(1).and_then(|last| row.ends.get(last)).copied();
    row.ends.len() == columns || last.is_some_and(|last| last == row.bytes.len())
}

impl Records for CsvReader<'_> {
    fn next(&mut self) -> Option<Found> {
        loop {
            if self.done {
                return None;
            }
            let (line, row) = self.row()?;
            let row = match row {
                Ok(row) => row,
                Err(refusal) => return Some((Some(line), Err(refusal))),
            };
            if !std::mem::replace(&mut self.passed_header, true) {
                continue;
            }
            let cells = row.cells(self.dialect);
            let Some(header) = &self.header else {
                match Header::of(&cells) {
                    Some(header) => self.header = Some(header),
                    None => {
                        self.done = true;
                        return Some((None, Err(Header::missing(&cells))));
                    }
                }
                continue;
            };
            if !fits(&row, header.len()) {
                let detail = format!(
                    "the line has {} columns, the header has {}; a field with a separator or a line break must be in quotes",
                    cells.len(),
                    header.len()
                );
                return Some((Some(line), Err(Refusal::new(RefusalCode::BadRow, detail))));
            }
            let fields = header.record(cells.into_iter().map(Value::String));
            let content = RecordContent::Fields(fields);
            return Some((Some(line), Ok(RawRecord::new(Some(line), content))));
        }
    }
}

#[cfg(test)]
mod tests;
