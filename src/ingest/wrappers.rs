//! JSON that wraps its articles: answers of an API, exports of a database. The lists inside are found without parsing what they hold.

use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::names::{self, Field};

/// Keys under which lists of articles are kept, folded.
const LISTS: [&str; 22] = [
    "items",
    "articles",
    "documents",
    "document",
    "data",
    "hits",
    "results",
    "result",
    "records",
    "rows",
    "docs",
    "entries",
    "list",
    "news",
    "value",
    "returnobject",
    "response",
    "channel",
    "resultlist",
    "newslist",
    "articlelist",
    "sjml",
];
/// A key of a list of articles that is a name of a story too: its items must have titles.
const LIST_OR_STORY: &str = "text";
/// How deep a list may lie: `return_object.documents`, `response.body.items`.
const DEPTH: usize = 4;

/// What an object of a `.json` file is.
pub(super) enum Element {
    /// An article, or nothing that is known.
    Record,
    /// It holds a list of articles, at this byte.
    List(usize),
    /// It holds a table by columns, or articles by numbers: its records.
    Records(Vec<Map<String, Value>>),
    /// It says something about the export, and nothing else.
    Header,
}

type Fields<'a> = std::collections::BTreeMap<String, &'a RawValue>;

/// What `text`, one whole object, is.
pub(super) fn look_into(text: &str) -> Element {
    let Ok(fields) = serde_json::from_str::<Fields<'_>>(text) else { return Element::Record };
    if let Some(at) = list_in(text, &fields, DEPTH) {
        return Element::List(at);
    }
    if let Some(records) = by_number(&fields).or_else(|| by_column(&fields)).or_else(|| by_lists(&fields)) {
        return Element::Records(records);
    }
    // phpMyAdmin: `{"type":"header",…}`, `{"type":"database",…}`.
    let kind = fields.get("type").map(|raw| raw.get());
    let header = matches!(kind, Some("\"header\"" | "\"database\""))
        && !fields.keys().any(|key| names::field_of(key) == Some(Field::Title));
    if header { Element::Header } else { Element::Record }
}

/// The first keys of `text`, an object; none if it is something else.
pub(super) fn keys_of(text: &str) -> Vec<String> {
    serde_json::from_str::<Fields<'_>>(text).unwrap_or_default().into_keys().take(12).collect()
}

/// The first byte of the one list of objects in `fields`, whose texts are parts of `text`.
fn list_in(text: &str, fields: &Fields<'_>, depth: usize) -> Option<usize> {
    let is_text = |wanted: Field| fields.iter().any(|(key, raw)| is_text_field(key, raw.get(), wanted));
    // A list may have a title of its own, as a JSON Feed has. Then its articles must have stories.
    let has_title = is_text(Field::Title);
    if depth == 0 || is_text(Field::Body) {
        return None;
    }
    let mut found = Vec::new();
    for (key, raw) in fields {
        let raw = raw.get();
        let folded = names::fold(key);
        let titled = folded == LIST_OR_STORY && !has_title && first_has(raw, Field::Title);
        if !titled && !LISTS.contains(&folded.as_str()) {
            continue;
        }
        let at = raw.as_ptr().addr().checked_sub(text.as_ptr().addr())?;
        if is_list_of_objects(raw) && (!has_title || first_has(raw, Field::Body)) {
            found.push(at);
        } else if raw.starts_with('{')
            && !has_title
            && let Ok(inner) = serde_json::from_str::<Fields<'_>>(raw)
            && let Some(list) = list_in(raw, &inner, depth - 1)
        {
            found.push(at + list);
        }
    }
    match found.as_slice() {
        [at] => Some(*at),
        _ => None,
    }
}

fn is_list_of_objects(raw: &str) -> bool {
    raw.strip_prefix('[').is_some_and(|rest| rest.trim_start().starts_with('{'))
}

/// Whether the key is a name of `wanted`, and holds a text of its own. A description of a whole feed is not a story.
fn is_text_field(key: &str, raw: &str, wanted: Field) -> bool {
    names::known(key).is_some_and(|known| known.field == Some(wanted) && !known.extract)
        && raw.starts_with('"')
        && raw.len() > 2
}

/// Whether the first object of a list has a text of `wanted`.
fn first_has(list: &str, wanted: Field) -> bool {
    let first = list.strip_prefix('[').unwrap_or_default();
    let mut values = serde_json::Deserializer::from_str(first).into_iter::<Fields<'_>>();
    values.next().is_some_and(|first| {
        first.is_ok_and(|first| first.iter().any(|(key, raw)| is_text_field(key, raw.get(), wanted)))
    })
}

