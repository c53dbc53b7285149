//! Which documents of a segment a plan's expression holds for.
//!
//! Everything is sets of documents as bitmaps: 50,000 articles are 6 KB, so AND, OR and NOT cost nothing compared with
//! reading posting lists, and totals and facet counts are exact by construction.
//!
//! The twin of [`Expr::holds`], which says the same of one text: a property test holds the two together
//! (`tests/highlight_properties.rs`).
//!
//! "Enough of" several words is a set operation too; the cheapest come first. Totals do not move while paging.

use fixedbitset::FixedBitSet;
use tantivy::{DocId, TERMINATED};

use super::error::ReadError;
use super::filter::filter_docs;
use super::near::near_docs;
use super::pace::Pace;
use super::segment::Segment;
use super::shape_docs::ShapeDocs;
use crate::query::archive::Deadline;
use crate::query::plan::{Expr, Plan};
use crate::query::request::{FacetField, Strictness};
use crate::query::shape::{Clause, Origin};

/// The documents of a segment that match, and in which forms they hold each clause.
pub(super) struct Evaluated {
    /// The documents, deleted ones left out.
    pub(super) docs: FixedBitSet,
    /// By clause; `None` for those that were not looked for.
    pub(super) found: Vec<Option<ClauseDocs>>,
}

/// All matches of a search, by segment.
pub(super) struct Matches {
    /// Those that meet all conditions.
    pub(super) docs: Vec<FixedBitSet>,
    /// Those that fail only their own field's conditions, by field.
    pub(super) own_field: Vec<Vec<(FacetField, FixedBitSet)>>,
    /// What was found of each clause.
    pub(super) found: Vec<Vec<Option<ClauseDocs>>>,
    /// How many of the words had to match.
    pub(super) strictness: Strictness,
    /// How many more would match if they had a date.
    pub(super) undated: u64,
}

impl Matches {
    /// How many articles match.
    pub(super) fn count(&self) -> u64 {
        self.docs.iter().map(|docs| docs.count_ones(..) as u64).sum()
    }
}

/// The documents that hold a clause, among those that were looked at.
#[derive(Clone)]
pub(super) struct ClauseDocs {
    /// Literally as typed; empty unless asked for.
    pub(super) literal: FixedBitSet,
    /// As typed, literally or analysed.
    pub(super) typed: FixedBitSet,
    /// In any form.
    pub(super) all: FixedBitSet,
}

/// The documents of `segment`, among those `within`, for which `expr` holds.
pub(super) fn evaluate(
    plan: &Plan,
    expr: &Expr,
    segment: &Segment,
    within: &FixedBitSet,
    deadline: Deadline,
) -> Result<Evaluated, ReadError> {
    let mut matcher = Matcher { plan, segment, deadline, found: vec![None; plan.clauses.len()] };
    let docs = matcher.docs(expr, within)?;
    Ok(Evaluated { docs, found: matcher.found })
}

/// All documents of `segment` that are not deleted.
pub(in crate::index) fn alive(segment: &Segment) -> FixedBitSet {
    let mut all = FixedBitSet::with_capacity(segment.max_doc());
    match segment.reader.alive_bitset() {
        Some(alive) => all.extend(alive.iter_alive().map(|doc| doc as usize)),
        None => all.insert_range(..),
    }
    all
}

/// Documents within `within` that hold `clause`, by the kind of form. Only with `literally` are those that hold it as
/// typed told from those that hold it analysed: looking for the cheaper forms first spares looking for others.
fn clause_docs(
    clause: &Clause,
    segment: &Segment,
    within: &FixedBitSet,
    literally: bool,
    deadline: Deadline,
) -> Result<ClauseDocs, ReadError> {
    let mut pace = Pace::new(deadline);
    let few = within.count_ones(..);
    let mut found = FixedBitSet::with_capacity(segment.max_doc());
    let mut upto = |rank: u8| -> Result<FixedBitSet, ReadError> {
        let of_rank = |origin| match origin {
            Origin::Literal if literally => rank == 0,
            Origin::Literal | Origin::Analysed => rank == 1,
            Origin::Variant(_) => rank == 2,
        };
        // Forms with one slot need no positions; what they find the others need not look at.
        let mut forms: Vec<_> = clause.forms.iter().filter(|form| of_rank(form.origin)).collect();
        forms.sort_by_key(|form| form.shape.slots.len());
        for form in forms {
            deadline.check()?;
            if let Some(docs) = ShapeDocs::open(segment, &form.shape, clause.field)? {
                add_matching(docs, within, few, &mut found, &mut pace)?;
            }
        }
        Ok(found.clone())
    };
    Ok(ClauseDocs { literal: upto(0)?, typed: upto(1)?, all: upto(2)? })
}

struct Matcher<'a> {
    plan: &'a Plan,
    segment: &'a Segment,
    deadline: Deadline,
    /// What was found of each clause: the last look at it was the widest that the matches need.
    found: Vec<Option<ClauseDocs>>,
}

