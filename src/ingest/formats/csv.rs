//! Tables of text: CSV, TSV, semicolons.
//!
//! Records are cut line by line, so that memory stays bounded and a broken quote costs only what it swallowed: a record over several
//! lines whose number of columns is wrong is given up, and reading goes on at the first of its lines that begins a right one.

mod dialect;
mod headless;
mod quotes;
mod readers;
mod splitter;

use std::collections::{BTreeMap, VecDeque};
use std::io::{self, BufRead};
use std::sync::Arc;

use serde_json::Value;

use dialect::Dialect;
pub(super) use headless::without_header;
use splitter::{Pushed, Row, Splitter, split};

use super::super::names;
use super::super::raw::{Found, MAX_RECORD_BYTES, RawRecord, RecordContent, damaged, too_large};
use super::super::refusal::{Refusal, RefusalCode};
use super::super::report::SkipRule;
use super::super::rule::IngestRule;
use super::{Again, HEADER_ROWS, Header, MAX_COLUMNS, Records};

/// The most lines of one record. A story of a hundred thousand lines is a quote that was never closed.
const MAX_LINES: usize = 20_000;
/// Bytes that may be read again after broken quotes: a file that needs more is broken everywhere.
const MAX_READ_AGAIN: usize = 256 << 20;

/// The longest line that may be one of names.
const MAX_NAMES: usize = 4096;

/// Whether a line may be one of names, at a glance: two parts of it are known. Any row of a broken table is asked.
fn may_be_names(line: &str) -> bool {
    let known = |part: &&str| names::known(part.trim_matches(['"', ' ', '\u{FEFF}'])).is_some();
    line.len() <= MAX_NAMES && line.split([',', ';', '\t', '|']).filter(known).nth(1).is_some()
}

/// Whether `text` begins with a line that names the columns of a table of articles.
pub(super) fn has_header(text: &str) -> bool {
    let dialect = Dialect::of(text, None);
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let cells = split(line.as_bytes(), dialect.reader()).map(|row| row.lossy(dialect)).unwrap_or_default();
    cells.len() >= 2 && Header::known_in(&cells, None) >= 2 && Header::of(&cells, None).is_some()
}

/// Reads the records of a table.
pub(in crate::ingest) struct CsvReader<'a> {
    input: Box<dyn BufRead + Send + 'a>,
    dialect: Dialect,
    header: Option<Header>,
    /// What a rule says of the names.
    rule: Option<Arc<IngestRule>>,
    /// The first row, and how wide the rows are that stand above the names, while these are looked for.
    above: Option<Vec<String>>,
    widest_above: usize,
    rows_above: usize,
    /// Whether no line of names is to be passed over any more.
    passed_header: bool,
    /// The names that the table has for columns which a rule names, folded.
    own_names: Vec<String>,
    /// How often the names came again.
    repeated: u64,
    /// Lines that were read and given back, each with its number.
    ahead: VecDeque<(u64, Vec<u8>)>,
    line: u64,
    read_again: usize,
    done: bool,
    /// Whether the end of the file was seen.
    ended: bool,
}

impl<'a> CsvReader<'a> {
    /// The table in `input`, which begins with `head`; a rule may name its columns.
    pub(in crate::ingest) fn new(
        input: Box<dyn BufRead + Send + 'a>,
        head: &[u8],
        rule: Option<Arc<IngestRule>>,
    ) -> Self {
        let dialect = Dialect::of_table(head, rule.as_deref());
        let columns = rule.as_ref().and_then(|rule| rule.columns.as_ref());
        Self {
            input,
            dialect,
            header: columns.map(Header::given),
            passed_header: columns.is_none_or(|columns| !columns.header),
            rule,
            own_names: Vec::new(),
            above: None,
            widest_above: 0,
            rows_above: 0,
            repeated: 0,
            ahead: VecDeque::new(),
            line: 0,
            read_again: 0,
            done: false,
            ended: false,
        }
    }

    /// Whether tabs separate the columns.
    pub(in crate::ingest) fn is_tabbed(&self) -> bool {
        self.dialect.delimiter == b'\t'
    }

    /// Takes a row as the names of the columns, or as one of the titles above them.
    ///
    /// # Errors
    /// It is neither: the table has no names.
    fn look_for_header(&mut self, cells: Vec<String>) -> Result<(), Refusal> {
        let filled = cells.iter().filter(|cell| !cell.trim().is_empty()).count();
        let first = self.above.is_none();
        let header = Header::of(&cells, self.rule.as_deref());
        // Rows as wide as the names are articles: they must not be passed over.
        match header.filter(|_| first || filled >= 2 && self.widest_above < filled) {
            Some(header) => {
                self.header = Some(header);
                return Ok(());
            }
            None if self.rows_above + 1 >= HEADER_ROWS => {}
            None => {
                self.rows_above += 1;
                self.widest_above = self.widest_above.max(filled);
                self.above.get_or_insert(cells);
                return Ok(());
            }
        }
        Err(Header::missing(self.above.as_ref().unwrap_or(&cells)))
    }

