//! With `[ingest] watch` a file is searchable soon after it has arrived, and what goes is gone, without anybody asking for it.

use std::fs;
use std::io::Write;
use std::time::{Duration, Instant, SystemTime};

use crate::newsroom::{Newsroom, TestServer, articles, lines};
use gisa::service::JobKind;
use serde_json::{Value, json};

/// Nothing that is waited for takes so long, on any machine.
const PATIENCE: Duration = Duration::from_secs(120);

fn watched(articles: &[Value]) -> TestServer {
    let newsroom = Newsroom::new(articles);
    // Not just written: what stands still is not read again.
    let file = fs::File::options().write(true).open(newsroom.articles_dir().join("first.jsonl")).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(600)).unwrap();
    TestServer::start_with(newsroom, |file| {
        file.ingest.watch = true;
        file.ingest.poll_s = 5;
    })
}

fn total(server: &TestServer, query: &str) -> u64 {
    server.search(&[("q", query)])["total"].as_u64().unwrap()
}

fn until(what: &str, holds: impl Fn() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < PATIENCE, "{what}: it never came to that");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn article(id: &str, title: &str) -> Value {
    json!({"id": id, "title": title, "body": "바다에서 본 이야기다."})
}

#[test]
fn what_arrives_is_found_and_what_goes_is_gone() {
    let server = watched(&articles());
    let write =
        |name: &str, id: &str, title: &str| server.newsroom.write(name, &lines(&[article(id, title)]));
    let at = |name: &str| server.newsroom.articles_dir().join(name);
    write("new.jsonl", "d-1", "돌고래 떼 나타나");
    // What a program has not finished writing, and hidden files, are passed over.
    write("copied.jsonl.part", "d-2", "고래상어 나타나");
    write(".hidden.jsonl", "d-3", "고래상어 나타나");
    write("~$new.jsonl", "d-4", "고래상어 나타나");
    until("a new file", || total(&server, "돌고래") == 1);
    assert_eq!(total(&server, "고래상어"), 0);
    let job = server.service.jobs().list().into_iter().next().unwrap();
    assert_eq!((job.kind, job.articles_read, job.refused), (JobKind::Changed, 1, 0));

    fs::rename(at("copied.jsonl.part"), at("copied.jsonl")).unwrap();
    until("a finished file", || total(&server, "고래상어") == 1);
    fs::create_dir(at("2024")).unwrap();
    write("2024/below.jsonl", "d-5", "해파리 나타나");
    until("a file in a new folder", || total(&server, "해파리") == 1);
    write("new.jsonl", "d-1", "수달 가족 나타나");
    until("a changed file", || total(&server, "수달") == 1 && total(&server, "돌고래") == 0);
    fs::remove_file(at("new.jsonl")).unwrap();
    until("a file that is gone", || total(&server, "수달") == 0);
    let watch = server.json("/ready")["changes"]["watch"].clone();
    assert_eq!(watch, json!({"notices": cfg!(target_os = "linux"), "poll_s": 5, "error": null}));

    // A mount that drops takes nothing with it, and once it is back all is well.
    let aside = server.newsroom.path().join("aside");
    fs::rename(server.newsroom.articles_dir(), &aside).unwrap();
    until("a folder that is gone", || server.json("/ready")["changes"]["withheld"].is_string());
    assert_eq!(total(&server, ""), 7);
    fs::rename(&aside, server.newsroom.articles_dir()).unwrap();
    until("a folder that is back", || server.json("/ready")["changes"]["withheld"].is_null());
    write("more.jsonl", "d-6", "물범 나타나");
    until("a file in it", || total(&server, "물범") == 1);
    assert_eq!(total(&server, ""), 8);
    let server = server.restart();
    assert!(server.json("/ready")["changes"]["since"].is_string());
    assert_eq!(total(&server, "물범"), 1);
}

#[test]
fn a_file_that_is_still_being_written_is_not_read() {
    let server = watched(&articles());
    let mut file = fs::File::create(server.newsroom.articles_dir().join("slow.jsonl")).unwrap();
    let began = Instant::now();
    let mut written = 0;
    while began.elapsed() < Duration::from_secs(5) {
        writeln!(file, "{}", article(&format!("s-{written}"), "물범 나타나")).unwrap();
        written += 1;
        assert_eq!(total(&server, "물범"), 0, "it is not there yet");
        std::thread::sleep(Duration::from_millis(100));
    }
    until("the whole file", || total(&server, "물범") > 0);
    assert_eq!(total(&server, "물범"), written);
}
