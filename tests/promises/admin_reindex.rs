//! Reindexing over HTTP: what was dropped in is found, progress is seen, and nothing is lost on the way.

use std::io::{BufRead, BufReader};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::newsroom::{self, Newsroom, TestServer, articles, lines, wait_for_job};
use gisa::index::{IndexError, IndexFolder, Phase, Progress};
use gisa::service::{Access, JobState, Service, ServiceError};
use serde_json::{Value, json};

/// Enough articles that a reindex takes far longer than a request.
fn many_articles() -> String {
    let body = "시의회가 자전거 도로를 넓히는 예산을 통과시켰다. 공사는 가을에 시작된다. ".repeat(12);
    let articles: Vec<Value> =
        (0..20_000).map(|number| json!({"id": format!("m-{number}"), "title": "예산", "body": format!("{number} {body}")})).collect();
    lines(&articles)
}

#[test]
fn what_is_dropped_in_is_found_after_a_reindex() {
    let server = TestServer::start(&articles());
    assert_eq!(server.search(&[("q", "돌고래")])["total"], 0);
    let before = server.json("/ready")["generation"].clone();
    server.newsroom.write(
        "second.jsonl",
        &lines(&[json!({"id": "d-1", "title": "돌고래 떼 나타나", "body": "바다에서."})]),
    );

    let answer = server.admin("POST", "/api/admin/reindex");
    assert_eq!(answer.status, 202, "{}", answer.text);
    let id = answer.json()["job"]["id"].as_str().unwrap().to_owned();
    assert_eq!(answer.header("location"), format!("jobs/{id}"));
    let job = server.wait_for(&id);
    assert_eq!((job.state, job.articles_indexed, job.refused), (JobState::Succeeded, 6, 0));

    let found = server.search(&[("q", "돌고래")]);
    assert_eq!(found["hits"][0]["id"], "d-1");
    assert_ne!(found["generation"], before);
    assert_eq!(found["generation"], json!(job.generation));
}

#[test]
fn a_followed_reindex_streams_lines_to_the_end() {
    let server = TestServer::start(&articles());
    server.newsroom.write("many.jsonl", &many_articles());
    let request = server.request("POST", "/api/admin/reindex?follow=true").bearer_auth(newsroom::TOKEN);
    let response = request.header("accept-encoding", "gzip").send().unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "application/x-ndjson; charset=utf-8");
    assert!(!response.headers().contains_key("content-encoding"), "each line is to be seen at once");
    let mut last = 0;
    let (mut states, mut phases) = (Vec::new(), Vec::new());
    let mut end = Value::Null;
    for line in BufReader::new(response).lines() {
        let line: Value = serde_json::from_str(&line.unwrap()).unwrap();
        for field in ["articles_read", "articles_indexed", "refused", "bytes"] {
            assert!(line[field].is_u64(), "{field}: {line}");
        }
        assert!(line["elapsed_s"].is_f64() && (line["eta_s"].is_f64() || line["eta_s"].is_null()));
        assert!(line["articles_read"].as_u64().unwrap() >= last);
        last = line["articles_read"].as_u64().unwrap();
        states.push(line["state"].as_str().unwrap().to_owned());
        let (phase, share) = (&line["phase"], &line["phase_share"]);
        assert!(
            share.is_null() || phase.is_string() && (0.0..=1.0).contains(&share.as_f64().unwrap()),
            "{line}"
        );
        phases.extend(phase.as_str().map(str::to_owned));
        end = line;
    }
    states.dedup();
    assert!(phases.contains(&"reading".to_owned()), "{phases:?}");
    assert!(end["phase"].is_null() && end["eta_s"].is_null(), "it has ended: {end}");
    assert_eq!(states.last().unwrap(), "succeeded");
    assert!(states.contains(&"running".to_owned()), "{states:?}");
    assert_eq!(end["articles_indexed"], 20_005);
    assert_eq!(server.search(&[("q", "예산")])["generation"], end["generation"]);
}

