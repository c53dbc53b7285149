//! A whole search at once, as a file: rows for a spreadsheet, a feed to subscribe to.

mod columns;
pub mod export;
pub mod feed;
pub mod kept;
mod stream;
pub mod xlsx;
