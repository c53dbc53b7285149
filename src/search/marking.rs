//! Marks in whole articles, in articles of a page, and in text from outside the index.
//!
//! **Text from outside the index** (`POST /api/highlight`) is analysed and goes the same way in memory, planned over the index that serves:
//! what is a particle and what the end of a name is decided as for a search. It is normalised for that, and the marks are carried back
//! to the text as it was given, NFD too. The plan's condition is evaluated over the clauses that it holds, to tell whether the query would
//! find it.
//!
//! `tests/golden/highlights.tsv` is the table of cases, which an editor can extend; the test `highlight_properties` compares marks with a naive
//! search, the way inside with the way outside, and HTML made of them with a standard parser.

use std::borrow::Cow;
use std::ops::Range;

use unicode_normalization::char::canonical_combining_class;

use super::context::SearchContext;
use super::error::SearchError;
use super::highlight::{
    Occurrences, clauses_in, is_near, joined, keep_near, locate, marked, occurrences_in, placed_in,
};
use super::reading;
use super::types::{ClauseInText, MarkedArticle, MatchMode, TextAnswer, TextMatch};
use super::word_end::WordEnds;
use crate::article::Article;
use crate::ingest::{normalise, normalise_line};
use crate::korean::analysis::{Analysis, analysed_text};
use crate::korean::fold::{KeptChar, kept_chars};
use crate::query::archive::{Place, Placed};
use crate::query::near::{Near, WordNumbers};
use crate::query::plan::Plan;

/// The whole article `id` with the marks of `query`; `None` where there is no such article.
///
/// # Errors
/// A query over the limits, the deadline, or a failing archive.
pub fn highlight_article(
    context: &SearchContext<'_>,
    query: &str,
    id: &str,
) -> Result<Option<MarkedArticle>, SearchError> {
    let query = reading::read(context, query)?.0;
    let Some((place, article)) = context.find(id)? else { return Ok(None) };
    let plan = context.plan(&query, MatchMode::Auto)?;
    let article_alone = std::slice::from_ref(&article);
    let placed = placed(context, &plan, &[place], article_alone)?;
    let marks = located(context, article_alone, &placed)?;
    Ok(marks.into_iter().next().map(|marks| MarkedArticle {
        title: marked(&article.title, &joined(&marks.title)),
        body: marked(&article.body, &joined(&marks.body)),
        unmarked: marks.left_out,
    }))
}

/// `text`, which need not be in the index, with the marks of `query`, the same as if it were the body of an article there,
/// and whether the query finds it. The query is read as a search in this index reads it. The text comes back as it was
/// given, not normalised, and the marks are for that.
///
/// # Errors
/// A query over the limits, the deadline, or a failing archive.
pub fn highlight_text(
    context: &SearchContext<'_>,
    query: &str,
    text: &str,
) -> Result<TextAnswer, SearchError> {
    let query = reading::read(context, query)?.0;
    // The archive decides what is a particle and what the end of a name, as it does for searches.
    let plan = context.plan(&query, MatchMode::Auto)?;
    let mut analysis = Analysis::default();
    let (ranges, words) = ranges_in(context, &plan, text, &mut analysis);
    let found = clauses_in(&plan, &analysis);
    let near = |near: &Near| is_near(&plan, near, &analysis, &words);
    let mut attempts = plan.attempts().iter().map(|strictness| plan.expr(*strictness));
    let first = attempts.next();
    let matches = match first.as_ref() {
        Some(first) if first.holds(&found, &near) => TextMatch::Yes,
        _ if attempts.any(|later| later.holds(&found, &near)) => TextMatch::Relaxed,
        _ => TextMatch::No,
    };
    let clauses = plan.clauses.iter().zip(found).enumerate().map(|(index, (clause, found))| {
        let excluded = !plan.wanted.contains(&index);
        ClauseInText { text: clause.text.clone(), found, excluded }
    });
    let conditions = first.is_some_and(|first| first.has_filter());
    let marked = marked(text, &ranges);
    Ok(TextAnswer { text: marked.text, marks: marked.marks, matches, conditions, clauses: clauses.collect() })
}

