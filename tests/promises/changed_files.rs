//! A changed run reads only what differs, and leaves what a full reindex would: whatever is dropped in, edited, renamed, removed,
//! pushed and deleted, in whatever order.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::cases::cases;
use crate::newsroom::{Newsroom, TOKEN, TestServer, articles, lines};
use gisa::index::Progress;
use gisa::service::{Access, Job, JobState, Service};
use proptest::prelude::*;
use serde_json::{Value, json};

const WORDS: [&str; 5] = ["돌고래", "자전거", "반도체", "갯벌", "단풍"];
/// In the order in which they are read, with one that sorts before its own folder's neighbours.
const FILES: [&str; 5] = ["a.jsonl", "a/b.jsonl", "b.csv", "c.jsonl", "c.jsonl.gz.jsonl"];

/// One record: an id and a word.
type Record = (u8, u8);

#[derive(Debug, Clone)]
enum Step {
    Write(usize, Vec<Record>),
    Remove(usize),
    Rename(usize, usize),
    Put(Record),
    Delete(u8),
    /// A changed run, after which everything is compared.
    Changed,
    Full,
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    let (file, record) = (0..FILES.len(), (0_u8..8, 0_u8..5));
    prop_oneof![
        8 => (file.clone(), prop::collection::vec(record.clone(), 0..6)).prop_map(|(file, records)| Step::Write(file, records)),
        3 => file.clone().prop_map(Step::Remove),
        2 => (file.clone(), file).prop_map(|(from, to)| Step::Rename(from, to)),
        2 => record.prop_map(Step::Put),
        2 => (0_u8..8).prop_map(Step::Delete),
        5 => Just(Step::Changed),
        1 => Just(Step::Full),
        1 => Just(Step::Restart),
    ]
}

fn article((id, word): Record, from: &str) -> Value {
    let word = WORDS[usize::from(word)];
    json!({"id": format!("x{id}"), "title": format!("{word} 소식"), "body": format!("{from}에 실린 {word} 이야기다."),
        "outlet": format!("{word}신문"), "published_at": format!("2024-03-{:02}T09:00:00+09:00", id + 1)})
}

/// The articles folder, with a clock of its own: what is written in one second is read again, which would hide that it need not be.
struct Folder {
    at: PathBuf,
    clock: SystemTime,
}

impl Folder {
    fn of(server: &TestServer) -> Self {
        let clock = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        Self { at: server.newsroom.articles_dir(), clock }
    }

    fn write(&mut self, name: &str, content: &str) {
        let path = self.at.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        self.clock += Duration::from_millis(7);
        fs::File::options().write(true).open(&path).unwrap().set_modified(self.clock).unwrap();
    }

    fn records(&mut self, name: &str, records: &[Record]) {
        let made =
            records.iter().zip(0..).map(|(record, line)| article(*record, &format!("{name} {line}째 줄")));
        let content = if Path::new(name).extension().is_some_and(|end| end == "csv") {
            let row = |article: Value| {
                let text = |key: &str| article[key].as_str().unwrap().to_owned();
                format!("{},{},{},{}\n", text("id"), text("title"), text("body"), text("outlet"))
            };
            "id,title,body,outlet\n".to_owned() + &made.map(row).collect::<String>()
        } else {
            lines(&made.collect::<Vec<_>>())
        };
        self.write(name, &content);
    }
}

/// Runs a job to its end.
fn job(server: &TestServer, parameters: &str) -> Job {
    let answer = server.admin("POST", &format!("/api/admin/reindex{parameters}"));
    assert_eq!(answer.status, 202, "{}", answer.text);
    server.wait_for(answer.json()["job"]["id"].as_str().unwrap())
}

fn changed(server: &TestServer) -> Job {
    job(server, "?changed=true")
}

/// Everything that does not depend on reprint groups and scores.
fn seen(server: &TestServer) -> BTreeMap<String, Value> {
    let mut seen = BTreeMap::new();
    for word in ["", "소식"].iter().chain(&WORDS) {
        let facets = "outlet,day";
        let answer = server.search(&[("q", word), ("sort", "oldest"), ("size", "100"), ("facets", facets)]);
        let mut ids: Vec<String> = Vec::new();
        for hit in answer["hits"].as_array().unwrap() {
            let id = hit["id"].as_str().unwrap();
            ids.push(id.to_owned());
            seen.insert(format!("article {id}"), server.json(&format!("/api/articles/{id}")));
        }
        ids.sort_unstable();
        seen.insert(format!("query {word}"), json!([answer["total"], answer["facets"], ids]));
    }
    seen
}

/// The same of an index that is built anew from the same folders.
fn seen_anew(server: &TestServer) -> BTreeMap<String, Value> {
    let aside = Newsroom::new(&[]);
    let service = Service::open_beside(server.service.config().clone(), aside.index_dir()).unwrap();
    service.reindex(&Progress::default()).unwrap();
    seen(&TestServer::serve(aside, service))
}

