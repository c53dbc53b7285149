//! Numbers that no entry has.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A range of sequence numbers that are in no file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// The first.
    pub first: u64,
    /// The last.
    pub last: u64,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the entries {} to {} are in no file", self.first, self.last)
    }
}

impl Missing {
    /// Whether `other` has all its numbers.
    pub fn is_within(&self, other: &Self) -> bool {
        other.first <= self.first && self.last <= other.last
    }
}
