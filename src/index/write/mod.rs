//! Articles → segments: a whole generation at once, and one article at a time.

pub(in crate::index) mod book;
pub(in crate::index) mod book_file;
pub(in crate::index) mod build;
mod changed;
pub(in crate::index) mod changed_run;
pub(in crate::index) mod groups;
pub(in crate::index) mod groups_file;
pub(in crate::index) mod learned;
pub(in crate::index) mod learned_file;
pub(in crate::index) mod live;
mod progress;
mod sink;
pub(in crate::index) mod suggestions;
pub(in crate::index) mod suggestions_file;
