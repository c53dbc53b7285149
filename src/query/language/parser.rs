//! From lexemes to the tree, with an explicit stack.

use std::ops::Range;

use super::lexer::{Leaf, Lexeme, Operator};
use super::tree::{Node, NodeId, TreeBuilder};
use super::withheld::join_withheld;
use super::{Limits, QueryError};

/// A lexeme after the operators are decided.
#[derive(Debug)]
enum Item {
    Leaf(Leaf),
    Open { negated: bool },
    Close,
    Or,
    And,
    Not,
    Near(u8),
}

/// Builds the tree; `ignored` takes up bars that join nothing.
pub(super) fn build(
    lexemes: Vec<Lexeme>,
    limits: &Limits,
    ignored: &mut Vec<Range<usize>>,
) -> Result<(TreeBuilder, Option<NodeId>), QueryError> {
    let items = decide_operators(decide_nearness(join_withheld(drop_empty_groups(lexemes))), ignored);
    check(&items, limits)?;
    let mut tree = TreeBuilder::default();
    let root = assemble(items, &mut tree);
    Ok((tree, root))
}

fn check(items: &[Item], limits: &Limits) -> Result<(), QueryError> {
    let clauses = items.iter().filter(|item| matches!(item, Item::Leaf(_))).count();
    if clauses > limits.clauses {
        return Err(QueryError::TooManyClauses { limit: limits.clauses, found: clauses });
    }
    let (mut depth, mut deepest) = (0_usize, 0);
    for item in items {
        match item {
            Item::Open { .. } => depth += 1,
            Item::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    if deepest > limits.depth {
        return Err(QueryError::TooDeep { limit: limits.depth, found: deepest });
    }
    Ok(())
}

/// Takes out groups with nothing in them; a field's name before one becomes a word.
fn drop_empty_groups(lexemes: Vec<Lexeme>) -> Vec<Lexeme> {
    let mut kept: Vec<Lexeme> = Vec::with_capacity(lexemes.len());
    // Where each open group begins in `kept`, and whether a word has come since.
    let mut groups: Vec<(usize, bool)> = Vec::new();
    for lexeme in lexemes {
        let mut has_word = matches!(lexeme, Lexeme::Leaf(_) | Lexeme::Operator { .. });
        match lexeme {
            Lexeme::Open { .. } => groups.push((kept.len(), false)),
            Lexeme::Close => {
                if let Some((start, filled)) = groups.pop() {
                    has_word = filled;
                    if !filled {
                        let name = kept.drain(start..).next().and_then(|open| match open {
                            Lexeme::Open { if_empty, .. } => if_empty,
                            _ => None,
                        });
                        has_word = name.is_some();
                        kept.extend(name.map(Lexeme::Leaf));
                        if let Some((_, filled)) = groups.last_mut() {
                            *filled |= has_word;
                        }
                        continue;
                    }
                }
            }
            _ => {}
        }
        if let Some((_, filled)) = groups.last_mut().filter(|_| has_word) {
            *filled = true;
        }
        kept.push(lexeme);
    }
    kept
}

/// `~10` joins words, phrases, beginnings, and alternatives of those in brackets; elsewhere it is a word.
fn decide_nearness(lexemes: Vec<Lexeme>) -> Vec<Lexeme> {
    let near = |lexeme: &Lexeme| matches!(lexeme, Lexeme::Operator { operator: Operator::Near(_), .. });
    if !lexemes.iter().any(near) {
        return lexemes;
    }
    let joins: Vec<bool> = (0..lexemes.len())
        .map(|at| {
            let before = at.checked_sub(1).is_some_and(|before| operand_ends(&lexemes, before));
            before && operand_begins(&lexemes, at + 1)
        })
        .collect();
    let decided = lexemes.into_iter().zip(joins).map(|(lexeme, joins)| match lexeme {
        Lexeme::Operator { operator: Operator::Near(_), as_word } if !joins => Lexeme::Leaf(as_word),
        lexeme => lexeme,
    });
    decided.collect()
}

/// Whether the lexeme is text that can be near something.
fn is_text(lexeme: &Lexeme) -> bool {
    matches!(
        lexeme,
        Lexeme::Leaf(Leaf { node: Node::Word { .. } | Node::Phrase { .. } | Node::Prefix { .. }, .. })
    )
}

fn operand_begins(lexemes: &[Lexeme], at: usize) -> bool {
    match lexemes.get(at) {
        Some(Lexeme::Leaf(leaf)) => !leaf.negated && lexemes.get(at).is_some_and(is_text),
        Some(Lexeme::Open { negated: false, .. }) => {
            let length = lexemes.iter().skip(at + 1).position(|lexeme| matches!(lexeme, Lexeme::Close));
            let group = length.and_then(|length| lexemes.get(at + 1..at + 1 + length));
            group.is_some_and(are_alternatives)
        }
        _ => false,
    }
}

fn operand_ends(lexemes: &[Lexeme], at: usize) -> bool {
    match lexemes.get(at) {
        Some(Lexeme::Leaf(_)) => lexemes.get(at).is_some_and(is_text),
        Some(Lexeme::Close) => {
            let open = lexemes.iter().take(at).rposition(|lexeme| matches!(lexeme, Lexeme::Open { .. }));
            let plain =
                |open: &usize| matches!(lexemes.get(*open), Some(Lexeme::Open { negated: false, .. }));
            let group = open.filter(plain).and_then(|open| lexemes.get(open + 1..at));
            group.is_some_and(are_alternatives)
        }
        _ => false,
    }
}

/// Whether the lexemes are texts with `OR` or a bar between any two.
fn are_alternatives(lexemes: &[Lexeme]) -> bool {
    let text =
        |lexeme: &Lexeme| is_text(lexeme) && !matches!(lexeme, Lexeme::Leaf(Leaf { negated: true, .. }));
    let fits = |(at, lexeme): (usize, &Lexeme)| if at % 2 == 0 { text(lexeme) } else { is_or(lexeme) };
    lexemes.len() % 2 == 1 && lexemes.iter().enumerate().all(fits)
}

/// An operator joins only where there is something to join on both sides (`NOT`: something after it); elsewhere the word
/// is a word, and a bar is passed over. A row of operators counts once, and as `OR` if one of them is.
fn decide_operators(lexemes: Vec<Lexeme>, ignored: &mut Vec<Range<usize>>) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::with_capacity(lexemes.len());
    let mut rest = lexemes.into_iter().peekable();
    while let Some(lexeme) = rest.next() {
        match lexeme {
            Lexeme::Leaf(leaf) => items.push(Item::Leaf(leaf)),
            Lexeme::Open { negated, .. } => items.push(Item::Open { negated }),
            Lexeme::Close => items.push(Item::Close),
            Lexeme::Operator { operator: Operator::Not, as_word } => {
                let mut row = vec![as_word];
                while let Some(Lexeme::Operator { as_word, .. }) = rest.next_if(is_not) {
                    row.push(as_word);
                }
                if matches!(rest.peek(), Some(Lexeme::Leaf(_) | Lexeme::Open { .. })) {
                    items.extend(row.iter().map(|_| Item::Not));
                } else {
                    items.extend(row.into_iter().map(Item::Leaf));
                }
            }
            Lexeme::Operator { operator: Operator::Near(within), .. } => items.push(Item::Near(within)),
            joining => {
                let mut row = vec![joining];
                while let Some(next) = rest.next_if(is_joining) {
                    row.push(next);
                }
                let before = matches!(items.last(), Some(Item::Leaf(_) | Item::Close));
                let ahead = !matches!(rest.peek(), None | Some(Lexeme::Close));
                if before && ahead {
                    let any = row.iter().any(is_or);
                    items.push(if any { Item::Or } else { Item::And });
                    continue;
                }
                for lexeme in row {
                    match lexeme {
                        Lexeme::Operator { as_word, .. } => items.push(Item::Leaf(as_word)),
                        Lexeme::Bar(range) => ignored.push(range),
                        _ => {}
                    }
                }
            }
        }
    }
    items
}

fn is_not(lexeme: &Lexeme) -> bool {
    matches!(lexeme, Lexeme::Operator { operator: Operator::Not, .. })
}

fn is_or(lexeme: &Lexeme) -> bool {
    matches!(lexeme, Lexeme::Bar(_) | Lexeme::Operator { operator: Operator::Or, .. })
}

fn is_joining(lexeme: &Lexeme) -> bool {
    is_or(lexeme) || matches!(lexeme, Lexeme::Operator { operator: Operator::And, .. })
}

/// An open group: three levels, a space joining loosest and `AND` tightest.
#[derive(Debug, Default)]
struct Frame {
    negated: bool,
    /// Joined by spaces.
    all: Vec<NodeId>,
    /// The last of those, joined by `OR`.
    any: Vec<NodeId>,
    /// The last of those, joined by `AND`.
    both: Vec<NodeId>,
    /// The operator since the last operand.
    joint: Option<Joint>,
    /// An odd number of `NOT` since.
    not: bool,
    /// The last operand without what negates it: what the next `~10` joins.
    last: Option<NodeId>,
}

#[derive(Debug, Clone, Copy)]
enum Joint {
    Or,
    And,
    Near(u8),
}

impl Frame {
    fn add(&mut self, node: NodeId, tree: &mut TreeBuilder) {
        if let Some(Joint::Near(within)) = self.joint {
            self.joint = None;
            self.add_near(node, within, tree);
            return;
        }
        self.last = Some(tree.negated(node).unwrap_or(node));
        let node = if std::mem::take(&mut self.not) { tree.not(node) } else { node };
        match self.joint.take() {
            Some(Joint::And | Joint::Near(_)) => {}
            Some(Joint::Or) => self.end_and(tree),
            None => self.end_or(tree),
        }
        self.both.push(node);
    }

    /// Joins `node` to the operand before it, more tightly than `NOT`. In a row (`가 ~3 나 ~3 다`) each is near the next.
    fn add_near(&mut self, node: NodeId, within: u8, tree: &mut TreeBuilder) {
        if let (Some(before), Some(last)) = (self.both.pop(), self.last) {
            let inner = tree.negated(before);
            let held = inner.unwrap_or(before);
            let near = tree.near(last, node, within);
            let all = if held == last { Some(near) } else { tree.and(vec![held, near]) };
            self.both.extend(all.map(|all| if inner.is_some() { tree.not(all) } else { all }));
        }
        self.last = Some(node);
    }

    fn end_and(&mut self, tree: &mut TreeBuilder) {
        self.any.extend(tree.and(std::mem::take(&mut self.both)));
    }

    fn end_or(&mut self, tree: &mut TreeBuilder) {
        self.end_and(tree);
        self.all.extend(tree.or(std::mem::take(&mut self.any)));
    }

    fn finish(mut self, tree: &mut TreeBuilder) -> Option<NodeId> {
        self.end_or(tree);
        let node = tree.and(self.all)?;
        Some(if self.negated { tree.not(node) } else { node })
    }
}

fn assemble(items: Vec<Item>, tree: &mut TreeBuilder) -> Option<NodeId> {
    let mut outer: Vec<Frame> = Vec::new();
    let mut frame = Frame::default();
    for item in items {
        match item {
            Item::Leaf(leaf) => {
                let mut node = tree.leaf(leaf.node, leaf.field, leaf.range);
                if leaf.negated {
                    node = tree.not(node);
                }
                frame.add(node, tree);
            }
            Item::Open { negated } => {
                outer.push(std::mem::replace(&mut frame, Frame { negated, ..Frame::default() }));
            }
            Item::Close => {
                // The lexer pairs the brackets, so there is always an outer frame here.
                let Some(parent) = outer.pop() else { continue };
                if let Some(node) = std::mem::replace(&mut frame, parent).finish(tree) {
                    frame.add(node, tree);
                }
            }
            Item::Or => frame.joint = Some(Joint::Or),
            Item::And => frame.joint = Some(Joint::And),
            Item::Near(within) => frame.joint = Some(Joint::Near(within)),
            Item::Not => frame.not = !frame.not,
        }
    }
    frame.finish(tree)
}
