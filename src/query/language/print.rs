//! The canonical text of a query: what [`super::parse_canonical`] reads back into the same tree.

use std::fmt;

use super::date;
use super::lexer::{Leaf, Lexed, Lexeme, lex};
use super::tree::{Filter, Node, Query, TextField};
use super::withheld::has_withheld;
use crate::entities::EntityKind;

/// A printed subtree, not yet joined: the brackets it needs depend on what it is in.
enum Part {
    Leaf(String),
    /// The members of an `And`, and whether each is a bare `Or`.
    All(Vec<(String, bool)>),
    /// The members of an `Or`.
    Any(Vec<String>),
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let printed = self.bottom_up(|_, node, children| print_node(node, children)).map(Part::alone);
        f.write_str(&printed.unwrap_or_default())
    }
}

impl Part {
    fn alone(self) -> String {
        match self {
            Part::Leaf(text) => text,
            Part::All(members) => {
                let spaced = join(members.iter().map(|(text, _)| text.clone()), " ");
                // With an operator between them, words that would be a withheld name together are read as they are.
                if has_withheld(lex(&spaced).lexemes) { Part::All(members).in_or() } else { spaced }
            }
            Part::Any(members) => join(members.into_iter(), " OR "),
        }
    }

    /// As a member of an `Or`, where `AND` binds tighter without brackets.
    fn in_or(self) -> String {
        match self {
            Part::All(members) => {
                let bracketed =
                    |(text, is_or): (String, bool)| if is_or { format!("({text})") } else { text };
                join(members.into_iter().map(bracketed), " AND ")
            }
            other => other.alone(),
        }
    }

    fn bracketed(self) -> String {
        match self {
            Part::Leaf(text) => text,
            other => format!("({})", other.alone()),
        }
    }
}

fn print_node(node: &Node, children: Vec<Part>) -> Part {
    match node {
        Node::And(_) => Part::All(
            children
                .into_iter()
                .map(|part| {
                    let is_or = matches!(part, Part::Any(_));
                    (part.alone(), is_or)
                })
                .collect(),
        ),
        Node::Or(_) => Part::Any(children.into_iter().map(Part::in_or).collect()),
        Node::Not(_) => {
            let excluded = first(children).bracketed();
            // A minus before a digit is a sign.
            let sign = excluded.starts_with(char::is_numeric);
            Part::Leaf(if sign { format!("NOT {excluded}") } else { format!("-{excluded}") })
        }
        Node::Near { within, .. } => {
            let operands = children.into_iter().map(Part::bracketed);
            // With brackets inside of `-`: `-(가 OR 나)` alone would be a group that is excluded.
            Part::All(vec![(join(operands, &format!(" ~{within} ")), false)])
        }
        Node::In { field, .. } => Part::Leaf(format!("{}:{}", text_field(*field), first(children).alone())),
        Node::Word { text } => {
            Part::Leaf(bare(text, |node| matches!(node, Node::Word { text: read } if read == text)))
        }
        Node::Prefix { text } => {
            let starred = format!("{text}*");
            Part::Leaf(bare(&starred, |node| matches!(node, Node::Prefix { text: read } if read == text)))
        }
        Node::Phrase { text } => Part::Leaf(quoted(text)),
        Node::Filter(Filter::Outlet(value)) => Part::Leaf(format!("언론사:{}", filter_value(value))),
        Node::Filter(Filter::OutletGroup(value)) => Part::Leaf(format!("언론사:{}", group_value(value))),
        Node::Filter(Filter::NoOutlet) => Part::Leaf("언론사:없음".to_owned()),
        Node::Filter(Filter::NoDate) => Part::Leaf("날짜:없음".to_owned()),
        Node::Filter(Filter::Reporter(value)) => Part::Leaf(format!("기자:{}", filter_value(value))),
        Node::Filter(Filter::Section(value)) => Part::Leaf(format!("섹션:{}", filter_value(value))),
        Node::Filter(Filter::Named(kind, value)) => {
            Part::Leaf(format!("{}:{}", entity_field(*kind), filter_value(value)))
        }
        Node::Filter(Filter::Date(range)) => Part::Leaf(format!("날짜:{}", date::print_range(range))),
        Node::Filter(Filter::SpokenDate(dates)) if dates.text().contains(char::is_whitespace) => {
            Part::Leaf(format!("날짜:\"{}\"", dates.text()))
        }
        Node::Filter(Filter::SpokenDate(dates)) => Part::Leaf(format!("날짜:{}", dates.text())),
    }
}

/// The field's canonical name; the Korean names are never longer than the English.
pub(super) fn text_field(field: TextField) -> &'static str {
    match field {
        TextField::Title => "제목",
        TextField::Body => "본문",
    }
}

/// The canonical name of the field that looks for what a text names.
pub(super) fn entity_field(kind: EntityKind) -> &'static str {
    match kind {
        EntityKind::Person => "인물",
        EntityKind::Place => "장소",
        EntityKind::Organisation => "기관",
        EntityKind::Word => "본문",
    }
}

/// A word as it is where it is read back as itself; else after a backslash, which the reader takes for punctuation
/// around the word, but which keeps `OR` from joining and `언론사:` from naming a field.
fn bare(text: &str, is_same: impl Fn(&Node) -> bool) -> String {
    if only_leaf(text).is_some_and(|node| is_same(&node)) { text.to_owned() } else { format!("\\{text}") }
}

fn filter_value(value: &str) -> String {
    let is_word = matches!(only_leaf(value), Some(Node::Word { text }) if text == value);
    if is_word { value.to_owned() } else { quoted(value) }
}

/// A group's name after its sign.
fn group_value(name: &str) -> String {
    let read = only_leaf(&format!("언론사:@{name}"));
    let is_read = matches!(read, Some(Node::Filter(Filter::OutletGroup(read))) if read == name);
    if is_read { format!("@{name}") } else { quoted(&format!("@{name}")) }
}

/// The phrase in the first kind of quotes that none of its own characters closes early.
pub(super) fn quoted(text: &str) -> String {
    [("\"", "\""), ("“", "”"), ("«", "»"), ("‘", "’"), ("'", "'")]
        .iter()
        .map(|(open, close)| format!("{open}{text}{close}"))
        .find(|printed| matches!(only_leaf(printed), Some(Node::Phrase { text: read }) if read == text))
        // Not reached by a phrase that was read: the quotes it was in are among those tried, or equal to them.
        .unwrap_or_else(|| format!("\"{}\"", text.replace(['"', '＂'], " ")))
}

/// The leaf that the text is read as, if it is read as one leaf, outside of any field, and nothing else.
fn only_leaf(text: &str) -> Option<Node> {
    let Lexed { lexemes, ignored, .. } = lex(text);
    let mut lexemes = lexemes.into_iter();
    match (lexemes.next(), lexemes.next()) {
        (Some(Lexeme::Leaf(Leaf { negated: false, field: None, node, .. })), None) if ignored.is_empty() => {
            Some(node)
        }
        _ => None,
    }
}

/// A `Not` and an `In` have exactly one child.
fn first(children: Vec<Part>) -> Part {
    children.into_iter().next().unwrap_or_else(|| Part::Leaf(String::new()))
}

fn join(members: impl Iterator<Item = String>, with: &str) -> String {
    members.collect::<Vec<_>>().join(with)
}
