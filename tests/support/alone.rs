//! A test in a process of its own.

use std::process::Command;

/// Says to the process that was started for a test which one it is.
const ALONE: &str = "GISA_TEST_ALONE";

/// For a test of what belongs to the whole process, such as its metrics: runs the test `test` (`module::name`), which asks
/// this first, again in a process where no other runs. Whether this is that process; in all others the test is then done.
pub fn is_alone(test: &str) -> bool {
    if std::env::var_os(ALONE).is_some_and(|alone| alone == test) {
        return true;
    }
    let output = Command::new(std::env::current_exe().unwrap())
        .args([test, "--exact", "--nocapture", "--test-threads=1"])
        .env(ALONE, test)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let passed = output.status.success() && said.contains("1 passed");
    assert!(passed, "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    false
}
