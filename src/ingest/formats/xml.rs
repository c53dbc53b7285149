//! XML: RSS, Atom, exports of WordPress, news sitemaps, and other documents whose elements have known names.
//!
//! The children of a record's element become its fields, under their own names; what a name means is decided where the names of all
//! formats are known. Only what feeds mean by position or by attributes is settled here: the channel's title, links, drafts.

use std::collections::BTreeMap;
use std::sync::Arc;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use serde_json::{Map, Value};

use super::super::address::names_an_article;
use super::super::encoding::{decode_declared, decode_whole};
use super::super::entities::decode_entities;
use super::super::markup::strip_markup;
use super::super::names::{self, Field};
use super::super::raw::{Found, MAX_RECORD_BYTES, RawRecord, RecordContent, too_large};
use super::super::refusal::{Refusal, RefusalCode};
use super::super::report::SkipRule;
use super::{Format, Records};

/// What a child takes beside its text and its name.
const CHILD_BYTES: usize = 64;
/// Elements that say in an attribute what they are: those of Solr, MySQL and phpMyAdmin.
const CELLS: [&str; 13] = [
    "field", "column", "col", "cell", "str", "arr", "date", "int", "long", "float", "double", "bool",
    "property",
];
/// How deep elements may lie in each other.
const MAX_DEPTH: usize = 200;

/// Reads the records of an XML document that is held in memory.
pub(in crate::ingest) struct XmlRecords {
    text: String,
    at: usize,
    /// The line at `counted`, from 1.
    line: u64,
    counted: usize,
    pub(in crate::ingest) format: Format,
    /// The element that is a record, as it is written.
    record: &'static [&'static str],
    channel: Option<Arc<str>>,
    skipped: BTreeMap<SkipRule, u64>,
    found: bool,
}

impl XmlRecords {
    /// The document in `bytes`.
    ///
    /// # Errors
    /// It is not text, or a kind of XML that is not read.
    pub(in crate::ingest) fn new(bytes: Vec<u8>) -> Result<Self, Refusal> {
        let text = text_of(bytes)?;
        let root = root(&text).ok_or_else(|| {
            Refusal::new(RefusalCode::BadXml, "this is not XML: it has no element; export the file again")
        })?;
        let head = text.get(..text.floor_char_boundary(4096)).unwrap_or_default();
        let (format, record): (Format, &'static [&'static str]) = match root.to_ascii_lowercase().as_str() {
            "rss" if head.contains("wordpress.org/export") => (Format::Wxr, &["item"]),
            "rss" | "rdf" => (Format::Rss, &["item"]),
            "feed" => (Format::Atom, &["entry"]),
            "urlset" if !names_titles(&text) => {
                let advice = "this sitemap holds addresses and no text; save the pages that it lists as .html, or take the feed (RSS) of the site";
                return Err(Refusal::new(RefusalCode::UnknownFormat, advice));
            }
            "urlset" => (Format::Sitemap, &["url"]),
            // phpMyAdmin calls a row after its table.
            "pma_xml_export" => (Format::Xml, &["table"]),
            "newsitem" if head.contains("iptc.org") => return Err(unread("NewsML")),
            "newsml" | "newsmessage" | "nitf" | "packageitem" => return Err(unread("NewsML or NITF")),
            "sitemapindex" => return Err(unread("An index of sitemaps")),
            "workbook" => {
                let advice =
                    "the XML workbook of Excel 2003 is not read; open it and save it as .xlsx or .csv";
                return Err(Refusal::new(RefusalCode::UnknownFormat, advice));
            }
            _ => (
                Format::Xml,
                &["newsitem", "item", "article", "news", "record", "row", "doc", "document", "entry"],
            ),
        };
        Ok(Self {
            text,
            at: 0,
            line: 1,
            counted: 0,
            format,
            record,
            channel: None,
            skipped: BTreeMap::new(),
            found: false,
        })
    }

    fn line_at(&mut self, at: usize) -> u64 {
        let passed = self.text.as_bytes().get(self.counted..at).unwrap_or_default();
        self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.counted = at.max(self.counted);
        self.line
    }

    /// The next record element: its first byte and its fields. `Err` says what is broken there.
    fn element(&mut self) -> Option<Result<(usize, Fields), (usize, String)>> {
        let mut reader = Reader::from_str(self.text.get(self.at..)?);
        let config = reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.expand_empty_elements = true;
        // `R&D`, `?a=1&b=2`: programs that write XML as text forget to escape it, and what is meant is certain.
        config.allow_dangling_amp = true;
        let base = self.at;
        loop {
            let before = base + usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
            let event = match reader.read_event() {
                Ok(event) => event,
                Err(error) => return Some(Err((before, error.to_string()))),
            };
            match event {
                Event::Eof => {
                    self.at = self.text.len();
                    return None;
                }
                Event::Start(start) => {
                    let name = start.local_name().as_ref().to_ascii_lowercase();
                    let is_schema = self.record == ["table"] && start.name().prefix().is_some();
                    if self.record.contains(&name.as_str())
                        && !is_schema
                        && !(self.format == Format::Xml && holds_records(reader.clone(), &name, self.record))
                    {
                        let fields = Fields::read(&mut reader, &start, &name, self.format);
                        let after = base + usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
                        self.at = after.max(before + 1);
                        return Some(fields.map(|fields| (before, fields)).map_err(|error| (before, error)));
                    }
                    if name == "title" && self.channel.is_none() {
                        let title = text_until_end(&mut reader, &mut 0).unwrap_or_default();
                        self.channel = Some(Arc::from(title.trim()));
                    }
                }
                _ => {}
            }
        }
    }

    /// Goes on at the next record after what is broken.
    fn resume(&mut self, broken: usize) -> bool {
        let from = broken + 1;
        let rest = self.text.as_bytes().get(from..).unwrap_or_default();
        let next = rest.iter().enumerate().filter(|(_, byte)| **byte == b'<').map(|(at, _)| at).find(|at| {
            self.record.iter().any(|name| {
                let after = rest.get(at + 1..).unwrap_or_default();
                after.get(..name.len()).is_some_and(|word| word.eq_ignore_ascii_case(name.as_bytes()))
                    && after
                        .get(name.len())
                        .is_some_and(|byte| matches!(byte, b'>' | b' ' | b'\n' | b'\t' | b'\r'))
            })
        });
        self.at = next.map_or(self.text.len(), |next| from + next);
        next.is_some()
    }
}

