//! The disk fails at a place that a test has armed. What is armed is armed for the whole process, so these tests stand apart
//! from all others, and whatever could pass an armed place takes its [`turn`].
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stderr
)]

#[path = "../support/folders.rs"]
mod folders;
#[path = "../support/newsroom.rs"]
mod newsroom;

mod alerts_faults;
mod backup_restore;
mod faults_are_reported;
mod journal_faults;
mod versions_faults;

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Held by a test while it arms faults, and by every other whose work passes places where one could be armed.
fn turn() -> MutexGuard<'static, ()> {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner)
}
