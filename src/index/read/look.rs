//! The second look at the best articles: where the words of the query stand in them.
//!
//! What is seen and what it is worth: [`crate::query::ranking::Look`]. Pairs of neighbouring morphemes that are together in an
//! article, or within a few words, say more than both somewhere (Rasolofo & Savoy 2003).

use std::rc::Rc;

use tantivy::DocId;

use super::error::ReadError;
use super::score::Scorer;
use super::segment::Segment;
use super::shape_docs::ShapeDocs;
use super::term_places::{Places, TermPlaces};
use crate::korean::analysis::TITLE_GAP;
use crate::query::archive::Deadline;
use crate::query::plan::Plan;
use crate::query::ranking::{Look, Nearness, Seen, WordPlaces};
use crate::query::shape::{Clause, Form, Lane, Origin, Probe};

/// Looks at `docs`, ascending documents of one segment; in the same order.
pub(super) fn looks(
    plan: &Plan,
    scorer: &Scorer<'_>,
    segment: &Segment,
    docs: &[DocId],
    deadline: Deadline,
) -> Result<Vec<Look>, ReadError> {
    let units = plan.units();
    let mut terms = TermPlaces::new(segment, docs);
    // By document, and in it by word.
    let mut words = vec![Vec::with_capacity(units.len()); docs.len()];
    for unit in units {
        let mut of_unit = vec![WordPlaces { weight: unit.weight, ..WordPlaces::default() }; docs.len()];
        for clause in unit.clauses.iter().filter_map(|index| plan.clauses.get(*index)) {
            add_places(clause, segment, docs, &mut terms, &mut of_unit, deadline)?;
        }
        for (words, mut word) in words.iter_mut().zip(of_unit) {
            word.places.sort_unstable();
            word.places.dedup();
            words.push(word);
        }
    }
    let morphemes = morphemes(plan, scorer, &mut terms, deadline)?;
    let mut looks = Vec::with_capacity(docs.len());
    for (number, (doc, words)) in docs.iter().zip(&words).enumerate() {
        let body_start = segment.body_start(*doc);
        let nearness = nearness(&morphemes, number);
        let focus = focus(&morphemes, number, words, body_start);
        looks.push(Look::new(&Seen { words, nearness, body_start, focus }));
    }
    Ok(looks)
}

/// The share of the title of a document that is morphemes of the query, where they stand themselves or what says the same as
/// their word does.
fn focus(morphemes: &[Morpheme], document: usize, words: &[WordPlaces], body_start: u32) -> f32 {
    let begins = |places: &[u32]| places.iter().any(|place| *place < body_start);
    let in_title = morphemes.iter().filter(|part| {
        let word = part.unit.and_then(|unit| words.get(unit));
        begins(part.places.of(document)) || word.is_some_and(|word| begins(&word.places))
    });
    let asked: u32 = in_title.map(|part| part.length).sum();
    let length = body_start.saturating_sub(TITLE_GAP).max(1);
    (asked as f32 / length as f32).min(1.0)
}

/// Adds to `found` where `clause` begins in each of `docs`.
fn add_places(
    clause: &Clause,
    segment: &Segment,
    docs: &[DocId],
    terms: &mut TermPlaces<'_>,
    found: &mut [WordPlaces],
    deadline: Deadline,
) -> Result<(), ReadError> {
    // Single terms first: where the word itself is found, longer shapes of it would only find the same places again.
    let mut forms: Vec<&Form> = clause.forms.iter().collect();
    forms.sort_by_key(|form| form.shape.slots.len());
    for form in forms {
        deadline.check()?;
        let several = form.shape.slots.len() > 1;
        if several && found.iter().all(|word| word.as_typed) {
            continue;
        }
        if let (Some(probe), None) = (form.shape.only_probe(), clause.field) {
            let places = terms.of(probe)?;
            for (document, word) in found.iter_mut().enumerate() {
                let places = places.of(document);
                word.as_typed |= !matches!(form.origin, Origin::Variant(_)) && !places.is_empty();
                word.places.extend(places);
            }
            continue;
        }
        let Some(mut held) = ShapeDocs::with_positions(segment, &form.shape, clause.field)? else { continue };
        for (doc, word) in docs.iter().zip(&mut *found) {
            if several && word.as_typed {
                continue;
            }
            if held.reaches(*doc)? {
                let bases = held.bases(*doc);
                word.as_typed |= !matches!(form.origin, Origin::Variant(_)) && !bases.is_empty();
                word.places.extend(bases);
            }
        }
    }
    Ok(())
}

/// A morpheme of the query.
struct Morpheme {
    idf: f32,
    /// Kept characters that it covers.
    length: u32,
    /// Which of the plan's units it is a part of.
    unit: Option<usize>,
    /// Where it begins, by document.
    places: Rc<Places>,
}

/// The morphemes of the query that any article holds, in order, and where they begin in the documents of `terms`.
fn morphemes(
    plan: &Plan,
    scorer: &Scorer<'_>,
    terms: &mut TermPlaces<'_>,
    deadline: Deadline,
) -> Result<Vec<Morpheme>, ReadError> {
    let mut morphemes = Vec::new();
    for (index, clause) in plan.ranking_clauses() {
        for (term, _) in &clause.morphemes {
            let idf = scorer.idf_of(term);
            if idf <= 0.0 {
                continue;
            }
            deadline.check()?;
            let length = term.chars().count() as u32;
            let places = terms.of(&Probe { lane: Lane::Morph, term: term.clone() })?;
            let unit = plan.units().iter().position(|unit| unit.clauses.contains(&index));
            morphemes.push(Morpheme { idf, length, unit, places });
        }
    }
    Ok(morphemes)
}

/// Kept characters between two morphemes that are near each other: a few words. The weights were learned with it.
const NEAR: u32 = 16;

/// How near neighbouring morphemes are to each other in a document.
fn nearness(morphemes: &[Morpheme], document: usize) -> Nearness {
    let mut nearness = Nearness::default();
    for pair in morphemes.windows(2) {
        let [first, second] = pair else { continue };
        let (a, b) = (first.places.of(document), second.places.of(document));
        let worth = first.idf.min(second.idf);
        nearness.pairs += worth;
        match distance(a, b, first.length, second.length) {
            Some(gap) if gap <= 1 => {
                nearness.adjacent += worth;
                nearness.near += worth;
            }
            Some(gap) if gap <= NEAR => nearness.near += worth,
            _ => {}
        }
    }
    nearness
}

/// Kept characters between the closest occurrences of two words, in either order; `None` where one is missing. Lists are
/// ascending.
fn distance(firsts: &[u32], seconds: &[u32], first_length: u32, second_length: u32) -> Option<u32> {
    let mut best: Option<u32> = None;
    let mut others = seconds.iter().copied().peekable();
    let mut before: Option<u32> = None;
    for &at in firsts {
        while let Some(passed) = others.next_if(|&other| other < at) {
            before = Some(passed);
        }
        let after = others.peek().map(|&other| other.saturating_sub(at + first_length));
        let ahead = before.map(|other| at.saturating_sub(other + second_length));
        best = [best, after, ahead].into_iter().flatten().min();
    }
    best
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn distances_between_closest_occurrences() {
        assert_eq!(distance(&[0], &[2], 2, 2), Some(0));
        assert_eq!(distance(&[0, 50], &[47, 90], 2, 3), Some(0));
        assert_eq!(distance(&[10], &[0], 2, 2), Some(8));
        assert_eq!(distance(&[], &[3], 2, 2), None);
    }
}
