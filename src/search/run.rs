//! A whole search: read, plan, match, count, order, mark.

use std::borrow::Cow;
use std::time::Instant;

use fixedbitset::FixedBitSet;
use rustc_hash::FxHashMap;
use tantivy::DocId;

use super::explain::explain;
use super::highlight::{Occurrences, joined, marked};
use super::marking::marks;
use super::snippet::snippets;
use super::suggest;
use super::types::*;
use super::walk::{sort_of, walk, walk_of, window};
use super::{Deadline, SearchContext, SearchError};
use crate::index::read::facet::FacetCounter;
use crate::index::read::filter::{Failed, Tests};
use crate::index::read::group::{self, Folded};
use crate::index::read::matching::{ClauseDocs, Evaluated, evaluate};
use crate::index::read::order::{Ordered, Ordering};
use crate::index::read::score::Scorer;
use crate::index::read::segment::{self, SegmentView};
use crate::index::read::stored::{Fetched, fetch};
use crate::index::read::vocabulary::IndexCounter;
use crate::query::archive::Phases;
use crate::query::language::{Query, parse};
use crate::query::plan::Plan;
use crate::query::word::WordReader;

/// The matches of one segment.
pub struct SegmentMatches {
    /// Those that pass all filters.
    pub hits: FixedBitSet,
    /// Those that fail only their own field's filter, by field: they count in that field's facet.
    own_filter: Vec<(FacetField, FixedBitSet)>,
    /// What was found of each clause.
    pub found: Vec<Option<ClauseDocs>>,
}

/// All matches of a search.
pub struct Matches {
    /// By segment.
    pub of_segments: Vec<SegmentMatches>,
    /// How many they are.
    pub total: u64,
    /// How many of the words had to match.
    pub strictness: Strictness,
    /// Whether that is fewer than asked.
    pub relaxed: bool,
}

/// Answers a search.
///
/// # Errors
/// A query over the limits, a page behind the window, a cursor of another search, the deadline, or a failing index.
pub fn search(context: &SearchContext<'_>, request: &SearchRequest) -> Result<SearchResponse, SearchError> {
    let began = Instant::now();
    let mut mark = began;
    let mut phases = Phases::default();
    let page = request.page.max(1);
    if request.cursor.is_none() && page.saturating_mul(request.size) > PAGE_WINDOW {
        return Err(SearchError::PageWindow { page, size: request.size, limit: PAGE_WINDOW });
    }
    let query = parse(&request.query)?;
    phases.end("parse", &mut mark);

    let segments = segment::open(context.generation);
    let deadline = Deadline::new(context.deadline);
    let plan = plan(context, &segments, &query, request.match_mode);
    phases.end("analyze", &mut mark);

    let sort = sort_of(request, &plan);
    let begun = walk_of(context, request, sort)?;
    let matches = matches(context, &plan, &query, request, begun, &segments, &deadline)?;
    let Matches { strictness, relaxed, .. } = matches;
    let walk = walk(context, request, sort, strictness);
    phases.end("match", &mut mark);

    let facets = facets(context, &request.facets, &matches, request, &segments, &deadline)?;
    phases.end("facet", &mut mark);

    let scorer = Scorer::new(&plan, context.ranking, &segments, walk.now)?;
    let found = group::shown(context, request, &scorer, &segments, matches, &deadline)?;
    let total = found.total();
    phases.end("fold", &mut mark);
    let Folded { shown, behind } = found;
    let ordering = Ordering::new(&plan, &scorer, &segments, shown.into_iter(), &deadline)?;
    let ordered = ordering.page(sort, &window(request), request.explain)?;
    phases.end("rank", &mut mark);

    let articles = fetch(context.generation, ordered.page.iter().map(|(hit, _)| hit), &deadline)?;
    phases.end("fetch", &mut mark);
    let marks = request.highlight.then(|| marks(context, &plan, &segments, &articles)).transpose()?;
    let hits = hits(&plan, &ordered, articles, marks, &behind, request);
    phases.end("highlight", &mut mark);

    let suggestion = suggest::suggestion(context, request, total, relaxed)?;
    phases.end("suggest", &mut mark);

    let explanation =
        request.explain.then(|| explain(&query, &plan, strictness, &segments, &deadline)).transpose()?;
    Ok(SearchResponse {
        query: query.text().to_owned(),
        total,
        relaxed,
        took_ms: (began.elapsed().as_secs_f64() * 1e5).round() / 100.0,
        generation: context.generation.name().to_owned(),
        sequence: context.generation.info().sequence,
        page,
        size: request.size,
        next_cursor: ordered.next.map(|place| Cursor { place, walk }.encode()),
        suggestion,
        hits,
        facets: facets.into_iter().map(|facet| (facet.field, facet.values)).collect(),
        explain: explanation.map(|explanation| Explanation { phases_ms: phases.spent, ..explanation }),
    })
}

