//! What came of what a search finds, in the order in which it came: what saved searches report.
//!
//! Read strictly: an article that lacks a word that must match is not reported, although a search would be content with it where nothing
//! better is there.

use serde::Serialize;
use utoipa::ToSchema;

use super::context::SearchContext;
use super::error::SearchError;
use super::highlight::{clauses_in, is_near};
use super::marking::{located, placed};
use super::run::hits;
use super::session::Session;
use super::types::{Hit, SearchRequest};
use crate::article::Article;
use crate::korean::analysis::{Analysis, analysed_text};
use crate::query::archive::{Arrivals, Found, Place};
use crate::query::near::{Near, WordNumbers};

/// A hit that came.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Arrived {
    /// The number of the write that brought it: the order in which articles came. It counts all writes, also those that do not match.
    pub sequence: u64,
    /// Whether it matched before already, with another title or body: it was corrected. Of what a changed file says anew the earlier text
    /// is not kept: there it says that the archive had the article before.
    pub changed: bool,
    /// The article, as in a search.
    #[serde(flatten)]
    pub hit: Hit,
}

/// The hits of `request` that came in `window`, the first that came first. Its page, order and folding do not count.
///
/// # Errors
/// A query over the limits, an article `similar_to` that does not exist, the deadline, or a failing archive.
pub fn arrived(
    context: &SearchContext<'_>,
    request: &SearchRequest,
    window: Arrivals,
) -> Result<Vec<Arrived>, SearchError> {
    let session = Session::begin(context, request)?;
    let arrivals = session.arrived(window)?;
    let places: Vec<Place> = arrivals.iter().map(|arrival| arrival.place).collect();
    let articles = context.read(&places)?;
    let marks = match request.highlight {
        true => {
            let placed = placed(context, &session.plan, &places, &articles)?;
            Some(located(context, &articles, &placed)?)
        }
        false => None,
    };
    let found: Vec<Found> = places
        .iter()
        .map(|place| Found { place: *place, score: 0.0, similar: 0, alike: 0, parts: None })
        .collect();
    let hits = hits(&session, &found, articles, marks);
    let arrived = arrivals.iter().zip(hits);
    let arrived =
        arrived.map(|(arrival, hit)| Arrived { sequence: arrival.sequence, changed: arrival.replaced, hit });
    Ok(arrived.collect())
}

/// How many hits of `request` came after the sequence `after`, exactly.
///
/// # Errors
/// Those of [`arrived`].
pub fn arrived_count(
    context: &SearchContext<'_>,
    request: &SearchRequest,
    after: u64,
) -> Result<usize, SearchError> {
    Ok(arrived_sequences(context, request, after)?.len())
}

/// Tells of one article after another whether `request` finds what it says, whether it is in the archive or not. The query is read once
/// for all of them. Each answer fails once the deadline has passed.
///
/// # Errors
/// Those of [`arrived`].
pub fn matcher<'a>(
    context: &'a SearchContext<'a>,
    request: &'a SearchRequest,
) -> Result<impl FnMut(&Article) -> Result<bool, SearchError> + 'a, SearchError> {
    let Session { plan, .. } = Session::begin(context, request)?;
    let expr = plan.attempts().first().map(|strictness| plan.expr(*strictness));
    let mut analyzer = context.language.korean().analyzer();
    let mut analysis = Analysis::default();
    let deadline = context.deadline();
    Ok(move |article: &Article| {
        deadline.check()?;
        let Some(expr) = &expr else { return Ok(false) };
        analyzer.analyze(&analysed_text(article), &mut analysis);
        let words = WordNumbers::of_article(&article.title, &article.body);
        let near = |near: &Near| is_near(&plan, near, &analysis, &words);
        Ok(expr.holds(&clauses_in(&plan, &analysis), &near) && request.filters.admit(article))
    })
}

/// The sequences of all that [`arrived`] would give of what came after the sequence `after`, without reading an article.
///
/// # Errors
/// Those of [`arrived`].
pub fn arrived_sequences(
    context: &SearchContext<'_>,
    request: &SearchRequest,
    after: u64,
) -> Result<Vec<u64>, SearchError> {
    let all = Arrivals { after, size: usize::MAX, latest: false };
    let arrivals = Session::begin(context, request)?.arrived(all)?;
    Ok(arrivals.iter().map(|arrival| arrival.sequence).collect())
}

/// The same as whole articles.
///
/// # Errors
/// Those of [`arrived`].
pub fn arrived_articles(
    context: &SearchContext<'_>,
    request: &SearchRequest,
    window: Arrivals,
) -> Result<Vec<Article>, SearchError> {
    let arrivals = Session::begin(context, request)?.arrived(window)?;
    let places: Vec<Place> = arrivals.iter().map(|arrival| arrival.place).collect();
    context.read(&places)
}
