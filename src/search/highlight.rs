//! Marks: where in a text the clauses of a query are found.
//!
//! Nothing is analysed again. A position in a posting list is a kept index, so the occurrences that matched are read from
//! the index and found in the stored text by counting its characters.

use std::ops::Range;

use rustc_hash::FxHashMap;
use tantivy::DocId;

use super::plan::Plan;
use super::query::TextField;
use super::segment::SegmentView;
use super::shape::{Clause, Extent, Lane, Shape};
use super::types::MarkedText;
use super::{Deadline, SearchError};
use crate::korean::analysis::{Analysis, TITLE_GAP};
use crate::korean::fold::{KeptChar, kept_chars};
use crate::korean::number::expression_end;

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
    Ok(articles.iter().zip(placed).map(|((_, title, body), placed)| locate(title, body, &placed)).collect())
}

/// Finds placed occurrences in the texts of an article.
fn locate(title: &str, body: &str, placed: &[Placed]) -> Occurrences {
    if placed.is_empty() {
        return Occurrences::default();
    }
    let title_kept = kept_chars(title);
    let body_kept = kept_chars(body);
    let title_length = title_kept.len() as u32;
    let mut found = Occurrences::default();
    for place in placed {
        if place.base < title_length {
            found.title.extend(occurrence(place, place.base, &title_kept));
        } else if let Some(base) = place.base.checked_sub(title_length + TITLE_GAP) {
            found.body.extend(occurrence(place, base, &body_kept));
        }
    }
    for list in [&mut found.title, &mut found.body] {
        list.sort_by_key(|occurrence| (occurrence.bytes.start, occurrence.bytes.end, occurrence.clause));
        list.dedup();
    }
    found
}

fn occurrence(place: &Placed, index: u32, kept: &[KeptChar]) -> Option<Occurrence> {
    let index = index as usize;
    let first = kept.get(index)?;
    let to_gap = || index + 1 + kept.iter().skip(index + 1).take_while(|k| !k.gap).count();
    let end = match place.extent {
        Extent::Kept(count) => index + (count as usize).max(1),
        Extent::ToGap => to_gap(),
        Extent::Number => expression_end(kept, index).unwrap_or_else(to_gap),
    };
    let last = kept.get(end.min(kept.len()).checked_sub(1)?)?;
    Some(Occurrence { clause: place.clause, bytes: first.start as usize..last.end as usize })
}

/// The occurrences of the wanted clauses in a text that is not in the index, analysed into `analysis`.
pub fn occurrences_in(plan: &Plan, analysis: &Analysis) -> Vec<Occurrence> {
    let positions = TextPositions::new(analysis);
    let mut found = Vec::new();
    for index in &plan.wanted {
        let Some(clause) = plan.clauses.get(*index) else { continue };
        if clause.field == Some(TextField::Title) {
            continue;
        }
        for (base, extent) in clause_bases(clause, &positions) {
            found.extend(occurrence(&Placed { clause: *index, base, extent }, base, &analysis.kept));
        }
    }
    found.sort_by_key(|occurrence| (occurrence.bytes.start, occurrence.bytes.end, occurrence.clause));
    found
}

/// For each clause of the plan, excluded ones too, whether a text holds it as an article's body.
pub fn clauses_in(plan: &Plan, analysis: &Analysis) -> Vec<bool> {
    let positions = TextPositions::new(analysis);
    let found = |clause: &Clause| {
        clause.field != Some(TextField::Title) && !clause_bases(clause, &positions).is_empty()
    };
    plan.clauses.iter().map(found).collect()
}

fn clause_bases(clause: &Clause, positions: &TextPositions) -> Vec<(u32, Extent)> {
    clause
        .forms
        .iter()
        .flat_map(|form| positions.bases(&form.shape).into_iter().map(|base| (base, form.shape.extent)))
        .collect()
}

/// The lanes of one analysed text, by term.
struct TextPositions {
    table: FxHashMap<(Lane, String), Vec<u32>>,
}

impl TextPositions {
    fn new(analysis: &Analysis) -> Self {
        let mut table: FxHashMap<(Lane, String), Vec<u32>> = FxHashMap::default();
        for token in &analysis.tokens {
            table.entry((Lane::Morph, analysis.term(token).to_owned())).or_default().push(token.index);
        }
        let mut term = String::new();
        for index in 0..analysis.kept.len() as u32 {
            if analysis.bigram(index, &mut term) {
                table.entry((Lane::Gram, term.clone())).or_default().push(index);
            }
        }
        for &index in &analysis.edges {
            if analysis.bigram(index, &mut term) {
                table.entry((Lane::Edge, term.clone())).or_default().push(index);
            }
        }
        Self { table }
    }

    fn bases(&self, shape: &Shape) -> Vec<u32> {
        let mut bases: Option<Vec<u32>> = None;
        for slot in &shape.slots {
            let mut of_slot: Vec<u32> = slot
                .probes
                .iter()
                .filter_map(|probe| self.table.get(&(probe.lane, probe.term.clone())))
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
