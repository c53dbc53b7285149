//! The texts of articles that the cluster found, read and analysed here.

use serde_json::{Value, json};

use super::archive::ClusterArchive;
use super::document::document_id;
use super::error::ClusterError;
use super::hits::Stretch;
use crate::article::{Article, Timestamp};
use crate::query::archive::{ArchiveError, Deadline, Place};
use crate::query::request::Sort;
use crate::suggest::Suggestions;
use crate::suggest::titles::ArrivalReader;

/// Articles that are read at once.
const AT_ONCE: usize = 500;
/// Articles whose titles a key's own suggestions are made of, at most.
const OFFERED: usize = 20_000;

impl ClusterArchive {
    /// What the documents of articles have in `fields`, in the order of `places`.
    ///
    /// # Errors
    /// Also for a place that this archive did not give.
    pub(super) fn sources(
        &self,
        places: &[Place],
        fields: &[&str],
        deadline: Deadline,
    ) -> Result<Vec<Value>, ClusterError> {
        let mut sources = Vec::with_capacity(places.len());
        for some in places.chunks(AT_ONCE) {
            let ids: Vec<String> = some.iter().copied().map(document_id).collect();
            let query = self.within(vec![json!({"ids": {"values": ids}})]);
            let body = json!({"size": some.len(), "query": query, "_source": fields, "sort": ["_doc"]});
            let answer = self.search(&body, deadline)?;
            let hits = answer.pointer("/hits/hits").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            for id in &ids {
                let hit = hits.iter().find(|hit| hit.get("_id").and_then(Value::as_str) == Some(id));
                let missing = || ClusterError::Unreadable { what: format!("the article {id} is not there") };
                sources.push(hit.and_then(|hit| hit.get("_source")).cloned().ok_or_else(missing)?);
            }
        }
        Ok(sources)
    }

    /// The articles at `places`, in the same order.
    pub(super) fn articles_at(
        &self,
        places: &[Place],
        deadline: Deadline,
    ) -> Result<Vec<Article>, ArchiveError> {
        let sources = self.sources(places, &["article"], deadline)?;
        Ok(sources.iter().map(article_of).collect::<Result<_, _>>()?)
    }

    /// What titles and names of the articles offer that a filter lets through; nothing where those are more than [`OFFERED`].
    pub(super) fn offered(&self) -> Result<Suggestions, ArchiveError> {
        let stretch = Stretch { sort: Sort::Newest, skip: 0, size: OFFERED, after: None };
        let (hits, total) = self.hits(&self.within(Vec::new()), stretch, Deadline::NONE)?;
        if total > OFFERED as u64 {
            // Nothing is offered, rather than what is in some of them.
            return Ok(Suggestions::default());
        }
        let latest = hits.iter().filter_map(|hit| hit.published).max().unwrap_or_default();
        let now = Timestamp::from_seconds(latest);
        let places: Vec<Place> = hits.iter().map(|hit| hit.place).collect();
        let mut reader = ArrivalReader::new(self.held.language.korean());
        let mut offered = Suggestions::of(Vec::new(), now);
        for some in places.chunks(AT_ONCE) {
            for article in self.articles_at(some, Deadline::NONE)? {
                offered = offered.with(&reader.read(&article), now);
            }
        }
        Ok(offered)
    }
}

/// The article of a document.
pub(super) fn article_of(source: &Value) -> Result<Article, ClusterError> {
    let json = source.pointer("/article/json").and_then(Value::as_str).unwrap_or_default();
    serde_json::from_str(json)
        .map_err(|error| ClusterError::Unreadable { what: format!("an article: {error}") })
}
