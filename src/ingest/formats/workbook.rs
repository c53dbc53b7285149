//! Workbooks: XLSX and XLS (by calamine), and ODS.
//!
//! A workbook is compressed, and a small one may hold gigabytes. So it is expanded once without keeping anything, and refused where it
//! passes the limit, before a library sees it. The sheet that counts is the first with a header in one of its first ten rows.

use std::collections::VecDeque;
use std::io::{Cursor, Read};

use calamine::{Data, DataRef, ExcelDateTime, Reader as _, Xls, Xlsx};
use serde_json::Value;
use zip::ZipArchive;

use super::super::format::way_out;
use super::super::names::{self, Field};
use super::super::raw::{Found, MAX_RECORD_BYTES, RawRecord, RecordContent, too_large};
use super::super::refusal::{Refusal, RefusalCode};
use super::{Format, Header, MAX_COLUMNS, Records};

/// The most bytes that a workbook may hold when it is expanded.
const MAX_EXPANDED: u64 = 128 << 20;
/// The most bytes of records that are kept while a workbook is read.
const MAX_KEPT: usize = 192 << 20;
/// The header is in one of so many first rows: portals put the question above it.
const HEADER_ROWS: usize = 10;
/// Digits that a number cell keeps exactly.
const EXACT_DIGITS: usize = 15;

/// The records of a workbook, read at once.
pub(in crate::ingest) struct Workbook {
    pub(in crate::ingest) format: Format,
    found: VecDeque<Found>,
}

impl Workbook {
    /// The workbook in a zip archive.
    ///
    /// # Errors
    /// It is damaged, too large, or something else in a zip archive.
    pub(in crate::ingest) fn of_zip(bytes: Vec<u8>) -> Result<Self, Refusal> {
        let mut archive = ZipArchive::new(Cursor::new(bytes.as_slice())).map_err(|error| damaged(&error))?;
        let names: Vec<String> = archive.file_names().flatten().map(std::borrow::Cow::into_owned).collect();
        let has = |name: &str| names.iter().any(|entry| entry.starts_with(name));
        let format = if has("xl/workbook.xml") {
            Format::Xlsx
        } else if has("content.xml") && has("META-INF/manifest.xml") {
            Format::Ods
        } else {
            let ending = match () {
                () if has("word/") => "docx",
                () if has("Contents/") => "hwpx",
                () if has("xl/") => "xlsb",
                () => "zip",
            };
            return Err(Refusal::new(RefusalCode::UnknownFormat, way_out(ending)));
        };
        check_expanded(&mut archive)?;
        let mut rows = Rows::default();
        if format == Format::Xlsx {
            xlsx(&bytes, &mut rows)?;
        } else {
            let mut content = String::new();
            let mut file = archive.by_name("content.xml").map_err(|error| damaged(&error))?;
            file.read_to_string(&mut content).map_err(|error| damaged(&error))?;
            super::ods::read(&content, &mut rows)?;
        }
        Ok(Self { format, found: rows.finish() })
    }

    /// The workbook in the container of Excel 97 to 2003.
    ///
    /// # Errors
    /// It is damaged, or something else in such a container.
    pub(in crate::ingest) fn of_ole(bytes: Vec<u8>) -> Result<Self, Refusal> {
        let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(|error| {
            let detail = format!("cannot read it as a workbook of Excel: {error}; save it as .xlsx or .csv; if it is a text, as .txt");
            Refusal::new(RefusalCode::Damaged, detail)
        })?;
        let mut rows = Rows::default();
        for name in book.sheet_names() {
            rows.begin_sheet();
            let range = book.worksheet_range(&name).map_err(|error| damaged(&error))?;
            let first = range.start().unwrap_or_default();
            for (number, row) in (first.0 as usize..).zip(range.rows()) {
                let cells = row
                    .iter()
                    .enumerate()
                    .filter_map(|(column, cell)| Some((first.1 as usize + column, value_of(cell)?)));
                rows.push(number + 1, cells.collect());
            }
            if rows.header.is_some() {
                break;
            }
        }
        Ok(Self { format: Format::Xls, found: rows.finish() })
    }
}

