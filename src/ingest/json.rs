//! One JSON object → one article.
//!
//! A minor field costs the field, never the article: a value that cannot be read stays under its own name in
//! [`Article::extra`], and the report counts it. Only a title or a story of a wrong type refuses the article.

mod again;
mod before;
mod bounds;
mod fields;

use std::sync::Arc;

use serde_json::{Map, Value};

use again::Told;
use before::Before;
use fields::Record;

pub(super) use again::insert;

use super::address::names_an_article;
use super::body::{clean_body, clean_title};
use super::byline::{Byline, looks_like_outlet};
use super::encoding::decode;
use super::identity::{IdSource, derived_id};
use super::names::Field;
use super::nested;
use super::outlets::OutletNames;
use super::refusal::{Refusal, RefusalCode, require_text};
use super::report::{EXTRACT, Reading};
use super::rule::IngestRule;
use super::wrappers::Around;
use crate::article::{Article, Timestamp};

/// Makes an article of one JSON object, `line`.
pub(super) fn parse_article(
    line: &str,
    beside: Beside<'_>,
    outlets: &OutletNames,
) -> Result<Reading, Refusal> {
    read(parse_object(line)?, beside, Some(line), outlets)
}

/// What is known of a record from outside of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Beside<'a> {
    /// Its id, from the line before it.
    pub(super) id: Option<String>,
    /// The title of the feed that it is in, which may name the outlet.
    pub(super) channel: Option<Arc<str>>,
    /// What the newsroom says of its file.
    pub(super) rule: Option<&'a IngestRule>,
    /// What stands beside the list that it is in.
    pub(super) around: Option<&'a Around>,
}

impl Beside<'_> {
    /// The outlet that the feed's title names: `새벽신문`, `새벽신문 - 전체기사`, `온새미통신 최신기사`.
    fn outlet(&self, outlets: &OutletNames) -> Option<String> {
        let title = self.around.and_then(|around| around.title.as_deref());
        let channel = self.channel.as_deref().or(title)?;
        let head = channel.split([':', '|', '-', '–', '>', '<', '[', '(']).next().unwrap_or_default();
        let first = channel.split_whitespace().next().unwrap_or_default();
        let is_outlet = |name: &&str| outlets.contains(name) || looks_like_outlet(name);
        [channel, head, first].into_iter().map(str::trim).find(is_outlet).map(str::to_owned)
    }
}

/// The article of an object that is parsed already. `beside` is what stands outside of it; `line` is the object as it was
/// written, from which numbers are read that a computer would round.
pub(super) fn read(
    mut fields: Map<String, Value>,
    beside: Beside<'_>,
    line: Option<&str>,
    outlets: &OutletNames,
) -> Result<Reading, Refusal> {
    let placed = beside.rule.map(|rule| rule.place(&mut fields)).unwrap_or_default();
    // Tables, feeds and pages have no ids from before.
    let before = if line.is_some() { Before::of(&fields) } else { Before::default() };
    let (of_feed, around) = (beside.outlet(outlets), beside.around);
    let (fields, outer_id) = match beside.rule {
        Some(rule) if rule.names_the_text() => (fields, beside.id),
        _ => nested::flatten(fields, beside.id),
    };
    let mut record = Record::new(fields);
    let seen = record.keys();

    let given = record.given_id(outer_id, &before, line)?;
    let raw_title = record.title(line.is_some())?;
    let (raw_body, extract) = record.body(line.is_some())?;
    let raw_outlet = record.text(Field::Outlet);
    let section = record.text(Field::Section);
    let url = record.text(Field::Url).map(|url| url.trim().to_owned());
    let reporters = record.reporters(outlets);
    let published_at = record.published_at();

    // Derived from the fields as they came, before cleaning: a better cleaner must not rename articles. Nor must more names: where the
    // first names already gave the whole article, the id comes from these alone.
    let address = url.as_deref().filter(|url| names_an_article(url));
    let id = match given {
        Some(id) => id,
        None if before.whole && !(before.empty_url && address.is_some()) => before.id()?,
        None => match address {
            Some(url) => derived_id(&IdSource::Url(url))?,
            None => derived_id(&IdSource::Content([
                raw_outlet.as_deref().unwrap_or_default(),
                &raw_title,
                &raw_body,
            ]))?,
        },
    };

    let outlet = raw_outlet.map(|name| outlets.canonical(&clean_title(name))).filter(|name| !name.is_empty());
    let title = clean_title(raw_title);
    let cleaned = clean_body(raw_body, outlet.as_deref(), outlets);
    require_text(&title, &cleaned.text).map_err(|refusal| record.explained(refusal, &seen))?;
    // The field comes first. Names that only a byline had are added: cleaning took the byline out of the body, and a
    // name must not be lost.
    let mut byline = Byline { outlet: None, reporters };
    byline.merge(cleaned.byline);
    let mut beside = Said { outlet, section, published_at, reporters: byline.reporters };
    let mut unused = Vec::new();
    if let Some(around) = around {
        unused = beside.fill(around, &mut record, outlets);
    }
    let Said { outlet, section, published_at, reporters } = beside;
    let Record { mut fields, mut taken, unread, .. } = record;
    for (field, key) in &mut taken {
        if let Some((_, path)) = placed.iter().find(|(placed, _)| placed == field)
            && key == field.as_str()
        {
            path.clone_into(key);
        }
    }
    if extract && !cleaned.text.is_empty() {
        fields.insert(EXTRACT.to_owned(), Value::Bool(true));
    }
    let cut = bounds::cut(&mut fields);
    let article = Article {
        id,
        title,
        body: cleaned.text,
        outlet: outlet.or_else(|| of_feed.or(byline.outlet).map(|name| outlets.canonical(&name))),
        reporters,
        section: section
            .map(|name| first_part(&clean_title(name)).to_owned())
            .filter(|name| !name.is_empty()),
        published_at,
        url: url.map(|url| url.replace("&amp;", "&")),
        extra: fields,
    };
    Ok(Reading { article, taken, unread, unused, cut })
}

