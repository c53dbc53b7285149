//! Marks: where in a text the clauses of a query are found.
//!
//! No text is analysed again. A position in a posting list is a kept index, so the occurrences that matched are read from
//! the index and found in the stored text by counting its characters. Only the ends of inflected verbs and of words found
//! by their beginning are not in the index; for those, the one word is cut again.

use std::ops::Range;

use rustc_hash::FxHashMap;
use tantivy::DocId;

use super::types::MarkedText;
use super::word_end::WordEnds;
use super::{Deadline, SearchError};
use crate::index::read::segment::SegmentView;
use crate::korean::analysis::{Analysis, TITLE_GAP};
use crate::korean::fold::{KeptChar, kept_chars};
use crate::korean::number::expression_end;
use crate::query::language::TextField;
use crate::query::plan::Plan;
use crate::query::shape::{Clause, Extent, Lane, Shape};

/// One place where a clause is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// Which clause of the plan.
    pub clause: usize,
    /// Where, in bytes of the text.
    pub bytes: Range<usize>,
}

/// The occurrences in one article.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Occurrences {
    /// Those in the title, by place.
    pub title: Vec<Occurrence>,
    /// Those in the body, by place.
    pub body: Vec<Occurrence>,
}

/// An occurrence before it is found in the text.
#[derive(Debug, Clone, Copy)]
struct Placed {
    clause: usize,
    base: u32,
    extent: Extent,
}

/// The occurrences of the wanted clauses in `articles`: document of the segment, title and body. Documents ascend.
pub fn occurrences(
    plan: &Plan,
    segment: &SegmentView<'_>,
    articles: &[(DocId, &str, &str)],
    ends: &mut WordEnds<'_>,
    deadline: &Deadline,
) -> Result<Vec<Occurrences>, SearchError> {
    let mut placed: Vec<Vec<Placed>> = vec![Vec::new(); articles.len()];
    for index in &plan.wanted {
        let Some(clause) = plan.clauses.get(*index) else { continue };
        for form in &clause.forms {
            deadline.check()?;
            let Some(mut cursor) = segment.marking_cursor(&form.shape, clause.field)? else { continue };
            for ((doc, _, _), placed) in articles.iter().zip(&mut placed) {
                if cursor.seek(*doc) == *doc {
                    let extent = form.shape.extent;
                    placed.extend(cursor.bases(*doc).iter().map(|&base| Placed {
                        clause: *index,
                        base,
                        extent,
                    }));
                }
            }
        }
    }
    Ok(articles
        .iter()
        .zip(placed)
        .map(|((_, title, body), placed)| locate(title, body, &placed, ends))
        .collect())
}

/// Finds placed occurrences in the texts of an article.
fn locate(title: &str, body: &str, placed: &[Placed], ends: &mut WordEnds<'_>) -> Occurrences {
    if placed.is_empty() {
        return Occurrences::default();
    }
    let title_kept = kept_chars(title);
    let body_kept = kept_chars(body);
    let title_length = title_kept.len() as u32;
    let mut found = Occurrences::default();
    for place in placed {
        if place.base < title_length {
            found.title.extend(occurrence(place, place.base, title, &title_kept, ends));
        } else if let Some(base) = place.base.checked_sub(title_length + TITLE_GAP) {
            found.body.extend(occurrence(place, base, body, &body_kept, ends));
        }
    }
    for list in [&mut found.title, &mut found.body] {
        list.sort_by_key(|occurrence| (occurrence.bytes.start, occurrence.bytes.end, occurrence.clause));
        list.dedup();
    }
    found
}

fn occurrence(
    place: &Placed,
    index: u32,
    text: &str,
    kept: &[KeptChar],
    ends: &mut WordEnds<'_>,
) -> Option<Occurrence> {
    let index = index as usize;
    let first = kept.get(index)?;
    let to_gap = || index + 1 + kept.iter().skip(index + 1).take_while(|k| !k.gap).count();
    let end = match place.extent {
        Extent::Kept(count) => index + (count as usize).max(1),
        Extent::Inflected(stem) => ends.of_verb(text, kept, index + stem as usize).unwrap_or_else(to_gap),
        Extent::Lemma(count) => ends.of_verb(text, kept, index).unwrap_or(index + (count as usize).max(1)),
        Extent::Word(count) => ends.of_word(text, kept, index, index + (count as usize).max(1)),
        Extent::Number => expression_end(kept, index).unwrap_or_else(to_gap),
    };
    let last = kept.get(end.min(kept.len()).checked_sub(1)?)?;
    Some(Occurrence { clause: place.clause, bytes: first.start as usize..last.end as usize })
}