fn run(steps: &[Step]) {
    let mut server = TestServer::start(&[]);
    let mut folder = Folder::of(&server);
    for (number, step) in steps.iter().chain([&Step::Changed, &Step::Restart, &Step::Changed]).enumerate() {
        match step {
            Step::Write(file, records) => folder.records(FILES[*file], records),
            Step::Remove(file) => _ = fs::remove_file(folder.at.join(FILES[*file])),
            Step::Rename(from, to) => {
                _ = fs::rename(folder.at.join(FILES[*from]), folder.at.join(FILES[*to]))
            }
            Step::Put(record) => {
                let path = format!("/api/articles/x{}", record.0);
                let put = server.request("PUT", &path).bearer_auth(TOKEN).json(&article(*record, "보낸 것"));
                assert_eq!(server.send(put).status, 200);
            }
            Step::Delete(id) => {
                assert_eq!(server.admin("DELETE", &format!("/api/articles/x{id}")).status, 200);
            }
            Step::Changed => {
                // All of what a random folder holds may go.
                let done = job(&server, "?changed=true&force=true");
                assert_eq!(done.error, None);
                let total = server.search(&[("q", "")])["total"].as_u64().unwrap();
                assert_eq!(done.articles_indexed, total);
                assert_eq!(seen(&server), seen_anew(&server), "after step {number}");
                assert_eq!(server.json("/ready")["articles"], total);
            }
            Step::Full => assert_eq!(job(&server, "?force=true").error, None),
            Step::Restart => server = server.restart(),
        }
    }
    let generation = server.service.serving().unwrap().generation().unwrap().clone();
    generation.verify().unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 60, ..cases(16) })]
    #[test]
    fn the_index_is_what_a_full_reindex_would_make(steps in prop::collection::vec(step(), 8..32)) {
        run(&steps);
    }
}

#[test]
fn only_the_files_that_differ_are_read() {
    let server = TestServer::start(&articles());
    let mut folder = Folder::of(&server);
    // Written just before it was read: it is read once more, and then no more.
    folder.write("first.jsonl", &lines(&articles()));
    changed(&server);
    let generation = server.json("/ready")["generation"].clone();
    let idle = changed(&server);
    assert_eq!((idle.state, idle.articles_read, idle.bytes), (JobState::Succeeded, 0, 0));
    assert_eq!(idle.files, Some(Vec::new()));

    let new = json!({"id": "d-1", "title": "돌고래 떼 나타나", "body": "바다에서."});
    folder.write("second.jsonl", &(lines(&[new.clone(), new]) + "{\"title\": \n"));
    let answer = server.admin("POST", "/api/admin/reindex?changed=true&follow=true");
    let last: Value = serde_json::from_str(answer.text.lines().last().unwrap()).unwrap();
    assert_eq!((&last["state"], &last["articles_read"]), (&json!("succeeded"), &json!(3)), "{last}");
    assert_eq!(
        (&last["articles_indexed"], &last["replaced"], &last["refused"]),
        (&json!(6), &json!(1), &json!(1))
    );
    let files = last["files"].as_array().unwrap();
    assert_eq!(
        (files.len(), &files[0]["file"], &files[0]["articles"]),
        (1, &json!("second.jsonl"), &json!(2))
    );
    assert_eq!(last["notes"], json!(["1 new, 0 changed and 0 gone files; 0 articles removed"]));
    assert_eq!(server.search(&[("q", "돌고래")])["total"], 1);
    let ready = server.json("/ready");
    assert_eq!(ready["generation"], generation, "the same generation");
    assert!(ready["changes"]["since"].is_string(), "{ready}");

    // An article that a file no longer gives comes back from the file before it.
    folder.write("third.jsonl", &lines(&[json!({"id": "a/1", "title": "고친 제목"})]));
    changed(&server);
    assert_eq!(server.json("/api/articles/a%2F1")["title"], "고친 제목");
    fs::remove_file(folder.at.join("third.jsonl")).unwrap();
    assert_eq!(changed(&server).articles_read, 0);
    assert_eq!(server.json("/api/articles/a%2F1")["title"], articles()[0]["title"]);
    // What was pushed wins, and what was withdrawn does not come back.
    server.admin("DELETE", "/api/articles/d-1?refresh=true");
    folder.write("fourth.jsonl", &lines(&[json!({"id": "d-1", "title": "다시 돌고래"})]));
    changed(&server);
    assert_eq!(server.get("/api/articles/d-1").status, 404);

    let full = job(&server, "");
    assert_eq!((full.state, full.articles_indexed), (JobState::Succeeded, 5));
    assert_eq!(server.json("/ready")["changes"], json!({"since": null, "withheld": null, "watch": null}));
}

