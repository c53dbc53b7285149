//! Which documents of a segment a plan's expression holds for.
//!
//! Everything is sets of documents as bitmaps: 50,000 articles are 6 KB, so AND, OR and NOT cost nothing beside
//! walking posting lists, and totals and facet counts are exact by construction.

use fixedbitset::FixedBitSet;
use tantivy::{DocId, TERMINATED};

use super::filter::filter_docs;
use super::segment::{SegmentView, ShapeCursor};
use crate::query::plan::{Expr, Plan};
use crate::query::shape::{Clause, Origin};
use crate::search::{Deadline, SearchError};

/// The documents of a segment that match, and in which forms they hold each clause.
pub struct Evaluated {
    /// The documents, deleted ones left out.
    pub docs: FixedBitSet,
    /// By clause; `None` for those that were not looked for.
    pub found: Vec<Option<ClauseDocs>>,
}

/// The documents that hold a clause, among those that were looked at.
#[derive(Clone)]
pub struct ClauseDocs {
    /// Literally as typed; empty unless asked for.
    pub literal: FixedBitSet,
    /// As typed, literally or analysed.
    pub typed: FixedBitSet,
    /// In any form.
    pub all: FixedBitSet,
}

/// The documents of `segment` for which `expr` holds.
pub fn evaluate(
    plan: &Plan,
    expr: &Expr,
    segment: &SegmentView<'_>,
    deadline: &Deadline,
) -> Result<Evaluated, SearchError> {
    let mut matcher = Matcher { plan, segment, deadline, found: vec![None; plan.clauses.len()] };
    let docs = matcher.docs(expr, &alive(segment))?;
    Ok(Evaluated { docs, found: matcher.found })
}

/// All documents of `segment` that are not deleted.
pub fn alive(segment: &SegmentView<'_>) -> FixedBitSet {
    let mut all = FixedBitSet::with_capacity(segment.max_doc());
    match segment.reader.alive_bitset() {
        Some(alive) => all.extend(alive.iter_alive().map(|doc| doc as usize)),
        None => all.insert_range(..),
    }
    all
}

/// Documents within `within` that hold `clause`, by the kind of form. Only with `literally` are those that hold it as
/// typed told from those that hold it analysed: looking for the cheaper forms first spares looking for others.
pub fn clause_docs(
    clause: &Clause,
    segment: &SegmentView<'_>,
    within: &FixedBitSet,
    literally: bool,
    deadline: &Deadline,
) -> Result<ClauseDocs, SearchError> {
    let mut found = FixedBitSet::with_capacity(segment.max_doc());
    let mut upto = |rank: u8| -> Result<FixedBitSet, SearchError> {
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
            if let Some(cursor) = segment.cursor(&form.shape, clause.field)? {
                walk(cursor, within, &mut found);
            }
        }
        Ok(found.clone())
    };
    Ok(ClauseDocs { literal: upto(0)?, typed: upto(1)?, all: upto(2)? })
}

struct Matcher<'a> {
    plan: &'a Plan,
    segment: &'a SegmentView<'a>,
    deadline: &'a Deadline,
    /// What was found of each clause: the last look at it was the widest that the matches need.
    found: Vec<Option<ClauseDocs>>,
}

impl Matcher<'_> {
    /// Documents within `within` for which `expr` holds. The recursion is as deep as the query, at most 16.
    fn docs(&mut self, expr: &Expr, within: &FixedBitSet) -> Result<FixedBitSet, SearchError> {
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
            Expr::Filter(filters) => Ok(filter_docs(self.segment, filters, within)?),
            Expr::And(parts) => {
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
            Expr::Most { of, least } => {
                let mut weights = vec![0.0_f32; self.segment.max_doc()];
                let mut found = FixedBitSet::with_capacity(self.segment.max_doc());
                for (part, weight) in of {
                    let docs = self.docs(part, within)?;
                    for doc in docs.ones() {
                        if let Some(sum) = weights.get_mut(doc) {
                            *sum += weight;
                        }
                    }
                    found.union_with(&docs);
                }
                let enough = |doc: &usize| weights.get(*doc).is_some_and(|sum| *sum >= *least);
                let mut kept = FixedBitSet::with_capacity(self.segment.max_doc());
                kept.extend(found.ones().filter(enough));
                Ok(kept)
            }
        }
    }

    /// An estimate of how many documents `expr` holds for; `u64::MAX` puts it last.
    fn cost(&self, expr: &Expr) -> Result<u64, SearchError> {
        Ok(match expr {
            Expr::All | Expr::Not(_) => u64::MAX,
            // A filter looks at each document that is left: cheaper than posting lists only when few are.
            Expr::Filter(_) => u64::MAX - 1,
            Expr::Clause(index) => match self.plan.clauses.get(*index) {
                Some(clause) => {
                    let mut cost = 0;
                    for form in &clause.forms {
                        let mut rarest = u64::MAX;
                        for slot in &form.shape.slots {
                            let mut held = 0;
                            for probe in &slot.probes {
                                held += u64::from(self.segment.doc_freq(probe)?);
                            }
                            rarest = rarest.min(held);
                        }
                        cost += rarest;
                    }
                    cost
                }
                None => 0,
            },
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
                sum.min(u64::MAX - 2)
            }
            Expr::Most { .. } => u64::MAX - 2,
        })
    }
}

/// Adds to `found` the documents within `within` that the cursor matches.
fn walk(mut cursor: ShapeCursor<'_>, within: &FixedBitSet, found: &mut FixedBitSet) {
    let few = within.count_ones(..);
    if few < cursor.cost() as usize / 8 {
        for doc in within.ones() {
            let doc = doc as DocId;
            if !found.contains(doc as usize) && cursor.seek(doc) == doc && cursor.matches(doc) {
                found.insert(doc as usize);
            }
        }
        return;
    }
    let mut doc = cursor.seek(0);
    while doc != TERMINATED {
        let index = doc as usize;
        if within.contains(index) && !found.contains(index) && cursor.matches(doc) {
            found.insert(index);
        }
        doc = cursor.seek(doc + 1);
    }
}
