//! What a file is, by its first bytes; where they do not say, by its name.

use super::super::encoding::decode_whole;
use super::super::files::SourceKind;
use super::super::format::way_out;
use super::super::nested::has_text;
use super::super::refusal::{Refusal, RefusalCode};
use super::super::sentence::has_sentence;
use super::super::wrappers::{self, Element};
use super::content::Content;
use super::{csv, front_matter, plain, tagged};

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
    let is_text =
        matches!(kind, SourceKind::Text | SourceKind::Markdown | SourceKind::Html | SourceKind::Unknown);
    if is_text && front_matter::begins(&text) {
        return Ok(Content::FrontMatter);
    }
    if kind == SourceKind::Markdown {
        return Err(unreadable("md"));
    }
    let is_mail = lower.starts_with("mime-version:") && !text.contains("multipart/related");
    if is_mail && kind != SourceKind::Html {
        return Err(unreadable("eml"));
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
    if let Some((_, ending)) =
        other.iter().find(|(begins, _)| kind != SourceKind::Html && lower.starts_with(begins))
    {
        return Err(unreadable(ending));
    }
    by_text(&text, start, whole, kind)
}

/// What a file is that begins with no sign of a format.
fn by_text(text: &str, start: &str, whole: bool, kind: SourceKind) -> Result<Content, Refusal> {
    let is_markup = || has_markup(text);
    let is_wire = || tagged::is_tagged(text);
    match kind {
        SourceKind::Text | SourceKind::Markdown => plain::judge(text, whole),
        // `<TITLE>` and `<BODY>` are the tags of a page, too.
        SourceKind::Html if is_markup() && (start.starts_with('<') || !csv::has_header(text)) => {
            Ok(if start.starts_with("<DOC>") && is_wire() { Content::Tagged } else { Content::Html })
        }
        SourceKind::Html => Ok(match plain::judge(text, whole)? {
            Content::Page => Content::Html,
            content => content,
        }),
        _ if csv::has_header(text) => Ok(Content::Table),
        SourceKind::Xml if start.starts_with('<') => Ok(Content::Xml),
        _ if is_wire() => Ok(Content::Tagged),
        SourceKind::Table => Ok(Content::Table),
        SourceKind::Lines => Ok(Content::Lines),
        SourceKind::Json => Ok(Content::Json),
        SourceKind::Workbook => Err(Refusal::new(
            RefusalCode::UnknownFormat,
            "this is not a workbook, whatever its name says; open it and save it as .xlsx or .csv",
        )),
        SourceKind::Xml => Ok(Content::Xml),
        SourceKind::Unknown if start.starts_with('<') && is_markup() => Ok(Content::Html),
        SourceKind::Unknown if text.contains('\0') => Err(unreadable("")),
        SourceKind::Unknown => match plain::judge(text, whole)? {
            Content::Page if has_sentence(text) => Err(Refusal::new(
                RefusalCode::UnknownFormat,
                "this is text, and its name does not say what of; a text of one article may be named .txt",
            )),
            Content::Page => Err(unreadable("")),
            content => Ok(content),
        },
    }
}

