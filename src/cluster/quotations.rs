//! Quotations that hold what is asked for: the cluster finds the articles that may have one, and each of their quotations is looked at here.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::archive::ClusterArchive;
use super::asked::conditions::{all, of_filters};
use super::error::ClusterError;
use super::facets::highest_first;
use super::hits::Stretch;
use super::near::spans_of_clause;
use super::texts::article_of;
use crate::article::Article;
use crate::korean::analysis::{Analysis, analysed_text};
use crate::query::archive::{ArchiveError, FacetValue, FoundQuote, Place, Quotations, QuotesWanted, Wanted};
use crate::query::near::{Near, Span, WordNumbers, inside};
use crate::query::plan::{Expr, Plan};
use crate::query::request::{Filters, Sort, Strictness};
use crate::query::text::TextPositions;
use crate::quotes::{QuotePlace, SpeakerPlace};

/// Articles whose quotations are looked at, at most.
const MOST: usize = 5_000;

impl ClusterArchive {
    /// The quotations that hold the plan at the first of the wanted attempts.
    pub(super) fn quoted(
        &self,
        plan: &Plan,
        wanted: &Wanted<'_>,
        of: &QuotesWanted<'_>,
    ) -> Result<Quotations, ArchiveError> {
        let mut found = Vec::new();
        for strictness in wanted.attempts {
            found = self.quotes_that_hold(plan, *strictness, wanted)?;
            if !found.is_empty() {
                break;
            }
        }
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        for quote in &found {
            *counts.entry(quote.speaker.as_deref().unwrap_or_default()).or_default() += 1;
        }
        let unnamed = counts.remove("").unwrap_or_default();
        let counted = counts.into_iter().map(|(value, count)| FacetValue { value: value.to_owned(), count });
        let mut speakers: Vec<FacetValue> = counted.collect();
        highest_first(&mut speakers);
        let left_out = speakers.split_off(of.most_speakers.min(speakers.len()));
        let other = left_out.iter().map(|speaker| speaker.count).sum();
        found.retain(|quote| {
            of.speakers.is_empty()
                || quote.speaker.as_ref().is_some_and(|speaker| of.speakers.contains(speaker))
        });
        let mut articles: Vec<Place> = found.iter().map(|quote| quote.article).collect();
        articles.dedup();
        let (total, articles) = (found.len() as u64, articles.len() as u64);
        let quotes = found.into_iter().skip(wanted.window.offset).take(wanted.window.size).collect();
        Ok(Quotations { total, articles, quotes, speakers, other, unnamed })
    }

