//! Pairs of a query and an article that a newsroom agrees on: found, or not found.
//!
//! The pairs stand in `tests/pairs.tsv`, which tells in Korean how to read and extend it. All its articles are put
//! into one index, so each query must find its article, or pass it by, among all the others.

use std::fs;
use std::path::Path;

use crate::searchable::Searchable;
use gisa::search::{SearchRequest, Sort, search};

/// Stands between title and body of an article.
const TITLE_MARK: char = '‖';

/// Pairs that the table must have at least; fewer means that lines were lost.
const LEAST: usize = 230;

/// What the first column says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expectation {
    /// `찾음`: the query finds the article.
    Found,
    /// `못찾음`: the query does not find the article.
    NotFound,
    /// `미결-찾음`, `미결-못찾음`: what would be right, but is not so yet; counted and printed, never a failure.
    Open {
        /// Whether it ought to be found.
        found: bool,
    },
}

impl Expectation {
    fn read(column: &str) -> Option<Self> {
        match column {
            "찾음" => Some(Self::Found),
            "못찾음" => Some(Self::NotFound),
            "미결-찾음" => Some(Self::Open { found: true }),
            "미결-못찾음" => Some(Self::Open { found: false }),
            _ => None,
        }
    }
}

/// A line of the table.
struct Pair<'t> {
    line: usize,
    expectation: Expectation,
    query: &'t str,
    article: &'t str,
    why: &'t str,
}

/// The table's pairs, or what is wrong with its lines.
fn read(table: &str) -> Result<Vec<Pair<'_>>, Vec<String>> {
    let mut pairs: Vec<Pair<'_>> = Vec::new();
    let mut wrong = Vec::new();
    for (line, text) in table.lines().enumerate().map(|(index, text)| (index + 1, text)) {
        if text.trim().is_empty() || text.starts_with('#') {
            continue;
        }
        let columns: Vec<&str> = text.split('\t').map(str::trim).collect();
        let &[expectation, query, article, why] = columns.as_slice() else {
            wrong.push(format!("{line}: {} columns instead of 4 with tabs between them", columns.len()));
            continue;
        };
        let Some(expectation) = Expectation::read(expectation) else {
            wrong.push(format!(
                "{line}: `{expectation}` is neither 찾음 nor 못찾음 (nor 미결-찾음, 미결-못찾음)"
            ));
            continue;
        };
        if query.is_empty() || article.is_empty() || why.is_empty() {
            wrong.push(format!("{line}: query, article and reason must all be there"));
            continue;
        }
        if let Some(first) = pairs.iter().find(|pair| pair.query == query && pair.article == article) {
            wrong.push(format!("{line}: the same pair stands in line {}", first.line));
            continue;
        }
        pairs.push(Pair { line, expectation, query, article, why });
    }
    if wrong.is_empty() { Ok(pairs) } else { Err(wrong) }
}

/// Title and body of an article of the table.
fn title_and_body(article: &str) -> (&str, &str) {
    match article.split_once(TITLE_MARK) {
        Some((title, body)) => (title.trim(), body.trim()),
        None => ("", article),
    }
}

/// Ids of all articles that hold what `query` asks for. An answer that had to drop words counts as none.
fn found(index: &Searchable, query: &str) -> Vec<String> {
    let mut ids = Vec::new();
    for page in 1.. {
        let request = SearchRequest {
            query: query.to_owned(),
            sort: Some(Sort::Newest),
            size: 100,
            page,
            ..SearchRequest::default()
        };
        let answer = search(&index.context(), &request).unwrap_or_else(|error| panic!("{query:?}: {error}"));
        if answer.relaxed {
            return Vec::new();
        }
        ids.extend(answer.hits.iter().map(|hit| hit.id.to_string()));
        if answer.next_cursor.is_none() {
            break;
        }
    }
    ids
}

#[test]
fn every_pair_is_as_the_newsroom_expects() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pairs.tsv");
    let table = fs::read_to_string(&path).unwrap();
    let pairs = read(&table).unwrap_or_else(|wrong| panic!("tests/pairs.tsv:\n{}", wrong.join("\n")));
    assert!(pairs.len() >= LEAST, "only {} pairs in tests/pairs.tsv", pairs.len());

    let mut articles: Vec<&str> = pairs.iter().map(|pair| pair.article).collect();
    articles.sort_unstable();
    articles.dedup();
    let index = Searchable::of_texts(articles.iter().map(|article| title_and_body(article)));

    let mut failures = Vec::new();
    let mut open = 0;
    for pair in &pairs {
        let number = articles.binary_search(&pair.article).unwrap();
        let is_found = found(&index, pair.query).contains(&format!("a{number}"));
        let said = format!(
            "{}: {:?} {} {:?} ({})",
            pair.line,
            pair.query,
            if is_found { "finds" } else { "misses" },
            pair.article,
            pair.why
        );
        match pair.expectation {
            Expectation::Found if is_found => {}
            Expectation::NotFound if !is_found => {}
            Expectation::Found | Expectation::NotFound => failures.push(said),
            Expectation::Open { found } => {
                open += 1;
                let settled = if found == is_found { " — settled, strike out 미결-" } else { "" };
                eprintln!("미결 {said}{settled}");
            }
        }
    }
    eprintln!("{} pairs, {} articles, {open} 미결", pairs.len(), articles.len());
    assert!(
        failures.is_empty(),
        "{} of {} pairs fail:\n{}",
        failures.len(),
        pairs.len(),
        failures.join("\n")
    );
}

#[test]
fn bad_lines_of_the_table_are_named() {
    let table =
        "# 설명\n찾음\t가\t나\n있음\t가\t나\t다\n찾음\t\t나\t다\n찾음\t가\t나\t다\n못찾음\t가\t나\t라\n";
    let wrong = read(table).err().unwrap_or_default();
    let lines: Vec<&str> = wrong.iter().filter_map(|wrong| wrong.split(':').next()).collect();
    assert_eq!(lines, ["2", "3", "4", "6"]);
}

#[test]
fn what_readers_reported_is_mended() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reported-pairs.tsv");
    let table = fs::read_to_string(&path).unwrap();
    let mut pairs: Vec<(String, String, bool, String)> = Vec::new();
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let columns: Vec<&str> = line.split('\t').collect();
        let &[query, article, must, kind] = columns.as_slice() else { panic!("four columns: {line}") };
        pairs.push((query.to_owned(), article.replace("\\n", "\n"), must == "yes", kind.to_owned()));
    }
    assert!(pairs.len() >= 260, "only {} pairs", pairs.len());
    let mut open: Vec<String> = Vec::new();
    let mut articles: Vec<&str> = pairs.iter().map(|(_, article, ..)| article.as_str()).collect();
    articles.sort_unstable();
    articles.dedup();
    let index = Searchable::of_texts(articles.iter().map(|article| title_and_body(article)));
    for (query, article, must, kind) in &pairs {
        let number = articles.binary_search(&article.as_str()).unwrap();
        let is_found = found(&index, query).contains(&format!("a{number}"));
        if is_found != *must {
            open.push(format!("{kind}: {query:?} {} {article:?}", if is_found { "finds" } else { "misses" }));
        }
    }
    open.sort();
    eprintln!(
        "{} of {} reported pairs hold; not:\n{}",
        pairs.len() - open.len(),
        pairs.len(),
        open.join("\n")
    );
    assert!(open.is_empty(), "{} pairs do not hold:\n{}", open.len(), open.join("\n"));
}
