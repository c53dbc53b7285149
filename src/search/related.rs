//! Articles like another one: found by its own weightiest terms.
//!
//! The terms are nouns, names, foreign words and runs of them (`morph` lane), weighted by tf·idf, terms of the title more.
//! The heaviest ones are a query that articles answer in BM25, as in Lucene's *More Like This*. An article must share a part
//! of the weight to count: a list may be short, or empty, rather than hold what has nothing to do with the article.
//!
//! The 25 weightiest terms are scored, title terms double. What reaches less than 15 % of the article's own score is left out. Reprints
//! fold by shared runs of eight characters (`reprint.rs`, the one place that decides).

use rustc_hash::FxHashMap;

use super::bounds::first_pages;
use super::context::SearchContext;
use super::error::SearchError;
use super::reprint::Reprints;
use super::types::{Hit, RelatedResponse};
use crate::article::Article;
use crate::korean::analysis::{Analysis, MorphToken, TokenKind, analysed_text};
use crate::korean::pos::first_tag;
use crate::query::archive::{Likeness, Place, WeightedTerm};
use crate::query::ranking::{gain, idf};
use crate::query::shape::{Lane, Probe};

/// Terms that represent an article.
const TERMS: usize = 25;
/// How much more a term of the title weighs.
const TITLE: f32 = 2.0;
/// Term frequency saturates in the article's own weights as in BM25's customary k1.
const SATURATION: f32 = 1.2;
/// Share of the article's own score that another must reach.
const ALIKE: f32 = 0.15;
/// Candidates read for each hit wanted: reprints count as one, and a story may be printed by every outlet.
const READ: usize = 5;

/// At most `size` articles like the article `id`, most alike first; `None` where there is no such article. Reprints of the
/// article itself and of those listed are left out, as far as the list was read for them.
///
/// # Errors
/// The deadline, or a failing archive.
pub fn related(
    context: &SearchContext<'_>,
    id: &str,
    size: usize,
) -> Result<Option<RelatedResponse>, SearchError> {
    let Some((place, article)) = context.find(id)? else { return Ok(None) };
    let likeness = Likeness {
        terms: &heaviest(context, &article)?,
        to: place,
        least: ALIKE,
        size: size * READ,
        ranking: context.ranking,
        deadline: context.deadline(),
    };
    let candidates = context.archive.nearest(&likeness)?;

    let mut reprints = Reprints::of(&article);
    let mut hits: Vec<Hit> = Vec::with_capacity(size);
    let mut rest = candidates.as_slice();
    while hits.len() < size && !rest.is_empty() {
        // As many as are missing, which all must be read.
        let (next, later) = rest.split_at(rest.len().min(size - hits.len()));
        rest = later;
        let places: Vec<Place> = next.iter().map(|found| found.place).collect();
        for (found, article) in next.iter().zip(context.read(&places)?) {
            match reprints.add(&article) {
                None => hits.push(Hit::of(article, (!context.filtered).then_some(found.score))),
                // 0 is the article itself.
                Some(of) => {
                    if let Some(hit) = of.checked_sub(1).and_then(|of| hits.get_mut(of)) {
                        hit.similar_count += 1;
                    }
                }
            }
        }
    }
    Ok(Some(RelatedResponse { hits }))
}

/// The terms that represent `article`, without those that no other article holds.
fn heaviest(context: &SearchContext<'_>, article: &Article) -> Result<Vec<WeightedTerm>, SearchError> {
    let mut analysis = Analysis::default();
    context.language.korean().analyzer().analyze(&analysed_text(&first_pages(article)), &mut analysis);
    // How often a term occurs, what it is worth by its kind, and whether it is in the title.
    let mut counted: FxHashMap<&str, (u32, f32, bool)> = FxHashMap::default();
    for token in &analysis.tokens {
        if let Some(worth) = worth(context, &analysis, token) {
            let (count, _, in_title) = counted.entry(analysis.term(token)).or_insert((0, worth, false));
            *count += 1;
            *in_title |= token.index < analysis.title_kept;
        }
    }
    let probe = |term: &&str| Probe { lane: Lane::Morph, term: (*term).to_owned() };
    let probes: Vec<Probe> = counted.keys().map(probe).collect();
    let frequencies = context.archive.vocabulary().frequencies(&probes, context.deadline())?;
    let mut terms = Vec::with_capacity(counted.len());
    let held = probes.into_iter().zip(&frequencies.held);
    for ((Probe { term, .. }, held), (count, worth, in_title)) in held.zip(counted.into_values()) {
        if *held > 1 {
            let frequency = gain(1.0, count, SATURATION, SATURATION);
            let title = if in_title { TITLE } else { 1.0 };
            let weight = idf(frequencies.articles, *held) * frequency * title * worth;
            terms.push(WeightedTerm { term, weight });
        }
    }
    // The term itself decides between equals, so that an article always gives the same list.
    terms.sort_unstable_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.term.cmp(&b.term)));
    terms.truncate(TERMS);
    Ok(terms)
}

/// What a token is worth by its kind; `None` for what does not tell a subject: verbs, numbers, parts, single syllables.
fn worth(context: &SearchContext<'_>, analysis: &Analysis, token: &MorphToken) -> Option<f32> {
    if token.length < 2 {
        return None;
    }
    match token.kind {
        TokenKind::Run => Some(context.ranking.runs),
        TokenKind::UserWord | TokenKind::Unknown => Some(1.0),
        TokenKind::Dictionary => {
            let morpheme = analysis.morphemes.get(token.morpheme as usize)?;
            let tag = context.language.korean().segmenter().entry(morpheme).tag;
            matches!(first_tag(tag), "NNG" | "NNP" | "XR" | "SL" | "SH" | "UNKNOWN").then_some(1.0)
        }
        TokenKind::Stem | TokenKind::Part | TokenKind::Character | TokenKind::Reading | TokenKind::Number => {
            None
        }
    }
}
