//! JSON-LD: what a newsroom writes about its articles for search engines.

use serde_json::{Map, Value};

use super::super::super::address::common_form;
use super::super::super::json;

/// The articles that the scripts of a page describe, in their order.
pub(super) fn articles(scripts: &[String]) -> Vec<Map<String, Value>> {
    let mut found = Vec::new();
    for value in scripts.iter().filter_map(|script| parsed(script)) {
        articles_in(value, 0, &mut found);
    }
    found
}

/// The value of a script, without the comments that keep old browsers from reading it. Line breaks inside of texts, which JSON does not
/// have, are taken as they are meant.
fn parsed(script: &str) -> Option<Value> {
    let text = inside(script);
    json::parse_value(text).ok().or_else(|| json::parse_value(&with_escaped_breaks(text)).ok())
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

fn with_escaped_breaks(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let (mut in_string, mut escaped) = (false, false);
    for c in text.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if in_string => escaped = true,
            '"' => in_string = !in_string,
            _ => {}
        }
        match c {
            '\n' if in_string => out.push_str("\\n"),
            '\r' if in_string => {}
            '\t' if in_string => out.push_str("\\t"),
            c => out.push(c),
        }
    }
    out
}

/// Whether a type of schema.org is an article: `NewsArticle`, `https://schema.org/ReportageNewsArticle`.
pub(super) fn is_article(kind: &str) -> bool {
    let kind = kind.rsplit(['/', ':']).next().unwrap_or_default();
    kind.ends_with("Article") || kind == "BlogPosting" || kind == "Report"
}

/// The articles in a value: alone, in an array, or in `@graph`.
fn articles_in(value: Value, depth: usize, found: &mut Vec<Map<String, Value>>) {
    match value {
        Value::Array(items) if depth < 4 => {
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
            } else if let Some(graph) = fields.shift_remove("@graph").filter(|_| depth < 4) {
                articles_in(graph, depth + 1, found);
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
        ] {
            let found = articles(std::slice::from_ref(&script));
            let headline = found.first().and_then(|article| article.get("headline")?.as_str());
            assert_eq!(headline, Some("가"), "{script}");
        }
        assert!(articles(&["{".to_owned(), String::new()]).is_empty());
    }
}
