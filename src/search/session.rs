//! A search under way: the request, how it was read, and what answers it.
//!
//! A page of hits, a listing, a facet and a total are different uses of one session.

use std::time::Instant;

use super::context::SearchContext;
use super::cursor::request_fingerprint;
use super::error::SearchError;
use super::types::{Cursor, FacetField, FacetResponse, MatchMode, SearchRequest, Sort, Strictness, Walk};
use crate::query::archive::{
    Arrival, Arrivals, Arriving, Phases, Quotations, QuotesWanted, Selection, Terms, TermsWanted, Wanted,
    Window,
};
use crate::query::language::Query;
use crate::query::plan::Plan;

/// A search under way.
pub(super) struct Session<'a> {
    /// What it works on.
    pub(super) context: &'a SearchContext<'a>,
    /// What is asked.
    pub(super) request: &'a SearchRequest,
    /// The query as it was read.
    pub(super) query: Query,
    /// What was typed, where `query` is what it was taken for: initial consonants.
    pub(super) typed: Option<String>,
    /// What is looked for.
    pub(super) plan: Plan,
    /// The order in force: without anything to be relevant to, newest first.
    sort: Sort,
    /// Where the time went so far.
    pub(super) phases: Phases,
    mark: Instant,
}

/// A page of hits.
pub(super) struct Page {
    /// The hits and counts.
    pub(super) selection: Selection,
    /// Whether fewer words had to match than requested.
    pub(super) relaxed: bool,
    /// Goes on after the last hit; `None` at the end.
    pub(super) next_cursor: Option<String>,
}

impl<'a> Session<'a> {
    /// Reads and plans the query.
    ///
    /// # Errors
    /// A query over the limits, the deadline, or a failing archive.
    pub(super) fn begin(
        context: &'a SearchContext<'a>,
        request: &'a SearchRequest,
    ) -> Result<Self, SearchError> {
        Self::reading(context, request, |context, text| Ok((context.read_query(text)?, None)))
    }

