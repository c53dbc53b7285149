//! What a value of JSON says, whatever its type: exports wrap texts in objects and lists.

use serde_json::{Map, Value};

use super::names::{self, Field};

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
const PARAGRAPH: [&str; 10] =
    ["form", "sentence", "text", "context", "content", "paragraph", "html", "children", "blocks", "data"];
/// How deep the text of a paragraph may lie: `{"data": {"content": [{"text": …}]}}`.
const DEPTH: usize = 6;

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

/// A story, and what of its list of paragraphs is not text: pictures, numbers.
pub(super) struct Story {
    pub(super) text: String,
    pub(super) others: Vec<Value>,
}

/// A story: one text, or a list of paragraphs, each a text, an object that holds one, or a list of sentences.
pub(super) fn story(value: Value) -> Reading<Story> {
    let whole = |text| Reading::Is(Story { text, others: Vec::new() });
    match value {
        Value::String(text) if is_placeholder(&text) => Reading::Empty,
        Value::String(text) => whole(text),
        Value::Null => Reading::Empty,
        Value::Array(items) => {
            let (mut paragraphs, mut others) = (Vec::new(), Vec::new());
            for item in &items {
                let text = paragraph(item, 0, &mut others);
                if !text.is_empty() {
                    paragraphs.push(text);
                }
            }
            match (paragraphs.is_empty(), others.is_empty()) {
                (true, true) => Reading::Empty,
                (true, false) => Reading::Not(Value::Array(items)),
                (false, _) => Reading::Is(Story { text: paragraphs.join("\n"), others }),
            }
        }
        Value::Object(fields) => match held(&fields).cloned() {
            Some(held @ (Value::String(_) | Value::Array(_) | Value::Object(_))) => match story(held) {
                Reading::Not(_) => Reading::Not(Value::Object(fields)),
                read => read,
            },
            _ => Reading::Not(Value::Object(fields)),
        },
        other @ (Value::Number(_) | Value::Bool(_)) => Reading::Not(other),
    }
}

/// What an object that is a paragraph holds.
fn held(fields: &Map<String, Value>) -> Option<&Value> {
    PARAGRAPH.iter().chain(&INNER).find_map(|key| fields.get(*key))
}

/// The text of a paragraph; sentences of an inner list are joined by a space, and a heading of its own stands above it. What is not text goes
/// to `others`.
fn paragraph(value: &Value, depth: usize, others: &mut Vec<Value>) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.trim().to_owned(),
        Value::Array(items) if depth < DEPTH => {
            let sentences = items.iter().map(|item| paragraph(item, depth + 1, others));
            sentences.filter(|sentence| !sentence.is_empty()).collect::<Vec<_>>().join(" ")
        }
        Value::Object(fields) if depth < DEPTH => {
            let text = match held(fields) {
                Some(held) => paragraph(held, depth + 1, others),
                None => {
                    others.push(value.clone());
                    return String::new();
                }
            };
            match fields.iter().find(|(key, value)| value.is_string() && is_title(key)) {
                Some((_, Value::String(heading))) => format!("{}\n{text}", heading.trim()).trim().to_owned(),
                _ => text,
            }
        }
        _ => {
            others.push(value.clone());
            String::new()
        }
    }
}

fn is_title(key: &str) -> bool {
    names::field_of(key) == Some(Field::Title)
}

/// Whether `value`, which is under a name of a story, is a list of whole articles. In a record that has a title paragraphs may have headings,
/// and only what also has an origin is an article.
pub(super) fn holds_articles(value: &Value, is_titled: bool) -> bool {
    let is_article = |item: &Value| {
        let Value::Object(fields) = item else { return false };
        let says = |(key, value): (&String, &Value)| {
            names::field_of(key).filter(|_| !is_nothing(value) && value.as_bool().is_none())
        };
        let mut found = fields.iter().filter_map(says).collect::<Vec<_>>();
        found.dedup();
        let has = |field: Field| found.contains(&field);
        let origin = [Field::Outlet, Field::PublishedAt, Field::Reporters].into_iter().any(has);
        has(Field::Title) && (!is_titled || has(Field::Body) && origin)
    };
    value.as_array().is_some_and(|items| items.iter().any(is_article))
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
            Reading::Is(story) => story.text,
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
        // Blocks of editors.
        assert_eq!(read(json!({"html": "<p>가.</p>"})), "<p>가.</p>");
        let doc =
            json!({"type": "doc", "content": [{"type": "p", "content": [{"type": "text", "text": "가."}]}]});
        assert_eq!(read(doc), "가.");
        assert_eq!(read(json!({"blocks": [{"type": "paragraph", "data": {"text": "가."}}]})), "가.");
        assert_eq!(read(json!([{"title": "소제목", "text": "가."}, "나."])), "소제목\n가.\n나.");
    }

    #[test]
    fn what_is_no_text_costs_itself_and_not_the_story() {
        let Reading::Is(read) = story(json!([{"text": "가."}, {"type": "image", "url": "u"}, 3, "나."]))
        else {
            unreachable!()
        };
        assert_eq!(
            (read.text.as_str(), read.others),
            ("가.\n나.", vec![json!({"type": "image", "url": "u"}), json!(3)])
        );
        assert!(matches!(story(json!([{"type": "image"}])), Reading::Not(_)));
    }

    #[test]
    fn a_list_of_articles_is_no_story() {
        let articles = json!([{"title": "가", "content": "나", "press": "다"}]);
        assert!(holds_articles(&articles, false) && holds_articles(&articles, true));
        let headed = json!([{"id": "b1", "title": "가", "text": "나"}]);
        assert!(holds_articles(&headed, false) && !holds_articles(&headed, true));
        assert!(!holds_articles(&json!([{"text": "나", "url": "u"}, "다"]), false));
    }
}
