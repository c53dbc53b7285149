//! The ids that articles have from before: more names of fields must not rename what was whole without them.

use serde_json::{Map, Value};

use super::super::address::names_an_article;
use super::super::identity::{IdSource, derived_id};
use super::super::names::{self, Field};
use super::super::refusal::Refusal;
use super::super::values::{self, is_placeholder};
use crate::article::ArticleId;

/// What the names that gisa knew first say of a record of JSON. Their articles keep the ids that they have.
#[derive(Default)]
pub(super) struct Before {
    /// Whether these names gave the whole article.
    pub(super) whole: bool,
    /// Whether there is an `id` that says nothing, as exports write it (`null`, `"nan"`): other names of an id may say it.
    pub(super) empty_id: bool,
    /// Whether there is a `url` that says nothing: another name may hold the address.
    pub(super) empty_url: bool,
    url: Option<String>,
    content: Option<[String; 3]>,
}

impl Before {
    pub(super) fn of(fields: &Map<String, Value>) -> Self {
        let first =
            |names: &[&str]| names.iter().find_map(|name| fields.get(*name).filter(|value| !value.is_null()));
        let title = first(&["title"]);
        let body = first(&["body", "content", "text"]);
        let (outlet, url) = (first(&["outlet", "press", "source"]), first(&["url"]));
        let texts = [title, body, outlet, first(&["section", "category"]), url];
        let reporters = first(&["reporters", "reporter"]);
        let date = first(&["published_at", "date", "pubDate"]);
        let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
        let filled =
            |value: Option<&Value>| value.and_then(Value::as_str).is_some_and(|text| !is_placeholder(text));
        let elsewhere = |field: Field| {
            fields.iter().any(|(key, value)| {
                names::field_of(key) == Some(field)
                    && !matches!(value, Value::Null)
                    && value.as_str().is_none_or(|text| !is_placeholder(text))
            })
        };
        let whole = texts.iter().flatten().all(|value| value.is_string())
            && reporters.is_none_or(|value| match value {
                Value::String(_) => true,
                Value::Array(items) => items.iter().all(|item| item.is_string() || item.is_null()),
                _ => false,
            })
            && date.is_none_or(|value| value.is_string() || value.is_number())
            && (filled(title) || filled(body))
            && (filled(title) || !elsewhere(Field::Title))
            && (filled(body) || !elsewhere(Field::Body));
        let empty = |key: &str| fields.get(key).is_some_and(values::is_nothing);
        let (empty_id, empty_url) = (empty("id"), empty("url"));
        if !whole {
            return Self { whole, empty_id, empty_url, url: None, content: None };
        }
        let url = Some(text(url).trim().to_owned()).filter(|url| names_an_article(url));
        // Copied only where it is needed: most records bring an id or an address.
        let needed = url.is_none() && (empty_id || !fields.contains_key("id"));
        let content = needed.then(|| [text(outlet), text(title), text(body)]);
        Self { whole, empty_id, empty_url, url, content }
    }

    pub(super) fn id(&self) -> Result<ArticleId, Refusal> {
        match (&self.url, &self.content) {
            (Some(url), _) => derived_id(&IdSource::Url(url)),
            (None, Some([outlet, title, body])) => derived_id(&IdSource::Content([outlet, title, body])),
            (None, None) => derived_id(&IdSource::Content(["", "", ""])),
        }
    }
}
