//! How a table of text is written: what separates its columns, how breaks and quotes are escaped, and its encoding.

use encoding_rs::EUC_KR;

use super::super::super::encoding::is_mostly_utf8;
use super::super::super::refusal::{Refusal, RefusalCode};
use super::super::super::rule::IngestRule;
use super::super::{HEADER_ROWS, Header};
use super::readers::{KeptReader, ReaderRules};
use super::splitter::{Row, split};

/// The encoding of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    /// UTF-8, also where the first bytes are ASCII and say nothing.
    Utf8,
    Korean,
}

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) delimiter: u8,
    /// `\"` inside of quotes, as databases write it.
    pub(super) escapes: bool,
    /// `\n`, `\t` and `\\` for breaks, tabs and backslashes, and no quotes: `mysql --batch`, `COPY` of PostgreSQL.
    pub(super) escaped_breaks: bool,
    /// A blank stands between a separator and each quote after it: `"제목", "본문"`.
    pub(super) blanks: bool,
    script: Script,
}

impl Dialect {
    /// The dialect of a table that begins with `head`; a rule may say which columns it has, or which of them it means.
    pub(super) fn of_table(head: &[u8], rule: Option<&IngestRule>) -> Self {
        let marked = head.starts_with(b"\xEF\xBB\xBF");
        let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
        let (text, script) = match std::str::from_utf8(head) {
            Ok(text) => (text.to_owned(), Script::Utf8),
            Err(_) if marked || is_mostly_utf8(head) => {
                (String::from_utf8_lossy(head).into_owned(), Script::Utf8)
            }
            Err(_) => (EUC_KR.decode_without_bom_handling(head).0.into_owned(), Script::Korean),
        };
        // What a rule declares was decoded before.
        let script = if rule.is_some_and(|rule| rule.encoding.is_some()) { Script::Utf8 } else { script };
        Self { script, ..Self::of(&text, rule) }
    }

    /// The plainest dialect.
    pub(super) fn separated_by(delimiter: u8) -> Self {
        Self { delimiter, escapes: false, escaped_breaks: false, blanks: false, script: Script::Utf8 }
    }

    /// The dialect of a table that begins with `text`.
    pub(super) fn of(text: &str, rule: Option<&IngestRule>) -> Self {
        let columns = rule.and_then(|rule| rule.columns.as_ref()).map(|columns| columns.names.len());
        let lines: Vec<&str> =
            text.lines().filter(|line| !line.trim().is_empty()).take(HEADER_ROWS).collect();
        let worth_of = |delimiter: u8, line: &str| {
            let dialect = Self::separated_by(delimiter);
            let names =
                split(line.as_bytes(), dialect.reader()).map(|row| row.lossy(dialect)).unwrap_or_default();
            let is_header = names.len() >= 2 && Header::of(&names, rule).is_some();
            (columns == Some(names.len()), Header::known_in(&names, rule), names.len(), is_header)
        };
        // The last of equals is taken: rare ones come first.
        const DELIMITERS: [u8; 4] = [b'|', b',', b';', b'\t'];
        // The first line that names columns; below it there may be those of another table that was added.
        let header = lines.iter().find_map(|line| {
            let (worth, delimiter) = DELIMITERS
                .into_iter()
                .map(|delimiter| (worth_of(delimiter, line), delimiter))
                .max_by_key(|(worth, _)| *worth)?;
            (worth.1 >= 2 && worth.3).then_some(delimiter)
        });
        // Else the line that says it best: titles stand above the names of some tables.
        let worth = |delimiter: &u8| lines.iter().map(|line| worth_of(*delimiter, line)).max();
        let found = header.filter(|_| columns.is_none()).or_else(|| DELIMITERS.into_iter().max_by_key(worth));
        let found = found.unwrap_or(b',');
        let delimiter = declared(text).unwrap_or(found);
        let closes = |after: &str| {
            after.is_empty()
                || after.starts_with(['\r', '\n', '"'])
                || after.as_bytes().first() == Some(&delimiter)
        };
        let escapes =
            text.match_indices("\\\"").any(|(at, _)| !closes(text.get(at + 2..).unwrap_or_default()));
        let separator = char::from(delimiter);
        // Where one quote stands right after its separator, a blank before another is a part of the cell.
        let blanks = delimiter != b'\t'
            && text.contains(&format!("{separator} \""))
            && !text.contains(&format!("{separator}\""));
        Self {
            escapes,
            blanks,
            escaped_breaks: delimiter == b'\t' && has_escaped_breaks(text),
            ..Self::separated_by(delimiter)
        }
    }

    /// The dialect from `line` on, which names the columns of another table that was added to this one.
    pub(super) fn joined(self, line: &str) -> Self {
        Self { script: self.script, ..Self::of(line, None) }
    }

