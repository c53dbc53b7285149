//! A whole search at once, as a file: rows for a spreadsheet, a feed to subscribe to.

pub mod export;
pub mod feed;
mod stream;
