//! Marks: where in a text the clauses of a query are found.
//!
//! An archive that keeps positions tells where clauses begin, in kept indices: they are found in the stored text by counting
//! its characters, and no text is analysed again. Only the ends of inflected verbs and of words found by their beginning are
//! not in an index; for those, the one word is cut again.
//!
//! Marks therefore show exactly why an article was found. `이재*` marks 이재명 without its particle, because that one word is cut again
//! (`word_end.rs`). Marks are UTF-16 units, converted once. They cost no memory and no bytes of their own: phrases and substrings need
//! positions anyway.

use std::ops::Range;

use super::bounds::first_occurrences;
use super::types::MarkedText;
use super::word_end::WordEnds;
use crate::korean::analysis::{Analysis, TITLE_GAP};
use crate::korean::fold::{KeptChar, kept_chars};
use crate::korean::number::expression_end;
use crate::query::archive::Placed;
use crate::query::near::{Near, Span, WordNumbers};
use crate::query::plan::Plan;
use crate::query::shape::Extent;
use crate::query::text::TextPositions;

/// One place where a clause is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Occurrence {
    /// Which clause of the plan.
    pub(super) clause: usize,
    /// Where, in bytes of the text.
    pub(super) bytes: Range<usize>,
}

/// The occurrences in one article.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Occurrences {
    /// Those in the title, by place.
    pub(super) title: Vec<Occurrence>,
    /// Those in the body, by place.
    pub(super) body: Vec<Occurrence>,
    /// How many after these were not looked at.
    pub(super) left_out: u64,
}

/// Finds placed occurrences in the texts of an article.
pub(super) fn locate(title: &str, body: &str, placed: &[Placed], ends: &mut WordEnds<'_>) -> Occurrences {
    if placed.is_empty() {
        return Occurrences::default();
    }
    let title_kept = kept_chars(title);
    let body_kept = kept_chars(body);
    let title_length = title_kept.len() as u32;
    let (placed, left_out) = first_occurrences(placed);
    let mut found = Occurrences { left_out, ..Occurrences::default() };
    for place in placed.iter() {
        if place.base < title_length {
            found.title.extend(occurrence(place, place.base, title, &title_kept, ends));
        } else if let Some(base) = place.base.checked_sub(title_length + TITLE_GAP) {
            found.body.extend(occurrence(place, base, body, &body_kept, ends));
        }
    }
    for list in [&mut found.title, &mut found.body] {
        in_order(list);
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

/// The occurrences of the wanted clauses in `text`, which is not in the archive and was analysed into `analysis`. It counts
/// as a body: words that are wanted in titles are not in it.
pub(super) fn occurrences_in(
    plan: &Plan,
    text: &str,
    analysis: &Analysis,
    ends: &mut WordEnds<'_>,
) -> Vec<Occurrence> {
    let mut placed = placed_in(plan, analysis);
    keep_near(plan, &mut placed, || WordNumbers::of_text(text));
    let found = placed.iter().filter_map(|place| occurrence(place, place.base, text, &analysis.kept, ends));
    let mut found: Vec<Occurrence> = found.collect();
    in_order(&mut found);
    found
}

/// Where the wanted clauses begin in an analysed text.
pub(super) fn placed_in(plan: &Plan, analysis: &Analysis) -> Vec<Placed> {
    TextPositions::new(analysis, plan.wanted_clauses().map(|(_, clause)| clause)).placed(plan)
}

/// Drops what is wanted near something else, and is not near it.
pub(super) fn keep_near(plan: &Plan, placed: &mut Vec<Placed>, words: impl FnOnce() -> WordNumbers) {
    let nears = plan.nears();
    if nears.is_empty() {
        return;
    }
    let words = words();
    let mut kept: Vec<bool> = placed
        .iter()
        .map(|place| {
            !nears.iter().any(|near| near.first.iter().chain(&near.second).any(|c| *c == place.clause))
        })
        .collect();
    for near in nears {
        let part = |clauses: &[usize]| -> Vec<(usize, Span)> {
            let numbered = placed.iter().enumerate().filter(|(_, place)| clauses.contains(&place.clause));
            numbered.map(|(at, place)| (at, Span::new(place.base, place.extent))).collect()
        };
        let (first, second) = (part(&near.first), part(&near.second));
        for (one, others) in [(&first, &second), (&second, &first)] {
            let spans = |part: &[(usize, Span)]| part.iter().map(|(_, span)| *span).collect::<Vec<_>>();
            let partnered = near.partnered(&spans(one), &spans(others), &words);
            for ((at, _), near) in one.iter().zip(partnered) {
                if let Some(kept) = kept.get_mut(*at) {
                    *kept |= near;
                }
            }
        }
    }
    let mut kept = kept.into_iter();
    placed.retain(|_| kept.next().unwrap_or(true));
}

/// Whether clauses are near each other in an analysed text, of which `words` are the words.
pub(super) fn is_near(plan: &Plan, near: &Near, analysis: &Analysis, words: &WordNumbers) -> bool {
    let part = |clauses: &[usize]| -> Vec<Span> {
        let clauses: Vec<_> = clauses.iter().filter_map(|clause| plan.clauses.get(*clause)).collect();
        let positions = TextPositions::new(analysis, clauses.iter().copied());
        let forms = clauses.iter().flat_map(|clause| clause.forms.iter().map(|form| (clause.field, form)));
        let spans = forms.flat_map(|(field, form)| {
            let bases = positions.bases(&form.shape, field).into_iter();
            bases.map(|base| Span::new(base, form.shape.extent))
        });
        spans.collect()
    };
    near.holds(&part(&near.first), &part(&near.second), words)
}

/// For each clause of the plan, excluded ones too, whether a text holds it as an article's body.
pub(super) fn clauses_in(plan: &Plan, analysis: &Analysis) -> Vec<bool> {
    let positions = TextPositions::new(analysis, plan.clauses.iter());
    plan.clauses.iter().map(|clause| positions.holds(clause)).collect()
}

fn in_order(occurrences: &mut Vec<Occurrence>) {
    occurrences.sort_by_key(|occurrence| (occurrence.bytes.start, occurrence.bytes.end, occurrence.clause));
    occurrences.dedup();
}

/// Joins overlapping and touching occurrences of a text into ordered, disjoint byte ranges.
pub(super) fn joined(occurrences: &[Occurrence]) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::with_capacity(occurrences.len());
    for occurrence in occurrences {
        match ranges.last_mut() {
            Some(last) if occurrence.bytes.start <= last.end => last.end = last.end.max(occurrence.bytes.end),
            _ => ranges.push(occurrence.bytes.clone()),
        }
    }
    ranges
}

/// `text` with `ranges` (bytes, ordered, disjoint) as marks in UTF-16 code units. Of a text that was cut, those that are whole.
pub(super) fn marked(text: &str, ranges: &[Range<usize>]) -> MarkedText {
    let whole = ranges.iter().take_while(|range| range.end <= text.len()).count();
    MarkedText { text: text.to_owned(), marks: utf16_marks(text, ranges.get(..whole).unwrap_or_default()) }
}

/// Byte ranges of `text` in UTF-16 code units.
pub(super) fn utf16_marks(text: &str, ranges: &[Range<usize>]) -> Vec<[u32; 2]> {
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
pub(super) fn utf16_length(text: &str, range: Range<usize>) -> u32 {
    text.get(range).unwrap_or_default().chars().map(|ch| ch.len_utf16() as u32).sum()
}
