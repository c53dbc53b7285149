//! The tree a query is read into: a flat arena, children before their parents.
//!
//! Nothing here recurses, and neither need a caller: [`Query::fold`] hands every node its children's results. A tree of
//! boxes would overflow the stack when a hostile query is read through, printed or merely dropped.

use std::ops::Range;

use super::date_range::DateRange;
use super::spoken_date::SpokenDates;
use crate::entities::EntityKind;

/// Names one node of one [`Query`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(usize);

/// A part of the article that `제목:` or `본문:` narrows the search to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TextField {
    /// `제목:`, `title:`.
    Title,
    /// `본문:`, `body:`.
    Body,
}

/// A condition on what an article is, not on what it says: it restricts, and adds nothing to the score.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Filter {
    /// The outlet's name as typed; alias folding is the index's matter.
    Outlet(String),
    /// A group of outlets by its name (`언론사:@경제지`).
    OutletGroup(String),
    /// No outlet at all (`언론사:없음`).
    NoOutlet,
    /// The reporter's name as typed.
    Reporter(String),
    /// The section's name as typed.
    Section(String),
    /// A person, place or organisation that the text names, as typed.
    Named(EntityKind, String),
    /// The day of publication.
    Date(DateRange),
    /// The day of publication, in words.
    SpokenDate(SpokenDates),
    /// No date at all (`날짜:없음`).
    NoDate,
}

/// How an absent value is asked for.
const NONE: [&str; 2] = ["없음", "none"];

impl Filter {
    /// What is meant by a value of `언론사:`.
    pub(super) fn of_outlet(value: String) -> Self {
        if Self::is_none(&value) {
            return Self::NoOutlet;
        }
        match value.strip_prefix(['@', '＠']).map(str::trim).filter(|group| !group.is_empty()) {
            Some(group) => Self::OutletGroup(group.to_owned()),
            None => Self::Outlet(value),
        }
    }

    /// Whether a value asks for articles without any.
    pub(super) fn is_none(value: &str) -> bool {
        NONE.iter().any(|none| value.eq_ignore_ascii_case(none))
    }
}

/// One node of the tree.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Node {
    /// A word as typed, in NFC, without the punctuation around it; inner punctuation stays (`GPT-4o`, `(주)카카오`). Of a withheld name the
    /// spaces are gone (`김 모 씨`).
    Word {
        /// The word; holds no white space.
        text: String,
    },
    /// A quoted passage to be found as it is written.
    Phrase {
        /// The passage without its quotes, white space tidied to single spaces.
        text: String,
    },
    /// A word's beginning (`이재명*`).
    Prefix {
        /// The beginning, without the star; two characters or more.
        text: String,
    },
    /// All of two or more nodes, none of them an `And`.
    And(Vec<NodeId>),
    /// At least one of two or more nodes, none of them an `Or`.
    Or(Vec<NodeId>),
    /// Everything but; the child is never itself a `Not`.
    Not(NodeId),
    /// A word, phrase or prefix sought in one part of the article. `제목:(가 나)` is read as `제목:가 제목:나`, so the
    /// child is always a leaf.
    In {
        /// Where to look.
        field: TextField,
        /// What to look for.
        node: NodeId,
    },
    /// Two parts that must stand within so many words of each other, each a leaf, a leaf in a field, or an `Or` of those.
    Near {
        /// Words from the one to the other, at most.
        within: u8,
        /// The two, in the order typed.
        operands: [NodeId; 2],
    },
    /// A condition on the article.
    Filter(Filter),
}

impl Node {
    /// The ids of the children, in the order typed.
    pub fn children(&self) -> &[NodeId] {
        match self {
            Node::And(children) | Node::Or(children) => children,
            Node::Near { operands, .. } => operands,
            Node::Not(child) | Node::In { node: child, .. } => std::slice::from_ref(child),
            Node::Word { .. } | Node::Phrase { .. } | Node::Prefix { .. } | Node::Filter(_) => &[],
        }
    }

    /// Whether it has no children: a clause in the sense of the limit on clauses.
    pub fn is_leaf(&self) -> bool {
        self.children().is_empty()
    }
}