    /// Whether a row has names of columns, as where files were joined; from there on the columns are those.
    ///
    /// # Errors
    /// A rule says what the columns are, and these are others.
    fn again(&mut self, cells: &[String]) -> Result<bool, Refusal> {
        let Some(header) = &self.header else { return Ok(false) };
        let rule = self.rule.as_deref();
        let is_own = || cells.iter().map(|cell| names::fold(cell)).eq(self.own_names.iter().cloned());
        if cells.len() == self.own_names.len() && is_own() {
            self.repeated += 1;
            return Ok(true);
        }
        // What separates the columns may be another in the other file.
        let other = match cells {
            [line] if header.len() > 1 && may_be_names(line) && has_header(line) => {
                let dialect = self.dialect.joined(line);
                let names = split(line.as_bytes(), dialect.reader()).map(|row| row.lossy(dialect));
                names.and_then(|names| Some((Header::of(&names, rule)?, dialect)))
            }
            _ => None,
        };
        let (other, dialect) = match (other, header.again_in(cells, rule)) {
            (Some(other), _) => other,
            (None, Some(Again::Other(other))) => (other, self.dialect),
            (None, Some(Again::Same)) => {
                self.repeated += 1;
                return Ok(true);
            }
            (None, None) => return Ok(false),
        };
        if rule.is_some_and(|rule| rule.columns.is_some()) {
            let detail = "this line names columns, and those after it may be others than the rule of [[ingest]] says; the rest of the file is not \
                          read; split the file here";
            return Err(Refusal::new(RefusalCode::BadRow, detail));
        }
        self.repeated += 1;
        (self.header, self.dialect) = (Some(other), dialect);
        Ok(true)
    }

    fn next_line(&mut self) -> io::Result<Option<(u64, Vec<u8>)>> {
        if let Some(line) = self.ahead.pop_front() {
            return Ok(Some(line));
        }
        let mut bytes = Vec::new();
        let limit = MAX_RECORD_BYTES as u64 + 1;
        let read = io::Read::take(&mut self.input, limit).read_until(b'\n', &mut bytes)?;
        if read == 0 {
            self.ended = true;
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
        let mut splitter = Splitter::new(self.dialect.reader());
        let mut lines: Vec<(u64, Vec<u8>)> = Vec::new();
        let (mut bytes, mut quoted) = (0, false);
        loop {
            let (number, mut line) = match self.next_line() {
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
            if self.dialect.blanks {
                line = self.dialect.without_blanks(&line, &mut quoted);
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
                    // What databases write has other rules.
                    if let ([(_, line)], Some(columns)) = (lines.as_slice(), columns)
                        && !self.dialect.escapes
                        && memchr::memchr(b'"', line).is_some()
                        && !self.is_well_quoted(&lines)
                    {
                        return Some((first, self.mended(row, line, columns)));
                    }
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
        if self.dialect.escaped_breaks {
            return true;
        }
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

    /// A row on one line that has quotes inside of a cell which are not doubled.
    ///
    /// # Errors
    /// Where its cells begin and end is not certain.
    fn mended(&self, row: Row, line: &[u8], columns: usize) -> Result<Row, Refusal> {
        match quotes::mended(line, self.dialect.delimiter, columns) {
            Some(mended) => Ok(mended),
            // A row that does not fit says so itself.
            None if !fits(&row, columns) => Ok(row),
            None => {
                let detail = "there are quotes inside of a quoted field, and where it ends is not certain; write \"\" for each of them";
                Err(Refusal::new(RefusalCode::BadRow, detail))
            }
        }
    }

    /// Refuses the first of `lines`, and those after it up to one that begins a right record.
    fn give_up(&mut self, lines: Vec<(u64, Vec<u8>)>) -> (u64, Result<Row, Refusal>) {
        let first = lines.first().map_or(self.line, |(number, _)| *number);
        self.read_again += lines.iter().map(|(_, line)| line.len()).sum::<usize>();
        let columns = self.header.as_ref().map_or(0, Header::len);
        let right = lines
            .iter()
            .skip(1)
            .position(|(_, line)| split(line, self.dialect.reader()).is_some_and(|row| fits(&row, columns)));
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
            let Some((line, row)) = self.row() else {
                self.done = true;
                let above = self.above.as_ref().filter(|_| self.header.is_none())?;
                return Some((None, Err(Header::missing(above))));
            };
            let row = match row {
                Ok(row) => row,
                Err(refusal) => return Some((Some(line), Err(refusal))),
            };
            if !std::mem::replace(&mut self.passed_header, true) {
                self.own_names = row.lossy(self.dialect).iter().map(|name| names::fold(name)).collect();
                continue;
            }
            if self.header.is_none() {
                match self
                    .look_for_header(row.cells(self.dialect).unwrap_or_else(|_| row.lossy(self.dialect)))
                {
                    Ok(()) => continue,
                    Err(refusal) => {
                        self.done = true;
                        return Some((None, Err(refusal)));
                    }
                }
            }
            let cells = match row.cells(self.dialect) {
                Ok(cells) => cells,
                Err(refusal) => return Some((Some(line), Err(refusal))),
            };
            match self.again(&cells) {
                Ok(false) => {}
                Ok(true) => continue,
                Err(refusal) => {
                    self.done = true;
                    return Some((Some(line), Err(refusal)));
                }
            }
            let Some(header) = &self.header else { continue };
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

    fn gave_up(&self) -> bool {
        self.done && !self.ended
    }

    fn skipped(&self) -> BTreeMap<SkipRule, u64> {
        (self.repeated > 0).then_some((SkipRule::ExportHeader, self.repeated)).into_iter().collect()
    }
}

#[cfg(test)]
mod tests;
