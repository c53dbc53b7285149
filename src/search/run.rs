//! A whole search: read, plan, match, count, order, mark.

use std::borrow::Cow;
use std::time::Instant;

use fixedbitset::FixedBitSet;
use rustc_hash::FxHashMap;
use tantivy::DocId;

use super::count::IndexCounter;
use super::explain::{Phases, explain};
use super::facet::FacetCounter;
use super::filter::{Failed, Tests};
use super::fold::{self, Folded};
use super::highlight::{Occurrences, joined, marked};
use super::marking::marks;
use super::matching::evaluate;
use super::order::{self, Ordered, Ordering, Window};
use super::plan::{Plan, Strictness};
use super::query::{Query, parse};
use super::score::Scorer;
use super::segment::{self, SegmentView};
use super::snippet::snippets;
use super::stored::{Fetched, fetch};
use super::types::*;
use super::word::WordReader;
use super::{Deadline, SearchContext, SearchError};

/// The matches of one segment.
struct SegmentMatches {
    /// Those that pass all filters.
    hits: FixedBitSet,
    /// Those that fail only their own field's filter, by field: they count in that field's facet.
    own_filter: Vec<(FacetField, FixedBitSet)>,
}

/// All matches of a search.
struct Matches {
    of_segments: Vec<SegmentMatches>,
    total: u64,
    /// How many of the words had to match.
    strictness: Strictness,
    /// Whether that is fewer than asked.
    relaxed: bool,
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

    let segments = segment::open(context.generation)?;
    let deadline = Deadline(context.deadline);
    let plan = plan(context, &segments, &query, request.match_mode);
    phases.end("analyze", &mut mark);

    let matches = matches(context, &plan, &query, request, &segments, &deadline)?;
    let Matches { strictness, relaxed, .. } = matches;
    phases.end("match", &mut mark);

    let facets = facets(context, &request.facets, &matches, request, &segments, &deadline)?;
    phases.end("facet", &mut mark);

    let sort = match request.sort {
        Some(Sort::Relevance) | None if plan.is_empty() => Sort::Newest,
        Some(sort) => sort,
        None => Sort::Relevance,
    };
    if request.cursor.as_ref().is_some_and(|cursor| cursor.sort != sort) {
        return Err(SearchError::Cursor);
    }
    let scorer = Scorer::new(&plan, context.ranking, &segments, context.now)?;
    let found: Vec<_> = matches.of_segments.into_iter().map(|matches| matches.hits).collect();
    let folded = match request.fold {
        None => Folded { shown: found, behind: Default::default() },
        Some(shown) => {
            let scores = match shown {
                Shown::Best => order::scores(&scorer, &segments, found.iter(), &deadline)?,
                Shown::First | Shown::Newest => Vec::new(),
            };
            fold::fold(context.generation.similar(), &segments, found, shown, &scores)?
        }
    };
    let total = folded.total();
    phases.end("fold", &mut mark);
    let Folded { shown, behind } = folded;
    let ordering = Ordering::new(&plan, &scorer, &segments, shown.into_iter(), &deadline)?;
    let cursor = request.cursor.as_ref();
    let offset = if cursor.is_some() { 0 } else { (page - 1) * request.size };
    let window = Window { offset, size: request.size, cursor };
    let ordered = match sort {
        Sort::Relevance => ordering.by_score(&window, request.explain)?,
        Sort::Newest | Sort::Oldest => ordering.by_time(sort, &window)?,
    };
    phases.end("rank", &mut mark);

    let articles = fetch(context.generation, ordered.page.iter().map(|(hit, _)| hit), &deadline)?;
    phases.end("fetch", &mut mark);
    let marks = request.highlight.then(|| marks(&plan, &segments, &articles, &deadline)).transpose()?;
    let hits = hits(&plan, &scorer, &ordered, articles, marks, &behind, request.explain);
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
        next_cursor: ordered.next.map(|cursor| cursor.encode()),
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
    let segments = segment::open(context.generation)?;
    let deadline = Deadline(context.deadline);
    let plan = plan(context, &segments, &query, request.match_mode);
    let matches = matches(context, &plan, &query, request, &segments, &deadline)?;
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

/// The matches at the first strictness that has any.
fn matches(
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
    let alike = request.similar_to.as_ref().map(|id| fold::alike(context, segments, id)).transpose()?;
    // Nothing but punctuation or emoji was typed: that is a search for something, and nothing is found.
    let noise = query.is_empty() && !query.text().trim().is_empty();
    for (attempt, strictness) in plan.attempts().iter().enumerate() {
        found.strictness = *strictness;
        found.of_segments.clear();
        let expr = plan.expr(*strictness);
        for (index, segment) in segments.iter().enumerate() {
            let mut docs = if noise {
                FixedBitSet::with_capacity(segment.max_doc())
            } else {
                evaluate(plan, &expr, segment, deadline)?
            };
            if let Some(alike) = alike.as_ref().and_then(|sets| sets.get(index)) {
                docs.intersect_with(alike);
            }
            let filtered = filtered(segment, docs, &request.filters)?;
            found.total += filtered.hits.count_ones(..) as u64;
            found.of_segments.push(filtered);
        }
        if found.total > 0 {
            found.relaxed = attempt > 0;
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
    docs: FixedBitSet,
    filters: &Filters,
) -> Result<SegmentMatches, SearchError> {
    let tests = Tests::new(segment.reader, filters)?;
    if tests.is_empty() {
        return Ok(SegmentMatches { hits: docs, own_filter: Vec::new() });
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
    Ok(SegmentMatches { hits, own_filter })
}

fn hits(
    plan: &Plan,
    scorer: &Scorer<'_>,
    ordered: &Ordered,
    articles: Vec<Fetched>,
    marks: Option<Vec<Occurrences>>,
    behind: &FxHashMap<(usize, DocId), u64>,
    explain: bool,
) -> Vec<Hit> {
    let clause_weight = |index: usize| -> f32 {
        let morphemes = plan.clauses.get(index).map_or(&[][..], |clause| &clause.morphemes);
        morphemes.iter().map(|(term, _)| scorer.idf_of(term)).fold(1.0, f32::max)
    };
    let mut marks = marks.map(Vec::into_iter);
    ordered
        .page
        .iter()
        .zip(articles)
        .map(|((candidate, parts), Fetched { article, .. })| {
            let highlight = marks.as_mut().and_then(Iterator::next).map(|found| HitHighlight {
                title: marked(&article.title, &joined(&found.title)),
                body: snippets(&article.body, &found.body, clause_weight),
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
                score_parts: (explain && ordered.by_score).then_some(*parts),
            }
        })
        .collect()
}