/// The occurrences of the wanted clauses in `text`, which is not in the index and was analysed into `analysis`. It counts
/// as a body: words that are wanted in titles are not in it.
pub fn occurrences_in(
    plan: &Plan,
    text: &str,
    analysis: &Analysis,
    ends: &mut WordEnds<'_>,
) -> Vec<Occurrence> {
    let clauses: Vec<(usize, &Clause)> = plan
        .wanted
        .iter()
        .filter_map(|&index| Some((index, plan.clauses.get(index)?)))
        .filter(|(_, clause)| clause.field != Some(TextField::Title))
        .collect();
    let positions = TextPositions::new(analysis, clauses.iter().map(|(_, clause)| *clause));
    let mut found = Vec::new();
    for (clause, form) in clauses.iter().flat_map(|(index, clause)| clause.forms.iter().map(|f| (*index, f)))
    {
        for base in positions.bases(&form.shape) {
            let place = Placed { clause, base, extent: form.shape.extent };
            found.extend(occurrence(&place, base, text, &analysis.kept, ends));
        }
    }
    found.sort_by_key(|occurrence| (occurrence.bytes.start, occurrence.bytes.end, occurrence.clause));
    found.dedup();
    found
}

/// For each clause of the plan, excluded ones too, whether a text holds it as an article's body.
pub fn clauses_in(plan: &Plan, analysis: &Analysis) -> Vec<bool> {
    let positions = TextPositions::new(analysis, plan.clauses.iter());
    let found = |clause: &Clause| {
        clause.field != Some(TextField::Title)
            && clause.forms.iter().any(|form| !positions.bases(&form.shape).is_empty())
    };
    plan.clauses.iter().map(found).collect()
}

/// Where the terms that clauses look for stand in one analysed text, by lane.
struct TextPositions<'p> {
    lanes: FxHashMap<Lane, FxHashMap<&'p str, Vec<u32>>>,
}

impl<'p> TextPositions<'p> {
    fn new(analysis: &Analysis, clauses: impl Iterator<Item = &'p Clause>) -> Self {
        let mut lanes: FxHashMap<Lane, FxHashMap<&'p str, Vec<u32>>> = FxHashMap::default();
        let forms = clauses.flat_map(|clause| &clause.forms);
        for probe in forms.flat_map(|form| &form.shape.slots).flat_map(|slot| &slot.probes) {
            lanes.entry(probe.lane).or_default().entry(&probe.term).or_default();
        }
        let mut add = |lane: Lane, term: &str, index: u32| {
            if let Some(positions) = lanes.get_mut(&lane).and_then(|terms| terms.get_mut(term)) {
                positions.push(index);
            }
        };
        for token in &analysis.tokens {
            add(Lane::Morph, analysis.term(token), token.index);
        }
        let mut term = String::new();
        for index in 0..analysis.kept.len() as u32 {
            if analysis.bigram(index, &mut term) {
                add(Lane::Gram, &term, index);
            }
        }
        for &index in &analysis.edges {
            if analysis.bigram(index, &mut term) {
                add(Lane::Edge, &term, index);
            }
        }
        Self { lanes }
    }

    fn bases(&self, shape: &Shape) -> Vec<u32> {
        let mut bases: Option<Vec<u32>> = None;
        for slot in &shape.slots {
            let mut of_slot: Vec<u32> = slot
                .probes
                .iter()
                .filter_map(|probe| self.lanes.get(&probe.lane)?.get(&*probe.term))
                .flatten()
                .filter_map(|position| position.checked_sub(slot.offset))
                .collect();
            of_slot.sort_unstable();
            bases = Some(match bases {
                None => of_slot,
                Some(bases) => bases.into_iter().filter(|base| of_slot.binary_search(base).is_ok()).collect(),
            });
        }
        bases.unwrap_or_default()
    }
}

/// Joins overlapping and touching occurrences of a text into ordered, disjoint byte ranges.
pub fn joined(occurrences: &[Occurrence]) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::with_capacity(occurrences.len());
    for occurrence in occurrences {
        match ranges.last_mut() {
            Some(last) if occurrence.bytes.start <= last.end => last.end = last.end.max(occurrence.bytes.end),
            _ => ranges.push(occurrence.bytes.clone()),
        }
    }
    ranges
}

/// `text` with `ranges` (bytes, ordered, disjoint) as marks in UTF-16 code units.
pub fn marked(text: &str, ranges: &[Range<usize>]) -> MarkedText {
    MarkedText { text: text.to_owned(), marks: utf16_marks(text, ranges) }
}

/// Byte ranges of `text` in UTF-16 code units.
pub fn utf16_marks(text: &str, ranges: &[Range<usize>]) -> Vec<[u32; 2]> {
    let mut marks = Vec::with_capacity(ranges.len());
    let mut at = 0;
    let mut units = 0;
    for range in ranges {
        units += utf16_length(text, at..range.start);
        let start = units;
        units += utf16_length(text, range.clone());
        at = range.end;
        marks.push([start, units]);
    }
    marks
}

/// Length of a byte range of `text` in UTF-16 code units.
pub fn utf16_length(text: &str, range: Range<usize>) -> u32 {
    text.get(range).unwrap_or_default().chars().map(|ch| ch.len_utf16() as u32).sum()
}
