//! A page in HTML: what it says about itself (JSON-LD, `og:` and `article:` meta), and its story.
//!
//! What a newsroom writes for search engines is better than anything that can be read off the page. What is missing there comes from the
//! page's text, which goes the way of a scraped page: line by line, without menus and lists of other articles.

mod json_ld;
mod kind;
mod page;

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::super::address::{common_form, names_an_article};
use super::super::body::says_nothing;
use super::super::byline::looks_like_outlet;
use super::super::encoding::{decode_declared, decode_whole};
use super::super::entities::decode_entities;
use super::super::markup::strip_markup;
use super::super::names::Field;
use super::super::outlets::OutletNames;
use super::super::refusal::Refusal;
use super::super::report::Reading;
use super::super::sentence::has_sentence;
use super::super::{json, scraped_page, values};
use page::Page;

/// Names of `meta` under which authors stand.
const AUTHOR_NAMES: [&str; 5] =
    ["author", "article:author", "og:article:author", "dable:author", "dd:author"];
/// Makes an article of a page; `name` is the file's, for the refusal.
pub(in crate::ingest) fn read_page(
    bytes: &[u8],
    name: &str,
    outlets: &OutletNames,
) -> Result<Reading, Refusal> {
    let text = text_of(bytes)?;
    let page = Page::of(&text);
    let described = page.described();
    let mut found = Found::default();

    let headline = text_at(&described, "headline");
    let og_title = page.meta(&["og:title", "twitter:title"]).map(|title| without_site(&title, outlets));
    found.text(
        Field::Title,
        [
            ("headline", headline),
            ("itemprop headline", page.item("headline")),
            ("og:title", og_title),
            ("h1", page.heading()),
            ("title", page.page_title(outlets)),
            ("h1", page.short_heading(outlets)),
        ],
    );
    let title = found.fields.get("title").and_then(Value::as_str).unwrap_or_default().to_owned();
    kind::refuse_others(&page, &described, &title)?;

    // The page's own text, read as a scraped page is: for the story, and for what nothing else says.
    let shown = page.shown(outlets);
    let read = |text: &str| scraped_page::parse_under(&title, text, shown.marked, name, outlets).ok();
    let scraped = read(shown.text);
    // After the story an element may go on with bylines and dates, and with what is not part of the story.
    let of_story = shown.story.and_then(&read).filter(|article| !article.body.is_empty());
    let body = match described.get("articleBody").cloned().map(values::story) {
        Some(values::Reading::Is(body)) => Some(strip_markup(&decode_entities(&body.text)).into_owned()),
        _ => None,
    };
    let told = of_story.as_ref().or(scraped.as_ref());
    let mut page_body = told.map(|article| article.body.clone()).filter(|body| !body.is_empty());
    if title.is_empty()
        && let Some(line) = told.map(|article| article.title.as_str()).filter(|line| !line.is_empty())
    {
        // A page that names no title has a headline in its first line, or only the story, of which that is the first paragraph.
        if has_sentence(line) {
            page_body = Some(format!("{line}\n{}", page_body.unwrap_or_default()).trim().to_owned());
        } else {
            found.text(Field::Title, [("page", Some(line.to_owned()))]);
        }
    }
    // Some sites put only the beginning of the story into JSON-LD.
    let cut = matches!((&body, &page_body), (Some(body), Some(page)) if body.len() * 2 < page.len());
    let body = body.filter(|_| !cut);
    found.text(Field::Body, [("articleBody", body), ("page", page_body)]);

    let site = page
        .meta(&["og:site_name", "copyright", "dc.publisher", "twitter:creator"])
        .filter(|site| !site.starts_with('@'));
    let publisher = described.get("publisher").and_then(text_of_value);
    let of_item = page.item("publisher.name").or_else(|| page.item("publisher"));
    let scraped_outlet = scraped.as_ref().and_then(|article| article.outlet.clone());
    let is_outlet = |name: &str| looks_like_outlet(name) || outlets.contains(name);
    let (mut authors, organisation) = authors_of(described.get("author"));
    let mut key = "author";
    if authors.is_empty() {
        authors.extend(page.items("author.name").chain(page.items("author")).filter(|name| !is_outlet(name)));
        key = "itemprop author";
    }
    let mut named_outlet = None;
    if authors.is_empty() {
        // Naver names the outlet there: `가람일보 | 네이버`.
        for name in AUTHOR_NAMES {
            for author in page.all_meta(name) {
                let first = author.split('|').next().unwrap_or_default().trim();
                if is_outlet(first) {
                    named_outlet.get_or_insert_with(|| first.to_owned());
                } else if !author.starts_with("http") {
                    authors.push(author.clone());
                }
            }
            if !authors.is_empty() {
                break;
            }
        }
        key = "meta author";
    }
    found.text(
        Field::Outlet,
        [
            ("publisher", publisher),
            ("itemprop publisher", of_item),
            ("author", organisation),
            ("og:site_name", site),
            ("meta author", named_outlet),
            ("page", scraped_outlet),
        ],
    );
    let scraped_names = scraped.as_ref().map(|article| article.reporters.clone()).unwrap_or_default();
    if authors.is_empty() && !scraped_names.is_empty() {
        key = "page";
    }
    authors.extend(scraped_names);
    if !authors.is_empty() {
        found.sources.push((Field::Reporters, key.to_owned()));
        found.fields.insert("reporters".to_owned(), Value::from(authors));
    }

    let date = text_at(&described, "datePublished");
    let meta_date = page.meta(&[
        "article:published_time",
        "og:article:published_time",
        "pubdate",
        "date",
        "dc.date",
        "datepublished",
    ]);
    let page_date =
        scraped.as_ref().and_then(|article| article.published_at).map(|moment| moment.to_string());
    let readable =
        |date: Option<String>| date.filter(|date| crate::article::Timestamp::parse_lenient(date).is_some());
    found.text(
        Field::PublishedAt,
        [
            ("datePublished", readable(date)),
            ("itemprop datePublished", readable(page.item("datepublished"))),
            ("article:published_time", readable(meta_date)),
            ("data-date-time", readable(page.stamp.clone())),
            ("page", page_date),
        ],
    );
    let section = text_at(&described, "articleSection")
        .or_else(|| described.get("articleSection").and_then(text_of_value));
    found.text(
        Field::Section,
        [
            ("articleSection", section),
            ("itemprop articleSection", page.item("articlesection")),
            ("article:section", page.meta(&["article:section", "og:article:section"])),
        ],
    );
    let address = |url: Option<String>| url.filter(|url| names_an_article(url.trim()));
    found.text(
        Field::Url,
        [
            ("canonical", address(page.canonical.clone())),
            ("og:url", address(page.meta(&["og:url"]))),
            ("mainEntityOfPage", address(json_ld::entity_of(&described))),
            ("url", address(text_at(&described, "url"))),
            ("itemprop mainEntityOfPage", address(page.item("mainentityofpage"))),
        ],
    );
    let unnamed = described.get("author").map_or(0, unnamed_in);
    let Found { fields, sources } = found;
    let mut reading = json::read(fields, json::Beside::default(), None, outlets).map_err(|refusal| {
        let detail = format!("no title and no story found in {name}: neither JSON-LD nor og: meta, and no text that reads like an article");
        Refusal::new(refusal.code, detail)
    })?;
    reading.taken = sources.into_iter().collect();
    reading.unused = json_ld::unused(&described);
    if described.is_empty() && json_ld::is_broken(&page.scripts) {
        reading.unused.push("JSON-LD (not valid)".to_owned());
    }
    reading.unread.extend((unnamed > 0).then_some(Field::Reporters));
    Ok(reading)
}

