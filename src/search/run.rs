//! A whole search: read, plan, select, read the articles, mark.

use std::time::Instant;

use super::context::SearchContext;
use super::error::SearchError;
use super::explain::explain;
use super::highlight::{Occurrences, joined, marked};
use super::marking::{located, placed};
use super::note::notes;
use super::reading;
use super::session::Session;
use super::snippet::snippets;
use super::suggest;
use super::types::{
    Also, AlsoHit, Explanation, FacetField, FacetResponse, Hit, HitHighlight, PAGE_WINDOW, SearchRequest,
    SearchResponse,
};
use crate::article::Article;
use crate::query::archive::{Found, Place, Placed};
use crate::query::plan::Plan;

/// Answers a search.
///
/// # Errors
/// A query over the limits, a page past the window, a cursor of another search, the deadline, or a failing archive.
pub fn search(context: &SearchContext<'_>, request: &SearchRequest) -> Result<SearchResponse, SearchError> {
    let began = Instant::now();
    let page = request.page.max(1);
    if request.cursor.is_none() && page.saturating_mul(request.size) > PAGE_WINDOW {
        return Err(SearchError::PageWindow { page, size: request.size, limit: PAGE_WINDOW });
    }
    let mut session = Session::reading(context, request, reading::read)?;
    let page_of_hits = session.page(&request.facets)?;
    let also = session.also(&page_of_hits)?;
    let (selection, relaxed) = (page_of_hits.selection, page_of_hits.relaxed);
    let near = also.as_ref().map_or(&[][..], |also| &also.hits);
    let found: Vec<Found> = selection.hits.iter().chain(near).copied().collect();
    session.end_phase("also");
    let places: Vec<Place> = found.iter().map(|hit| hit.place).collect();
    let articles = context.read(&places)?;
    session.end_phase("fetch");
    let needs_places = request.highlight || !near.is_empty();
    let placed = needs_places.then(|| placed(context, &session.plan, &places, &articles)).transpose()?;
    let marks = placed.as_ref().filter(|_| request.highlight);
    let marks = marks.map(|placed| located(context, &articles, placed)).transpose()?;
    let count = selection.hits.len();
    let lacking = placed.iter().flatten().zip(&articles).skip(count);
    let lacking: Vec<Vec<String>> =
        lacking.map(|(placed, article)| lacks(&session.plan, placed, article)).collect();
    let mut hits = hits(&session, &found, articles, marks);
    let near = hits.split_off(count.min(hits.len())).into_iter().zip(lacking);
    let also = also.map(|also| Also {
        total: also.total,
        hits: near.map(|(hit, lacks)| AlsoHit { hit, lacks }).collect(),
    });
    session.end_phase("highlight");
    let correction = suggest::suggestion(&session, selection.articles, relaxed)?;
    let (suggestion, suggestion_total) = suggest::apart(correction);
    session.end_phase("suggest");
    let explanation = session.explains().then(|| explain(&session, selection.strictness)).transpose()?;
    let about = context.archive.about();
    Ok(SearchResponse {
        query: session.typed.as_deref().unwrap_or(session.query.text()).to_owned(),
        searched_for: session.typed.as_ref().map(|_| session.query.text().to_owned()),
        notes: notes(&session, selection.articles)?,
        total: selection.total,
        articles: selection.articles,
        undated: selection.undated,
        partial: context.partial(),
        relaxed,
        took_ms: (began.elapsed().as_secs_f64() * 1e5).round() / 100.0,
        generation: about.name.to_owned(),
        sequence: about.sequence,
        page,
        size: request.size,
        // A walk through a part would pass over articles.
        next_cursor: page_of_hits.next_cursor.filter(|_| context.partial().is_none()),
        suggestion,
        suggestion_total,
        hits,
        also,
        missing: selection.facets.iter().map(|facet| (facet.field, facet.missing)).collect(),
        facets: selection.facets.into_iter().map(|facet| (facet.field, facet.values)).collect(),
        explain: explanation
            .map(|explanation| Explanation { phases_ms: session.phases.spent, ..explanation }),
    })
}

/// Counts one facet of a search.
///
/// # Errors
/// A query over the limits, the deadline, or a failing archive.
pub fn facet(
    context: &SearchContext<'_>,
    field: FacetField,
    request: &SearchRequest,
) -> Result<FacetResponse, SearchError> {
    let facet = Session::reading(context, request, reading::read)?.facet(field)?;
    Ok(FacetResponse { partial: context.partial(), ..facet })
}

/// The words that an article lacks, of which `placed` says where clauses begin in it.
fn lacks(plan: &Plan, placed: &[Placed], article: &Article) -> Vec<String> {
    let mut found = vec![false; plan.clauses.len()];
    for place in placed {
        if let Some(found) = found.get_mut(place.clause) {
            *found = true;
        }
    }
    plan.lacks(&found, article)
}

/// The hits of a page, of their articles in the same order.
pub(super) fn hits(
    session: &Session<'_>,
    found: &[Found],
    articles: Vec<Article>,
    marks: Option<Vec<Occurrences>>,
) -> Vec<Hit> {
    let mut marks = marks.map(Vec::into_iter);
    let hits = found.iter().zip(articles).map(|(found, article)| {
        let marks = marks.as_mut().and_then(Iterator::next);
        let pieces = marks.as_ref().map(|marks| {
            let rarity = |clause| session.plan.rarity(clause);
            snippets(&article.body, &marks.body, rarity, session.request.snippets)
        });
        let score = (!session.context.filtered).then_some(found.score);
        let hit = Hit::of(article, score);
        let highlight = marks
            .zip(pieces)
            .map(|(marks, body)| HitHighlight { title: marked(&hit.title, &joined(&marks.title)), body });
        Hit {
            highlight,
            score_parts: found.parts,
            similar_count: found.similar,
            similar_total: found.alike,
            ..hit
        }
    });
    hits.collect()
}
