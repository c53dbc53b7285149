//! How large a workbook of Excel 97 to 2003 becomes, before a library reads it.
//!
//! The library holds each sheet as a full rectangle from its first to its last cell, and copies a text into each cell that refers to it: two
//! cells in opposite corners, in a file of 5 KB, take 700 MB. So cells, rectangles and texts are summed up first.

use super::super::super::refusal::{Refusal, RefusalCode};

/// The most cells of all sheets, empty ones between others included. A sheet of 65,536 rows and 20 columns has 1.3 million.
const MAX_CELLS: u64 = 1_500_000;
/// The most bytes of texts in all cells.
const MAX_TEXT: u64 = 64 << 20;
/// The most rows and columns that the format has.
const MAX_ROWS: u64 = 65_536;
const MAX_SHEET_COLUMNS: u64 = 256;
const MAX_SHEETS: usize = 1000;
/// The most bytes of records that are looked at: several sheets can be said to lie at one place.
const MAX_SEEN: u64 = 512 << 20;

const CONTINUE: u16 = 0x003C;

/// Refuses a workbook that would take too much memory. `stream` is that of the workbook in its container.
pub(super) fn check(stream: &[u8]) -> Result<(), Refusal> {
    let mut book = Book::default();
    let mut at = 0;
    while let Some(record) = Record::at(stream, at) {
        at = record.end;
        match record.kind {
            0x000A => break,
            0x0085 => book.sheets.push(number(record.data, 0) as usize),
            0x00FC => book.read_texts(stream, &record)?,
            0x0018 => book.longest_name = book.longest_name.max(record.data.len() as u64),
            _ => {}
        }
    }
    if book.sheets.len() > MAX_SHEETS {
        return Err(too_large(&format!("has more than {MAX_SHEETS} sheets")));
    }
    for start in std::mem::take(&mut book.sheets) {
        book.read_sheet(stream, start)?;
    }
    Ok(())
}

#[derive(Default)]
struct Book {
    sheets: Vec<usize>,
    /// The bytes of each shared text.
    texts: Vec<u32>,
    /// The longest definition of a name, in bytes.
    longest_name: u64,
    seen: u64,
    cells: u64,
    text: u64,
}

impl Book {
    fn read_sheet(&mut self, stream: &[u8], start: usize) -> Result<(), Refusal> {
        let (mut values, mut formulas) = (Rectangle::default(), Rectangle::default());
        let (mut at, mut depth) = (start, 0_usize);
        while let Some(record) = Record::at(stream, at) {
            self.seen += (record.end - at) as u64;
            at = record.end;
            let data = record.data;
            match record.kind {
                0x0809 => depth += 1,
                0x000A if depth <= 1 => break,
                0x000A => depth -= 1,
                0x0200 => {
                    let of = |first, last, wide| match wide {
                        true => (number(data, first), number(data, last)),
                        false => (short(data, first), short(data, last)),
                    };
                    let (rows, columns) = match data.len() >= 14 {
                        true => (of(0, 4, true), of(8, 10, false)),
                        false => (of(0, 2, false), of(4, 6, false)),
                    };
                    let fits = rows.1 <= MAX_ROWS && columns.1 <= MAX_SHEET_COLUMNS;
                    if !fits || rows.0 > rows.1 || columns.0 > columns.1 {
                        return Err(too_large("says that it has more rows and columns than the format"));
                    }
                }
                0x0006 => {
                    formulas.add(data, 1);
                    values.add(data, 1);
                    // A formula is written out, with the definitions of the names in it.
                    self.text += data.len() as u64 * 8 + data.len() as u64 / 5 * self.longest_name;
                }
                0x00FD => {
                    values.add(data, 1);
                    let text = usize::try_from(number(data, 6)).ok().and_then(|text| self.texts.get(text));
                    self.text += u64::from(text.copied().unwrap_or(0));
                }
                0x00BD => values.add(data, (data.len() as u64).saturating_sub(6) / 6),
                0x0203 | 0x0204 | 0x00D6 | 0x0205 | 0x027E => values.add(data, 1),
                0x0207 => {
                    values.count += 1;
                    self.text += data.len() as u64 * 2;
                }
                _ => {}
            }
            self.check(values.size() + formulas.size())?;
        }
        self.cells += values.size() + formulas.size();
        Ok(())
    }

