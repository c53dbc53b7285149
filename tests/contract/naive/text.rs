//! An analysed article: where each term of each lane stands in it.

use std::collections::{HashMap, HashSet};

use gisa::article::Article;
use gisa::entities::{Entities, EntityKind, entities_of};
use gisa::korean::Language;
use gisa::korean::analysis::{Analysis, Analyzer, TITLE_END};
use gisa::korean::joins::JoinLane;
use gisa::query::language::TextField;
use gisa::query::near::Span;
use gisa::query::shape::{Clause, Lane, Probe, Shape, Slot};
use gisa::quotes::{Quotation, QuotePlace, quotes_of};

/// The terms of an article, with the positions at which they begin, ascending.
pub struct Analysed {
    terms: HashMap<Lane, HashMap<String, Vec<u32>>>,
    /// Position of the first character of the body.
    body_start: u32,
    /// What title and body name.
    pub named: Entities,
    /// Terms of the morpheme lane, each as often as it stands there.
    pub length: usize,
}

impl Analysed {
    /// Analyses title and body as one text, as every archive does.
    pub fn of(article: &Article, analyzer: &mut Analyzer, language: &Language) -> Self {
        let mut analysis = Analysis::default();
        analyzer.analyze(&format!("{}{TITLE_END}{}", article.title, article.body), &mut analysis);
        let mut terms: HashMap<Lane, HashMap<String, Vec<u32>>> = HashMap::new();
        let mut add = |lane, term: &str, index| {
            let of_lane = terms.entry(lane).or_default();
            of_lane.entry(term.to_owned()).or_default().push(analysis.position(index));
        };
        for token in &analysis.tokens {
            add(Lane::Morph, analysis.term(token), token.index);
            if token.index < analysis.title_kept {
                add(Lane::Title, analysis.term(token), token.index);
            }
        }
        for join in &analysis.joins {
            let lane = match join.lane {
                JoinLane::Gram => Lane::Gram,
                JoinLane::Edge => Lane::Edge,
            };
            add(lane, &join.term, join.index);
        }
        let mut pair = String::new();
        for index in 0..analysis.kept.len() as u32 {
            if analysis.bigram(index, &mut pair) {
                add(Lane::Gram, &pair, index);
            }
        }
        for index in analysis.edges.iter().copied() {
            analysis.bigram(index, &mut pair);
            add(Lane::Edge, &pair, index);
        }
        let named = entities_of(article, language);
        Self { terms, body_start: analysis.body_start(), named, length: analysis.tokens.len() }
    }

    /// What is said in the article that this is.
    pub fn quotes(&self, article: &Article) -> Vec<Quotation> {
        quotes_of(article, &self.named)
    }

    /// Whether a quotation of the body has all of a span.
    pub fn body_holds(&self, quote: QuotePlace, span: &Span) -> bool {
        let (first, last) = (span.first.checked_sub(self.body_start), span.last.checked_sub(self.body_start));
        first.zip(last).is_some_and(|(first, last)| quote.has(first, last))
    }

    /// The names of one kind.
    pub fn names(&self, kind: EntityKind) -> impl Iterator<Item = &str> {
        self.named.of_kind(kind).map(|entity| entity.name.as_str())
    }

    /// Where a term begins.
    pub fn positions(&self, probe: &Probe) -> &[u32] {
        self.terms.get(&probe.lane).and_then(|lane| lane.get(&probe.term)).map_or(&[], Vec::as_slice)
    }

    /// Where a shape begins: the bases at which each slot has one of its probes.
    pub fn bases(&self, shape: &Shape, field: Option<TextField>) -> Vec<u32> {
        let of_slot = |slot: &Slot| -> HashSet<u32> {
            let positions = slot.probes.iter().flat_map(|probe| self.positions(probe));
            positions.filter_map(|position| position.checked_sub(slot.offset)).collect()
        };
        let slots: Vec<HashSet<u32>> = shape.slots.iter().map(of_slot).collect();
        let Some(first) = slots.first() else { return Vec::new() };
        let everywhere = |base: &u32| slots.iter().all(|slot| slot.contains(base));
        let in_field = |base: &u32| match field {
            None => true,
            Some(TextField::Title) => *base < self.body_start,
            Some(TextField::Body) => *base >= self.body_start,
        };
        let mut bases: Vec<u32> = first.iter().copied().filter(everywhere).filter(in_field).collect();
        bases.sort_unstable();
        bases
    }

    /// Where a clause stands, in each of the ways to find it.
    pub fn spans(&self, clause: &Clause) -> impl Iterator<Item = Span> {
        clause.forms.iter().flat_map(|form| {
            let bases = self.bases(&form.shape, clause.field).into_iter();
            bases.map(|base| Span::new(base, form.shape.extent))
        })
    }

    /// Whether one of the ways to find a clause is there.
    pub fn holds(&self, clause: &Clause) -> bool {
        clause.forms.iter().any(|form| !self.bases(&form.shape, clause.field).is_empty())
    }
}