/// A query as it was read. Equality compares the trees only, not the text they were read from.
#[derive(Debug, Clone)]
pub struct Query {
    text: String,
    nodes: Vec<Node>,
    ranges: Vec<Range<usize>>,
    ignored: Vec<Range<usize>>,
    notes: Vec<QueryNote>,
}

/// What whoever typed a query should know about how it was read. Ranges are bytes of [`Query::text`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum QueryNote {
    /// What stands after `날짜:` is not a date: it is read as words, field name and all.
    UnknownDate(Range<usize>),
    /// What looks like `~10` is none: without a number, with one that is not from 1 to 100, or without a space before or after it.
    BadNear(Range<usize>),
}

impl PartialEq for Query {
    fn eq(&self, other: &Self) -> bool {
        // The arena's order is a function of the tree's shape (see `TreeBuilder::finish`), so equal trees are equal vectors.
        self.nodes == other.nodes
    }
}

impl Eq for Query {}

impl Query {
    /// The text that was read: the input in NFC without control and zero-width characters. All ranges point into it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The whole query's node; `None` when nothing in it can be searched.
    pub fn root(&self) -> Option<NodeId> {
        self.nodes.len().checked_sub(1).map(NodeId)
    }

    /// Whether there is nothing to search: an empty query, or one of punctuation and emoji only, which [`Query::ignored`]
    /// tells apart.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The node of that id; `None` for an id of another query.
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.0)
    }

    /// Where the node is in [`Query::text`], in bytes; for a node with children, from the first to the last of them.
    pub fn range(&self, id: NodeId) -> Option<Range<usize>> {
        self.ranges.get(id.0).cloned()
    }

    /// Every node once, children before their parent, siblings in the order typed, the root last.
    pub fn post_order(&self) -> impl ExactSizeIterator<Item = (NodeId, &Node)> + DoubleEndedIterator {
        self.nodes.iter().enumerate().map(|(at, node)| (NodeId(at), node))
    }

    /// The clauses in the order typed.
    pub fn leaves(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        self.post_order().filter(|(_, node)| node.is_leaf())
    }

    /// What was passed over, in bytes of [`Query::text`], ascending and disjoint: tokens without any letter or digit, stray
    /// brackets and quotes, particles glued to a closing quote.
    pub fn ignored(&self) -> &[Range<usize>] {
        &self.ignored
    }

    /// What was read otherwise than it was probably meant, in the order typed.
    pub fn notes(&self) -> &[QueryNote] {
        &self.notes
    }

    /// Computes a value bottom-up without recursion: `visit` gets each node with its children's values in order.
    /// Returns the root's value, `None` for an empty query.
    pub fn bottom_up<T>(&self, mut visit: impl FnMut(NodeId, &Node, Vec<T>) -> T) -> Option<T> {
        let Ok(value) = self
            .try_bottom_up(|id, node, children| Ok::<T, std::convert::Infallible>(visit(id, node, children)));
        value
    }

    /// Like [`Query::bottom_up`], with a `visit` that may fail; its first error ends it.
    ///
    /// # Errors
    /// Those of `visit`.
    pub fn try_bottom_up<T, E>(
        &self,
        mut visit: impl FnMut(NodeId, &Node, Vec<T>) -> Result<T, E>,
    ) -> Result<Option<T>, E> {
        let mut values: Vec<T> = Vec::new();
        for (id, node) in self.post_order() {
            let children = values.split_off(values.len().saturating_sub(node.children().len()));
            values.push(visit(id, node, children)?);
        }
        Ok(values.pop())
    }
}

/// Builds a tree bottom-up and keeps it normal: no `And` in an `And`, no `Or` in an `Or`, none with one child, no `Not` of
/// a `Not`.
#[derive(Debug, Default)]
pub(super) struct TreeBuilder {
    nodes: Vec<(Node, Range<usize>)>,
}

impl TreeBuilder {
    /// Adds a leaf, sought in `field` only if one is given.
    pub(super) fn leaf(&mut self, node: Node, field: Option<TextField>, range: Range<usize>) -> NodeId {
        let leaf = self.push(node, range.clone());
        match field {
            Some(field) => self.push(Node::In { field, node: leaf }, range),
            None => leaf,
        }
    }