#[test]
fn one_at_a_time_and_it_can_be_cancelled() {
    let server = TestServer::start(&articles());
    let before = server.json("/ready")["generation"].clone();
    server.newsroom.write("many.jsonl", &many_articles());
    let first = server.admin("POST", "/api/admin/reindex").json();
    let id = first["job"]["id"].as_str().unwrap();

    let problem = server.admin("POST", "/api/admin/reindex").problem(409, "reindex_running");
    assert_eq!(problem["job_id"], id);
    assert_eq!(server.search(&[("q", "자전거")])["total"], 3, "the old index serves meanwhile");

    assert_eq!(server.admin("DELETE", &format!("/api/admin/jobs/{id}")).status, 202);
    assert_eq!(server.wait_for(id).state, JobState::Cancelled);
    assert_eq!(server.json("/ready")["generation"], before);
    let folder = IndexFolder::new(server.newsroom.index_dir()).unwrap();
    assert_eq!(folder.generations().unwrap(), [before.as_str().unwrap()], "nothing of it remains");
    let problem = server.admin("DELETE", &format!("/api/admin/jobs/{id}")).problem(409, "job_finished");
    assert_eq!(problem["job_id"], id);
}

#[test]
fn it_can_be_cancelled_in_each_phase() {
    let newsroom = Newsroom::new(&articles());
    let enough: Vec<String> = many_articles().lines().take(4_000).map(|line| format!("{line}\n")).collect();
    newsroom.write("many.jsonl", &enough.concat());
    let service = Service::open(newsroom.config(|_| {}), Access::Write).unwrap();
    for phase in [Phase::Reading, Phase::Writing, Phase::Grouping, Phase::Verifying] {
        let (progress, ended) = (Progress::default(), AtomicBool::new(false));
        let (outcome, was_seen) = std::thread::scope(|scope| {
            let watching = scope.spawn(|| {
                while progress.phase() != Some(phase) && !ended.load(Ordering::Relaxed) {
                    std::thread::yield_now();
                }
                let was_seen = progress.phase() == Some(phase);
                progress.cancel.store(true, Ordering::Relaxed);
                was_seen
            });
            let outcome = service.reindex(&progress);
            ended.store(true, Ordering::Relaxed);
            (outcome, watching.join().unwrap())
        });
        let cancelled = matches!(outcome, Err(ServiceError::Index(IndexError::Cancelled)));
        assert!(cancelled || !was_seen, "{phase:?}: {outcome:?}");
        assert_eq!(service.folder().generations().unwrap().len(), usize::from(!cancelled), "{phase:?}");
        if !cancelled {
            // The processor was elsewhere while the phase went by.
            return;
        }
    }
}

#[test]
fn a_stop_cancels_the_job_and_the_index_stays() {
    let server = TestServer::start(&articles());
    server.newsroom.write("many.jsonl", &many_articles());
    let id = server.admin("POST", "/api/admin/reindex").json()["job"]["id"].as_str().unwrap().to_owned();
    let service = std::sync::Arc::clone(&server.service);
    let current = service.folder().current().unwrap();
    // Waits until the server has stopped.
    drop(server);
    // It was told to end; where the processor is wanted by others it may outlive the server by a moment.
    let job = wait_for_job(&service, |jobs| jobs.get(&id).filter(|job| job.state.is_final()));
    assert_eq!(job.state, JobState::Cancelled);
    assert_eq!(service.serving().unwrap().generation().unwrap().name(), current.unwrap());
}

