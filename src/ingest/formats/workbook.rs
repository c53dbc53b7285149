//! Workbooks: XLSX and XLS (by calamine), and ODS.
//!
//! A workbook is compressed, and a small one may hold gigabytes. So it is expanded once without keeping anything, and refused where it
//! passes the limit, before a library sees it. All sheets count that people see and that have a header in one of their first ten rows.

mod biff;
mod biff_links;
mod links;
mod merged_areas;
mod ole;
mod sheet_xml;
mod strings;

use std::collections::{BTreeMap, VecDeque};
use std::io::{Cursor, Read};
use std::sync::Arc;

use calamine::{Data, DataRef, ExcelDateTime, Reader as _, Sheet, SheetVisible, Xls, Xlsx};
use serde_json::Value;
use zip::ZipArchive;

use super::super::format::way_out;
use super::super::raw::Found;
use super::super::refusal::{Refusal, RefusalCode};
use super::super::report::SkipRule;
use super::super::rule::IngestRule;
use super::rows::{ReadRows, Rows};
use super::{Format, MAX_COLUMNS, Records};
use merged_areas::{MergedCellsSeen, merged_areas};
use strings::SharedStrings;

pub(super) use links::{address_in, is_address};

/// The most bytes that a workbook may hold when it is expanded.
const MAX_EXPANDED: u64 = 128 << 20;

/// The records of a workbook, read at once.
pub(in crate::ingest) struct Workbook {
    pub(in crate::ingest) format: Format,
    /// Sheets that hold something and were not read.
    pub(in crate::ingest) left_out: Vec<String>,
    found: VecDeque<Found>,
    repeated: u64,
}

impl Workbook {
    /// The workbook in a zip archive.
    ///
    /// # Errors
    /// It is damaged, too large, or something else in a zip archive.
    pub(in crate::ingest) fn of_zip(bytes: Vec<u8>, rule: Option<Arc<IngestRule>>) -> Result<Self, Refusal> {
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
        let is_merged = check_expanded(&mut archive)?;
        let mut rows = Rows::new(rule);
        if format == Format::Xlsx {
            xlsx(&bytes, is_merged, &mut rows)?;
        } else {
            let mut content = String::new();
            let mut file = archive.by_name("content.xml").map_err(|error| damaged(&error))?;
            file.read_to_string(&mut content).map_err(|error| damaged(&error))?;
            super::ods::read(&content, &mut rows)?;
        }
        Ok(Self::of(format, rows))
    }

    /// The workbook in the container of Excel 97 to 2003.
    ///
    /// # Errors
    /// It is damaged, or something else in such a container.
    pub(in crate::ingest) fn of_ole(bytes: Vec<u8>, rule: Option<Arc<IngestRule>>) -> Result<Self, Refusal> {
        let unreadable = |error: &dyn std::fmt::Display| {
            let detail = format!(
                "cannot read it as a workbook of Excel: {error}; save it as .xlsx or .csv; if it is a text, as .txt"
            );
            Refusal::new(RefusalCode::Damaged, detail)
        };
        let stream = ole::workbook_stream(&bytes).ok_or_else(|| unreadable(&"no workbook is in it"))?;
        biff::check(&stream)?;
        let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(|error| unreadable(&error))?;
        let mut rows = Rows::new(rule);
        for visible in [true, false] {
            for name in sheets(book.sheets_metadata(), visible, &mut rows) {
                xls_sheet(&mut book, &stream, &name, &mut rows)?;
            }
        }
        Ok(Self::of(Format::Xls, rows))
    }

    /// The tables of a page that is called a workbook.
    pub(in crate::ingest) fn of_html(html: &str, rule: Option<Arc<IngestRule>>) -> Self {
        let mut rows = Rows::new(rule);
        super::html_table::read(html, &mut rows);
        Self::of(Format::Html, rows)
    }

    fn of(format: Format, rows: Rows) -> Self {
        let ReadRows { found, left_out, repeated } = rows.finish();
        Self { format, left_out, found, repeated }
    }
}

