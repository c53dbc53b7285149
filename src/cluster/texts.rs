//! The texts of articles that the cluster found, read and analysed here.

use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use super::archive::ClusterArchive;
use super::document::document_id;
use super::error::ClusterError;
use super::hits::Stretch;
use super::reply::hits_of;
use crate::article::{Article, Timestamp};
use crate::query::archive::{ArchiveError, Deadline, Place};
use crate::query::request::Sort;
use crate::suggest::Suggestions;
use crate::suggest::titles::ArrivalReader;

/// Articles that are read at once.
const AT_ONCE: usize = 250;
/// Articles whose titles a key's own suggestions are made of, at most.
const OFFERED: usize = 20_000;

impl ClusterArchive {
    /// Gives `each` what the documents of articles have in `fields`, in the order of `places`; a few are in memory at once.
    ///
    /// # Errors
    /// Also for a place that this archive did not give.
    pub(super) fn each_source(
        &self,
        places: &[Place],
        fields: &[&str],
        deadline: Deadline,
        mut each: impl FnMut(Place, &Value) -> Result<(), ArchiveError>,
    ) -> Result<(), ArchiveError> {
        for some in places.chunks(AT_ONCE) {
            let ids: Vec<String> = some.iter().copied().map(document_id).collect();
            let query = self.within(vec![json!({"ids": {"values": ids}})]);
            let body = json!({"size": some.len(), "query": query, "_source": fields, "sort": ["_doc"]});
            let answer = self.search(&body, deadline)?;
            let hits = hits_of(&answer);
            let sources: FxHashMap<&str, &Value> = hits
                .iter()
                .filter_map(|hit| Some((hit.get("_id")?.as_str()?, hit.get("_source")?)))
                .collect();
            for (place, id) in some.iter().zip(&ids) {
                deadline.check()?;
                let missing = || ClusterError::Unreadable { what: format!("the article {id} is not there") };
                each(*place, sources.get(id.as_str()).ok_or_else(missing)?)?;
            }
        }
        Ok(())
    }

    /// The articles at `places`, in the same order.
    pub(super) fn articles_at(
        &self,
        places: &[Place],
        deadline: Deadline,
    ) -> Result<Vec<Article>, ArchiveError> {
        let mut articles = Vec::with_capacity(places.len());
        self.each_source(places, &["article"], deadline, |_, source| {
            articles.push(article_of(source)?);
            Ok(())
        })?;
        Ok(articles)
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
        self.each_source(&places, &["article"], Deadline::NONE, |_, source| {
            offered = std::mem::take(&mut offered).with(&reader.read(&article_of(source)?), now);
            Ok(())
        })?;
        Ok(offered)
    }
}

/// The article of a document.
pub(super) fn article_of(source: &Value) -> Result<Article, ClusterError> {
    let json = source.pointer("/article/json").and_then(Value::as_str).unwrap_or_default();
    serde_json::from_str(json)
        .map_err(|error| ClusterError::Unreadable { what: format!("an article: {error}") })
}
