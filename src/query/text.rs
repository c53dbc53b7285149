//! Shapes found in one analysed text, without an index.
//!
//! The twin of the embedded index's `ShapeDocs`, which finds the same shapes in posting lists: a property test holds the two
//! together (`tests/highlight_properties.rs`).

use rustc_hash::FxHashMap;

use super::language::TextField;
use super::shape::{Clause, Lane, Shape};
use crate::korean::analysis::Analysis;
use crate::korean::joins::JoinLane;

/// Where the terms that clauses look for are in one analysed text, by lane.
pub struct TextPositions<'p> {
    lanes: FxHashMap<Lane, FxHashMap<&'p str, Vec<u32>>>,
    body_start: u32,
}

impl<'p> TextPositions<'p> {
    /// Gathers the terms of `clauses` from `analysis`. A text without a title is a body.
    pub fn new(analysis: &Analysis, clauses: impl Iterator<Item = &'p Clause>) -> Self {
        let mut lanes: FxHashMap<Lane, FxHashMap<&'p str, Vec<u32>>> = FxHashMap::default();
        let forms = clauses.flat_map(|clause| &clause.forms);
        for probe in forms.flat_map(|form| &form.shape.slots).flat_map(|slot| &slot.probes) {
            lanes.entry(probe.lane).or_default().entry(&probe.term).or_default();
        }
        let mut add = |lane: Lane, term: &str, index: u32| {
            if let Some(positions) = lanes.get_mut(&lane).and_then(|terms| terms.get_mut(term)) {
                positions.push(analysis.position(index));
            }
        };
        for token in &analysis.tokens {
            add(Lane::Morph, analysis.term(token), token.index);
        }
        for join in &analysis.joins {
            let lane = match join.lane {
                JoinLane::Gram => Lane::Gram,
                JoinLane::Edge => Lane::Edge,
            };
            add(lane, &join.term, join.index);
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
        Self { lanes, body_start: analysis.body_start() }
    }

    /// The positions at which `shape` begins, ascending; in the title or the body alone where a `field` is given.
    pub fn bases(&self, shape: &Shape, field: Option<TextField>) -> Vec<u32> {
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
        let mut bases = bases.unwrap_or_default();
        match field {
            None => {}
            Some(TextField::Title) => bases.retain(|base| *base < self.body_start),
            Some(TextField::Body) => bases.retain(|base| *base >= self.body_start),
        }
        bases
    }

    /// Whether the text holds `clause`.
    pub fn holds(&self, clause: &Clause) -> bool {
        clause.forms.iter().any(|form| !self.bases(&form.shape, clause.field).is_empty())
    }
}
