//! An index of an earlier release serves at once, and the next one is built beside it.

use std::fs;
use std::path::Path;

use crate::newsroom::{Newsroom, TOKEN, with_query};
use crate::program::{Process, gisa};
use gisa::index::IndexFolder;
use serde_json::{Value, json};

/// Copies a folder of files, hidden ones too.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A newsroom as the earlier release left it.
fn newsroom() -> Newsroom {
    let before = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/index-before");
    let newsroom = Newsroom::configured("");
    copy(&before.join("articles"), &newsroom.articles_dir());
    let current = fs::read_to_string(before.join("CURRENT")).unwrap();
    copy(&before.join("generation"), &newsroom.index_dir().join(current.trim()));
    fs::copy(before.join("CURRENT"), newsroom.index_dir().join("CURRENT")).unwrap();
    newsroom
}

fn ids(process: &Process, query: &str) -> Vec<String> {
    let url = process.url(&with_query("/api/search", &[("q", query)]));
    let answer: Value = process.client.get(url).send().unwrap().json().unwrap();
    let hits = answer["hits"].as_array().unwrap_or_else(|| panic!("{query}: {answer}"));
    hits.iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn an_index_of_an_earlier_release_serves_until_the_next_one_is_built_beside_it() {
    let newsroom = newsroom();
    let mut process = Process::start(newsroom.path(), None);
    let ready = process.wait_until_ready().unwrap();
    assert_eq!(ready["out_of_date"], "it was built by another version of the analyzer", "{ready}");
    assert_eq!((&ready["articles"], &ready["damage"]), (&json!(3), &Value::Null), "{ready}");
    assert_eq!(ids(&process, "도서관"), ["old-1"]);
    assert_eq!(ids(&process, "들꽃 축제"), ["old-4"]);
    assert_eq!(ids(&process, "누리전자"), [""; 0], "it was deleted");
    let facet =
        process.client.get(process.url("/api/facets/outlet")).send().unwrap().json::<Value>().unwrap();
    assert_eq!(facet["total"], 3, "{facet}");

    // What it does not keep, it says.
    let quotes = process.client.get(process.url("/api/quotes")).send().unwrap();
    assert_eq!(quotes.status().as_u16(), 503);
    assert_eq!(quotes.json::<Value>().unwrap()["code"], "reindex_due");

    // It takes articles still.
    let article =
        json!({"title": "한미 축제", "body": "해오름동에서 축제가 열린다.", "url": "https://a.example/5"});
    let put = process.client.put(process.url("/api/articles/old-5?refresh=true")).bearer_auth(TOKEN);
    assert!(put.json(&article).send().unwrap().status().is_success());
    assert_eq!(ids(&process, "축제").len(), 2);

    let next = newsroom.path().join("next");
    let output = gisa(newsroom.path()).args(["reindex", "--into"]).arg(&next).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let (ended, log) = process.terminate();
    assert!(ended.success(), "{log}");

    let built = IndexFolder::new(next.clone()).unwrap().current().unwrap().unwrap();
    let mut command = gisa(newsroom.path());
    command.env("GISA_INDEX_DIR", &next);
    let mut process = Process::start_by(command, None);
    let ready = process.wait_until_ready().unwrap();
    assert_eq!((&ready["generation"], &ready["out_of_date"]), (&json!(built), &Value::Null), "{ready}");
    assert_eq!(ids(&process, "축제").len(), 2);
    // What only the analysis of today finds.
    assert!(ids(&process, "한미").contains(&"old-3".to_owned()));
    process.kill();
}
