//! Rows of a workbook's sheets → records, once a header was found.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use serde_json::Value;

use super::super::address::is_bare_address;
use super::super::names::{self, Field};
use super::super::raw::{Found, MAX_RECORD_BYTES, RawRecord, RecordContent, too_large};
use super::super::refusal::{Refusal, RefusalCode};
use super::super::report::EXTRACT;
use super::super::rule::IngestRule;
use super::merged::{Merged, Place};
use super::{Again, HEADER_ROWS, Header, LONGEST_NAME, MAX_COLUMNS};

/// The most bytes of records that are kept while a workbook is read.
const MAX_KEPT: usize = 192 << 20;
/// The longest text of a cell, in units of UTF-16.
const LONGEST_CELL: usize = 32_767;
/// What a cell takes in a record beside its text and the name of its column.
const CELL_BYTES: usize = 112;
/// Digits that a number cell keeps exactly.
pub(super) const EXACT_DIGITS: usize = 15;

/// One sheet, as far as it was read.
#[derive(Default)]
struct Sheet {
    name: String,
    header: Option<Header>,
    /// Whether the header names both a title and a story.
    is_whole: bool,
    /// Columns of the header that hold an id.
    ids: Vec<usize>,
    /// Columns of the header that hold an address.
    urls: Vec<usize>,
    /// Cells of these that hold none.
    unlinked: BTreeSet<Place>,
    tried: usize,
    /// Whether the next row has names that are passed over.
    passes_names: bool,
    /// Cells that go on in the rows below them.
    merged: Merged,
    /// The first row that holds something.
    first: Vec<String>,
    found: VecDeque<Found>,
}

/// Makes records of the rows of a workbook's sheets. Which sheets hold articles is known when all were seen: those that name a title and
/// a story, or where none does, those that name one of them.
#[derive(Default)]
pub(super) struct Rows {
    rule: Option<Arc<IngestRule>>,
    sheet: Sheet,
    before: Vec<Sheet>,
    hidden: Vec<String>,
    kept: usize,
    full: bool,
    /// How often names of columns came again.
    repeated: u64,
}

/// What a workbook gives.
pub(super) struct ReadRows {
    /// Its records, sheet by sheet.
    pub(super) found: VecDeque<Found>,
    /// The names of sheets that hold something and were not read.
    pub(super) left_out: Vec<String>,
    /// How often names of columns came again below the first ones.
    pub(super) repeated: u64,
}

impl Rows {
    /// Nothing yet; `rule` may name the columns.
    pub(super) fn new(rule: Option<Arc<IngestRule>>) -> Self {
        let mut rows = Self { rule, ..Self::default() };
        rows.sheet = rows.new_sheet("");
        rows
    }

    /// Whether no more is taken in.
    pub(super) fn is_full(&self) -> bool {
        self.full
    }

    /// Whether a sheet with names of columns was seen.
    pub(super) fn has_header(&self) -> bool {
        self.is_given() && self.has_rows()
            || !self.is_given() && self.before.iter().chain([&self.sheet]).any(|sheet| sheet.header.is_some())
    }

    /// Whether a rule gave the names of the columns. Then the first sheet that holds something is meant.
    fn is_given(&self) -> bool {
        self.rule.as_ref().is_some_and(|rule| rule.columns.is_some())
    }

    fn has_rows(&self) -> bool {
        self.before.iter().chain([&self.sheet]).any(|sheet| !sheet.found.is_empty())
    }

    /// A new sheet, in which the header is looked for again.
    pub(super) fn begin_sheet(&mut self, name: &str) {
        let sheet = self.new_sheet(name);
        self.before.push(std::mem::replace(&mut self.sheet, sheet));
    }

    /// Notes a sheet that nobody sees.
    pub(super) fn pass_over(&mut self, name: &str) {
        self.hidden.push(name.to_owned());
    }

    fn new_sheet(&self, name: &str) -> Sheet {
        let mut sheet = Sheet { name: name.to_owned(), ..Sheet::default() };
        if let Some(columns) = self.rule.as_ref().and_then(|rule| rule.columns.as_ref())
            && !self.has_rows()
        {
            sheet.header = Some(Header::given(columns));
            sheet.passes_names = columns.header;
            let names = columns.names.iter().map(|name| name.as_deref().unwrap_or_default());
            (sheet.ids, sheet.urls) = self.columns_of(names);
        }
        sheet
    }