impl Records for Workbook {
    fn next(&mut self) -> Option<Found> {
        self.found.pop_front()
    }
}

fn damaged(error: &dyn std::fmt::Display) -> Refusal {
    Refusal::new(
        RefusalCode::Damaged,
        format!("cannot read the workbook: {error}; open it and save it again"),
    )
}

/// Expands everything once, into nothing: what the directory of the archive says need not be true.
fn check_expanded<R: Read + std::io::Seek>(archive: &mut ZipArchive<R>) -> Result<(), Refusal> {
    let mut left = MAX_EXPANDED;
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).map_err(|error| damaged(&error))?;
        let mut limited = (&mut file).take(left + 1);
        let made = std::io::copy(&mut limited, &mut std::io::sink()).map_err(|error| damaged(&error))?;
        left = left.checked_sub(made).ok_or_else(|| {
            let detail = format!(
                "the workbook holds more than {} MiB when it is expanded; save it as .csv",
                MAX_EXPANDED >> 20
            );
            Refusal::new(RefusalCode::TooLarge, detail)
        })?;
    }
    Ok(())
}

fn xlsx(bytes: &[u8], rows: &mut Rows) -> Result<(), Refusal> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    for name in book.sheet_names() {
        rows.begin_sheet();
        // A sheet of charts has no cells.
        let Ok(mut cells) = book.worksheet_cells_reader(&name) else { continue };
        let (mut number, mut row) = (0, Vec::new());
        while let Some(cell) = cells.next_cell().map_err(|error| damaged(&error))? {
            let (at, column) = cell.get_position();
            if at != number && !row.is_empty() {
                rows.push(number as usize + 1, std::mem::take(&mut row));
            }
            number = at;
            if let Some(value) = value_of_ref(cell.get_value()).filter(|_| row.len() < MAX_COLUMNS) {
                row.push((column as usize, value));
            }
            if rows.is_full() {
                break;
            }
        }
        rows.push(number as usize + 1, row);
        if rows.header.is_some() {
            break;
        }
    }
    Ok(())
}

/// What a cell says; `None` for an empty one.
fn value_of(cell: &Data) -> Option<Value> {
    match cell {
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text_value(text),
        Data::Int(number) => Some(Value::from(*number)),
        Data::Float(number) => number_value(*number),
        Data::Bool(truth) => Some(Value::Bool(*truth)),
        Data::DateTime(moment) => moment_value(moment),
        _ => None,
    }
}

/// The same for a cell whose text is shared with others.
fn value_of_ref(cell: &DataRef<'_>) -> Option<Value> {
    match cell {
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text_value(text),
        DataRef::SharedString(text) => text_value(text),
        DataRef::Int(number) => Some(Value::from(*number)),
        DataRef::Float(number) => number_value(*number),
        DataRef::Bool(truth) => Some(Value::Bool(*truth)),
        DataRef::DateTime(moment) => moment_value(moment),
        _ => None,
    }
}