#[test]
fn refused_lines_are_listed_with_their_reasons() {
    let server = TestServer::start(&articles());
    server.newsroom.write(
        "broken.jsonl",
        "{\"id\": \"e-1\", \"title\": \"좋은 기사\"}\n{\"title\": \n{\"id\": \"e-2\", \"title\": \"\"}\n",
    );
    server.newsroom.write("note.docx", "x");
    let id = server.admin("POST", "/api/admin/reindex").json()["job"]["id"].as_str().unwrap().to_owned();
    server.wait_for(&id);
    let job = server.admin("GET", &format!("/api/admin/jobs/{id}")).json()["job"].clone();
    assert_eq!(
        (&job["state"], &job["refused"], &job["articles_indexed"]),
        (&json!("succeeded"), &json!(3), &json!(6))
    );
    let mut refusals: Vec<(&str, Option<u64>, &str)> = job["refusals"]
        .as_array()
        .unwrap()
        .iter()
        .map(|refused| {
            assert!(!refused["detail"].as_str().unwrap().is_empty());
            (refused["file"].as_str().unwrap(), refused["line"].as_u64(), refused["code"].as_str().unwrap())
        })
        .collect();
    refusals.sort_unstable();
    assert_eq!(
        refusals,
        [
            ("broken.jsonl", Some(2), "bad_json"),
            ("broken.jsonl", Some(3), "empty_article"),
            ("note.docx", None, "unknown_format")
        ]
    );
    let listed = server.admin("GET", "/api/admin/jobs").json();
    assert_eq!(listed["jobs"][0]["id"], id);
    assert!(listed["jobs"][0].get("refusals").is_none(), "lists stay short");
    assert!(listed["jobs"][0].get("files").is_none(), "lists stay short");
    server.admin("GET", "/api/admin/jobs/none").problem(404, "job_not_found");
    server.admin("DELETE", "/api/admin/jobs/none").problem(404, "job_not_found");
}

#[test]
fn of_each_file_it_is_said_what_became_of_it() {
    let server = TestServer::start(&articles());
    let table = "뉴스 식별자,제목,본문,키워드\ntable-1,첫눈,눈이 온다.,눈\ntable-2,,,눈\ntable-1,첫눈 고침,눈이 많이 온다.,눈\n";
    server.newsroom.write("table.csv", table);
    server.newsroom.write("note.docx", "x");
    let request = server.request("POST", "/api/admin/reindex?follow=true").bearer_auth(newsroom::TOKEN);
    let text = request.send().unwrap().text().unwrap();
    let last: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    assert_eq!(last["replaced"], 1);
    let files = last["files"].as_array().unwrap();
    // First those that somebody should look at.
    assert!(files[2..].iter().all(|file| file["refused"] == 0));
    let note = files.iter().find(|file| file["file"] == "note.docx").unwrap();
    assert_eq!((&note["format"], &note["refused_by"]), (&Value::Null, &json!({"unknown_format": 1})));
    let table = files.iter().find(|file| file["file"] == "table.csv").unwrap();
    assert_eq!(
        table,
        &json!({
            "file": "table.csv", "format": "csv",
            "fields": {"id": "뉴스 식별자", "title": "제목", "body": "본문"},
            "articles": 2, "refused": 1, "refused_by": {"empty_article": 1}, "skipped": 0, "replaced": 1,
            "without": {"body": 0, "date": 2, "outlet": 2}, "extracts": 0, "unused": ["키워드"],
        })
    );
    let job = server.admin("GET", &format!("/api/admin/jobs/{}", last["id"].as_str().unwrap())).json();
    assert_eq!(job["job"]["files"], last["files"]);
    let metrics = server.get("/metrics").text;
    for line in [
        "gisa_last_reindex_articles{format=\"csv\"} 2",
        "gisa_last_reindex_articles{format=\"xlsx\"} 0",
        "gisa_last_reindex_refused_records{reason=\"empty_article\"} 1",
        "gisa_last_reindex_articles_without{field=\"date\"}",
        "gisa_last_reindex_replaced 1",
    ] {
        assert!(metrics.contains(line), "{line}");
    }
    assert_eq!(server.search(&[("q", "첫눈 고침")])["hits"][0]["id"], "table-1");
}

#[test]
fn administration_needs_the_token() {
    let server = TestServer::start(&articles());
    for (method, path) in [
        ("POST", "/api/admin/reindex"),
        ("GET", "/api/admin/jobs"),
        ("GET", "/api/admin/jobs/x"),
        ("DELETE", "/api/admin/jobs/x"),
    ] {
        let without = server.send(server.request(method, path));
        without.problem(401, "unauthorized");
        assert_eq!(without.header("www-authenticate"), "Bearer realm=\"gisa\"");
        server
            .send(server.request(method, path).bearer_auth("test-token-012345678x"))
            .problem(401, "unauthorized");
    }
    assert!(server.service.jobs().list().is_empty(), "nothing was started");
    server.admin("POST", "/api/admin/reindex?folow=true").problem(400, "unknown_parameter");
    assert!(server.service.jobs().list().is_empty());
}

