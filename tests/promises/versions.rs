//! What an article said before it was pushed again can be read and compared, and searches know the present text alone.

use std::path::Path;

use crate::newsroom::{Newsroom, TOKEN, TestServer};
use gisa::service::backup::{BackupOptions, backup, restore_in_place};
use gisa::service::{Access, Service};
use serde_json::{Value, json};

const ID: &str = "b-1";

fn article(body: &str) -> Value {
    json!({"id": ID, "title": "새 다리 개통", "body": body, "outlet": "새벽신문", "published_at": "2026-03-02T09:00:00+09:00"})
}

fn put(server: &TestServer, article: &Value) {
    let path = format!("/api/articles/{}?refresh=true", article["id"].as_str().unwrap());
    let answer = server.send(server.request("PUT", &path).bearer_auth(TOKEN).json(article));
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.json()["searchable"], true);
}

fn bodies(server: &TestServer) -> Vec<String> {
    let versions = server.json("/api/articles/b-1/versions");
    let body = |version: &Value| version["article"]["body"].as_str().unwrap().to_owned();
    versions["versions"].as_array().unwrap().iter().map(body).collect()
}

/// A newsroom whose file holds the article as it was first printed.
fn printed() -> TestServer {
    TestServer::start_with(Newsroom::new(&[article("다리는 12일 열린다.")]), |file| {
        file.index.journal_file_mb = 0.01;
        file.versions.keep = 3;
    })
}

#[test]
fn an_article_that_was_never_corrected_has_one_text_and_says_nothing() {
    let server = printed();
    let versions = server.json("/api/articles/b-1/versions");
    assert_eq!((&versions["id"], &versions["corrected_at"]), (&json!(ID), &Value::Null));
    assert_eq!(bodies(&server), ["다리는 12일 열린다."]);
    put(&server, &article("다리는 12일 열린다."));
    let mut again = article("다리는 12일 열린다.");
    again["comments"] = 3.into();
    put(&server, &again);
    assert_eq!(bodies(&server).len(), 1, "the same text, sent again, is no correction");
    assert!(server.json("/api/articles/b-1").get("corrected_at").is_none());
    assert!(server.search(&[("q", "다리")])["hits"][0].get("corrected_at").is_none());
    server.get("/api/articles/none/versions").problem(404, "article_not_found");
    server.get("/api/articles/b-1/compare").problem(404, "version_not_found");
}

#[test]
fn what_a_file_and_each_push_said_is_kept_and_the_present_text_alone_is_found() {
    let server = printed();
    put(&server, &article("다리는 15일 열린다."));
    put(&server, &article("다리는 20일 열린다."));
    assert_eq!(bodies(&server), ["다리는 20일 열린다.", "다리는 15일 열린다.", "다리는 12일 열린다."]);
    let answer = server.json("/api/articles/b-1/versions");
    let versions = answer["versions"].as_array().unwrap();
    assert_eq!((&versions[0]["until"], &versions[2]["since"]), (&Value::Null, &Value::Null));
    assert_eq!(answer["earlier_dropped"], false, "the last is the first that was published");
    for pair in versions.windows(2) {
        assert_eq!(pair[0]["since"], pair[1]["until"]);
        assert_ne!(pair[0]["version"], pair[1]["version"]);
    }
    let corrected = &answer["corrected_at"];
    assert!(corrected.is_string() && *corrected == versions[0]["since"], "{answer}");
    assert_eq!(server.json("/api/articles/b-1")["corrected_at"], *corrected);
    let found = server.search(&[("q", "다리")]);
    assert_eq!((&found["total"], &found["hits"][0]["corrected_at"]), (&json!(1), corrected));
    assert_eq!(server.json("/api/lookup?q=b-1")["hits"][0]["corrected_at"], *corrected);
    assert_eq!(server.search(&[("q", "\"15일 열린다\"")])["total"], 0, "an earlier text is not found");
    assert_eq!(server.search(&[("q", "\"20일 열린다\"")])["total"], 1);

    // Beyond what is kept the oldest go; files of the journal are compacted meanwhile.
    for day in 21..60 {
        put(&server, &article(&format!("다리는 {day}일째 닫혀 있다. {}", "속보다. ".repeat(40))));
    }
    let kept = bodies(&server);
    assert_eq!(kept.len(), 4, "the present one and three before it: {kept:?}");
    assert!(kept[0].contains("59일째") && kept[3].contains("56일째"), "{kept:?}");
    let dropped = |server: &TestServer| server.json("/api/articles/b-1/versions")["earlier_dropped"].clone();
    assert_eq!(dropped(&server), true, "the last is not the first that was published");
    // They survive a restart and a reindex.
    let server = server.restart();
    assert_eq!(bodies(&server), kept);
    assert_eq!(dropped(&server), true);
    let job = server.admin("POST", "/api/admin/reindex").json();
    server.wait_for(job["job"]["id"].as_str().unwrap());
    assert_eq!(bodies(&server), kept);
}

#[test]
fn a_deletion_removes_all_of_them() {
    let server = printed();
    put(&server, &article("다리는 15일 열린다."));
    assert_eq!(server.admin("DELETE", "/api/articles/b-1?refresh=true").status, 200);
    server.get("/api/articles/b-1/versions").problem(404, "article_not_found");
    assert_eq!(files(&server.newsroom.articles_dir().join("pushed/versions")), 0);
    put(&server, &article("다리는 다시 열린다."));
    assert_eq!(bodies(&server), ["다리는 다시 열린다."]);
}

/// Files below a folder.
fn files(folder: &Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.map(|path| if path.is_dir() { files(&path) } else { 1 }).sum()
}

