//! `GET /export.csv`: a whole search for a spreadsheet.

use std::borrow::Cow;
use std::io;
use std::sync::Arc;

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};
use time::OffsetDateTime;

use super::stream::{self, Format};
use crate::article::{Article, Timestamp};
use crate::http::access::reader::Reader;
use crate::http::answer::{ApiError, Problem};
use crate::http::request::search::{CURSOR, ORDER, Page, Paging, SELECTION, SHOW};
use crate::http::request::{Accepts, Group, List, Number, Params};
use crate::search;
use crate::search::types::LARGEST_EXPORT;

const PAGING: Paging = Paging {
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
const COLUMNS: List<Column> = List {
    name: "columns",
    meaning: "Columns, in this order; all except `body` by default.",
    choices: &Column::ALL,
    word: Column::name,
    skips_empty: false,
};

/// The parameters of an export: those of a search, and its columns.
pub(in crate::http) struct ExportParameters;

impl Accepts for ExportParameters {
    const GROUPS: &'static [Group] = &[
        SELECTION,
        ORDER,
        Group::of(&[&PAGING.size, &PAGING.page, &CURSOR]),
        SHOW.ignored(),
        Group::of(&[&COLUMNS]),
    ];
}

/// A column, named as in the file's first row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Id,
    PublishedAt,
    Outlet,
    Reporters,
    Section,
    Title,
    Url,
    Body,
}

impl Column {
    /// All columns. An export that asks for none gets all except the last.
    const ALL: [Self; 8] = [
        Self::Id,
        Self::PublishedAt,
        Self::Outlet,
        Self::Reporters,
        Self::Section,
        Self::Title,
        Self::Url,
        Self::Body,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::PublishedAt => "published_at",
            Self::Outlet => "outlet",
            Self::Reporters => "reporters",
            Self::Section => "section",
            Self::Title => "title",
            Self::Url => "url",
            Self::Body => "body",
        }
    }

    fn of(self, article: &Article) -> Cow<'_, str> {
        let optional = |text: &'_ Option<String>| Cow::Owned(text.clone().unwrap_or_default());
        match self {
            Self::Id => article.id.as_str().into(),
            Self::PublishedAt => article.published_at.map(|time| time.to_string()).unwrap_or_default().into(),
            Self::Outlet => optional(&article.outlet),
            Self::Reporters => article.reporters.join("; ").into(),
            Self::Section => optional(&article.section),
            Self::Title => article.title.as_str().into(),
            Self::Url => optional(&article.url),
            Self::Body => article.body.as_str().into(),
        }
    }
}

/// Export as CSV
///
/// All matches in the order of the search as CSV (RFC 4180): UTF-8 with byte order mark, CRLF. The first row names the columns
/// `id`, `published_at`, `outlet`, `reporters` (joined by `; `), `section`, `title`, `url`, and `body` if asked for. A cell
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
    let columns = params
        .list(&COLUMNS)?
        .unwrap_or_else(|| Column::ALL.into_iter().filter(|column| *column != Column::Body).collect());
    let serving = reader.serving_for(params.cursor()?.as_ref())?;
    let request = params.search(serving.language.outlets(), &PAGING)?;
    let listing =
        reader.search_in(Arc::clone(&serving), move |context| search::listing(context, &request)).await?;

    let today = Timestamp::from_seconds(OffsetDateTime::now_utc().unix_timestamp()).kst_date();
    let value = |text: String| HeaderValue::from_str(&text).map_err(ApiError::internal);
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8; header=present"));
    headers.insert(CONTENT_DISPOSITION, value(format!("attachment; filename=\"gisa-{today}.csv\""))?);
    headers.insert(HeaderName::from_static("x-total-count"), HeaderValue::from(listing.total));
    let truncated = HeaderValue::from_static(if listing.next_cursor.is_some() { "true" } else { "false" });
    headers.insert(HeaderName::from_static("x-truncated"), truncated);
    if let Some(cursor) = &listing.next_cursor {
        headers.insert(HeaderName::from_static("x-next-cursor"), value(cursor.clone())?);
    }
    let body = stream::body(&reader, serving, listing, Csv { columns })?;
    Ok((headers, body).into_response())
}

struct Csv {
    columns: Vec<Column>,
}

impl Csv {
    fn writer<'a>(&self, out: &'a mut Vec<u8>) -> csv::Writer<&'a mut Vec<u8>> {
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out)
    }
}

impl Format for Csv {
    fn begin(&self, out: &mut Vec<u8>) -> io::Result<()> {
        // Without it, spreadsheets take UTF-8 for the system's old encoding.
        out.extend_from_slice("\u{FEFF}".as_bytes());
        let mut writer = self.writer(out);
        writer.write_record(self.columns.iter().map(|column| column.name()))?;
        writer.flush()
    }

    fn articles(&self, articles: &[Article], out: &mut Vec<u8>) -> io::Result<()> {
        let mut writer = self.writer(out);
        for article in articles {
            let cells = self.columns.iter().map(|column| cell(&column.of(article)).into_owned().into_bytes());
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
fn cell(text: &str) -> Cow<'_, str> {
    let harmless = |c: char| !c.is_control() || c == '\n';
    let shown: Cow<'_, str> = if text.chars().all(harmless) {
        text.into()
    } else {
        let shown = |c: char| if c == '\t' { Some(' ') } else { harmless(c).then_some(c) };
        text.chars().filter_map(shown).collect::<String>().into()
    };
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
}
