//! The deadline inside loops over documents, and over what one document holds: an article may have millions of positions.

use crate::query::archive::{ArchiveError, Deadline};

/// Documents between two looks at the clock: some milliseconds where the positions of each are read.
const STEPS: u32 = 2048;
/// Positions that take as long as a step.
const POSITIONS: u32 = 64;

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
        self.steps(1)
    }

    /// So many positions of one document, about to be read.
    ///
    /// # Errors
    /// [`ArchiveError::Deadline`].
    #[inline]
    pub(super) fn positions(&mut self, count: u32) -> Result<(), ArchiveError> {
        self.steps(count / POSITIONS)
    }

    /// Asks the deadline now.
    ///
    /// # Errors
    /// [`ArchiveError::Deadline`].
    pub(super) fn check(&mut self) -> Result<(), ArchiveError> {
        self.left = STEPS;
        self.deadline.check()
    }

    #[inline]
    fn steps(&mut self, count: u32) -> Result<(), ArchiveError> {
        if let Some(left) = self.left.checked_sub(count) {
            self.left = left;
            return Ok(());
        }
        self.check()
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn many_positions_of_one_document_count_as_many_documents() {
        let passed = Instant::now().checked_sub(Duration::from_secs(1));
        let mut pace = Pace::new(Deadline::new(passed));
        assert!(pace.step().is_ok() && pace.positions(POSITIONS).is_ok(), "the clock is not asked each time");
        assert!(matches!(pace.positions(4_000_000), Err(ArchiveError::Deadline)));
        for _ in 0..STEPS {
            assert!(pace.step().is_ok());
        }
        assert!(matches!(pace.step(), Err(ArchiveError::Deadline)));
        assert!(matches!(pace.check(), Err(ArchiveError::Deadline)));
    }
}