    fn check(&self, cells: u64) -> Result<(), Refusal> {
        if self.cells + cells > MAX_CELLS || self.texts.len() as u64 > MAX_CELLS {
            return Err(too_large(&format!(
                "has more than {MAX_CELLS} cells, empty ones between others included"
            )));
        }
        if self.text > MAX_TEXT {
            return Err(too_large(&format!("has more than {} MiB of text in its cells", MAX_TEXT >> 20)));
        }
        if self.seen > MAX_SEEN {
            return Err(too_large("has sheets that lie in one place"));
        }
        Ok(())
    }

    /// Notes the length of each shared text. Texts go on in the records that follow, each with a byte that says how it is written there.
    fn read_texts(&mut self, stream: &[u8], record: &Record<'_>) -> Result<(), Refusal> {
        let mut parts =
            Parts { stream, rest: record.data.get(8..).unwrap_or_default(), next: record.own_end };
        while !parts.rest.is_empty() || parts.go_on() {
            let Some(length) = parts.text() else { return Ok(()) };
            self.texts.push(length);
            self.check(0)?;
        }
        Ok(())
    }
}

/// The rectangle around the cells of a sheet, and how many there are.
#[derive(Default)]
struct Rectangle {
    edges: Option<[u64; 4]>,
    count: u64,
}

impl Rectangle {
    /// Adds `many` cells of a row, the first of which `data` begins with.
    fn add(&mut self, data: &[u8], many: u64) {
        let (row, column) = (short(data, 0), short(data, 2));
        let [top, bottom, left, right] = self.edges.unwrap_or([row, row, column, column]);
        let last = (column + many).saturating_sub(1);
        self.edges = Some([top.min(row), bottom.max(row), left.min(column), right.max(last)]);
        self.count += many;
    }

    /// The larger of the rectangle and the cells: one place may be filled several times.
    fn size(&self) -> u64 {
        let area = self.edges.map_or(0, |[top, bottom, left, right]| (bottom - top + 1) * (right - left + 1));
        area.max(self.count)
    }
}

/// A record, and where the next one begins.
pub(super) struct Record<'a> {
    pub(super) kind: u16,
    pub(super) data: &'a [u8],
    own_end: usize,
    pub(super) end: usize,
}

impl<'a> Record<'a> {
    /// The record that begins at byte `at`.
    pub(super) fn at(stream: &'a [u8], at: usize) -> Option<Self> {
        let (kind, length) = (stream.get(at..at + 2)?, short(stream, at + 2) as usize);
        let kind = short(kind, 0) as u16;
        let own_end = at + 4 + length;
        let data = stream.get(at + 4..own_end)?;
        Some(Self { kind, data, own_end, end: own_end })
    }
}

/// What is left of a text that lies in several records.
struct Parts<'a> {
    stream: &'a [u8],
    rest: &'a [u8],
    next: usize,
}

impl Parts<'_> {
    fn go_on(&mut self) -> bool {
        let Some(record) = Record::at(self.stream, self.next).filter(|record| record.kind == CONTINUE) else {
            return false;
        };
        (self.rest, self.next) = (record.data, record.own_end);
        true
    }

    fn skip(&mut self, mut bytes: usize) -> Option<()> {
        while bytes > 0 {
            if self.rest.is_empty() && !self.go_on() {
                return None;
            }
            let passed = bytes.min(self.rest.len());
            self.rest = self.rest.get(passed..)?;
            bytes -= passed;
        }
        Some(())
    }

    /// Passes one text. Gives the most bytes that it has as UTF-8.
    fn text(&mut self) -> Option<u32> {
        let mut letters = short(self.rest, 0) as usize;
        let flags = *self.rest.get(2)?;
        let mut at = 3;
        let mut after = 0;
        if flags & 8 != 0 {
            after += short(self.rest, at) as usize * 4;
            at += 2;
        }
        if flags & 4 != 0 {
            after += number(self.rest, at) as usize;
            at += 4;
        }
        self.rest = self.rest.get(at..)?;
        let (mut width, mut bytes) = (usize::from(flags & 1) + 1, 0);
        while letters > 0 {
            let here = letters.min(self.rest.len() / width);
            self.skip(here * width)?;
            bytes += here * (width + 1);
            letters -= here;
            if letters > 0 {
                if !self.go_on() {
                    return None;
                }
                width = usize::from(self.rest.first()? & 1) + 1;
                self.rest = self.rest.get(1..)?;
            }
        }
        self.skip(after)?;
        u32::try_from(bytes).ok()
    }
}

