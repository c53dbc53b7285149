//! What is offered for what is typed, case by case, over the articles that the project ships with.
//!
//! The cases stand in `tests/golden/suggest.tsv`, which tells in Korean how to read and extend it.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::searchable::Searchable;
use gisa::search::{SearchRequest, SuggestResponse, search, suggest};

/// Cases that the table must have at least; fewer means that lines were lost.
const LEAST: usize = 140;

/// What a case wants, and what there is instead if it is not met.
fn unmet(
    index: &Searchable,
    expected: &str,
    answer: &SuggestResponse,
    suggestion: Option<&str>,
) -> Option<String> {
    let shown: Vec<&str> = answer.completions.iter().map(|completion| completion.text.as_str()).collect();
    for wanted in expected.split(" ; ") {
        let sign = wanted.chars().next().unwrap();
        let text = wanted[sign.len_utf8()..].trim();
        let met = match sign {
            '=' => shown.first() == Some(&text),
            '+' => shown.contains(&text),
            '!' => !shown.contains(&text),
            '→' => answer.correction.as_deref() == Some(text) && suggestion == Some(text),
            '-' => shown.is_empty() && answer.correction.is_none(),
            '0' => shown.is_empty(),
            _ => panic!("{sign:?} says nothing"),
        };
        if !met {
            return Some(format!(
                "not met: {wanted}; offered {shown:?}, {:?}, search: {suggestion:?}",
                answer.correction
            ));
        }
    }
    for completion in &answer.completions {
        let total = searched(index, &completion.text).total;
        if total != completion.count || total == 0 {
            return Some(format!("{} finds {total}, not {}", completion.text, completion.count));
        }
    }
    None
}

fn searched(index: &Searchable, query: &str) -> gisa::search::SearchResponse {
    let request = SearchRequest { query: query.to_owned(), page: 1, ..SearchRequest::default() };
    search(&index.context(), &request).unwrap()
}

#[test]
fn every_case_of_the_table_is_met() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/suggest.tsv");
    let table = fs::read_to_string(path).unwrap();
    let index = Searchable::samples();
    let mut cases = 0;
    let mut failures = String::new();
    for (line, text) in (1..).zip(table.lines()) {
        if text.trim().is_empty() || text.starts_with('#') {
            continue;
        }
        let columns: Vec<&str> = text.split('\t').collect();
        let &[typed, expected, why] = columns.as_slice() else {
            panic!("line {line}: {} columns instead of 3 with tabs between them", columns.len());
        };
        assert!(!expected.is_empty() && !why.is_empty(), "line {line}: a column is empty");
        cases += 1;
        let typed = typed.replace("\\u{202E}", "\u{202E}").replace("\\u{0}", "\0").replace('␣', " ");
        let answer = suggest(&index.context(), &typed, 8).unwrap();
        let suggestion = searched(&index, &typed).suggestion;
        if let Some(unmet) = unmet(&index, expected, &answer, suggestion.as_deref()) {
            writeln!(failures, "line {line}: {typed:?} ({why}): {unmet}").unwrap();
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
    assert!(cases >= LEAST, "only {cases} cases");
}