    /// All of `children`; `None` of none.
    pub(super) fn and(&mut self, children: Vec<NodeId>) -> Option<NodeId> {
        self.combine(children, Node::And, |node| match node {
            Node::And(inner) => Some(inner),
            _ => None,
        })
    }

    /// Any of `children`; `None` of none.
    pub(super) fn or(&mut self, children: Vec<NodeId>) -> Option<NodeId> {
        self.combine(children, Node::Or, |node| match node {
            Node::Or(inner) => Some(inner),
            _ => None,
        })
    }

    /// Everything but `child`; a double negation cancels.
    pub(super) fn not(&mut self, child: NodeId) -> NodeId {
        match self.nodes.get(child.0) {
            Some((Node::Not(inner), _)) => *inner,
            _ => {
                let range = self.range(child);
                self.push(Node::Not(child), range)
            }
        }
    }

    /// `first` and `second` within so many words of each other.
    pub(super) fn near(&mut self, first: NodeId, second: NodeId, within: u8) -> NodeId {
        let range = self.range(first).start..self.range(second).end;
        self.push(Node::Near { within, operands: [first, second] }, range)
    }

    /// What a `Not` is the negation of; `None` for anything else.
    pub(super) fn negated(&self, node: NodeId) -> Option<NodeId> {
        match self.nodes.get(node.0) {
            Some((Node::Not(inner), _)) => Some(*inner),
            _ => None,
        }
    }

    /// The finished query: the nodes that `root` reaches, renumbered children first.
    pub(super) fn finish(
        self,
        root: Option<NodeId>,
        text: String,
        mut ignored: Vec<Range<usize>>,
        notes: Vec<QueryNote>,
    ) -> Query {
        ignored.sort_by_key(|range| range.start);
        let mut nodes = Vec::new();
        let mut ranges = Vec::new();
        // An explicit stack: a node is met twice, first to push its children, then, when they are numbered, to be numbered.
        let mut open: Vec<(NodeId, bool)> = root.map(|id| (id, false)).into_iter().collect();
        let mut numbered: Vec<NodeId> = Vec::new();
        while let Some((id, seen)) = open.pop() {
            let Some((node, range)) = self.nodes.get(id.0) else { continue };
            if !seen {
                open.push((id, true));
                open.extend(node.children().iter().rev().map(|child| (*child, false)));
                continue;
            }
            let children = numbered.split_off(numbered.len().saturating_sub(node.children().len()));
            let only = children.first().copied();
            nodes.push(match (node, only) {
                (Node::Near { within, .. }, Some(first)) => {
                    let second = children.get(1).copied().unwrap_or(first);
                    Node::Near { within: *within, operands: [first, second] }
                }
                (Node::And(_), _) => Node::And(children),
                (Node::Or(_), _) => Node::Or(children),
                (Node::Not(_), Some(child)) => Node::Not(child),
                (Node::In { field, .. }, Some(node)) => Node::In { field: *field, node },
                (leaf, _) => leaf.clone(),
            });
            ranges.push(range.clone());
            numbered.push(NodeId(nodes.len() - 1));
        }
        Query { text, nodes, ranges, ignored, notes }
    }

    fn combine(
        &mut self,
        children: Vec<NodeId>,
        make: impl Fn(Vec<NodeId>) -> Node,
        same_kind: impl Fn(&Node) -> Option<&Vec<NodeId>>,
    ) -> Option<NodeId> {
        let mut flat = Vec::with_capacity(children.len());
        for child in children {
            match self.nodes.get(child.0).and_then(|(node, _)| same_kind(node)) {
                Some(inner) => flat.extend_from_slice(inner),
                None => flat.push(child),
            }
        }
        let (first, last) = (*flat.first()?, *flat.last()?);
        if flat.len() == 1 {
            return Some(first);
        }
        let range = self.range(first).start..self.range(last).end;
        Some(self.push(make(flat), range))
    }

    fn range(&self, id: NodeId) -> Range<usize> {
        self.nodes.get(id.0).map(|(_, range)| range.clone()).unwrap_or_default()
    }

    fn push(&mut self, node: Node, range: Range<usize>) -> NodeId {
        self.nodes.push((node, range));
        NodeId(self.nodes.len() - 1)
    }
}
