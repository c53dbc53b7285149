//! Articles in an OpenSearch cluster, where one is told of.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock, Once};
use std::time::Duration;

use gisa::article::Article;
use gisa::cluster::{Client, Copying, Credentials, Door, Layout, Target, copy};
use gisa::korean::Language;
use gisa::learned::LearnedNames;
use gisa::query::archive::Archive;
use serde_json::Value;

use crate::contract::arriving::BEFORE;
use crate::contract::learning;
use crate::contract::naive::NaiveArchive;
use crate::contract::servers::{Contract, serve_archive};
use crate::newsroom::{TestServer, client};
use crate::outside;

/// What the indexes of this test begin with; after that comes the number of the process.
const PREFIX: &str = "gisa-contract";

/// Whether a cluster is there; says that `test` is skipped where none is.
fn is_there(test: &str) -> bool {
    static ONCE: Once = Once::new();
    let there = outside::cluster(test).is_some();
    if there {
        ONCE.call_once(forget_earlier);
    }
    there
}

/// The contract over a cluster; `None` where `test` is skipped.
pub fn of_cluster(test: &str) -> Option<&'static Contract> {
    static CLUSTER: LazyLock<Contract> = LazyLock::new(|| Contract::over(over_cluster, arriving));
    is_there(test).then(|| &*CLUSTER)
}

/// The nodes of the cluster that is there.
fn nodes() -> Vec<String> {
    outside::cluster("the contract over a cluster").unwrap()
}

/// Deletes the indexes of processes that have ended.
fn forget_earlier() {
    let url = nodes().remove(0);
    let client = client().build().unwrap();
    let names = client.get(format!("{url}/_cat/indices/{PREFIX}-*?h=index")).send().unwrap().text().unwrap();
    for name in names.lines() {
        let process = name.split('-').nth(2).unwrap_or_default();
        let own = process == std::process::id().to_string();
        if own || !Path::new("/proc").join(process).exists() {
            let answer = client.delete(format!("{url}/{name}")).send().unwrap();
            // Another run may have been faster.
            assert!(answer.status().is_success() || answer.status() == 404, "{name}: {}", answer.status());
        }
    }
}

/// Serves an index of the cluster with `articles`, which teach `learned`; `None` where `test` is skipped.
pub fn serve(articles: &[Value], learned: &LearnedNames, test: &str) -> Option<TestServer> {
    is_there(test).then(|| {
        serve_archive(articles, |language, articles| filled(language, articles, usize::MAX, learned))
    })
}

fn over_cluster(articles: &[Value]) -> TestServer {
    serve_archive(articles, |language, articles| filled(language, articles, usize::MAX, &learning::names()))
}

fn arriving(articles: &[Value]) -> TestServer {
    serve_archive(articles, |language, articles| filled(language, articles, BEFORE, &learning::names()))
}

/// A new index of the cluster with `articles`, all but the first of which came one by one, and which teach `learned`.
fn filled(
    language: &Language,
    articles: Vec<Article>,
    before: usize,
    learned: &LearnedNames,
) -> Arc<dyn Archive> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let prefix = format!("{PREFIX}-{}-{number}", std::process::id());
    let shards = std::env::var("GISA_TEST_CLUSTER_SHARDS").map_or(2, |shards| shards.parse().unwrap());
    let replicas = std::env::var("GISA_TEST_CLUSTER_REPLICAS").map_or(0, |copies| copies.parse().unwrap());
    let client = || Client::new(&nodes(), &Credentials::None).unwrap();
    let target = Target {
        prefix: prefix.clone(),
        name: "1".to_owned(),
        layout: Layout { shards, replicas },
        threads: 2,
        lexicon: Vec::new(),
    };
    // What the naive archive finds and is told, it gives away as an embedded one does.
    let from = NaiveArchive::new(language, articles).teaching(learned.clone()).arriving_after(before);
    copy(&from, language, &client(), &target, &Copying::default()).unwrap();
    let door = Door::new(Arc::new(client()), &prefix, Duration::from_secs(3600));
    Arc::new(door.open(language.clone()).unwrap())
}
