//! Rows of a sheet → records, once a header was found.

use std::collections::VecDeque;

use serde_json::Value;

use super::super::names::{self, Field};
use super::super::raw::{Found, MAX_RECORD_BYTES, RawRecord, RecordContent, too_large};
use super::super::refusal::{Refusal, RefusalCode};
use super::super::rule::IngestRule;
use super::{Header, MAX_COLUMNS};

/// The most bytes of records that are kept while a workbook is read.
const MAX_KEPT: usize = 192 << 20;
/// The header is in one of so many first rows: portals put the question above it.
const HEADER_ROWS: usize = 10;
/// Digits that a number cell keeps exactly.
pub(super) const EXACT_DIGITS: usize = 15;

/// Makes records of rows, once a header was found.
#[derive(Default)]
pub(super) struct Rows {
    header: Option<Header>,
    /// Columns of the header that hold an id.
    ids: Vec<usize>,
    tried: usize,
    /// Columns that hold an id because a rule says so.
    named_ids: Vec<String>,
    /// Whether a rule gave the header.
    is_given: bool,
    /// Whether the next row has names that are passed over.
    passes_names: bool,
    first: Vec<String>,
    kept: usize,
    full: bool,
    found: VecDeque<Found>,
}

impl Rows {
    /// Nothing yet; `rule` may name the columns.
    pub(super) fn new(rule: Option<&IngestRule>) -> Self {
        let mut rows = Self::default();
        let Some(rule) = rule else { return rows };
        rows.named_ids = rule.names_of_ids().map(str::to_owned).collect();
        if let Some(columns) = &rule.columns {
            rows.header = Some(Header::given(columns));
            rows.is_given = true;
            rows.passes_names = columns.header;
            rows.ids = rows.id_columns(columns.names.iter().map(|name| name.as_deref().unwrap_or_default()));
        }
        rows
    }

    /// Whether no more is taken in.
    pub(super) fn is_full(&self) -> bool {
        self.full
    }

    /// Whether this sheet is the one with the articles.
    pub(super) fn has_header(&self) -> bool {
        self.header.is_some() && !(self.is_given && self.found.is_empty())
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
        if std::mem::take(&mut self.passes_names) {
            return;
        }
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
        self.found.push_back((line, Ok(RawRecord::new(line, content))));
    }

    /// The columns that hold an id.
    fn id_columns<'a>(&self, names: impl Iterator<Item = &'a str>) -> Vec<usize> {
        let is_id = |name: &str| {
            names::field_of(name) == Some(Field::Id)
                || self.named_ids.iter().any(|named| named == name.trim())
        };
        names.enumerate().filter(|(_, name)| is_id(name)).map(|(column, _)| column).collect()
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
            self.ids = self.id_columns(names.iter().map(String::as_str));
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
