//! The deadline inside loops over documents.

use crate::query::archive::{ArchiveError, Deadline};

/// Documents between two looks at the clock: some milliseconds where the positions of each are read.
const STEPS: u32 = 2048;

/// Asks the deadline now and then.
pub(super) struct Pace {
    deadline: Deadline,
    left: u32,
}

impl Pace {
    /// Asks `deadline` once in a few thousand steps.
    pub(super) fn new(deadline: Deadline) -> Self {
        Self { deadline, left: STEPS }
    }

    /// One document more.
    ///
    /// # Errors
    /// [`ArchiveError::Deadline`].
    #[inline]
    pub(super) fn step(&mut self) -> Result<(), ArchiveError> {
        if let Some(left) = self.left.checked_sub(1) {
            self.left = left;
            return Ok(());
        }
        self.left = STEPS;
        self.deadline.check()
    }
}
