//! Folding near-identical articles: of each group, one of the matching members stands for all of them.

use fixedbitset::FixedBitSet;
use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::{DocAddress, DocId};

use super::matching::ClauseDocs;
use super::order;
use super::score::Scorer;
use super::segment::SegmentView;
use crate::index::SimilarGroups;
use crate::search::run::Matches;
use crate::search::types::{Representative, SearchRequest};
use crate::search::{Deadline, SearchContext, SearchError};

/// Matches of which each group shows one.
pub struct Folded {
    /// By segment: what is shown, and what matching found of each clause.
    pub shown: Vec<(FixedBitSet, Vec<Option<ClauseDocs>>)>,
    /// How many other matches stand behind a shown one; only where there are any.
    pub behind: FxHashMap<(usize, DocId), u64>,
}

impl Folded {
    /// How many hits there are.
    pub fn total(&self) -> u64 {
        self.shown.iter().map(|(docs, _)| docs.count_ones(..) as u64).sum()
    }
}

/// What of `matches` the request wants to see: all, or one of each group.
///
/// # Errors
/// The deadline, or a failing index.
pub fn shown(
    context: &SearchContext<'_>,
    request: &SearchRequest,
    scorer: &Scorer<'_>,
    segments: &[SegmentView<'_>],
    matches: Matches,
    deadline: &Deadline,
) -> Result<Folded, SearchError> {
    let matches: Vec<_> = matches.of_segments.into_iter().map(|of| (of.hits, of.found)).collect();
    let Some(shown) = request.fold else {
        return Ok(Folded { shown: matches, behind: FxHashMap::default() });
    };
    let scores = match shown {
        Representative::Best => {
            let matches = matches.iter().map(|(docs, found)| (docs, found.as_slice()));
            order::scores(scorer, segments, matches, deadline)?
        }
        Representative::First | Representative::Newest => Vec::new(),
    };
    Ok(fold(context.generation.similar(), segments, matches, shown, &scores))
}

/// Folds `matches` segment by segment. `scores` are those of the documents, by segment; only [`Representative::Best`] needs them,
/// documents without one count as 0.
fn fold(
    groups: &SimilarGroups,
    segments: &[SegmentView<'_>],
    matches: Vec<(FixedBitSet, Vec<Option<ClauseDocs>>)>,
    shown: Representative,
    scores: &[Vec<f32>],
) -> Folded {
    let time = |at: &DocAddress| {
        segments.get(at.segment_ord as usize).and_then(|segment| segment.published().first(at.doc_id))
    };
    let score = |at: &DocAddress| {
        let of_segment = scores.get(at.segment_ord as usize);
        of_segment.and_then(|scores| scores.get(at.doc_id as usize)).copied().unwrap_or_default()
    };
    let matching = |at: &&DocAddress| {
        matches.get(at.segment_ord as usize).is_some_and(|(docs, _)| docs.contains(at.doc_id as usize))
    };
    let mut behind = FxHashMap::default();
    let mut hidden = Vec::new();
    for group in touched(groups, &matches) {
        let members = || groups.members(group).iter().filter(matching);
        // Members come in the order of publication: of equals, the first stays.
        let best = match shown {
            Representative::First => members().next(),
            Representative::Newest => {
                members().reduce(|best, next| if time(next) > time(best) { next } else { best })
            }
            Representative::Best => {
                members().reduce(|best, next| if score(next) > score(best) { next } else { best })
            }
        };
        let Some(best) = best else { continue };
        let others = members().filter(|member| *member != best);
        let before = hidden.len();
        hidden.extend(others.copied());
        if hidden.len() > before {
            behind.insert((best.segment_ord as usize, best.doc_id), (hidden.len() - before) as u64);
        }
    }
    let mut folded = Folded { shown: matches, behind };
    for at in hidden {
        if let Some((docs, _)) = folded.shown.get_mut(at.segment_ord as usize) {
            docs.set(at.doc_id as usize, false);
        }
    }
    folded
}

/// The groups with a member in `matches`.
fn touched(groups: &SimilarGroups, matches: &[(FixedBitSet, Vec<Option<ClauseDocs>>)]) -> FxHashSet<u32> {
    let mut touched = FxHashSet::default();
    for (segment, (docs, _)) in matches.iter().enumerate() {
        let Some(grouped) = groups.grouped(segment) else { continue };
        touched.extend(docs.intersection(grouped).filter_map(|doc| groups.group(segment, doc as DocId)));
    }
    touched
}

/// By segment: the article `id` and those of its group.
///
/// # Errors
/// [`SearchError::NoSuchArticle`], or a failing index.
pub fn alike(
    context: &SearchContext<'_>,
    segments: &[SegmentView<'_>],
    id: &str,
) -> Result<Vec<FixedBitSet>, SearchError> {
    let (segment, doc) =
        context.generation.locate(id)?.ok_or_else(|| SearchError::NoSuchArticle { id: id.to_owned() })?;
    let groups = context.generation.similar();
    let own = [DocAddress::new(segment as u32, doc)];
    let members = groups.group(segment, doc).map_or(&own[..], |group| groups.members(group));
    let mut sets: Vec<FixedBitSet> =
        segments.iter().map(|segment| FixedBitSet::with_capacity(segment.max_doc())).collect();
    for at in members {
        if let Some(docs) = sets.get_mut(at.segment_ord as usize) {
            docs.insert(at.doc_id as usize);
        }
    }
    Ok(sets)
}
