//! Lines of Elasticsearch's bulk format that say what to do with the line after them.

use serde_json::{Map, Value};

/// The action line of Elasticsearch's bulk format.
pub(in crate::ingest) enum Action {
    /// The next line is an article, with this id.
    Write(Option<String>),
    /// An article was deleted; no line follows.
    Delete,
}

/// The action in `line`, if it is one: `{"index":{"_index":"news","_id":"a1"}}`.
pub(in crate::ingest) fn bulk_action(line: &[u8]) -> Option<Action> {
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