/// Whether there are tags of HTML in the text.
fn has_markup(text: &str) -> bool {
    const TAGS: [&str; 12] = [
        "<head", "<body", "<div", "<p>", "<p ", "<br", "<article", "<section", "<meta", "<script", "<a ",
        "<span",
    ];
    let lower = text.to_ascii_lowercase();
    TAGS.iter().any(|tag| {
        // `<HEADLINE>` is a tag of wire text.
        lower.match_indices(tag).any(|(at, _)| {
            !lower.get(at + tag.len()..).unwrap_or_default().starts_with(|c: char| c.is_ascii_alphanumeric())
                || tag.ends_with([' ', '>'])
        })
    })
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
    // The header of a file in a tar archive.
    if head.get(257..262) == Some(b"ustar") {
        return Err(unreadable("tar"));
    }
    let others: [(&[u8], &str); 10] = [
        (b"%PDF", "pdf"),
        (b"PAR1", "parquet"),
        (b"BZh", "bz2"),
        (b"PK\x05\x06", "zip"),
        (b"ALZ\x01", "alz"),
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
    let wrapped = only && !matches!(wrappers::look_into(first_line, true), Element::Record);
    if pretty || wrapped {
        return Some(Content::Json);
    }
    let is_record =
        || serde_json::from_str::<serde_json::Map<_, _>>(first_line).is_ok_and(|fields| has_text(&fields));
    (named || is_record()).then_some(Content::Lines)
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
            ("제목,본문,언론사\n하나,물이 맑다.,가람일보\n", SourceKind::Html, Content::Table),
            ("제목,본문,언론사\n하나,<p>물이 맑다.</p>,가람일보\n", SourceKind::Html, Content::Table),
            ("DATE 20310501\nTIT1 가\nTEXT\n나", SourceKind::Html, Content::Tagged),
            (
                "<DOC>\n<HEADLINE>가</HEADLINE>\n<TEXT>\n나\n</TEXT>\n</DOC>",
                SourceKind::Unknown,
                Content::Tagged,
            ),
            ("물이 맑다.", SourceKind::Html, Content::Html),
            ("가<br>나", SourceKind::Html, Content::Html),
            ("<HEAD>\n<TITLE>가</TITLE>\n<BODY>나</BODY>", SourceKind::Html, Content::Html),
            ("<div>\n<p>물이 맑다.</p></div>", SourceKind::Unknown, Content::Html),
            ("<p>KBS가 전했다.</p>", SourceKind::Unknown, Content::Html),
            ("제목,본문\n하나,물이 맑다.\n", SourceKind::Json, Content::Table),
            ("제목,본문\n하나,물이 맑다.\n", SourceKind::Xml, Content::Table),
            ("DATE 20310501\nTIT1 가\nTEXT\n나", SourceKind::Json, Content::Tagged),
            ("DATE 20310501\nTIT1 가\nTEXT\n나", SourceKind::Unknown, Content::Tagged),
            ("제목\t본문\n하나\t물이 맑다.\n", SourceKind::Unknown, Content::Table),
            ("[{\"title\":\"가\"}]", SourceKind::Xml, Content::Json),
            ("broken", SourceKind::Json, Content::Json),
            ("---\ntitle: 가\n---\n나.", SourceKind::Text, Content::FrontMatter),
            ("---\ntitle: 가\n---\n<p>나.</p>", SourceKind::Html, Content::FrontMatter),
            ("+++\ntitle = \"가\"\n+++\n나.", SourceKind::Markdown, Content::FrontMatter),
        ] {
            assert_eq!(what(text, kind), content, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_has_a_way_out() {
        let tar = [&[b'a'; 257][..], b"ustar\x0000"].concat();
        for (head, word) in [
            (&b"%PDF-1.7"[..], "pdftotext"),
            (&tar, "unpack it"),
            (b"PK\x05\x06", "unpack it"),
            (b"PAR1", "duckdb"),
            (b"INSERT INTO `a` VALUES (1)", "CSV"),
            (b"From: <Saved by Blink>", ".html"),
            ("1\t2024\t좋아요\t3\n".as_bytes(), "names"),
            ("비가 온다.  바람도 분다.\n눈이 온다.  춥다고 한다.  끝이다.\n".as_bytes(), ".jsonl"),
        ] {
            let refusal = sniff(head, true, SourceKind::Text).unwrap_err();
            assert!(refusal.detail.contains(word), "{}", refusal.detail);
        }
        let lines = "비가 온다.  바람도 분다.\n눈이 온다.  춥다고 한다.  끝이다.\n";
        for kind in [SourceKind::Html, SourceKind::Unknown] {
            assert!(sniff(lines.as_bytes(), true, kind).unwrap_err().detail.contains(".jsonl"));
        }
        let markdown = sniff("# 제목\n\n본문이다.\n".as_bytes(), true, SourceKind::Markdown).unwrap_err();
        assert!(markdown.detail.contains("---"), "{markdown}");
        let page = sniff("제목\n비가 온다.\n".as_bytes(), true, SourceKind::Unknown).unwrap_err();
        assert!(page.detail.contains(".txt"), "{page}");
        assert!(way_out("hwp").contains(".txt") && way_out("exe").contains(".xlsx"));
    }
}
