//! A generation as an [`Archive`]: what `search` sees of the index.

use super::generation::Generation;
use super::read::articles::Articles;
use super::read::error::ReadError;
use super::read::select::Selector;
use super::read::{arrived, nearest, place, positions, stored, vocabulary};
use super::restricted::Restricted;
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

impl Generation {
    pub(super) fn answer<T, E: Into<ReadError>>(&self, read: Result<T, E>) -> Result<T, ArchiveError> {
        read.map_err(|error| error.into().of(self.path()))
    }

    /// All its articles.
    fn all(&self) -> Articles<'_> {
        Articles { segments: self.segments(), visible: None }
    }
}

impl Generation {
    fn selector<'s>(&'s self, plan: &'s Plan, wanted: &'s Wanted<'s>) -> Selector<'s> {
        Selector { articles: self.all(), similar: self.similar(), names: self.names(), plan, wanted }
    }
}

impl Archive for Generation {
    fn edition(&self) -> String {
        self.commit_name()
    }

    fn about(&self) -> About<'_> {
        let info = self.info();
        About {
            name: self.name(),
            articles: self.articles(),
            sequence: info.sequence,
            built_at: &info.built_at,
            segments: self.segments().len(),
        }
    }

    fn bytes(&self) -> Result<u64, ArchiveError> {
        self.bytes().map_err(ArchiveError::failed)
    }

    fn vocabulary(&self) -> &dyn Vocabulary {
        self
    }

    fn select(&self, plan: &Plan, wanted: &Wanted<'_>) -> Result<Selection, ArchiveError> {
        self.answer(self.selector(plan, wanted).select())
    }

    fn terms(&self, plan: &Plan, wanted: &Wanted<'_>, of: &TermsWanted<'_>) -> Result<Terms, ArchiveError> {
        self.answer(self.selector(plan, wanted).terms(of))
    }

    fn quotations(
        &self,
        plan: &Plan,
        wanted: &Wanted<'_>,
        of: &QuotesWanted<'_>,
    ) -> Result<Quotations, ArchiveError> {
        self.answer(self.selector(plan, wanted).quotations(of))
    }

    fn arrived(&self, plan: &Plan, arriving: &Arriving<'_>) -> Result<Vec<Arrival>, ArchiveError> {
        self.answer(arrived::arrived(self.all(), self.similar(), plan, arriving, self.info().sequence))
    }

    fn nearest(&self, likeness: &Likeness<'_>) -> Result<Vec<Found>, ArchiveError> {
        self.answer(nearest::nearest(self.all(), likeness))
    }

    fn find(&self, id: &str) -> Result<Option<Place>, ArchiveError> {
        Ok(self.answer(self.locate(id))?.map(place::of))
    }

    fn find_address(&self, address: &str, deadline: Deadline) -> Result<Vec<Place>, ArchiveError> {
        let found = self.answer(self.locate_address(address, deadline))?;
        Ok(found.into_iter().map(place::of).collect())
    }

    fn read(&self, places: &[Place], deadline: Deadline) -> Result<Vec<Article>, ArchiveError> {
        self.answer(stored::articles(self.searcher(), self.fields(), places, deadline))
    }

    fn positions(
        &self,
        plan: &Plan,
        places: &[Place],
        deadline: Deadline,
    ) -> Result<Option<Vec<Vec<Placed>>>, ArchiveError> {
        let at: Vec<_> = places.iter().map(|place| place::at(*place)).collect();
        self.answer(positions::positions(plan, self.segments(), &at, deadline)).map(Some)
    }

    fn suggestions(&self) -> Result<&Suggestions, ArchiveError> {
        Ok(self.suggestions())
    }

    fn restricted<'a>(
        &'a self,
        filters: &Filters,
        language: &'a Language,
        deadline: Deadline,
    ) -> Result<Box<dyn Archive + 'a>, ArchiveError> {
        let view = self.answer(self.views().view(self.open_index(), filters, deadline))?;
        Ok(Box::new(Restricted::new(self, view, language)))
    }
}

impl Vocabulary for Generation {
    fn count(&self, shape: &Shape, deadline: Deadline) -> Result<u64, ArchiveError> {
        self.answer(vocabulary::count(self.all(), shape, deadline))
    }

    fn holds(&self, shape: &Shape, deadline: Deadline) -> Result<bool, ArchiveError> {
        self.answer(vocabulary::holds(self.all(), shape, deadline))
    }

    fn frequencies(&self, probes: &[Probe], deadline: Deadline) -> Result<Frequencies, ArchiveError> {
        self.answer(vocabulary::frequencies(self.all(), probes, deadline))
    }

    fn learned(&self) -> &LearnedNames {
        self.learned()
    }
}
