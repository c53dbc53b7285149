//! What an object says beside its list of articles.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::super::names::{self, Field};
use super::entries::Entries;

/// The longest value beside a list that is taken for a field, in bytes of JSON.
const LONGEST: usize = 4096;
/// Keys beside a list that a report can name.
const NAMED_KEYS: usize = 100;

/// What stands beside a list of articles and is said of each of them.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::ingest) struct Around {
    /// What feeds the articles that have none of their own: outlet, section, reporters, date.
    pub(in crate::ingest) fields: Map<String, Value>,
    /// The title of the list, which may name the outlet.
    pub(in crate::ingest) title: Option<Arc<str>>,
    /// All other keys, with the way to them.
    pub(in crate::ingest) others: Vec<String>,
}

impl Around {
    /// The entries of an object but that under `list`, with `way` before the names of its keys.
    pub(super) fn of(entries: &Entries<'_>, list: &str, way: &str) -> Self {
        let mut around = Self::default();
        for (key, raw) in entries.iter().filter(|(key, _)| key != list) {
            if feeds(key)
                && raw.len() <= LONGEST
                && let Ok(value) = serde_json::from_str::<Value>(raw)
                && !around.fields.contains_key(key.as_ref())
            {
                around.fields.insert(key.clone().into_owned(), value);
                continue;
            }
            if names::field_of(key) == Some(Field::Title)
                && raw.len() <= LONGEST
                && let Ok(title) = serde_json::from_str::<String>(raw)
            {
                around.title.get_or_insert_with(|| Arc::from(title.trim()));
            }
            if around.others.len() < NAMED_KEYS {
                around.others.push(format!("{way}{}", key.chars().take(60).collect::<String>()));
            }
        }
        around
    }

    /// Adds what stands further out: what is nearer counts first. The other keys are in the order of the text.
    pub(in crate::ingest) fn within(self, outer: Self) -> Self {
        let mut fields = self.fields;
        for (key, value) in outer.fields {
            fields.entry(key).or_insert(value);
        }
        let mut others = outer.others;
        others.extend(self.others);
        Self { fields, title: self.title.or(outer.title), others }
    }
}

/// Whether what is under `key` may be said of the articles in a list beside it. The time of an answer and who wrote the export are not.
fn feeds(key: &str) -> bool {
    const OF_THE_EXPORT: [&str; 9] = [
        "timestamp",
        "datetime",
        "createdat",
        "versioncreated",
        "firstcreated",
        "creator",
        "dccreator",
        "company",
        "작성자",
    ];
    let field = names::field_of(key);
    matches!(field, Some(Field::Outlet | Field::Section | Field::Reporters | Field::PublishedAt))
        && !OF_THE_EXPORT.contains(&names::fold(key).as_str())
}
