//! `POST /export.xlsx`: a list that a reader keeps in the browser, as a workbook. It is made in memory and forgotten: nothing of it is
//! stored or logged.

use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use rust_xlsxwriter::{ExcelDateTime, Format as CellFormat, Workbook, XlsxError};
use serde::Deserialize;
use utoipa::ToSchema;

use super::columns::{local, shown};
use super::export::telling_name;
use super::xlsx::{XLSX, fitting};
use crate::article::Timestamp;
use crate::http::access::reader::Reader;
use crate::http::answer::{ApiError, Code, Problem};
use crate::http::request::{ApiJson, NoParameters, Params};

/// The largest list, in bytes of JSON: some twenty thousand articles with notes.
pub(in crate::http) const LARGEST_LIST: usize = 8 << 20;
/// Rows of a list at most.
const MOST_ROWS: usize = 20_000;

/// A list of kept articles.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct KeptList {
    /// What the file's name begins with; the first words of a long one.
    #[serde(default)]
    title: String,
    /// The articles, in the order of the rows.
    #[schema(max_items = 20000)]
    articles: Vec<KeptArticle>,
}

/// An article as it was when it was kept. All fields may be empty.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct KeptArticle {
    /// The folder that it is kept in.
    #[serde(default)]
    folder: String,
    /// Its id.
    #[serde(default)]
    id: String,
    /// Time of publication.
    #[serde(default)]
    published_at: String,
    /// Outlet.
    #[serde(default)]
    outlet: String,
    /// Reporters.
    #[serde(default)]
    reporters: Vec<String>,
    /// Section.
    #[serde(default)]
    section: String,
    /// Title.
    #[serde(default)]
    title: String,
    /// Where it was published.
    #[serde(default)]
    url: String,
    /// The reader's note.
    #[serde(default)]
    note: String,
}

/// Heads and widths of the columns.
const COLUMNS: [(&str, f64); 9] = [
    ("폴더", 14.0),
    ("게재 일시", 19.0),
    ("언론사", 16.0),
    ("기자", 16.0),
    ("섹션", 10.0),
    ("제목", 50.0),
    ("기사 주소", 50.0),
    ("메모", 40.0),
    ("기사 번호", 16.0),
];

/// Make a workbook of a list
///
/// A list of articles that the client sends, such as kept articles of the page, as a workbook with Korean heads: no formulas, times as
/// times. The list is neither stored nor logged, and nothing is looked up for it.
#[utoipa::path(
    post, path = "/export.xlsx", tag = "search", operation_id = "export_kept",
    request_body = KeptList,
    responses(
        (status = 200, description = "The workbook", body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (status = 400, description = "The body cannot be read", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "More than 20,000 articles or 8 MB", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn workbook(
    reader: Reader,
    _: Params<NoParameters>,
    ApiJson(list): ApiJson<KeptList>,
) -> Result<Response, ApiError> {
    if list.articles.len() > MOST_ROWS {
        let detail = format!(
            "the list has {} articles; the limit is {MOST_ROWS}: send it in parts",
            list.articles.len()
        );
        return Err(ApiError::new(Code::BodyTooLarge, detail));
    }
    let name = telling_name(&list.title, "xlsx")?;
    let _permit = reader.export()?;
    let made = tokio::task::spawn_blocking(move || made(&list)).await.map_err(ApiError::internal)?;
    let workbook = made.map_err(ApiError::internal)?;
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(XLSX)),
        (CONTENT_DISPOSITION, name),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, workbook).into_response())
}

fn made(list: &KeptList) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // Not in constant memory: that would write the list into a temporary file.
    let sheet = workbook.add_worksheet();
    sheet.set_freeze_panes(1, 0)?;
    let bold = CellFormat::new().set_bold();
    for (at, (head, width)) in (0..).zip(COLUMNS) {
        sheet.set_column_width(at, width)?;
        sheet.write_string_with_format(0, at, head, &bold)?;
    }
    let time = CellFormat::new().set_num_format("yyyy-mm-dd hh:mm:ss");
    for (row, article) in (1..).zip(&list.articles) {
        let reporters = article.reporters.join("; ");
        let texts = [
            (0, &article.folder),
            (2, &article.outlet),
            (3, &reporters),
            (4, &article.section),
            (5, &article.title),
            (6, &article.url),
            (7, &article.note),
            (8, &article.id),
        ];
        for (at, text) in texts.into_iter().filter(|(_, text)| !text.is_empty()) {
            sheet.write_string(row, at, fitting(&shown(text)))?;
        }
        let published = Timestamp::parse_lenient(&article.published_at).map(local);
        let moment = published.as_deref().map(ExcelDateTime::parse_from_str);
        match moment {
            Some(Ok(moment)) => sheet.write_datetime_with_format(row, 1, &moment, &time)?,
            // What is not a time that Excel knows stays as it was sent.
            _ => sheet.write_string(row, 1, fitting(&shown(&article.published_at)))?,
        };
    }
    workbook.save_to_buffer()
}
