//! Where the clauses of a plan are found in articles: what marks are made of.
//!
//! No text is analysed again: a position in a posting list is a kept index of the text.

use tantivy::DocAddress;

use super::error::ReadError;
use super::pace::Pace;
use super::segment::Segment;
use super::shape_docs::ShapeDocs;
use crate::query::archive::{Deadline, Placed};
use crate::query::plan::Plan;

/// Where the plan's wanted clauses are in the documents `at`, a list for each.
pub(in crate::index) fn positions(
    plan: &Plan,
    segments: &[Segment],
    at: &[DocAddress],
    deadline: Deadline,
) -> Result<Vec<Vec<Placed>>, ReadError> {
    let mut pace = Pace::new(deadline);
    let mut placed = vec![Vec::new(); at.len()];
    for (ord, segment) in (0_u32..).zip(segments) {
        let here = at.iter().zip(&mut placed).filter(|(at, _)| at.segment_ord == ord);
        let mut here: Vec<(u32, &mut Vec<Placed>)> = here.map(|(at, placed)| (at.doc_id, placed)).collect();
        if here.is_empty() {
            continue;
        }
        // Posting lists are read forwards.
        here.sort_by_key(|(doc, _)| *doc);
        for index in &plan.wanted {
            let Some(clause) = plan.clauses.get(*index) else { continue };
            for form in &clause.forms {
                pace.check()?;
                let docs = ShapeDocs::with_positions(segment, &form.shape, clause.field)?;
                let Some(mut docs) = docs else { continue };
                let extent = form.shape.extent;
                for (doc, placed) in &mut here {
                    if docs.reaches(*doc)? {
                        let bases = docs.bases(*doc, &mut pace)?.iter();
                        placed.extend(bases.map(|&base| Placed { clause: *index, base, extent }));
                    }
                }
            }
        }
    }
    Ok(placed)
}
