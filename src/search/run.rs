//! A whole search: read, plan, match, count, order, mark.

use std::collections::BTreeMap;
use std::time::Instant;

use fixedbitset::FixedBitSet;
use tantivy::columnar::Column;
use tantivy::schema::Value;
use tantivy::{DocAddress, DocId, DocSet, TERMINATED, TantivyDocument, Term};

use super::facet::FacetCounter;
use super::filter::{Failed, Tests};
use super::highlight::{Occurrences, joined, marked, occurrences, occurrences_in};
use super::matching::{clause_docs_within, evaluate};
use super::nearness::bonuses;
use super::plan::{Plan, Strictness};
use super::query::{Query, parse};
use super::rank::{Behind, Candidate, Ids, best};
use super::score::{Scorer, idf};
use super::segment::SegmentView;
use super::shape::{Form, Lane, Origin, Probe, Shape};
use super::snippet::snippets;
use super::types::*;
use super::word::{Counter, NoCounter, WordReader};
use super::{Deadline, SearchContext, SearchError};
use crate::article::Article;
use crate::korean::analysis::Analysis;

/// Counts shapes over a generation, for [`WordReader`].
struct IndexCounter<'a> {
    segments: &'a [SegmentView<'a>],
}

impl Counter for IndexCounter<'_> {
    fn count(&self, shape: &Shape) -> u64 {
        let mut count = 0;
        for segment in self.segments {
            let Ok(Some(mut cursor)) = segment.cursor(shape, None) else { continue };
            let mut doc = cursor.seek(0);
            while doc != TERMINATED {
                count += u64::from(cursor.matches(doc));
                doc = cursor.seek(doc + 1);
            }
        }
        count
    }

    fn rarity(&self, probe: &Probe) -> f32 {
        let mut held = 0;
        let mut articles = 0;
        for segment in self.segments {
            articles += u64::from(segment.reader.max_doc());
            held += u64::from(segment.doc_freq(probe).unwrap_or(0));
        }
        if held == 0 { 0.0 } else { idf(articles, held) }
    }
}

/// Milliseconds by phase.
#[derive(Default)]
struct Phases {
    spent: BTreeMap<&'static str, f64>,
}

impl Phases {
    fn end(&mut self, name: &'static str, started: &mut Instant) {
        let now = Instant::now();
        *self.spent.entry(name).or_default() += (now - *started).as_secs_f64() * 1e3;
        *started = now;
    }
}

/// The matches of one segment.
struct SegmentMatches {
    /// Those that pass all filters.
    hits: FixedBitSet,
    /// Those that fail only their own field's filter, by field: they count in that field's facet.
    own_filter: Vec<(FacetField, FixedBitSet)>,
}

/// A search being answered.
struct Search<'a> {
    context: &'a SearchContext<'a>,
    segments: &'a [SegmentView<'a>],
    deadline: Deadline,
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

    let segments = open_segments(context)?;
    let search = Search { context, segments: &segments, deadline: Deadline(context.deadline) };
    let plan = search.plan(&query, request.match_mode);
    phases.end("analyze", &mut mark);

    let (matches, total, strictness, relaxed) = search.matches(&plan, &query, &request.filters)?;
    phases.end("match", &mut mark);

    let facets = search.facets(&request.facets, &matches, request.facet_size)?;
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
    let ordered = search.order(&plan, &scorer, matches, sort, request, page)?;
    phases.end("rank", &mut mark);

    let articles = search.fetch(&ordered.page)?;
    phases.end("fetch", &mut mark);
    let marks = if request.highlight { Some(search.marks(&plan, &articles)?) } else { None };
    let hits = hits(&plan, &scorer, &ordered, articles, marks, request.explain);
    phases.end("highlight", &mut mark);

    let explain = request.explain.then(|| search.explain(&query, &plan, strictness)).transpose()?;
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
        explain: explain.map(|mut explanation| {
            explanation.phases_ms = phases.spent;
            explanation
        }),
    })
}

/// Counts one facet of a search.
pub fn facet(
    context: &SearchContext<'_>,
    field: FacetField,
    request: &SearchRequest,
) -> Result<FacetResponse, SearchError> {
    let query = parse(&request.query)?;
    let segments = open_segments(context)?;
    let search = Search { context, segments: &segments, deadline: Deadline(context.deadline) };
    let plan = search.plan(&query, request.match_mode);
    let (matches, ..) = search.matches(&plan, &query, &request.filters)?;
    let counted = search.facets(&[field], &matches, request.facet_size)?;
    Ok(counted.into_iter().next().unwrap_or_else(|| FacetCounter::new(field).finish(0)))
}

