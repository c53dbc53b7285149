//! Articles like another one: found by its own weightiest terms.
//!
//! The terms are nouns, names, foreign words and runs of them (`morph` lane), weighted by tf·idf, terms of the title more.
//! The heaviest ones are a query that articles answer in BM25, as in Lucene's *More Like This*. An article must share a part
//! of the weight to count: a list may be short, or empty, rather than hold what has nothing to do with the article.

use fixedbitset::FixedBitSet;
use rustc_hash::FxHashMap;
use tantivy::postings::Postings;
use tantivy::{DocSet, TERMINATED};

use super::reprint::Reprints;
use super::types::{Hit, RelatedResponse};
use super::{Deadline, SearchContext, SearchError};
use crate::article::Article;
use crate::index::analysed_text;
use crate::index::read::matching::alive;
use crate::index::read::rank::{Candidate, Ids, best};
use crate::index::read::score::{LengthNorms, average_length};
use crate::index::read::segment::{self, SegmentView};
use crate::index::read::stored::{Fetched, fetch, find};
use crate::korean::analysis::{Analysis, MorphToken, Why};
use crate::query::ranking::idf;
use crate::query::shape::{Lane, Probe};

/// Terms that stand for an article.
const TERMS: usize = 25;
/// How much more a term of the title weighs.
const TITLE: f32 = 2.0;
/// Term frequency saturates in the article's own weights as in BM25's customary k1.
const SATURATION: f32 = 1.2;
/// Share of the article's own score that another must reach.
const ALIKE: f32 = 0.15;
/// Candidates read for each hit wanted: reprints fold, and a story may be printed by every outlet.
const READ: usize = 5;

/// At most `size` articles like the article `id`, most alike first; `None` where there is no such article. Reprints of the
/// article itself and of those listed are folded, as far as the list was read for them.
///
/// # Errors
/// The deadline, or a failing index.
pub fn related(
    context: &SearchContext<'_>,
    id: &str,
    size: usize,
) -> Result<Option<RelatedResponse>, SearchError> {
    let deadline = Deadline::new(context.deadline);
    let segments = segment::open(context.generation);
    let Some(article) = find(context.generation, id)? else { return Ok(None) };
    let terms = heaviest(context, &article.article, &segments)?;
    let candidates = candidates(context, &article, &terms, &segments, size * READ, &deadline)?;

    let mut reprints = Reprints::of(&article);
    let mut hits: Vec<Hit> = Vec::with_capacity(size);
    for candidate in &candidates {
        if hits.len() == size {
            break;
        }
        let Some(found) = fetch(context.generation, [candidate].into_iter(), &deadline)?.pop() else { break };
        match reprints.add(&found) {
            None => hits.push(hit(found.article, candidate.key as f32)),
            // 0 is the article itself.
            Some(of) => {
                if let Some(hit) = of.checked_sub(1).and_then(|of| hits.get_mut(of)) {
                    hit.similar_count += 1;
                }
            }
        }
    }
    Ok(Some(RelatedResponse { hits }))
}

/// A term and what it weighs.
struct Term {
    term: String,
    weight: f32,
}