#[test]
fn jobs_and_index_survive_a_restart() {
    let server = TestServer::start(&articles());
    let id = server.admin("POST", "/api/admin/reindex").json()["job"]["id"].as_str().unwrap().to_owned();
    server.wait_for(&id);
    let config = server.service.config().clone();
    assert!(Service::open(config.clone(), Access::Write).is_err(), "the index folder is taken");
    let reader = Service::open(config, Access::Read).unwrap();
    assert_eq!(reader.serving().unwrap().generation().unwrap().articles(), 5);
    assert_eq!(reader.jobs().get(&id).unwrap().state, JobState::Succeeded);
}

#[test]
fn a_damaged_generation_lets_the_one_before_step_in() {
    let newsroom = Newsroom::new(&articles());
    let service = Service::open(newsroom.config(|_| {}), Access::Write).unwrap();
    let first = service.reindex(&Default::default()).unwrap().generation;
    let second = service.reindex(&Default::default()).unwrap().generation;
    drop(service);
    // One byte in the middle of a file: only the checksums tell.
    let folder = IndexFolder::new(newsroom.index_dir()).unwrap();
    let files = std::fs::read_dir(folder.path_of(&second)).unwrap().map(|entry| entry.unwrap().path());
    let file =
        files.filter(|path| path.extension().is_some_and(|extension| extension == "store")).last().unwrap();
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 3;
    bytes[middle] ^= 0x55;
    std::fs::write(&file, bytes).unwrap();

    let service = Service::open(newsroom.config(|_| {}), Access::Write).unwrap();
    service.verify_serving().unwrap();
    assert_eq!(service.serving().unwrap().generation().unwrap().name(), first);
    let server = TestServer::serve(newsroom, service);
    let ready = server.json("/ready");
    assert_eq!(ready["generation"], json!(first));
    assert!(ready["damage"].as_str().unwrap().contains(&second), "{ready}");
    // A reindex puts it right.
    let id = server.admin("POST", "/api/admin/reindex").json()["job"]["id"].as_str().unwrap().to_owned();
    server.wait_for(&id);
    assert_eq!(server.json("/ready")["damage"], Value::Null);
}

#[test]
fn what_a_killed_build_left_behind_is_removed_and_never_falls_back() {
    let newsroom = Newsroom::new(&articles());
    let service = Service::open(newsroom.config(|_| {}), Access::Write).unwrap();
    let folder = IndexFolder::new(newsroom.index_dir()).unwrap();
    let leave_behind = || {
        let name = folder.new_name().unwrap();
        std::fs::create_dir(folder.path_of(&name)).unwrap();
        std::fs::write(folder.path_of(&name).join("meta.json"), "{").unwrap();
    };
    leave_behind();
    let first = service.reindex(&Default::default()).unwrap().generation;
    assert_eq!(folder.generations().unwrap(), [first.as_str()]);
    leave_behind();
    let second = service.reindex(&Default::default()).unwrap().generation;
    assert_eq!(folder.generations().unwrap(), [first, second]);
}

#[test]
fn new_words_take_effect_with_a_reindex() {
    let server = TestServer::start(&articles());
    let lexicon = server.newsroom.path().join("data/lexicon");
    std::fs::create_dir_all(&lexicon).unwrap();
    std::fs::write(lexicon.join("outlets.txt"), "새벽신문 = 새벽일간\n").unwrap();
    assert_eq!(server.search(&[("outlet", "새벽일간")])["total"], 0);
    let id = server.admin("POST", "/api/admin/reindex").json()["job"]["id"].as_str().unwrap().to_owned();
    server.wait_for(&id);
    assert_eq!(server.search(&[("outlet", "새벽일간")])["total"], 2);
    assert_eq!(server.json("/ready")["out_of_date"], Value::Null);
}
