//! From the pieces to the lexemes the parser takes: leaves that know their field, groups, operators.

use std::ops::Range;

use super::date;
use super::markers::{FieldName, Marker};
use super::near;
use super::pieces::{Piece, cut};
use super::runs::{Role, Run, resolve};
use super::spoken_date::SpokenDates;
use super::text::{PARTICLES, Source, tidy};
use super::tree::{Filter, Node, QueryNote, TextField};

/// A clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Leaf {
    /// There was a `-` before it.
    pub(super) negated: bool,
    /// The part of the article it is sought in.
    pub(super) field: Option<TextField>,
    /// A word, phrase, prefix or filter.
    pub(super) node: Node,
    /// Bytes of the text.
    pub(super) range: Range<usize>,
}

/// An operator written as a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Or,
    And,
    Not,
    /// Within so many words.
    Near(u8),
}

/// What the parser takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Lexeme {
    Leaf(Leaf),
    /// `if_empty`: how to read the field's name before a group with nothing in it.
    Open {
        negated: bool,
        if_empty: Option<Leaf>,
    },
    Close,
    /// `as_word`: how to read it where there is nothing to join.
    Operator {
        operator: Operator,
        as_word: Leaf,
    },
    Bar(Range<usize>),
}

/// A text as lexemes.
pub(super) struct Lexed {
    pub(super) lexemes: Vec<Lexeme>,
    /// What was passed over, in bytes.
    pub(super) ignored: Vec<Range<usize>>,
    pub(super) notes: Vec<QueryNote>,
}

/// Reads the lexemes of `text`.
pub(super) fn lex(text: &str) -> Lexed {
    let source = Source::new(text);
    let mut ignored = Vec::new();
    let pieces = cut(&source, &mut ignored);
    let (runs, roles) = resolve(&source, &pieces);
    let mut lexer = Lexer {
        source: &source,
        roles,
        lexemes: Vec::new(),
        ignored,
        notes: Vec::new(),
        scopes: Vec::new(),
        pending: Pending::default(),
    };
    let mut runs = runs.iter();
    let mut phrase_end = None;
    for piece in &pieces {
        if piece.range().start != lexer.pending.end {
            lexer.drop_pending();
        }
        match piece {
            Piece::Run(_) => {
                if let Some(run) = runs.next() {
                    lexer.run(run, phrase_end == Some(run.range.start));
                }
            }
            Piece::Phrase { inner, outer } => lexer.phrase(inner, outer),
            Piece::Bar(at) => lexer.lexemes.push(Lexeme::Bar(source.bytes(&(*at..at + 1)))),
        }
        phrase_end = matches!(piece, Piece::Phrase { .. }).then(|| piece.range().end);
    }
    lexer.drop_pending();
    let ignored = lexer.ignored.iter().map(|range| source.bytes(range)).collect();
    Lexed { lexemes: lexer.lexemes, ignored, notes: lexer.notes }
}

/// Markers that wait for their word, phrase or group.
#[derive(Debug, Default)]
struct Pending {
    negated: bool,
    minus: Vec<usize>,
    field: Option<(FieldName, Range<usize>)>,
    /// The character after the last marker: only what is directly there can take them.
    end: usize,
}

struct Lexer<'a> {
    source: &'a Source<'a>,
    roles: Vec<Role>,
    lexemes: Vec<Lexeme>,
    ignored: Vec<Range<usize>>,
    notes: Vec<QueryNote>,
    /// The field of each open group.
    scopes: Vec<Option<FieldName>>,
    pending: Pending,
}

