//! A log that cannot be written costs log lines and nothing else; signals that do not mean to stop do not stop.
#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::newsroom::{Newsroom, TOKEN};
use crate::program::Process;
use serde_json::{Value, json};

/// Nothing that is waited for takes so long, on any machine.
const PATIENCE: Duration = Duration::from_secs(60);

fn get(process: &Process, path: &str) -> Value {
    let answer = process.client.get(process.url(path)).send().unwrap();
    assert_eq!(answer.status(), 200, "{path}");
    answer.json().unwrap()
}

/// Asks until the answer is the wanted one.
fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < PATIENCE, "{what} did not come");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn reindex(process: &Process) {
    let request = process.client.post(process.url("/api/admin/reindex?follow=true")).bearer_auth(TOKEN);
    let answer = request.send().unwrap();
    assert_eq!(answer.status(), 200);
    let lines = answer.text().unwrap();
    let last: Value = serde_json::from_str(lines.lines().last().unwrap()).unwrap();
    assert_eq!(last["state"], "succeeded", "{lines}");
}

/// Everything that a server does, with a log that loses every line.
fn goes_on_without_a_log(process: Process) {
    for number in 0..50 {
        assert_eq!(get(&process, "/api/search?q=%EC%9E%90%EC%A0%84%EA%B1%B0")["query"], "자전거");
        let article = json!({"title": format!("속보 {number}"), "body": "본문이다."});
        let put = process.client.put(process.url(&format!("/api/articles/n{number}"))).bearer_auth(TOKEN);
        assert_eq!(put.json(&article).send().unwrap().status(), 200);
    }
    // A job ends, so that the next may begin.
    reindex(&process);
    reindex(&process);
    wait_until("the loss", || get(&process, "/ready")["log"]["lost_lines"].as_u64() > Some(0));
    let ready = get(&process, "/ready");
    assert!(ready["log"]["error"].is_string(), "{ready}");
    let metrics = process.client.get(process.url("/metrics")).send().unwrap().text().unwrap();
    let lost = metrics.lines().find_map(|line| line.strip_prefix("gisa_log_lines_lost_total "));
    assert!(lost.is_some_and(|lost| lost != "0"), "{metrics}");
    let (status, _) = process.terminate();
    assert!(status.success(), "{status}");
}

#[test]
fn a_log_whose_reader_is_gone_costs_log_lines_only() {
    let newsroom = Newsroom::configured("");
    let mut process = Process::start(newsroom.path(), None);
    process.wait_until_ready().unwrap();
    process.close_log();
    goes_on_without_a_log(process);
}

#[test]
#[cfg(target_os = "linux")]
fn a_log_on_a_full_disk_costs_log_lines_only() {
    let newsroom = Newsroom::configured("[log]\nfile = \"gisa.log\"\n");
    let log = newsroom.path().join("gisa.log");
    let mut process = start_logging_to(&newsroom, &log);
    process.wait_until_ready().unwrap();
    fs::remove_file(&log).unwrap();
    std::os::unix::fs::symlink("/dev/full", &log).unwrap();
    process.signal("HUP");
    goes_on_without_a_log(process);
}

/// A server that logs to the file, from which its address is read.
fn start_logging_to(newsroom: &Newsroom, log: &Path) -> Process {
    Process::start_logging_to(newsroom.path(), log)
}

#[test]
fn signals_that_do_not_mean_to_stop_do_not_stop() {
    let newsroom = Newsroom::configured("[log]\nfile = \"gisa.log\"\n");
    let log = newsroom.path().join("gisa.log");
    let mut process = start_logging_to(&newsroom, &log);
    process.wait_until_ready().unwrap();
    process.signal("USR1");
    process.signal("USR2");

    // As whoever rotates logs does; and an editor has changed the lexicon.
    fs::create_dir_all(newsroom.path().join("data/lexicon")).unwrap();
    fs::write(newsroom.path().join("data/lexicon/synonyms.txt"), "자전거, 두바퀴\n").unwrap();
    fs::rename(&log, newsroom.path().join("gisa.log.1")).unwrap();
    process.signal("HUP");
    let found = |query: &str| {
        get(&process, &crate::newsroom::with_query("/api/search", &[("q", query)]))["total"].as_u64()
    };
    wait_until("the lexicon", || found("두바퀴") > Some(0));
    wait_until("the new file", || fs::read_to_string(&log).is_ok_and(|text| text.contains("SIGHUP")));
    let (status, _) = process.terminate();
    assert!(status.success(), "{status}");
    assert!(fs::read_to_string(&log).unwrap().contains("stopped"));
}