#[test]
fn a_text_that_was_replaced_before_it_was_searchable_is_kept_too() {
    let server = printed();
    let lines: String =
        (1..4).map(|day| format!("{}\n", article(&format!("다리는 {day}일 열린다.")))).collect();
    let post = server.request("POST", "/api/articles?refresh=true").bearer_auth(TOKEN);
    let answer = server.send(post.header("content-type", "application/x-ndjson").body(lines));
    assert_eq!(answer.json()["accepted"], 3);
    assert_eq!(
        bodies(&server),
        ["다리는 3일 열린다.", "다리는 2일 열린다.", "다리는 1일 열린다.", "다리는 12일 열린다."]
    );
}

#[test]
fn they_are_in_backups_and_come_back() {
    let server = printed();
    put(&server, &article("다리는 15일 열린다."));
    let kept = bodies(&server);
    let config = server.service.config().clone();
    let newsroom = server.into_newsroom();
    let to = newsroom.path().join("backup");
    backup(&config, &to, BackupOptions::default()).unwrap();
    std::fs::remove_dir_all(newsroom.articles_dir().join("pushed")).unwrap();
    restore_in_place(&to, &config).unwrap();
    let service = Service::open(config, Access::Write).unwrap();
    service.reindex(&gisa::index::Progress::default()).unwrap();
    let server = TestServer::serve(newsroom, service);
    server.wait_until_ready();
    assert_eq!(bodies(&server), kept);
    // Numbers go on after those of the texts: the next correction is kept as well.
    put(&server, &article("다리는 열리지 않는다."));
    assert_eq!(bodies(&server).len(), 3);
}

#[test]
fn nothing_is_kept_where_it_is_turned_off() {
    let server = TestServer::start_with(Newsroom::new(&[article("다리는 12일 열린다.")]), |file| {
        file.versions.keep = 0
    });
    put(&server, &article("다리는 15일 열린다."));
    assert_eq!(bodies(&server), ["다리는 15일 열린다."]);
    assert_eq!(files(&server.newsroom.articles_dir().join("pushed/versions")), 0);
}

#[test]
fn a_comparison_shows_sentences_and_words() {
    let server = printed();
    put(&server, &article("다리는 15일 열린다. 차는 다니지 못한다."));
    put(&server, &article("다리는 20일 열린다. 배는 다닌다."));
    let compared = server.json("/api/articles/b-1/compare");
    assert_eq!(compared["counts"], json!({"same": 0, "added": 1, "dropped": 1, "changed": 1}), "{compared}");
    let changed = &compared["body"][0];
    assert_eq!(changed["change"], "changed");
    assert_eq!(
        changed["words"],
        json!([
            {"change": "same", "text": "다리는 "}, {"change": "dropped", "text": "15일"},
            {"change": "added", "text": "20일"}, {"change": "same", "text": " 열린다."},
        ])
    );
    assert_eq!(compared["title"]["change"], "same");
    assert_eq!((&compared["later"]["until"], &compared["earlier"]["id"]), (&Value::Null, &json!(ID)));
    let versions = server.json("/api/articles/b-1/versions");
    let oldest = versions["versions"][2]["version"].as_str().unwrap();
    let compared = server.json(&format!("/api/articles/b-1/compare?version={oldest}"));
    assert_eq!(compared["earlier"]["version"], oldest);
    assert_eq!(compared["earlier"]["until"], versions["versions"][2]["until"]);
    server.get("/api/articles/b-1/compare?version=000000000000").problem(404, "version_not_found");

    // Another article: the one that was published first comes first, from whichever side it is asked.
    let reprint = json!({"id": "c-1", "title": "새 다리 개통", "body": "다리는 20일 열린다. 배는 다닌다. 온새미통신이 전했다.",
        "outlet": "온새미통신", "published_at": "2026-03-02T10:00:00+09:00"});
    put(&server, &reprint);
    for path in ["/api/articles/c-1/compare?with=b-1", "/api/articles/b-1/compare?with=c-1"] {
        let compared = server.json(path);
        assert_eq!((&compared["earlier"]["id"], &compared["later"]["id"]), (&json!("b-1"), &json!("c-1")));
        assert_eq!(
            compared["counts"],
            json!({"same": 2, "added": 1, "dropped": 0, "changed": 0}),
            "{compared}"
        );
    }
    let compared = server.json(&format!("/api/articles/c-1/compare?with=b-1&version={oldest}"));
    assert_eq!(compared["earlier"]["version"], oldest);
    server.get("/api/articles/b-1/compare?with=nobody").problem(404, "article_not_found");
    server.get("/api/articles/b-1/compare?against=c-1").problem(400, "unknown_parameter");
}

#[test]
fn a_comparison_is_bounded_and_says_so() {
    let server = printed();
    let long = |word: &str| json!({"title": word.repeat(200_000), "body": format!("{word} 본문. ").repeat(100_000), "reporters": vec!["한서리"; 500]});
    for (id, word) in [("long-1", "거대"), ("long-2", "장대")] {
        let request = server.request("PUT", &format!("/api/articles/{id}?refresh=true")).bearer_auth(TOKEN);
        assert_eq!(server.send(request.json(&long(word))).status, 200);
    }
    let answer = server.get("/api/articles/long-1/compare?with=long-2");
    assert_eq!((answer.status, &answer.json()["cut"]), (200, &json!(true)));
    assert!(answer.text.len() < 8_000_000, "{} bytes", answer.text.len());
    let entry = server.get("/feed.atom?q=%EA%B1%B0%EB%8C%80*&size=10");
    assert!(entry.status == 200 && entry.text.len() < 100_000, "{} bytes", entry.text.len());
}
