//! A backup takes the place of what a server serves while it serves: searches go on, the change is one step, and whatever
//! fails or dies on the way leaves all of the old or all of the new.
#![cfg(unix)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::newsroom::{Answer, Newsroom, TOKEN, TestServer, articles};
use gisa::service::backup::{BackupOptions, backup};
use gisa::service::{Job, JobKind, JobState};
use serde_json::{Value, json};

fn put(server: &TestServer, id: &str) -> Answer {
    let article = json!({"title": format!("속보 {id}"), "body": "강변 축제가 열렸다."});
    let path = format!("/api/articles/{id}?refresh=true");
    server.send(server.request("PUT", &path).bearer_auth(TOKEN).json(&article))
}

fn ask(server: &TestServer, backup: &Path) -> Answer {
    let request = server.request("POST", "/api/admin/restore").bearer_auth(TOKEN);
    server.send(request.json(&json!({ "backup": backup })))
}

fn restore(server: &TestServer, backup: &Path) -> Job {
    let answer = ask(server, backup);
    assert_eq!(answer.status, 202, "{}", answer.text);
    let job = server.wait_for(answer.json()["job"]["id"].as_str().unwrap());
    assert_eq!(job.kind, JobKind::Restore);
    job
}

/// A server with six articles of which one was pushed; a backup of them; then a seventh is pushed, and one deleted.
fn changed(index: bool) -> (TestServer, PathBuf) {
    let server = TestServer::start(&articles());
    assert_eq!(put(&server, "kept").status, 200);
    let folder = server.newsroom.path().join("b");
    backup(server.service.config(), &folder, BackupOptions { index }).unwrap();
    assert_eq!(put(&server, "later").status, 200);
    assert_eq!(server.admin("DELETE", "/api/articles/b-1?refresh=true").status, 200);
    (server, folder)
}

fn serves_the_backup(server: &TestServer) {
    let ready = server.json("/ready");
    assert_eq!((&ready["articles"], &ready["damage"]), (&json!(6), &Value::Null));
    let found = |query: &str| server.search(&[("q", query)])["total"].clone();
    assert_eq!((found("축제"), found("수출"), found("later")), (json!(1), json!(1), json!(0)));
    assert_eq!(server.get("/api/articles/later").status, 404);
}

/// What restores leave beside what they replace.
fn leftovers(newsroom: &Newsroom) -> Vec<String> {
    let names = |folder: PathBuf| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let names = names(newsroom.path().join("data")).chain(names(newsroom.index_dir()));
    names.map(|name| name.into_string().unwrap()).filter(|name| name.starts_with('.')).collect()
}

#[test]
fn searches_go_on_and_see_the_old_or_the_new() {
    for index in [false, true] {
        let (server, folder) = changed(index);
        let done = AtomicBool::new(false);
        let job = std::thread::scope(|scope| {
            let searchers: Vec<_> = (0..3)
                .map(|_| {
                    scope.spawn(|| {
                        let (mut seen, mut last_round) = (Vec::new(), false);
                        while !last_round {
                            last_round = done.load(Ordering::SeqCst);
                            // Of two articles on the festival one came after the backup; exports was deleted after it.
                            let answer = server.search(&[("q", "축제 OR 수출"), ("facets", "outlet")]);
                            let ids = answer["hits"].as_array().unwrap().iter();
                            let mut ids: Vec<_> =
                                ids.map(|hit| hit["id"].as_str().unwrap().to_owned()).collect();
                            ids.sort_unstable();
                            assert_eq!(answer["total"], ids.len());
                            seen.push(ids);
                        }
                        seen
                    })
                })
                .collect();
            let job = restore(&server, &folder);
            done.store(true, Ordering::SeqCst);
            for searcher in searchers {
                let mut seen = searcher.join().unwrap();
                seen.dedup();
                let old = vec!["kept".to_owned(), "later".to_owned()];
                let new = vec!["b-1".to_owned(), "kept".to_owned()];
                // A searcher that began late saw the new alone.
                assert!(seen == [old, new.clone()] || seen == [new], "{seen:?}");
            }
            job
        });
        assert_eq!((job.state, job.error.as_deref()), (JobState::Succeeded, None));
        let serving = server.service.serving().unwrap().generation().unwrap().name().to_owned();
        assert_eq!(job.generation.as_deref(), Some(serving.as_str()));
        serves_the_backup(&server);
        // The former data is kept, and a note says where.
        let kept = job.notes.iter().find_map(|note| note.strip_prefix("the former data is in ")).unwrap();
        assert!(Path::new(kept).join("pushed").is_dir(), "{kept}");
        assert_eq!(leftovers(&server.newsroom), Vec::<String>::new());
        // The journal goes on behind the backup's, is followed, and survives a restart and a reindex.
        assert_eq!(put(&server, "again").status, 200);
        assert_eq!(server.json("/ready")["writes"]["durable"], 2);
        let server = server.restart();
        assert_eq!(server.json("/ready")["articles"], 7);
        let job = server.admin("POST", "/api/admin/reindex").json();
        assert_eq!(server.wait_for(job["job"]["id"].as_str().unwrap()).error, None);
        assert_eq!(server.json("/ready")["articles"], 7);
        let listed = server.admin("GET", "/api/admin/jobs").json();
        assert_eq!(
            (&listed["jobs"][0]["kind"], &listed["jobs"][1]["kind"]),
            (&json!("reindex"), &json!("restore"))
        );
    }
}