/// What is marked in a text from outside, in bytes of it, and its words. It is analysed into `analysis` as ingest would normalise it.
fn ranges_in(
    context: &SearchContext<'_>,
    plan: &Plan,
    text: &str,
    analysis: &mut Analysis,
) -> (Vec<Range<usize>>, WordNumbers) {
    let mut ends = WordEnds::new(context.language);
    let mut analyzer = context.language.korean().analyzer();
    if let Cow::Owned(normal) = normalise(text) {
        analyzer.analyze(&normal, analysis);
        let source = source_chars(text);
        // Normalising drops and composes, but the characters that count are the same, one by one.
        if source.iter().map(|k| k.ch).eq(analysis.kept.iter().map(|k| k.ch)) {
            let found = joined(&occurrences_in(plan, &normal, analysis, &mut ends));
            let words = WordNumbers::of_text(&normal);
            return (carried_over(&found, &analysis.kept, &source), words);
        }
    }
    analyzer.analyze(text, analysis);
    let found = joined(&occurrences_in(plan, text, analysis, &mut ends));
    (found, WordNumbers::of_text(text))
}

/// The kept characters of a text that is not normalised, as they are in the normalised one, with their places in this one:
/// a syllable typed as three jamo is one character of nine bytes.
fn source_chars(text: &str) -> Vec<KeptChar> {
    let mut kept = Vec::with_capacity(text.len() / 3 + 8);
    let mut start = 0;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let vanishes =
            |ch: char| !ch.is_whitespace() && normalise_line(ch.encode_utf8(&mut [0; 4])).is_empty();
        let joins = |ch: &char| {
            canonical_combining_class(*ch) != 0 || matches!(ch, '\u{1160}'..='\u{11FF}') || vanishes(*ch)
        };
        let joined = rest.chars().skip(1).take_while(joins);
        let length = first.len_utf8() + joined.map(char::len_utf8).sum::<usize>();
        let (group, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        // What nobody sees after the character is not a part of it.
        let end = start + group.trim_end_matches(vanishes).len();
        let chars = kept_chars(&normalise_line(group)).into_iter();
        kept.extend(chars.map(|k| KeptChar { start: start as u32, end: end as u32, ..k }));
        (start, rest) = (start + group.len(), after);
    }
    kept
}

/// Byte ranges of one text in another that has the same kept characters.
fn carried_over(ranges: &[Range<usize>], from: &[KeptChar], to: &[KeptChar]) -> Vec<Range<usize>> {
    let carried = ranges.iter().filter_map(|range| {
        let first = from.partition_point(|k| (k.start as usize) < range.start);
        let last = from.partition_point(|k| k.end as usize <= range.end).checked_sub(1)?;
        Some(to.get(first)?.start as usize..to.get(last)?.end as usize)
    });
    carried.collect()
}

/// Where the plan's wanted clauses begin in `articles`, which are at `places` of the archive.
pub(super) fn placed(
    context: &SearchContext<'_>,
    plan: &Plan,
    places: &[Place],
    articles: &[Article],
) -> Result<Vec<Vec<Placed>>, SearchError> {
    let mut placed = match context.archive.positions(plan, places, context.deadline())? {
        Some(placed) => placed,
        None => analysed_again(context, plan, articles)?,
    };
    for (placed, article) in placed.iter_mut().zip(articles) {
        context.deadline().check()?;
        keep_near(plan, placed, || WordNumbers::of_article(&article.title, &article.body));
    }
    Ok(placed)
}

/// The occurrences of clauses in `articles`, of which `placed` says where they begin.
///
/// # Errors
/// The deadline.
pub(super) fn located(
    context: &SearchContext<'_>,
    articles: &[Article],
    placed: &[Vec<Placed>],
) -> Result<Vec<Occurrences>, SearchError> {
    let mut ends = WordEnds::new(context.language);
    let mut located = Vec::with_capacity(articles.len());
    for (article, placed) in articles.iter().zip(placed) {
        context.deadline().check()?;
        located.push(locate(&article.title, &article.body, placed, &mut ends));
    }
    Ok(located)
}

/// Where clauses begin in articles of an archive that keeps no positions.
fn analysed_again(
    context: &SearchContext<'_>,
    plan: &Plan,
    articles: &[Article],
) -> Result<Vec<Vec<Placed>>, SearchError> {
    let mut analyzer = context.language.korean().analyzer();
    let mut analysis = Analysis::default();
    let mut placed = Vec::with_capacity(articles.len());
    for article in articles {
        context.deadline().check()?;
        analyzer.analyze(&analysed_text(article), &mut analysis);
        placed.push(placed_in(plan, &analysis));
    }
    Ok(placed)
}