/// The sheets to read: those that people see, and then, where these hold no articles, the hidden ones.
fn sheets(all: &[Sheet], visible: bool, rows: &mut Rows) -> Vec<String> {
    let is_visible = |sheet: &&Sheet| sheet.visible == SheetVisible::Visible;
    if visible {
        return all.iter().filter(is_visible).map(|sheet| sheet.name.clone()).collect();
    }
    let hidden = all.iter().filter(|sheet| !is_visible(sheet)).map(|sheet| sheet.name.clone());
    if rows.has_header() {
        hidden.for_each(|name| rows.pass_over(&name));
        return Vec::new();
    }
    hidden.collect()
}

impl Records for Workbook {
    fn next(&mut self) -> Option<Found> {
        self.found.pop_front()
    }

    fn skipped(&self) -> BTreeMap<SkipRule, u64> {
        (self.repeated > 0).then_some((SkipRule::ExportHeader, self.repeated)).into_iter().collect()
    }
}

fn damaged(error: &dyn std::fmt::Display) -> Refusal {
    Refusal::new(
        RefusalCode::Damaged,
        format!("cannot read the workbook: {error}; open it and save it again"),
    )
}

/// Expands everything once, into nothing: what the directory of the archive says need not be true. Whether a sheet has merged cells.
fn check_expanded<R: Read + std::io::Seek>(archive: &mut ZipArchive<R>) -> Result<bool, Refusal> {
    let mut left = MAX_EXPANDED;
    let mut merged = MergedCellsSeen::default();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).map_err(|error| damaged(&error))?;
        let is_shared =
            file.name().is_ok_and(|name| name.to_ascii_lowercase().ends_with("sharedstrings.xml"));
        let mut limited = (&mut file).take(left + 1);
        let made = if is_shared {
            let mut strings = SharedStrings::default();
            let made = std::io::copy(&mut limited, &mut strings).map_err(|error| damaged(&error))?;
            strings.check()?;
            made
        } else {
            std::io::copy(&mut limited, &mut merged).map_err(|error| damaged(&error))?
        };
        left = left.checked_sub(made).ok_or_else(|| {
            let detail = format!(
                "the workbook holds more than {} MiB when it is expanded; save it as .csv",
                MAX_EXPANDED >> 20
            );
            Refusal::new(RefusalCode::TooLarge, detail)
        })?;
    }
    Ok(merged.seen)
}

fn xlsx(bytes: &[u8], is_merged: bool, rows: &mut Rows) -> Result<(), Refusal> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    for visible in [true, false] {
        for name in sheets(book.sheets_metadata(), visible, rows) {
            rows.begin_sheet(&name);
            if is_merged {
                merged_areas(bytes, &name).into_iter().for_each(|(first, last)| rows.merge(first, last));
            }
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
            let wanted = rows.unlinked();
            if !wanted.is_empty() {
                rows.link(&links::links(bytes, &name, &wanted));
            }
        }
    }
    Ok(())
}

/// The sheet called `name` of a workbook of Excel 97 to 2003, which `stream` is.
fn xls_sheet(
    book: &mut Xls<Cursor<Vec<u8>>>,
    stream: &[u8],
    name: &str,
    rows: &mut Rows,
) -> Result<(), Refusal> {
    rows.begin_sheet(name);
    // Rows count from 0 here.
    for area in book.merge_cells_by_sheet_name(name).unwrap_or_default() {
        if area.end.0 > area.start.0 {
            rows.merge((u64::from(area.start.0) + 1, area.start.1 as usize), u64::from(area.end.0) + 1);
        }
    }
    let range = book.worksheet_range(name).map_err(|error| damaged(&error))?;
    let first = range.start().unwrap_or_default();
    for (number, row) in (first.0 as usize..).zip(range.rows()) {
        let cells = row.iter().enumerate();
        let cells = cells.filter_map(|(column, cell)| Some((first.1 as usize + column, value_of(cell)?)));
        rows.push(number + 1, cells.collect());
    }
    let wanted = rows.unlinked();
    let sheet = book.sheets_metadata().iter().position(|sheet| sheet.name == name);
    if let Some(sheet) = sheet.filter(|_| !wanted.is_empty()) {
        rows.link(&biff_links::links(stream, sheet, &wanted));
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
    // A time of day has no day: Excel would show the one before 1900.
    if moment.as_f64() < 1.0 {
        return Some(Value::from(format!("{hour:02}:{minute:02}:{second:02}")));
    }
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

#[cfg(test)]
mod tests;
