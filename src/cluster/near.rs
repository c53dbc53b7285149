//! Words near each other: nearness is counted in words, which only the text tells. The cluster finds the articles that hold both, here the
//! words between are counted, and the condition becomes a list of articles.

use serde_json::{Value, json};

use super::archive::ClusterArchive;
use super::asked::conditions::any;
use super::asked::spans::clause;
use super::document::document_id;
use super::hits::Stretch;
use super::texts::article_of;
use crate::korean::analysis::{Analysis, analysed_text};
use crate::query::archive::{ArchiveError, Deadline, Place};
use crate::query::near::{Near, Span, WordNumbers};
use crate::query::plan::{Expr, Plan};
use crate::query::request::Sort;
use crate::query::shape::Clause;
use crate::query::text::TextPositions;

/// Articles whose words are counted for one condition, at most.
const MOST: usize = 5_000;

impl ClusterArchive {
    /// The conditions of `expr` on words near each other, each with the query that finds their articles.
    pub(super) fn nears(
        &self,
        plan: &Plan,
        expr: &Expr,
        deadline: Deadline,
    ) -> Result<Vec<(Near, Value)>, ArchiveError> {
        let nears = expr.nears().into_iter().map(|near| Ok((near.clone(), self.near(plan, near, deadline)?)));
        nears.collect()
    }

    fn near(&self, plan: &Plan, near: &Near, deadline: Deadline) -> Result<Value, ArchiveError> {
        let one_of = |clauses: &[usize]| {
            any(clauses.iter().filter_map(|number| plan.clauses.get(*number)).map(clause).collect())
        };
        let both = self.within(vec![one_of(&near.first), one_of(&near.second)]);
        let stretch = Stretch { sort: Sort::Newest, skip: 0, size: MOST, after: None };
        let (hits, total) = self.hits(&both, stretch, deadline)?;
        if total > MOST as u64 {
            let what = format!(
                "both sides of `~{}` are in {total} articles; a cluster takes up to {MOST}: narrow one of them",
                near.within
            );
            return Err(ArchiveError::Unsupported { what });
        }
        let places: Vec<Place> = hits.into_iter().map(|hit| hit.place).collect();
        let mut analyzer = self.held.language.korean().analyzer();
        let mut analysis = Analysis::default();
        let mut ids = Vec::new();
        self.each_source(&places, &["article"], deadline, |place, source| {
            let article = article_of(source)?;
            analyzer.analyze(&analysed_text(&article), &mut analysis);
            let clauses = near.first.iter().chain(&near.second).filter_map(|at| plan.clauses.get(*at));
            let positions = TextPositions::new(&analysis, clauses);
            let of = |numbers: &[usize]| spans_of(plan, numbers, &positions);
            let words = WordNumbers::of_article(&article.title, &article.body);
            if near.holds(&of(&near.first), &of(&near.second), &words) {
                ids.push(document_id(place));
            }
            Ok(())
        })?;
        Ok(json!({"ids": {"values": ids}}))
    }
}

/// Where clauses of a plan stand in a text.
pub(super) fn spans_of(plan: &Plan, clauses: &[usize], positions: &TextPositions<'_>) -> Vec<Span> {
    let clauses = clauses.iter().filter_map(|number| plan.clauses.get(*number));
    clauses.flat_map(|clause| spans_of_clause(clause, positions)).collect()
}

/// Where a clause stands in a text, in each of the ways to find it.
pub(super) fn spans_of_clause(clause: &Clause, positions: &TextPositions<'_>) -> Vec<Span> {
    let forms = clause.forms.iter();
    let spans = forms.flat_map(|form| {
        let bases = positions.bases(&form.shape, clause.field).into_iter();
        bases.map(|base| Span::new(base, form.shape.extent))
    });
    spans.collect()
}
