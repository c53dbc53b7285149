//! A generation as whoever has a fixed filter sees it: an archive of the visible articles, and of nothing else.

use std::sync::{Arc, OnceLock};

use super::generation::Generation;
use super::read::articles::Articles;
use super::read::error::ReadError;
use super::read::members::SimilarGroups;
use super::read::select::Selector;
use super::read::{arrived, nearest, place, vocabulary};
use super::view::View;
use crate::article::Article;
use crate::korean::Language;
use crate::query::archive::{
    About, Archive, ArchiveError, Arrival, Arriving, Deadline, Found, Frequencies, Likeness, Place, Placed,
    Quotations, QuotesWanted, Selection, Terms, TermsWanted, Vocabulary, Wanted,
};
use crate::query::plan::Plan;
use crate::query::request::Filters;
use crate::query::shape::{Probe, Shape};
use crate::suggest::Suggestions;

/// The articles of a generation that a filter lets through.
pub(super) struct Restricted<'a> {
    generation: &'a Generation,
    view: Arc<View>,
    language: &'a Language,
    suggestions: OnceLock<Suggestions>,
}

impl<'a> Restricted<'a> {
    /// What `view` shows of `generation`.
    pub(super) fn new(generation: &'a Generation, view: Arc<View>, language: &'a Language) -> Self {
        Self { generation, view, language, suggestions: OnceLock::new() }
    }

    fn articles(&self) -> Articles<'_> {
        Articles { segments: self.generation.segments(), visible: Some(&self.view.docs) }
    }

    /// The groups of near-identical articles among the visible ones, if they are needed.
    fn similar(&self, needed: bool) -> Result<Arc<SimilarGroups>, ArchiveError> {
        match needed {
            true => self.answer(self.view.similar(self.generation.open_index())),
            false => Ok(Arc::default()),
        }
    }

    fn selector<'s>(
        &'s self,
        similar: &'s SimilarGroups,
        plan: &'s Plan,
        wanted: &'s Wanted<'s>,
    ) -> Selector<'s> {
        Selector { articles: self.articles(), similar, names: self.generation.names(), plan, wanted }
    }

    fn answer<T, E: Into<ReadError>>(&self, read: Result<T, E>) -> Result<T, ArchiveError> {
        self.generation.answer(read)
    }

    /// An article that is hidden was not given by this archive.
    fn check(&self, places: &[Place]) -> Result<(), ArchiveError> {
        match places.iter().find(|at| !self.view.shows(place::at(**at))) {
            None => Ok(()),
            Some(at) => Err(ArchiveError::failed(format!("the place {} is hidden", at.value()))),
        }
    }
}

/// Whether anything that is wanted needs groups of near-identical articles.
fn needs_groups(wanted: &Wanted<'_>) -> bool {
    wanted.group.is_some() || wanted.similar_to.is_some()
}

impl Archive for Restricted<'_> {
    fn edition(&self) -> String {
        self.generation.edition()
    }

    fn about(&self) -> About<'_> {
        // The number of writes says how many articles came that are hidden.
        About { articles: self.view.count(), sequence: 0, ..self.generation.about() }
    }

    fn bytes(&self) -> Result<u64, ArchiveError> {
        Ok(0)
    }

    fn vocabulary(&self) -> &dyn Vocabulary {
        self
    }

    fn select(&self, plan: &Plan, wanted: &Wanted<'_>) -> Result<Selection, ArchiveError> {
        let similar = self.similar(needs_groups(wanted))?;
        self.answer(self.selector(&similar, plan, wanted).select())
    }

    fn terms(&self, plan: &Plan, wanted: &Wanted<'_>, of: &TermsWanted<'_>) -> Result<Terms, ArchiveError> {
        let similar = self.similar(needs_groups(wanted))?;
        self.answer(self.selector(&similar, plan, wanted).terms(of))
    }

    fn quotations(
        &self,
        plan: &Plan,
        wanted: &Wanted<'_>,
        of: &QuotesWanted<'_>,
    ) -> Result<Quotations, ArchiveError> {
        let similar = self.similar(needs_groups(wanted))?;
        self.answer(self.selector(&similar, plan, wanted).quotations(of))
    }

    fn arrived(&self, plan: &Plan, arriving: &Arriving<'_>) -> Result<Vec<Arrival>, ArchiveError> {
        let similar = self.similar(arriving.similar_to.is_some())?;
        self.answer(arrived::arrived(
            self.articles(),
            &similar,
            plan,
            arriving,
            self.generation.info().sequence,
        ))
    }

    fn nearest(&self, likeness: &Likeness<'_>) -> Result<Vec<Found>, ArchiveError> {
        self.answer(nearest::nearest(self.articles(), likeness))
    }

    fn find(&self, id: &str) -> Result<Option<Place>, ArchiveError> {
        Ok(self.generation.find(id)?.filter(|at| self.view.shows(place::at(*at))))
    }

    fn find_address(&self, address: &str, deadline: Deadline) -> Result<Vec<Place>, ArchiveError> {
        let mut found = self.generation.find_address(address, deadline)?;
        found.retain(|at| self.view.shows(place::at(*at)));
        Ok(found)
    }

    fn read(&self, places: &[Place], deadline: Deadline) -> Result<Vec<Article>, ArchiveError> {
        self.check(places)?;
        self.generation.read(places, deadline)
    }

    fn positions(
        &self,
        plan: &Plan,
        places: &[Place],
        deadline: Deadline,
    ) -> Result<Option<Vec<Vec<Placed>>>, ArchiveError> {
        self.check(places)?;
        self.generation.positions(plan, places, deadline)
    }

    fn suggestions(&self) -> Result<&Suggestions, ArchiveError> {
        if let Some(known) = self.suggestions.get() {
            return Ok(known);
        }
        let made = self.view.offered(self.generation.open_index(), self.language.korean());
        let made = self.answer(made)?;
        Ok(self.suggestions.get_or_init(|| made))
    }

    fn restricted<'b>(
        &'b self,
        filters: &Filters,
        language: &'b Language,
        deadline: Deadline,
    ) -> Result<Box<dyn Archive + 'b>, ArchiveError> {
        let narrower = self.answer(self.view.narrower(self.generation.open_index(), filters, deadline))?;
        Ok(Box::new(Restricted::new(self.generation, Arc::new(narrower), language)))
    }
}

impl Vocabulary for Restricted<'_> {
    fn count(&self, shape: &Shape, deadline: Deadline) -> Result<u64, ArchiveError> {
        self.answer(vocabulary::count(self.articles(), shape, deadline))
    }

    fn holds(&self, shape: &Shape, deadline: Deadline) -> Result<bool, ArchiveError> {
        self.answer(vocabulary::holds(self.articles(), shape, deadline))
    }

    fn frequencies(&self, probes: &[Probe], deadline: Deadline) -> Result<Frequencies, ArchiveError> {
        self.answer(vocabulary::frequencies(self.articles(), probes, deadline))
    }
}
