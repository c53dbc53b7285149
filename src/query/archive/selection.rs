//! What is wanted of an archive, and what it gives.

use std::collections::BTreeMap;
use std::time::Instant;

use serde::Serialize;
use utoipa::ToSchema;

use super::{Deadline, Place};
use crate::article::Timestamp;
use crate::korean::lexicon::OutletGroups;
use crate::query::ranking::{Look, RankingOptions};
use crate::query::request::{FacetField, Filters, Representative, Sort, Strictness};

/// What is wanted of the articles that a plan finds.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// How many of the words must match: the first of these that finds any article answers, or else the last.
    pub attempts: &'a [Strictness],
    /// Conditions in addition to the query.
    pub filters: &'a Filters,
    /// Only this article and those of its group of near-identical ones.
    pub similar_to: Option<Place>,
    /// Whether near-identical articles are one hit, and which of them it is. Totals and facets then count groups.
    pub group: Option<Representative>,
    /// The order of the hits.
    pub sort: Sort,
    /// Which of the hits in that order.
    pub window: Window<'a>,
    /// Facets to be counted.
    pub facets: &'a [FacetField],
    /// Values per facet at most.
    pub facet_size: usize,
    /// Which outlets are one value of [`FacetField::OutletGroup`].
    pub outlet_groups: &'a OutletGroups,
    /// What relevance is made of.
    pub ranking: &'a RankingOptions,
    /// The present, for recency.
    pub now: Timestamp,
    /// Whether each hit says what its score is made of.
    pub explain: bool,
    /// When to give up.
    pub deadline: Deadline,
}

impl<'a> Wanted<'a> {
    /// Only the total at one of `attempts`: no hits, no facets, no conditions.
    pub fn total(
        attempts: &'a [Strictness],
        filters: &'a Filters,
        outlet_groups: &'a OutletGroups,
        ranking: &'a RankingOptions,
        deadline: Deadline,
    ) -> Self {
        Self {
            attempts,
            filters,
            similar_to: None,
            group: None,
            sort: Sort::Newest,
            window: Window::NONE,
            facets: &[],
            facet_size: 0,
            outlet_groups,
            ranking,
            now: Timestamp::from_seconds(0),
            explain: false,
            deadline,
        }
    }
}

/// Which of the hits in order are wanted.
#[derive(Debug, Clone, Copy)]
pub struct Window<'a> {
    /// Hits passed over; 0 where `after` says where to begin.
    pub offset: usize,
    /// Hits wanted; with 0 nothing is ordered.
    pub size: usize,
    /// Only hits after this one.
    pub after: Option<&'a After>,
}

impl Window<'_> {
    /// No hits at all: only counts are wanted.
    pub const NONE: Self = Self { offset: 0, size: 0, after: None };
}

/// A place in an order of hits: after the hit with this sort key and id. Ties are in the order of ids, compared by bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct After {
    /// The order that it belongs to.
    pub sort: Sort,
    /// What that hit was ordered by: its score, or the seconds of its publication (`newest`; negative for `oldest`).
    /// `None` for an article without a date.
    pub key: Option<f64>,
    /// Whether the hit was among the best, which are ordered by a second look.
    pub looked_at: bool,
    /// Id of the hit.
    pub id: String,
}

/// What was selected.
#[derive(Debug, Clone)]
pub struct Selection {
    /// How many of the words had to match.
    pub strictness: Strictness,
    /// How many hits there are, exactly: articles, or groups where near-identical articles are one hit.
    pub total: u64,
    /// How many articles those are, exactly: more than `total` where near-identical articles are one hit.
    pub articles: u64,
    /// How many more articles would match if they had a date, exactly: the conditions on time leave them out, those of the filters and
    /// those that the query asks for in any case ([`Expr::whenever`](crate::query::plan::Expr::whenever)).
    pub undated: u64,
    /// The facets wanted, in the order wanted.
    pub facets: Vec<FacetResponse>,
    /// The hits of the window, in order.
    pub hits: Vec<Found>,
    /// After the last hit; `None` where no hit follows.
    pub next: Option<After>,
    /// Where the time went.
    pub phases: Phases,
}

