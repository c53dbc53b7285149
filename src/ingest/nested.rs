//! Records whose fields lie one level deeper: `_source` of Elasticsearch, `metadata` of a corpus, `{"article": {…}, "meta": {…}}`.

use serde_json::{Map, Value};

use super::names::{self, Field};
use super::values::{self, is_placeholder};

/// The fields of a record at one level, and the id that stood beside them.
pub(super) fn flatten(
    mut fields: Map<String, Value>,
    mut beside: Option<String>,
) -> (Map<String, Value>, Option<String>) {
    if let Some(Value::Object(source)) = fields.get_mut("_source") {
        let mut source = std::mem::take(source);
        if let Some(values::Reading::Is(id)) = fields.shift_remove("_id").map(values::text) {
            // An id of its own counts first; the other one stays with the article.
            if source.get("id").is_some_and(|own| !values::is_nothing(own)) && !source.contains_key("_id") {
                source.insert("_id".to_owned(), Value::String(id.clone()));
            }
            beside = beside.or(Some(id));
        }
        fields = source;
    }
    if let Some((metadata, paragraphs)) = corpus_document(&mut fields) {
        return (corpus_fields(fields, metadata, paragraphs), beside);
    }
    // ninjs: `title` is a slug, `headline` the title.
    if fields.contains_key("versioncreated")
        && fields.contains_key("headline")
        && let Some(slug) = fields.shift_remove("title")
    {
        fields.insert("slug".to_owned(), slug);
    }
    if has_text(&fields) {
        return (fields, beside);
    }
    // The one object inside that has a title or a story is the article; the others add what they know.
    let inner: Vec<String> = fields
        .iter()
        .filter(|(_, value)| value.as_object().is_some_and(has_text))
        .map(|(key, _)| key.clone())
        .collect();
    let [inner] = inner.as_slice() else { return (fields, beside) };
    let Some(Value::Object(mut article)) = fields.shift_remove(inner) else { return (fields, beside) };
    for (key, value) in fields {
        match value {
            Value::Object(more) if more.keys().any(|key| names::known(key).is_some()) => {
                for (key, value) in more {
                    article.entry(key).or_insert(value);
                }
            }
            value => {
                article.entry(key).or_insert(value);
            }
        }
    }
    (article, beside)
}

/// Whether the object itself has a title or a story.
pub(super) fn has_text(fields: &Map<String, Value>) -> bool {
    fields.iter().any(|(key, value)| {
        let says = match value {
            Value::String(text) => !is_placeholder(text),
            Value::Number(_) => true,
            Value::Array(items) => items.iter().any(is_paragraph) && !values::holds_articles(value, false),
            _ => false,
        };
        says && matches!(names::field_of(key), Some(Field::Title | Field::Body))
    })
}

/// Whether an item of a list is a paragraph, and not a whole article.
fn is_paragraph(item: &Value) -> bool {
    match item {
        Value::String(_) => true,
        Value::Array(items) => items.iter().all(is_paragraph),
        Value::Object(fields) => {
            ["form", "sentence", "context"].iter().any(|key| fields.contains_key(*key))
                || fields.len() <= 2 && fields.contains_key("text")
        }
        _ => false,
    }
}

/// A document of the newspaper corpora of the National Institute of Korean Language: what describes it is in `metadata`, and the
/// first of its paragraphs is the headline (`metadata.title` names the day of the paper).
fn corpus_document(fields: &mut Map<String, Value>) -> Option<(Map<String, Value>, Vec<Value>)> {
    let forms = |items: &Vec<Value>| !items.is_empty() && items.iter().all(|item| item.get("form").is_some());
    let is_corpus = fields.get("paragraph").and_then(Value::as_array).is_some_and(forms)
        && fields.get("metadata").is_some_and(Value::is_object);
    if !is_corpus {
        return None;
    }
    match (fields.shift_remove("metadata"), fields.shift_remove("paragraph")) {
        (Some(Value::Object(metadata)), Some(Value::Array(paragraphs))) => Some((metadata, paragraphs)),
        _ => None,
    }
}

fn corpus_fields(
    mut fields: Map<String, Value>,
    mut metadata: Map<String, Value>,
    paragraphs: Vec<Value>,
) -> Map<String, Value> {
    if let Some(title) = metadata.shift_remove("title") {
        fields.insert("issue".to_owned(), title);
    }
    for (key, value) in metadata {
        fields.entry(key).or_insert(value);
    }
    let mut paragraphs = paragraphs.into_iter();
    if let Some(title) = paragraphs.next().and_then(|first| first.get("form").cloned()) {
        fields.insert("title".to_owned(), title);
    }
    fields.insert("paragraph".to_owned(), Value::Array(paragraphs.collect()));
    fields
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    fn flat(value: Value) -> (Value, Option<String>) {
        let Value::Object(fields) = value else { return (Value::Null, None) };
        let (fields, beside) = flatten(fields, None);
        (Value::Object(fields), beside)
    }

    #[test]
    fn fields_one_level_deeper_are_found() {
        let (fields, id) = flat(json!({"_index": "news", "_id": "a1", "_source": {"title": "가"}}));
        assert_eq!((fields, id.as_deref()), (json!({"title": "가"}), Some("a1")));
        let (fields, _) =
            flat(json!({"article": {"title": "가", "body": "나"}, "meta": {"press": "다"}, "n": 1}));
        assert_eq!(fields, json!({"title": "가", "body": "나", "press": "다", "n": 1}));
        let (fields, _) =
            flat(json!({"id": "1", "metadata": {"title": "가람일보 2018년 기사", "date": "20180305"},
            "paragraph": [{"form": "제목"}, {"form": "본문"}]}));
        assert_eq!(
            fields,
            json!({"id": "1", "issue": "가람일보 2018년 기사", "date": "20180305", "title": "제목", "paragraph": [{"form": "본문"}]})
        );
        // Two articles in one object cannot be told apart here.
        let two = json!({"a": {"title": "가"}, "b": {"title": "나"}});
        assert_eq!(flat(two.clone()).0, two);
    }
}
