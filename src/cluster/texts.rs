//! The texts of articles that the cluster found, read and analysed here.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use super::archive::ClusterArchive;
use super::document::document_id;
use super::error::ClusterError;
use super::hits::{Hit, Stretch};
use super::remembered::Text;
use super::reply::hits_of;
use crate::article::{Article, Timestamp};
use crate::query::archive::{ArchiveError, Deadline, Place, Placed};
use crate::query::plan::Plan;
use crate::query::request::Sort;
use crate::query::text::{PackedTerms, TextPositions};
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
        // For a key with a fixed filter nothing is remembered: what that hides, the cluster has to say.
        let known = |place: &Place| self.remembered(*place).filter(|_| !self.is_restricted());
        let mut articles: Vec<Option<Article>> =
            places.iter().map(|place| known(place).map(|text| text.article.clone())).collect();
        let gaps = places.iter().zip(&articles).filter(|(_, article)| article.is_none());
        let unknown: Vec<Place> = gaps.map(|(place, _)| *place).collect();
        let mut gaps = articles.iter_mut().filter(|article| article.is_none());
        self.each_unknown(&unknown, deadline, |text| {
            if let Some(gap) = gaps.next() {
                *gap = Some(text.article.clone());
            }
        })?;
        Ok(articles.into_iter().flatten().collect())
    }

    /// Gives `each` the terms of the articles at `places`, and which of them it is, those first that are remembered.
    pub(super) fn each_terms(
        &self,
        places: &[Place],
        deadline: Deadline,
        mut each: impl FnMut(usize, &PackedTerms),
    ) -> Result<(), ArchiveError> {
        let mut analyzer = self.held.language.korean().analyzer();
        let mut unknown: Vec<usize> = Vec::new();
        for (at, place) in places.iter().enumerate() {
            deadline.check()?;
            match self.remembered(*place) {
                Some(text) => each(at, text.terms(&mut analyzer)),
                None => unknown.push(at),
            }
        }
        let unknown_places: Vec<Place> = unknown.iter().filter_map(|at| places.get(*at).copied()).collect();
        let mut unknown = unknown.into_iter();
        self.each_unknown(&unknown_places, deadline, |text| {
            if let Some(at) = unknown.next() {
                each(at, text.terms(&mut analyzer));
            }
        })
    }

    /// Reads the articles at `places`, gives them to `each` in their order, and remembers those of which a hit told the version.
    fn each_unknown(
        &self,
        places: &[Place],
        deadline: Deadline,
        mut each: impl FnMut(&Text),
    ) -> Result<(), ArchiveError> {
        self.each_source(places, &["article"], deadline, |place, source| {
            let text = Arc::new(Text::new(article_of(source)?, json_of(source).len()));
            each(&text);
            if let Some(version) = self.held.found.versions.get(&place) {
                self.held.texts.put(version, text);
            }
            Ok(())
        })
    }

    /// Notes which versions of articles the hits of this edition are: only of those a text is remembered.
    pub(super) fn note_versions<'h>(&self, hits: impl Iterator<Item = &'h Hit>) {
        for hit in hits {
            self.held.found.versions.put(hit.place, hit.version);
        }
    }

    /// What the article at `place` says, where a hit told its version and it was read since.
    fn remembered(&self, place: Place) -> Option<Arc<Text>> {
        self.held.texts.get(&self.held.found.versions.get(&place)?)
    }

    /// Where the wanted clauses of `plan` begin in the articles at `places`; `None` where one of them is not remembered. Then whoever asks has read
    /// it, and need not have it read once more.
    pub(super) fn placed(
        &self,
        plan: &Plan,
        places: &[Place],
        deadline: Deadline,
    ) -> Result<Option<Vec<Vec<Placed>>>, ArchiveError> {
        let texts: Option<Vec<Arc<Text>>> = places.iter().map(|place| self.remembered(*place)).collect();
        let Some(texts) = texts else { return Ok(None) };
        let mut analyzer = self.held.language.korean().analyzer();
        let mut placed = Vec::with_capacity(texts.len());
        for text in texts {
            deadline.check()?;
            let clauses = plan.wanted_clauses().map(|(_, clause)| clause);
            placed.push(TextPositions::of_packed(text.terms(&mut analyzer), clauses).placed(plan));
        }
        Ok(Some(placed))
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
    serde_json::from_str(json_of(source))
        .map_err(|error| ClusterError::Unreadable { what: format!("an article: {error}") })
}

fn json_of(source: &Value) -> &str {
    source.pointer("/article/json").and_then(Value::as_str).unwrap_or_default()
}