/// A hit before its article is read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    /// Where the article is.
    pub place: Place,
    /// Relevance; 0 where the order is by time.
    pub score: f32,
    /// How many other matches of its group it represents; 0 where each article is a hit.
    pub similar: u64,
    /// How many other articles its group has, whether they match or not; 0 where each article is a hit.
    pub alike: u64,
    /// What the score is made of, if that was wanted and the order is by relevance.
    pub parts: Option<ScoreParts>,
}

/// Articles that are wanted because they are like another.
#[derive(Debug, Clone, Copy)]
pub struct Likeness<'a> {
    /// The terms that represent the other article.
    pub terms: &'a [WeightedTerm],
    /// The other article.
    pub to: Place,
    /// Share of that article's own score that another must reach, and more than 0 in any case.
    pub least: f32,
    /// Articles wanted at most.
    pub size: usize,
    /// BM25's constants for the article, and the weight of a term in the title.
    pub ranking: &'a RankingOptions,
    /// When to give up.
    pub deadline: Deadline,
}

/// A term of the morpheme lane with a weight.
#[derive(Debug, Clone, PartialEq)]
pub struct WeightedTerm {
    /// The term.
    pub term: String,
    /// What it weighs.
    pub weight: f32,
}

/// What a score is made of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, ToSchema)]
pub struct ScoreParts {
    /// BM25 over morphemes.
    pub morphemes: f32,
    /// BM25 over bigrams.
    pub bigrams: f32,
    /// Words literally as typed, or found only as a substring or variant.
    pub words: f32,
    /// Query words in the title.
    pub title: f32,
    /// Where the words stand: in the title, in the first lines, in one sentence, near each other.
    pub placement: f32,
    /// What the words of the query weigh together: placement is made of shares of it.
    pub weight: f32,
    /// What placement is made of.
    pub look: Look,
    /// Factor for recency; 1 where it is off.
    pub recency: f32,
}

/// One value of a facet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FacetValue {
    /// The value.
    pub value: String,
    /// Articles with it, exactly; near-identical ones count once where they fold.
    pub count: u64,
}

/// One facet by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FacetResponse {
    /// The field's name.
    pub field: &'static str,
    /// Articles that match the query and the filters of the other fields.
    pub total: u64,
    /// Values by count, ties in Korean order: digits, 가나다, hanja, letters of other alphabets. Days, months and years by
    /// time.
    pub values: Vec<FacetValue>,
    /// Sum of the counts of values beyond the size asked for.
    pub other: u64,
    /// Articles of the total that have no value: no outlet, no date. They are in no count above.
    pub missing: u64,
    /// `true` where a part of the cluster does not answer, so that articles are missing in everything here; left out where none are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partial: Option<bool>,
}

/// Milliseconds by phase of a search.
#[derive(Debug, Clone, Default)]
pub struct Phases {
    /// By name of the phase.
    pub spent: BTreeMap<&'static str, f64>,
}

impl Phases {
    /// Ends a phase that began at `started`, and begins the next.
    pub fn end(&mut self, name: &'static str, started: &mut Instant) {
        let now = Instant::now();
        *self.spent.entry(name).or_default() += (now - *started).as_secs_f64() * 1e3;
        *started = now;
    }
}

/// Articles that are wanted because they came.
#[derive(Debug, Clone, Copy)]
pub struct Arriving<'a> {
    /// How many of the words must match.
    pub strictness: Strictness,
    /// Conditions in addition to the query.
    pub filters: &'a Filters,
    /// Only this article and those of its group of near-identical ones.
    pub similar_to: Option<Place>,
    /// Which of them.
    pub window: Arrivals,
    /// When to give up.
    pub deadline: Deadline,
}

/// A stretch of what came, by sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrivals {
    /// Only what came after this sequence.
    pub after: u64,
    /// How many articles at most.
    pub size: usize,
    /// Whether it ends with the last that came, instead of beginning with the first.
    pub latest: bool,
}

impl Arrivals {
    /// Whether so many hits leave room for no other: then more may have come.
    pub fn is_filled_by(&self, hits: usize) -> bool {
        hits >= self.size
    }
}

/// An article that came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arrival {
    /// Its number in that order: that of the journal's entry that wrote it, or one of those that the journal gave to changed files.
    pub sequence: u64,
    /// Where the article is.
    pub place: Place,
    /// Whether a changed file replaced another article of the same id by it. What a push replaces is known from earlier texts.
    pub replaced: bool,
}
