//! Which documents of a segment a plan's expression holds for.
//!
//! Everything is sets of documents as bitmaps: 50,000 articles are 6 KB, so AND, OR and NOT cost nothing beside
//! walking posting lists, and totals and facet counts are exact by construction.

use fixedbitset::FixedBitSet;
use tantivy::{DocId, TERMINATED};

use super::filter::filter_docs;
use super::plan::{Expr, Plan};
use super::segment::{SegmentView, ShapeCursor};
use super::shape::{Clause, Origin};
use super::{Deadline, SearchError};

/// The documents of `segment` for which `expr` holds, deleted ones left out.
pub fn evaluate(
    plan: &Plan,
    expr: &Expr,
    segment: &SegmentView<'_>,
    deadline: &Deadline,
) -> Result<FixedBitSet, SearchError> {
    let matcher = Matcher { plan, segment, deadline };
    matcher.docs(expr, &alive(segment))
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

/// Documents within `within` that hold `clause` in a form of a wanted origin.
pub fn clause_docs_within(
    clause: &Clause,
    segment: &SegmentView<'_>,
    within: &FixedBitSet,
    deadline: &Deadline,
    wanted: impl Fn(Origin) -> bool,
) -> Result<FixedBitSet, SearchError> {
    let mut found = FixedBitSet::with_capacity(segment.max_doc());
    // Forms with one slot need no positions; what they find the others need not look at.
    let mut forms: Vec<_> = clause.forms.iter().filter(|form| wanted(form.origin)).collect();
    forms.sort_by_key(|form| form.shape.slots.len());
    for form in forms {
        deadline.check()?;
        if let Some(cursor) = segment.cursor(&form.shape, clause.field)? {
            walk(cursor, within, &mut found);
        }
    }
    Ok(found)
}

struct Matcher<'a> {
    plan: &'a Plan,
    segment: &'a SegmentView<'a>,
    deadline: &'a Deadline,
}

impl Matcher<'_> {
    /// Documents within `within` for which `expr` holds. The recursion is as deep as the query, at most 16.
    fn docs(&self, expr: &Expr, within: &FixedBitSet) -> Result<FixedBitSet, SearchError> {
        self.deadline.check()?;
        match expr {
            Expr::All => Ok(within.clone()),
            Expr::Clause(index) => match self.plan.clauses.get(*index) {
                Some(clause) => clause_docs_within(clause, self.segment, within, self.deadline, |_| true),
                None => Ok(FixedBitSet::with_capacity(self.segment.max_doc())),
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