impl Lexer<'_> {
    fn run(&mut self, run: &Run, behind_phrase: bool) {
        for marker in &run.markers {
            match marker {
                Marker::Open(at) if self.role(*at) == Role::GroupOpen => self.open(),
                Marker::Open(at) => self.ignored.push(*at..at + 1),
                Marker::Minus(at) => {
                    self.pending.negated = !self.pending.negated;
                    self.pending.minus.push(*at);
                }
                Marker::Field(name, range) => self.pending.field = Some((*name, range.clone())),
            }
        }
        let body_end = (run.body_start..run.range.end)
            .find(|at| self.role(*at) == Role::GroupClose)
            .unwrap_or(run.range.end);
        let body = run.body_start..body_end;
        if behind_phrase && run.markers.is_empty() && PARTICLES.contains(&self.source.slice(&body)) {
            self.ignored.push(body.clone());
        } else {
            self.body(&body);
        }
        for at in body_end..run.range.end {
            self.drop_pending();
            if self.role(at) == Role::GroupClose {
                self.scopes.pop();
                self.lexemes.push(Lexeme::Close);
            } else {
                self.ignored.push(at..at + 1);
            }
        }
        if body.is_empty() {
            self.pending.end = run.range.end;
        } else {
            self.drop_pending();
        }
    }

    /// The words of a run; brackets without partner separate them.
    fn body(&mut self, body: &Range<usize>) {
        let mut start = body.start;
        for at in body.start..=body.end {
            let stray = at < body.end && self.role(at) == Role::Stray;
            if !stray && at < body.end {
                continue;
            }
            if stray {
                self.ignored.push(at..at + 1);
            }
            if start < at {
                self.word(&(start..at));
            }
            start = at + 1;
        }
    }

    fn word(&mut self, within: &Range<usize>) {
        if self.pending.field.is_none() && near::is_mistaken(self.source.slice(within)) {
            self.notes.push(QueryNote::BadNear(self.source.bytes(within)));
        }
        let Some((core, starred)) = self.source.word(within) else {
            self.ignored.push(within.clone());
            return;
        };
        let operator = match self.source.slice(within) {
            "OR" => Some(Operator::Or),
            "AND" => Some(Operator::And),
            "NOT" => Some(Operator::Not),
            other => near::nearness(other).map(Operator::Near),
        };
        let bare = self.pending.field.is_none() && self.pending.minus.is_empty();
        let group = self.asks_for_group(within);
        let (node, core) = match group {
            true => (word_node(&format!("@{}", self.source.slice(&core)), false), within.start..core.end),
            false => (word_node(self.source.slice(&core), starred), core),
        };
        match (operator, self.pending.field.clone()) {
            (Some(operator), None) if bare => {
                let as_word = self.make_leaf(None, node, core);
                self.lexemes.push(Lexeme::Operator { operator, as_word });
            }
            (_, Some((FieldName::Date, name))) => {
                let whole = name.start..core.end;
                match date_filter(self.source.slice(within)) {
                    Some(filter) => {
                        self.push_leaf(None, Node::Filter(filter), name.start..within.end);
                    }
                    None if Filter::is_none(self.source.slice(&core)) => {
                        self.push_leaf(None, Node::Filter(Filter::NoDate), whole);
                    }
                    None => {
                        self.notes.push(QueryNote::UnknownDate(self.source.bytes(&whole)));
                        let text = format!("{}:{}", self.source.slice(&name), self.source.slice(&core));
                        self.push_leaf(None, word_node(&text, starred), whole);
                    }
                }
            }
            (_, field) => self.push_leaf(field.map(|(name, _)| name), node, core),
        }
    }

    fn phrase(&mut self, inner: &Range<usize>, outer: &Range<usize>) {
        let text = tidy(self.source.slice(inner));
        if !self.source.has_word(inner.clone()) {
            self.drop_pending();
            self.ignored.push(outer.clone());
            return;
        }
        let mut field = self.pending.field.clone();
        if let Some((FieldName::Date, name)) = &field {
            if let Some(filter) = date_filter(&text) {
                self.push_leaf(None, Node::Filter(filter), name.start..outer.end);
                return;
            }
            if Filter::is_none(&text) {
                self.push_leaf(None, Node::Filter(Filter::NoDate), name.start..outer.end);
                return;
            }
            let whole = self.source.bytes(&(name.start..outer.end));
            self.notes.push(QueryNote::UnknownDate(whole));
            self.date_name_as_word(name);
            field = None;
        }
        self.push_leaf(field.map(|(name, _)| name), Node::Phrase { text }, outer.clone());
    }

    fn open(&mut self) {
        let pending = std::mem::take(&mut self.pending);
        let outer = self.scopes.last().copied().flatten();
        let (field, if_empty) = match pending.field {
            Some((FieldName::Date, name)) => {
                self.date_name_as_word(&name);
                (None, None)
            }
            Some((field, name)) => {
                let node = word_node(self.source.slice(&name), false);
                (Some(field), Some(self.make_leaf(outer, node, name)))
            }
            None => (None, None),
        };
        self.scopes.push(field.or(outer));
        self.lexemes.push(Lexeme::Open { negated: pending.negated, if_empty });
    }

    /// `날짜:"아무 날"`: the name is a word like the value; but an exclusion of the value must not exclude the name too.
    fn date_name_as_word(&mut self, name: &Range<usize>) {
        if self.pending.negated {
            self.ignored.push(name.start..name.end + 1);
            return;
        }
        let node = word_node(self.source.slice(name), false);
        let leaf = self.make_leaf(None, node, name.clone());
        self.lexemes.push(Lexeme::Leaf(leaf));
    }

    /// A field's name that got no value is a word; a minus that got nothing is passed over.
    fn drop_pending(&mut self) {
        if let Some((_, name)) = self.pending.field.clone() {
            let node = word_node(self.source.slice(&name), false);
            self.pending.field = None;
            self.push_leaf(None, node, name);
        }
        self.ignored.extend(self.pending.minus.iter().map(|at| *at..at + 1));
        self.pending = Pending::default();
    }

    /// Adds a leaf that takes up the pending markers.
    fn push_leaf(&mut self, field: Option<FieldName>, node: Node, at: Range<usize>) {
        let negated = std::mem::take(&mut self.pending).negated;
        let leaf = Leaf { negated, ..self.make_leaf(field, node, at) };
        self.lexemes.push(Lexeme::Leaf(leaf));
    }

    /// A leaf under its own field, else under that of the group it is in.
    fn make_leaf(&self, field: Option<FieldName>, node: Node, at: Range<usize>) -> Leaf {
        let range = self.source.bytes(&at);
        let field = field.or_else(|| self.scopes.last().copied().flatten());
        let (field, node) = match (field, node) {
            (_, node @ Node::Filter(_)) => (None, node),
            (Some(FieldName::Title), node) => (Some(TextField::Title), node),
            (Some(FieldName::Body), node) => (Some(TextField::Body), node),
            (Some(FieldName::Outlet), node) => (None, Node::Filter(Filter::of_outlet(text_of(node)))),
            (Some(FieldName::Reporter), node) => (None, Node::Filter(Filter::Reporter(text_of(node)))),
            (Some(FieldName::Section), node) => (None, Node::Filter(Filter::Section(text_of(node)))),
            (Some(FieldName::Named(kind)), node) => (None, Node::Filter(Filter::Named(kind, text_of(node)))),
            (Some(FieldName::Date) | None, node) => (None, node),
        };
        Leaf { negated: false, field, node, range }
    }

    /// Whether a word is the name of a group of outlets: `@경제지` after `언론사:`.
    fn asks_for_group(&self, within: &Range<usize>) -> bool {
        let pending = self.pending.field.as_ref().map(|(name, _)| *name);
        let field = pending.or_else(|| self.scopes.last().copied().flatten());
        field == Some(FieldName::Outlet) && matches!(self.source.get(within.start), Some('@' | '＠'))
    }

    fn role(&self, at: usize) -> Role {
        self.roles.get(at).copied().unwrap_or(Role::Plain)
    }
}

/// What is asked for by the value of `날짜:`; `None` where it is not a date.
fn date_filter(value: &str) -> Option<Filter> {
    date::parse_range(value).map(Filter::Date).or_else(|| SpokenDates::parse(value).map(Filter::SpokenDate))
}

/// A prefix needs two characters: one syllable begins a tenth of the vocabulary.
fn word_node(text: &str, starred: bool) -> Node {
    let text = text.to_owned();
    if starred && text.chars().nth(1).is_some() { Node::Prefix { text } } else { Node::Word { text } }
}

/// Filters are exact: a star on their value says nothing.
fn text_of(node: Node) -> String {
    match node {
        Node::Word { text } | Node::Phrase { text } | Node::Prefix { text } => text,
        _ => String::new(),
    }
}
