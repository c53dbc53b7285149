//! Whatever is written, in whatever order, with reindexes, reloads and restarts between: the server agrees with a plain map in
//! memory; and answers that are given while all this goes on agree with what was true at one moment.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::cases::cases;
use crate::newsroom::{self, Newsroom, TOKEN, TestServer, articles};
use proptest::prelude::*;
use serde_json::json;

/// Words of which articles are made; none is a part of another.
const WORDS: [&str; 6] = ["돌고래", "자전거", "반도체", "갯벌", "수소트램", "단풍"];

#[derive(Debug, Clone)]
enum Step {
    Put(u8, Vec<u8>),
    Delete(u8),
    Bulk(Vec<(u8, Vec<u8>)>),
    /// A file that holds an article, and a reindex that takes it up.
    File(u8, Vec<u8>),
    Reindex,
    Reload,
    Restart,
    Search(u8),
}

fn step() -> impl Strategy<Value = Step> {
    let id = 0_u8..12;
    let words = || prop::collection::vec(0_u8..6, 1..4);
    prop_oneof![
        8 => (id.clone(), words()).prop_map(|(id, words)| Step::Put(id, words)),
        4 => id.clone().prop_map(Step::Delete),
        3 => prop::collection::vec((id.clone(), words()), 1..8).prop_map(Step::Bulk),
        1 => (id, words()).prop_map(|(id, words)| Step::File(id, words)),
        1 => Just(Step::Reindex),
        1 => Just(Step::Reload),
        1 => Just(Step::Restart),
        6 => (0_u8..6).prop_map(Step::Search),
    ]
}

fn article(id: u8, words: &[u8]) -> serde_json::Value {
    let text: Vec<&str> = words.iter().map(|word| WORDS[usize::from(*word)]).collect();
    json!({"id": format!("x{id}"), "title": text.join(" "), "body": format!("{} 소식이다.", text.join(", "))})
}

/// What the newsroom holds: pushed state wins over files.
#[derive(Default)]
struct Model {
    files: BTreeMap<u8, Vec<u8>>,
    pushed: BTreeMap<u8, Option<Vec<u8>>>,
    /// Files that no reindex has taken up.
    waiting: BTreeMap<u8, Vec<u8>>,
}

impl Model {
    fn holds(&self, word: u8) -> BTreeSet<String> {
        let mut all: BTreeMap<u8, &Vec<u8>> = self.files.iter().map(|(id, words)| (*id, words)).collect();
        for (id, words) in &self.pushed {
            match words {
                Some(words) => all.insert(*id, words),
                None => all.remove(id),
            };
        }
        all.iter().filter(|(_, words)| words.contains(&word)).map(|(id, _)| format!("x{id}")).collect()
    }
}

fn found(server: &TestServer, word: u8) -> BTreeSet<String> {
    let answer = server.search(&[("q", WORDS[usize::from(word)]), ("size", "100")]);
    let ids: BTreeSet<String> =
        answer["hits"].as_array().unwrap().iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(answer["total"], ids.len());
    ids
}

fn run(steps: &[Step]) {
    let mut server = TestServer::start(&[]);
    let mut model = Model::default();
    for (number, step) in steps.iter().enumerate() {
        match step {
            Step::Put(id, words) => {
                let path = format!("/api/articles/x{id}?refresh=true");
                let answer =
                    server.send(server.request("PUT", &path).bearer_auth(TOKEN).json(&article(*id, words)));
                assert_eq!(answer.json()["searchable"], true, "{}", answer.text);
                model.pushed.insert(*id, Some(words.clone()));
            }
            Step::Delete(id) => {
                assert_eq!(server.admin("DELETE", &format!("/api/articles/x{id}?refresh=true")).status, 200);
                model.pushed.insert(*id, None);
            }
            Step::Bulk(many) => {
                let lines: Vec<_> = many.iter().map(|(id, words)| article(*id, words)).collect();
                let request = server.request("POST", "/api/articles?refresh=true").bearer_auth(TOKEN);
                let request =
                    request.header("content-type", "application/x-ndjson").body(newsroom::lines(&lines));
                assert_eq!(server.send(request).json()["accepted"], many.len());
                model.pushed.extend(many.iter().map(|(id, words)| (*id, Some(words.clone()))));
            }
            Step::File(id, words) => {
                server.newsroom.write(&format!("{id}.jsonl"), &newsroom::lines(&[article(*id, words)]));
                model.waiting.insert(*id, words.clone());
            }
            Step::Reindex => {
                let job = server.admin("POST", "/api/admin/reindex").json();
                assert_eq!(server.wait_for(job["job"]["id"].as_str().unwrap()).error, None);
                model.files.append(&mut model.waiting);
            }
            Step::Reload => assert_eq!(server.admin("POST", "/api/admin/lexicon/reload").status, 200),
            Step::Restart => server = server.restart(),
            Step::Search(word) => assert_eq!(found(&server, *word), model.holds(*word), "step {number}"),
        }
    }
    for word in 0..6 {
        assert_eq!(found(&server, word), model.holds(word), "at the end");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 40, ..cases(12) })]
    #[test]
    fn the_server_agrees_with_a_map(steps in prop::collection::vec(step(), 10..40)) {
        run(&steps);
    }
}