#[test]
fn the_lexicon_of_the_backup_counts_at_once() {
    let newsroom = Newsroom::new(&articles());
    fs::create_dir_all(newsroom.path().join("data/lexicon")).unwrap();
    let synonyms = newsroom.path().join("data/lexicon/synonyms.txt");
    fs::write(&synonyms, "자전거, 두바퀴차\n").unwrap();
    let server = TestServer::start_with(newsroom, |_| {});
    let found = |query: &str| server.search(&[("q", query)])["total"].clone();
    assert_eq!(found("두바퀴차"), 3);
    let folder = server.newsroom.path().join("b");
    backup(server.service.config(), &folder, BackupOptions::default()).unwrap();
    fs::write(&synonyms, "자전거, 쇠수레차\n").unwrap();
    assert_eq!(server.admin("POST", "/api/admin/lexicon/reload").status, 200);
    assert_eq!((found("두바퀴차"), found("쇠수레차")), (json!(0), json!(3)));
    assert_eq!(restore(&server, &folder).error, None);
    assert_eq!((found("두바퀴차"), found("쇠수레차")), (json!(3), json!(0)));
}

#[test]
fn what_is_no_whole_backup_changes_nothing() {
    let (server, folder) = changed(true);
    let refused = |body: Value| {
        let request = server.request("POST", "/api/admin/restore").bearer_auth(TOKEN);
        server.send(request.json(&body)).problem(400, "bad_body")
    };
    assert!(refused(json!({"backup": "no/such"}))["detail"].as_str().unwrap().contains("MANIFEST.json"));
    refused(json!({"backup": server.newsroom.path()}));
    refused(json!({"backup": folder, "force": true}));
    server
        .send(server.request("POST", "/api/admin/restore").json(&json!({"backup": folder})))
        .problem(401, "unauthorized");

    let file = folder.join("data/articles/first.jsonl");
    let whole = fs::read(&file).unwrap();
    fs::write(&file, "{}").unwrap();
    let job = restore(&server, &folder);
    assert_eq!(job.state, JobState::Failed);
    assert!(job.error.as_deref().unwrap().contains("first.jsonl"), "{job:?}");
    assert_eq!(leftovers(&server.newsroom), Vec::<String>::new());
    assert_eq!(server.json("/ready")["articles"], 6);
    assert_eq!(put(&server, "goes-on").status, 200);
    assert_eq!(server.get("/api/articles/later").status, 200);

    // An index that this version cannot read is built anew.
    fs::write(&file, whole).unwrap();
    assert_eq!(restore(&server, &folder).error, None);
    serves_the_backup(&server);
}

#[test]
fn the_command_lets_the_server_do_it() {
    let (server, folder) = changed(false);
    let run = |arguments: &[&str]| -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gisa"));
        command.current_dir(server.newsroom.path()).env_clear().env("GISA_LISTEN", server.address());
        command.env("GISA_ADMIN_TOKEN", TOKEN).args(arguments).output().unwrap()
    };
    let missing = run(&["restore", "nowhere"]);
    assert!(String::from_utf8_lossy(&missing.stderr).contains("nowhere"));
    let refused = run(&["restore", "data"]);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("refused (400)"), "{refused:?}");
    let done = run(&["restore", folder.file_name().unwrap().to_str().unwrap()]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let said = String::from_utf8(done.stdout).unwrap();
    assert!(said.contains("the former data") && said.contains("in service: generation-"), "{said}");
    serves_the_backup(&server);
}

#[cfg(debug_assertions)]
mod with_faults {
    use super::*;
    use crate::program::Process;