impl Records for XmlRecords {
    fn next(&mut self) -> Option<Found> {
        loop {
            let found = match self.element() {
                Some(found) => found,
                None if self.found => return None,
                None => {
                    self.found = true;
                    let detail = "this XML has no element that is an article; RSS, Atom, exports of WordPress, news sitemaps, and elements \
                                  named item, article or news with title and body are read; else convert it to a line of JSON per article";
                    return Some((None, Err(Refusal::new(RefusalCode::UnknownFormat, detail))));
                }
            };
            self.found = true;
            match found {
                Err((at, error)) => {
                    let line = self.line_at(at);
                    let more = self.resume(at.max(self.at.saturating_sub(1).min(at)));
                    let rest =
                        if more { "reading goes on with the next one" } else { "no other one follows" };
                    let detail = format!("the XML is broken in this element: {error}; {rest}");
                    return Some((Some(line), Err(Refusal::new(RefusalCode::BadXml, detail))));
                }
                Ok((at, fields)) => {
                    let line = self.line_at(at);
                    if fields.size > MAX_RECORD_BYTES {
                        return Some((Some(line), Err(too_large("element", MAX_RECORD_BYTES))));
                    }
                    if fields.private > 0 {
                        *self.skipped.entry(SkipRule::NotPublic).or_default() += fields.private;
                    }
                    if self.format == Format::Wxr && !fields.is_published() {
                        *self.skipped.entry(SkipRule::NotPublished).or_default() += 1;
                        continue;
                    }
                    let channel = self
                        .channel
                        .clone()
                        .filter(|_| matches!(self.format, Format::Rss | Format::Atom | Format::Wxr));
                    let content = RecordContent::Feed { fields: fields.into_record(self.format), channel };
                    return Some((Some(line), Ok(RawRecord::new(Some(line), content))));
                }
            }
        }
    }

