//! A shard of a real cluster without a live copy: what can say so is answered from the others, everything else not at all.

use reqwest::blocking::Response;
use serde_json::{Value, json};

use crate::cluster_engine::{Prefix, article, reindex, until};
use crate::newsroom::{TOKEN, with_query};
use crate::program::Process;

fn get(server: &Process, path: &str) -> (u16, Value) {
    let answer = ask(server, path);
    (answer.status().as_u16(), answer.json().unwrap())
}

fn ask(server: &Process, path: &str) -> Response {
    server.client.get(server.url(path)).bearer_auth(TOKEN).send().unwrap()
}

/// A shard that no node brings up. Comes back when dropped.
struct Lost<'a>(&'a Prefix);

impl<'a> Lost<'a> {
    /// Takes the first shard of `index` from its node, and what searches hold open of it.
    fn first_shard(prefix: &'a Prefix, index: &str) -> Self {
        let lost = Self(prefix);
        lost.bring_up(&json!(0));
        let shards = format!("{}/_cat/shards/{index}?h=shard,node", prefix.url);
        let shards = prefix.client.get(shards).send().unwrap().text().unwrap();
        let node = shards.lines().find_map(|line| line.strip_prefix("0 ")).unwrap().trim().to_owned();
        let cancel = json!({"index": index, "shard": 0, "node": node, "allow_primary": true});
        let moved = prefix.client.post(format!("{}/_cluster/reroute?metric=none", prefix.url));
        let moved = moved.json(&json!({"commands": [{"cancel": cancel}]})).send().unwrap();
        assert!(moved.status().is_success(), "{moved:?}");
        let points = format!("{}/_search/point_in_time/_all", prefix.url);
        assert!(prefix.client.delete(points).send().unwrap().status().is_success());
        lost
    }

    /// How many shards a node brings up at once, of all indexes: other tests wait meanwhile.
    fn bring_up(&self, most: &Value) {
        let settings =
            json!({"transient": {"cluster.routing.allocation.node_initial_primaries_recoveries": most}});
        let set = self.0.client.put(format!("{}/_cluster/settings", self.0.url)).json(&settings).send();
        assert!(set.is_ok_and(|set| set.status().is_success()) || std::thread::panicking());
    }
}

impl Drop for Lost<'_> {
    fn drop(&mut self) {
        self.bring_up(&Value::Null);
    }
}

#[test]
fn without_a_shard_searches_say_that_they_lack_articles() {
    let Some(prefix) = Prefix::of("without_a_shard_searches_say_that_they_lack_articles") else { return };
    let said = "마을 이장은 “물레방앗간 앞에서 잔치가 열렸다”고 말했다.";
    let articles: Vec<Value> = (0..40).map(|id| article(id, said)).collect();
    let newsroom = prefix.newsroom(&articles, &prefix.url);
    reindex(&newsroom);
    let (_room, mut reader) = prefix.reader(&prefix.url);
    reader.wait_until_ready().unwrap();
    let search = |more: &[(&str, &str)]| {
        with_query(
            "/api/search",
            &[&[("q", "물레방앗간"), ("match", "all"), ("size", "40"), ("facets", "outlet")], more].concat(),
        )
    };
    let (status, whole) = get(&reader, &search(&[]));
    assert_eq!((status, &whole["total"], whole.get("partial")), (200, &json!(40), None), "{whole}");
    let (_, first) = get(&reader, "/api/search?q=&size=5&sort=newest");
    let cursor = first["next_cursor"].as_str().unwrap_or_else(|| panic!("{first}")).to_owned();

    let index = prefix.indexes().remove(0);
    let counts = format!("{}/{index}/_count?preference=_shards:1", prefix.url);
    let alive: Value = prefix.client.get(counts).send().unwrap().json().unwrap();
    let alive = alive["count"].as_u64().unwrap();
    assert!(0 < alive && alive < 40, "{alive}");
    let lost = Lost::first_shard(&prefix, &index);
    let (status, part) =
        until("the shard is lost", || get(&reader, &search(&[])), |(_, answer)| answer["total"] != 40);
    assert_eq!((status, &part["partial"], &part["total"]), (200, &json!(true), &json!(alive)), "{part}");
    assert_eq!(part["hits"].as_array().unwrap().len() as u64, alive);
    assert_eq!(part["facets"]["outlet"][0]["count"], alive, "{part}");
    assert_eq!(part["next_cursor"], Value::Null);
    let (_, folded) = get(&reader, &search(&[("group", "similar"), ("sort", "newest")]));
    assert_eq!((&folded["partial"], &folded["articles"]), (&json!(true), &json!(alive)), "{folded}");
    for path in
        ["/api/facets/day?q=", "/api/trends?q=잔치", "/api/related-terms?q=잔치", "/api/quotes?q=잔치"]
    {
        let (status, answer) = get(&reader, path);
        assert_eq!((status, &answer["partial"]), (200, &json!(true)), "{path}: {answer}");
        let (status, answer) = get(&reader, &format!("{path}&strict=true"));
        assert_eq!((status, &answer["code"]), (503, &json!("partial_results")), "{path}: {answer}");
    }
    let (status, answer) = get(&reader, &search(&[("strict", "true")]));
    assert_eq!((status, &answer["code"]), (503, &json!("partial_results")), "{answer}");
    // What cannot say that it is a part: a page of a walk, a table, an article that may be in what is lost.
    for path in [
        with_query("/api/search", &[("q", ""), ("size", "5"), ("sort", "newest"), ("cursor", &cursor)]),
        "/export.csv?q=".to_owned(),
        "/feed.atom?q=".to_owned(),
        "/export/trends.csv?q=잔치".to_owned(),
    ] {
        let (status, answer) = get(&reader, &path);
        assert_eq!((status, &answer["code"]), (503, &json!("partial_results")), "{path}: {answer}");
    }
    for id in 0..6 {
        let status = ask(&reader, &format!("/api/articles/기사%2F{id}")).status();
        assert_eq!(status, 503, "{id}: it is not said to be missing, nor is there");
    }
    let (status, ready) = get(&reader, "/ready");
    assert_eq!((status, &ready["partial"]), (200, &json!(true)), "{ready}");
    let metrics = ask(&reader, "/metrics").text().unwrap();
    let counted = metrics.lines().find_map(|line| line.strip_prefix("gisa_search_partial_total ")).unwrap();
    assert!(counted.parse::<f64>().unwrap() >= 2.0, "{counted}");

    drop(lost);
    let back = until("it is back", || get(&reader, &search(&[])), |(_, answer)| answer["total"] == 40);
    assert_eq!((back.0, back.1.get("partial")), (200, None), "{}", back.1);
    let (_, ready) = until("it is ready", || get(&reader, "/ready"), |(status, _)| *status == 200);
    assert!(ready.get("partial").is_none(), "{ready}");
}