/// Enough articles that a share of them counts, in files of a hundred.
fn a_thousand(folder: &mut Folder, files: std::ops::Range<u32>) {
    for file in files {
        let made: Vec<Value> = (0..100)
            .map(|number| json!({"id": format!("m-{file}-{number}"), "title": format!("기사 {file} {number}"), "body": "본문이다."}))
            .collect();
        folder.write(&format!("m{file:02}.jsonl"), &lines(&made));
    }
}

#[test]
fn a_folder_that_shrinks_takes_nothing_with_it() {
    let newsroom = Newsroom::new(&[]);
    let config = newsroom.config(|_| {});
    let mut folder = Folder { at: newsroom.articles_dir(), clock: SystemTime::UNIX_EPOCH };
    a_thousand(&mut folder, 0..10);
    let service = Service::open(config, Access::Write).unwrap();
    service.reindex(&Progress::default()).unwrap();
    let server = TestServer::serve(newsroom, service);
    let remove = |file: u32| {
        fs::remove_file(server.newsroom.articles_dir().join(format!("m{file:02}.jsonl"))).unwrap()
    };
    let articles = |server: &TestServer| server.json("/ready")["articles"].as_u64().unwrap();

    // A tenth, and another: each is little, and together they are as much as may go.
    for (file, left) in [(0, 900), (1, 800)] {
        remove(file);
        assert_eq!((changed(&server).error, articles(&server)), (None, left));
    }
    // One more is too much: nothing goes, what is new is found all the same, and both numbers are said.
    remove(2);
    folder.write("new.jsonl", &lines(&[json!({"id": "n-1", "title": "돌고래 떼"})]));
    let job_of_it = changed(&server);
    assert_eq!(job_of_it.state, JobState::Failed);
    let error = job_of_it.error.unwrap();
    assert!(error.contains("701 of 1001 articles") && error.contains("force=true"), "{error}");
    assert_eq!((articles(&server), &server.search(&[("q", "돌고래")])["total"]), (801, &json!(1)));
    let ready = server.json("/ready");
    assert!(ready["changes"]["withheld"].as_str().unwrap().contains("701 of 1001"), "{ready}");
    assert_eq!(job_of_it.files.unwrap().len(), 1);
    // Nor in the next run, nor after a restart.
    let server = server.restart();
    assert_eq!((changed(&server).state, articles(&server)), (JobState::Failed, 801));
    // It was a mount: the file is back, and nothing is held back any more.
    a_thousand(&mut folder, 2..3);
    assert_eq!((changed(&server).error, articles(&server)), (None, 801));
    assert_eq!(server.json("/ready")["changes"]["withheld"], json!(null));

    // The whole folder.
    let aside = server.newsroom.path().join("aside");
    fs::rename(&folder.at, &aside).unwrap();
    let gone = job(&server, "?changed=true&force=true");
    assert!(gone.error.unwrap().contains("0 of 801 articles"));
    assert_eq!(articles(&server), 801);
    assert!(server.json("/ready")["changes"]["withheld"].is_string());
    fs::create_dir(&folder.at).unwrap();
    assert!(changed(&server).error.unwrap().contains("of 801 articles that came from files 0 would be left"));
    assert_eq!(articles(&server), 801);
    fs::remove_dir(&folder.at).unwrap();
    fs::rename(&aside, &folder.at).unwrap();
    assert_eq!((changed(&server).error, articles(&server)), (None, 801));

    // Whoever means it says so, and begins to count anew.
    for file in 2..6 {
        fs::remove_file(folder.at.join(format!("m{file:02}.jsonl"))).unwrap();
    }
    assert_eq!(job(&server, "?changed=true&force=true").error, None);
    assert_eq!(articles(&server), 401);
    fs::remove_file(folder.at.join("new.jsonl")).unwrap();
    assert_eq!((changed(&server).error, articles(&server)), (None, 400));
}

#[test]
fn an_index_that_does_not_say_what_it_has_read_asks_for_a_full_reindex() {
    let server = TestServer::start(&articles());
    let generation = server.json("/ready")["generation"].as_str().unwrap().to_owned();
    let meta = server.newsroom.index_dir().join(&generation).join("meta.json");
    let config = server.service.config().clone();
    let newsroom = server.into_newsroom();
    // As an earlier version wrote it.
    let text = fs::read_to_string(&meta).unwrap();
    assert!(text.contains("\\\"book\\\":0"), "{text}");
    fs::write(&meta, text.replace(",\\\"book\\\":0", "")).unwrap();
    let server = TestServer::serve(newsroom, Service::open(config, Access::Write).unwrap());
    let job_of_it = changed(&server);
    let error = job_of_it.error.unwrap();
    assert_eq!(job_of_it.state, JobState::Failed);
    assert!(error.contains("full") && error.contains("reindex"), "{error}");
    assert_eq!(server.json("/ready")["articles"], 5);
    assert_eq!(job(&server, "").error, None);
    assert_eq!(changed(&server).error, None);
}
