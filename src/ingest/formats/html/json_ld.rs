//! JSON-LD: what a newsroom writes about its articles for search engines.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::super::super::address::common_form;
use super::super::super::json;

/// How deep an article may lie, and what it refers to.
const DEPTH: usize = 4;
/// Named things that articles may refer to; a page has few.
const MAX_NAMED: usize = 10_000;
/// What of an article may be a reference: `"author":{"@id":"#nah"}`.
const REFERENCES: [&str; 3] = ["author", "publisher", "creator"];

/// The articles that the scripts of a page describe, in their order. Whom they refer to elsewhere on the page stands in them.
pub(super) fn articles(scripts: &[String]) -> Vec<Map<String, Value>> {
    let (mut found, mut named) = (Vec::new(), BTreeMap::new());
    for value in scripts.iter().filter_map(|script| parsed(script)) {
        note_named(&value, 0, &mut named);
        articles_in(value, 0, &mut found);
    }
    for article in &mut found {
        tell_updates(article);
        for key in REFERENCES {
            if let Some(value) = article.get_mut(key) {
                resolve(value, &named);
            }
        }
    }
    found
}

/// The story of a live blog: its updates, each under its headline.
fn tell_updates(article: &mut Map<String, Value>) {
    if article.contains_key("articleBody") {
        return;
    }
    let Some(Value::Array(updates)) = article.get("liveBlogUpdate") else { return };
    let text =
        |update: &Value, key: &str| update.get(key).and_then(Value::as_str).map(str::trim).map(str::to_owned);
    let told: Vec<String> = updates
        .iter()
        .flat_map(|update| [text(update, "headline"), text(update, "articleBody")])
        .flatten()
        .filter(|text| !text.is_empty())
        .collect();
    if !told.is_empty() {
        article.shift_remove("liveBlogUpdate");
        article.insert("articleBody".to_owned(), Value::String(told.join("\n")));
    }
}

/// Whether a script of JSON-LD is there that cannot be read.
pub(super) fn is_broken(scripts: &[String]) -> bool {
    scripts.iter().any(|script| !script.trim().is_empty() && parsed(script).is_none())
}

/// Notes what has an `@id` and a name, with its type.
fn note_named(value: &Value, depth: usize, named: &mut BTreeMap<String, Value>) {
    match value {
        Value::Array(items) if depth < DEPTH => {
            items.iter().for_each(|item| note_named(item, depth + 1, named));
        }
        Value::Object(fields) => {
            if let (Some(id), Some(name)) = (fields.get("@id").and_then(Value::as_str), fields.get("name"))
                && named.len() < MAX_NAMED
            {
                let kind = fields.get("@type").cloned().unwrap_or_default();
                let thing = [("@type", kind), ("name", name.clone())];
                let thing = thing.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
                named.entry(id.to_owned()).or_insert(Value::Object(thing));
            }
            if depth < DEPTH {
                fields.values().for_each(|value| note_named(value, depth + 1, named));
            }
        }
        _ => {}
    }
}

/// Puts what a reference means into its place; one that leads nowhere stays.
fn resolve(value: &mut Value, named: &BTreeMap<String, Value>) {
    match value {
        Value::Array(items) => {
            items.iter_mut().filter(|item| item.is_object()).for_each(|item| resolve(item, named))
        }
        Value::Object(fields) if !fields.contains_key("name") => {
            let meant = fields.get("@id").and_then(Value::as_str).and_then(|id| named.get(id));
            if let Some(meant) = meant {
                *value = meant.clone();
            }
        }
        _ => {}
    }
}

/// The keys of an article that nothing is made of.
pub(super) fn unused(article: &Map<String, Value>) -> Vec<String> {
    const USED: [&str; 8] = [
        "headline",
        "articleBody",
        "publisher",
        "author",
        "datePublished",
        "articleSection",
        "mainEntityOfPage",
        "url",
    ];
    let unused = |key: &&String| !key.starts_with('@') && !USED.contains(&key.as_str());
    article.keys().filter(unused).cloned().collect()
}

/// The value of a script, without the comments that keep old browsers from reading it. Line breaks inside of texts, which JSON does not
/// have, are taken as they are meant.
fn parsed(script: &str) -> Option<Value> {
    let text = inside(script);
    json::parse_value(text).ok().or_else(|| json::parse_value(&mended(text)).ok())
}

fn inside(script: &str) -> &str {
    let start = script.find(['{', '[']).unwrap_or(0);
    // `<![CDATA[` has a bracket of its own.
    let start = match script.find("<![CDATA[") {
        Some(at) if at < start => at + "<![CDATA[".len(),
        _ => start,
    };
    let text = script.get(start..).unwrap_or_default().trim_start_matches("*/").trim_start();
    let ends = ["//]]>", "/*]]>*/", "]]>", "//-->", "-->"];
    let mut text = text.trim_end();
    for end in ends {
        text = text.strip_suffix(end).unwrap_or(text).trim_end();
    }
    text.strip_suffix(';').unwrap_or(text)
}

