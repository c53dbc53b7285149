//! A rule at work: on the records of a file as they are read, and on one record when an article is made of it.

use rustc_hash::FxHashSet;
use serde_json::{Map, Value};

use super::super::encoding::decode;
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
            RecordContent::Json(bytes) => match parse(bytes) {
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
        self.skip.iter().any(|(path, values)| match path.of(fields).map(values::texts) {
            Some(Reading::Is(texts)) => {
                texts.iter().any(|text| values.iter().any(|value| value == text.trim()))
            }
            _ => false,
        })
    }

    /// At the end of a file: for each path that no record had, why the rule does not fit.
    pub(in crate::ingest) fn missing(&self, seen: &SeenPaths) -> Vec<Refusal> {
        // Pages have no keys, and a file without records says so itself.
        let Some(keys) = &seen.keys else { return Vec::new() };
        let of_fields = self
            .fields
            .iter()
            .flat_map(|(field, paths)| paths.iter().map(move |path| (field.as_str(), path)));
        let of_skips = self.skip.iter().map(|(path, _)| ("skip", path));
        of_fields
            .chain(of_skips)
            .filter(|(_, path)| !seen.seen.contains(path.as_str()))
            .map(|(what, path)| {
                let path = path.as_str();
                let detail = format!(
                    "no record of this file has `{path}` ({what} of [[ingest]]); the first one has {keys}; correct the rule"
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

fn parse(bytes: &[u8]) -> Option<Map<String, Value>> {
    match json::parse_value(&decode(bytes).ok()?).ok()? {
        Value::Object(fields) => Some(fields),
        _ => None,
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
        assert_eq!(missing.len(), 2, "{missing:?}");
        assert!(missing[0].contains("`a.b` (title") && missing[0].contains("t, state"), "{missing:?}");
        assert!(missing[1].contains("`press.nmae` (outlet"), "{missing:?}");
        assert!(rule.missing(&SeenPaths::default()).is_empty());
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
