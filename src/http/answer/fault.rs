//! What is wrong with a parameter, where that is not a value that it does not take: the same for all of them.

/// What is wrong with a parameter. A byte: errors are returned by value everywhere. How many are too many is the member `most` of the
/// answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) enum Fault {
    /// It must be there.
    Missing,
    /// It may be there once.
    Repeated,
    /// It says nothing.
    Empty,
    /// Its bytes are not UTF-8.
    NotUtf8,
    /// More values than it takes.
    TooMany,
    /// A value of more characters than it may have.
    TooLong,
    /// A cursor excludes it.
    BesideCursor,
}
