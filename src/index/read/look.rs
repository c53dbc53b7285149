//! The second look at the best articles: where the words of the query stand in them.
//!
//! What is seen and what it is worth: [`crate::query::ranking::Look`].

use std::rc::Rc;

use tantivy::DocId;

use super::error::ReadError;
use super::pace::Pace;
use super::score::Scorer;
use super::segment::Segment;
use super::shape_docs::ShapeDocs;
use super::term_places::{Places, TermPlaces};
use crate::query::archive::Deadline;
use crate::query::plan::Plan;
use crate::query::ranking::{Look, MorphemePlaces, Nearness, Seen, WordPlaces, focus};
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
    let mut pace = Pace::new(deadline);
    let mut terms = TermPlaces::new(segment, docs);
    // By document, and in it by word.
    let mut words = vec![Vec::with_capacity(units.len()); docs.len()];
    for unit in units {
        let mut of_unit = vec![WordPlaces { weight: unit.weight, ..WordPlaces::default() }; docs.len()];
        for clause in unit.clauses.iter().filter_map(|index| plan.clauses.get(*index)) {
            add_places(clause, segment, docs, &mut terms, &mut of_unit, &mut pace)?;
        }
        for (words, mut word) in words.iter_mut().zip(of_unit) {
            word.places.sort_unstable();
            word.places.dedup();
            words.push(word);
        }
    }
    let morphemes = morphemes(plan, scorer, &mut terms, &mut pace)?;
    let mut looks = Vec::with_capacity(docs.len());
    for (number, (doc, words)) in docs.iter().zip(&words).enumerate() {
        // Looking at one goes through all places of all words.
        pace.check()?;
        let body_start = segment.body_start(*doc);
        let morphemes = in_document(&morphemes, number, words);
        let (nearness, focus) = (Nearness::of(&morphemes), focus(&morphemes, body_start));
        looks.push(Look::new(&Seen { words, nearness, body_start, focus }));
    }
    Ok(looks)
}

/// The morphemes of the query in document number `document`, in which the words are at `words`.
fn in_document<'p>(
    morphemes: &'p [Morpheme],
    document: usize,
    words: &'p [WordPlaces],
) -> Vec<MorphemePlaces<'p>> {
    let in_document = morphemes.iter().map(|part| MorphemePlaces {
        idf: part.idf,
        length: part.length,
        places: part.places.of(document),
        of_word: part.unit.and_then(|unit| words.get(unit)).map_or(&[], |word| &word.places),
    });
    in_document.collect()
}

/// Adds to `found` where `clause` begins in each of `docs`.
fn add_places(
    clause: &Clause,
    segment: &Segment,
    docs: &[DocId],
    terms: &mut TermPlaces<'_>,
    found: &mut [WordPlaces],
    pace: &mut Pace,
) -> Result<(), ReadError> {
    // Single terms first: where the word itself is found, longer shapes of it would only find the same places again.
    let mut forms: Vec<&Form> = clause.forms.iter().collect();
    forms.sort_by_key(|form| form.shape.slots.len());
    for form in forms {
        pace.check()?;
        let several = form.shape.slots.len() > 1;
        if several && found.iter().all(|word| word.as_typed) {
            continue;
        }
        if let (Some(probe), None) = (form.shape.only_probe(), clause.field) {
            let places = terms.of(probe, pace)?;
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
                let bases = held.bases(*doc, pace)?;
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
    pace: &mut Pace,
) -> Result<Vec<Morpheme>, ReadError> {
    let mut morphemes = Vec::new();
    for (index, clause) in plan.ranking_clauses() {
        for (term, _) in &clause.morphemes {
            let idf = scorer.idf_of(term);
            if idf <= 0.0 {
                continue;
            }
            pace.check()?;
            let length = term.chars().count() as u32;
            let places = terms.of(&Probe { lane: Lane::Morph, term: term.clone() }, pace)?;
            let unit = plan.units().iter().position(|unit| unit.clauses.contains(&index));
            morphemes.push(Morpheme { idf, length, unit, places });
        }
    }
    Ok(morphemes)
}