/// JSON as browsers and search engines forgive it: line breaks and `\'` inside of texts, and outside of them commas before a bracket that
/// closes, and comments.
fn mended(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    let mut in_string = false;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        let mut next = after;
        match c {
            '\\' if in_string => {
                let escaped = after.chars().next().unwrap_or('\\');
                next = after.get(escaped.len_utf8()..).unwrap_or_default();
                if matches!(escaped, '"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' | 'u') {
                    out.push('\\');
                }
                out.push(escaped);
            }
            '"' => {
                in_string = !in_string;
                out.push(c);
            }
            '\n' if in_string => out.push_str("\\n"),
            '\r' if in_string => {}
            '\t' if in_string => out.push_str("\\t"),
            '}' | ']' if !in_string => {
                out.truncate(out.trim_end().trim_end_matches(',').len());
                out.push(c);
            }
            '<' if !in_string && rest.starts_with("<!--") => next = after_end(rest, "-->"),
            '/' if !in_string && rest.starts_with("/*") => next = after_end(rest, "*/"),
            c => out.push(c),
        }
        rest = next;
    }
    out
}

/// What follows the end of a comment.
fn after_end<'a>(text: &'a str, end: &str) -> &'a str {
    text.split_once(end).map_or("", |(_, after)| after)
}

/// Whether a type of schema.org is an article: `NewsArticle`, `https://schema.org/ReportageNewsArticle`.
pub(super) fn is_article(kind: &str) -> bool {
    let kind = kind.rsplit(['/', ':']).next().unwrap_or_default();
    kind.ends_with("Article") || matches!(kind, "BlogPosting" | "LiveBlogPosting" | "Report")
}

/// The articles in a value: alone, in an array, in `@graph`, or as what a page is mainly about.
fn articles_in(value: Value, depth: usize, found: &mut Vec<Map<String, Value>>) {
    match value {
        Value::Array(items) if depth < DEPTH => {
            items.into_iter().for_each(|item| articles_in(item, depth + 1, found));
        }
        Value::Object(mut fields) => {
            let fits = match fields.get("@type") {
                Some(Value::String(kind)) => is_article(kind),
                Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).any(is_article),
                _ => false,
            };
            if fits {
                found.push(fields);
            } else if depth < DEPTH {
                for key in ["@graph", "mainEntity"] {
                    if let Some(inside) = fields.shift_remove(key) {
                        articles_in(inside, depth + 1, found);
                    }
                }
            }
        }
        _ => {}
    }
}

/// The page that an article says it is the main part of.
pub(super) fn entity_of(article: &Map<String, Value>) -> Option<String> {
    let entity = article.get("mainEntityOfPage")?;
    entity.as_str().or_else(|| entity.get("@id")?.as_str()).map(str::to_owned)
}

/// The address of an article, in the form in which addresses are compared.
pub(super) fn address_of(article: &Map<String, Value>) -> Option<String> {
    let text = |key: &str| article.get(key).and_then(Value::as_str).map(str::to_owned);
    let all = [text("url"), entity_of(article), text("@id")];
    all.into_iter().flatten().find_map(|url| common_form(&url))
}

/// The fields of an article as those of a record.
pub(super) fn into_record(mut article: Map<String, Value>) -> Map<String, Value> {
    let url = article.get("url").and_then(Value::as_str).map(str::to_owned);
    let url = url.or_else(|| entity_of(&article)).or_else(|| Some(article.get("@id")?.as_str()?.to_owned()));
    if let Some(url) = url {
        article.insert("url".to_owned(), Value::String(url));
    }
    article.retain(|key, _| !key.starts_with('@') && key != "mainEntityOfPage");
    article
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_breaks_do_not_hide_what_is_said() {
        let article = r#"{"@type":"NewsArticle","headline":"가"}"#;
        for script in [
            article.to_owned(),
            format!("\n//<![CDATA[\n{article}\n//]]>\n"),
            format!("/*<![CDATA[*/{article}/*]]>*/"),
            format!("<![CDATA[{article}]]>"),
            format!("<!--\n[{article}]\n-->"),
            format!("<!--\n{article};\n//-->"),
            r#"{"@type":"NewsArticle","headline":"가","articleBody":"첫 줄\n둘째"}"#.replace("\\n", "\n"),
            r#"{"@type":"NewsArticle","headline":"가","author":[{"name":"나"},],}"#.to_owned(),
            r#"{"@type":"NewsArticle",<!-- 제목 --> /* , */ "headline":"가","articleBody":"\'나\', 다"}"#
                .to_owned(),
        ] {
            let found = articles(std::slice::from_ref(&script));
            let headline = found.first().and_then(|article| article.get("headline")?.as_str());
            assert_eq!(headline, Some("가"), "{script}");
        }
        assert!(articles(&["{".to_owned(), String::new()]).is_empty());
        assert!(is_broken(&["{".to_owned()]) && !is_broken(&[String::new(), article.to_owned()]));
    }

    #[test]
    fn a_live_blog_tells_its_updates() {
        let script = r#"{"@type":"LiveBlogPosting","headline":"가","liveBlogUpdate":[{"headline":"나","articleBody":"다."},{"articleBody":"라."}]}"#;
        let found = articles(&[script.to_owned()]);
        let body = found.first().and_then(|article| article.get("articleBody")?.as_str());
        assert_eq!(body, Some("나\n다.\n라."));
    }
}
