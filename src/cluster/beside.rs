//! What belongs to an index beside its articles: what the search box offers, the names that articles teach, and the lexicon. Documents of a
//! small index of its own, so that whoever only reads finds them.

use serde_json::{Value, json};
use ureq::http::Method;

use super::client::{Again, Client};
use super::error::ClusterError;
use crate::article::Timestamp;
use crate::learned::{LearnedNames, LearnedPair};
use crate::query::archive::Deadline;
use crate::suggest::Suggestions;
use crate::suggest::table::{Entry, EntryKind};

/// Entries and pairs in one document.
const PER_DOCUMENT: usize = 5_000;
/// Documents at most.
const MOST_DOCUMENTS: usize = 10_000;

/// What is kept beside the articles of an index.
#[derive(Debug, Clone, Default)]
pub(super) struct Beside {
    /// What the search box offers.
    pub(super) entries: Vec<Entry>,
    /// The moment at which articles count fully in [`Entry::recent`].
    pub(super) reference: i64,
    /// The names that articles teach.
    pub(super) learned: Vec<LearnedPair>,
    /// The files of the lexicon that the articles were analysed with, by name; none where it is the built-in one.
    pub(super) lexicon: Vec<(String, String)>,
}

impl Beside {
    /// Writes it to the index `index`, which is empty.
    pub(super) fn write(&self, client: &Client, index: &str) -> Result<(), ClusterError> {
        let mut parts = vec![json!({"reference": self.reference})];
        for entries in self.entries.chunks(PER_DOCUMENT) {
            let entries: Vec<Value> = entries.iter().map(written).collect();
            parts.push(json!({"entries": entries}));
        }
        for pairs in self.learned.chunks(PER_DOCUMENT) {
            parts.push(json!({"learned": pairs}));
        }
        for (name, text) in &self.lexicon {
            parts.push(json!({"lexicon": [name, text]}));
        }
        let last = parts.len();
        for (number, part) in parts.into_iter().enumerate() {
            let document = json!({"part": number, "text": {"json": part.to_string(), "of": last}});
            let path = format!("/{index}/_doc/{number}");
            client.send(Method::PUT, &path, Some(document.to_string()), Again::Harmless, Deadline::NONE)?;
        }
        client.send(Method::POST, &format!("/{index}/_refresh"), None, Again::Harmless, Deadline::NONE)?;
        Ok(())
    }

    /// Reads it from the index `index`.
    pub(super) fn read(client: &Client, index: &str) -> Result<Self, ClusterError> {
        let damaged = || ClusterError::Unreadable { what: format!("{index} is damaged") };
        let all = json!({"size": MOST_DOCUMENTS, "query": {"exists": {"field": "part"}}, "sort": [{"part": "asc"}]});
        let answer = client.search(index, &all, Deadline::NONE)?;
        let hits = answer.pointer("/hits/hits").and_then(Value::as_array).ok_or_else(damaged)?;
        let mut beside = Self::default();
        for hit in hits {
            let text = hit.pointer("/_source/text").ok_or_else(damaged)?;
            if text.get("of").and_then(Value::as_u64) != Some(hits.len() as u64) {
                return Err(damaged());
            }
            let json = text.get("json").and_then(Value::as_str).ok_or_else(damaged)?;
            let mut part: Value = serde_json::from_str(json).map_err(|_| damaged())?;
            if let Some(reference) = part.get("reference") {
                beside.reference = reference.as_i64().ok_or_else(damaged)?;
            }
            for entry in part.get("entries").and_then(Value::as_array).into_iter().flatten() {
                beside.entries.push(read_entry(entry).ok_or_else(damaged)?);
            }
            if let Some(pairs) = part.get_mut("learned").map(Value::take) {
                let pairs: Vec<LearnedPair> = serde_json::from_value(pairs).map_err(|_| damaged())?;
                beside.learned.extend(pairs);
            }
            if let Some(file) = part.get("lexicon") {
                let text = |at: usize| file.get(at).and_then(Value::as_str).map(str::to_owned);
                beside.lexicon.push(text(0).zip(text(1)).ok_or_else(damaged)?);
            }
        }
        Ok(beside)
    }

    /// What the search box offers.
    pub(super) fn suggestions(&self) -> Suggestions {
        Suggestions::of(self.entries.clone(), Timestamp::from_seconds(self.reference))
    }

    /// The names that articles teach.
    pub(super) fn names(&self) -> LearnedNames {
        LearnedNames::new(self.learned.clone())
    }
}

/// The index that holds what belongs beside the articles of `index`.
pub(super) fn beside_of(index: &str) -> String {
    format!("{index}-beside")
}

fn written(entry: &Entry) -> Value {
    let reporter = entry.kind == EntryKind::Reporter;
    json!([entry.text, entry.spoken, reporter, entry.articles, entry.recent])
}

fn read_entry(entry: &Value) -> Option<Entry> {
    let text = |at: usize| entry.get(at).and_then(Value::as_str).map(Box::from);
    let kind = if entry.get(2)?.as_bool()? { EntryKind::Reporter } else { EntryKind::Text };
    Some(Entry {
        text: text(0)?,
        spoken: text(1),
        kind,
        articles: entry.get(3)?.as_u64().and_then(|count| u32::try_from(count).ok())?,
        recent: entry.get(4)?.as_f64()? as f32,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_read_as_it_was_written() {
        for (kind, spoken) in [(EntryKind::Text, None), (EntryKind::Reporter, Some(Box::from("엘에이치")))]
        {
            let entry = Entry { text: "LH".into(), spoken, kind, articles: 7, recent: 1.25 };
            assert_eq!(read_entry(&written(&entry)).unwrap(), entry);
        }
        assert_eq!(read_entry(&json!(["LH", null, false, -1, 0.5])), None);
    }
}