/// One state: how many articles a query finds, by the sequence of the write that made it so.
type History = Mutex<BTreeMap<u64, u64>>;

#[test]
fn answers_during_writes_and_reindexes_agree_with_one_moment() {
    const CLIENTS: usize = 16;
    const REINDEXES: usize = 5;
    let server = TestServer::start_with(Newsroom::new(&articles()), |file| {
        file.search.max_concurrent = CLIENTS;
        file.search.max_waiting = 64;
    });
    let history: History = Mutex::new(BTreeMap::from([(0, 0)]));
    let acknowledged = AtomicU64::new(0);
    let done = AtomicBool::new(false);
    let answers = AtomicU64::new(0);
    std::thread::scope(|scope| {
        let mut clients = Vec::new();
        for client in 0..CLIENTS {
            let (server, history, acknowledged, done, answers) =
                (&server, &history, &acknowledged, &done, &answers);
            clients.push(scope.spawn(move || {
                let mut seen = 0;
                while !done.load(Ordering::Relaxed) {
                    let refreshed = acknowledged.load(Ordering::SeqCst);
                    let answer = server.search(&[("q", "수소트램"), ("facets", "outlet"), ("size", "3")]);
                    let sequence = answer["sequence"].as_u64().unwrap();
                    let total = answer["total"].as_u64().unwrap();
                    let counted: u64 = answer["facets"]["outlet"]
                        .as_array()
                        .unwrap()
                        .iter()
                        .map(|value| value["count"].as_u64().unwrap())
                        .sum();
                    assert_eq!(counted, total, "counts belong to the same moment: {answer}");
                    assert!(
                        sequence >= refreshed,
                        "client {client}: {sequence} is before {refreshed}, which was searchable"
                    );
                    assert!(sequence >= seen, "client {client}: time goes on");
                    seen = sequence;
                    // The write may not have been noted yet by who made it; then there is nothing to compare with.
                    if let Some(expected) = history.lock().unwrap().get(&sequence) {
                        assert_eq!(total, *expected, "client {client} at {sequence}");
                    }
                    answers.fetch_add(1, Ordering::Relaxed);
                }
            }));
        }
        let mut present: BTreeSet<u64> = BTreeSet::new();
        let mut write = |number: u64| {
            let id = number * 7 % 50;
            // What is searchable now is known before anybody can see it: one writer, and the numbers follow each other.
            let next = acknowledged.load(Ordering::SeqCst) + 1;
            let deletes = present.contains(&id) && number.is_multiple_of(3);
            let mut then = present.clone();
            if deletes {
                then.remove(&id)
            } else {
                then.insert(id)
            };
            history.lock().unwrap().insert(next, then.len() as u64);
            let path = format!("/api/articles/h{id}?refresh=true");
            let answer = if deletes {
                server.admin("DELETE", &path)
            } else {
                let article = json!({"title": format!("수소트램 {number}"), "body": "수소트램이 달린다.", "outlet": "새벽신문"});
                server.send(server.request("PUT", &path).bearer_auth(TOKEN).json(&article))
            };
            assert_eq!(answer.json()["sequence"], next, "{}", answer.text);
            // The answer comes before, if that takes very long.
            server.wait_until_ready();
            acknowledged.store(next, Ordering::SeqCst);
            present = then;
        };
        let mut number = 0;
        for _ in 0..REINDEXES {
            let job = server.admin("POST", "/api/admin/reindex").json();
            let id = job["job"]["id"].as_str().unwrap();
            while !server.service.jobs().get(id).unwrap().state.is_final() {
                write(number);
                number += 1;
            }
            assert_eq!(server.service.jobs().get(id).unwrap().error, None);
        }
        // However slowly the clients had their turn: enough of their answers were looked at.
        while answers.load(Ordering::Relaxed) <= 100 && !clients.iter().any(|client| client.is_finished()) {
            write(number);
            number += 1;
        }
        done.store(true, Ordering::Relaxed);
    });
    assert!(answers.load(Ordering::Relaxed) > 100);
}
