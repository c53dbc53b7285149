//! Marks in whole articles, in articles of a page, and in text from outside the index.

use tantivy::DocId;

use super::highlight::{Occurrences, clauses_in, joined, marked, occurrences, occurrences_in};
use super::plan::Plan;
use super::query::parse;
use super::run::plan;
use super::segment::{self, SegmentView};
use super::stored::{Fetched, find};
use super::types::{ClauseInText, MarkedArticle, MatchMode, TextAnswer, TextMatch};
use super::{Deadline, SearchContext, SearchError};
use crate::korean::analysis::Analysis;

/// The whole article `id` with the marks of `query`; `None` where there is no such article.
///
/// # Errors
/// A query over the limits, the deadline, or a failing index.
pub fn highlight_article(
    context: &SearchContext<'_>,
    query: &str,
    id: &str,
) -> Result<Option<MarkedArticle>, SearchError> {
    let query = parse(query)?;
    let segments = segment::open(context.generation);
    let Some(found) = find(context.generation, &segments, id)? else { return Ok(None) };
    let plan = plan(context, &segments, &query, MatchMode::Auto);
    let articles = [found];
    let marks = marks(&plan, &segments, &articles, &Deadline(context.deadline))?;
    Ok(articles.iter().zip(marks).next().map(|(Fetched { article, .. }, marks)| MarkedArticle {
        title: marked(&article.title, &joined(&marks.title)),
        body: marked(&article.body, &joined(&marks.body)),
    }))
}

/// `text`, which need not be in the index, with the marks of `query`, and whether the query finds it. The query is read as
/// a search in this index reads it.
///
/// # Errors
/// A query over the limits, or a failing index.
pub fn highlight_text(
    context: &SearchContext<'_>,
    query: &str,
    text: &str,
) -> Result<TextAnswer, SearchError> {
    let query = parse(query)?;
    let segments = segment::open(context.generation);
    let plan = plan(context, &segments, &query, MatchMode::Auto);
    let mut analysis = Analysis::default();
    context.language.korean().analyzer().analyze(text, &mut analysis);
    let marked = marked(text, &joined(&occurrences_in(&plan, &analysis)));
    let found = clauses_in(&plan, &analysis);
    let mut attempts = plan.attempts().iter().map(|strictness| plan.expr(*strictness));
    let first = attempts.next();
    let matches = match first.as_ref() {
        Some(first) if first.holds(&found) => TextMatch::Yes,
        _ if attempts.any(|later| later.holds(&found)) => TextMatch::Relaxed,
        _ => TextMatch::No,
    };
    let clauses = plan.clauses.iter().zip(found).enumerate().map(|(index, (clause, found))| {
        let excluded = !plan.wanted.contains(&index);
        ClauseInText { text: clause.text.clone(), found, excluded }
    });
    let conditions = first.is_some_and(|first| first.has_filter());
    Ok(TextAnswer { text: marked.text, marks: marked.marks, matches, conditions, clauses: clauses.collect() })
}

/// The occurrences of the plan's clauses in fetched articles, in the same order.
pub fn marks(
    plan: &Plan,
    segments: &[SegmentView<'_>],
    articles: &[Fetched],
    deadline: &Deadline,
) -> Result<Vec<Occurrences>, SearchError> {
    let mut marks = vec![Occurrences::default(); articles.len()];
    for (index, segment) in segments.iter().enumerate() {
        let mut here: Vec<(usize, &Fetched)> =
            articles.iter().enumerate().filter(|(_, fetched)| fetched.segment == index).collect();
        here.sort_by_key(|(_, fetched)| fetched.doc);
        let texts: Vec<(DocId, &str, &str)> =
            here.iter().map(|(_, f)| (f.doc, f.article.title.as_str(), f.article.body.as_str())).collect();
        let found = occurrences(plan, segment, &texts, deadline)?;
        for ((place, _), found) in here.into_iter().zip(found) {
            if let Some(slot) = marks.get_mut(place) {
                *slot = found;
            }
        }
    }
    Ok(marks)
}
