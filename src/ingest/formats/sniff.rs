//! What a file is, by its first bytes; where they do not say, by its name.

use super::super::encoding::decode_whole;
use super::super::files::SourceKind;
use super::super::format::way_out;
use super::super::nested::has_text;
use super::super::refusal::{Refusal, RefusalCode};
use super::super::wrappers::{self, Element};
use super::csv;

/// How the content of a file is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ingest) enum Content {
    /// One JSON object a line.
    Lines,
    /// JSON that is not cut by lines.
    Json,
    /// A table of text; the way that it is separated is found by its reader.
    Table,
    /// A workbook in a zip archive: Excel or OpenDocument.
    Zip,
    /// A workbook in the older container of Microsoft.
    Ole,
    /// XML.
    Xml,
    /// A page in HTML.
    Html,
    /// A table in HTML that is called a workbook.
    HtmlTable,
    /// Wire text with tags.
    Tagged,
    /// A page as text.
    Page,
}

/// What the file with these first bytes is; `whole` says that there are no others.
///
/// # Errors
/// Why it is nothing that can be read, and what to do.
pub(in crate::ingest) fn sniff(head: &[u8], whole: bool, kind: SourceKind) -> Result<Content, Refusal> {
    if let Some(content) = by_magic(head)? {
        return Ok(content);
    }
    let text = text_of(head, whole);
    let start = text.trim_start();
    let lower = start.get(..start.floor_char_boundary(200)).unwrap_or_default().to_ascii_lowercase();
    let is_table = kind == SourceKind::Workbook
        && start.starts_with('<')
        && text.to_ascii_lowercase().contains("<table")
        && !lower.starts_with("<?xml");
    if is_table {
        return Ok(Content::HtmlTable);
    }
    if lower.starts_with("<!doctype html") || lower.starts_with("<html") {
        return Ok(Content::Html);
    }
    let markup = ["<?xml", "<rss", "<feed", "<rdf:", "<urlset"].iter().any(|tag| lower.starts_with(tag));
    if markup {
        return Ok(if start.contains("<html") && !start.contains("<newsItem") {
            Content::Html
        } else {
            Content::Xml
        });
    }
    if let Some(content) = json(start, kind) {
        return Ok(content);
    }
    if kind == SourceKind::Html {
        return Ok(Content::Html);
    }
    if kind == SourceKind::Xml && start.starts_with('<') {
        return Ok(Content::Xml);
    }
    let other = [
        ("from: <saved by", "mhtml"),
        ("mime-version:", "mhtml"),
        ("-- mysql dump", "sql"),
        ("-- phpmyadmin sql", "sql"),
        ("insert into ", "sql"),
        ("create table", "sql"),
        ("-- postgresql", "sql"),
        ("warc/", "warc"),
    ];
    if let Some((_, ending)) = other.iter().find(|(begins, _)| lower.starts_with(begins)) {
        return Err(unreadable(ending));
    }
    match kind {
        SourceKind::Unknown if csv::has_header(&text) => Ok(Content::Table),
        SourceKind::Unknown if start.starts_with('<') && lower.contains("<head") => Ok(Content::Html),
        SourceKind::Unknown => Err(unreadable("")),
        SourceKind::Table => Ok(Content::Table),
        SourceKind::Lines if csv::has_header(&text) => Ok(Content::Table),
        SourceKind::Lines => Ok(Content::Lines),
        SourceKind::Json => Ok(Content::Json),
        SourceKind::Workbook if csv::has_header(&text) => Ok(Content::Table),
        SourceKind::Workbook => Err(Refusal::new(
            RefusalCode::UnknownFormat,
            "this is not a workbook, whatever its name says; open it and save it as .xlsx or .csv",
        )),
        SourceKind::Xml => Ok(Content::Xml),
        SourceKind::Html => Ok(Content::Html),
        SourceKind::Text => text_file(&text),
    }
}

/// The same of a file of which a rule says that it is a table.
///
/// # Errors
/// Why it is not a table, and what to do.
pub(in crate::ingest) fn sniff_table(head: &[u8]) -> Result<Content, Refusal> {
    Ok(by_magic(head)?.unwrap_or(Content::Table))
}

/// What can be told by the first bytes alone.
fn by_magic(head: &[u8]) -> Result<Option<Content>, Refusal> {
    let begins = |magic: &[u8]| head.starts_with(magic);
    if begins(b"PK\x03\x04") {
        return Ok(Some(Content::Zip));
    }
    if begins(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) {
        return Ok(Some(Content::Ole));
    }
    let others: [(&[u8], &str); 8] = [
        (b"%PDF", "pdf"),
        (b"PAR1", "parquet"),
        (b"BZh", "bz2"),
        (b"7z\xBC\xAF", "7z"),
        (b"Rar!", "rar"),
        (b"\xFD7zXZ", "xz"),
        (b"HWP Document File", "hwp"),
        (b"SQLite format 3", "sqlite"),
    ];
    match others.iter().find(|(magic, _)| begins(magic)) {
        Some((_, ending)) => Err(unreadable(ending)),
        None => Ok(None),
    }
}

