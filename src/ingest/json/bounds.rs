//! What one record may hold, so that no record takes memory out of proportion to an article, nor an article out of proportion to a story.

use memchr::memchr2;
use serde_json::{Map, Value};

use super::super::refusal::{Refusal, RefusalCode};
use super::super::report::EXTRACT;

/// Bytes of JSON up to which values are not counted: what they can become is small.
const HARMLESS_BYTES: usize = 256 << 10;
/// The most values of a record. An article with an annotation for each word of it has a tenth.
const MAX_VALUES: usize = 200_000;

/// The most keys that an article keeps of those that feed no field.
const MAX_KEYS: usize = 500;
/// The most bytes that it keeps of them, keys and texts.
const MAX_BYTES: usize = 256 << 10;
/// The most values that it keeps in them: each search that shows the article writes them.
const MAX_KEPT_VALUES: usize = 10_000;
/// Keys that are cut and named.
const NAMED_KEYS: usize = 40;

/// Refuses the JSON of a record that would become too much when it is parsed.
pub(super) fn check_values(text: &str) -> Result<(), Refusal> {
    if text.len() <= HARMLESS_BYTES || values_in(text.as_bytes()) <= MAX_VALUES {
        return Ok(());
    }
    let detail =
        format!("the record holds more than {MAX_VALUES} values; leave out what is no part of an article");
    Err(Refusal::new(RefusalCode::TooLarge, detail))
}

/// Counts what separates values and what begins lists and objects, outside of strings.
fn values_in(text: &[u8]) -> usize {
    let (mut count, mut at) = (1, 0);
    while let Some(byte) = text.get(at) {
        at += 1;
        match byte {
            b',' | b'[' | b'{' => count += 1,
            b'"' => {
                while let Some(next) = text.get(at..).and_then(|rest| memchr2(b'"', b'\\', rest)) {
                    at += next + 1;
                    if text.get(at - 1) == Some(&b'"') {
                        break;
                    }
                    // The character after a backslash ends nothing.
                    at += 1;
                }
            }
            _ => {}
        }
    }
    count
}

/// Takes out of `extra` what an article does not keep. Gives the keys, at most [`NAMED_KEYS`]; `…` stands for others.
pub(super) fn cut(extra: &mut Map<String, Value>) -> Vec<String> {
    let (mut keys, mut bytes, mut values) = (0, 0, 0);
    let mut named = Vec::new();
    let mut others = false;
    extra.retain(|key, value| {
        // It is said by the reader of the file, not by the record.
        if key == EXTRACT {
            return true;
        }
        let (more_bytes, more_values) = weight(value);
        let fits = keys < MAX_KEYS
            && bytes + key.len() + more_bytes <= MAX_BYTES
            && values + more_values <= MAX_KEPT_VALUES;
        if fits {
            (keys, bytes, values) = (keys + 1, bytes + key.len() + more_bytes, values + more_values);
        } else if named.len() < NAMED_KEYS {
            named.push(key.chars().take(60).collect());
        } else {
            others = true;
        }
        fits
    });
    if others {
        named.push("…".to_owned());
    }
    named
}

/// The bytes of the texts and keys in `value`, and how many values it is.
fn weight(value: &Value) -> (usize, usize) {
    let sum = |(a, b): (usize, usize), (c, d): (usize, usize)| (a + c, b + d);
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => (8, 1),
        Value::String(text) => (text.len(), 1),
        Value::Array(items) => items.iter().map(weight).fold((2, 1), sum),
        Value::Object(fields) => {
            fields.iter().map(|(key, value)| sum((key.len(), 0), weight(value))).fold((2, 1), sum)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_counted_outside_of_strings() {
        assert_eq!(values_in(br#"{"a":[1,2],"b":"x,[{\",,"}"#), 5);
        assert_eq!(values_in(br#"{"a":"b"#), 2);
        let list = |item: &str, count: usize| format!("{{\"x\":[{}0]}}", format!("{item},").repeat(count));
        assert!(check_values(&list("[0]", 300_000)).is_err());
        assert!(check_values(&list("[0]", 20_000)).is_ok());
        // A long story is one value, whatever is in it.
        assert!(check_values(&format!("{{\"body\":\"{}\"}}", "가, [나] ".repeat(200_000))).is_ok());
    }

    #[test]
    fn an_article_keeps_what_is_not_out_of_proportion() {
        let cut_of = |value: Value| match value {
            Value::Object(mut fields) => {
                let named = cut(&mut fields);
                (fields.len(), named)
            }
            _ => unreachable!(),
        };
        let long = "가".repeat(100_000);
        let kept = cut_of(json!({"a": 1, "long": long, "list": vec![0; 20_000], "b": {"c": [1, 2]}}));
        assert_eq!(kept, (2, vec!["long".to_owned(), "list".to_owned()]));
        let many: Map<String, Value> = (0..700).map(|n| (format!("k{n}"), json!(n))).collect();
        let (keys, named) = cut_of(Value::Object(many));
        assert_eq!((keys, named.len(), named.last().map(String::as_str)), (500, 41, Some("…")));
    }
}
