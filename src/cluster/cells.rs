//! Lanes as strings that stock filters of a cluster take apart again, with every token at its position.
//!
//! A lane is one string of cells, one cell a position, parted by blanks: a `whitespace` tokenizer gives each cell the position that it has.
//! An empty cell is `_`, which a `stop` filter removes, leaving a hole. Terms that share a position are joined by U+E000 and parted by
//! `pattern_capture`, which leaves them there. So a cluster needs no plugin of ours.

use crate::korean::analysis::Analysis;
use crate::korean::joins::JoinLane;
use crate::query::shape::Lane;

/// The name of the field of a lane.
pub(super) fn field_of(lane: Lane) -> &'static str {
    match lane {
        Lane::Morph => "morph",
        Lane::Gram => "gram",
        Lane::Edge => "edge",
        Lane::Title => "title",
    }
}

/// Joins the terms of a cell. U+001F would not do: Java takes it for white space.
pub(super) const JOINT: char = '\u{E000}';
/// Stands for the blank in a bigram over a gap (`는 한`).
const BLANK: char = '\u{E001}';
/// Stands for a term `_`, which is an empty cell.
const UNDERSCORE: &str = "\u{E002}";
/// An empty cell.
pub(super) const EMPTY: &str = "_";
/// The term of the lane of edges that stands before the first character of the body: what is before it is the title.
pub(super) const BODY_MARK: &str = "\u{E003}";
/// The longest cell in UTF-16 units: the tokenizer cuts a longer one in two, and shifts all that follows.
pub(super) const LONGEST_CELL: usize = 4096;

/// A term as a cell has it.
pub(super) fn term(term: &str) -> String {
    if term == EMPTY {
        return UNDERSCORE.to_owned();
    }
    term.chars().map(|ch| if ch.is_whitespace() { BLANK } else { ch }).collect()
}

/// The strings of all lanes of one article.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Cells {
    /// Of [`Lane::Morph`].
    pub(super) morph: String,
    /// Of [`Lane::Gram`].
    pub(super) gram: String,
    /// Of [`Lane::Edge`].
    pub(super) edge: String,
    /// Of [`Lane::Title`], without positions.
    pub(super) title: String,
}

impl Cells {
    /// Of an analysed article. `None` where a cell is longer than the tokenizer takes.
    pub(super) fn of(analysis: &Analysis) -> Option<Self> {
        let (mut morph, mut gram, mut edge) = (Row::default(), Row::default(), Row::default());
        let mut title: Vec<String> = Vec::new();
        for token in &analysis.tokens {
            let text = analysis.term(token);
            morph.add(analysis.position(token.index), text);
            if token.index < analysis.title_kept {
                title.push(term(text));
            }
        }
        let mut pair = String::new();
        for index in 0..analysis.kept.len() as u32 {
            if analysis.bigram(index, &mut pair) {
                gram.add(analysis.position(index), &pair);
            }
        }
        for index in analysis.edges.iter().copied() {
            if analysis.bigram(index, &mut pair) {
                edge.add(analysis.position(index), &pair);
            }
        }
        for join in &analysis.joins {
            let row = match join.lane {
                JoinLane::Gram => &mut gram,
                JoinLane::Edge => &mut edge,
            };
            row.add(analysis.position(join.index), &join.term);
        }
        edge.add(analysis.body_start().saturating_sub(1), BODY_MARK);
        Some(Self { morph: morph.write()?, gram: gram.write()?, edge: edge.write()?, title: title.join(" ") })
    }
}

/// The terms of a lane by position.
#[derive(Default)]
struct Row(Vec<String>);

impl Row {
    fn add(&mut self, position: u32, text: &str) {
        let at = position as usize;
        if self.0.len() <= at {
            self.0.resize(at + 1, String::new());
        }
        if let Some(cell) = self.0.get_mut(at) {
            if !cell.is_empty() {
                cell.push(JOINT);
            }
            cell.push_str(&term(text));
        }
    }

    fn write(&self) -> Option<String> {
        if self.0.iter().any(|cell| cell.encode_utf16().count() > LONGEST_CELL) {
            return None;
        }
        let cells = self.0.iter().map(|cell| if cell.is_empty() { EMPTY } else { cell });
        Some(cells.collect::<Vec<_>>().join(" "))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn each_position_is_a_cell() {
        let mut row = Row::default();
        row.add(0, "국회");
        row.add(0, "국회의사당");
        row.add(3, "3 1");
        assert_eq!(row.write().unwrap(), "국회\u{E000}국회의사당 _ _ 3\u{E001}1");
        row.add(4, "_");
        assert!(row.write().unwrap().ends_with(UNDERSCORE));
        row.add(9, &"가".repeat(LONGEST_CELL + 1));
        assert_eq!(row.write(), None);
    }
}