/// The fields that were found, and where.
#[derive(Default)]
struct Found {
    fields: Map<String, Value>,
    sources: Vec<(Field, String)>,
}

impl Found {
    /// Takes the first of `candidates` that says something.
    fn text<const N: usize>(&mut self, field: Field, candidates: [(&str, Option<String>); N]) {
        let says = |text: &Option<String>| text.as_ref().is_some_and(|text| !says_nothing(text));
        if let Some((source, Some(text))) = candidates.into_iter().find(|(_, text)| says(text)) {
            self.fields.insert(field.as_str().to_owned(), Value::String(text));
            self.sources.push((field, source.to_owned()));
        }
    }
}

/// The page as text, in the encoding that it declares, or in one that fits.
fn text_of(bytes: &[u8]) -> Result<String, Refusal> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.trim_start_matches('\u{FEFF}').to_owned());
    }
    let head =
        String::from_utf8_lossy(bytes.get(..bytes.len().min(2048)).unwrap_or_default()).to_ascii_lowercase();
    let label = head.split_once("charset=").map(|(_, rest)| {
        rest.trim_start_matches(['"', '\''])
            .split(['"', '\'', ' ', ';', '>', '/'])
            .next()
            .unwrap_or_default()
            .to_owned()
    });
    let declared = label.and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes()));
    match declared.and_then(|encoding| decode_declared(bytes, encoding)) {
        Some(text) => Ok(text),
        None => decode_whole(bytes).map(std::borrow::Cow::into_owned),
    }
}

