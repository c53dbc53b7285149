//! Whichever operation of the disk fails, the error names the file, nothing that was acknowledged is lost, and what served
//! before still does: the N-th operation fails, for N = 1, 2, 3, … to the end, as SQLite tests its I/O.
//!
//! The fault is the process's, so the one test runs itself in two processes, each with every second place.
#![cfg(debug_assertions)]

use std::process::Command;

use crate::newsroom::{Newsroom, TOKEN, TestServer, articles};
use gisa::faults::{Fault, arm, passed};
use serde_json::json;

/// What the newsroom does while the disk fails: pushes, corrects, deletes, rebuilds. Gives what was acknowledged, with the title of
/// what is there.
fn script(server: &TestServer) -> Vec<(&'static str, Option<&'static str>)> {
    let mut acknowledged = Vec::new();
    let put = |id: &str, text: &str| {
        let article = json!({"title": text, "body": format!("{text}에 관한 소식이다.")});
        server.send(server.request("PUT", &format!("/api/articles/{id}")).bearer_auth(TOKEN).json(&article))
    };
    for (id, text) in [("n1", "첫째 다리"), ("n2", "둘째 다리"), ("n2", "둘째 다리 준공")] {
        let answer = put(id, text);
        match answer.status {
            200 => acknowledged.push((id, Some(text))),
            _ => {
                let problem = answer.problem(503, "not_written");
                let detail = problem["detail"].as_str().unwrap();
                assert!(detail.contains("pushed"), "the error names the file: {detail}");
            }
        }
    }
    let job = server.admin("POST", "/api/admin/reindex").json();
    let job = server.wait_for(job["job"]["id"].as_str().unwrap());
    if let Some(error) = job.error {
        let named = server.newsroom.path().to_str().unwrap();
        assert!(error.contains(named), "the error names the file: {error}");
    }
    if server.admin("DELETE", "/api/articles/n1").status == 200 {
        acknowledged.push(("n1", None));
    }
    acknowledged
}

fn check(server: &TestServer, acknowledged: &[(&'static str, Option<&'static str>)], when: &str) {
    for id in ["n1", "n2"] {
        // An answer that was no acknowledgement promises nothing.
        if let Some((_, there)) = acknowledged.iter().rfind(|(own, _)| *own == id) {
            let status = server.get(&format!("/api/articles/{id}")).status;
            assert_eq!(status, if there.is_some() { 200 } else { 404 }, "{when}: {id}");
        }
    }
    let titles: Vec<_> = acknowledged.iter().filter(|(id, _)| *id == "n2").map(|(_, title)| *title).collect();
    if let [first, Some(second)] = titles.as_slice() {
        let versions = server.json("/api/articles/n2/versions");
        let title = |at: usize| versions["versions"][at]["article"]["title"].as_str();
        assert_eq!((title(0), title(1)), (Some(*second), *first), "{when}: what it said before");
    }
    assert_eq!(server.search(&[("q", "반도체 수출")])["total"], 1, "{when}: what served before");
    let ready = server.json("/ready");
    assert_eq!(ready["journal_damage"], json!([]), "{when}");
    assert_eq!(ready["damage"], json!(null), "{when}");
}

/// Names the process's share of the places, to the processes that the test starts.
const SHARE: &str = "GISA_TEST_SHARE";

/// How many processes there are.
const SHARES: u64 = 2;

#[test]
fn the_nth_operation_fails() {
    if let Ok(share) = std::env::var(SHARE) {
        return every_operation_of(share.parse().unwrap());
    }
    let start = |share: u64| {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args(["faults_are_reported::the_nth_operation_fails", "--exact"])
            .env(SHARE, share.to_string());
        std::thread::spawn(move || command.output().unwrap())
    };
    let started: Vec<_> = (0..SHARES).map(start).collect();
    for process in started {
        let output = process.join().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && said.contains("1 passed"), "{said}");
    }
}

fn every_operation_of(share: u64) {
    let newsroom = || Newsroom::new(&articles());
    let changes = |file: &mut gisa::config::ConfigFile| file.index.journal_file_mb = 0.01;
    // How many operations there are.
    let server = TestServer::start_with(newsroom(), changes);
    arm(None);
    let all = script(&server);
    let second = [("n2", Some("둘째 다리")), ("n2", Some("둘째 다리 준공"))];
    assert_eq!(all, [&[("n1", Some("첫째 다리"))], &second[..], &[("n1", None)]].concat());
    server.wait_until_ready();
    let operations = passed();
    check(&server, &all, "without a fault");
    drop(server);
    assert!(operations > 50, "{operations}");

    for from in [false, true] {
        // A disk that stays broken is tried at every ninth place.
        let step = if from { 9 } else { 1 };
        let mut server = TestServer::start_with(newsroom(), changes);
        for number in (1..=operations + 2).step_by(step).filter(|number| number % SHARES == share) {
            arm(Some(if from { Fault::FailFrom(number) } else { Fault::Fail(number) }));
            let acknowledged = script(&server);
            arm(None);
            let when = format!("{} {number} of {operations}", if from { "from" } else { "at" });
            // The disk is well again: everything acknowledged becomes searchable without a restart.
            server.wait_until_ready();
            check(&server, &acknowledged, &when);
            if number % 10 == 0 {
                server = server.restart();
                check(&server, &acknowledged, &format!("{when}, after a restart"));
            }
        }
    }
}
