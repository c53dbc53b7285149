//! One JSON object → one article.

use serde_json::{Map, Value};

use super::body::{clean_body, clean_title};
use super::byline::{Byline, reporter_names};
use super::identity::{IdSource, bad_id, derived_id};
use super::outlets::OutletNames;
use super::refusal::{Refusal, RefusalCode, require_text};
use super::text::normalise_line;
use crate::article::{Article, ArticleId, Timestamp};

/// The field of [`Article::extra`] that holds a date as written where it could not be read.
const RAW_DATE: &str = "published_at_raw";

/// Makes an article of one JSON object, `line`.
pub(super) fn parse_article(line: &str, outlets: &OutletNames) -> Result<Article, Refusal> {
    article(parse_object(line)?, outlets)
}

/// The article of an object that is parsed already.
pub(super) fn article(mut fields: Map<String, Value>, outlets: &OutletNames) -> Result<Article, Refusal> {
    let given_id = given_id(&mut fields)?;
    let raw_title = text(&mut fields, &["title"])?.unwrap_or_default();
    let raw_body = text(&mut fields, &["body", "content", "text"])?.unwrap_or_default();
    let raw_outlet = text(&mut fields, &["outlet", "press", "source"])?;
    let section = text(&mut fields, &["section", "category"])?;
    let url = text(&mut fields, &["url"])?;
    let reporters = reporters(&mut fields)?;
    let published_at = published_at(&mut fields)?;

    let url = url.map(|url| url.trim().to_owned()).filter(|url| !url.is_empty());
    // Derived from the fields as they came, before cleaning: a better cleaner must not rename articles.
    let id = match (given_id, &url) {
        (Some(id), _) => id,
        (None, Some(url)) => derived_id(&IdSource::Url(url))?,
        (None, None) => {
            let outlet = raw_outlet.as_deref().unwrap_or_default();
            derived_id(&IdSource::Content([outlet, &raw_title, &raw_body]))?
        }
    };

    let outlet =
        raw_outlet.map(|name| outlets.canonical(&normalise_line(&name))).filter(|name| !name.is_empty());
    let title = clean_title(raw_title);
    let cleaned = clean_body(raw_body, outlet.as_deref(), outlets);
    require_text(&title, &cleaned.text)?;
    // The field comes first. Names that only a byline had are added: cleaning took the byline out of the body, and a
    // name must not be lost.
    let mut byline = Byline { outlet: None, reporters };
    byline.merge(cleaned.byline);
    Ok(Article {
        id,
        title,
        body: cleaned.text,
        outlet: outlet.or_else(|| byline.outlet.map(|name| outlets.canonical(&name))),
        reporters: byline.reporters,
        section: section.map(|name| normalise_line(&name).into_owned()).filter(|name| !name.is_empty()),
        published_at,
        url,
        extra: fields,
    })
}

fn parse_object(line: &str) -> Result<Map<String, Value>, Refusal> {
    let value: Value = serde_json::from_str(line)
        .map_err(|error| Refusal::new(RefusalCode::BadJson, format!("not valid JSON: {error}")))?;
    match value {
        Value::Object(fields) => Ok(fields),
        _ => Err(Refusal::new(
            RefusalCode::BadJson,
            "not a JSON object: an article is written as {\"title\": …}",
        )),
    }
}

/// The `id` field, as a string or a number.
fn given_id(fields: &mut Map<String, Value>) -> Result<Option<ArticleId>, Refusal> {
    let id = match take(fields, &["id"]) {
        None => return Ok(None),
        Some((_, Value::String(id))) => ArticleId::new(&id),
        Some((_, Value::Number(number))) => ArticleId::new(&number.to_string()),
        Some((name, value)) => return Err(bad_field(name, "a string", &value)),
    };
    id.map(Some).map_err(bad_id)
}

/// Takes the first of `names` that is present and not null. The others stay in `fields`, as unknown fields do, so that
/// nothing is lost when a file has both `body` and `text`.
fn take<'a>(fields: &mut Map<String, Value>, names: &[&'a str]) -> Option<(&'a str, Value)> {
    for name in names {
        match fields.shift_remove(*name) {
            None | Some(Value::Null) => {}
            Some(value) => return Some((name, value)),
        }
    }
    None
}

fn text(fields: &mut Map<String, Value>, names: &[&str]) -> Result<Option<String>, Refusal> {
    match take(fields, names) {
        None => Ok(None),
        Some((_, Value::String(text))) => Ok(Some(text)),
        Some((name, value)) => Err(bad_field(name, "a string", &value)),
    }
}

fn reporters(fields: &mut Map<String, Value>) -> Result<Vec<String>, Refusal> {
    let mut names = Vec::new();
    match take(fields, &["reporters", "reporter"]) {
        None => {}
        Some((_, Value::String(text))) => names.extend(reporter_names(&text)),
        Some((name, Value::Array(items))) => {
            for item in items {
                match item {
                    Value::String(text) => names.extend(reporter_names(&text)),
                    Value::Null => {}
                    other => return Err(bad_field(name, "a list of strings", &other)),
                }
            }
        }
        Some((name, value)) => return Err(bad_field(name, "a string or a list of strings", &value)),
    }
    let mut seen = std::collections::HashSet::new();
    names.retain(|name| seen.insert(name.clone()));
    Ok(names)
}

