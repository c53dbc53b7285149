//! The formats that files of articles have, each in a file of its own, and how one is told from another.
//!
//! A file is what it holds before it is what its name says: people rename, and portals name badly. A reader gives raw records; what
//! a record means is decided later, by the same code for all formats (`json`), so that a column of a table, an element of a feed and a
//! key of JSON are one thing.

mod content;
mod csv;
mod front_matter;
mod html;
mod html_table;
mod merged;
mod ods;
mod plain;
mod rows;
mod sniff;
mod tagged;
mod workbook;
mod xml;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::format::Format;
use super::names::{self, Field};
use super::raw::Found;
use super::refusal::{Refusal, RefusalCode};
use super::report::SkipRule;
use super::rule::{Columns, IngestRule};

pub(super) use content::Content;
pub(super) use csv::CsvReader;
pub(super) use front_matter::FrontMatter;
pub(super) use html::{list_of_articles, read_page};
pub(super) use sniff::{sniff, sniff_table};
pub(super) use tagged::TaggedText;
pub(super) use workbook::Workbook;
pub(super) use xml::XmlRecords;

/// Whether `count` is nearly all of `of`: one in five may be another, and one of three.
fn most(count: usize, of: usize) -> bool {
    count * 2 > of && of - count <= (of / 5).max(1)
}

/// The records of one file, one after the other.
pub(super) trait Records: Send {
    /// The next record, or why the next part of the file is none.
    fn next(&mut self) -> Option<Found>;

    /// Whether the rest of the file was given up, with a refusal that says so.
    fn gave_up(&self) -> bool {
        false
    }

    /// What was passed over, by rule.
    fn skipped(&self) -> BTreeMap<SkipRule, u64> {
        BTreeMap::new()
    }
}

/// The names of the columns of a table.
#[derive(Debug, Clone)]
pub(super) struct Header {
    /// `None` for a column without a name: the index that pandas writes.
    columns: Vec<Option<String>>,
    /// The names as they are compared, of all columns.
    folded: Vec<String>,
}

/// What a row is that names columns below others.
pub(super) enum Again {
    /// The names that are known.
    Same,
    /// Those of another table, which begins there.
    Other(Header),
}

/// The longest name of a column that is looked for below the first row, in bytes.
pub(super) const LONGEST_NAME: usize = 200;
/// The most columns of a table. Excel has 16,384; more is not a table of articles.
pub(super) const MAX_COLUMNS: usize = 20_000;
/// The names are in one of so many first rows: portals put the question above them.
pub(super) const HEADER_ROWS: usize = 10;

impl Header {
    /// The header in `cells`, if they name a title or a story: by a name that is known, or by one that `rule` gives.
    pub(super) fn of(cells: &[String], rule: Option<&IngestRule>) -> Option<Self> {
        let is_text = |cell: &String| {
            matches!(names::field_of(without_remark(cell, cells)), Some(Field::Title | Field::Body))
                || rule.is_some_and(|rule| matches!(rule.field_named(cell), Some(Field::Title | Field::Body)))
        };
        if !cells.iter().any(is_text) || cells.iter().all(|cell| cell.chars().count() > 60) {
            return None;
        }
        let folded = cells.iter().map(|cell| names::fold(cell)).collect();
        let plain: Vec<&str> = cells.iter().map(|cell| without_remark(cell, cells)).collect();
        let mut seen = std::collections::HashSet::new();
        // How many marks the name of a column has that came before: a table may call thousands of columns the same.
        let mut marks: std::collections::HashMap<String, usize> = std::collections::HashMap::new();
        let columns = plain
            .into_iter()
            .map(|cell| {
                let mut name = super::text::normalise_line(cell).into_owned();
                if name.is_empty() || name.starts_with("Unnamed:") {
                    return None;
                }
                let known = marks.entry(name.clone()).or_insert(0);
                name.push_str(&"_".repeat(*known));
                while !seen.insert(name.clone()) {
                    name.push('_');
                    *known += 1;
                }
                Some(name)
            })
            .collect();
        Some(Self { columns, folded })
    }

    /// Whether `cells` name both a title and a story.
    pub(super) fn is_whole(cells: &[String], rule: Option<&IngestRule>) -> bool {
        let names = |wanted: Field| {
            cells.iter().any(|cell| {
                names::field_of(without_remark(cell, cells)) == Some(wanted)
                    || rule.is_some_and(|rule| rule.field_named(cell) == Some(wanted))
            })
        };
        names(Field::Title) && names(Field::Body)
    }