/// Whether a line of a JSONL file may be a wrapper. Lines are not parsed twice: few articles have a list of objects.
pub(super) fn may_wrap(line: &[u8]) -> bool {
    memchr::memchr_iter(b'[', line)
        .any(|at| line.get(at + 1..).is_some_and(|rest| rest.trim_ascii_start().starts_with(b"{")))
}

/// `{"0": {…}, "1": {…}}`: what pandas writes with `orient="index"`.
fn by_number(fields: &Fields<'_>) -> Option<Vec<Map<String, Value>>> {
    let mut numbered: Vec<(u64, &str)> = Vec::with_capacity(fields.len());
    for (key, raw) in fields {
        numbered.push((key.parse().ok()?, Some(raw.get()).filter(|raw| raw.starts_with('{'))?));
    }
    numbered.sort_by_key(|(number, _)| *number);
    let records: Result<Vec<_>, _> = numbered.iter().map(|(_, raw)| serde_json::from_str(raw)).collect();
    records.ok().filter(|records| !records.is_empty())
}

/// `{"title": {"0": …, "1": …}, …}`: what pandas writes by default.
fn by_column(fields: &Fields<'_>) -> Option<Vec<Map<String, Value>>> {
    let known = |key: &String| names::field_of(key).is_some();
    if !fields.keys().any(known) {
        return None;
    }
    let mut rows: std::collections::BTreeMap<u64, Map<String, Value>> = std::collections::BTreeMap::new();
    for (key, raw) in fields {
        let column: Map<String, Value> = serde_json::from_str(raw.get()).ok()?;
        for (number, value) in column {
            rows.entry(number.parse().ok()?).or_default().insert(key.clone(), value);
        }
    }
    Some(rows.into_values().collect()).filter(|rows: &Vec<_>| !rows.is_empty())
}

/// `{"title": […], "body": […]}`: what pandas writes with `orient="list"`. What is no list is said of all.
fn by_lists(fields: &Fields<'_>) -> Option<Vec<Map<String, Value>>> {
    let list = |wanted: Field| -> Option<Vec<Value>> {
        let (_, raw) = fields
            .iter()
            .find(|(key, raw)| names::field_of(key) == Some(wanted) && raw.get().starts_with('['))?;
        serde_json::from_str(raw.get()).ok()
    };
    let (titles, bodies) = (list(Field::Title)?, list(Field::Body)?);
    if titles.len() < 2 || titles.len() != bodies.len() {
        return None;
    }
    let mut rows = vec![Map::new(); titles.len()];
    for (key, raw) in fields {
        match serde_json::from_str(raw.get()).ok()? {
            Value::Array(column) if column.len() == rows.len() => {
                for (row, value) in rows.iter_mut().zip(column) {
                    row.insert(key.clone(), value);
                }
            }
            Value::Array(_) => return None,
            value => rows.iter_mut().for_each(|row| {
                row.insert(key.clone(), value.clone());
            }),
        }
    }
    Some(rows)
}

/// The action line of Elasticsearch's bulk format.
pub(super) enum Action {
    /// The next line is an article, with this id.
    Write(Option<String>),
    /// An article was deleted; no line follows.
    Delete,
}

