//! Days from one to another.

use time::Date;

/// Whole days in Korean time, both ends included; an absent end is open. `from` is never after `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DateRange {
    /// The first day.
    pub from: Option<Date>,
    /// The last day.
    pub to: Option<Date>,
}
