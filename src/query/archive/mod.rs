//! What search asks of whatever holds the articles, and in which terms it is answered.
//!
//! An [`Archive`] finds, counts and orders articles for a [`Plan`] and gives them back whole. It marks nothing, cuts no
//! snippets and reads no query language: that is `search`, for every archive alike. The embedded index is one; a naive one
//! in the tests is another, short enough to be checked by eye.
//!
//! **A reading error is never an answer.** Whatever cannot be read is an [`ArchiveError`]: no method may count what failed
//! as nothing, or leave it out.

mod error;
mod place;
mod quotations;
mod selection;
mod terms;
mod vocabulary;

pub use error::{ArchiveError, Deadline, Trouble};
pub use place::{About, Place, Placed};
pub use quotations::{FoundQuote, Quotations, QuotesWanted};
pub use selection::{
    After, Arrival, Arrivals, Arriving, FacetResponse, FacetValue, Found, Likeness, Phases, ScoreParts,
    Selection, Wanted, WeightedTerm, Window,
};
pub use terms::{Term, TermPair, Terms, TermsWanted};
pub use vocabulary::{Frequencies, Vocabulary};

use super::plan::Plan;
use super::request::Filters;
use crate::article::Article;
use crate::korean::Language;
use crate::suggest::Suggestions;

/// The articles of one edition: what it answers never changes. Later articles are in another archive.
///
/// It is synchronous: searches run on threads that may block, under a permit and a deadline.
pub trait Archive: Send + Sync {
    /// Names what it holds: archives of the same edition give the same hits in the same order, also after a restart.
    fn edition(&self) -> String;

    /// Whether it cannot be asked any more, because what holds the articles has let go of this edition. No paging session continues there.
    fn is_gone(&self) -> bool {
        false
    }

    /// What it says of itself. Cheap: asked for by every search.
    fn about(&self) -> About<'_>;

    /// Bytes that it occupies.
    ///
    /// # Errors
    /// [`ArchiveError::Failed`].
    fn bytes(&self) -> Result<u64, ArchiveError>;

    /// What planning asks: how many articles hold a word.
    fn vocabulary(&self) -> &dyn Vocabulary;

    /// The one verb for hits, counts, facets and totals: the articles for which the plan holds, at the first of the wanted
    /// attempts that finds any.
    ///
    /// # Errors
    /// [`ArchiveError::Deadline`] or [`ArchiveError::Failed`].
    fn select(&self, plan: &Plan, wanted: &Wanted<'_>) -> Result<Selection, ArchiveError>;

    /// What the texts of the articles that the plan finds name more often than those of all articles. Of `wanted` the window and the facets
    /// do not count; with [`Wanted::group`] one article of each group is looked at, the first published that matches.
    ///
    /// # Errors
    /// [`ArchiveError::Deadline`] or [`ArchiveError::Failed`].
    fn terms(&self, plan: &Plan, wanted: &Wanted<'_>, of: &TermsWanted<'_>) -> Result<Terms, ArchiveError>;

    /// The quotations that hold the plan at the first of the wanted attempts, each for itself: newest article first, ties by id, and in the
    /// order of the text. What asks for outlets, times or names holds for the article. The window counts quotations.
    ///
    /// # Errors
    /// [`ArchiveError::Deadline`], [`ArchiveError::Failed`], or [`ArchiveError::ReindexDue`] for one that keeps no quotations.
    fn quotations(
        &self,
        plan: &Plan,
        wanted: &Wanted<'_>,
        of: &QuotesWanted<'_>,
    ) -> Result<Quotations, ArchiveError>;

    /// The articles of `arriving.window` for which the plan holds, in the order in which they came. Only what came over HTTP has a place
    /// in that order: articles of files have none.
    ///
    /// # Errors
    /// [`ArchiveError::Deadline`] or [`ArchiveError::Failed`].
    fn arrived(&self, plan: &Plan, arriving: &Arriving<'_>) -> Result<Vec<Arrival>, ArchiveError>;

    /// The articles that share the most weight of terms with another, best first; that one is not among them.
    ///
    /// # Errors
    /// [`ArchiveError::Deadline`] or [`ArchiveError::Failed`].
    fn nearest(&self, likeness: &Likeness<'_>) -> Result<Vec<Found>, ArchiveError>;

    /// Where the article `id` is; `None` where there is none.
    ///
    /// # Errors
    /// [`ArchiveError::Failed`].
    fn find(&self, id: &str) -> Result<Option<Place>, ArchiveError>;

    /// Where the articles are whose address has the common form `address` ([`crate::ingest::common_form`]), in the order of their ids.
    ///
    /// # Errors
    /// [`ArchiveError::Deadline`] or [`ArchiveError::Failed`].
    fn find_address(&self, address: &str, deadline: Deadline) -> Result<Vec<Place>, ArchiveError>;

    /// The articles at `places`, in the same order.
    ///
    /// # Errors
    /// [`ArchiveError::Deadline`] or [`ArchiveError::Failed`]; also for a place that this archive did not give.
    fn read(&self, places: &[Place], deadline: Deadline) -> Result<Vec<Article>, ArchiveError>;

    /// Where the plan's wanted clauses begin in the articles at `places`: a list for each article, in no particular order.
    /// `None` for an archive that keeps no positions, or not those of one of these articles: then search analyses the texts again.
    ///
    /// # Errors
    /// [`ArchiveError::Deadline`] or [`ArchiveError::Failed`].
    fn positions(
        &self,
        _plan: &Plan,
        _places: &[Place],
        _deadline: Deadline,
    ) -> Result<Option<Vec<Vec<Placed>>>, ArchiveError> {
        Ok(None)
    }

    /// What its titles and names offer to someone who is typing.
    ///
    /// # Errors
    /// [`ArchiveError::Failed`].
    fn suggestions(&self) -> Result<&Suggestions, ArchiveError>;

    /// The articles that are there at the moment, for whoever takes a part and says that it is one, where this archive cannot answer because the
    /// others are not ([`Trouble::Incomplete`]). `None` where it has all of them, or none.
    ///
    /// # Errors
    /// [`ArchiveError::Deadline`] or [`ArchiveError::Failed`].
    fn partly(&self, _deadline: Deadline) -> Result<Option<Box<dyn Archive + '_>>, ArchiveError> {
        Ok(None)
    }

    /// Whether it is that: what it finds, counts and orders lacks articles.
    fn is_partial(&self) -> bool {
        false
    }

    /// The archive of those articles that pass `filters`, asked in `language`. It answers everything as an archive would that
    /// holds no others: counts, frequencies, groups and suggestions too.
    ///
    /// # Errors
    /// [`ArchiveError::Deadline`] or [`ArchiveError::Failed`].
    fn restricted<'a>(
        &'a self,
        filters: &Filters,
        language: &'a Language,
        deadline: Deadline,
    ) -> Result<Box<dyn Archive + 'a>, ArchiveError>;
}
