//! An index of a cluster as an archive.

use std::sync::{Arc, Mutex, OnceLock};
use std::time::Instant;

use serde_json::{Value, json};

use super::asked::conditions::of_filters;
use super::asked::spans;
use super::buckets::Bucket;
use super::client::Client;
use super::document::{address_key, document_id, place_of};
use super::error::ClusterError;
use super::point::Point;
use super::remembered::{Key, Remembered, Text, Version};
use super::reply::{Shards, total};
use crate::article::Article;
use crate::korean::Language;
use crate::learned::LearnedNames;
use crate::query::archive::{
    About, Archive, ArchiveError, Arrival, Arriving, Deadline, Found, Frequencies, Likeness, Place, Placed,
    Quotations, QuotesWanted, Selection, Terms, TermsWanted, Vocabulary, Wanted,
};
use crate::query::plan::Plan;
use crate::query::request::Filters;
use crate::query::shape::{Probe, Shape};
use crate::suggest::Suggestions;

/// Memory for counts that are remembered, of an edition, in bytes.
const COUNTS: usize = 8 << 20;
/// Memory for buckets.
const BUCKETS: usize = 16 << 20;
/// Memory for which version an article had.
const VERSIONS: usize = 2 << 20;
/// Memory for texts, of an index, in bytes: those of some three thousand articles of usual length.
pub(super) const TEXTS: usize = 64 << 20;

/// An index of a cluster at one moment, and what was read of it when it was opened.
pub(super) struct Held {
    pub(super) client: Arc<Client>,
    pub(super) index: String,
    /// Names the index as it was made: another one of the same name has another.
    pub(super) made: String,
    /// Names the index as it was made, and what of it is seen.
    pub(super) edition: String,
    /// What of it is seen.
    pub(super) point: Point,
    pub(super) language: Language,
    pub(super) articles: u64,
    pub(super) sequence: u64,
    pub(super) built_at: String,
    pub(super) shards: usize,
    /// Parts that the cluster takes in one query.
    pub(super) limit: usize,
    /// Whether BM25 leaves out the factor k1 + 1, as Lucene does since version 8; OpenSearch 2 still has it.
    pub(super) plain_bm25: bool,
    pub(super) suggestions: Suggestions,
    pub(super) learned: Arc<LearnedNames>,
    /// What was found in it.
    pub(super) found: Finds,
    /// Texts of the index, whatever of it is seen.
    pub(super) texts: Arc<Remembered<Version, Arc<Text>>>,
    /// What of it was there when that was last looked at, while shards had no live copy.
    pub(super) part: Mutex<Option<(Instant, Arc<Held>)>>,
}

/// What was found in an edition.
pub(super) struct Finds {
    /// How many articles meet a query.
    pub(super) counted: Remembered<Key, u64>,
    /// The buckets of an aggregation.
    pub(super) aggregated: Remembered<Key, Arc<[Bucket]>>,
    /// Which versions of articles its hits are.
    pub(super) versions: Remembered<Place, Version>,
}

impl Default for Finds {
    fn default() -> Self {
        Self {
            counted: Remembered::with_room(COUNTS),
            aggregated: Remembered::with_room(BUCKETS),
            versions: Remembered::with_room(VERSIONS),
        }
    }
}

impl Held {
    /// The same index as `point` shows it, which `edition` names; nothing of that was counted yet.
    pub(super) fn seen_at(&self, point: Point, edition: String) -> Self {
        Self {
            client: Arc::clone(&self.client),
            index: self.index.clone(),
            made: self.made.clone(),
            edition,
            point,
            language: self.language.clone(),
            articles: self.articles,
            sequence: self.sequence,
            built_at: self.built_at.clone(),
            shards: self.shards,
            limit: self.limit,
            plain_bm25: self.plain_bm25,
            suggestions: self.suggestions.clone(),
            learned: Arc::clone(&self.learned),
            found: Finds::default(),
            texts: Arc::clone(&self.texts),
            part: Mutex::default(),
        }
    }
}

/// The articles of an index of a cluster as they were at one moment, or those that a filter lets through.
pub struct ClusterArchive {
    pub(super) held: Arc<Held>,
    /// What every article must pass.
    pub(super) base: Option<Value>,
    articles: u64,
    /// Of the articles that a filter lets through.
    own_suggestions: OnceLock<Suggestions>,
}

impl ClusterArchive {
    /// All articles of what was opened.
    pub(super) fn of(held: Held) -> Self {
        let articles = held.articles;
        Self { held: Arc::new(held), base: None, articles, own_suggestions: OnceLock::new() }
    }

    /// The same articles, as `held` shows them.
    pub(super) fn over(&self, held: Arc<Held>) -> Self {
        Self { held, base: self.base.clone(), articles: self.articles, own_suggestions: OnceLock::new() }
    }

    /// What analyses queries and texts.
    #[must_use]
    pub fn language(&self) -> &Language {
        &self.held.language
    }

    /// Articles that every filter lets through.
    pub(super) fn articles(&self) -> u64 {
        self.articles
    }

    /// Whether articles are left out by a filter.
    pub(super) fn is_restricted(&self) -> bool {
        self.base.is_some()
    }
}

impl Archive for ClusterArchive {
    fn edition(&self) -> String {
        self.held.edition.clone()
    }