    /// The header that a rule gives.
    pub(super) fn given(columns: &Columns) -> Self {
        let folded =
            columns.names.iter().map(|name| names::fold(name.as_deref().unwrap_or_default())).collect();
        Self { columns: columns.names.clone(), folded }
    }

    /// How many columns there are.
    pub(super) fn len(&self) -> usize {
        self.columns.len()
    }

    /// The name of a column.
    pub(super) fn name(&self, column: usize) -> Option<&str> {
        self.columns.get(column)?.as_deref()
    }

    /// How many of the names in `cells` are known, or given by `rule`.
    pub(super) fn known_in(cells: &[String], rule: Option<&IngestRule>) -> usize {
        let known = |cell: &&String| {
            names::known(without_remark(cell, cells)).is_some()
                || rule.is_some_and(|rule| rule.field_named(cell).is_some())
        };
        cells.iter().filter(known).count()
    }

    /// What `cells` are where files were joined: the names once more, or those of another file.
    pub(super) fn again_in(&self, cells: &[String], rule: Option<&IngestRule>) -> Option<Again> {
        let is_name = |cell: &String| cell.len() <= LONGEST_NAME;
        // Most rows hold a story.
        if cells.len() < 2 || !cells.iter().all(is_name) {
            return None;
        }
        let names = |(cell, name): (&String, &String)| names::fold(cell) == *name;
        if cells.len() == self.folded.len() && cells.iter().zip(&self.folded).all(names) {
            return Some(Again::Same);
        }
        let filled = cells.iter().filter(|cell| !cell.trim().is_empty());
        let own = |cell: &&String| self.folded.contains(&names::fold(cell));
        let known = Self::known_in(cells, rule);
        let of_names = known.max(filled.clone().filter(own).count());
        (known >= 2 && of_names * 2 >= filled.count())
            .then(|| Self::of(cells, rule))
            .flatten()
            .map(Again::Other)
    }

    /// The refusal of a table without a header.
    pub(super) fn missing(cells: &[String]) -> Refusal {
        let mut seen: Vec<String> =
            cells.iter().take(8).map(|cell| cell.chars().take(30).collect()).collect();
        if cells.len() > seen.len() {
            seen.push("…".to_owned());
        }
        let detail = format!(
            "no line with the names of the columns was found; the first one is {}; put names on the first line; {}",
            seen.join(" | "),
            names::advice()
        );
        Refusal::new(RefusalCode::NoHeader, detail)
    }

    /// The record of one row; empty cells are left out.
    pub(super) fn record(&self, cells: impl Iterator<Item = Value>) -> Map<String, Value> {
        let mut record = Map::new();
        for (name, value) in self.columns.iter().zip(cells) {
            let empty =
                matches!(&value, Value::Null) || value.as_str().is_some_and(|text| text.trim().is_empty());
            if let Some(name) = name.as_ref().filter(|_| !empty) {
                record.insert(name.clone(), value);
            }
        }
        record
    }
}

/// `제목(Title)`, `본문 (필수)` without what stands in brackets, if that makes it the name of a field which no other of `cells` names. Not
/// of one that ids are made of: tables that are read already would give their articles other ids.
fn without_remark<'a>(cell: &'a str, cells: &[String]) -> &'a str {
    let Some((name, _)) = cell.split_once(['(', '（', '[']).filter(|_| names::known(cell).is_none()) else {
        return cell;
    };
    match names::field_of(name) {
        Some(Field::Id | Field::Url | Field::Outlet) | None => cell,
        field if cells.iter().any(|other| names::field_of(other) == field) => cell,
        Some(_) => name,
    }
}

#[cfg(test)]
mod tests {
    use super::super::raw::{RawRecord, RecordContent};
    use super::*;

    /// What was found at a line, in one line: the fields of a record, or the code of a refusal.
    pub(super) fn shown((line, found): Found) -> String {
        match found {
            Ok(RawRecord { content: RecordContent::Fields(fields), .. }) => {
                format!("{} {}", line.unwrap_or(0), Value::Object(fields))
            }
            Ok(_) => "other".to_owned(),
            Err(refusal) => format!("{} {}", line.unwrap_or(0), refusal.code.as_str()),
        }
    }
}
