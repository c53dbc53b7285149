//! Programs from outside that tests ask where they are installed.
#![allow(dead_code, reason = "each of the test binaries uses a part of it")]

use std::io::Write;
use std::path::PathBuf;

/// The program that is named by the variable `GISA_TEST_` and its name in capitals, else the one in `PATH`. Where there is none,
/// says on stderr that `test` is skipped, or fails where `GISA_REQUIRE_` and its name is set: `.ci/run` does that after it has
/// installed it.
pub fn program(name: &str, test: &str) -> Option<PathBuf> {
    first_program(&name.to_uppercase().replace('-', "_"), &[name], test)
}

/// The same for a program that goes by several names; the variables end with `variable`.
pub fn first_program(variable: &str, names: &[&str], test: &str) -> Option<PathBuf> {
    if let Some(path) = std::env::var_os(format!("GISA_TEST_{variable}")) {
        return Some(path.into());
    }
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&folders)
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)))
        .find(|path| path.is_file());
    if found.is_none() {
        let missing =
            format!("there is no {} in PATH, and GISA_TEST_{variable} is not set", names.join(" or "));
        let required = std::env::var_os(format!("GISA_REQUIRE_{variable}")).is_some();
        assert!(!required, "{test}: {missing}");
        skipped(test, &missing);
    }
    found
}

/// The addresses of the nodes of an OpenSearch cluster, which `GISA_TEST_CLUSTER` names (`http://host:port`, several with commas). Where it
/// does not, says on stderr that `test` is skipped, or fails where `GISA_REQUIRE_CLUSTER` is set.
pub fn cluster(test: &str) -> Option<Vec<String>> {
    let urls = std::env::var("GISA_TEST_CLUSTER").ok().filter(|urls| !urls.is_empty());
    if urls.is_none() {
        let missing = "GISA_TEST_CLUSTER does not name the nodes of an OpenSearch cluster";
        assert!(std::env::var_os("GISA_REQUIRE_CLUSTER").is_none(), "{test}: {missing}");
        skipped(test, missing);
    }
    Some(urls?.split(',').map(str::to_owned).collect())
}

/// Says on stderr that something was not tested.
pub fn skipped(test: &str, why: &str) {
    said(&format!("SKIPPED {test}: {why}"));
}

/// Says something on stderr. Not by `eprintln!`, which the test harness keeps to itself where a test passes.
pub fn said(what: &str) {
    let mut stderr = std::io::stderr().lock();
    stderr.write_all(format!("\n{what}\n").as_bytes()).unwrap();
}
