//! The system's limit of open files.

use std::io;

/// Files that are not connections: the index, the journal, the log, and what a reindex opens.
pub(super) const KEPT: usize = 128;

/// Raises the limit of open files as far as this process may, and gives it. The usual 1,024 are for programs that call
/// `select`; service managers and login shells start with them.
///
/// # Errors
/// The limit cannot be raised.
#[cfg(unix)]
pub(super) fn raise_limit() -> io::Result<usize> {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current != limit.maximum {
        limit.current = limit.maximum;
        setrlimit(Resource::Nofile, limit)?;
    }
    Ok(limit.current.map_or(usize::MAX, |files| usize::try_from(files).unwrap_or(usize::MAX)))
}

/// Other systems have none that stands in the way.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub(super) fn raise_limit() -> io::Result<usize> {
    Ok(usize::MAX)
}
