//! Where something is in a record: `metadata.publisher`, `paragraph[1:].form`.

use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// The way to a value in a record: keys, `[n]` for an item of a list, `[n:]` for all from there on; nothing more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::ingest) struct FieldPath {
    text: String,
    steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Key(String),
    Item(usize),
    From(usize),
}

impl FieldPath {
    /// Reads a path.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(in crate::ingest) fn parse(text: &str) -> Result<Self, String> {
        let wrong = |what: &str| {
            Err(format!(
                "{text:?} is not a path: {what}; write keys with dots between, and [0] or [1:] for items of a list"
            ))
        };
        let mut steps = Vec::new();
        for part in text.split('.') {
            let (key, mut items) = part.split_at(part.find('[').unwrap_or(part.len()));
            if key.trim().is_empty() && (items.is_empty() || !steps.is_empty()) {
                return wrong("a key is empty");
            }
            if !key.is_empty() {
                steps.push(Step::Key(key.to_owned()));
            }
            while let Some(rest) = items.strip_prefix('[') {
                let Some((inside, after)) = rest.split_once(']') else {
                    return wrong("a bracket stays open");
                };
                let (number, from) = match inside.strip_suffix(':') {
                    Some(number) => (number, true),
                    None => (inside, false),
                };
                let Ok(number) = number.parse() else {
                    return wrong("between brackets is a number, counted from 0");
                };
                steps.push(if from { Step::From(number) } else { Step::Item(number) });
                items = after;
            }
            if !items.is_empty() {
                return wrong("after a bracket comes a dot or another bracket");
            }
        }
        Ok(Self { text: text.to_owned(), steps })
    }

    /// The path as it was written.
    pub(in crate::ingest) fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it names one place, and not several.
    pub(in crate::ingest) fn is_single(&self) -> bool {
        !self.steps.iter().any(|step| matches!(step, Step::From(_)))
    }

    /// What is there in `record`; of several items a list. A key that is written like the whole path counts first.
    pub(in crate::ingest) fn of(&self, record: &Map<String, Value>) -> Option<Value> {
        if let Some(value) = record.get(&self.text) {
            return Some(value.clone());
        }
        let (Step::Key(key), rest) = self.steps.split_first()? else { return None };
        value_at(record.get(key)?, rest)
    }

    /// The same, and removes it, with what is left of the objects and lists around it where nothing is left.
    pub(super) fn take(&self, record: &mut Map<String, Value>) -> Option<Value> {
        if let Some(value) = record.shift_remove(&self.text) {
            return Some(value);
        }
        let (Step::Key(key), rest) = self.steps.split_first()? else { return None };
        let inside = record.get_mut(key)?;
        let taken = take_at(inside, rest)?;
        if is_hollow(inside) {
            record.shift_remove(key);
        }
        Some(taken)
    }

    /// The keys with which it begins.
    pub(in crate::ingest) fn keys(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().map_while(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            Step::Item(_) | Step::From(_) => None,
        })
    }

    /// The text of the value that is there in `text`, an object.
    pub(in crate::ingest) fn locate<'a>(&self, text: &'a str) -> Option<&'a str> {
        let mut value = text;
        for step in &self.steps {
            value = match step {
                Step::Key(key) => {
                    let fields: std::collections::BTreeMap<String, &RawValue> =
                        serde_json::from_str(value).ok()?;
                    fields.get(key)?.get()
                }
                Step::Item(at) => {
                    let items: Vec<&RawValue> = serde_json::from_str(value).ok()?;
                    items.get(*at)?.get()
                }
                Step::From(_) => return None,
            };
        }
        Some(value)
    }
}

fn value_at(value: &Value, steps: &[Step]) -> Option<Value> {
    let Some((step, rest)) = steps.split_first() else { return Some(value.clone()) };
    match step {
        Step::Key(key) => value_at(value.get(key)?, rest),
        Step::Item(at) => value_at(value.get(at)?, rest),
        Step::From(at) => {
            let items = value.as_array()?.get(*at..)?;
            let found: Vec<Value> = items.iter().filter_map(|item| value_at(item, rest)).collect();
            (!found.is_empty()).then_some(Value::Array(found))
        }
    }
}

fn take_at(value: &mut Value, steps: &[Step]) -> Option<Value> {
    let Some((step, rest)) = steps.split_first() else { return Some(std::mem::take(value)) };
    match step {
        Step::Key(key) => {
            let fields = value.as_object_mut()?;
            let inside = fields.get_mut(key)?;
            let taken = take_at(inside, rest)?;
            if is_hollow(inside) {
                fields.shift_remove(key);
            }
            Some(taken)
        }
        // Items keep their places: another path may count them too.
        Step::Item(at) => take_at(value.get_mut(at)?, rest),
        Step::From(at) => {
            let items = value.as_array_mut()?.get_mut(*at..)?;
            let found: Vec<Value> = items.iter_mut().filter_map(|item| take_at(item, rest)).collect();
            (!found.is_empty()).then_some(Value::Array(found))
        }
    }
}

/// Whether nothing is in it.
fn is_hollow(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.iter().all(is_hollow),
        Value::Object(fields) => fields.values().all(is_hollow),
        _ => false,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;

    fn record() -> Map<String, Value> {
        let Value::Object(record) = json!({
            "metadata": {"publisher": "가람일보", "year": 2018},
            "paragraph": [{"form": "제목"}, {"form": "첫째."}, {"form": "둘째."}],
            "a.b": 1,
            "기사 제목": "나"
        }) else {
            unreachable!()
        };
        record
    }

    #[test]
    fn values_are_found_and_taken() {
        let mut left = record();
        for (path, value) in [
            ("metadata.publisher", json!("가람일보")),
            ("paragraph[0].form", json!("제목")),
            ("paragraph[1:].form", json!(["첫째.", "둘째."])),
            ("a.b", json!(1)),
            ("기사 제목", json!("나")),
        ] {
            let path = FieldPath::parse(path).unwrap();
            assert_eq!(path.of(&record()).as_ref(), Some(&value), "{path:?}");
            assert_eq!(path.take(&mut left), Some(value), "{path:?}");
        }
        // What no path took stays; what is empty goes.
        assert_eq!(Value::Object(left), json!({"metadata": {"year": 2018}}));
        for path in ["metadata.publishr", "paragraph[3].form", "paragraph[3:].form", "a[0]"] {
            assert_eq!(FieldPath::parse(path).unwrap().of(&record()), None, "{path}");
        }
    }

    #[test]
    fn lists_are_located_in_their_text() {
        let text = r#"{"a": [{"b": [ {"c": 1} ]}]}"#;
        assert_eq!(FieldPath::parse("a[0].b").unwrap().locate(text), Some(r#"[ {"c": 1} ]"#));
        assert_eq!(FieldPath::parse("a[1].b").unwrap().locate(text), None);
    }

    #[test]
    fn what_is_no_path_says_why() {
        for (text, word) in [
            ("", "empty"),
            ("a..b", "empty"),
            ("a[", "open"),
            ("a[x]", "number"),
            ("a[-1]", "number"),
            ("a[0]b", "dot"),
        ] {
            let error = FieldPath::parse(text).unwrap_err();
            assert!(error.contains(word), "{text}: {error}");
        }
    }
}
