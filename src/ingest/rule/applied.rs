//! A rule at work: on the records of a file as they are read, and on one record when an article is made of it.

use rustc_hash::FxHashSet;
use serde_json::{Map, Value};

use super::super::json;
use super::super::names::Field;
use super::super::raw::{RawRecord, RecordContent};
use super::super::refusal::{Refusal, RefusalCode};
use super::super::values::{self, Reading};
use super::IngestRule;

/// Keys of the first record that a refusal names.
const NAMED_KEYS: usize = 12;

/// Which paths of a rule the records of a file have had so far.
#[derive(Debug, Default)]
pub(in crate::ingest) struct SeenPaths {
    seen: FxHashSet<String>,
    /// Some keys of the first record.
    keys: Option<String>,
}

impl IngestRule {
    /// Looks at a record as it is read. Whether the rule passes it over.
    pub(in crate::ingest) fn passes_over(&self, record: &RawRecord, seen: &mut SeenPaths) -> bool {
        if self.fields.is_empty() && self.skip.is_empty() {
            return false;
        }
        let parsed;
        let fields = match &record.content {
            RecordContent::Fields(fields) | RecordContent::Feed { fields, .. } => fields,
            RecordContent::Json(bytes) => match json::parse_fields(bytes) {
                Some(fields) => {
                    parsed = fields;
                    &parsed
                }
                // It is refused when it is read.
                None => return false,
            },
            RecordContent::Html(_) | RecordContent::ScrapedPage(_) => return false,
        };
        seen.keys.get_or_insert_with(|| {
            let keys: Vec<&str> = fields.keys().take(NAMED_KEYS).map(String::as_str).collect();
            keys.join(", ")
        });
        let skips = self.skip.iter().map(|(path, _)| path);
        for path in self.fields.iter().flat_map(|(_, paths)| paths).chain(skips) {
            if !seen.seen.contains(path.as_str()) && path.of(fields).is_some() {
                seen.seen.insert(path.as_str().to_owned());
            }
        }
        self.skip.iter().any(|(path, values)| {
            let found = path.of(fields).map(written).unwrap_or_default();
            found.iter().any(|text| values.iter().any(|value| value == text.trim()))
        })
    }

    /// At the end of a file: for each path that no record had, why the rule does not fit.
    pub(in crate::ingest) fn missing(&self, seen: &SeenPaths) -> Vec<Refusal> {
        // Pages have no keys, and a file without records says so itself.
        let Some(keys) = &seen.keys else { return Vec::new() };
        // Of several keys of one field one is enough: files of different origin have different ones.
        let of_fields = self.fields.iter().map(|(field, paths)| (field.as_str(), paths.as_slice()));
        let of_skips = self.skip.iter().map(|(path, _)| ("skip", std::slice::from_ref(path)));
        of_fields
            .chain(of_skips)
            .filter(|(_, paths)| !paths.iter().any(|path| seen.seen.contains(path.as_str())))
            .map(|(what, paths)| {
                let paths: Vec<String> = paths.iter().map(|path| format!("`{}`", path.as_str())).collect();
                let detail = format!(
                    "no record of this file has {} ({what} of [[ingest]]); the first one has {keys}; correct the rule",
                    paths.join(" or ")
                );
                Refusal::new(RefusalCode::MissingPath, detail)
            })
            .collect()
    }

    /// Puts what the paths name under the fields' own names. Gives the path that fed each field.
    pub(in crate::ingest) fn place(&self, record: &mut Map<String, Value>) -> Vec<(Field, String)> {
        let mut placed = Vec::new();
        let mut values = Vec::new();
        for (field, paths) in &self.fields {
            for path in paths {
                let says =
                    path.of(record).is_some_and(|value| !matches!(values::texts(value), Reading::Empty));
                if says && let Some(value) = path.take(record) {
                    placed.push((*field, path.as_str().to_owned()));
                    values.push((*field, value));
                    break;
                }
            }
        }
        for (field, value) in values {
            // Another value under the field's own name is not what the rule means; it is kept.
            if let Some(other) = record.insert(field.as_str().to_owned(), value) {
                record.insert(format!("{field}_raw"), other);
            }
        }
        placed
    }
}

/// The texts of a value; what is no text as JSON writes it: `true`, `1`, `null`.
fn written(value: Value) -> Vec<String> {
    match value {
        Value::Bool(_) | Value::Number(_) | Value::Null => vec![value.to_string()],
        Value::String(text) => vec![text],
        Value::Array(items) => items.into_iter().flat_map(written).collect(),
        Value::Object(_) => match values::texts(value) {
            Reading::Is(texts) => texts,
            _ => Vec::new(),
        },
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::super::RuleSpec;
    use super::*;

    fn rule(text: &str) -> IngestRule {
        toml::from_str::<RuleSpec>(text).unwrap().resolve().unwrap()
    }

    fn record(value: Value) -> RawRecord {
        RawRecord::new(Some(1), RecordContent::Json(value.to_string().into_bytes()))
    }

    #[test]
    fn records_are_passed_over_and_paths_that_none_has_are_named() {
        let rule = rule(
            "title = [\"a.b\", \"t\"]\nskip = { state = [\"중복\", \"예외\"] }\noutlet = \"press.nmae\"",
        );
        let mut seen = SeenPaths::default();
        let skipped = [
            json!({"t": "가", "state": "예외"}),
            json!({"t": "나", "state": ["정상"], "press": {"name": "다"}}),
            json!({"t": "다"}),
        ]
        .map(|value| rule.passes_over(&record(value), &mut seen));
        assert_eq!(skipped, [true, false, false]);
        let missing: Vec<String> = rule.missing(&seen).into_iter().map(|refusal| refusal.detail).collect();
        assert_eq!(missing.len(), 1, "{missing:?}");
        assert!(
            missing[0].contains("`press.nmae` (outlet") && missing[0].contains("t, state"),
            "{missing:?}"
        );
        let mut none = SeenPaths::default();
        rule.passes_over(&record(json!({"headline": "가"})), &mut none);
        let missing: Vec<String> = rule.missing(&none).into_iter().map(|refusal| refusal.detail).collect();
        assert!(missing[0].contains("`a.b` or `t` (title"), "{missing:?}");
        assert!(rule.missing(&SeenPaths::default()).is_empty());
    }

    #[test]
    fn what_is_no_text_is_passed_over_as_it_is_written() {
        let rule = rule("skip = { del = [\"true\", \"1\", \"null\"] }");
        let passed = |value: Value| {
            rule.passes_over(&record(json!({"t": "가", "del": value})), &mut SeenPaths::default())
        };
        for value in [json!(true), json!(1), json!("1"), json!(null), json!(["0", 1])] {
            assert!(passed(value.clone()), "{value}");
        }
        for value in [json!(false), json!(0), json!(11), json!("TRUE"), json!({})] {
            assert!(!passed(value.clone()), "{value}");
        }
    }

    #[test]
    fn fields_are_placed_and_what_was_there_is_kept() {
        let rule = rule("title = [\"head.main\", \"slug\"]\nid = \"no\"");
        let Value::Object(mut fields) =
            json!({"head": {"main": "-", "sub": "부제"}, "slug": "가", "title": "나", "no": 7})
        else {
            unreachable!()
        };
        let placed = rule.place(&mut fields);
        assert_eq!(placed, [(Field::Id, "no".to_owned()), (Field::Title, "slug".to_owned())]);
        assert_eq!(
            Value::Object(fields),
            json!({"head": {"main": "-", "sub": "부제"}, "id": 7, "title": "가", "title_raw": "나"})
        );
    }
}