/// The whole article `id` with the marks of `query`; `None` where there is no such article.
pub fn highlight_article(
    context: &SearchContext<'_>,
    query: &str,
    id: &str,
) -> Result<Option<MarkedArticle>, SearchError> {
    let query = parse(query)?;
    let segments = open_segments(context)?;
    let search = Search { context, segments: &segments, deadline: Deadline(context.deadline) };
    let Some((segment, doc)) = search.find(id)? else { return Ok(None) };
    let plan = search.plan(&query, MatchMode::Auto);
    let articles = vec![Fetched { segment, doc, article: search.load(segment, doc)? }];
    let marks = search.marks(&plan, &articles)?;
    let found = articles.into_iter().zip(marks).next();
    Ok(found.map(|(Fetched { article, .. }, marks)| MarkedArticle {
        title: marked(&article.title, &joined(&marks.title)),
        body: marked(&article.body, &joined(&marks.body)),
    }))
}

/// `text`, which need not be in the index, with the marks of `query`.
pub fn highlight_text(
    context: &SearchContext<'_>,
    query: &str,
    text: &str,
) -> Result<MarkedText, SearchError> {
    let query = parse(query)?;
    let mut words = WordReader::new(context.language, &NoCounter);
    let plan = Plan::new(&query, MatchMode::Auto, context.language, &mut words);
    let mut analysis = Analysis::default();
    context.language.korean().analyzer().analyze(text, &mut analysis);
    Ok(marked(text, &joined(&occurrences_in(&plan, &analysis))))
}

/// The stored article `id`.
pub fn article(context: &SearchContext<'_>, id: &str) -> Result<Option<Article>, SearchError> {
    let segments = open_segments(context)?;
    let search = Search { context, segments: &segments, deadline: Deadline(context.deadline) };
    match search.find(id)? {
        Some((segment, doc)) => search.load(segment, doc).map(Some),
        None => Ok(None),
    }
}

fn open_segments<'a>(context: &SearchContext<'a>) -> Result<Vec<SegmentView<'a>>, SearchError> {
    let fields = context.generation.fields();
    let readers = context.generation.searcher().segment_readers();
    Ok(readers.iter().map(|reader| SegmentView::new(reader, fields)).collect::<tantivy::Result<_>>()?)
}

/// A hit with its article.
struct Fetched {
    segment: usize,
    doc: DocId,
    article: Article,
}

/// The hits of a page in order.
struct Ordered {
    page: Vec<(Candidate, ScoreParts)>,
    next: Option<Cursor>,
    by_score: bool,
}

