//! How many cases a property is tried with.

use proptest::prelude::ProptestConfig;

/// So many cases, or as many as `PROPTEST_CASES` says: more of them look for what a run finds once in a hundred times.
pub fn cases(count: u32) -> ProptestConfig {
    let default = ProptestConfig {
        failure_persistence: None,
        max_global_rejects: 1 << 20,
        ..ProptestConfig::default()
    };
    if std::env::var_os("PROPTEST_CASES").is_some() {
        default
    } else {
        ProptestConfig { cases: count, ..default }
    }
}
