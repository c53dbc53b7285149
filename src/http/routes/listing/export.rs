//! `GET /export.csv`: a whole search for a spreadsheet or a program. What it has in common with `/export.xlsx` is here, too.

use std::borrow::Cow;
use std::io;
use std::sync::Arc;

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};

use super::columns::{self, COLUMNS, Column, FOR, local, shown};
use super::feed::percent_encoded;
use super::stream::{self, Format};
use crate::article::{Article, Timestamp};
use crate::http::access::reader::Reader;
use crate::http::answer::{ApiError, Problem};
use crate::http::request::search::{CURSOR, KnownNames, ORDER, Page, Paging, SELECTION, SHOW};
use crate::http::request::{Accepts, Given, Group, Number, Params};
use crate::search::types::LARGEST_EXPORT;
use crate::search::{self, Listing};
use crate::service::Serving;

pub(super) const PAGING: Paging = Paging {
    size: Number {
        name: "size",
        meaning: "Rows.",
        least: 0,
        most: Some(LARGEST_EXPORT),
        default: LARGEST_EXPORT,
    },
    page: Page { window: LARGEST_EXPORT },
    next: "`x-next-cursor`",
};
/// Characters of the query in a file's name: more would make a name that not every system takes.
const QUERY_IN_NAME: usize = 40;

/// The parameters of an export: those of a search, and its columns.
pub(in crate::http) struct ExportParameters;

impl Accepts for ExportParameters {
    const GROUPS: &'static [Group] = &[
        SELECTION,
        ORDER,
        Group::of(&[&PAGING.size, &PAGING.page, &CURSOR]),
        SHOW.ignored(),
        Group::of(&[&COLUMNS, &FOR]),
    ];
}

/// An export that was asked for: its hits, and the headers that say how many of them there are.
pub(super) struct Asked {
    pub(super) serving: Arc<Serving>,
    pub(super) listing: Listing,
    pub(super) headers: HeaderMap,
    /// The query, for the file's name.
    pub(super) query: String,
}

/// Finds the hits of an export.
pub(super) async fn asked(reader: &Reader, params: &Given) -> Result<Asked, ApiError> {
    let serving = reader.serving_for(params.cursor()?.as_ref())?;
    let request = params.search(KnownNames::of(&serving.language), &PAGING)?;
    let query = request.query.clone();
    let listing =
        reader.search_in(Arc::clone(&serving), move |context| search::listing(context, &request)).await?;
    let mut headers = HeaderMap::new();
    headers.insert(HeaderName::from_static("x-total-count"), HeaderValue::from(listing.total));
    let truncated = HeaderValue::from_static(if listing.next_cursor.is_some() { "true" } else { "false" });
    headers.insert(HeaderName::from_static("x-truncated"), truncated);
    if let Some(cursor) = &listing.next_cursor {
        headers.insert(HeaderName::from_static("x-next-cursor"), value(cursor.clone())?);
    }
    Ok(Asked { serving, listing, headers, query })
}

fn value(text: String) -> Result<HeaderValue, ApiError> {
    HeaderValue::from_str(&text).map_err(ApiError::internal)
}

/// CSV, with a first row that names the columns (RFC 4180).
const CSV: HeaderValue = HeaderValue::from_static("text/csv; charset=utf-8; header=present");

/// The name of a file for programs: what it is of, and the day alone, as scripts expect it.
fn plain_name(of: &str, extension: &str) -> Result<HeaderValue, ApiError> {
    value(format!("attachment; filename=\"{of}-{}.{extension}\"", Timestamp::now().kst_date()))
}

/// Before the first row: without it, spreadsheets take UTF-8 for the system's old encoding.
const BYTE_ORDER_MARK: &str = "\u{FEFF}";

/// A small table as CSV, written by `rows`: UTF-8 with byte order mark, CRLF. `of` is what the file's name says that it is of.
pub(in crate::http::routes) fn csv_table(
    of: &str,
    rows: impl FnOnce(&mut csv::Writer<&mut Vec<u8>>) -> csv::Result<()>,
) -> Result<Response, ApiError> {
    let mut out = BYTE_ORDER_MARK.as_bytes().to_vec();
    let mut writer = crlf(&mut out);
    rows(&mut writer).map_err(ApiError::internal)?;
    writer.flush().map_err(ApiError::internal)?;
    drop(writer);
    Ok(([(CONTENT_TYPE, CSV), (CONTENT_DISPOSITION, plain_name(of, "csv")?)], out).into_response())
}

/// A writer of rows that end as RFC 4180 has it.
fn crlf(out: &mut Vec<u8>) -> csv::Writer<&mut Vec<u8>> {
    csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out)
}

/// The name of a file for people: query and minute, so that two searches of a day are told apart (RFC 6266; the first name is
/// for clients that know no other).
pub(super) fn telling_name(query: &str, extension: &str) -> Result<HeaderValue, ApiError> {
    let now = Timestamp::now();
    let minute: String = local(now).chars().take(16).filter(|c| *c != ':').collect();
    let full = percent_encoded(&file_name(query, &minute, extension));
    value(format!("attachment; filename=\"gisa-{}.{extension}\"; filename*=UTF-8''{full}", now.kst_date()))
}

