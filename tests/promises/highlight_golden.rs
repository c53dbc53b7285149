//! What is marked, case by case, as an editor expects it.
//!
//! The cases stand in `tests/golden/highlights.tsv`, which tells in Korean how to read and extend it.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::searchable::Searchable;
use gisa::search::MarkedText;

/// Stands between title and body of an article.
const TITLE_MARK: char = '‖';

/// Cases that the table must have at least; fewer means that lines were lost.
const LEAST: usize = 120;

/// A line of the table.
struct Case<'t> {
    line: usize,
    /// As written, with escapes.
    query: &'t str,
    /// Title and body with marks, as written.
    expected: &'t str,
    why: &'t str,
}

impl<'t> Case<'t> {
    fn read(line: usize, text: &'t str) -> Option<Self> {
        if text.trim().is_empty() || text.starts_with('#') {
            return None;
        }
        let columns: Vec<&str> = text.split('\t').map(str::trim).collect();
        let &[query, expected, why] = columns.as_slice() else {
            panic!("line {line}: {} columns instead of 3 with tabs between them", columns.len());
        };
        assert!(
            !query.is_empty() && !expected.is_empty() && !why.is_empty(),
            "line {line}: a column is empty"
        );
        Some(Self { line, query, expected, why })
    }

    /// The article's title and body without marks.
    fn article(&self) -> (String, String) {
        let plain = unescaped(self.expected).replace(['⟦', '⟧'], "");
        match plain.split_once(TITLE_MARK) {
            Some((title, body)) => (title.trim().to_owned(), body.trim().to_owned()),
            None => (String::new(), plain),
        }
    }
}

/// `\n`, `\u{…}` and nothing else; a backslash before anything else stays.
fn unescaped(written: &str) -> String {
    let mut text = written.replace("\\n", "\n");
    while let Some((before, after)) = text.split_once("\\u{") {
        let (code, after) = after.split_once('}').unwrap();
        let ch = u32::from_str_radix(code, 16).ok().and_then(char::from_u32).unwrap();
        text = format!("{before}{ch}{after}");
    }
    text
}

/// The text with its marks in brackets, as the table writes it. Marks that are not on character bounds panic here.
fn written(text: &MarkedText) -> String {
    let units: Vec<u16> = text.text.encode_utf16().collect();
    let slice = |from: usize, to: usize| String::from_utf16(&units[from..to]).unwrap();
    let mut out = String::new();
    let mut at = 0;
    for [start, end] in text.marks.iter().map(|mark| mark.map(|unit| unit as usize)) {
        write!(out, "{}⟦{}⟧", slice(at, start), slice(start, end)).unwrap();
        at = end;
    }
    out.push_str(&slice(at, units.len()));
    out.replace('\n', "\\n")
}

#[test]
fn cases_are_marked_as_written_down() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/highlights.tsv");
    let table = fs::read_to_string(&path).unwrap();
    let cases: Vec<Case<'_>> =
        (1..).zip(table.lines()).filter_map(|(line, text)| Case::read(line, text)).collect();
    assert!(cases.len() >= LEAST, "{} cases are left of at least {LEAST}", cases.len());
    for (number, case) in cases.iter().enumerate() {
        let same = |other: &&Case<'_>| other.query == case.query && other.article() == case.article();
        let first = cases.iter().take(number).find(same);
        assert!(first.is_none(), "line {}: the same case stands there twice", case.line);
    }

    let mut articles: Vec<(String, String)> = cases.iter().map(Case::article).collect();
    articles.sort();
    articles.dedup();
    let index = Searchable::of_texts(articles.iter().map(|(title, body)| (title.as_str(), body.as_str())));

    let mut blessed: Vec<String> = table.lines().map(str::to_owned).collect();
    let mut wrong = Vec::new();
    for case in &cases {
        let article = case.article();
        let id = format!("a{}", articles.binary_search(&article).unwrap());
        let query = unescaped(case.query);
        let marked = index.marked(&query, &id);
        assert_eq!((&marked.title.text, &marked.body.text), (&article.0, &article.1), "line {}", case.line);
        let body = written(&marked.body);
        let found = if article.0.is_empty() {
            body
        } else {
            format!("{} {TITLE_MARK} {body}", written(&marked.title))
        };
        if found != case.expected {
            wrong.push(format!(
                "{}: {} ({})\n    expected {}\n    marked   {found}",
                case.line, case.query, case.why, case.expected
            ));
            blessed[case.line - 1] = format!("{}\t{found}\t{}", case.query, case.why);
        }
        // The same body as a text that is not in the index.
        let outside = index.outside(&query, &article.1);
        assert_eq!(written(&outside), written(&marked.body), "line {}: {}", case.line, case.query);
    }
    if wrong.is_empty() {
        return;
    }
    if std::env::var_os("GISA_BLESS").is_some() {
        fs::write(&path, blessed.join("\n") + "\n").unwrap();
        eprintln!("wrote {}: read the difference before you commit it", path.display());
        return;
    }
    panic!("{} of {} cases are marked otherwise\n  {}", wrong.len(), cases.len(), wrong.join("\n  "));
}
