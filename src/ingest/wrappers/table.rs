//! Tables of pandas in JSON, by columns or by row numbers, and articles under keys of their own. Where the cells lie is noted; a record is
//! parsed when its turn comes, so that a table takes little more memory than its text.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::super::json::{self, parse_value};
use super::super::names::{self, Field};
use super::super::raw::{MAX_RECORD_BYTES, too_large};
use super::super::refusal::{Refusal, RefusalCode};
use super::around::Around;
use super::entries::{Entries, First, each, entries};

/// The most cells of a table.
const MAX_CELLS: usize = 4_000_000;
/// The longest value that is said of all rows, in bytes of JSON.
const LONGEST_OF_ALL: usize = 4096;

/// A record of a table, and the key that names it.
pub(in crate::ingest) type TableRow = (Option<String>, Map<String, Value>);

/// Where the records of a table lie in a text.
#[derive(Debug, Default)]
pub(in crate::ingest) struct Table {
    columns: Vec<String>,
    /// What is not a column is said of all rows.
    of_all: Map<String, Value>,
    /// By row, and in a row by column.
    cells: Vec<Cell>,
    /// The keys of whole articles, where they are ids.
    keys: Vec<Option<String>>,
    /// What of the object is said of no article.
    others: Vec<String>,
    next: usize,
    /// What stands beside the object that holds them.
    around: Option<Arc<Around>>,
}

#[derive(Debug, Clone, Copy)]
struct Cell {
    row: u64,
    column: u32,
    start: u32,
    length: u32,
}

/// The column of cells that are whole records.
const WHOLE: u32 = u32::MAX;

impl Table {
    /// The table in the entries of `text`, an object; `None` if they are none.
    ///
    /// # Errors
    /// It has too many cells.
    pub(super) fn of(text: &str, entries: &Entries<'_>) -> Option<Result<Self, Refusal>> {
        let table = Self::by_key(text, entries).map(Ok);
        table
            .or_else(|| Self::by_column(text, entries))
            .or_else(|| Self::by_list(text, entries))
            .or_else(|| Self::by_row(text, entries))
    }

    /// The articles by keys under one of the entries of `text`, whose name is known: `{"articles": {"a1": {…}, "a2": {…}}, …}`.
    pub(super) fn inside(text: &str, fields: &Entries<'_>, is_known: impl Fn(&str) -> bool) -> Option<Self> {
        let held = |(key, raw): &(Cow<'_, str>, &str)| {
            let inner = entries(raw).filter(|_| is_known(key) && raw.starts_with('{'))?;
            let table = Self::by_key(text, &inner)?;
            let mut around = Around::of(fields, key, "");
            let others = [table.others.clone(), std::mem::take(&mut around.others)].concat();
            Some(Self { around: Some(Arc::new(around)), others, ..table })
        };
        let mut found = fields.iter().filter_map(held);
        found.next().filter(|_| found.next().is_none())
    }

    /// What stands beside the object that holds the articles.
    pub(in crate::ingest) fn around(&self) -> Option<&Arc<Around>> {
        self.around.as_ref()
    }

    /// The keys beside it, and those of the articles, that are said of none.
    pub(in crate::ingest) fn take_others(&mut self) -> Vec<String> {
        std::mem::take(&mut self.others)
    }

    /// `{"0": {…}, "1": {…}}`, what pandas writes with `orient="index"`; `{"-Nq1": {"title": …, "body": …}, …}`, a database of keys.
    fn by_key(text: &str, entries: &Entries<'_>) -> Option<Self> {
        let mut table = Self::default();
        let numbered = entries.iter().all(|(key, _)| key.parse::<u64>().is_ok());
        let known = |key: &str| names::known(key).is_some();
        if entries.is_empty() || !numbered && entries.len() < 2 {
            return None;
        }
        for (row, (key, raw)) in (0..).zip(entries) {
            if !raw.starts_with('{') || !numbered && (known(key) || !First::of(raw).is_whole()) {
                return None;
            }
            let row = if numbered { key.parse().ok()? } else { row };
            table.cells.push(Cell::of(text, raw, row, WHOLE)?);
            if !numbered {
                table.keys.push(Some(key.clone().into_owned()).filter(|key| is_id(key)));
            }
        }
        if table.keys.iter().any(Option::is_none) {
            table.others.push("(keys of the articles)".to_owned());
        }
        table.sort();
        Some(table)
    }