/// `gisa 반도체 2026-02-05 1058.csv`: the beginning of the query, without what a file's name cannot have on any system.
fn file_name(query: &str, minute: &str, extension: &str) -> String {
    let allowed = |c: char| !c.is_control() && !r#"\/:*?"<>|"#.contains(c);
    let words: String = query.chars().map(|c| if allowed(c) { c } else { ' ' }).collect();
    let words: String =
        words.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(QUERY_IN_NAME).collect();
    let words = words.trim_matches(|c: char| c == '.' || c.is_whitespace());
    let space = if words.is_empty() { "" } else { " " };
    format!("gisa {words}{space}{minute}.{extension}")
}

/// Export as CSV
///
/// All matches in the order of the search as CSV (RFC 4180): UTF-8 with byte order mark, CRLF. The first row names the columns
/// `id`, `published_at`, `outlet`, `reporters` (joined by `; `), `section`, `title`, `url`, and `body` or `lead` (the first
/// sentences of the body) if asked for. With `for=excel` the names are Korean, times are like `2026-02-05 10:58:19`, and the file's
/// name has query and time. A cell
/// that a spreadsheet would take for a formula begins with an apostrophe; control characters are left out. The header
/// `x-total-count` says how many articles match; if they do not all fit, `x-truncated` is `true` and `x-next-cursor` continues.
#[utoipa::path(
    get, path = "/export.csv", tag = "search", operation_id = "export_csv",
    params(Params<ExportParameters>),
    responses(
        (status = 200, description = "The rows", body = String, content_type = "text/csv; charset=utf-8"),
        (status = 400, description = "A parameter is unknown or has a wrong value", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No article has the id `similar_to`", body = Problem, content_type = "application/problem+json"),
        (status = 410, description = "The cursor has expired", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Too many exports or searches, or no index yet", body = Problem, content_type = "application/problem+json"),
    )
)]
pub(in crate::http) async fn csv(
    reader: Reader,
    params: Params<ExportParameters>,
) -> Result<Response, ApiError> {
    let audience = params.choice(&FOR)?.unwrap_or(columns::Reader::Program);
    let columns = params.list(&COLUMNS)?.unwrap_or_else(|| Column::usual(audience));
    let Asked { serving, listing, mut headers, query } = asked(&reader, &params).await?;
    headers.insert(CONTENT_TYPE, CSV);
    let name = match audience {
        columns::Reader::Program => plain_name("gisa", "csv")?,
        columns::Reader::Spreadsheet => telling_name(&query, "csv")?,
    };
    headers.insert(CONTENT_DISPOSITION, name);
    let body = stream::body(&reader, serving, listing, Csv { columns, audience })?;
    Ok((headers, body).into_response())
}

struct Csv {
    columns: Vec<Column>,
    audience: columns::Reader,
}

impl Format for Csv {
    fn begin(&self, out: &mut Vec<u8>) -> io::Result<()> {
        out.extend_from_slice(BYTE_ORDER_MARK.as_bytes());
        let mut writer = crlf(out);
        writer.write_record(self.columns.iter().map(|column| column.head(self.audience)))?;
        writer.flush()
    }

    fn articles(&self, articles: &[Article], out: &mut Vec<u8>) -> io::Result<()> {
        let mut writer = crlf(out);
        for article in articles {
            let cells = self
                .columns
                .iter()
                .map(|column| cell(&column.of(article, self.audience)).into_owned().into_bytes());
            writer.write_record(cells)?;
        }
        writer.flush()
    }

    fn end(&self, _: &mut Vec<u8>) -> io::Result<()> {
        Ok(())
    }
}

/// A cell that shows `text` and does nothing: an apostrophe before anything that a spreadsheet would take for a formula (OWASP,
/// *CSV Injection*: `=`, `+`, `-`, `@`, tab, carriage return; also their full-width forms, and after white space), and no
/// control character except the line break.
pub(in crate::http::routes) fn cell(text: &str) -> Cow<'_, str> {
    let shown = shown(text);
    let dangerous = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    if shown.trim_start().starts_with(dangerous) { format!("'{shown}").into() } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_text_and_text_stays() {
        for (text, shown) in [
            ("=HYPERLINK(\"http://x\")", "'=HYPERLINK(\"http://x\")"),
            ("+82-2-000-0000", "'+82-2-000-0000"),
            ("-3도", "'-3도"),
            ("@기자", "'@기자"),
            ("\t=1", "' =1"),
            ("\r=1", "'=1"),
            ("\n=1", "'\n=1"),
            ("＝1＋1", "'＝1＋1"),
            ("\u{0}=1\u{1b}[2J", "'=1[2J"),
            ("첫 줄\n둘째 줄", "첫 줄\n둘째 줄"),
            ("1+1=2", "1+1=2"),
            ("", ""),
        ] {
            assert_eq!(cell(text), shown, "{text:?}");
        }
    }

    #[test]
    fn a_file_is_named_after_its_query() {
        let named = |query: &str| file_name(query, "2026-02-05 1058", "csv");
        assert_eq!(named("반도체"), "gisa 반도체 2026-02-05 1058.csv");
        assert_eq!(named(""), "gisa 2026-02-05 1058.csv");
        assert_eq!(named("../\"제목:수출\"\n| *"), "gisa 제목 수출 2026-02-05 1058.csv");
        assert_eq!(
            named(&"가".repeat(500)),
            format!("gisa {} 2026-02-05 1058.csv", "가".repeat(QUERY_IN_NAME))
        );
    }
}
