//! The one mapping of an index of the cluster, its settings, and whether an index has them.

use serde_json::{Map, Value, json};

use super::cells::{EMPTY, JOINT, LONGEST_CELL};
use super::error::ClusterError;
use crate::query::ranking::RankingOptions;

/// Changes whenever analysis or mapping change what is in an index: one of another version is refused.
pub(super) const FORMAT: u64 = 2;

/// BM25 for titles: a word says more in a title of three words than in one of twelve.
const TITLE_K1: f32 = 1.2;
/// See [`TITLE_K1`].
const TITLE_B: f32 = 0.75;

/// How an index of the cluster is laid out.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    /// Into how many shards it is cut.
    pub shards: u32,
    /// Copies of each shard beside the first.
    pub replicas: u32,
}

impl Default for Layout {
    fn default() -> Self {
        Self { shards: 1, replicas: 0 }
    }
}

/// Settings that templates of a cluster may change: set, and read back.
const READ_BACK: [(&str, &str); 7] = [
    ("index.refresh_interval", "-1"),
    ("index.gc_deletes", "1h"),
    ("index.replication.type", "DOCUMENT"),
    ("index.default_pipeline", "_none"),
    ("index.final_pipeline", "_none"),
    ("index.similarity.gisa.discount_overlaps", "false"),
    ("index.analysis.tokenizer.gisa_cells.max_token_length", "4096"),
];

/// Settings and mapping of a new index.
pub(super) fn new_index(prefix: &str, layout: Layout) -> Value {
    let RankingOptions { k1, b, .. } = RankingOptions::default();
    let similarity = |k1: f32, b: f32| {
        // tantivy counts every token in the length of a text, Lucene by default one a position.
        json!({"type": "BM25", "k1": k1.to_string(), "b": b.to_string(), "discount_overlaps": "false"})
    };
    json!({
        "settings": {
            "index.number_of_shards": layout.shards,
            // Copied when all is there: files cost less than a second indexing.
            "index.number_of_replicas": 0,
            // Nothing is to be seen before the writer shows it.
            "index.refresh_interval": "-1",
            // An older write that comes late must not bring back what was deleted.
            "index.gc_deletes": "1h",
            "index.replication.type": "DOCUMENT",
            "index.default_pipeline": "_none",
            "index.final_pipeline": "_none",
            "index.similarity.gisa": similarity(k1, b),
            "index.similarity.gisa_title": similarity(TITLE_K1, TITLE_B),
            "index.analysis": {
                "tokenizer": {"gisa_cells": {"type": "whitespace", "max_token_length": LONGEST_CELL}},
                "filter": {
                    "gisa_empty": {"type": "stop", "stopwords": [EMPTY]},
                    "gisa_terms": {
                        "type": "pattern_capture",
                        "preserve_original": false,
                        "patterns": [format!("([^{JOINT}]+)")],
                    },
                },
                "analyzer": {"gisa": {
                    "type": "custom", "tokenizer": "gisa_cells", "filter": ["gisa_empty", "gisa_terms"],
                }},
            },
        },
        "mappings": {
            "dynamic": "strict",
            "_meta": {"gisa": {"format": FORMAT, "prefix": prefix, "complete": false}},
            "_source": {"excludes": ["morph", "gram", "edge", "title"]},
            "properties": properties(),
        },
    })
}

fn properties() -> Value {
    let lane = |options: &str, similarity: &str, norms: bool| json!({"type": "text", "analyzer": "gisa", "index_options": options, "similarity": similarity, "norms": norms});
    let mut properties = Map::new();
    let mut add = |name: &str, value: Value| properties.insert(name.to_owned(), value);
    add("morph", lane("positions", "gisa", true));
    add("gram", lane("positions", "gisa", true));
    // Edges find and do not rank.
    add("edge", lane("positions", "gisa", false));
    add("title", lane("docs", "gisa_title", true));
    // As they were given: neither searched nor taken apart.
    add("article", json!({"type": "object", "enabled": false}));
    add("quotes", json!({"type": "object", "enabled": false}));
    let names = ["outlet", "reporter", "section", "person", "place", "organisation", "word"];
    let others = ["id", "day", "month", "year", "group", "address"];
    for name in names.into_iter().chain(others) {
        add(name, json!({"type": "keyword"}));
    }
    for name in ["published", "newest", "oldest", "sequence", "quoted"] {
        add(name, json!({"type": "long"}));
    }
    add("replaced", json!({"type": "boolean"}));
    Value::Object(properties)
}

/// Settings and mapping of the index that holds what belongs beside the articles.
pub(super) fn new_beside() -> Value {
    json!({
        "settings": {"index.number_of_shards": 1, "index.number_of_replicas": 0},
        "mappings": {"dynamic": "strict", "properties": {
            "part": {"type": "long"},
            "text": {"type": "object", "enabled": false},
        }},
    })
}

/// Settings and mapping of the index with what is said of keys. Whichever node is lost, another has it.
pub(super) fn new_keys() -> Value {
    json!({
        "settings": {"index.number_of_shards": 1, "index.auto_expand_replicas": "0-all"},
        "mappings": {"dynamic": "strict", "properties": {"text": {"type": "object", "enabled": false}}},
    })
}

/// Checks that the index `name` has the settings that it was made with. `answer` is what the cluster says of its settings, flat.
///
/// # Errors
/// [`ClusterError::Setting`] names the first that differs.
pub(super) fn check_settings(name: &str, answer: &Value) -> Result<(), ClusterError> {
    let settings = answer.get(name).and_then(|index| index.get("settings")).unwrap_or(&Value::Null);
    for (setting, needed) in READ_BACK {
        let found = settings.get(setting).and_then(Value::as_str).unwrap_or("nothing");
        if found != needed {
            return Err(ClusterError::Setting {
                name: name.to_owned(),
                setting,
                found: found.to_owned(),
                needed: needed.to_owned(),
            });
        }
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_that_a_template_changed_is_named() {
        let mut settings: serde_json::Map<String, Value> =
            READ_BACK.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        let answer = |settings: &serde_json::Map<String, Value>| json!({"news-1": {"settings": settings}});
        check_settings("news-1", &answer(&settings)).unwrap();
        settings.insert("index.final_pipeline".to_owned(), json!("audit"));
        let error = check_settings("news-1", &answer(&settings)).unwrap_err().to_string();
        assert!(error.contains("index.final_pipeline audit instead of _none"), "{error}");
        assert!(check_settings("other", &answer(&settings)).is_err());
    }

    #[test]
    fn every_read_back_setting_is_set() {
        let made = new_index("news", Layout::default());
        let settings = &made["settings"];
        for (name, needed) in READ_BACK {
            let flat = settings.get(name).cloned();
            let (group, rest) = name.strip_prefix("index.similarity.gisa.").map_or_else(
                || {
                    (
                        &settings["index.analysis"],
                        name.trim_start_matches("index.analysis.").replace('.', "/"),
                    )
                },
                |rest| (&settings["index.similarity.gisa"], rest.to_owned()),
            );
            let nested = || group.pointer(&format!("/{rest}")).cloned();
            let found = flat.or_else(nested).unwrap_or_else(|| panic!("{name}"));
            assert_eq!(found.to_string().trim_matches('"'), needed, "{name}");
        }
    }
}