/// What an article says of itself, and where it says nothing, what stands beside its list.
struct Said {
    outlet: Option<String>,
    section: Option<String>,
    published_at: Option<Timestamp>,
    reporters: Vec<String>,
}

impl Said {
    /// Takes from `around` what the article in `record` lacks. Gives the keys that were not needed or could not be read.
    fn fill(&mut self, around: &Around, record: &mut Record, outlets: &OutletNames) -> Vec<String> {
        if around.fields.is_empty() {
            return Vec::new();
        }
        let mut outer = Record::new(around.fields.clone());
        if self.outlet.is_none() {
            let name = outer.text(Field::Outlet).map(|name| outlets.canonical(&clean_title(name)));
            self.outlet = name.filter(|name| !name.is_empty());
        }
        if self.section.is_none() {
            self.section = outer.text(Field::Section);
        }
        if self.reporters.is_empty() {
            self.reporters = outer.reporters(outlets);
        }
        // A date of its own that cannot be read is not replaced by one of the list.
        if self.published_at.is_none() && !record.unread.contains(&Field::PublishedAt) {
            self.published_at = outer.published_at();
        }
        for (field, key) in outer.taken {
            record.taken.push((field, format!("{key} (beside the list)")));
        }
        outer.fields.into_iter().map(|(key, _)| key).collect()
    }
}

/// `지역>수도권` → `지역`: of a path of sections, the first.
fn first_part(section: &str) -> &str {
    section.split('>').next().map(str::trim).filter(|part| !part.is_empty()).unwrap_or(section)
}

const NOT_AN_OBJECT: &str = "not a JSON object: an article is written as {\"title\": …}";

fn parse_object(line: &str) -> Result<Map<String, Value>, Refusal> {
    match parse_value(line)? {
        Value::Object(fields) => Ok(fields),
        _ => Err(Refusal::new(RefusalCode::BadJson, NOT_AN_OBJECT)),
    }
}

/// The fields of one JSON object as it came over HTTP.
///
/// # Errors
/// It is not one object in UTF-8, or holds more values than a record may.
pub fn parse_pushed(json: &[u8]) -> Result<Map<String, Value>, Refusal> {
    // What is not text is refused by the parser, with the place.
    bounds::check_values(std::str::from_utf8(json).unwrap_or_default())?;
    match serde_json::from_slice(json).map(|Told(value)| value) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(Refusal::new(RefusalCode::BadJson, NOT_AN_OBJECT)),
        Err(error) => Err(Refusal::new(RefusalCode::BadJson, format!("not valid JSON: {error}"))),
    }
}

/// The fields of one JSON object as a file has it, in whichever encoding; `None` if it is none.
pub(super) fn parse_fields(bytes: &[u8]) -> Option<Map<String, Value>> {
    match parse_value(&decode(bytes).ok()?).ok()? {
        Value::Object(fields) => Some(fields),
        _ => None,
    }
}

/// JSON, with all that is said under each key ([`again`]), also with the `NaN` and `Infinity` that Python writes for numbers that are none.
///
/// # Errors
/// It is not JSON, or holds more values than a record may.
pub(super) fn parse_value(text: &str) -> Result<Value, Refusal> {
    bounds::check_values(text)?;
    let parse = |text: &str| serde_json::from_str(text).map(|Told(value)| value);
    parse(text).or_else(|error| {
        let mended = without_nan(text).and_then(|text| parse(&text).ok());
        mended.ok_or_else(|| Refusal::new(RefusalCode::BadJson, format!("not valid JSON: {error}")))
    })
}

/// `text` with `null` for each `NaN` outside of strings; `None` if there is none.
fn without_nan(text: &str) -> Option<String> {
    const WORDS: [&str; 4] = ["-Infinity", "Infinity", "NaN", "undefined"];
    let mut out = String::new();
    let (mut copied, mut in_string, mut escaped) = (0, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'-' | b'I' | b'N' | b'u' if !in_string && at >= copied => {
                if let Some(word) =
                    WORDS.iter().find(|word| text.get(at..).is_some_and(|rest| rest.starts_with(**word)))
                {
                    out.push_str(text.get(copied..at)?);
                    out.push_str("null");
                    copied = at + word.len();
                }
            }
            _ => {}
        }
    }
    out.push_str(text.get(copied..)?);
    (copied > 0).then_some(out)
}

#[cfg(test)]
mod tests;