/// The action in `line`, if it is one: `{"index":{"_index":"news","_id":"a1"}}`.
pub(super) fn bulk_action(line: &[u8]) -> Option<Action> {
    let inner = line.trim_ascii_start().strip_prefix(b"{")?.trim_ascii_start();
    let verbs: [&[u8]; 4] = [b"\"index\"", b"\"create\"", b"\"update\"", b"\"delete\""];
    if line.len() > 4096 || !verbs.iter().any(|verb| inner.starts_with(verb)) {
        return None;
    }
    let action: Map<String, Value> = serde_json::from_slice(line).ok()?;
    let (verb, Value::Object(target)) = action.iter().next().filter(|_| action.len() == 1)? else {
        return None;
    };
    if !target.is_empty() && !target.keys().any(|key| key.starts_with('_')) {
        return None;
    }
    if verb == "delete" {
        return Some(Action::Delete);
    }
    Some(Action::Write(target.get("_id").and_then(|id| match id {
        Value::String(id) => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    })))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> Option<&str> {
        match look_into(text) {
            Element::List(at) => text.get(at..),
            _ => None,
        }
    }

    #[test]
    fn lists_are_found_where_they_are_certain() {
        assert_eq!(list(r#"{"total":1,"items":[{"title":"가"}]}"#), Some(r#"[{"title":"가"}]}"#));
        assert_eq!(list(r#"{"hits":{"total":1,"hits":[{"_id":1}]}}"#), Some(r#"[{"_id":1}]}}"#));
        assert_eq!(list(r#"{"return_object":{"documents":[ {"a":1}]}}"#), Some(r#"[ {"a":1}]}}"#));
        // An article with a list of its own, and two lists.
        assert_eq!(list(r#"{"title":"가","items":[{"a":1}]}"#), None);
        assert_eq!(list(r#"{"items":[{"a":1}],"data":[{"a":1}]}"#), None);
        assert_eq!(list(r#"{"keywords":[{"a":1}]}"#), None);
        // A feed with a title of its own; articles with others below them.
        let feed = r#"{"version":"https://jsonfeed.org/version/1.1","title":"가람일보","items":[{"id":"1","content_text":"나"}]}"#;
        assert_eq!(list(feed), Some(r#"[{"id":"1","content_text":"나"}]}"#));
        assert_eq!(list(r#"{"title":"가","news":[{"title":"관련 기사","url":"u"}]}"#), None);
        assert_eq!(list(r#"{"title":"가","body":"나","items":[{"title":"다","body":"라"}]}"#), None);
        // BigKinds in the browser, AI-Hub, and a story whose paragraphs are objects.
        let bigkinds = r#"{"totalCount":1,"resultList":[{"NEWS_ID":"1","TITLE":"가","CONTENT":"나"}]}"#;
        assert!(list(bigkinds).is_some_and(|list| list.starts_with(r#"[{"NEWS_ID""#)));
        let hub = r#"{"SJML":{"header":{"identifier":"N1"},"text":[{"title":"가","content":"나"}]}}"#;
        assert_eq!(list(hub), Some(r#"[{"title":"가","content":"나"}]}}"#));
        assert_eq!(list(r#"{"id":"1","text":[{"sentence":"가."},{"sentence":"나."}]}"#), None);
        assert_eq!(list(r#"{"title":"가","text":[{"title":"소제목","text":"나."}]}"#), None);
    }

    #[test]
    fn few_lines_are_looked_into() {
        for line in [r#"{"items":[{"title":"가"}]}"#, r#"{ "items" : [ {"title":"가"}]}"#] {
            assert!(may_wrap(line.as_bytes()), "{line}");
        }
        for line in [r#"{"title":"[가]"}"#, r#"{"reporters":["가"],"a":[]}"#, "["] {
            assert!(!may_wrap(line.as_bytes()), "{line}");
        }
    }

    #[test]
    fn tables_of_pandas_are_turned() {
        let Element::Records(rows) =
            look_into(r#"{"title":{"0":"가","10":"다","2":"나"},"date":{"0":1,"2":2,"10":3}}"#)
        else {
            unreachable!()
        };
        let titles: Vec<_> = rows.iter().filter_map(|row| row.get("title")?.as_str()).collect();
        assert_eq!(titles, ["가", "나", "다"]);
        assert!(
            matches!(look_into(r#"{"0":{"title":"가"},"1":{"title":"나"}}"#), Element::Records(rows) if rows.len() == 2)
        );
        assert!(matches!(look_into(r#"{"title":"가"}"#), Element::Record));
        let lists = |text: &str| match look_into(text) {
            Element::Records(rows) => rows.into_iter().map(|row| Value::Object(row).to_string()).collect(),
            _ => Vec::new(),
        };
        assert_eq!(
            lists(r#"{"body":["나","라"],"press":"가람일보","title":["가","다"]}"#),
            [
                r#"{"body":"나","press":"가람일보","title":"가"}"#,
                r#"{"body":"라","press":"가람일보","title":"다"}"#
            ]
        );
        assert!(lists(r#"{"title":["가","다"],"body":["나"]}"#).is_empty());
        assert!(lists(r#"{"title":"가","body":["나","라"]}"#).is_empty());
        assert!(matches!(look_into(r#"{"type":"header","version":"5"}"#), Element::Header));
    }

    #[test]
    fn bulk_actions_are_told_from_articles() {
        let id = |line: &str| match bulk_action(line.as_bytes()) {
            Some(Action::Write(id)) => id.unwrap_or_else(|| "none".to_owned()),
            Some(Action::Delete) => "delete".to_owned(),
            None => "article".to_owned(),
        };
        assert_eq!(id(r#"{"index":{"_index":"news","_id":"a1"}}"#), "a1");
        assert_eq!(id(r#" { "create" : {} }"#), "none");
        assert_eq!(id(r#"{"delete":{"_id":"a1"}}"#), "delete");
        assert_eq!(id(r#"{"index":{"title":"가"}}"#), "article");
        assert_eq!(id(r#"{"index":1,"title":"가"}"#), "article");
    }
}
