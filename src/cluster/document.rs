//! An article as a document of the cluster.

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::cells::Cells;
use super::error::ClusterError;
use crate::article::Article;
use crate::entities::{EntityKind, entities_of};
use crate::ingest::common_form;
use crate::korean::Language;
use crate::korean::analysis::{Analysis, Analyzer, analysed_text};
use crate::korean::fold::kept_chars;
use crate::query::archive::Place;
use crate::quotes::{QuotePlace, SpeakerPlace, quotes_of};

/// What articles without a date are ordered by: after all others in either order.
pub(super) const UNDATED: i64 = 1 << 60;

/// The column of the names of a kind.
pub(super) fn column_of(kind: EntityKind) -> &'static str {
    kind.as_str()
}

/// The number of an article in every index of the cluster, from its id: 64 bits of a hash. Two articles with one number are refused when an
/// index is filled.
pub(super) fn place_of(id: &str) -> Place {
    let hash = Sha256::digest(id).iter().take(8).fold(0, |hash, byte| hash << 8 | u64::from(*byte));
    Place::new(hash)
}

/// The `_id` of a document: ids of articles may be longer than a cluster takes.
pub(super) fn document_id(place: Place) -> String {
    format!("{:016x}", place.value())
}

/// What the column of addresses has for an address in its common form.
pub(super) fn address_key(address: &str) -> String {
    Sha256::digest(address).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// When an article came.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Came {
    /// Its number in the order in which articles came; 0 where it has none.
    pub(super) sequence: u64,
    /// Whether a changed file replaced another article of the same id by it.
    pub(super) replaced: bool,
}

/// Makes documents; a thread's.
pub(super) struct DocumentWriter<'l> {
    language: &'l Language,
    analyzer: Analyzer,
    analysis: Analysis,
}

impl<'l> DocumentWriter<'l> {
    pub(super) fn new(language: &'l Language) -> Self {
        Self { language, analyzer: language.korean().analyzer(), analysis: Analysis::default() }
    }

    /// The document of `article`, which came as `came` says, of the group of near-identical articles `group`.
    ///
    /// # Errors
    /// [`ClusterError::Article`] for one that no document can hold.
    pub(super) fn document(
        &mut self,
        article: &Article,
        came: Came,
        group: Option<&str>,
    ) -> Result<Value, ClusterError> {
        let refused = |reason: String| ClusterError::Article { id: article.id.to_string(), reason };
        self.analyzer.analyze(&analysed_text(article), &mut self.analysis);
        let cells = Cells::of(&self.analysis)
            .ok_or_else(|| refused("at one place of its text there are too many terms".to_owned()))?;
        let source = serde_json::to_string(article).map_err(|error| refused(error.to_string()))?;
        let named = entities_of(article, self.language);
        let mut document = Map::new();
        let mut add = |name: &str, value: Value| document.insert(name.to_owned(), value);
        add("id", json!(article.id.as_str()));
        add("article", json!({"json": source}));
        add("morph", json!(cells.morph));
        add("gram", json!(cells.gram));
        add("edge", json!(cells.edge));
        add("title", json!(cells.title));
        add("sequence", json!(came.sequence));
        add("replaced", json!(came.replaced));
        let published = article.published_at.map(|at| at.seconds());
        add("newest", json!(published.unwrap_or(-UNDATED)));
        add("oldest", json!(published.unwrap_or(UNDATED)));
        if let Some(at) = article.published_at {
            // `2023-06-09T16:53:00+09:00`, in Korean time.
            let text = at.to_string();
            add("published", json!(at.seconds()));
            for (name, length) in [("day", 10), ("month", 7), ("year", 4)] {
                add(name, json!(text.get(..length)));
            }
        }
        add("outlet", json!(article.outlet));
        add("section", json!(article.section));
        add("reporter", json!(article.reporters));
        add("group", json!(group));
        add("address", json!(article.url.as_deref().and_then(common_form).map(|form| address_key(&form))));
        for kind in EntityKind::ALL {
            let names: Vec<&str> = named.of_kind(kind).map(|entity| entity.name.as_str()).collect();
            add(column_of(kind), json!(names));
        }
        let kept = kept_chars(&article.body);
        let quotes: Vec<Value> = quotes_of(article, &named)
            .into_iter()
            .map(|quote| {
                let place = QuotePlace::of(&quote.text, &article.body, &kept);
                let words = quote.speaker_text.and_then(|words| SpeakerPlace::of(&words, place, &kept));
                // A packed place does not fit the numbers of JSON readers.
                json!([place.pack().to_string(), quote.speaker, words.map(SpeakerPlace::write)])
            })
            .collect();
        add("quoted", json!(quotes.len()));
        add("quotes", json!({"list": quotes}));
        Ok(Value::Object(document))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn whatever_its_id_an_article_has_a_document_id_of_one_length() {
        for id in ["기사/1", &"긴".repeat(200), ""] {
            assert_eq!(document_id(place_of(id)).len(), 16, "{id}");
        }
        assert_ne!(place_of("기사/1"), place_of("기사/2"));
    }
}
