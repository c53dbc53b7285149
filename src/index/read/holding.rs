//! Whether a quotation of a document holds an expression: told by positions.

use tantivy::DocId;
use tantivy::store::StoreReader;

use super::error::ReadError;
use super::near::{Occurrences, count_words, open_store};
use super::pace::Pace;
use super::segment::Segment;
use super::select::Selector;
use crate::query::near::{Near, Span, WordNumbers, inside};
use crate::query::plan::Expr;
use crate::quotes::QuotePlace;

/// Tells of quotations whether they hold an expression. Documents come in ascending order.
pub(super) struct Holding<'s> {
    segment: &'s Segment,
    store: StoreReader,
    /// Where each clause is, by its number.
    clauses: Vec<Occurrences<'s>>,
    /// The body's first position in the document at hand.
    body_start: u32,
    /// Of the document at hand, by clause; ascending.
    spans: Vec<Vec<Span>>,
    /// Which clauses the quotation at hand has.
    found: Vec<bool>,
    words: WordNumbers,
    /// The document that `words` is of.
    counted: Option<DocId>,
}

impl<'s> Holding<'s> {
    /// Opens what `expr` asks of `segment`.
    pub(super) fn open(
        selector: &Selector<'s>,
        segment: &'s Segment,
        expr: &Expr,
    ) -> Result<Self, ReadError> {
        let plan = selector.plan;
        let numbers = if matches!(expr, Expr::All) { 0..0 } else { 0..plan.clauses.len() };
        let clauses = numbers.map(|clause| Occurrences::open(plan, &[clause], segment));
        let clauses = clauses.collect::<Result<Vec<_>, _>>()?;
        let spans = vec![Vec::new(); clauses.len()];
        let (found, words, counted) = (Vec::new(), WordNumbers::default(), None);
        Ok(Self {
            segment,
            store: open_store(segment)?,
            clauses,
            body_start: 0,
            spans,
            found,
            words,
            counted,
        })
    }

    /// Goes on to `doc`.
    ///
    /// # Errors
    /// The deadline of `pace`, or a failing index.
    pub(super) fn read(&mut self, doc: DocId, pace: &mut Pace) -> Result<(), ReadError> {
        self.body_start = self.segment.body_start(doc);
        for (clause, spans) in self.clauses.iter_mut().zip(&mut self.spans) {
            spans.clear();
            spans.extend_from_slice(clause.spans(doc, pace)?);
            // Each form gave its own, one after another.
            spans.sort_unstable();
        }
        Ok(())
    }

    /// Whether the quotation at `place` in `doc`, the document at hand, holds `expr`.
    pub(super) fn holds(&mut self, expr: &Expr, doc: DocId, place: QuotePlace) -> Result<bool, ReadError> {
        if matches!(expr, Expr::All) {
            return Ok(true);
        }
        let start = self.body_start;
        self.found.clear();
        self.found.extend(self.spans.iter().map(|spans| inside(spans, start, place).next().is_some()));
        let nears = expr.nears();
        if nears.is_empty() {
            return Ok(expr.holds(&self.found, &|_| false));
        }
        let mut near_each_other = Vec::with_capacity(nears.len());
        for near in nears {
            let part = |clauses: &[usize]| -> Vec<Span> {
                let spans = clauses.iter().filter_map(|clause| self.spans.get(*clause));
                spans.flat_map(|spans| inside(spans, start, place)).copied().collect()
            };
            let (one, other) = (part(&near.first), part(&near.second));
            let told = near.told_by_characters(&one, &other, start, self.segment.word_widths(doc));
            let is_near = match told {
                Some(told) => told,
                None => {
                    if self.counted != Some(doc) {
                        count_words(self.segment, &self.store, doc, &mut self.words)?;
                        self.counted = Some(doc);
                    }
                    near.holds(&one, &other, &self.words)
                }
            };
            near_each_other.push((near, is_near));
        }
        let near = |near: &Near| near_each_other.iter().any(|(known, holds)| *known == near && *holds);
        Ok(expr.holds(&self.found, &near))
    }
}