/// Two bytes at `at` as a number; 0 past the end.
pub(super) fn short(data: &[u8], at: usize) -> u64 {
    match data.get(at..at + 2) {
        Some([low, high]) => u64::from(u16::from_le_bytes([*low, *high])),
        _ => 0,
    }
}

/// Four bytes at `at` as a number; 0 past the end.
pub(super) fn number(data: &[u8], at: usize) -> u64 {
    short(data, at) | short(data, at + 2) << 16
}

fn too_large(what: &str) -> Refusal {
    Refusal::new(RefusalCode::TooLarge, format!("the workbook {what}; save it as .xlsx or .csv"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
    }

    fn cell(kind: u16, row: u16, column: u16, rest: &[u8]) -> Vec<u8> {
        record(kind, &[&row.to_le_bytes()[..], &column.to_le_bytes(), &[0, 0], rest].concat())
    }

    /// A workbook with these shared texts, and with one sheet for each of `sheets`.
    fn book(texts: &[u8], sheets: &[Vec<u8>]) -> Vec<u8> {
        let mut head = [record(0x0809, &[0; 8]), record(0x00FC, &[&[0; 8], texts].concat())].concat();
        let mut at = head.len() + sheets.len() * 12 + 4;
        for sheet in sheets {
            head.extend(record(0x0085, &[&(at as u32).to_le_bytes()[..], &[0; 4]].concat()));
            at += sheet.len();
        }
        head.extend(record(0x000A, &[]));
        [head, sheets.concat()].concat()
    }

    fn sheet(cells: &[Vec<u8>]) -> Vec<u8> {
        [record(0x0809, &[0; 8]), cells.concat(), record(0x000A, &[])].concat()
    }

    #[test]
    fn sheets_are_bounded_by_the_rectangle_of_their_cells() {
        let corners = |row| sheet(&[cell(0x0203, 0, 0, &[0; 8]), cell(0x0203, row, 255, &[0; 8])]);
        assert!(check(&book(&[], &[corners(3000)])).is_ok());
        assert!(check(&book(&[], &[corners(3000), corners(3000)])).is_err());
        assert!(check(&book(&[], &[corners(65_535)])).is_err());
        let dimensions = [&u32::MAX.to_le_bytes()[..], &u32::MAX.to_le_bytes(), &[0; 6]].concat();
        assert!(check(&book(&[], &[sheet(&[record(0x0200, &dimensions)])])).is_err());
    }

    #[test]
    fn a_text_counts_in_each_cell_that_refers_to_it() {
        let text = [&[0xFF, 0x7F, 0][..], &[b'a'; 0x7FFF]].concat();
        let cells = |count: u16| -> Vec<Vec<u8>> {
            (0..count).map(|row| cell(0x00FD, row, 0, &0_u32.to_le_bytes())).collect()
        };
        // A text may go on in the next record.
        let (first, second) = text.split_at(8000);
        let mut split = book(first, &[]);
        split.truncate(split.len() - 4);
        assert!(check(&book(first, &[sheet(&cells(10))])).is_ok());
        assert!(check(&book(&text, &[sheet(&cells(500))])).is_ok());
        assert!(check(&book(&text, &[sheet(&cells(2000))])).is_err());
        let whole =
            [record(0x00FC, &[&[0; 8], first].concat()), record(CONTINUE, &[&[0][..], second].concat())]
                .concat();
        let mut parts = Book::default();
        let record = Record::at(&whole, 0).map(|record| parts.read_texts(&whole, &record).is_ok());
        assert_eq!((record, parts.texts), (Some(true), vec![0x7FFF * 2]));
    }
}