/// Counts one facet of a search.
pub fn facet(
    context: &SearchContext<'_>,
    field: FacetField,
    request: &SearchRequest,
) -> Result<FacetResponse, SearchError> {
    let query = parse(&request.query)?;
    let segments = segment::open(context.generation);
    let deadline = Deadline::new(context.deadline);
    let plan = plan(context, &segments, &query, request.match_mode);
    let matches = matches(context, &plan, &query, request, None, &segments, &deadline)?;
    let counted = facets(context, &[field], &matches, request, &segments, &deadline)?;
    Ok(counted.into_iter().next().unwrap_or_else(|| FacetCounter::new(field).finish(0)))
}

/// Plans `query` over a generation's segments.
pub fn plan(
    context: &SearchContext<'_>,
    segments: &[SegmentView<'_>],
    query: &Query,
    match_mode: MatchMode,
) -> Plan {
    let counter = IndexCounter { segments };
    let mut words = WordReader::new(context.language, &counter);
    Plan::new(query, match_mode, context.language, &mut words)
}

/// The matches at the first strictness that has any; where a walk has `begun`, at the strictness of its first page.
pub fn matches(
    context: &SearchContext<'_>,
    plan: &Plan,
    query: &Query,
    request: &SearchRequest,
    begun: Option<Walk>,
    segments: &[SegmentView<'_>],
    deadline: &Deadline,
) -> Result<Matches, SearchError> {
    let begun = begun.map(|walk| [walk.strictness]);
    let attempts = begun.as_ref().map_or(plan.attempts(), |strictness| strictness);
    matches_at(attempts, context, plan, query, request, segments, deadline)
}

/// How many articles a search finds that is content with nothing less than it asks: 0 where others relax.
pub fn strict_total(
    context: &SearchContext<'_>,
    request: &SearchRequest,
    segments: &[SegmentView<'_>],
    deadline: &Deadline,
) -> Result<u64, SearchError> {
    let query = parse(&request.query)?;
    let plan = plan(context, segments, &query, request.match_mode);
    let attempts = plan.attempts().get(..1).unwrap_or_default();
    Ok(matches_at(attempts, context, &plan, &query, request, segments, deadline)?.total)
}

/// The matches at the first of `attempts` that has any.
fn matches_at(
    attempts: &[Strictness],
    context: &SearchContext<'_>,
    plan: &Plan,
    query: &Query,
    request: &SearchRequest,
    segments: &[SegmentView<'_>],
    deadline: &Deadline,
) -> Result<Matches, SearchError> {
    let mut found = Matches {
        of_segments: Vec::with_capacity(segments.len()),
        total: 0,
        strictness: Strictness::All,
        relaxed: false,
    };
    let alike = request.similar_to.as_ref().map(|id| group::alike(context, segments, id)).transpose()?;
    // Nothing but punctuation or emoji was typed: that is a search for something, and nothing is found.
    let noise = query.is_empty() && !query.text().trim().is_empty();
    for strictness in attempts {
        found.strictness = *strictness;
        found.of_segments.clear();
        let expr = plan.expr(*strictness);
        for (index, segment) in segments.iter().enumerate() {
            let mut evaluated = if noise {
                Evaluated { docs: FixedBitSet::with_capacity(segment.max_doc()), found: Vec::new() }
            } else {
                evaluate(plan, &expr, segment, deadline)?
            };
            if let Some(alike) = alike.as_ref().and_then(|sets| sets.get(index)) {
                evaluated.docs.intersect_with(alike);
            }
            let filtered = filtered(segment, evaluated, &request.filters)?;
            found.total += filtered.hits.count_ones(..) as u64;
            found.of_segments.push(filtered);
        }
        if found.total > 0 {
            found.relaxed = plan.attempts().first() != Some(strictness);
            break;
        }
    }
    Ok(found)
}

fn facets(
    context: &SearchContext<'_>,
    fields: &[FacetField],
    matches: &Matches,
    request: &SearchRequest,
    segments: &[SegmentView<'_>],
    deadline: &Deadline,
) -> Result<Vec<FacetResponse>, SearchError> {
    let mut counted = Vec::with_capacity(fields.len());
    for field in fields {
        deadline.check()?;
        let mut counter = FacetCounter::new(*field);
        for (index, (segment, matches)) in segments.iter().zip(&matches.of_segments).enumerate() {
            let docs = match matches.own_filter.iter().find(|(own, _)| own == field) {
                Some((_, more)) => Cow::Owned(&matches.hits | more),
                None => Cow::Borrowed(&matches.hits),
            };
            match request.fold {
                Some(_) => counter.add_folded(index, segment, &docs, context.generation.similar())?,
                None => counter.add(segment, &docs)?,
            }
        }
        counted.push(counter.finish(request.facet_size));
    }
    Ok(counted)
}

/// Splits matches into those that pass the filters and those that fail only one field's.
fn filtered(
    segment: &SegmentView<'_>,
    evaluated: Evaluated,
    filters: &Filters,
) -> Result<SegmentMatches, SearchError> {
    let Evaluated { docs, found } = evaluated;
    let tests = Tests::new(segment.reader, filters)?;
    if tests.is_empty() {
        return Ok(SegmentMatches { hits: docs, own_filter: Vec::new(), found });
    }
    let mut hits = FixedBitSet::with_capacity(segment.max_doc());
    let mut own_filter: Vec<(FacetField, FixedBitSet)> = Vec::new();
    for doc in docs.ones() {
        match tests.failed(doc as DocId) {
            Failed::None => hits.insert(doc),
            Failed::Only(field) => match own_filter.iter_mut().find(|(own, _)| *own == field) {
                Some((_, set)) => set.insert(doc),
                None => {
                    let mut set = FixedBitSet::with_capacity(segment.max_doc());
                    set.insert(doc);
                    own_filter.push((field, set));
                }
            },
            Failed::Several => {}
        }
    }
    Ok(SegmentMatches { hits, own_filter, found })
}

fn hits(
    plan: &Plan,
    ordered: &Ordered,
    articles: Vec<Fetched>,
    marks: Option<Vec<Occurrences>>,
    behind: &FxHashMap<(usize, DocId), u64>,
    request: &SearchRequest,
) -> Vec<Hit> {
    let mut marks = marks.map(Vec::into_iter);
    ordered
        .page
        .iter()
        .zip(articles)
        .map(|((candidate, parts), Fetched { article, .. })| {
            let highlight = marks.as_mut().and_then(Iterator::next).map(|found| HitHighlight {
                title: marked(&article.title, &joined(&found.title)),
                body: snippets(&article.body, &found.body, |clause| plan.rarity(clause), request.snippets),
            });
            Hit {
                id: article.id,
                score: if ordered.by_score { candidate.key as f32 } else { 0.0 },
                title: article.title,
                outlet: article.outlet,
                reporters: article.reporters,
                section: article.section,
                published_at: article.published_at,
                url: article.url,
                similar_count: behind.get(&(candidate.segment, candidate.doc)).copied().unwrap_or_default(),
                highlight,
                score_parts: (request.explain && ordered.by_score).then_some(*parts),
            }
        })
        .collect()
}