/// The publication date. One that cannot be read does not cost the article: it goes to [`RAW_DATE`] as it came.
fn published_at(fields: &mut Map<String, Value>) -> Result<Option<Timestamp>, Refusal> {
    let Some((name, value)) = take(fields, &["published_at", "date", "pubDate"]) else {
        return Ok(None);
    };
    let read = match &value {
        Value::String(text) if text.trim().is_empty() => return Ok(None),
        Value::String(text) => Timestamp::parse_lenient(text),
        // A number counts seconds or milliseconds, or is a date such as 20200707; fractions of a second are dropped.
        Value::Number(number) => number
            .as_u64()
            .or_else(|| {
                number.as_f64().filter(|seconds| (1e9..1e13).contains(seconds)).map(|seconds| seconds as u64)
            })
            .and_then(|digits| Timestamp::parse_lenient(&digits.to_string())),
        _ => return Err(bad_field(name, "a date", &value)),
    };
    if read.is_none() {
        fields.insert(RAW_DATE.to_owned(), value);
    }
    Ok(read)
}

fn bad_field(name: &str, wanted: &str, found: &Value) -> Refusal {
    let kind = match found {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    Refusal::new(RefusalCode::BadField, format!("`{name}` must be {wanted}, not {kind}"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn article(line: &str) -> Article {
        parse_article(line, &OutletNames::parse("새벽신문 = 새벽일간").0).unwrap()
    }

    fn refusal(line: &str) -> Refusal {
        parse_article(line, &OutletNames::default()).unwrap_err()
    }

    #[test]
    fn aliases_and_their_collisions() {
        let a = article(
            r#"{"title":"제목","content":"내용이다.","press":"새벽일간","reporter":"나한별, 도가온 기자","category":"사회","pubDate":"2024.03.05 09:10"}"#,
        );
        assert_eq!(
            (a.body.as_str(), a.outlet.as_deref(), a.section.as_deref()),
            ("내용이다.", Some("새벽신문"), Some("사회"))
        );
        assert_eq!(a.reporters, ["나한별", "도가온"]);
        assert_eq!(a.published_at.unwrap().to_string(), "2024-03-05T09:10:00+09:00");
        assert!(a.extra.is_empty());

        let a = article(
            r#"{"body":"본문이다.","text":"다른 글","content":null,"desk":{"n":1},"outlet":null,"source":"새벽신문"}"#,
        );
        assert_eq!(a.body, "본문이다.");
        assert_eq!(a.extra.get("text"), Some(&Value::from("다른 글")));
        assert!(a.extra.contains_key("desk") && a.extra.contains_key("content"));
        assert_eq!(a.outlet.as_deref(), Some("새벽신문"));
    }

    #[test]
    fn ids_are_kept_converted_or_derived_and_stable() {
        assert_eq!(article(r#"{"id":17,"title":"가"}"#).id.as_str(), "17");
        let with_url =
            |title: &str| article(&format!(r#"{{"title":"{title}","url":"https://news.example/1"}}"#)).id;
        assert_eq!(with_url("가"), with_url("나"));
        assert!(with_url("가").as_str().starts_with("u-"));
        let content =
            |title: &str, body: &str| article(&format!(r#"{{"title":"{title}","body":"{body}"}}"#)).id;
        assert_eq!(content("가", "나"), content("가", "나"));
        assert_ne!(content("가나", "다"), content("가", "나다"));
        assert_eq!(content("가", "나").as_str().len(), 34);
    }

    #[test]
    fn names_of_a_byline_join_the_field() {
        let a = article(
            r#"{"body":"비가 온다.\n(나한별 도가온 기자)","reporters":["도가온 기자"],"outlet":"새벽신문"}"#,
        );
        assert_eq!((a.body.as_str(), a.reporters.join(",")), ("비가 온다.", "도가온,나한별".to_owned()));
        assert_eq!(a.outlet.as_deref(), Some("새벽신문"));
    }

    #[test]
    fn refusals_name_the_field() {
        for (line, code, word) in [
            ("{", RefusalCode::BadJson, "JSON"),
            ("[1]", RefusalCode::BadJson, "object"),
            (r#"{"title":1}"#, RefusalCode::BadField, "`title`"),
            (r#"{"title":"가","text":[]}"#, RefusalCode::BadField, "`text`"),
            (r#"{"title":"가","reporters":[1]}"#, RefusalCode::BadField, "`reporters`"),
            (r#"{"title":"가","date":true}"#, RefusalCode::BadField, "`date`"),
            (r#"{"title":"가","id":""}"#, RefusalCode::BadId, "empty"),
            (r#"{"title":"가","id":{}}"#, RefusalCode::BadField, "`id`"),
            (r#"{"title":" ","body":"<p>&nbsp;</p>"}"#, RefusalCode::EmptyArticle, "title"),
        ] {
            let refusal = refusal(line);
            assert_eq!(refusal.code, code, "{line}");
            assert!(refusal.detail.contains(word), "{line}: {}", refusal.detail);
        }
    }

    #[test]
    fn dates_are_never_guessed_and_never_lost() {
        assert_eq!(
            article(r#"{"title":"가","date":20200707}"#).published_at.unwrap().to_string(),
            "2020-07-07T00:00:00+09:00"
        );
        assert_eq!(
            article(r#"{"title":"가","date":1686297180.5}"#).published_at.unwrap().seconds(),
            1_686_297_180
        );
        let a = article(r#"{"title":"가","date":"지난주"}"#);
        assert_eq!(a.published_at, None);
        assert_eq!(a.extra.get(RAW_DATE), Some(&Value::from("지난주")));
    }
}