    /// The quotations that hold the plan at a strictness, newest article first.
    fn quotes_that_hold(
        &self,
        plan: &Plan,
        strictness: Strictness,
        wanted: &Wanted<'_>,
    ) -> Result<Vec<FoundQuote>, ArchiveError> {
        let deadline = wanted.deadline;
        let expr = plan.expr(strictness);
        // The parts of a query are looked for in quotations; here, what the articles around them need to hold.
        let widened = self.condition_of(plan, &expr.widened());
        let matching = self.matching_of(widened, wanted)?;
        let query = all(vec![matching, json!({"range": {"quoted": {"gt": 0}}})]);
        let stretch = Stretch { sort: Sort::Newest, skip: 0, size: MOST, after: None };
        let (hits, total) = self.hits(&query, stretch, deadline)?;
        if total > MOST as u64 {
            let what = format!(
                "{total} articles may have such quotations; with a cluster up to {MOST} are looked at: narrow the search"
            );
            return Err(ArchiveError::Unsupported { what });
        }
        let places: Vec<Place> = hits.into_iter().map(|hit| hit.place).collect();
        let mut met: Vec<Vec<Place>> = Vec::new();
        for filters in expr.filters() {
            met.push(self.that_pass(filters, &query, wanted)?);
        }
        // Where no words are asked for, every quotation holds them.
        let texts = !matches!(expr, Expr::All);
        let fields = if texts { &["article", "quotes"][..] } else { &["quotes"] };
        let mut analyzer = self.held.language.korean().analyzer();
        let mut analysis = Analysis::default();
        let mut found = Vec::new();
        self.each_source(&places, fields, deadline, |place, source| {
            let kept = quotes_of(place, source)?;
            if texts {
                let settled = expr.has_filter().then(|| {
                    let mut meets = met.iter().map(|passing| passing.binary_search(&place).is_ok());
                    expr.settled(&mut |_| meets.next().unwrap_or_default())
                });
                let article = article_of(source)?;
                analyzer.analyze(&analysed_text(&article), &mut analysis);
                let holding = Holding::of(&article, &analysis, plan, settled.as_ref().unwrap_or(&expr));
                for quote in kept {
                    // An article may have a hundred thousand of them.
                    deadline.check()?;
                    if holding.holds(quote.place) {
                        found.push(quote);
                    }
                }
            } else {
                found.extend(kept);
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// The articles of `query` that pass `filters`, in the order of their places.
    fn that_pass(
        &self,
        filters: &Filters,
        query: &Value,
        wanted: &Wanted<'_>,
    ) -> Result<Vec<Place>, ArchiveError> {
        let passing = all([query.clone()].into_iter().chain(of_filters(filters, None)).collect());
        let stretch = Stretch { sort: Sort::Newest, skip: 0, size: MOST, after: None };
        let (hits, _) = self.hits(&passing, stretch, wanted.deadline)?;
        let mut places: Vec<Place> = hits.into_iter().map(|hit| hit.place).collect();
        places.sort_unstable();
        Ok(places)
    }
}

/// The quotations that the document of `article` has.
fn quotes_of(article: Place, source: &Value) -> Result<Vec<FoundQuote>, ClusterError> {
    let damaged = || ClusterError::Unreadable { what: "the quotations of an article".to_owned() };
    let list = source.pointer("/quotes/list").and_then(Value::as_array).ok_or_else(damaged)?;
    let read = |quote: &Value| {
        let text = |at: usize| quote.get(at).and_then(Value::as_str);
        let place =
            text(0).and_then(|packed| packed.parse().ok()).map(QuotePlace::unpack).ok_or_else(damaged)?;
        let speaker = text(1).map(str::to_owned);
        Ok(FoundQuote { article, place, speaker, speaker_place: text(2).and_then(SpeakerPlace::read) })
    };
    list.iter().map(read).collect()
}

/// Where the clauses of a plan stand in an article.
struct Holding<'e> {
    expr: &'e Expr,
    /// By clause, ascending.
    spans: Vec<Vec<Span>>,
    body_start: u32,
    /// None where nothing must stand near something else.
    words: WordNumbers,
}

impl<'e> Holding<'e> {
    fn of(article: &Article, analysis: &Analysis, plan: &Plan, expr: &'e Expr) -> Self {
        let positions = TextPositions::new(analysis, plan.clauses.iter());
        let mut spans: Vec<Vec<Span>> =
            plan.clauses.iter().map(|clause| spans_of_clause(clause, &positions)).collect();
        spans.iter_mut().for_each(|spans| spans.sort_unstable());
        let words = match expr.nears().is_empty() {
            true => WordNumbers::default(),
            false => WordNumbers::of_article(&article.title, &article.body),
        };
        Self { expr, spans, body_start: analysis.body_start(), words }
    }

    /// Whether the quotation at `place` holds the expression by itself.
    fn holds(&self, place: QuotePlace) -> bool {
        let start = self.body_start;
        let near = |near: &Near| {
            let part = |clauses: &[usize]| -> Vec<Span> {
                let spans = clauses.iter().filter_map(|clause| self.spans.get(*clause));
                spans.flat_map(|spans| inside(spans, start, place)).copied().collect()
            };
            near.holds(&part(&near.first), &part(&near.second), &self.words)
        };
        let found: Vec<bool> =
            self.spans.iter().map(|spans| inside(spans, start, place).next().is_some()).collect();
        self.expr.holds(&found, &near)
    }
}
