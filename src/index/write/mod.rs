//! Articles → segments: a whole generation at once, and one article at a time.

pub mod build;
pub mod groups;
pub mod groups_file;
pub mod live;
mod progress;
mod sink;
pub mod suggestions;
pub mod suggestions_file;
