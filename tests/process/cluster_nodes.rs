//! A cluster of three nodes loses one, again and again, while articles come and are searched: no acknowledged article is lost, nothing wrong
//! is counted, and nobody has to help.

use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::cluster_engine::{Prefix, article, put, reindex, search, total, until};
use crate::newsroom::{TOKEN, with_query};
use crate::outside;
use crate::program::Process;

/// Until a node is there again and its shards are copied, a virtual machine of Java beside busy tests.
const LONGEST_START: Duration = Duration::from_secs(240);

/// Three nodes that this test may end: `GISA_TEST_THREE_NODES` is the folder in which `tests/opensearch/cluster.sh up 3` has started them, at
/// `GISA_TEST_THREE_NODES_PORT`.
struct Nodes {
    folder: String,
    port: u16,
}

impl Nodes {
    /// `None` where `test` is skipped.
    fn of(test: &str) -> Option<Self> {
        let Ok(folder) = std::env::var("GISA_TEST_THREE_NODES") else {
            let required = std::env::var_os("GISA_REQUIRE_THREE_NODES").is_some();
            assert!(!required, "{test}: GISA_TEST_THREE_NODES is not set");
            outside::skipped(test, "GISA_TEST_THREE_NODES does not name the folder of three nodes");
            return None;
        };
        let port = std::env::var("GISA_TEST_THREE_NODES_PORT").unwrap().parse().unwrap();
        Some(Self { folder, port })
    }

    fn url(&self, node: u16) -> String {
        format!("http://127.0.0.1:{}", self.port + node)
    }

    fn urls(&self) -> Vec<String> {
        (1..=3).map(|node| self.url(node)).collect()
    }

    fn tell(&self, what: &str, node: u16) {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/opensearch/cluster.sh");
        let done = Command::new(script)
            .args([what, &node.to_string()])
            .env("GISA_CLUSTER_DIR", &self.folder)
            .env("GISA_CLUSTER_PORT", self.port.to_string())
            .status()
            .unwrap();
        assert!(done.success(), "{what} {node}");
    }

    /// Starts a node over its own data, and waits until every shard of `prefix` has all its copies again.
    fn start(&self, node: u16, prefix: &Prefix, client: &reqwest::blocking::Client) {
        self.tell("start", node);
        let health = format!(
            "{}/_cluster/health/{}-*?wait_for_status=green&wait_for_nodes=3&timeout=5s",
            self.url(node % 3 + 1),
            prefix.name
        );
        let began = Instant::now();
        while !client.get(&health).send().is_ok_and(|answer| answer.status().is_success()) {
            assert!(began.elapsed() < LONGEST_START, "node {node} is not there again");
            // A copy that was closed while a search held it open cannot be opened again at once, and the cluster tries five times only.
            let again = format!("{}/_cluster/reroute?retry_failed=true", self.url(node % 3 + 1));
            let _ = client.post(&again).send();
        }
    }
}

/// How often a node is killed: twice, or as `GISA_TEST_NODE_ROUNDS` says.
fn rounds() -> u16 {
    std::env::var("GISA_TEST_NODE_ROUNDS").map_or(2, |rounds| rounds.parse().unwrap())
}

/// Says that it is over when it is dropped.
struct Ends<'a>(&'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

/// What searches on one server said while nodes came and went.
#[derive(Default)]
struct Told {
    answers: AtomicU64,
    errors: AtomicU64,
    partial: AtomicU64,
}

