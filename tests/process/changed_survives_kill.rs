//! A changed run that dies leaves the index and its own book of files, whichever step it dies at: it has taken all or nothing, and the
//! next one puts right what is left, also where the files have changed again meanwhile.
#![cfg(debug_assertions)]

use std::collections::BTreeMap;
use std::fs;

use crate::newsroom::{Newsroom, TestServer, lines};
use crate::program::{gisa, run};
use gisa::faults::FaultPoint;
use gisa::service::{Access, Service};
use serde_json::{Value, json};

fn article(id: &str, title: &str) -> Value {
    json!({"id": id, "title": title, "body": "가람시 소식이다.", "outlet": "새벽신문"})
}

/// Every article's title, by id.
fn titles(newsroom: Newsroom) -> (Newsroom, BTreeMap<String, String>) {
    let service = Service::open(newsroom.config(|_| {}), Access::Write).unwrap();
    service.verify_serving().unwrap();
    assert_eq!(service.damage(), None);
    let server = TestServer::serve(newsroom, service);
    let found = server.search(&[("q", ""), ("size", "100")]);
    let hit =
        |hit: &Value| (hit["id"].as_str().unwrap().to_owned(), hit["title"].as_str().unwrap().to_owned());
    let titles: BTreeMap<String, String> = found["hits"].as_array().unwrap().iter().map(hit).collect();
    assert_eq!(found["total"], titles.len());
    (server.into_newsroom(), titles)
}

fn expected(titles: &[(&str, &str)]) -> BTreeMap<String, String> {
    titles.iter().map(|(id, title)| ((*id).to_owned(), (*title).to_owned())).collect()
}

#[test]
fn a_changed_run_takes_all_or_nothing_wherever_it_dies() {
    let points = [
        FaultPoint::WriteBook,
        FaultPoint::IndexCommit,
        FaultPoint::IndexCommitted,
        FaultPoint::IndexOpen,
        FaultPoint::IndexWrite,
        FaultPoint::IndexFinishFile,
        FaultPoint::IndexReplaceFile,
        FaultPoint::IndexSyncFolder,
    ];
    for (point, times) in points.into_iter().flat_map(|point| [(point, 1), (point, 3)]) {
        let when = format!("{} for the {times}. time", point.name());
        let mut newsroom = Newsroom::configured("niceness = 0\n");
        newsroom.write("first.jsonl", "");
        let of = |articles: &[(&str, &str)]| {
            lines(&articles.iter().map(|(id, title)| article(id, title)).collect::<Vec<_>>())
        };
        newsroom.write("a.jsonl", &of(&[("x1", "가"), ("x2", "나"), ("x3", "다")]));
        newsroom.write("b.jsonl", &of(&[("x2", "나 고침"), ("x4", "라")]));
        newsroom.write("c.jsonl", &of(&[("x5", "마")]));
        assert!(run(newsroom.path(), &["reindex"]).status.success());
        let before = expected(&[("x1", "가"), ("x2", "나 고침"), ("x3", "다"), ("x4", "라"), ("x5", "마")]);

        newsroom.write("a.jsonl", &of(&[("x1", "가 고침"), ("x2", "나"), ("x3", "다")]));
        fs::remove_file(newsroom.articles_dir().join("b.jsonl")).unwrap();
        newsroom.write("d.jsonl", &of(&[("x3", "다 고침"), ("x6", "바")]));
        let after =
            expected(&[("x1", "가 고침"), ("x2", "나"), ("x3", "다 고침"), ("x5", "마"), ("x6", "바")]);
        let fault = format!("kill:{}:{times}", point.name());
        let died =
            gisa(newsroom.path()).args(["reindex", "--changed"]).env("GISA_FAULT", fault).output().unwrap();
        let found;
        (newsroom, found) = titles(newsroom);
        if died.status.success() {
            assert!(times > 1, "nobody died at {when}");
            assert_eq!(found, after, "{when}");
        }
        assert!(found == before || found == after, "{when}: {found:?}");

        // What the dead run may have brought goes with its file, and what that hid comes back.
        fs::remove_file(newsroom.articles_dir().join("d.jsonl")).unwrap();
        let done = run(newsroom.path(), &["reindex", "--changed"]);
        assert!(done.status.success(), "{when}: {}", String::from_utf8_lossy(&done.stderr));
        let found;
        (newsroom, found) = titles(newsroom);
        assert_eq!(found, expected(&[("x1", "가 고침"), ("x2", "나"), ("x3", "다"), ("x5", "마")]), "{when}");
        let checked = run(newsroom.path(), &["check"]);
        assert!(checked.status.success(), "{when}: {}", String::from_utf8_lossy(&checked.stdout));
    }
}