    /// The same with the query read by `read`, which also gives what was typed where it reads something else.
    ///
    /// # Errors
    /// Those of [`Session::begin`], and of `read`.
    pub(super) fn reading(
        context: &'a SearchContext<'a>,
        request: &'a SearchRequest,
        read: impl FnOnce(&SearchContext<'_>, &str) -> Result<(Query, Option<String>), SearchError>,
    ) -> Result<Self, SearchError> {
        let mut mark = Instant::now();
        let mut phases = Phases::default();
        let (query, typed) = read(context, &request.query)?;
        phases.end("parse", &mut mark);
        let now = request.cursor.as_ref().map_or(context.now, |cursor| cursor.walk.now);
        let plan = context.plan_at(now, &query, request.match_mode)?;
        phases.end("analyze", &mut mark);
        let sort = match request.sort {
            Some(Sort::Relevance) | None if plan.is_empty() => Sort::Newest,
            Some(sort) => sort,
            None => Sort::Relevance,
        };
        Ok(Self { context, request, query, typed, plan, sort, phases, mark })
    }

    /// Whether to tell how the query was read and what scores are made of.
    pub(super) fn explains(&self) -> bool {
        self.request.explain && !self.context.filtered
    }

    /// Ends a phase, and begins the next.
    pub(super) fn end_phase(&mut self, name: &'static str) {
        self.phases.end(name, &mut self.mark);
    }

    /// The hits that the request asks for, with these facets.
    ///
    /// # Errors
    /// A cursor of another search, an article that does not exist, the deadline, or a failing archive.
    pub(super) fn page(&mut self, facets: &[FacetField]) -> Result<Page, SearchError> {
        let begun = self.walk()?;
        let strictness = begun.map(|walk| [walk.strictness]);
        let attempts = strictness.as_ref().map_or(self.plan.attempts(), |strictness| strictness);
        let now = begun.map_or(self.context.now, |walk| walk.now);
        let window = self.window();
        let explain = self.explains();
        let wanted = Wanted { attempts, window, facets, explain, now, ..self.counts()? };
        let mut selection = self.context.archive.select(&self.plan, &wanted)?;
        let relaxed = selection.total > 0 && self.plan.attempts().first() != Some(&selection.strictness);
        let next = selection.next.take();
        let next_cursor = next.map(|after| {
            let (request, edition) = (request_fingerprint(self.request, self.sort), self.context.edition());
            let walk = Walk { request, edition, now, strictness: selection.strictness };
            Cursor { after, walk }.encode()
        });
        self.phases.spent.append(&mut selection.phases.spent);
        self.mark = Instant::now();
        Ok(Page { selection, relaxed, next_cursor })
    }

    /// What comes near what was asked for, where the hits of `page` end without filling it; `None` where that is not to be said.
    ///
    /// # Errors
    /// The deadline, or a failing archive.
    pub(super) fn also(&self, page: &Page) -> Result<Option<Selection>, SearchError> {
        let (request, selection) = (self.request, &page.selection);
        let room = request.size.saturating_sub(selection.hits.len());
        let ended_before = selection.hits.is_empty() && self.window().offset > 0;
        let asked = request.match_mode == MatchMode::Auto && self.sort == Sort::Relevance;
        if !asked || request.cursor.is_some() || page.relaxed || room == 0 || ended_before {
            return Ok(None);
        }
        if !self.plan.has_words() {
            return Ok(None);
        }
        let attempts = [Strictness::Part];
        let window = Window { offset: 0, size: room, after: None };
        let wanted = Wanted { attempts: &attempts, window, explain: self.explains(), ..self.counts()? };
        Ok(Some(self.context.archive.select(&self.plan, &wanted)?))
    }

    /// One facet of all that is found, wherever the request's page begins.
    ///
    /// # Errors
    /// An article that does not exist, the deadline, or a failing archive.
    pub(super) fn facet(&self, field: FacetField) -> Result<FacetResponse, SearchError> {
        let wanted = Wanted { facets: &[field], ..self.counts()? };
        let counted = self.context.archive.select(&self.plan, &wanted)?.facets.into_iter().next();
        let nothing = FacetResponse {
            field: field.name(),
            total: 0,
            values: Vec::new(),
            other: 0,
            missing: 0,
            partial: None,
        };
        Ok(counted.unwrap_or(nothing))
    }

    /// What stands out of all that is found, and whether fewer words had to match than requested.
    ///
    /// # Errors
    /// An article that does not exist, the deadline, or a failing archive.
    pub(super) fn terms(&self, of: &TermsWanted<'_>) -> Result<(Terms, bool), SearchError> {
        let terms = self.context.archive.terms(&self.plan, &self.counts()?, of)?;
        let relaxed = terms.total > 0 && self.plan.attempts().first() != Some(&terms.strictness);
        Ok((terms, relaxed))
    }

    /// The quotations that hold the query; the page is of quotations.
    ///
    /// # Errors
    /// An article that does not exist, an archive without quotations, the deadline, or a failing archive.
    pub(super) fn quotations(
        &self,
        strictness: Strictness,
        of: &QuotesWanted<'_>,
    ) -> Result<Quotations, SearchError> {
        let wanted = Wanted { attempts: &[strictness], group: None, window: self.window(), ..self.counts()? };
        Ok(self.context.archive.quotations(&self.plan, &wanted, of)?)
    }

    /// How many articles the first attempt finds: 0 where others would be content with fewer words.
    ///
    /// # Errors
    /// An article that does not exist, the deadline, or a failing archive.
    pub(super) fn strict_total(&self) -> Result<u64, SearchError> {
        self.total_of(&self.plan, self.plan.attempts().get(..1).unwrap_or_default())
    }

    /// How many articles the first of `attempts` at `plan` finds that finds any, under the conditions of the request.
    ///
    /// # Errors
    /// An article that does not exist, the deadline, or a failing archive.
    pub(super) fn total_of(&self, plan: &Plan, attempts: &[Strictness]) -> Result<u64, SearchError> {
        let wanted = Wanted { attempts, group: None, ..self.counts()? };
        Ok(self.context.archive.select(plan, &wanted)?.total)
    }

    /// What came of what the request asks for, at the first attempt alone.
    ///
    /// # Errors
    /// An article that does not exist, the deadline, or a failing archive.
    pub(super) fn arrived(&self, window: Arrivals) -> Result<Vec<Arrival>, SearchError> {
        let strictness = self.plan.attempts().first().copied().unwrap_or(Strictness::All);
        let Wanted { filters, similar_to, deadline, .. } = self.counts()?;
        let arriving = Arriving { strictness, filters, similar_to, window, deadline };
        Ok(self.context.archive.arrived(&self.plan, &arriving)?)
    }

    /// What the request wants, but for the hits.
    fn counts(&self) -> Result<Wanted<'_>, SearchError> {
        let similar_to = match &self.request.similar_to {
            Some(id) => {
                let place = self.context.archive.find(id)?;
                Some(place.ok_or_else(|| SearchError::NoSuchArticle { id: id.clone() })?)
            }
            None => None,
        };
        Ok(Wanted {
            attempts: self.plan.attempts(),
            filters: &self.request.filters,
            similar_to,
            group: self.request.group,
            sort: self.sort,
            window: Window::NONE,
            facets: &[],
            facet_size: self.request.facet_size,
            outlet_groups: self.context.language.outlet_groups(),
            ranking: self.context.ranking,
            now: self.context.now,
            explain: false,
            deadline: self.context.deadline(),
        })
    }

    /// The walk that the request's cursor goes on with, if it has one.
    ///
    /// # Errors
    /// [`SearchError::Cursor`] for one of another search; [`SearchError::CursorExpired`] where what answers now would put the
    /// hits in another order.
    fn walk(&self) -> Result<Option<Walk>, SearchError> {
        let Some(Cursor { after, walk }) = &self.request.cursor else { return Ok(None) };
        if after.sort != self.sort || walk.request != request_fingerprint(self.request, self.sort) {
            return Err(SearchError::Cursor);
        }
        // Groups belong to their index, too.
        let grouped = self.request.group.is_some() || self.request.similar_to.is_some();
        if walk.edition != self.context.edition() && (grouped || !walk.is_portable(self.sort)) {
            return Err(SearchError::CursorExpired);
        }
        Ok(Some(*walk))
    }

    /// Which of the hits in order the request wants.
    fn window(&self) -> Window<'a> {
        let request = self.request;
        let after = request.cursor.as_ref().map(|cursor| &cursor.after);
        let offset = if after.is_some() { 0 } else { (request.page.max(1) - 1) * request.size };
        Window { offset, size: request.size, after }
    }
}
