//! A whole search: read, plan, match, count, order, mark.

use std::time::Instant;

use fixedbitset::FixedBitSet;
use tantivy::DocId;

use super::count::IndexCounter;
use super::explain::{Phases, explain};
use super::facet::FacetCounter;
use super::filter::{Failed, Tests};
use super::highlight::{Occurrences, joined, marked};
use super::marking::marks;
use super::matching::{ClauseDocs, Evaluated, evaluate};
use super::order::{Ordered, Ordering};
use super::plan::{Plan, Strictness};
use super::query::{Query, parse};
use super::score::Scorer;
use super::segment::{self, SegmentView};
use super::snippet::snippets;
use super::stored::{Fetched, fetch};
use super::types::*;
use super::walk::{sort_of, walk, walk_of, window};
use super::word::WordReader;
use super::{Deadline, SearchContext, SearchError};

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
    let deadline = Deadline(context.deadline);
    let plan = plan(context, &segments, &query, request.match_mode);
    phases.end("analyze", &mut mark);

    let sort = sort_of(request, &plan);
    let begun = walk_of(context, request, sort)?;
    let matches = matches(&plan, &query, &request.filters, begun, &segments, &deadline)?;
    let Matches { total, strictness, relaxed, .. } = matches;
    let walk = walk(context, request, sort, strictness);
    phases.end("match", &mut mark);

    let facets = facets(&request.facets, &matches, request.facet_size, &segments, &deadline)?;
    phases.end("facet", &mut mark);

    let scorer = Scorer::new(&plan, context.ranking, &segments, walk.now)?;
    let found = matches.of_segments.into_iter().map(|matches| (matches.hits, matches.found));
    let ordering = Ordering::new(&plan, &scorer, &segments, found, &deadline)?;
    let ordered = ordering.page(sort, &window(request), request.explain)?;
    phases.end("rank", &mut mark);

    let articles = fetch(context.generation, ordered.page.iter().map(|(hit, _)| hit), &deadline)?;
    phases.end("fetch", &mut mark);
    let marks = request.highlight.then(|| marks(context, &plan, &segments, &articles)).transpose()?;
    let hits = hits(&plan, &ordered, articles, marks, request);
    phases.end("highlight", &mut mark);

    let explanation =
        request.explain.then(|| explain(&query, &plan, strictness, &segments, &deadline)).transpose()?;
    Ok(SearchResponse {
        query: query.text().to_owned(),
        total,
        relaxed,
        took_ms: (began.elapsed().as_secs_f64() * 1e5).round() / 100.0,
        generation: context.generation.name().to_owned(),
        page,
        size: request.size,
        next_cursor: ordered.next.map(|place| Cursor { place, walk }.encode()),
        suggestion: None,
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
    let deadline = Deadline(context.deadline);
    let plan = plan(context, &segments, &query, request.match_mode);
    let matches = matches(&plan, &query, &request.filters, None, &segments, &deadline)?;
    let counted = facets(&[field], &matches, request.facet_size, &segments, &deadline)?;
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
    plan: &Plan,
    query: &Query,
    filters: &Filters,
    begun: Option<Walk>,
    segments: &[SegmentView<'_>],
    deadline: &Deadline,
) -> Result<Matches, SearchError> {
    let mut found = Matches {
        of_segments: Vec::with_capacity(segments.len()),
        total: 0,
        strictness: Strictness::All,
        relaxed: false,
    };
    // Nothing but punctuation or emoji was typed: that is a search for something, and nothing is found.
    let noise = query.is_empty() && !query.text().trim().is_empty();
    let begun = begun.map(|walk| [walk.strictness]);
    for strictness in begun.as_ref().map_or(plan.attempts(), |strictness| strictness) {
        found.strictness = *strictness;
        found.of_segments.clear();
        let expr = plan.expr(*strictness);
        for segment in segments {
            let evaluated = if noise {
                Evaluated { docs: FixedBitSet::with_capacity(segment.max_doc()), found: Vec::new() }
            } else {
                evaluate(plan, &expr, segment, deadline)?
            };
            let filtered = filtered(segment, evaluated, filters)?;
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
    fields: &[FacetField],
    matches: &Matches,
    size: usize,
    segments: &[SegmentView<'_>],
    deadline: &Deadline,
) -> Result<Vec<FacetResponse>, SearchError> {
    let mut counted = Vec::with_capacity(fields.len());
    for field in fields {
        deadline.check()?;
        let mut counter = FacetCounter::new(*field);
        for (segment, matches) in segments.iter().zip(&matches.of_segments) {
            match matches.own_filter.iter().find(|(own, _)| own == field) {
                Some((_, more)) => counter.add(segment, &(&matches.hits | more))?,
                None => counter.add(segment, &matches.hits)?,
            }
        }
        counted.push(counter.finish(size));
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
                similar_count: 0,
                highlight,
                score_parts: (request.explain && ordered.by_score).then_some(*parts),
            }
        })
        .collect()
}
