//! A query tree → clauses and a condition, from the leaves up.

use time::Date;

use super::expr::Expr;
use crate::article::Timestamp;
use crate::entities::{EntityKind, stored_names};
use crate::korean::Language;
use crate::query::archive::ArchiveError;
use crate::query::language::{DateRange, Filter, Node};
use crate::query::near::Near;
use crate::query::period::{self, Period};
use crate::query::request::Filters;
use crate::query::shape::Clause;
use crate::query::word::WordReader;

/// A subtree while the plan is made.
pub(super) struct Part {
    pub(super) expr: Expr,
    /// The text, if it is a bare word.
    pub(super) word: Option<String>,
    /// Whether it may be held by a date instead.
    datable: bool,
    /// Its children, if it is an `And`, and whether each is a bare word.
    pub(super) top: Option<Vec<(Expr, bool)>>,
    clauses: Vec<usize>,
}

pub(super) struct Planner<'p, 'w> {
    pub(super) clauses: Vec<Clause>,
    /// Clauses that must not hold.
    pub(super) excluded: Vec<usize>,
    pub(super) language: &'p Language,
    pub(super) words: &'p mut WordReader<'w>,
    /// The day on which it is asked.
    pub(super) today: Date,
}

impl Planner<'_, '_> {
    pub(super) fn visit(
        &mut self,
        node: &Node,
        mut children: Vec<Part>,
        datable: bool,
    ) -> Result<Part, ArchiveError> {
        Ok(match node {
            Node::Word { text } => {
                let clause = self.words.word(text, None)?;
                let mut part = Part { word: Some(text.clone()), datable, ..self.leaf(clause) };
                self.dated(std::slice::from_mut(&mut part));
                part
            }
            Node::Phrase { text } => {
                let clause = self.words.phrase(text, None);
                self.leaf(clause)
            }
            Node::Prefix { text } => {
                let clause = self.words.prefix(text, None);
                self.leaf(clause)
            }
            Node::In { field, .. } => {
                let part = children.pop();
                for clause in part.iter().flat_map(|part| &part.clauses) {
                    if let Some(clause) = self.clauses.get_mut(*clause) {
                        clause.field = Some(*field);
                    }
                }
                match part {
                    Some(part) => Part { word: None, top: None, ..part },
                    None => {
                        Part { expr: Expr::All, word: None, datable: false, top: None, clauses: Vec::new() }
                    }
                }
            }
            Node::Filter(filter) => Part {
                expr: self.filters(filter).map_or(Expr::Or(Vec::new()), Expr::Filter),
                word: None,
                datable: false,
                top: None,
                clauses: Vec::new(),
            },
            Node::Not(_) => {
                let clauses: Vec<usize> =
                    children.iter().flat_map(|part| part.clauses.iter().copied()).collect();
                self.excluded.extend(&clauses);
                let expr = children.pop().map_or(Expr::All, |part| part.expr);
                Part { expr: Expr::Not(Box::new(expr)), word: None, datable: false, top: None, clauses }
            }
            Node::Near { within, .. } => {
                let mut operands = children.into_iter().map(|part| part.clauses);
                let first = operands.next().unwrap_or_default();
                let second = operands.next().unwrap_or_default();
                let clauses = first.iter().chain(&second).copied().collect();
                let expr = Expr::Near(Near { first, second, within: u32::from(*within) });
                Part { expr, word: None, datable: false, top: None, clauses }
            }
            Node::Or(_) => {
                let clauses = children.iter().flat_map(|part| part.clauses.iter().copied()).collect();
                let expr = Expr::Or(children.into_iter().map(|part| part.expr).collect());
                Part { expr, word: None, datable: false, top: None, clauses }
            }
            Node::And(_) => self.and(children),
        })
    }

    fn leaf(&mut self, clause: Clause) -> Part {
        let index = self.clauses.len();
        self.clauses.push(clause);
        Part { expr: Expr::Clause(index), word: None, datable: false, top: None, clauses: vec![index] }
    }