fn text_at(fields: &Map<String, Value>, key: &str) -> Option<String> {
    fields.get(key).and_then(Value::as_str).map(|text| decode_entities(text).into_owned())
}

/// The people and the first organisation in a value of `author`.
fn authors_of(value: Option<&Value>) -> (Vec<String>, Option<String>) {
    let all: &[Value] = match value {
        Some(Value::Array(all)) => all,
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    let (mut people, mut organisation) = (Vec::new(), None);
    for author in all {
        let kind = author.get("@type").and_then(text_of_value).unwrap_or_default();
        let name = author.get("name").unwrap_or(author);
        if kind.ends_with("Organization") {
            organisation = organisation.or_else(|| text_of_value(name));
        } else if let Some(names) = name.as_array() {
            people.extend(names.iter().filter_map(text_of_value));
        } else {
            people.extend(text_of_value(name));
        }
    }
    (people, organisation)
}

/// How many authors are given by something that is not a name, as by a reference that leads nowhere.
fn unnamed_in(value: &Value) -> usize {
    let all = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
    let unnamed = |author: &&Value| author.is_object() && text_of_value(author).is_none();
    all.iter().filter(unnamed).count()
}

fn text_of_value(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Object(fields) => text_of_value(fields.get("name")?),
        Value::Array(items) => items.iter().find_map(text_of_value),
        _ => None,
    }
}

/// `제목 - 새벽신문` → `제목`.
fn without_site(title: &str, outlets: &OutletNames) -> String {
    let decoded = decode_entities(title);
    for between in [" - ", " | ", " :: ", " < ", " – "] {
        if let Some((head, tail)) = decoded.rsplit_once(between)
            && (looks_like_outlet(tail) || outlets.contains(tail))
        {
            return head.split(" < ").next().unwrap_or(head).trim().to_owned();
        }
    }
    decoded.trim().to_owned()
}

/// The articles of a page that is a list of whole ones, and has none of its own; empty for any other page.
pub(in crate::ingest) fn list_of_articles(bytes: &[u8]) -> Vec<Map<String, Value>> {
    let Ok(text) = text_of(bytes) else { return Vec::new() };
    // Most pages have one: they are not read twice.
    if text.matches("articleBody").nth(1).is_none() {
        return Vec::new();
    }
    let page = Page::of(&text);
    let articles = json_ld::articles(&page.scripts);
    let own = page.address().as_deref().and_then(common_form);
    let addresses: BTreeSet<String> = articles.iter().filter_map(json_ld::address_of).collect();
    let whole = articles.iter().all(|article| article.contains_key("articleBody"));
    let lists = articles.len() > 1
        && whole
        && addresses.len() == articles.len()
        && !own.is_some_and(|own| addresses.contains(&own));
    if lists { articles.into_iter().map(json_ld::into_record).collect() } else { Vec::new() }
}

#[cfg(test)]
mod tests;
