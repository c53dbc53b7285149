//! What is wrong with a parameter, where that is not a value that it does not take: the same for all of them.

/// What is wrong with a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) enum Fault {
    /// It must be there.
    Missing,
    /// It may be there once.
    Repeated,
    /// It says nothing.
    Empty,
    /// Its bytes are no text.
    NotUtf8,
    /// More values than so many.
    TooMany(usize),
    /// A value of more than so many characters.
    TooLong(usize),
    /// Another excludes it.
    Beside(&'static str),
}
