//! A morpheme as the finders see it.

use crate::korean::sense::Sense;

/// A morpheme within its word.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) sense: Sense,
}