/// The first bytes as text; a character that is cut off at their end does not make them anything else.
fn text_of(head: &[u8], whole: bool) -> String {
    let complete = match std::str::from_utf8(head) {
        Err(error) if !whole && error.error_len().is_none() => {
            head.get(..error.valid_up_to()).unwrap_or_default()
        }
        _ => head,
    };
    decode_whole(complete).map_or_else(
        |_| encoding_rs::EUC_KR.decode_without_bom_handling(complete).0.into_owned(),
        std::borrow::Cow::into_owned,
    )
}

/// Whether the text is JSON, and of which kind.
fn json(start: &str, kind: SourceKind) -> Option<Content> {
    let named = matches!(kind, SourceKind::Lines | SourceKind::Json);
    let first_line = start.lines().next().unwrap_or_default().trim_end();
    if let Some(rest) = start.strip_prefix('[') {
        // `[속보] …` is a headline, and `["a", 1]` a line that is not an article.
        return (named || rest.trim_start().starts_with(['{', '['])).then_some(Content::Json);
    }
    if !start.starts_with('{') {
        return None;
    }
    if kind == SourceKind::Json {
        return Some(Content::Json);
    }
    // One object over several lines is written by people and by `indent=2`.
    let pretty = first_line == "{";
    let only = start.lines().nth(1).is_none_or(|second| second.trim().is_empty());
    let wrapped = only && !matches!(wrappers::look_into(first_line), Element::Record);
    if pretty || wrapped {
        return Some(Content::Json);
    }
    let is_record =
        || serde_json::from_str::<serde_json::Map<_, _>>(first_line).is_ok_and(|fields| has_text(&fields));
    (named || is_record()).then_some(Content::Lines)
}

/// What a `.txt` is: a page, unless it is clearly something else.
fn text_file(text: &str) -> Result<Content, Refusal> {
    if super::tagged::is_tagged(text) {
        return Ok(Content::Tagged);
    }
    if csv::has_header(text) {
        return Ok(Content::Table);
    }
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    // The last line may be cut off.
    let judged = lines.get(..lines.len().saturating_sub(1).max(1)).unwrap_or_default();
    let tabs = |line: &&str| line.matches('\t').count();
    let columns = judged.first().map_or(0, tabs);
    if columns >= 2 && judged.iter().all(|line| tabs(line) == columns) {
        let detail = "this is a table without a line that names its columns, not an article; put names such as title, body and date on \
                      the first line, and name it .tsv; comments and lists do not belong into the articles folder";
        return Err(Refusal::new(RefusalCode::NoHeader, detail));
    }
    let article = |line: &&str| line.contains("다.  ") || line.contains("요.  ") || line.contains(".\"  ");
    if lines.len() >= 2 && judged.iter().all(article) && !text.contains("\n\n") {
        let detail = "each line is an article of its own (paragraphs are separated by two spaces), and a .txt is one page; make a line of \
                      JSON of each, {\"title\": …, \"body\": …}, in a .jsonl";
        return Err(Refusal::new(RefusalCode::UnknownFormat, detail));
    }
    Ok(Content::Page)
}

fn unreadable(ending: &str) -> Refusal {
    Refusal::new(RefusalCode::UnknownFormat, way_out(ending))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn what(text: &str, kind: SourceKind) -> Content {
        sniff(text.as_bytes(), true, kind).unwrap()
    }

    #[test]
    fn content_counts_before_the_name() {
        for (text, kind, content) in [
            ("{\"title\":\"가\"}\n{\"title\":\"나\"}", SourceKind::Text, Content::Lines),
            ("{\n \"title\": \"가\"\n}", SourceKind::Lines, Content::Json),
            ("[{\"title\":\"가\"}]", SourceKind::Lines, Content::Json),
            ("{\"items\":[{\"title\":\"가\"}]}", SourceKind::Lines, Content::Json),
            ("[속보] 비가 온다\n비가 온다고 했다.", SourceKind::Text, Content::Page),
            ("title,body\n가,나", SourceKind::Lines, Content::Table),
            ("title,body\n가,나", SourceKind::Text, Content::Table),
            ("<!DOCTYPE html><p>", SourceKind::Text, Content::Html),
            ("<html><body><TABLE><tr>", SourceKind::Workbook, Content::HtmlTable),
            ("<html><body><table><tr>", SourceKind::Html, Content::Html),
            ("\u{FEFF}<?xml version=\"1.0\"?><rss>", SourceKind::Text, Content::Xml),
            ("DATE 20070611\nTIT1 가\nTEXT\n나", SourceKind::Text, Content::Tagged),
            ("제목\n입력 2024.03.05\n본문이다.", SourceKind::Text, Content::Page),
            ("{broken\n", SourceKind::Lines, Content::Lines),
        ] {
            assert_eq!(what(text, kind), content, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_has_a_way_out() {
        for (head, word) in [
            (&b"%PDF-1.7"[..], "pdftotext"),
            (b"PAR1", "duckdb"),
            (b"INSERT INTO `a` VALUES (1)", "CSV"),
            (b"From: <Saved by Blink>", ".html"),
            ("1\t2024\t좋아요\t3\n".as_bytes(), "names"),
            ("비가 온다.  바람도 분다.\n눈이 온다.  춥다고 한다.  끝이다.\n".as_bytes(), ".jsonl"),
        ] {
            let refusal = sniff(head, true, SourceKind::Text).unwrap_err();
            assert!(refusal.detail.contains(word), "{}", refusal.detail);
        }
        assert!(way_out("hwp").contains(".txt") && way_out("exe").contains(".xlsx"));
    }
}