    /// The folders of a server that was stopped, with a config file, after the changes and the backup.
    fn stopped(index: bool) -> Newsroom {
        let (server, _) = changed(index);
        let newsroom = server.into_newsroom();
        let config = "listen = \"127.0.0.1:0\"\n[index]\nthreads = 1\nniceness = 0\nmemory_mb = 32\nkeep_free_mb = 1\n";
        fs::write(newsroom.path().join("config.toml"), config).unwrap();
        newsroom
    }

    /// Starts a server with a fault, asks for the restore, and gives the job as it ended, or `None` if the server died.
    fn restore_with(newsroom: &Newsroom, fault: &str) -> (Process, Option<Value>) {
        let mut process = Process::start(newsroom.path(), Some(fault));
        process.wait_until_ready().unwrap();
        let backup = newsroom.path().join("b");
        let sent = process
            .client
            .post(process.url("/api/admin/restore?follow=true"))
            .bearer_auth(TOKEN)
            .json(&json!({ "backup": backup }))
            .send()
            .and_then(|answer| answer.text());
        let last = sent.ok().and_then(|text| serde_json::from_str::<Value>(text.lines().last()?).ok());
        let ended =
            last.filter(|line| ["succeeded", "failed"].contains(&line["state"].as_str().unwrap_or("")));
        (process, ended)
    }

    /// Starts again, and says whether all is as in the backup; otherwise all is as before.
    fn is_restored(newsroom: &Newsroom, case: &str) -> bool {
        let mut process = Process::start(newsroom.path(), None);
        let ready = process.wait_until_ready().unwrap_or_else(|error| panic!("{case}: {error}"));
        assert_eq!(ready["articles"], 6, "{case}");
        assert_eq!(ready["damage"], Value::Null, "{case}");
        let there = |id: &str| {
            let url = process.url(&format!("/api/articles/{id}"));
            process.client.get(url).send().unwrap().status() == 200
        };
        let found = (there("b-1"), there("later"), there("kept"));
        assert!([(true, false, true), (false, true, true)].contains(&found), "{case}: {found:?}");
        assert!(process.terminate().0.success(), "{case}");
        assert_eq!(leftovers(newsroom), Vec::<String>::new(), "{case}");
        found.0
    }

    #[test]
    fn a_server_that_dies_on_the_way_restores_all_or_nothing() {
        // Copying, writing down, each of the renames, and what comes behind them.
        let steps = [
            ("backup copy:2", false),
            ("restore begin:1", false),
            ("restore swap:1", true),
            ("restore swap:3", true),
            ("restore remove:2", true),
        ];
        for (step, restored) in steps {
            let newsroom = stopped(true);
            let (mut process, ended) = restore_with(&newsroom, &format!("kill:{step}"));
            assert!(ended.is_none() && process.ends_soon(), "{step}: {ended:?}");
            drop(process);
            assert_eq!(is_restored(&newsroom, step), restored, "{step}");
        }
    }

    #[test]
    fn what_fails_on_the_way_is_said_and_finished_by_the_next_start() {
        for (step, restored) in [("restore begin:1", false), ("restore swap:2", true)] {
            let newsroom = stopped(false);
            let (process, ended) = restore_with(&newsroom, &format!("fail:{step}"));
            let job = ended.unwrap();
            assert_eq!(job["state"], "failed", "{step}: {job}");
            let ready: Value = process.client.get(process.url("/ready")).send().unwrap().json().unwrap();
            let search = process.client.get(process.url("/api/search?q=later")).send().unwrap();
            assert_eq!(search.json::<Value>().unwrap()["total"], 1, "{step}: the old is searched as before");
            let article = json!({"title": "속보", "body": "본문이다."});
            let put = process.client.put(process.url("/api/articles/new")).bearer_auth(TOKEN).json(&article);
            let put = put.send().unwrap().status().as_u16();
            if restored {
                assert!(ready["damage"].as_str().unwrap().contains("restart gisa"), "{ready}");
                assert_eq!(put, 503, "nothing may be acknowledged that the restart would put away");
            } else {
                assert_eq!((&ready["damage"], put), (&Value::Null, 200), "{step}");
                let deleted = process.client.delete(process.url("/api/articles/new?refresh=true"));
                assert_eq!(deleted.bearer_auth(TOKEN).send().unwrap().status(), 200);
            }
            assert!(process.terminate().0.success());
            assert_eq!(is_restored(&newsroom, step), restored, "{step}");
        }
    }
}