    fn skipped(&self) -> BTreeMap<SkipRule, u64> {
        self.skipped.clone()
    }
}

/// The text of a document, in the encoding that its declaration names, if it names one.
fn text_of(bytes: Vec<u8>) -> Result<String, Refusal> {
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(200)).unwrap_or_default()).into_owned();
    let declared = head
        .split_once("?>")
        .and_then(|(declaration, _)| declaration.split_once("encoding="))
        .and_then(|(_, value)| value.split(['"', '\'']).nth(1))
        .and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes()))
        .filter(|encoding| *encoding != encoding_rs::UTF_8);
    match (declared, String::from_utf8(bytes)) {
        (_, Ok(text)) => Ok(text),
        (Some(encoding), Err(error)) => {
            let bytes = error.into_bytes();
            match decode_declared(&bytes, encoding) {
                Some(text) => Ok(text),
                None => decode_whole(&bytes).map(std::borrow::Cow::into_owned),
            }
        }
        (None, Err(error)) => decode_whole(error.as_bytes()).map(std::borrow::Cow::into_owned),
    }
}

/// The local name of the first element.
fn root(text: &str) -> Option<String> {
    let mut reader = Reader::from_str(text.trim_start_matches('\u{FEFF}').trim_start());
    reader.config_mut().check_end_names = false;
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) | Event::Empty(start) => return Some(start.local_name().as_ref().to_owned()),
            Event::Eof => return None,
            _ => {}
        }
    }
}

/// Whether a sitemap names titles of articles; those of its pictures and films are none.
fn names_titles(text: &str) -> bool {
    text.match_indices("title>").any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default();
        let name = before.rsplit(['<', '/']).next().unwrap_or_default();
        !matches!(name, "image:" | "video:") && name.len() <= 20
    })
}

fn unread(what: &str) -> Refusal {
    let detail = format!(
        "{what} cannot be read; convert each article to a line of JSON, {{\"title\": …, \"body\": …}}, in a .jsonl"
    );
    Refusal::new(RefusalCode::UnknownFormat, detail)
}

/// The children of a record's element: their names, their texts, and what of their attributes says something.
struct Fields {
    children: Vec<(String, String)>,
    size: usize,
    /// Children that are not for the public, and were left out.
    private: u64,
    /// Whether only those who know a password may read it.
    is_protected: bool,
}

impl Fields {
    /// Reads up to the end of the element `name`, whose start was read.
    fn read(
        reader: &mut Reader<&[u8]>,
        start: &BytesStart<'_>,
        name: &str,
        format: Format,
    ) -> Result<Self, String> {
        let mut fields = Self { children: Vec::new(), size: 0, private: 0, is_protected: false };
        if format == Format::Xml {
            fields.children.extend(attributes(start));
        }
        loop {
            match reader.read_event().map_err(|error| error.to_string())? {
                Event::Start(start) => fields.child(reader, &start, format)?,
                Event::End(end) if end.local_name().as_ref().eq_ignore_ascii_case(name) => return Ok(fields),
                Event::End(_) => {}
                Event::Eof => return Err(format!("<{name}> is not closed")),
                _ => {}
            }
        }
    }

