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
#[cfg(debug_assertions)]
use std::{path::Path, process::Command};

#[cfg(debug_assertions)]
use gisa::faults::{Area, FaultPoint};

/// Held by a test while it arms faults, and by every other whose work passes places where one could be armed.
fn turn() -> MutexGuard<'static, ()> {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lets the test `dies` die at each step of `area`, the first three times that it passes there, each time with a folder of its own in
/// the environment's `variable`, and looks at what it left. At each step somebody must have died.
#[cfg(debug_assertions)]
fn kill_at_each_step(area: Area, dies: &str, variable: &str, look: impl Fn(&Path, &str)) {
    let mut unreached = Vec::new();
    for point in FaultPoint::of(area) {
        let mut killed = false;
        for passing in 1..4 {
            let folder = tempfile::tempdir().unwrap();
            let output = Command::new(std::env::current_exe().unwrap())
                .args([dies, "--exact", "--test-threads=1"])
                .env(variable, folder.path())
                .env("GISA_FAULT", format!("kill:{}:{passing}", point.name()))
                .output()
                .unwrap();
            killed |= !output.status.success();
            look(folder.path(), &format!("killed at {point:?}, {passing}"));
        }
        if !killed {
            unreached.push(point);
        }
    }
    assert!(unreached.is_empty(), "nobody died at {unreached:?}");
}