    /// `{"title": {"0": …, "1": …}, …}`: what pandas writes by default.
    fn by_column(text: &str, entries: &Entries<'_>) -> Option<Result<Self, Refusal>> {
        let is_column = |(_, raw): &(Cow<'_, str>, &str)| raw.starts_with('{');
        if !entries.iter().all(is_column) || !entries.iter().any(|(key, _)| names::field_of(key).is_some()) {
            return None;
        }
        let mut table = Self::default();
        for (key, raw) in entries {
            let column = table.column(key)?;
            let whole = each(raw, |number, raw| {
                let cell = number.and_then(|number| Cell::of(text, raw, number.parse().ok()?, column));
                cell.is_some_and(|cell| table.push(cell))
            });
            if !whole {
                return table.is_full().then(|| Err(too_many_cells()));
            }
        }
        table.sort();
        (!table.cells.is_empty()).then_some(Ok(table))
    }

    /// `{"title": […], "body": […]}`: what pandas writes with `orient="list"`. What is not a list is said of all.
    fn by_list(text: &str, entries: &Entries<'_>) -> Option<Result<Self, Refusal>> {
        let is_list = |wanted: Field| {
            entries.iter().any(|(key, raw)| names::field_of(key) == Some(wanted) && raw.starts_with('['))
        };
        if !is_list(Field::Title) || !is_list(Field::Body) {
            return None;
        }
        let mut table = Self::default();
        let mut rows = None;
        for (key, raw) in entries {
            if !raw.starts_with('[') {
                // It is copied into each row.
                if raw.len() > LONGEST_OF_ALL {
                    return None;
                }
                table.of_all.insert(key.clone().into_owned(), parse_value(raw).ok()?);
                continue;
            }
            let column = table.column(key)?;
            let mut row = 0;
            let whole = each(raw, |_, raw| {
                row += 1;
                Cell::of(text, raw, row, column).is_some_and(|cell| table.push(cell))
            });
            if !whole {
                return table.is_full().then(|| Err(too_many_cells()));
            }
            if *rows.get_or_insert(row) != row {
                return None;
            }
        }
        table.sort();
        (rows >= Some(2)).then_some(Ok(table))
    }

    /// `{"columns": ["title", "body"], "index": [0], "data": [["가", "나"]]}`: what pandas writes with `orient="split"`, and what sheets and
    /// databases answer, also with the names as the first row.
    fn by_row(text: &str, entries: &Entries<'_>) -> Option<Result<Self, Refusal>> {
        let under = |names: &[&str]| {
            entries
                .iter()
                .find(|(key, raw)| names.contains(&names::fold(key).as_str()) && raw.starts_with('['))
        };
        let (rows_key, rows) = under(&ROWS)?;
        let own = First::of_entries(entries);
        // An article may have a table.
        if own.title || own.story {
            return None;
        }
        let names = under(&COLUMNS);
        let mut table = Self::default();
        let mut number = 0;
        if let Some((_, raw)) = names {
            each(raw, |_, raw| column_name(raw).is_some_and(|name| table.column(&name).is_some()));
        }
        // The first row that does not fit: nothing of it may come under a wrong name.
        let mut unfit = None;
        let whole = each(rows, |_, row| {
            number += 1;
            if names.is_none() && number == 1 {
                return each(row, |_, raw| {
                    column_name(raw).is_some_and(|name| table.column(&name).is_some())
                });
            }
            let mut column = 0;
            let is_row = row.starts_with('[')
                && each(row, |_, raw| {
                    column += 1;
                    Cell::of(text, raw, number, column - 1).is_some_and(|cell| table.push(cell))
                });
            if is_row && column as usize != table.columns.len() {
                unfit.get_or_insert((number, column));
            }
            is_row
        });
        let is_text = |name: &String| matches!(names::field_of(name), Some(Field::Title | Field::Body));
        if !table.columns.iter().any(is_text) || table.cells.is_empty() {
            return None;
        }
        if !whole {
            return table.is_full().then(|| Err(too_many_cells()));
        }
        if let Some((row, cells)) = unfit {
            let detail = format!(
                "row {row} of `{rows_key}` has {cells} values, and there are {} columns; write one article a line: to_json(orient=\"records\", \
                 lines=True)",
                table.columns.len()
            );
            return Some(Err(Refusal::new(RefusalCode::BadRow, detail)));
        }
        let used = |key: &str| key == rows_key || names.is_some_and(|(name, _)| key == name);
        // Numbers of rows say nothing.
        let says = |key: &str, raw: &str| names::fold(key) != "index" || raw.contains('"');
        let beside = entries.iter().filter(|(key, raw)| !used(key) && says(key, raw));
        table.others = beside.map(|(key, _)| key.clone().into_owned()).collect();
        Some(Ok(table))
    }

    fn column(&mut self, name: &str) -> Option<u32> {
        self.columns.push(name.to_owned());
        u32::try_from(self.columns.len() - 1).ok()
    }

    /// Takes a cell in; false if there are too many.
    fn push(&mut self, cell: Cell) -> bool {
        self.cells.push(cell);
        !self.is_full()
    }

    fn is_full(&self) -> bool {
        self.cells.len() > MAX_CELLS
    }

    fn sort(&mut self) {
        self.cells.sort_unstable_by_key(|cell| (cell.row, cell.column));
    }

    /// The next record, and the key that names it, out of the `text` in which the table was found.
    pub(in crate::ingest) fn next(&mut self, text: &str) -> Option<Result<TableRow, Refusal>> {
        let rest = self.cells.get(self.next..)?;
        let row = rest.first()?.row;
        let length = rest.iter().take_while(|cell| cell.row == row).count();
        let cells = rest.get(..length)?;
        self.next += length;
        if cells.iter().map(|cell| cell.length as usize).sum::<usize>() > MAX_RECORD_BYTES {
            return Some(Err(too_large("article", MAX_RECORD_BYTES)));
        }
        let mut fields = self.of_all.clone();
        for cell in cells {
            let value = match parse_value(cell.text(text)) {
                Ok(value) => value,
                Err(refusal) => return Some(Err(refusal)),
            };
            match (self.columns.get(cell.column as usize), value) {
                (Some(name), value) => {
                    json::insert(&mut fields, name.clone(), value);
                }
                (None, Value::Object(whole)) => fields = whole,
                (None, _) => {}
            }
        }
        Some(Ok((usize::try_from(row).ok().and_then(|row| self.keys.get(row).cloned().flatten()), fields)))
    }
}

/// Keys of the names of columns, and of rows of cells, folded.
const COLUMNS: [&str; 6] = ["columns", "header", "headers", "fields", "cols", "columnnames"];
const ROWS: [&str; 5] = ["data", "rows", "values", "records", "results"];

/// The name of a column: a text, or an object that has one.
fn column_name(raw: &str) -> Option<String> {
    match parse_value(raw).ok()? {
        Value::String(name) => Some(name),
        Value::Object(fields) => fields.get("name")?.as_str().map(str::to_owned),
        Value::Null => Some(String::new()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

impl Cell {
    /// The cell of `raw`, a part of `text`.
    fn of(text: &str, raw: &str, row: u64, column: u32) -> Option<Self> {
        let start = raw.as_ptr().addr().checked_sub(text.as_ptr().addr())?;
        Some(Self { row, column, start: start.try_into().ok()?, length: raw.len().try_into().ok()? })
    }

    fn text(self, text: &str) -> &str {
        let start = self.start as usize;
        text.get(start..start + self.length as usize).unwrap_or_default()
    }
}

/// Whether a key is made so that no other article has it: a random one, or a UUID. `ko` or `article1` is another article in each file.
fn is_id(key: &str) -> bool {
    key.len() >= 16
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        && key.bytes().any(|byte| byte.is_ascii_digit())
}

fn too_many_cells() -> Refusal {
    let detail = format!(
        "the table has more than {MAX_CELLS} cells; write it as one article a line: to_json(orient=\"records\", lines=True)"
    );
    Refusal::new(RefusalCode::TooLarge, detail)
}