    fn child(
        &mut self,
        reader: &mut Reader<&[u8]>,
        start: &BytesStart<'_>,
        format: Format,
    ) -> Result<(), String> {
        let qualified = start.name().as_ref().to_owned();
        let local = start.local_name().as_ref().to_owned();
        let attribute = |name: &str| -> Option<String> {
            let found = start.attributes().flatten().find(|attribute| attribute.key.as_ref() == name)?;
            found.normalized_value(XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
        };
        // A news sitemap puts the article one level deeper.
        if format == Format::Sitemap && matches!(local.as_str(), "news" | "publication") {
            return Ok(());
        }
        let (href, rel, domain) = (attribute("href"), attribute("rel"), attribute("domain"));
        // What people call the section, and what a program does.
        let term = attribute("label").or_else(|| attribute("term"));
        let text = text_until_end(reader, &mut self.size)?;
        // Addresses of readers, and what plugins keep: neither is a part of an article.
        let private = match qualified.as_str() {
            "wp:comment" | "wp:commentmeta" | "wp:post_password" => !text.trim().is_empty(),
            "wp:postmeta" => text.trim_start().starts_with('_'),
            _ => false,
        };
        if format == Format::Wxr && private {
            self.private += 1;
            self.is_protected |= qualified == "wp:post_password";
            return Ok(());
        }
        // `<field name="title">`: the attribute is the name.
        let named = CELLS.contains(&local.to_ascii_lowercase().as_str());
        let name = (format == Format::Xml && named).then(|| attribute("name")).flatten();
        if let Some(name) = name.filter(|name| !name.trim().is_empty()) {
            self.push(name.trim().to_owned(), text);
            return Ok(());
        }
        if format == Format::Xml && text.trim().is_empty() {
            let mut said: Vec<(String, String)> = attributes(start).collect();
            self.size +=
                said.iter().map(|(name, value)| CHILD_BYTES + name.len() + value.len()).sum::<usize>();
            if self.size > MAX_RECORD_BYTES {
                return Ok(());
            }
            match said.as_mut_slice() {
                [(_, value)] => self.children.push((local, std::mem::take(value))),
                _ => self
                    .children
                    .extend(said.into_iter().map(|(name, value)| (format!("{local}.{name}"), value))),
            }
            return Ok(());
        }
        let name = match qualified.split_once(':') {
            None | Some(("news", _)) => local,
            Some(_) => qualified,
        };
        let (name, text) = match (format, name.as_str()) {
            (Format::Atom, "link") => {
                if rel.is_some_and(|rel| rel != "alternate") {
                    return Ok(());
                }
                (name, href.unwrap_or(text))
            }
            (Format::Atom, "category") => (name, term.unwrap_or(text)),
            // The label of a section, not a keyword.
            (Format::Wxr, "category") if domain.as_deref().is_some_and(|domain| domain != "category") => {
                ("tag".to_owned(), text)
            }
            // Numbers in a feed are unique there only; the address names the article everywhere.
            (Format::Rss | Format::Wxr, "guid") => ("feed_guid".to_owned(), text),
            (Format::Atom, "id") => ("feed_guid".to_owned(), text),
            (Format::Sitemap, "name") => ("publisher".to_owned(), text),
            _ => (name, text),
        };
        self.push(name, text);
        Ok(())
    }

    fn push(&mut self, name: String, text: String) {
        // An element that is too large is refused when it ends; until then it is not kept.
        self.size += CHILD_BYTES + name.len();
        if self.size <= MAX_RECORD_BYTES {
            self.children.push((name, text));
        }
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.children.iter().find(|(child, _)| child == name).map(|(_, text)| text.trim())
    }

    /// Whether WordPress shows the post to everybody.
    fn is_published(&self) -> bool {
        self.get("wp:status").is_none_or(|status| status == "publish")
            && self.get("wp:post_type").is_none_or(|kind| kind == "post")
            && !self.is_protected
    }

    fn into_record(mut self, format: Format) -> Map<String, Value> {
        if let Some(source) = self.get("source").map(str::to_owned).filter(|source| !source.is_empty()) {
            // Google News writes the outlet after the title, and a link in place of a text.
            let suffix = format!(" - {source}");
            for (name, text) in &mut self.children {
                if name == "title" && text.ends_with(&suffix) {
                    text.truncate(text.len() - suffix.len());
                }
            }
        }
        let title = self.get("title").unwrap_or_default().to_owned();
        let repeats = |text: &str| {
            let decoded = decode_entities(text);
            let plain = strip_markup(&decoded).trim().to_owned();
            plain.len() < title.len() + 200
                && decoded.contains("<a ")
                && !title.is_empty()
                && plain.starts_with(&title)
        };
        self.children.retain(|(name, text)| !(name == "description" && repeats(text)));
        if self.get("link").is_none_or(str::is_empty)
            && let Some(url) = self.get("feed_guid").filter(|guid| names_an_article(guid)).map(str::to_owned)
        {
            self.children.push(("link".to_owned(), url));
        }
        // Atom has a date of the last change always, and one of publication sometimes.
        if format == Format::Atom
            && self.get("published").is_none()
            && let Some(updated) = self.children.iter_mut().find(|(name, _)| name == "updated")
        {
            updated.0 = "published".to_owned();
        }
        let mut record = Map::new();
        for (name, text) in self.children {
            let text = match format {
                Format::Wxr if name == "content:encoded" => without_captions(&text),
                _ => text,
            };
            let text = text.trim();
            if text.is_empty() {
                continue;
            }
            match record.get_mut(&name) {
                None => {
                    record.insert(name, Value::from(text));
                }
                Some(Value::Array(items)) => items.push(Value::from(text)),
                Some(first) => *first = Value::Array(vec![first.take(), Value::from(text)]),
            }
        }
        record
    }
}

/// A story of WordPress without `[caption …]<img/> 설명[/caption]`.
fn without_captions(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("[caption") {
        let Some((_, next)) = after.split_once("[/caption]") else { break };
        out.push_str(before);
        rest = next;
    }
    out + rest
}

/// The attributes of an element that say something of it.
fn attributes(start: &BytesStart<'_>) -> impl Iterator<Item = (String, String)> {
    start.attributes().flatten().filter_map(|attribute| {
        let name = attribute.key.local_name().as_ref().to_owned();
        let about_xml = attribute.key.as_ref().starts_with("xml");
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?;
        (!about_xml && !value.trim().is_empty()).then(|| (name, value.into_owned()))
    })
}

/// Whether the element `name`, whose start `reader` has read, is a list of records: one of its children is called like a record and has a
/// title or a story of its own, and the element has no story.
fn holds_records(mut reader: Reader<&[u8]>, name: &str, record: &[&str]) -> bool {
    let mut open: Vec<String> = Vec::new();
    let mut found = false;
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                let local = start.local_name().as_ref().to_owned();
                let field = names::field_of(&local);
                match open.as_slice() {
                    [] if field == Some(Field::Body)
                        && !record.contains(&local.to_ascii_lowercase().as_str()) =>
                    {
                        return false;
                    }
                    [child] if record.contains(&child.to_ascii_lowercase().as_str()) => {
                        found |= matches!(field, Some(Field::Title | Field::Body));
                    }
                    _ => {}
                }
                open.push(local);
                if open.len() > MAX_DEPTH {
                    return false;
                }
            }
            Ok(Event::End(end)) => {
                // Elements that were left open inside of it end with it.
                let own = open.is_empty() && end.local_name().as_ref().eq_ignore_ascii_case(name);
                if own || open.pop().is_none() {
                    return found;
                }
            }
            Ok(Event::Eof) | Err(_) => return found,
            Ok(_) => {}
        }
    }
}