    /// The next row of a sheet, with the cells that hold something, each with its column from 0.
    pub(super) fn push(&mut self, number: usize, mut cells: Vec<(usize, Value)>) {
        if cells.is_empty() || self.full {
            return;
        }
        if self.sheet.header.is_some() || self.sheet.tried < HEADER_ROWS {
            self.sheet.merged.fill(number as u64, &mut cells);
        }
        if self.sheet.header.is_none() {
            self.look_for_header(&cells);
            return;
        }
        if self.names_again(&cells) {
            self.repeated += 1;
            return;
        }
        let sheet = &mut self.sheet;
        let Some(header) = &sheet.header else { return };
        if std::mem::take(&mut sheet.passes_names) {
            return;
        }
        let line = Some(number as u64);
        let mut row = vec![Value::Null; header.len()];
        let (mut size, mut rounded, mut is_cut) = (0, None, false);
        for (column, value) in cells {
            // Each record has the names of its columns, too.
            size += CELL_BYTES + header.name(column).map_or(0, str::len) + value.as_str().map_or(0, str::len);
            is_cut |= value.as_str().is_some_and(fills_a_cell);
            if sheet.urls.contains(&column) && value.as_str().is_none_or(|text| !is_bare_address(text.trim()))
            {
                sheet.unlinked.insert((number as u64, column));
            }
            if sheet.ids.contains(&column) && digits(&value) > EXACT_DIGITS {
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
            return sheet.found.push_back((line, Err(Refusal::new(RefusalCode::BadId, detail))));
        }
        if size > MAX_RECORD_BYTES {
            return sheet.found.push_back((line, Err(too_large("row", MAX_RECORD_BYTES))));
        }
        self.kept += size;
        if self.kept > MAX_KEPT {
            self.full = true;
            let detail = format!(
                "the workbook holds more than {} MiB of cells; the rest is not read; save it as .csv",
                MAX_KEPT >> 20
            );
            return sheet.found.push_back((line, Err(Refusal::new(RefusalCode::TooLarge, detail))));
        }
        let mut fields = header.record(row.into_iter());
        if is_cut {
            fields.entry(EXTRACT).or_insert(Value::Bool(true));
        }
        let content = RecordContent::Fields(fields);
        sheet.found.push_back((line, Ok(RawRecord::new(line, content))));
    }

    /// Whether a row names columns, as where tables were put one below the other; from there on the columns are those.
    fn names_again(&mut self, cells: &[(usize, Value)]) -> bool {
        let Some(header) = self.sheet.header.as_ref().filter(|_| !self.is_given()) else { return false };
        let width = cells.iter().map(|(column, _)| column + 1).max().unwrap_or(0);
        // Most rows hold a story, and are not copied.
        let is_name = |value: &Value| value.as_str().is_some_and(|text| text.len() <= LONGEST_NAME);
        let are_names = cells.iter().all(|(_, value)| is_name(value));
        if !are_names || width > MAX_COLUMNS {
            return false;
        }
        let names = names_in(cells, width);
        match header.again_in(&names, self.rule.as_deref()) {
            None => return false,
            Some(Again::Same) => {}
            Some(Again::Other(header)) => {
                (self.sheet.ids, self.sheet.urls) = self.columns_of(names.iter().map(String::as_str));
                self.sheet.header = Some(header);
            }
        }
        true
    }

    /// The columns that hold an id, and those that hold an address.
    fn columns_of<'a>(&self, names: impl Iterator<Item = &'a str>) -> (Vec<usize>, Vec<usize>) {
        let (mut ids, mut urls) = (Vec::new(), Vec::new());
        for (column, name) in names.enumerate() {
            let rule = self.rule.as_ref();
            if names::field_of(name) == Some(Field::Id)
                || rule.is_some_and(|rule| rule.names_of_ids().any(|named| named == name.trim()))
            {
                ids.push(column);
            }
            if names::field_of(name) == Some(Field::Url)
                || rule.is_some_and(|rule| rule.field_named(name) == Some(Field::Url))
            {
                urls.push(column);
            }
        }
        (ids, urls)
    }

    /// Whether a column holds addresses.
    pub(super) fn wants_link(&self, column: usize) -> bool {
        self.sheet.urls.contains(&column)
    }

