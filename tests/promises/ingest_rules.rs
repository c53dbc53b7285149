//! Promise: files whose keys nobody could guess come in by a rule of `[[ingest]]`, and a rule that does nothing says so.

use std::fs;
use std::path::Path;

use gisa::config::ConfigFile;
use gisa::service::JobState;
use serde_json::{Value, json};

use crate::newsroom::{Newsroom, TestServer, articles};

const RULES: &str = r#"
[[ingest]]
files = "naver/Article_*"
header = false
columns = ["date", "section", "outlet", "title", "body", "-"]

[[ingest]]
files = "corpus/**/*.json"
records = "export.document"
id = "no"
title = ["head.main", "head.sub"]
body = "paragraph[1:].form"
outlet = "metadata.press"
published_at = "metadata.day"
section = "metadata.sectoin"

[[ingest]]
files = "bigkinds/*"
skip = { "분석제외 여부" = ["중복", "예외"] }

[[ingest]]
files = "town/*.jsonl"
outlet_default = "마을소식"
encoding = "utf-16le"

[[ingest]]
files = "nowhere/*.csv"
outlet_default = "없는신문"
"#;

/// A newsroom with a file for each rule.
fn newsroom() -> Newsroom {
    let newsroom = Newsroom::new(&articles());
    let write = |name: &str, bytes: &[u8]| {
        let path = newsroom.articles_dir().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    let table = "20240305\t사회\t가람일보\t\"가온시, 버스 늘린다\"\t가온시가 다음 달부터 버스를 늘린다.\thttps://a.example/1\n\
                 20240306\t경제\t너울경제\t누리전자 새 공장\t누리전자가 새 공장을 짓는다.\thttps://a.example/2\n";
    let (cp949, _, lost) = encoding_rs::EUC_KR.encode(table);
    assert!(!lost);
    write("naver/Article_1.csv", &cp949);
    // A .txt is a page, but for the rule.
    write("naver/Article_2.txt", table.replace('\t', ";").replace("늘린다", "줄인다").as_bytes());
    let document = |no: u64, title: Value| {
        json!({"no": no, "head": title, "metadata": {"press": "새벽신문", "day": "20180305", "page": 3},
               "paragraph": [{"form": "부제"}, {"form": "해오름시가 도서관을 연다."}, {"form": "다음 달이다."}]})
    };
    let export = json!({"about": "말뭉치", "export": {"n": 2, "document": [
        document(9_007_199_254_740_993, json!({"main": "도서관 문 연다"})),
        document(2, json!({"main": "-", "sub": "작은 도서관"})),
    ]}});
    write("corpus/2018/a.json", export.to_string().as_bytes());
    write("corpus/other.json", json!({"documents": []}).to_string().as_bytes());
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/samples/bigkinds");
    write("bigkinds/a.xlsx", &fs::read(sample.join("NewsResult_20240301-20240307.xlsx")).unwrap());
    let line = json!({"id": "t-1", "title": "장터가 열린다", "body": "토요일이다."}).to_string();
    let utf16: Vec<u8> = line.encode_utf16().flat_map(u16::to_le_bytes).collect();
    write("town/a.jsonl", &utf16);
    newsroom
}

#[test]
fn every_rule_brings_in_its_files_and_says_what_no_record_had() {
    let server = TestServer::start_with(newsroom(), |file| {
        file.ingest = ConfigFile::parse(RULES, Path::new("config.toml")).unwrap().ingest;
    });
    let answer = server.admin("POST", "/api/admin/reindex");
    let job = server.wait_for(answer.json()["job"]["id"].as_str().unwrap());
    assert_eq!(job.state, JobState::Succeeded);
    let job = server.admin("GET", &format!("/api/admin/jobs/{}", job.id)).json()["job"].clone();
    let file = |name: &str| {
        let files = job["files"].as_array().unwrap();
        files.iter().find(|file| file["file"] == name).unwrap_or_else(|| panic!("{name} in {job}")).clone()
    };

    for (name, format) in [("naver/Article_1.csv", "tsv"), ("naver/Article_2.txt", "csv")] {
        let file = file(name);
        assert_eq!(
            (&file["format"], &file["articles"], &file["refused"]),
            (&json!(format), &json!(2), &json!(0)),
            "{file}"
        );
    }
    let found = server.search(&[("q", "가온시 버스"), ("outlet", "가람일보"), ("section", "사회")]);
    assert_eq!(found["total"], 2, "{found}");

    let corpus = file("corpus/2018/a.json");
    assert_eq!((&corpus["articles"], &corpus["refused_by"]), (&json!(2), &json!({"missing_path": 1})));
    assert_eq!(corpus["fields"]["title"], "head.main, head.sub");
    assert_eq!(corpus["fields"]["body"], "paragraph[1:].form");
    let article = server.json("/api/articles/9007199254740993");
    assert_eq!(article["title"], "도서관 문 연다");
    assert_eq!(article["body"], "해오름시가 도서관을 연다.\n다음 달이다.");
    assert_eq!(article["outlet"], "새벽신문");
    assert!(article["published_at"].as_str().unwrap().starts_with("2018-03-05"), "{article}");
    // What no path took stays.
    assert_eq!(article["metadata"], json!({"page": 3}), "{article}");
    assert_eq!(article["paragraph"], json!([{"form": "부제"}, {}, {}]), "{article}");
    assert_eq!(server.json("/api/articles/2")["title"], "작은 도서관");
    let refused: Vec<String> = job["refusals"].as_array().unwrap().iter().map(Value::to_string).collect();
    let said = |words: &[&str]| refused.iter().any(|refusal| words.iter().all(|word| refusal.contains(word)));
    assert!(said(&["corpus/2018/a.json", "metadata.sectoin", "section of [[ingest]]"]), "{refused:?}");
    assert!(said(&["corpus/other.json", "export.document", "documents"]), "{refused:?}");

    let table = file("bigkinds/a.xlsx");
    assert_eq!((&table["articles"], &table["skipped_by"]), (&json!(2), &json!({"configured": 2})), "{table}");

    let town = server.json("/api/articles/t-1");
    assert_eq!((&town["outlet"], &town["title"]), (&json!("마을소식"), &json!("장터가 열린다")));
    assert_eq!(file("town/a.jsonl")["fields"]["outlet"], "outlet_default");
}

#[test]
fn a_rule_beside_a_file_that_cannot_be_read_refuses_the_file() {
    let newsroom = Newsroom::new(&articles());
    newsroom.write("table.csv", "20240305,가온시 소식,비가 온다.\n");
    newsroom.write("table.csv.ingest.toml", "colums = [\"date\", \"title\", \"body\"]\n");
    let server = TestServer::start_with(newsroom, |_| {});
    let answer = server.admin("POST", "/api/admin/reindex");
    let job = server.wait_for(answer.json()["job"]["id"].as_str().unwrap());
    let job = server.admin("GET", &format!("/api/admin/jobs/{}", job.id)).json()["job"].clone();
    assert_eq!(job["refused"], 1, "{job}");
    let refusal = job["refusals"][0].to_string();
    assert!(refusal.contains("table.csv.ingest.toml") && refusal.contains("colums"), "{refusal}");
}