impl Matcher<'_> {
    /// Documents within `within` for which `expr` holds. The recursion is as deep as the query, at most 16.
    fn docs(&mut self, expr: &Expr, within: &FixedBitSet) -> Result<FixedBitSet, ReadError> {
        self.deadline.check()?;
        match expr {
            Expr::All => Ok(within.clone()),
            Expr::Clause(index) => match (self.plan.clauses.get(*index), self.found.get_mut(*index)) {
                (Some(clause), Some(slot)) => {
                    let found =
                        clause_docs(clause, self.segment, within, self.plan.is_short(), self.deadline)?;
                    let all = found.all.clone();
                    *slot = Some(found);
                    Ok(all)
                }
                _ => Ok(FixedBitSet::with_capacity(self.segment.max_doc())),
            },
            Expr::Near(near) => {
                let mut both = within.clone();
                for part in [&near.first, &near.second] {
                    let any: Vec<Expr> = part.iter().map(|clause| Expr::Clause(*clause)).collect();
                    both = self.docs(&Expr::Or(any), &both)?;
                }
                near_docs(self.plan, near, self.segment, &both, self.deadline)
            }
            Expr::Filter(filters) => filter_docs(self.segment, filters, within, self.deadline),
            Expr::And(parts) => self.all_of(parts, within),
            Expr::Or(parts) => {
                let mut found = FixedBitSet::with_capacity(self.segment.max_doc());
                for part in parts {
                    found.union_with(&self.docs(part, within)?);
                }
                Ok(found)
            }
            Expr::Not(part) => {
                let mut left = within.clone();
                left.difference_with(&self.docs(part, within)?);
                Ok(left)
            }
            Expr::Most { of, least, not_all } => self.most_of(of, *least, *not_all, within),
        }
    }

    /// Documents for which each of `parts` holds.
    fn all_of(&mut self, parts: &[Expr], within: &FixedBitSet) -> Result<FixedBitSet, ReadError> {
        // What restricts most goes first, exclusions last: each narrows what the next has to look at.
        let mut costs = Vec::with_capacity(parts.len());
        for part in parts {
            costs.push((self.cost(part)?, part));
        }
        costs.sort_by_key(|(cost, _)| *cost);
        let mut left = within.clone();
        for (_, part) in costs {
            left = self.docs(part, &left)?;
            if left.is_clear() {
                break;
            }
        }
        Ok(left)
    }

    /// Documents for which parts of `of` hold that weigh at least `least` together; with `not_all`, not every part.
    fn most_of(
        &mut self,
        of: &[(Expr, f32)],
        least: f32,
        not_all: bool,
        within: &FixedBitSet,
    ) -> Result<FixedBitSet, ReadError> {
        let mut weights = vec![0.0_f32; self.segment.max_doc()];
        let mut found = FixedBitSet::with_capacity(self.segment.max_doc());
        let mut with_all = within.clone();
        for (part, weight) in of {
            let docs = self.docs(part, within)?;
            with_all.intersect_with(&docs);
            for doc in docs.ones() {
                if let Some(sum) = weights.get_mut(doc) {
                    *sum += weight;
                }
            }
            found.union_with(&docs);
        }
        let enough = |doc: &usize| weights.get(*doc).is_some_and(|sum| *sum >= least);
        let mut kept = FixedBitSet::with_capacity(self.segment.max_doc());
        kept.extend(found.ones().filter(enough));
        if not_all {
            kept.difference_with(&with_all);
        }
        Ok(kept)
    }

    /// An estimate of how many documents `expr` holds for; `u64::MAX` puts it last.
    fn cost(&self, expr: &Expr) -> Result<u64, ReadError> {
        Ok(match expr {
            Expr::All | Expr::Not(_) => u64::MAX,
            // A filter looks at each document that is left: cheaper than posting lists only when few are.
            Expr::Filter(_) => u64::MAX - 2,
            Expr::Clause(index) => match self.plan.clauses.get(*index) {
                Some(clause) => self.clause_cost(clause)?,
                None => 0,
            },
            // Texts may have to be read: after what is told by posting lists.
            Expr::Near(_) => u64::MAX - 1,
            Expr::And(parts) => {
                let mut least = u64::MAX;
                for part in parts {
                    least = least.min(self.cost(part)?);
                }
                least
            }
            Expr::Or(parts) => {
                let mut sum: u64 = 0;
                for part in parts {
                    sum = sum.saturating_add(self.cost(part)?);
                }
                sum.min(u64::MAX - 3)
            }
            Expr::Most { .. } => u64::MAX - 3,
        })
    }

    /// The documents of each form's rarest slot.
    fn clause_cost(&self, clause: &Clause) -> Result<u64, ReadError> {
        let mut cost = 0;
        for form in &clause.forms {
            cost += u64::from(ShapeDocs::cost_of(self.segment, &form.shape)?);
        }
        Ok(cost)
    }
}

/// Adds to `found` the documents within `within`, which has `few` of them, that hold the shape.
fn add_matching(
    mut docs: ShapeDocs<'_>,
    within: &FixedBitSet,
    few: usize,
    found: &mut FixedBitSet,
    pace: &mut Pace,
) -> Result<(), ReadError> {
    if few < docs.cost() as usize / 8 {
        for doc in within.ones() {
            pace.step()?;
            let id = doc as DocId;
            if !found.contains(doc) && docs.reaches(id)? && docs.matches(id, pace)? {
                found.insert(doc);
            }
        }
        return Ok(());
    }
    let mut held = FixedBitSet::with_capacity(within.len());
    if docs.fill(&mut held, pace)? {
        held.intersect_with(within);
        found.union_with(&held);
        return Ok(());
    }
    let mut doc = docs.candidate(0);
    while doc != TERMINATED {
        pace.step()?;
        let index = doc as usize;
        let mut next = doc + 1;
        // Asked first: what another form has found, this one need not find again.
        if within.contains(index) && !found.contains(index) {
            let confirmed = docs.confirm(doc)?;
            if confirmed == doc {
                found.set(index, docs.matches(doc, pace)?);
            } else {
                next = confirmed;
            }
        }
        doc = docs.candidate(next);
    }
    Ok(())
}