/// The terms that stand for `article`, without those that no other article holds.
fn heaviest(
    context: &SearchContext<'_>,
    article: &Article,
    segments: &[SegmentView<'_>],
) -> Result<Vec<Term>, SearchError> {
    let mut analysis = Analysis::default();
    context.language.korean().analyzer().analyze(&analysed_text(article), &mut analysis);
    // How often a term stands there, what it is worth by its kind, and whether it is in the title.
    let mut counted: FxHashMap<&str, (f32, f32, bool)> = FxHashMap::default();
    for token in &analysis.tokens {
        if let Some(worth) = worth(context, &analysis, token) {
            let (count, _, in_title) = counted.entry(analysis.term(token)).or_insert((0.0, worth, false));
            *count += 1.0;
            *in_title |= token.index < analysis.title_kept;
        }
    }
    let articles = segments.iter().map(|segment| u64::from(segment.reader.max_doc())).sum();
    let mut terms = Vec::with_capacity(counted.len());
    for (term, (count, worth, in_title)) in counted {
        let probe = Probe { lane: Lane::Morph, term: term.to_owned() };
        let mut held = 0;
        for segment in segments {
            held += u64::from(segment.doc_freq(&probe)?);
        }
        if held > 1 {
            let frequency = count * (SATURATION + 1.0) / (count + SATURATION);
            let title = if in_title { TITLE } else { 1.0 };
            terms.push(Term { term: probe.term, weight: idf(articles, held) * frequency * title * worth });
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
    match token.why {
        Why::Run => Some(context.ranking.runs),
        Why::UserWord | Why::Unknown => Some(1.0),
        Why::Dictionary => {
            let morpheme = analysis.morphemes.get(token.morpheme as usize)?;
            let tag = context.language.korean().segmenter().entry(morpheme).tag;
            matches!(tag.split('+').next(), Some("NNG" | "NNP" | "XR" | "SL" | "SH" | "UNKNOWN"))
                .then_some(1.0)
        }
        Why::Stem | Why::Part | Why::Character | Why::Reading | Why::Number => None,
    }
}

/// The best articles by the weight of the terms they share with `article`, itself left out.
fn candidates(
    context: &SearchContext<'_>,
    article: &Fetched,
    terms: &[Term],
    segments: &[SegmentView<'_>],
    want: usize,
    deadline: &Deadline,
) -> Result<Vec<Candidate>, SearchError> {
    let average = average_length(segments, Lane::Morph);
    let mut scores = Vec::with_capacity(segments.len());
    for segment in segments {
        scores.push(score(context, terms, segment, average, deadline)?);
    }
    let score = |segment: usize, doc: usize| {
        scores.get(segment).and_then(|scores| scores.get(doc)).copied().unwrap_or(0.0)
    };
    let least = (score(article.segment, article.doc as usize) * ALIKE).max(f32::MIN_POSITIVE);
    let mut sets = Vec::with_capacity(segments.len());
    for (number, segment) in segments.iter().enumerate() {
        let mut docs = FixedBitSet::with_capacity(segment.max_doc());
        docs.extend(alive(segment).ones().filter(|doc| score(number, *doc) >= least));
        if number == article.segment {
            docs.set(article.doc as usize, false);
        }
        sets.push((docs, Ids::new(segment)));
    }
    best(&sets, |segment, doc| f64::from(score(segment, doc as usize)), want, None)
}

/// The score of every document of a segment.
fn score(
    context: &SearchContext<'_>,
    terms: &[Term],
    segment: &SegmentView<'_>,
    average: f32,
    deadline: &Deadline,
) -> Result<Vec<f32>, SearchError> {
    let mut scores = vec![0.0; segment.max_doc()];
    let norms = LengthNorms::new(context.ranking, average, segment, Lane::Morph);
    let k1 = context.ranking.k1;
    for Term { term, weight } in terms {
        for lane in [Lane::Morph, Lane::Title] {
            deadline.check()?;
            let probe = Probe { lane, term: term.clone() };
            let Some(mut postings) = segment.postings(&probe, false)? else { continue };
            let mut doc = postings.doc();
            while doc != TERMINATED {
                if let Some(score) = scores.get_mut(doc as usize) {
                    *score += match lane {
                        Lane::Title => weight * context.ranking.title,
                        _ => {
                            let frequency = postings.term_freq() as f32;
                            weight * frequency * (k1 + 1.0)
                                / (frequency + norms.as_ref().map_or(k1, |norms| norms.of(doc)))
                        }
                    };
                }
                doc = postings.advance();
            }
        }
    }
    Ok(scores)
}

fn hit(article: Article, score: f32) -> Hit {
    Hit {
        id: article.id,
        score,
        title: article.title,
        outlet: article.outlet,
        reporters: article.reporters,
        section: article.section,
        published_at: article.published_at,
        url: article.url,
        similar_count: 0,
        highlight: None,
        score_parts: None,
    }
}