    /// `line` without the blanks between a separator and a quote; `quoted` says whether it begins inside of quotes, and then whether it ends
    /// there.
    pub(super) fn without_blanks(self, line: &[u8], quoted: &mut bool) -> Vec<u8> {
        let mut out = Vec::with_capacity(line.len());
        let mut at = 0;
        while let Some(byte) = line.get(at) {
            at += 1;
            out.push(*byte);
            if *byte == b'"' {
                *quoted = !*quoted;
            } else if *byte == self.delimiter && !*quoted {
                let rest = line.get(at..).unwrap_or_default();
                let blanks = rest.iter().take_while(|byte| **byte == b' ').count();
                if rest.get(blanks) == Some(&b'"') {
                    at += blanks;
                }
            }
        }
        out
    }

    /// A reader of this dialect.
    pub(super) fn reader(self) -> KeptReader {
        KeptReader::of(ReaderRules {
            delimiter: self.delimiter,
            quoting: !self.escaped_breaks,
            escape: self.escapes.then_some(b'\\'),
        })
    }
}

/// The separator that Excel is told on a first line of its own: `sep=;`.
fn declared(text: &str) -> Option<u8> {
    let line = text.lines().next()?.trim_matches('"').trim_end();
    let (word, separator) = line.split_once('=')?;
    match separator.as_bytes() {
        [separator] if word.eq_ignore_ascii_case("sep") && separator.is_ascii() => Some(*separator),
        // Of a tab nothing is left after the line is trimmed.
        [] if word.eq_ignore_ascii_case("sep") => Some(b'\t'),
        _ => None,
    }
}

/// Whether a table with tabs has its breaks and tabs escaped. A backslash before anything else, or a quote around a cell, says no.
fn has_escaped_breaks(text: &str) -> bool {
    let is_quoted = |cell: &str| cell.len() > 1 && cell.starts_with('"') && cell.ends_with('"');
    let quoted = text.lines().any(|line| line.split('\t').any(is_quoted));
    let mut breaks = false;
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'\\' {
            continue;
        }
        match bytes.next() {
            Some(b'n') => breaks = true,
            Some(b't' | b'\\' | b'r' | b'N' | b'0' | b'b' | b'f' | b'v') | None => {}
            Some(_) => return false,
        }
    }
    breaks && !quoted
}

/// `첫 줄\n둘째 줄` with a line break; `\N`, which is nothing, stays.
fn without_escapes(cell: &str) -> String {
    let mut out = String::with_capacity(cell.len());
    let mut chars = cell.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('0' | 'b' | 'f' | 'v') => {}
            Some('\\') => out.push('\\'),
            Some(other) => out.extend(['\\', other]),
            None => out.push('\\'),
        }
    }
    out
}

impl Row {
    /// The cells as text.
    ///
    /// # Errors
    /// One of them is broken in the encoding of the table.
    pub(super) fn cells(&self, dialect: Dialect) -> Result<Vec<String>, Refusal> {
        let utf8 = std::str::from_utf8(&self.bytes).ok();
        let hangul = || utf8.is_some_and(|text| text.chars().any(|c| ('가'..='힣').contains(&c)));
        let as_utf8 = match dialect.script {
            Script::Utf8 => utf8.is_some() || is_mostly_utf8(&self.bytes),
            // A part of another file may have been added to the table.
            Script::Korean => utf8.is_some_and(str::is_ascii) || hangul(),
        };
        self.decoded(dialect, |cell| {
            if as_utf8 {
                return std::str::from_utf8(cell).ok().map(str::to_owned);
            }
            EUC_KR
                .decode_without_bom_handling_and_without_replacement(cell)
                .map(std::borrow::Cow::into_owned)
        })
        .ok_or_else(|| {
            let encoding = if dialect.script == Script::Utf8 { "UTF-8" } else { "CP949" };
            let detail = format!(
                "the line has a character that is broken in {encoding}, the encoding of this table; correct the line, or save the \
                 table again as UTF-8"
            );
            Refusal::new(RefusalCode::BadEncoding, detail)
        })
    }

    /// The same, with U+FFFD for what is broken.
    pub(super) fn lossy(&self, dialect: Dialect) -> Vec<String> {
        self.decoded(dialect, |cell| Some(String::from_utf8_lossy(cell).into_owned())).unwrap_or_default()
    }

    fn decoded(&self, dialect: Dialect, decode: impl Fn(&[u8]) -> Option<String>) -> Option<Vec<String>> {
        let mut start = 0;
        self.ends
            .iter()
            .map(|end| {
                let cell = decode(self.bytes.get(start..*end).unwrap_or_default())?;
                start = *end;
                if dialect.escaped_breaks && cell.contains('\\') {
                    return Some(without_escapes(&cell));
                }
                // `="0110"`: what keeps Excel from taking a number out of it.
                Some(match cell.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')) {
                    Some(inside) => inside.to_owned(),
                    None => cell,
                })
            })
            .collect()
    }
}