    fn is_gone(&self) -> bool {
        self.held.point.is_gone()
    }

    fn about(&self) -> About<'_> {
        let held = &self.held;
        // The number of writes says how many articles came that are hidden.
        let sequence = if self.is_restricted() { 0 } else { held.sequence };
        let (name, built_at) = (held.index.as_str(), held.built_at.as_str());
        About { name, articles: self.articles, sequence, built_at, segments: held.shards }
    }

    fn bytes(&self) -> Result<u64, ArchiveError> {
        if self.is_restricted() {
            return Ok(0);
        }
        let stats = self.held.client.get(&format!("/{}/_stats/store", self.held.index), Deadline::NONE)?;
        let bytes = stats.pointer("/_all/total/store/size_in_bytes").and_then(Value::as_u64);
        let missing =
            || ClusterError::Unreadable { what: "it does not say how large the index is".to_owned() };
        Ok(bytes.ok_or_else(missing)?)
    }

    fn vocabulary(&self) -> &dyn Vocabulary {
        self
    }

    fn select(&self, plan: &Plan, wanted: &Wanted<'_>) -> Result<Selection, ArchiveError> {
        self.selected(plan, wanted)
    }

    fn terms(&self, plan: &Plan, wanted: &Wanted<'_>, of: &TermsWanted<'_>) -> Result<Terms, ArchiveError> {
        self.telling(plan, wanted, of)
    }

    fn quotations(
        &self,
        plan: &Plan,
        wanted: &Wanted<'_>,
        of: &QuotesWanted<'_>,
    ) -> Result<Quotations, ArchiveError> {
        self.quoted(plan, wanted, of)
    }

    fn arrived(&self, plan: &Plan, arriving: &Arriving<'_>) -> Result<Vec<Arrival>, ArchiveError> {
        self.came(plan, arriving)
    }

    fn nearest(&self, likeness: &Likeness<'_>) -> Result<Vec<Found>, ArchiveError> {
        self.alike(likeness)
    }

    fn find(&self, id: &str) -> Result<Option<Place>, ArchiveError> {
        let place = place_of(id);
        let query =
            self.within(vec![json!({"term": {"id": id}}), json!({"ids": {"values": [document_id(place)]}})]);
        let body = json!({"size": 0, "track_total_hits": true, "query": query});
        let found = total(&self.search(&body, Deadline::NONE)?)?;
        if found == 0 && self.is_partial() {
            return Err(self.lacking().into());
        }
        Ok((found > 0).then_some(place))
    }

    fn find_address(&self, address: &str, deadline: Deadline) -> Result<Vec<Place>, ArchiveError> {
        if self.is_partial() {
            return Err(self.lacking().into());
        }
        let query = self.within(vec![json!({"term": {"address": address_key(address)}})]);
        self.places(&query, deadline)
    }

    fn read(&self, places: &[Place], deadline: Deadline) -> Result<Vec<Article>, ArchiveError> {
        self.articles_at(places, deadline)
    }

    fn positions(
        &self,
        plan: &Plan,
        places: &[Place],
        deadline: Deadline,
    ) -> Result<Option<Vec<Vec<Placed>>>, ArchiveError> {
        // What a fixed filter hides, the cluster has to say each time.
        if self.is_restricted() { Ok(None) } else { self.placed(plan, places, deadline) }
    }

    fn suggestions(&self) -> Result<&Suggestions, ArchiveError> {
        if !self.is_restricted() {
            return Ok(&self.held.suggestions);
        }
        match self.own_suggestions.get() {
            Some(own) => Ok(own),
            None => {
                let own = self.offered()?;
                Ok(self.own_suggestions.get_or_init(|| own))
            }
        }
    }

    fn partly(&self, deadline: Deadline) -> Result<Option<Box<dyn Archive + '_>>, ArchiveError> {
        Ok(self.part(deadline)?.map(|part| Box::new(part) as _))
    }

    fn is_partial(&self) -> bool {
        self.held.point.shards() == Shards::Alive
    }

    fn restricted<'a>(
        &'a self,
        filters: &Filters,
        _: &'a Language,
        deadline: Deadline,
    ) -> Result<Box<dyn Archive + 'a>, ArchiveError> {
        let base = self.within(of_filters(filters, None));
        let articles = self.counts(vec![base.clone()], deadline)?.into_iter().sum();
        let own_suggestions = OnceLock::new();
        Ok(Box::new(Self { held: Arc::clone(&self.held), base: Some(base), articles, own_suggestions }))
    }
}

impl Vocabulary for ClusterArchive {
    fn count(&self, shape: &Shape, deadline: Deadline) -> Result<u64, ArchiveError> {
        let query = self.within(vec![spans::shapes([shape].into_iter(), None)]);
        Ok(self.counts(vec![query], deadline)?.into_iter().sum())
    }

    fn frequencies(&self, probes: &[Probe], deadline: Deadline) -> Result<Frequencies, ArchiveError> {
        Ok(self.held(probes, deadline)?)
    }

    fn learned(&self) -> &LearnedNames {
        static NONE: std::sync::LazyLock<LearnedNames> = std::sync::LazyLock::new(LearnedNames::default);
        if self.is_restricted() { &NONE } else { &self.held.learned }
    }
}