impl Search<'_> {
    fn plan(&self, query: &Query, match_mode: MatchMode) -> Plan {
        let counter = IndexCounter { segments: self.segments };
        let mut words = WordReader::new(self.context.language, &counter);
        Plan::new(query, match_mode, self.context.language, &mut words)
    }

    /// The matches at the first strictness that has any, how many there are, that strictness, and whether it is not the
    /// first.
    fn matches(
        &self,
        plan: &Plan,
        query: &Query,
        filters: &Filters,
    ) -> Result<(Vec<SegmentMatches>, u64, Strictness, bool), SearchError> {
        let attempts = plan.attempts();
        let mut strictness = Strictness::All;
        let mut matches = Vec::new();
        let mut total = 0;
        // Nothing but punctuation or emoji was typed: that is a search for something, and nothing is found.
        let noise = query.is_empty() && !query.text().trim().is_empty();
        for (attempt, tried) in attempts.iter().enumerate() {
            strictness = *tried;
            let expr = plan.expr(strictness);
            matches = Vec::with_capacity(self.segments.len());
            total = 0;
            for segment in self.segments {
                let docs = if noise {
                    FixedBitSet::with_capacity(segment.max_doc())
                } else {
                    evaluate(plan, &expr, segment, &self.deadline)?
                };
                let filtered = filtered(segment, docs, filters)?;
                total += filtered.hits.count_ones(..) as u64;
                matches.push(filtered);
            }
            if total > 0 {
                return Ok((matches, total, strictness, attempt > 0));
            }
        }
        Ok((matches, total, strictness, false))
    }

    fn facets(
        &self,
        fields: &[FacetField],
        matches: &[SegmentMatches],
        size: usize,
    ) -> Result<Vec<FacetResponse>, SearchError> {
        let mut counted = Vec::with_capacity(fields.len());
        for field in fields {
            self.deadline.check()?;
            let mut counter = FacetCounter::new(*field);
            for (segment, matches) in self.segments.iter().zip(matches) {
                match matches.own_filter.iter().find(|(own, _)| own == field) {
                    Some((_, more)) => counter.add(segment, &(&matches.hits | more))?,
                    None => counter.add(segment, &matches.hits)?,
                }
            }
            counted.push(counter.finish(size));
        }
        Ok(counted)
    }

    fn order(
        &self,
        plan: &Plan,
        scorer: &Scorer<'_>,
        matches: Vec<SegmentMatches>,
        sort: Sort,
        request: &SearchRequest,
        page: usize,
    ) -> Result<Ordered, SearchError> {
        let offset = if request.cursor.is_some() { 0 } else { (page - 1) * request.size };
        let mut sets = Vec::with_capacity(matches.len());
        let mut published: Vec<Column<i64>> = Vec::with_capacity(matches.len());
        for (segment, matches) in self.segments.iter().zip(matches) {
            published.push(segment.reader.fast_fields().i64("published")?);
            sets.push((matches.hits, Ids::new(segment)?));
        }
        let time = |segment: usize, doc: DocId| published.get(segment).and_then(|column| column.first(doc));
        if sort != Sort::Relevance {
            let sign = if sort == Sort::Newest { 1.0 } else { -1.0 };
            let key =
                |segment, doc| time(segment, doc).map_or(f64::NEG_INFINITY, |seconds| sign * seconds as f64);
            let behind = request
                .cursor
                .as_ref()
                .map(|cursor| Behind { key: cursor.key.unwrap_or(f64::NEG_INFINITY), id: &cursor.id });
            let found = best(&sets, key, offset + request.size + 1, behind.as_ref())?;
            let more = found.len() > offset + request.size;
            let hits: Vec<Candidate> = found.into_iter().skip(offset).take(request.size).collect();
            let next = match hits.last() {
                Some(last) if more => Some(Cursor {
                    sort,
                    key: last.key.is_finite().then_some(last.key),
                    looked_at: false,
                    id: id_of(&sets, last)?,
                }),
                _ => None,
            };
            let page = hits.into_iter().map(|hit| (hit, ScoreParts::default())).collect();
            return Ok(Ordered { page, next, by_score: false });
        }

        let mut scores: Vec<Vec<f32>> = Vec::with_capacity(sets.len());
        for (segment, (docs, _)) in self.segments.iter().zip(&sets) {
            let mut of_segment = vec![0.0; segment.max_doc()];
            scorer.score(segment, docs, &mut of_segment, None, &self.deadline)?;
            scorer.score_clauses(segment, docs, &mut of_segment, &self.deadline)?;
            scores.push(of_segment);
        }
        let key = |segment: usize, doc: DocId| {
            let score =
                scores.get(segment).and_then(|scores| scores.get(doc as usize)).copied().unwrap_or(0.0);
            f64::from(score * scorer.recency(time(segment, doc)))
        };
        let depth = scorer.options().depth;
        let behind_depth = request.cursor.as_ref().filter(|cursor| !cursor.looked_at);
        if let Some(cursor) = behind_depth {
            let behind = Behind { key: cursor.key.unwrap_or(f64::NEG_INFINITY), id: &cursor.id };
            let found = best(&sets, key, request.size + 1, Some(&behind))?;
            let all = found.into_iter().map(|hit| (hit, 0.0, hit.key)).collect();
            return self.page_of(plan, scorer, &sets, all, 0, request.size, 0, request.explain, &time);
        }
        let found = best(&sets, key, depth.max(offset + request.size + 1) + request.size, None)?;
        let looked_at = found.len().min(depth);
        let mut all: Vec<(Candidate, f32, f64)> = found.into_iter().map(|hit| (hit, 0.0, hit.key)).collect();
        if let Some(best) = all.get_mut(..looked_at) {
            self.look_again(plan, scorer, best, &time)?;
            sort_looked_at(best, &sets);
        }
        let offset = match &request.cursor {
            None => offset,
            Some(cursor) => {
                let key = cursor.key.unwrap_or(f64::NEG_INFINITY);
                let passed = all.iter().take(looked_at).take_while(|(hit, _, total)| {
                    *total > key || *total == key && id_of(&sets, hit).is_ok_and(|id| id <= cursor.id)
                });
                passed.count()
            }
        };
        self.page_of(plan, scorer, &sets, all, offset, request.size, looked_at, request.explain, &time)
    }

    #[allow(clippy::too_many_arguments)]
    fn page_of(
        &self,
        plan: &Plan,
        scorer: &Scorer<'_>,
        sets: &[(FixedBitSet, Ids)],
        all: Vec<(Candidate, f32, f64)>,
        offset: usize,
        size: usize,
        looked_at: usize,
        explain: bool,
        time: &impl Fn(usize, DocId) -> Option<i64>,
    ) -> Result<Ordered, SearchError> {
        let more = all.len() > offset + size;
        let mut page = Vec::with_capacity(size);
        let mut next = None;
        for (rank, (hit, bonus, total)) in all.into_iter().enumerate().skip(offset).take(size) {
            let recency = scorer.recency(time(hit.segment, hit.doc));
            let mut parts = ScoreParts { recency, proximity: bonus, ..Default::default() };
            if explain {
                self.explain_score(plan, scorer, &hit, &mut parts)?;
            }
            if more && rank + 1 == offset + size {
                let in_best = rank < looked_at;
                next = Some(Cursor {
                    sort: Sort::Relevance,
                    key: Some(total),
                    looked_at: in_best,
                    id: id_of(sets, &hit)?,
                });
            }
            let mut hit = hit;
            hit.key = total;
            page.push((hit, parts));
        }
        Ok(Ordered { page, next, by_score: true })
    }

    /// Adds the bonuses of the second look to the totals of `best`.
    fn look_again(
        &self,
        plan: &Plan,
        scorer: &Scorer<'_>,
        best: &mut [(Candidate, f32, f64)],
        time: &impl Fn(usize, DocId) -> Option<i64>,
    ) -> Result<(), SearchError> {
        best.sort_by_key(|(hit, ..)| (hit.segment, hit.doc));
        for (index, segment) in self.segments.iter().enumerate() {
            let docs: Vec<DocId> =
                best.iter().filter(|(hit, ..)| hit.segment == index).map(|(hit, ..)| hit.doc).collect();
            if docs.is_empty() {
                continue;
            }
            let found = bonuses(plan, scorer, segment, &docs, &self.deadline)?;
            let of_segment = best.iter_mut().filter(|(hit, ..)| hit.segment == index);
            for ((hit, bonus, total), found) in of_segment.zip(found) {
                *bonus = found;
                let recency = scorer.recency(time(hit.segment, hit.doc));
                *total = hit.key + f64::from(found * recency);
            }
        }
        Ok(())
    }

    fn explain_score(
        &self,
        _plan: &Plan,
        scorer: &Scorer<'_>,
        hit: &Candidate,
        parts: &mut ScoreParts,
    ) -> Result<(), SearchError> {
        let Some(segment) = self.segments.get(hit.segment) else { return Ok(()) };
        let mut docs = FixedBitSet::with_capacity(segment.max_doc());
        docs.insert(hit.doc as usize);
        let mut scores = vec![0.0; segment.max_doc()];
        let mut part = |lane: Option<Lane>| -> Result<f32, SearchError> {
            scores.fill(0.0);
            match lane {
                Some(lane) => scorer.score(segment, &docs, &mut scores, Some(lane), &self.deadline)?,
                None => scorer.score_clauses(segment, &docs, &mut scores, &self.deadline)?,
            }
            Ok(scores.get(hit.doc as usize).copied().unwrap_or(0.0))
        };
        parts.morphemes = part(Some(Lane::Morph))?;
        parts.bigrams = part(Some(Lane::Gram))?;
        parts.title = part(Some(Lane::Title))?;
        parts.words = part(None)?;
        Ok(())
    }

    fn find(&self, id: &str) -> Result<Option<(usize, DocId)>, SearchError> {
        for (index, segment) in self.segments.iter().enumerate() {
            let inverted = segment.reader.inverted_index(segment.fields.id)?;
            let term = Term::from_field_text(segment.fields.id, id);
            let Some(mut postings) =
                inverted.read_postings(&term, tantivy::schema::IndexRecordOption::Basic)?
            else {
                continue;
            };
            let mut doc = postings.doc();
            while doc != TERMINATED {
                if !segment.reader.is_deleted(doc) {
                    return Ok(Some((index, doc)));
                }
                doc = postings.advance();
            }
        }
        Ok(None)
    }

    fn load(&self, segment: usize, doc: DocId) -> Result<Article, SearchError> {
        let address = DocAddress::new(segment as u32, doc);
        let stored: TantivyDocument = self.context.generation.searcher().doc(address)?;
        let source =
            stored.get_first(self.context.generation.fields().source).and_then(|value| value.as_bytes());
        source.and_then(|bytes| serde_json::from_slice(bytes).ok()).ok_or_else(|| {
            SearchError::Index(crate::index::IndexError::Damaged {
                path: self.context.generation.path().to_owned(),
                what: format!("the stored article {doc} of segment {segment} cannot be read"),
            })
        })
    }

    fn fetch(&self, page: &[(Candidate, ScoreParts)]) -> Result<Vec<Fetched>, SearchError> {
        let fetched = page.iter().map(|(hit, _)| {
            self.deadline.check()?;
            Ok(Fetched { segment: hit.segment, doc: hit.doc, article: self.load(hit.segment, hit.doc)? })
        });
        fetched.collect()
    }

    /// The occurrences of the plan's clauses in fetched articles, in the same order.
    fn marks(&self, plan: &Plan, articles: &[Fetched]) -> Result<Vec<Occurrences>, SearchError> {
        let mut marks = vec![Occurrences::default(); articles.len()];
        for (index, segment) in self.segments.iter().enumerate() {
            let mut here: Vec<(usize, &Fetched)> =
                articles.iter().enumerate().filter(|(_, fetched)| fetched.segment == index).collect();
            here.sort_by_key(|(_, fetched)| fetched.doc);
            let texts: Vec<(DocId, &str, &str)> = here
                .iter()
                .map(|(_, f)| (f.doc, f.article.title.as_str(), f.article.body.as_str()))
                .collect();
            let found = occurrences(plan, segment, &texts, &self.deadline)?;
            for ((place, _), found) in here.into_iter().zip(found) {
                if let Some(slot) = marks.get_mut(place) {
                    *slot = found;
                }
            }
        }
        Ok(marks)
    }

    fn explain(
        &self,
        query: &Query,
        plan: &Plan,
        strictness: Strictness,
    ) -> Result<Explanation, SearchError> {
        let mut clauses = Vec::with_capacity(plan.clauses.len());
        for clause in &plan.clauses {
            let mut articles = 0;
            for segment in self.segments {
                let mut alive = FixedBitSet::with_capacity(segment.max_doc());
                alive.extend(segment.reader.doc_ids_alive().map(|doc| doc as usize));
                let docs = clause_docs_within(clause, segment, &alive, &self.deadline, |_| true)?;
                articles += docs.count_ones(..) as u64;
            }
            let forms = clause.forms.iter().map(describe_form).collect();
            clauses.push(ClauseExplanation { text: clause.text.clone(), forms, articles });
        }
        Ok(Explanation {
            read_as: query.to_string(),
            description: query.describe(),
            clauses,
            matched: strictness.name(),
            phases_ms: BTreeMap::new(),
        })
    }
}