fn moment_value(moment: &ExcelDateTime) -> Option<Value> {
    if !moment.is_datetime() {
        return number_value(moment.as_f64());
    }
    let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
    // Excel counts in fractions of a day: half a second more gives the second that was typed.
    let second = if milli >= 500 && second < 59 { second + 1 } else { second };
    Some(Value::from(format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")))
}

fn number_value(number: f64) -> Option<Value> {
    if number.fract() == 0.0 && number.abs() < 9e15 {
        return Some(Value::from(number as i64));
    }
    serde_json::Number::from_f64(number).map(Value::Number)
}

fn text_value(text: &str) -> Option<Value> {
    // What Excel writes for a carriage return; the library has decoded it already where it stands in XML.
    let text = text.replace("_x000D_", "\r").replace("\r\n", "\n").replace('\r', "\n");
    (!text.trim().is_empty()).then_some(Value::String(text))
}

/// Makes records of rows, once a header was found.
#[derive(Default)]
pub(super) struct Rows {
    header: Option<Header>,
    /// Columns of the header that hold an id.
    ids: Vec<usize>,
    tried: usize,
    first: Vec<String>,
    kept: usize,
    full: bool,
    found: VecDeque<Found>,
}

impl Rows {
    /// Whether no more is taken in.
    pub(super) fn is_full(&self) -> bool {
        self.full
    }

    /// Whether this sheet is the one with the articles.
    pub(super) fn has_header(&self) -> bool {
        self.header.is_some()
    }

    /// A new sheet, in which the header is looked for again.
    pub(super) fn begin_sheet(&mut self) {
        self.tried = 0;
    }

    /// The next row of a sheet, with the cells that hold something, each with its column from 0.
    pub(super) fn push(&mut self, number: usize, cells: Vec<(usize, Value)>) {
        if cells.is_empty() || self.full {
            return;
        }
        let Some(header) = &self.header else {
            self.look_for_header(&cells);
            return;
        };
        let line = Some(number as u64);
        let mut row = vec![Value::Null; header.len()];
        let (mut size, mut rounded) = (0, None);
        for (column, value) in cells {
            size += 64 + value.as_str().map_or(0, str::len);
            if self.ids.contains(&column) && digits(&value) > EXACT_DIGITS {
                rounded = Some(value.to_string());
            }
            if let Some(cell) = row.get_mut(column) {
                *cell = value;
            }
        }
        if let Some(value) = rounded {
            let detail = format!(
                "the id is in a number cell with more than {EXACT_DIGITS} digits ({value}): Excel has rounded it, and several articles \
                 would get one id; make the column text and fill it again"
            );
            return self.found.push_back((line, Err(Refusal::new(RefusalCode::BadId, detail))));
        }
        if size > MAX_RECORD_BYTES {
            return self.found.push_back((line, Err(too_large("row", MAX_RECORD_BYTES))));
        }
        self.kept += size;
        if self.kept > MAX_KEPT {
            self.full = true;
            let detail = format!(
                "the workbook holds more than {} MiB of cells; the rest is not read; save it as .csv",
                MAX_KEPT >> 20
            );
            return self.found.push_back((line, Err(Refusal::new(RefusalCode::TooLarge, detail))));
        }
        let content = RecordContent::Fields(header.record(row.into_iter()));
        self.found.push_back((line, Ok(RawRecord { line, id: None, content })));
    }

    fn look_for_header(&mut self, cells: &[(usize, Value)]) {
        if self.tried >= HEADER_ROWS {
            return;
        }
        self.tried += 1;
        let width = cells.iter().map(|(column, _)| column + 1).max().unwrap_or(0).min(MAX_COLUMNS);
        let mut names = vec![String::new(); width];
        for (column, value) in cells {
            if let (Some(name), Some(text)) = (names.get_mut(*column), value.as_str()) {
                text.clone_into(name);
            }
        }
        if self.first.is_empty() {
            self.first = names.clone();
        }
        // One cell alone is a title above the table.
        self.header = Header::of(&names).filter(|_| cells.len() >= 2);
        if self.header.is_some() {
            let id = |name: &String| names::known(name).is_some_and(|known| known.field == Some(Field::Id));
            self.ids =
                names.iter().enumerate().filter(|(_, name)| id(name)).map(|(column, _)| column).collect();
        }
    }

    /// What was found; a workbook without a header is refused.
    pub(super) fn finish(mut self) -> VecDeque<Found> {
        if self.header.is_none() {
            self.found.push_back((None, Err(Header::missing(&self.first))));
        }
        self.found
    }
}

/// The digits of a number; 0 for a text, which is exact.
fn digits(value: &Value) -> usize {
    match value {
        Value::Number(number) => number.to_string().bytes().filter(u8::is_ascii_digit).count(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests;
