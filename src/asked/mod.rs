//! What readers look for: how often each query was asked on a day, how often in vain, and which corrections and completions were taken.
//! For whoever looks after the lexicon; kept only where `search.keep_queries` says so.
//!
//! A day has a file of its own in the folder `queries` of the data folder, a line for each [`Event`], appended as it happens and added up
//! from time to time ([`KeptQueries`]). Nothing in it says who asked: no address, no name, no time of day. It is bounded: a day keeps
//! [`MOST_QUERIES`] different queries and counts what is above them, a query that was asked once is dropped after [`DAYS_OF_ONCE`] days, and
//! every day after [`DAYS_KEPT`].
//!
//! Knows neither HTTP nor the index.

mod counts;
mod error;
mod event;
mod file;
mod kept;
mod report;

pub use counts::MOST_QUERIES;
pub use error::AskedError;
pub use event::{Asked, Event, Taken, TakenKind};
pub use kept::KeptQueries;
pub use report::Report;

/// The folder of the days, in the data folder.
pub const FOLDER: &str = "queries";
/// After so many days a query that was asked a single time is dropped: it tells more of a person than of the readers.
pub const DAYS_OF_ONCE: i64 = 30;
/// Days that are kept in all.
pub const DAYS_KEPT: i64 = 366;
