//! With a cluster as its engine the program fills it by a reindex and serves from there, also on a machine that has no articles.

use std::fs;

use serde_json::{Value, json};

use crate::newsroom::{Newsroom, TOKEN, lines, with_query};
use crate::outside;
use crate::program::{Process, gisa};

/// What the indexes of these tests begin with.
const PREFIX: &str = "gisa-process-test";

/// A newsroom whose engine is the cluster at `url`.
fn newsroom(articles: &[Value], url: &str) -> Newsroom {
    let newsroom = Newsroom::new(articles);
    let config = format!(
        "listen = \"127.0.0.1:0\"\n[index]\nthreads = 1\nmemory_mb = 32\n[engine]\nkind = \"opensearch\"\n\
         urls = [\"{url}\"]\nprefix = \"{PREFIX}\"\nreplicas = 0\n"
    );
    fs::write(newsroom.path().join("config.toml"), config).unwrap();
    newsroom
}

/// The indexes of these tests that are in the cluster, without what is beside them.
fn indexes(url: &str) -> Vec<String> {
    let answer = reqwest::blocking::get(format!("{url}/_cat/indices/{PREFIX}-*?h=index&s=index")).unwrap();
    let text = answer.text().unwrap();
    text.lines().filter(|name| !name.ends_with("-beside")).map(str::to_owned).collect()
}

fn remove_all(url: &str) {
    let client = reqwest::blocking::Client::new();
    for name in indexes(url) {
        for name in [format!("{name}-beside"), name] {
            client.delete(format!("{url}/{name}")).send().unwrap();
        }
    }
}

fn article(id: usize, body: &str) -> Value {
    json!({"id": format!("기사/{id}"), "title": format!("물레방앗간 소식 {id}"), "body": body, "outlet": "새벽신문",
        "published_at": format!("2024-03-{:02}T09:00:00+09:00", 1 + id)})
}

#[test]
fn a_reindex_fills_the_cluster_and_any_server_reads_from_it() {
    let test = "process::a_reindex_fills_the_cluster_and_any_server_reads_from_it";
    let Some(url) = outside::cluster(test).map(|mut nodes| nodes.remove(0)) else { return };
    remove_all(&url);
    let articles: Vec<Value> = (0..20).map(|id| article(id, "물레방앗간 앞에서 잔치가 열렸다.")).collect();
    let writer = newsroom(&articles, &url);
    let reader = newsroom(&[], &url);
    let early = gisa(reader.path()).arg("serve").output().unwrap();
    assert!(!early.status.success());
    assert!(String::from_utf8_lossy(&early.stderr).contains("fill one with a reindex"), "{early:?}");

    let reindex = || {
        let done = gisa(writer.path()).arg("reindex").output().unwrap();
        assert!(done.status.success(), "{done:?}");
        String::from_utf8(done.stdout).unwrap()
    };
    let said = reindex();
    assert!(said.contains("serves in the cluster"), "{said}");

    let mut server = Process::start(reader.path(), None);
    let ready = server.wait_until_ready().unwrap();
    assert_eq!(ready["articles"], 20, "{ready}");
    let search = |server: &Process, query: &str| -> Value {
        let path = with_query("/api/search", &[("q", query), ("facets", "outlet")]);
        server.client.get(server.url(&path)).send().unwrap().json().unwrap()
    };
    let found = search(&server, "물레방앗간에서 잔치");
    assert_eq!(
        (&found["total"], &found["facets"]["outlet"][0]["count"]),
        (&json!(20), &json!(20)),
        "{found}"
    );
    let pushed = server.client.put(server.url("/api/articles/new")).bearer_auth(TOKEN);
    let pushed = pushed.json(&article(30, "여기에는 들어가지 않는다.")).send().unwrap();
    assert_ne!(pushed.status(), 200);

    // A server goes on with the index that it opened, until it is started again.
    for round in 1..=2 {
        writer.write(&format!("{round}.jsonl"), &lines(&[article(30 + round, "달맞이꽃이 피었다.")]));
        reindex();
        assert_eq!(search(&server, "달맞이꽃")["total"], round - 1);
        server.end();
        server = Process::start(reader.path(), None);
        server.wait_until_ready().unwrap();
        assert_eq!(search(&server, "달맞이꽃")["total"], round);
    }
    assert_eq!(indexes(&url).len(), 2, "the one that serves, and the one before");
    server.end();
    remove_all(&url);
}
