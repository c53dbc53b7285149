//! Any UTF-8 is a query. It is read, or refused for its size, without a panic. A query that was read prints as text that
//! reads as the same tree, and the tree is no larger than the limits allow.
//!
//! `RUSTC_BOOTSTRAP=1 cargo fuzz run --sanitizer none query -- -dict=fuzz/query.dict -max_len=2048 -timeout=1`: coverage
//! instrumentation needs an unstable compiler option, and gisa has no unsafe code for a sanitizer to watch.
#![no_main]

use gisa::query::language::{Limits, parse, parse_canonical};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(typed) = std::str::from_utf8(bytes) else { return };
    let Ok(query) = parse(typed) else { return };
    let printed = query.to_string();
    let again = parse_canonical(&printed).expect("a printed query is within the limits");
    assert_eq!(again, query, "printed {printed:?}");
    assert_eq!(again.to_string(), printed);

    let leaves = query.leaves().count();
    assert!(leaves <= Limits::TYPED.clauses);
    // A leaf may be in a field and under a `Not`; `And` and `Or` join two nodes or more, and may be under a `Not` in turn.
    assert!(query.post_order().len() <= 5 * leaves, "{} nodes for {leaves} leaves", query.post_order().len());
    assert!(query.ignored().iter().all(|range| query.text().get(range.clone()).is_some()));
    assert!(!query.describe().is_empty());
});