/// Searches until `over`: each answer is right, says that it is partial, or is an error with a code.
fn watch(server: &Process, written: &AtomicU64, over: &AtomicBool, told: &Told) {
    let asked = |query: &str| -> Value {
        let url = server.url(&with_query("/api/search", &[("q", query), ("match", "all")]));
        server.client.get(url).bearer_auth(TOKEN).send().unwrap().json().unwrap()
    };
    let mut seen = 0;
    while !over.load(Ordering::Acquire) {
        let (still, coming) = (asked("잔치"), asked("달맞이꽃"));
        let most = written.load(Ordering::Acquire);
        for answer in [&still, &coming] {
            match answer["total"].as_u64() {
                None => {
                    let code = answer["code"].as_str().unwrap_or_else(|| panic!("{answer}"));
                    let known = [
                        "partial_results",
                        "engine_unreachable",
                        "engine_busy",
                        "edition_gone",
                        "deadline",
                        "starting",
                    ];
                    assert!(known.contains(&code), "{answer}");
                    told.errors.fetch_add(1, Ordering::Relaxed);
                }
                Some(_) if answer["partial"] == json!(true) => {
                    told.partial.fetch_add(1, Ordering::Relaxed);
                }
                Some(_) => {
                    told.answers.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
        let whole = |answer: &Value| answer["total"].as_u64().filter(|_| answer["partial"] != json!(true));
        assert_eq!(whole(&still).unwrap_or(60), 60, "{still}");
        if let Some(found) = whole(&coming) {
            assert!((seen..=most).contains(&found), "{found} of at most {most}, after {seen}");
            seen = found;
        }
    }
}

#[test]
fn a_node_that_is_killed_costs_no_article_and_nothing_wrong_is_counted() {
    let test = "a_node_that_is_killed_costs_no_article_and_nothing_wrong_is_counted";
    let Some(nodes) = Nodes::of(test) else { return };
    let prefix = Prefix::at(nodes.url(1), test);
    let articles: Vec<Value> = (0..60).map(|id| article(id, "물레방앗간 앞에서 잔치가 열렸다.")).collect();
    let newsroom = prefix.newsroom_of(&articles, &nodes.urls(), "shards = 3\nreplicas = 1");
    reindex(&newsroom);
    let mut writer = Process::start(newsroom.path(), None);
    writer.wait_until_ready().unwrap();
    let (_reading, mut reader) = prefix.reader_of(&nodes.urls(), "");
    reader.wait_until_ready().unwrap();

    let (written, over, told) = (AtomicU64::new(0), AtomicBool::new(false), Told::default());
    std::thread::scope(|scope| {
        let watching = scope.spawn(|| watch(&reader, &written, &over, &told));
        // Else a failure here would wait for ever for the one that watches.
        let ends = Ends(&over);
        let push = |many: u64| {
            for _ in 0..many {
                // Counted before: it may be found before the answer is here.
                let id = 1_000 + written.fetch_add(1, Ordering::AcqRel);
                put(&writer, &article(id as usize, "달맞이꽃이 피었다."), "");
            }
        };
        for round in 0..rounds() {
            let node = 1 + round % 3;
            push(5);
            let walk = [("q", "잔치"), ("match", "all"), ("sort", "oldest"), ("size", "25")];
            let first = search(&writer, &walk);
            let cursor = first["next_cursor"].as_str().unwrap_or_else(|| panic!("{first}")).to_owned();
            nodes.tell("kill", node);
            push(15);

            // A walk that was begun before goes on, without a gap and without one twice.
            let mut ids: Vec<String> = ids_of(&first);
            let mut cursor = Some(cursor);
            while let Some(next) = cursor {
                let page = || search(&writer, &[&walk[..], &[("cursor", &next)]].concat());
                let page = until("the walk goes on", page, |page| page["hits"].is_array());
                ids.extend(ids_of(&page));
                cursor = page["next_cursor"].as_str().map(str::to_owned);
            }
            let mut once = ids.clone();
            once.sort();
            once.dedup();
            assert_eq!((ids.len(), once.len()), (60, 60), "round {round}");

            // With two nodes everything is found; with the third, too.
            let all = written.load(Ordering::Acquire);
            let found = || searched(&reader, "달맞이꽃");
            until("what came is found", found, |found| *found == Some(all));
            nodes.start(node, &prefix, &writer.client);
            push(5);
        }
        let all = written.load(Ordering::Acquire);
        until("what came is found", || searched(&reader, "달맞이꽃"), |found| *found == Some(all));
        drop(ends);
        watching.join().unwrap();
    });
    assert_eq!((total(&writer, "잔치"), total(&writer, "달맞이꽃")), (60, written.into_inner()));
    let count = |of: &AtomicU64| of.load(Ordering::Relaxed);
    outside::said(&format!(
        "{} rounds: {} answers, all right; {} partial, {} errors with a code",
        rounds(),
        count(&told.answers),
        count(&told.partial),
        count(&told.errors)
    ));
    assert!(count(&told.answers) > 0);
}

fn ids_of(page: &Value) -> Vec<String> {
    let hits = page["hits"].as_array().unwrap_or_else(|| panic!("{page}"));
    hits.iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect()
}

/// How many articles hold `query`; `None` while the cluster cannot say all of it.
fn searched(server: &Process, query: &str) -> Option<u64> {
    let found = search(server, &[("q", query), ("match", "all")]);
    found["total"].as_u64().filter(|_| found["partial"] != json!(true))
}