/// The text up to the end of the element whose start was read, with line breaks for paragraphs. `size` counts its bytes.
fn text_until_end(reader: &mut Reader<&[u8]>, size: &mut usize) -> Result<String, String> {
    const INLINE: [&str; 14] =
        ["a", "b", "em", "font", "i", "mark", "s", "small", "span", "strong", "sub", "sup", "u", "img"];
    let mut text = String::new();
    let mut depth = 1;
    while depth > 0 {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(start) => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(format!("elements lie in each other more than {MAX_DEPTH} deep"));
                }
                // Names and paragraphs that lie side by side are not one word.
                if !INLINE.contains(&start.local_name().as_ref()) {
                    text.push('\n');
                }
            }
            Event::End(_) => depth -= 1,
            Event::Text(part) => text.push_str(&part.xml10_content()),
            Event::CData(part) => text.push_str(&part.into_inner()),
            Event::GeneralRef(reference) => match reference.resolve_char_ref() {
                Ok(Some(c)) => text.push(c),
                _ => {
                    let name = reference.into_inner();
                    match quick_xml::escape::resolve_predefined_entity(&name) {
                        Some(c) => text.push_str(c),
                        // Entities of a DTD are not expanded, which is why none can blow up.
                        None => text.push_str(&format!("&{name};")),
                    }
                }
            },
            Event::Eof => return Err("an element is not closed".to_owned()),
            _ => {}
        }
        if text.len() > MAX_RECORD_BYTES * 2 {
            text = String::new();
            *size += MAX_RECORD_BYTES * 2;
        }
    }
    *size += text.len();
    Ok(text)
}

#[cfg(test)]
mod tests;
