//! The articles that share most with another: BM25 of its weightiest terms.

use fixedbitset::FixedBitSet;
use tantivy::postings::Postings;
use tantivy::{DocAddress, DocSet, TERMINATED};

use super::articles::Articles;
use super::error::ReadError;
use super::lengths::LengthNorms;
use super::pace::Pace;
use super::place;
use super::rank::{Candidate, best};
use super::segment::{Detail, Segment};
use crate::query::archive::{Found, Likeness, WeightedTerm};
use crate::query::ranking::gain;
use crate::query::shape::{Lane, Probe};

/// The best articles by the weight of the terms they share with another, itself left out.
pub(in crate::index) fn nearest(
    articles: Articles<'_>,
    likeness: &Likeness<'_>,
) -> Result<Vec<Found>, ReadError> {
    let segments = articles.segments;
    let average = articles.average_length(Lane::Morph);
    let mut scores = Vec::with_capacity(segments.len());
    for segment in segments {
        scores.push(score(likeness, segment, average)?);
    }
    let score = |at: DocAddress| {
        let of_segment = scores.get(at.segment_ord as usize);
        of_segment.and_then(|scores| scores.get(at.doc_id as usize)).copied().unwrap_or(0.0)
    };
    let to = place::at(likeness.to);
    let least = (score(to) * likeness.least).max(f32::MIN_POSITIVE);
    let mut sets = Vec::with_capacity(segments.len());
    for (ord, segment) in (0_u32..).zip(segments) {
        let mut docs = FixedBitSet::with_capacity(segment.max_doc());
        docs.extend(
            articles
                .of_segment(ord as usize, segment)
                .ones()
                .filter(|doc| score(DocAddress::new(ord, *doc as u32)) >= least),
        );
        if ord == to.segment_ord {
            docs.set(to.doc_id as usize, false);
        }
        sets.push(docs);
    }
    let key = |at, _| Some(f64::from(score(at)));
    let best = best(segments, &sets, key, likeness.size, None, likeness.deadline)?;
    let found = |Candidate { at, key, .. }: Candidate| Found {
        place: place::of(at),
        score: key as f32,
        similar: 0,
        alike: 0,
        parts: None,
    };
    Ok(best.into_iter().map(found).collect())
}

/// The score of every document of a segment.
fn score(likeness: &Likeness<'_>, segment: &Segment, average: f32) -> Result<Vec<f32>, ReadError> {
    let ranking = likeness.ranking;
    let mut pace = Pace::new(likeness.deadline);
    let mut scores = vec![0.0; segment.max_doc()];
    let norms = LengthNorms::new(ranking, average, segment, Lane::Morph);
    for WeightedTerm { term, weight } in likeness.terms {
        for lane in [Lane::Morph, Lane::Title] {
            likeness.deadline.check()?;
            let probe = Probe { lane, term: term.clone() };
            let Some(mut postings) = segment.postings(&probe, Detail::Frequencies)? else { continue };
            let mut doc = postings.doc();
            while doc != TERMINATED {
                pace.step()?;
                if let Some(score) = scores.get_mut(doc as usize) {
                    *score += match lane {
                        Lane::Title => weight * ranking.title,
                        _ => {
                            let norm = norms.as_ref().map_or(ranking.k1, |norms| norms.of(doc));
                            gain(*weight, postings.term_freq(), ranking.k1, norm)
                        }
                    };
                }
                doc = postings.advance();
            }
        }
    }
    Ok(scores)
}
