//! Long work that an administrator starts: reindexes and restores, one at a time.
//!
//! `job`: what is known of one job. `registry`: all of them, kept across restarts. `thread`: each job runs on a thread of
//! its own, which gives way to searches (`priority`).

mod job;
mod priority;
mod registry;
mod thread;

pub use job::{FileOutcome, Job, JobKind, JobState, Lacking, MoreFiles, Refused};
pub(super) use priority::give_way;
pub(super) use registry::Done;
pub use registry::Jobs;
pub use thread::JobRefused;
