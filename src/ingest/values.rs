//! What a value of JSON says, whatever its type: exports wrap texts in objects and lists.

use serde_json::{Map, Value};

use super::names;

/// A value, read as a text.
pub(super) enum Reading<T> {
    /// Nothing, or a word that stands for nothing.
    Empty,
    /// What it says.
    Is(T),
    /// It says something that is not text; it is given back.
    Not(Value),
}

/// Whether a value is nothing, or a text that stands for nothing.
pub(super) fn is_nothing(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(is_placeholder)
}

/// Whether `text` stands for nothing: what pandas, MySQL, JavaScript and Excel write where a cell is empty or failed.
pub(super) fn is_placeholder(text: &str) -> bool {
    const NOTHING: [&str; 19] = [
        "nan",
        "none",
        "null",
        "nat",
        "n/a",
        "undefined",
        "<na>",
        "\\n",
        "-",
        "–",
        "—",
        "없음",
        "#n/a",
        "#value!",
        "#ref!",
        "#div/0!",
        "#name?",
        "#null!",
        "#num!",
    ];
    let text = text.trim();
    text.is_empty() || text.len() <= 9 && NOTHING.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Keys of an object that hold the text it stands for.
const INNER: [&str; 13] = [
    "name",
    "$oid",
    "$numberLong",
    "$numberInt",
    "$numberDouble",
    "$numberDecimal",
    "$date",
    "#text",
    "_",
    "$t",
    "@value",
    "value",
    "rendered",
];
/// Keys of an object that is a paragraph or a sentence.
const PARAGRAPH: [&str; 6] = ["form", "sentence", "text", "context", "content", "paragraph"];

/// One text: of a list the first that says something, of an object its name.
pub(super) fn text(value: Value) -> Reading<String> {
    match value {
        Value::Null => Reading::Empty,
        Value::String(text) if is_placeholder(&text) => Reading::Empty,
        Value::String(text) => Reading::Is(text),
        Value::Number(number) => Reading::Is(number.to_string()),
        Value::Bool(_) => Reading::Not(value),
        Value::Array(_) => match texts(value) {
            Reading::Is(found) => found.into_iter().next().map_or(Reading::Empty, Reading::Is),
            Reading::Empty => Reading::Empty,
            Reading::Not(value) => Reading::Not(value),
        },
        Value::Object(fields) => match inner(&fields) {
            Some(found) => match text(found.clone()) {
                Reading::Not(_) => Reading::Not(Value::Object(fields)),
                read => read,
            },
            None if fields.is_empty() => Reading::Empty,
            None => Reading::Not(Value::Object(fields)),
        },
    }
}

fn inner(fields: &Map<String, Value>) -> Option<&Value> {
    let named = || {
        let is_name =
            |key: &str| key.ends_with("name") || key.ends_with("이름") || key == "기자" || key == "기자명";
        fields
            .iter()
            .find(|(key, value)| value.is_string() && is_name(&names::fold(key)))
            .map(|(_, value)| value)
    };
    INNER.iter().find_map(|key| fields.get(*key)).or_else(named)
}

/// The items of a list that say something which is not text.
pub(super) fn unread_items(value: &Value) -> Vec<Value> {
    let unread = |item: &&Value| matches!(text((*item).clone()), Reading::Not(_));
    value.as_array().map(|items| items.iter().filter(unread).cloned().collect()).unwrap_or_default()
}

/// The items of a list after the first that says something: what [`text`] does not take.
pub(super) fn other_items(value: &Value) -> Vec<Value> {
    let said = value.as_array().into_iter().flatten().filter(|item| !is_nothing(item));
    said.skip(1).cloned().collect()
}

/// All texts of a value, in order: of a list each, of an object its name.
pub(super) fn texts(value: Value) -> Reading<Vec<String>> {
    match value {
        Value::Array(items) => {
            let mut found = Vec::new();
            let mut unread = false;
            for item in &items {
                match text(item.clone()) {
                    Reading::Is(text) => found.push(text),
                    Reading::Not(_) => unread = true,
                    Reading::Empty => {}
                }
            }
            match (found.is_empty(), unread) {
                (true, true) => Reading::Not(Value::Array(items)),
                (true, false) => Reading::Empty,
                _ => Reading::Is(found),
            }
        }
        other => match text(other) {
            Reading::Is(text) => Reading::Is(vec![text]),
            Reading::Empty => Reading::Empty,
            Reading::Not(value) => Reading::Not(value),
        },
    }
}

/// A story: one text, or a list of paragraphs, each a text, an object that holds one, or a list of sentences.
pub(super) fn story(value: Value) -> Reading<String> {
    match value {
        Value::String(text) if is_placeholder(&text) => Reading::Empty,
        Value::String(text) => Reading::Is(text),
        Value::Null => Reading::Empty,
        Value::Array(items) => {
            let mut paragraphs = Vec::new();
            for item in &items {
                match paragraph(item, 0) {
                    Some(text) if text.is_empty() => {}
                    Some(text) => paragraphs.push(text),
                    None => return Reading::Not(Value::Array(items)),
                }
            }
            if paragraphs.is_empty() { Reading::Empty } else { Reading::Is(paragraphs.join("\n")) }
        }
        Value::Object(fields) => {
            let held = PARAGRAPH.iter().chain(&INNER).find_map(|key| fields.get(*key)).cloned();
            match held {
                Some(held @ (Value::String(_) | Value::Array(_))) => match story(held) {
                    Reading::Not(_) => Reading::Not(Value::Object(fields)),
                    read => read,
                },
                _ => Reading::Not(Value::Object(fields)),
            }
        }
        other @ (Value::Number(_) | Value::Bool(_)) => Reading::Not(other),
    }
}

/// The text of a paragraph; sentences of an inner list are joined by a space. `None` if it is neither.
fn paragraph(value: &Value, depth: usize) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Array(items) if depth < 3 => {
            let sentences: Option<Vec<String>> =
                items.iter().map(|item| paragraph(item, depth + 1)).collect();
            Some(sentences?.join(" "))
        }
        Value::Object(fields) if depth < 3 => {
            let held = PARAGRAPH.iter().chain(&INNER).find_map(|key| fields.get(*key))?;
            paragraph(held, depth + 1)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn placeholders_are_nothing() {
        for text in ["", " ", "nan", "NaN", "None", "null", "NaT", "\\N", "-", "#N/A", "#DIV/0!"] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in ["가", "나눔", "0", "none of them", "--"] {
            assert!(!is_placeholder(text), "{text}");
        }
    }

    #[test]
    fn texts_are_found_in_objects_and_lists() {
        let read = |value| match text(value) {
            Reading::Is(text) => text,
            Reading::Empty => "empty".to_owned(),
            Reading::Not(_) => "not".to_owned(),
        };
        assert_eq!(read(json!({"id": null, "name": "가람일보"})), "가람일보");
        assert_eq!(read(json!({"$oid": "65e6"})), "65e6");
        assert_eq!(read(json!({"$date": {"$numberLong": "17"}})), "17");
        assert_eq!(read(json!(["", "사회", "교통"])), "사회");
        assert_eq!(read(json!([])), "empty");
        assert_eq!(read(json!(true)), "not");
        assert_eq!(read(json!({"a": 1})), "not");
        assert_eq!(read(json!({"no": 7, "reporterName": "나한별"})), "나한별");
    }

    #[test]
    fn stories_are_lists_of_paragraphs_too() {
        let read = |value| match story(value) {
            Reading::Is(text) => text,
            Reading::Empty => "empty".to_owned(),
            Reading::Not(_) => "not".to_owned(),
        };
        assert_eq!(read(json!(["첫째.", " 둘째. ", null])), "첫째.\n둘째.");
        assert_eq!(
            read(json!([[{"sentence": "가."}, {"sentence": "나."}], [{"sentence": "다."}]])),
            "가. 나.\n다."
        );
        assert_eq!(read(json!([{"id": "1", "form": "가."}])), "가.");
        assert_eq!(read(json!(1)), "not");
        assert_eq!(read(json!([])), "empty");
    }
}