    /// All of `children`. Runs of bare words that are an entry of a lexicon together (`샘 알트만`) may also match as what the
    /// lexicon has for them: each word of the run becomes *the word or the entry*.
    fn and(&mut self, mut children: Vec<Part>) -> Part {
        // Three words may be one elsewhere, whatever the lexicons have.
        let longest = self.words.longest_name().max(3);
        let mut clauses: Vec<usize> = children.iter().flat_map(|part| part.clauses.iter().copied()).collect();
        for first in 0..children.len() {
            for count in 2..=longest.min(children.len() - first) {
                let window = children.iter().skip(first).take(count);
                let Some(texts) = window.map(|part| part.word.as_deref()).collect::<Option<Vec<_>>>() else {
                    break;
                };
                let found: Vec<Expr> = self
                    .words
                    .group_variants(&texts)
                    .into_iter()
                    .map(|clause| {
                        let index = self.clauses.len();
                        self.clauses.push(clause);
                        clauses.push(index);
                        Expr::Clause(index)
                    })
                    .collect();
                if found.is_empty() {
                    continue;
                }
                for part in children.iter_mut().skip(first).take(count) {
                    part.expr.or(found.iter().cloned());
                }
            }
        }
        self.reported(&mut children);
        let mut from = 0;
        while from < children.len() {
            // The longest run that names a period: `2024년 6월 9일` is a day.
            let lengths = (2..=period::MOST_WORDS.min(children.len() - from)).rev();
            let named = lengths
                .into_iter()
                .find(|count| children.get_mut(from..from + count).is_some_and(|parts| self.dated(parts)));
            from += named.unwrap_or(1);
        }
        let top: Vec<(Expr, bool)> =
            children.into_iter().map(|part| (part.expr, part.word.is_some())).collect();
        let expr = Expr::And(top.iter().map(|(expr, _)| expr.clone()).collect());
        Part { expr, word: None, datable: false, top: Some(top), clauses }
    }

    /// A word before 기자 is also that reporter: an article of `하늘빛 기자` need not name itself so in its text.
    fn reported(&mut self, children: &mut [Part]) {
        const TITLES: [&str; 4] = ["기자", "특파원", "앵커", "논설위원"];
        for at in 1..children.len() {
            let Some([name, title]) = children.get_mut(at - 1..=at) else { continue };
            let (Some(reporter), Some(called)) = (name.word.clone(), title.word.as_deref()) else { continue };
            if !TITLES.contains(&called) || !name.datable || !title.datable {
                continue;
            }
            for clause in name.clauses.iter().chain(&title.clauses) {
                if let Some(clause) = self.clauses.get_mut(*clause) {
                    clause.reporter = Some(reporter.clone());
                }
            }
            let filter = Expr::Filter(Filters { reporters: vec![reporter], ..Filters::default() });
            for part in [name, title] {
                part.expr.or([filter.clone()]);
            }
        }
    }

    /// Where `parts` are bare words that name a period together, each also holds in articles of that time; whether they do.
    fn dated(&mut self, parts: &mut [Part]) -> bool {
        let Some(words) = parts.iter().map(|part| part.word.as_deref()).collect::<Option<Vec<_>>>() else {
            return false;
        };
        if !parts.iter().all(|part| part.datable) {
            return false;
        }
        let Some(period) = Period::of(&words, self.today) else { return false };
        let time = period.with_month_after();
        let filters = Filters {
            from: Some(Timestamp::start_of_day(time.first)),
            to: Some(Timestamp::end_of_day(time.last)),
            ..Filters::default()
        };
        for part in parts {
            // A longer run says it more exactly: 2024년 of `2024년 6월`.
            if let Expr::Or(all) = &mut part.expr {
                all.retain(|expr| !matches!(expr, Expr::Filter(filters) if filters.from.is_some()));
            }
            part.expr.or([Expr::Filter(filters.clone())]);
            for clause in part.clauses.iter().take(1) {
                if let Some(clause) = self.clauses.get_mut(*clause) {
                    clause.period = Some(period);
                }
            }
        }
        true
    }

    /// The exact conditions of a filter; `None` where it is on days that no calendar has.
    fn filters(&self, filter: &Filter) -> Option<Filters> {
        let mut filters = Filters::default();
        match filter {
            Filter::Outlet(name) => filters.outlets.extend(self.language.outlets().stored_names(name)),
            Filter::OutletGroup(name) => {
                // A group that does not exist has no outlets, and finds nothing.
                filters.outlet_groups = Some(self.language.outlet_groups().members(name).unwrap_or_default());
            }
            Filter::NoOutlet => filters.no_outlet = true,
            Filter::NoDate => filters.no_date = true,
            Filter::Reporter(name) => filters.reporters.push(name.clone()),
            Filter::Section(name) => filters.sections.push(name.clone()),
            Filter::Named(kind, name) => {
                let names = match kind {
                    EntityKind::Person => &mut filters.persons,
                    EntityKind::Place => &mut filters.places,
                    EntityKind::Organisation => &mut filters.organisations,
                    // No field of the language names a word.
                    EntityKind::Word => return None,
                };
                names.extend(stored_names(*kind, name, self.language.variants()));
            }
            Filter::Date(range) => within(&mut filters, range),
            Filter::SpokenDate(dates) => within(&mut filters, &dates.on(self.today)?),
        }
        Some(filters)
    }
}

/// Narrows `filters` to whole days in Korean time.
fn within(filters: &mut Filters, days: &DateRange) {
    filters.from = days.from.map(Timestamp::start_of_day);
    filters.to = days.to.map(Timestamp::end_of_day);
}