    /// Notes that the cell `first` of this sheet was merged with those below it down to the row `last`, from 1; before that row comes.
    pub(super) fn merge(&mut self, first: Place, last: u64) {
        self.sheet.merged.add(first, last);
    }

    /// The cells of this sheet that should hold an address and hold something else.
    pub(super) fn unlinked(&mut self) -> BTreeSet<Place> {
        std::mem::take(&mut self.sheet.unlinked)
    }

    /// Puts addresses into cells of this sheet that hold something else.
    pub(super) fn link(&mut self, links: &BTreeMap<Place, String>) {
        let sheet = &mut self.sheet;
        let Some(header) = &sheet.header else { return };
        for (line, found) in &mut sheet.found {
            let (Some(row), Ok(RawRecord { content: RecordContent::Fields(fields), .. })) = (*line, found)
            else {
                continue;
            };
            for column in &sheet.urls {
                if let (Some(name), Some(address)) = (header.name(*column), links.get(&(row, *column)))
                    && let Some(shown) = fields.get_mut(name)
                {
                    *shown = Value::from(address.as_str());
                }
            }
        }
    }

    fn look_for_header(&mut self, cells: &[(usize, Value)]) {
        let width = cells.iter().map(|(column, _)| column + 1).max().unwrap_or(0).min(MAX_COLUMNS);
        let names = names_in(cells, width);
        if self.sheet.tried >= HEADER_ROWS || self.is_given() {
            return;
        }
        self.sheet.tried += 1;
        // One cell alone is a title above the table.
        let header = Header::of(&names, self.rule.as_deref()).filter(|_| cells.len() >= 2);
        if header.is_some() {
            self.sheet.is_whole = Header::is_whole(&names, self.rule.as_deref());
            (self.sheet.ids, self.sheet.urls) = self.columns_of(names.iter().map(String::as_str));
            self.sheet.header = header;
        }
        if self.sheet.first.is_empty() {
            self.sheet.first = names;
        }
    }

    /// What was found; a workbook without a header is refused.
    pub(super) fn finish(mut self) -> ReadRows {
        let (is_given, has_rows, repeated) = (self.is_given(), self.has_rows(), self.repeated);
        let mut sheets = std::mem::take(&mut self.before);
        sheets.push(self.sheet);
        let any_whole = sheets.iter().any(|sheet| sheet.is_whole);
        let is_read = |sheet: &Sheet| match is_given {
            true => !sheet.found.is_empty() || !has_rows,
            false => sheet.header.is_some() && (sheet.is_whole || !any_whole),
        };
        let mut left_out = self.hidden;
        let mut read: Vec<Sheet> = Vec::new();
        let mut first = Vec::new();
        for sheet in sheets {
            if is_read(&sheet) {
                read.push(sheet);
                continue;
            }
            if first.is_empty() {
                first.clone_from(&sheet.first);
            }
            if !sheet.first.is_empty() {
                left_out.push(sheet.name);
            }
        }
        if !read.iter().any(|sheet| sheet.header.is_some()) {
            let missing = (None, Err(Header::missing(&first)));
            return ReadRows { found: VecDeque::from([missing]), left_out: Vec::new(), repeated: 0 };
        }
        let several = read.len() > 1;
        let mut found = VecDeque::new();
        for sheet in read {
            let named = |refusal: Refusal| match several {
                true => Refusal::new(refusal.code, format!("sheet {}: {}", sheet.name, refusal.detail)),
                false => refusal,
            };
            found.extend(sheet.found.into_iter().map(|(line, found)| (line, found.map_err(named))));
        }
        ReadRows { found, left_out, repeated }
    }
}

/// The texts of a row, by columns.
fn names_in(cells: &[(usize, Value)], width: usize) -> Vec<String> {
    let mut names = vec![String::new(); width];
    for (column, value) in cells {
        if let (Some(name), Some(text)) = (names.get_mut(*column), value.as_str()) {
            text.clone_into(name);
        }
    }
    names
}

/// Whether a text is as long as one in a cell may be: Excel has cut it there.
fn fills_a_cell(text: &str) -> bool {
    text.len() >= LONGEST_CELL && text.encode_utf16().count() == LONGEST_CELL
}

/// The digits of a number; 0 for a text, which is exact.
fn digits(value: &Value) -> usize {
    match value {
        Value::Number(number) => number.to_string().bytes().filter(u8::is_ascii_digit).count(),
        _ => 0,
    }
}
