//! Asking a server, and reading what it answers.

use serde_json::Value;

use crate::newsroom::TestServer;

/// Parameters of a search as they are written down.
pub type Parameters<'a> = Vec<(&'a str, &'a str)>;

/// Owned parameters as borrowed ones, with more behind them.
pub fn with<'a>(own: &'a [(&'static str, String)], more: &[(&'a str, &'a str)]) -> Parameters<'a> {
    let own = own.iter().map(|(name, value)| (*name, value.as_str()));
    own.chain(more.iter().copied()).collect()
}

/// The ids of an answer's hits, in their order.
pub fn ids(answer: &Value) -> Vec<String> {
    let hits = answer["hits"].as_array().unwrap();
    hits.iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect()
}

/// In ascending order.
pub fn sorted(mut ids: Vec<String>) -> Vec<String> {
    ids.sort();
    ids
}

/// All ids that a search finds, in its order: page after page, each asked for by the cursor of the one before. What a page
/// says beside its hits must not change on the way.
pub fn walk(server: &TestServer, parameters: &[(&str, &str)], size: usize) -> Vec<String> {
    let size = size.to_string();
    let mut cursor: Option<String> = None;
    let mut walked = Vec::new();
    let mut first: Option<Value> = None;
    loop {
        let mut asked = [parameters, &[("size", &size), ("highlight", "false")]].concat();
        if let Some(cursor) = &cursor {
            asked.push(("cursor", cursor));
        }
        let answer = server.search(&asked);
        let first = first.get_or_insert_with(|| answer.clone());
        for same in ["total", "relaxed", "facets", "query"] {
            assert_eq!(answer[same], first[same], "{same} moved on the way: {parameters:?}");
        }
        walked.extend(ids(&answer));
        match answer["next_cursor"].as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => return walked,
        }
        assert!(walked.len() < 10_000, "the walk does not end: {parameters:?}");
    }
}

/// The same, page by page.
pub fn pages(server: &TestServer, parameters: &[(&str, &str)], size: usize) -> Vec<String> {
    let size = size.to_string();
    let mut paged = Vec::new();
    for page in 1.. {
        let page = page.to_string();
        let asked = [parameters, &[("size", &size), ("page", &page), ("highlight", "false")]].concat();
        let answer = server.search(&asked);
        paged.extend(ids(&answer));
        if answer["next_cursor"].is_null() {
            break;
        }
    }
    paged
}

/// The pieces of a text that its marks cover; marks are in UTF-16 code units.
pub fn marked(text: &Value) -> Vec<String> {
    let units: Vec<u16> = text["text"].as_str().unwrap().encode_utf16().collect();
    let marks: Vec<[usize; 2]> = serde_json::from_value(text["marks"].clone()).unwrap();
    assert!(marks.iter().all(|[start, end]| start < end), "marks are not empty: {text}");
    assert!(marks.windows(2).all(|pair| pair[0][1] < pair[1][0]), "marks are ordered and apart: {text}");
    marks.into_iter().map(|[start, end]| String::from_utf16(&units[start..end]).unwrap()).collect()
}
