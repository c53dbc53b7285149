//! Shapes found in one analysed text, without an index.
//!
//! The twin of the embedded index's `ShapeDocs`, which finds the same shapes in posting lists: a property test holds the two
//! together (`tests/promises/highlight_properties.rs`).

use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::archive::Placed;
use super::language::TextField;
use super::plan::Plan;
use super::shape::{Clause, Lane, Probe, Shape};
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
        for probe in probes(clauses) {
            lanes.entry(probe.lane).or_default().entry(&probe.term).or_default();
        }
        each_term(analysis, |lane, term, position| {
            if let Some(positions) = lanes.get_mut(&lane).and_then(|terms| terms.get_mut(term)) {
                positions.push(position);
            }
        });
        Self { lanes, body_start: analysis.body_start() }
    }

    /// The same from a text's packed terms.
    pub fn of_packed(terms: &PackedTerms, clauses: impl Iterator<Item = &'p Clause>) -> Self {
        let mut lanes: FxHashMap<Lane, FxHashMap<&'p str, Vec<u32>>> = FxHashMap::default();
        for probe in probes(clauses) {
            let of_lane = lanes.entry(probe.lane).or_default();
            of_lane.entry(&probe.term).or_insert_with(|| terms.positions(probe.lane, &probe.term).to_vec());
        }
        Self { lanes, body_start: terms.body_start }
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

    /// Where the wanted clauses of `plan` begin, of which all are among those that this was made for.
    pub fn placed(&self, plan: &Plan) -> Vec<Placed> {
        let mut placed = Vec::new();
        for (index, clause) in plan.wanted_clauses() {
            for form in &clause.forms {
                let (bases, extent) = (self.bases(&form.shape, clause.field), form.shape.extent);
                placed.extend(bases.into_iter().map(|base| Placed { clause: index, base, extent }));
            }
        }
        placed
    }

    /// Whether the text holds `clause`.
    pub fn holds(&self, clause: &Clause) -> bool {
        clause.forms.iter().any(|form| !self.bases(&form.shape, clause.field).is_empty())
    }
}

/// All that clauses look for.
fn probes<'p>(clauses: impl Iterator<Item = &'p Clause>) -> impl Iterator<Item = &'p Probe> {
    let forms = clauses.flat_map(|clause| &clause.forms);
    forms.flat_map(|form| &form.shape.slots).flat_map(|slot| &slot.probes)
}

/// Gives `each` every term of a text with its lane and position, except the title's terms, which have no positions.
fn each_term(analysis: &Analysis, mut each: impl FnMut(Lane, &str, u32)) {
    for token in &analysis.tokens {
        each(Lane::Morph, analysis.term(token), analysis.position(token.index));
    }
    for join in &analysis.joins {
        let lane = match join.lane {
            JoinLane::Gram => Lane::Gram,
            JoinLane::Edge => Lane::Edge,
        };
        each(lane, &join.term, analysis.position(join.index));
    }
    let mut term = String::new();
    for index in 0..analysis.kept.len() as u32 {
        if analysis.bigram(index, &mut term) {
            each(Lane::Gram, &term, analysis.position(index));
        }
    }
    for &index in &analysis.edges {
        if analysis.bigram(index, &mut term) {
            each(Lane::Edge, &term, analysis.position(index));
        }
    }
}

/// All terms of one text with their positions, packed into a fraction of what its analysis takes, to be looked at again for another query.
///
/// A term is known by a hash of 64 bits under a key that nobody knows: that a term is taken for one of the thousands of a text is less likely
/// than a fault of the memory.
pub struct PackedTerms {
    /// Hashes of lane and term, ascending, one for each occurrence.
    hashes: Box<[u64]>,
    /// The position of each occurrence.
    positions: Box<[u32]>,
    body_start: u32,
}

impl PackedTerms {
    /// The terms of an analysed text.
    #[must_use]
    pub fn of(analysis: &Analysis) -> Self {
        let mut terms: Vec<(u64, u32)> = Vec::new();
        each_term(analysis, |lane, term, position| terms.push((hash_of(lane, term), position)));
        terms.sort_unstable();
        let (hashes, positions): (Vec<u64>, Vec<u32>) = terms.into_iter().unzip();
        Self { hashes: hashes.into(), positions: positions.into(), body_start: analysis.body_start() }
    }

    /// Where the body begins.
    #[must_use]
    pub fn body_start(&self) -> u32 {
        self.body_start
    }

    /// Where a term is, ascending.
    fn positions(&self, lane: Lane, term: &str) -> &[u32] {
        let hash = hash_of(lane, term);
        let first = self.hashes.partition_point(|known| *known < hash);
        let last = self.hashes.partition_point(|known| *known <= hash);
        self.positions.get(first..last).unwrap_or_default()
    }
}

fn hash_of(lane: Lane, term: &str) -> u64 {
    static KEYED: LazyLock<RandomState> = LazyLock::new(RandomState::new);
    KEYED.hash_one((lane, term))
}
