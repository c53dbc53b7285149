//! The second look at the best articles: where the words of the query stand in their texts, which are read and analysed here.

use super::archive::ClusterArchive;
use super::hits::Hit;
use super::scoring::Scoring;
use crate::query::archive::{ArchiveError, Place, Wanted};
use crate::query::plan::Plan;
use crate::query::ranking::{Look, MorphemePlaces, Nearness, RankingOptions, Seen, WordPlaces, focus};
use crate::query::shape::{Clause, Extent, Form, Lane, Origin, Shape};
use crate::query::text::TextPositions;

/// Articles that get a second look, at most: each is read and analysed. More of them made no judged order better.
const DEEPEST: usize = 30;

/// A hit after the second look.
pub(super) struct Looked {
    pub(super) hit: Hit,
    /// The whole score.
    pub(super) total: f64,
}

impl From<Hit> for Looked {
    fn from(hit: Hit) -> Self {
        Self { total: hit.key, hit }
    }
}

/// A morpheme of the query that some article holds.
struct Morpheme {
    idf: f32,
    length: u32,
    /// Which of the plan's units it is a part of.
    unit: Option<usize>,
    shape: Shape,
}

impl ClusterArchive {
    /// How many of the best get a second look.
    pub(super) fn depth(&self, options: &RankingOptions) -> usize {
        options.depth.min(DEEPEST)
    }

    /// Adds what a second look gives to the totals of `best`, and puts them in order.
    pub(super) fn look_again(
        &self,
        plan: &Plan,
        wanted: &Wanted<'_>,
        scoring: &Scoring,
        best: &mut [Looked],
    ) -> Result<(), ArchiveError> {
        let morphemes = morphemes(plan, scoring);
        let forms = morphemes.iter().map(|part| Form { shape: part.shape.clone(), origin: Origin::Literal });
        let beside = Clause { forms: forms.collect(), ..Clause::default() };
        let (weight, words) = (plan.weight(), plan.units().len());
        let rarity = plan.mean_rarity();
        let places: Vec<Place> = best.iter().map(|looked| looked.hit.place).collect();
        self.note_versions(best.iter().map(|looked| &looked.hit));
        self.each_terms(&places, wanted.deadline, |at, terms| {
            let Some(looked) = best.get_mut(at) else { return };
            let positions = TextPositions::of_packed(terms, plan.clauses.iter().chain([&beside]));
            let look = look(plan, &morphemes, &positions, terms.body_start());
            let freshness = wanted.ranking.freshness(wanted.now, looked.hit.published);
            let worth = weight * look.worth(words) * wanted.ranking.recency(freshness, rarity);
            looked.total = looked.hit.key + f64::from(worth);
        })?;
        best.sort_by(|a, b| b.total.total_cmp(&a.total).then_with(|| a.hit.id.cmp(&b.hit.id)));
        Ok(())
    }
}

/// The morphemes of the query that some article holds, in order.
fn morphemes(plan: &Plan, scoring: &Scoring) -> Vec<Morpheme> {
    let mut morphemes = Vec::new();
    for (index, clause) in plan.ranking_clauses() {
        for (term, _) in &clause.morphemes {
            let Some(idf) = scoring.idf.get(term).copied().filter(|idf| *idf > 0.0) else { continue };
            let length = term.chars().count() as u32;
            let unit = plan.units().iter().position(|unit| unit.clauses.contains(&index));
            let shape = Shape::term(Lane::Morph, term.clone(), Extent::Kept(length));
            morphemes.push(Morpheme { idf, length, unit, shape });
        }
    }
    morphemes
}

/// Looks at one text.
fn look(plan: &Plan, morphemes: &[Morpheme], positions: &TextPositions<'_>, body_start: u32) -> Look {
    let clauses = |numbers: &[usize]| -> Vec<&Clause> {
        numbers.iter().filter_map(|number| plan.clauses.get(*number)).collect()
    };
    let units = plan.units().iter();
    let words: Vec<WordPlaces> =
        units.map(|unit| places_of(unit.weight, &clauses(&unit.clauses), positions)).collect();
    let own: Vec<Vec<u32>> = morphemes.iter().map(|part| positions.bases(&part.shape, None)).collect();
    let placed: Vec<MorphemePlaces<'_>> = morphemes
        .iter()
        .zip(&own)
        .map(|(part, places)| MorphemePlaces {
            idf: part.idf,
            length: part.length,
            places,
            of_word: part.unit.and_then(|unit| words.get(unit)).map_or(&[], |word| &word.places),
        })
        .collect();
    let (nearness, focus) = (Nearness::of(&placed), focus(&placed, body_start));
    Look::new(&Seen { words: &words, nearness, body_start, focus })
}

/// Where one of `clauses` begins.
fn places_of(weight: f32, clauses: &[&Clause], positions: &TextPositions<'_>) -> WordPlaces {
    let mut word = WordPlaces { weight, ..WordPlaces::default() };
    for clause in clauses {
        // Single terms first: where the word itself is found, longer shapes of it would only find the same places again.
        let mut forms: Vec<&Form> = clause.forms.iter().collect();
        forms.sort_by_key(|form| form.shape.slots.len());
        for form in forms {
            if form.shape.slots.len() > 1 && word.as_typed {
                continue;
            }
            let bases = positions.bases(&form.shape, clause.field);
            word.as_typed |= !matches!(form.origin, Origin::Variant(_)) && !bases.is_empty();
            word.places.extend(bases);
        }
    }
    word.places.sort_unstable();
    word.places.dedup();
    word
}