/// A form in words: `gram:중소 소벤 …`, with what it comes from.
fn describe_form(form: &Form) -> String {
    let origin = match form.origin {
        Origin::Literal => "literal",
        Origin::Analysed => "analysed",
        Origin::Variant(crate::korean::lexicon::VariantKind::Synonym) => "synonym",
        Origin::Variant(crate::korean::lexicon::VariantKind::Hanja) => "hanja",
    };
    let slots: Vec<String> = form
        .shape
        .slots
        .iter()
        .map(|slot| {
            let probes: Vec<String> = slot
                .probes
                .iter()
                .map(|probe| {
                    let lane = match probe.lane {
                        Lane::Morph => "morpheme",
                        Lane::Gram => "bigram",
                        Lane::Edge => "edge",
                        Lane::Title => "title",
                    };
                    format!("{lane} `{}`", probe.term)
                })
                .collect();
            format!("{}@{}", probes.join(" or "), slot.offset)
        })
        .collect();
    format!("{origin}: {}", slots.join(", "))
}

fn id_of(sets: &[(FixedBitSet, Ids)], hit: &Candidate) -> Result<String, SearchError> {
    sets.get(hit.segment).map_or_else(|| Ok(String::new()), |(_, ids)| ids.id(hit.doc))
}

fn sort_looked_at(best: &mut [(Candidate, f32, f64)], sets: &[(FixedBitSet, Ids)]) {
    best.sort_by(|(a, _, a_total), (b, _, b_total)| {
        b_total.total_cmp(a_total).then_with(|| id_of(sets, a).ok().cmp(&id_of(sets, b).ok()))
    });
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
                similar_count: 0,
                highlight,
                score_parts: (explain && ordered.by_score).then_some(*parts),
            }
        })
        .collect()
}
