//! How long it takes to read a query: usual ones, and the slowest known ones of 512 characters.
//!
//! `cargo bench --bench query`
#![allow(clippy::unwrap_used)]

use std::hint::black_box;

use criterion::Criterion;
use gisa::query::language::parse;

/// Units repeated up to 512 characters, which make the parser look ahead: unbalanced brackets, quotes that never close,
/// operators without operands.
const FLOODS: [(&str, &str); 12] = [
    ("words", "말 "),
    ("one word", "말"),
    ("round brackets", "("),
    ("brackets of all kinds", "([{<〈《「『가"),
    ("closing brackets", "가)]}>〉》」』"),
    ("brackets both ways", "a([{<〈《「『b)]}>〉》」』"),
    ("straight quotes", "\" "),
    ("typographic quotes", "“"),
    ("apostrophes", "'a "),
    ("operators", "OR "),
    ("fields", "제목:("),
    ("minus and quotes", "-(\""),
];

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("reading a query");
    for typed in ["중기부 스타트업", "(연금 OR 기준금리) -부산 제목:\"창업 지원\" 날짜:2023-06-01.."]
    {
        group.bench_function(typed, |bench| bench.iter(|| black_box(parse(typed).unwrap())));
    }
    for (kind, unit) in FLOODS {
        let typed: String = unit.chars().cycle().take(512).collect();
        group.bench_function(format!("512 characters: {kind}"), |bench| {
            bench.iter(|| black_box(parse(&typed)))
        });
    }
    group.finish();
    criterion.final_summary();
}
