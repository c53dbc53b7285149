//! `GET /export.xlsx`: a whole search as a workbook.
//!
//! Rows go to a temporary file as they are read (`rust_xlsxwriter` in constant memory), and the workbook is packed from there into
//! the answer: memory stays the same however many rows there are.

use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};

use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use rust_xlsxwriter::{ExcelDateTime, Format as CellFormat, Workbook, XlsxError};

use super::columns::{COLUMNS, Column, FOR_WORKBOOK, Reader as Audience, local, shown};
use super::export::{Asked, PAGING, asked, telling_name};
use super::stream::{self, Format};
use crate::article::Article;
use crate::http::access::reader::Reader;
use crate::http::answer::{ApiError, Problem};
use crate::http::request::search::{CURSOR, ORDER, SELECTION, SHOW};
use crate::http::request::{Accepts, Group, Params};

pub(super) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// The most UTF-16 code units of a cell, by Excel's specification.
const CELL_UNITS: usize = 32_767;
/// What stands at the end of a cell that had more.
const CUT: &str = " …(이하 잘림)";

/// The parameters of a workbook: those of a CSV, for people where nothing else is said.
pub(in crate::http) struct WorkbookParameters;

impl Accepts for WorkbookParameters {
    const GROUPS: &'static [Group] = &[
        SELECTION,
        ORDER,
        Group::of(&[&PAGING.size, &PAGING.page, &CURSOR]),
        SHOW.ignored(),
        Group::of(&[&COLUMNS, &FOR_WORKBOOK]),
    ];
}

/// Export as a workbook
///
/// All matches in the order of the search as a workbook for Excel: Korean column names unless `for=data`, times as times in Korean
/// time, no formulas. Parameters, columns and the headers `x-total-count`, `x-truncated` and `x-next-cursor` are those of
/// `/export.csv`; without `columns` it has those of `for=excel`. A text of more than 32,767 characters, the most of a cell, ends with
/// `…(이하 잘림)`.
#[utoipa::path(
    get, path = "/export.xlsx", tag = "search", operation_id = "export_xlsx",
    params(Params<WorkbookParameters>),
    responses(
        (status = 200, description = "The workbook", body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (status = 400, description = "A parameter is unknown or has a wrong value", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No article has the id `similar_to`", body = Problem, content_type = "application/problem+json"),
        (status = 410, description = "The cursor has expired", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Too many exports or searches, or no index yet", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn xlsx(
    reader: Reader,
    params: Params<WorkbookParameters>,
) -> Result<Response, ApiError> {
    let heads = params.choice(&FOR_WORKBOOK)?.unwrap_or(Audience::Spreadsheet);
    let columns = params.list(&COLUMNS)?.unwrap_or_else(|| Column::usual(heads));
    let Asked { serving, listing, mut headers, query } = asked(&reader, &params).await?;
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(XLSX));
    headers.insert(CONTENT_DISPOSITION, telling_name(&query, "xlsx")?);
    let sheet = Sheet::new(columns, heads).map_err(ApiError::internal)?;
    let body = stream::body(&reader, serving, listing, sheet)?;
    Ok((headers, body).into_response())
}

/// A workbook of one sheet, while its rows come.
struct Sheet {
    columns: Vec<Column>,
    rows: Mutex<Rows>,
}

struct Rows {
    workbook: Workbook,
    /// The row that comes next.
    next: u32,
    time: CellFormat,
}

impl Sheet {
    fn new(columns: Vec<Column>, heads: Audience) -> Result<Self, XlsxError> {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet_with_constant_memory()?;
        sheet.set_freeze_panes(1, 0)?;
        let bold = CellFormat::new().set_bold();
        for (at, column) in (0..).zip(&columns) {
            sheet.set_column_width(at, width(*column))?;
            sheet.write_string_with_format(0, at, column.head(heads), &bold)?;
        }
        let time = CellFormat::new().set_num_format("yyyy-mm-dd hh:mm:ss");
        Ok(Self { columns, rows: Mutex::new(Rows { workbook, next: 1, time }) })
    }
}

impl Rows {
    fn add(&mut self, article: &Article, columns: &[Column]) -> Result<(), XlsxError> {
        let row = self.next;
        self.next += 1;
        let sheet = self.workbook.worksheet_from_index(0)?;
        for (at, column) in (0..).zip(columns) {
            if *column == Column::PublishedAt {
                let Some(published) = article.published_at else { continue };
                let written = local(published);
                // Excel knows no time before 1900, nor after 9999: it stays text.
                match ExcelDateTime::parse_from_str(&written) {
                    Ok(time) => sheet.write_datetime_with_format(row, at, &time, &self.time)?,
                    Err(_) => sheet.write_string(row, at, written)?,
                };
                continue;
            }
            let text = column.of(article, Audience::Spreadsheet);
            if !text.is_empty() {
                sheet.write_string(row, at, fitting(&shown(&text)))?;
            }
        }
        Ok(())
    }
}

impl Format for Sheet {
    fn begin(&self, _: &mut Vec<u8>) -> io::Result<()> {
        Ok(())
    }

    fn articles(&self, articles: &[Article], _: &mut Vec<u8>) -> io::Result<()> {
        let mut rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        articles.iter().try_for_each(|article| rows.add(article, &self.columns)).map_err(io::Error::other)
    }

    fn end(&self, _: &mut Vec<u8>) -> io::Result<()> {
        Ok(())
    }

    fn finish(&self, out: &mut (dyn Write + Send)) -> io::Result<()> {
        let mut rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        rows.workbook.save_to_writer(out).map_err(io::Error::other)
    }
}

/// Widths that show what is usual, in characters.
fn width(column: Column) -> f64 {
    match column {
        Column::PublishedAt => 19.0,
        Column::Id | Column::Outlet | Column::Reporters => 16.0,
        Column::Section => 10.0,
        Column::Title | Column::Url => 50.0,
        Column::Body | Column::Lead => 80.0,
    }
}

/// A text that a cell can hold: the beginning, and that there was more, where it is too long.
pub(super) fn fitting(text: &str) -> String {
    if text.encode_utf16().count() <= CELL_UNITS {
        return text.to_owned();
    }
    let mut left = CELL_UNITS - CUT.encode_utf16().count();
    let fits = |c: &char| {
        let room = left.checked_sub(c.len_utf16());
        left = room.unwrap_or_default();
        room.is_some()
    };
    text.chars().take_while(fits).chain(CUT.chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_cell_cannot_hold_is_cut_and_marked() {
        assert_eq!(fitting("짧다"), "짧다");
        let most = "가".repeat(CELL_UNITS);
        assert_eq!(fitting(&most), most);
        for long in ["가".repeat(CELL_UNITS + 1), "𠮷".repeat(CELL_UNITS)] {
            let cut = fitting(&long);
            assert!(cut.ends_with(CUT) && cut.encode_utf16().count() <= CELL_UNITS);
            assert!(cut.encode_utf16().count() > CELL_UNITS - 3);
        }
    }
}
