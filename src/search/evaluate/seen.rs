//! What ranking sees of the answers to judged queries, as a table: what the weights are learned from (`cargo xtask ranking`).
//!
//! Numbers only, no query and no text, so that the table of anybody's articles may be kept.

use std::fmt::Write as _;

use super::judged::{GradedQuery, Question};
use super::{EvaluateError, searched};
use crate::article::Timestamp;
use crate::query::archive::ScoreParts;
use crate::query::ranking::Look;
use crate::search::context::SearchContext;
use crate::search::session::Session;
use crate::search::types::{Hit, SearchRequest};

/// Hits that are looked at of each query.
const LOOKED_AT: usize = 200;
/// Hits of a question besides its answers.
const OTHERS: usize = 12;
/// The grade of an article that answers a question.
const ANSWER: u8 = 3;

/// The table's first line.
pub const HEADER: &str = "query\tgrade\tall\twords\tmean\tfresh\tbase\theld\ttyped\ttitle\tlead\tsentence\toften\tadjacent\tnear\tfocus";

/// Lines for the judged articles among the hits of `queries`, of which the first has the number `first`.
///
/// # Errors
/// [`EvaluateError::Search`].
pub fn looks_at_judged(
    context: &SearchContext<'_>,
    queries: &[GradedQuery],
    first: usize,
) -> Result<String, EvaluateError> {
    let mut table = String::new();
    for (number, query) in (first..).zip(queries) {
        let words = words(context, &query.query)?;
        for (all, hit) in hits(context, &query.query)? {
            if let Some(grade) = query.judgments.get(hit.id.as_str()) {
                add_line(context, &mut table, number, words, *grade, all, &hit);
            }
        }
    }
    Ok(table)
}

/// Lines for the answers among the hits of `questions`, and for the first of the others.
///
/// # Errors
/// [`EvaluateError::Search`].
pub fn looks_at_answers(
    context: &SearchContext<'_>,
    questions: &[Question],
    first: usize,
) -> Result<String, EvaluateError> {
    let mut table = String::new();
    for (number, question) in (first..).zip(questions) {
        let (mut others, words) = (0, words(context, &question.query)?);
        for (all, hit) in hits(context, &question.query)? {
            let id = hit.id.to_string();
            if question.relevant.contains(&id) {
                add_line(context, &mut table, number, words, ANSWER, all, &hit);
            } else if !question.optional.contains(&id) && others < OTHERS {
                others += 1;
                add_line(context, &mut table, number, words, 0, all, &hit);
            }
        }
    }
    Ok(table)
}

/// Words of a query as ranking counts them: without those that only ask, and several that are one name as one.
fn words(context: &SearchContext<'_>, query: &str) -> Result<usize, EvaluateError> {
    let request = SearchRequest { query: query.to_owned(), page: 1, ..SearchRequest::default() };
    let session = Session::begin(context, &request);
    let session = session.map_err(|source| EvaluateError::Search { query: query.to_owned(), source })?;
    Ok(session.plan.units().len().max(1))
}

/// The first hits of a query with what was seen of them, and what comes near it; whether each holds what was asked for.
fn hits(context: &SearchContext<'_>, query: &str) -> Result<Vec<(bool, Hit)>, EvaluateError> {
    let answer = searched(context, query, LOOKED_AT, true)?;
    let near = answer.also.into_iter().flat_map(|also| also.hits).map(|near| (false, near.hit));
    Ok(answer.hits.into_iter().map(|hit| (true, hit)).chain(near).collect())
}

fn add_line(
    context: &SearchContext<'_>,
    table: &mut String,
    query: usize,
    words: usize,
    grade: u8,
    all: bool,
    hit: &Hit,
) {
    let Some(parts) = hit.score_parts else { return };
    let ScoreParts { morphemes, bigrams, words: found, title: in_title, weight, look, .. } = parts;
    let base = (morphemes + bigrams + found + in_title) / weight.max(1.0);
    let fresh = context.ranking.freshness(context.now, hit.published_at.map(Timestamp::seconds));
    let Look { held, typed, title, lead, sentence, often, adjacent, near, focus } = look;
    let _ = write!(table, "{query}\t{grade}\t{}\t{words}\t{:.3}", u8::from(all), weight / words as f32);
    for value in [fresh, base, held, typed, title, lead, sentence, often, adjacent, near, focus] {
        let _ = write!(table, "\t{value:.3}");
    }
    table.push('\n');
}
