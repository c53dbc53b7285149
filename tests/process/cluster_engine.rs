//! With a cluster as its engine the program fills it by a reindex, lets it follow what is pushed, and any number of servers read from there
//! that have no articles.

use std::collections::BTreeMap;
use std::fs;
use std::time::{Duration, Instant};

use reqwest::blocking::Client;
use serde_json::{Value, json};

use crate::cluster_proxy::{Proxy, Way};
use crate::newsroom::{Newsroom, TOKEN, client, lines, with_query};
use crate::outside;
use crate::program::{Process, gisa};

/// Nothing that is waited for takes so long, on any machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A prefix of indexes, which are removed before and after.
pub struct Prefix {
    pub url: String,
    pub name: String,
    pub client: Client,
}

impl Prefix {
    /// One of its own for each test; `None` where `test` is skipped.
    pub fn of(test: &str) -> Option<Self> {
        let url = outside::cluster(&format!("process::cluster_engine::{test}"))?.remove(0);
        Some(Self::at(url, test))
    }

    /// One of its own for `test` in the cluster with the node at `url`.
    pub fn at(url: String, test: &str) -> Self {
        let name = format!("gisa-process-{}", test.replace('_', "-"));
        let prefix = Self { url, name, client: client().build().unwrap() };
        prefix.remove_all();
        prefix
    }

    /// The indexes with articles that are in the cluster.
    pub fn indexes(&self) -> Vec<String> {
        let asked = format!("{}/_cat/indices/{}-*?h=index&s=index", self.url, self.name);
        let text = self.client.get(asked).send().unwrap().text().unwrap();
        text.lines()
            .filter(|name| !name.ends_with("-beside") && *name != self.keys())
            .map(str::to_owned)
            .collect()
    }

    /// The index with what the writer says of its keys.
    pub fn keys(&self) -> String {
        format!("{}-keys", self.name)
    }

    fn remove_all(&self) {
        self.client.delete(format!("{}/{}", self.url, self.keys())).send().unwrap();
        for name in self.indexes() {
            for name in [format!("{name}-beside"), name] {
                self.client.delete(format!("{}/{name}", self.url)).send().unwrap();
            }
        }
    }

    /// A newsroom with `articles` whose engine is the cluster, asked at `url`.
    pub fn newsroom(&self, articles: &[Value], url: &str) -> Newsroom {
        self.newsroom_of(articles, &[url.to_owned()], "shards = 2\nreplicas = 0")
    }

    /// The same with several nodes, and another layout.
    pub fn newsroom_of(&self, articles: &[Value], urls: &[String], layout: &str) -> Newsroom {
        let newsroom = Newsroom::new(articles);
        let config = format!(
            "listen = \"127.0.0.1:0\"\n[search]\ndeadline_ms = 60000\n[index]\nthreads = 1\nmemory_mb = 32\n[engine]\nkind = \"opensearch\"\n\
             urls = {urls:?}\nprefix = \"{}\"\n{layout}\nwriter = \"http://writer.example:7878\"\n",
            self.name
        );
        fs::write(newsroom.path().join("config.toml"), config).unwrap();
        newsroom
    }

    /// A server that only reads, in a folder without data.
    pub fn reader(&self, url: &str) -> (Newsroom, Process) {
        self.reader_of(&[url.to_owned()], "")
    }

    /// The same with several nodes, and with more settings.
    pub fn reader_of(&self, urls: &[String], settings: &str) -> (Newsroom, Process) {
        let newsroom = self.newsroom_of(&[], urls, "");
        fs::remove_dir_all(newsroom.path().join("data")).unwrap();
        configure(&newsroom, settings);
        let process = Process::of(
            gisa(newsroom.path())
                .args(["serve", "--read-only"])
                .stderr(std::process::Stdio::piped())
                .stdout(std::process::Stdio::null())
                .spawn()
                .unwrap(),
        );
        (newsroom, process)
    }
}

impl Drop for Prefix {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.remove_all();
        }
    }
}

pub fn article(id: usize, body: &str) -> Value {
    json!({"id": format!("기사/{id}"), "title": format!("물레방앗간 소식 {id}"), "body": body, "outlet": "새벽신문",
        "published_at": format!("2024-03-{:02}T09:00:00+09:00", 1 + id % 28)})
}

/// Adds sections to the settings.
pub fn configure(newsroom: &Newsroom, settings: &str) {
    let path = newsroom.path().join("config.toml");
    let config = fs::read_to_string(&path).unwrap();
    fs::write(path, format!("{config}{settings}")).unwrap();
}

pub fn reindex(newsroom: &Newsroom) -> String {
    let done = gisa(newsroom.path()).arg("reindex").output().unwrap();
    assert!(done.status.success(), "{done:?}");
    String::from_utf8(done.stdout).unwrap()
}

pub fn get(server: &Process, path: &str) -> Value {
    server.client.get(server.url(path)).bearer_auth(TOKEN).send().unwrap().json().unwrap()
}

/// Searches, and once more where that was advised: other tests here take away what searches hold open in the cluster.
pub fn search(server: &Process, parameters: &[(&str, &str)]) -> Value {
    let asked = || get(server, &with_query("/api/search", parameters));
    until("the edition is there", asked, |found| found["code"] != "edition_gone")
}

pub fn total(server: &Process, query: &str) -> u64 {
    let found = search(server, &[("q", query), ("match", "all")]);
    found["total"].as_u64().unwrap_or_else(|| panic!("{found}"))
}

/// Waits until `what` holds, and fails with what was seen last.
pub fn until<T: std::fmt::Debug>(what: &str, mut seen: impl FnMut() -> T, holds: impl Fn(&T) -> bool) -> T {
    let began = Instant::now();
    loop {
        let now = seen();
        if holds(&now) {
            return now;
        }
        assert!(began.elapsed() < PATIENCE, "{what}: {now:?}");
        std::thread::yield_now();
    }
}

pub fn put(server: &Process, article: &Value, query: &str) -> Value {
    let id = article["id"].as_str().unwrap().replace('/', "%2F");
    let url = server.url(&format!("/api/articles/{id}{query}"));
    let answer = server.client.put(url).bearer_auth(TOKEN).json(article).send().unwrap();
    let status = answer.status();
    let text = answer.text().unwrap();
    assert!(status.is_success(), "{status}: {text}");
    serde_json::from_str(&text).unwrap()
}

fn delete(server: &Process, id: usize) {
    let url = server.url(&format!("/api/articles/{}?refresh=true", format!("기사/{id}").replace('/', "%2F")));
    assert!(server.client.delete(url).bearer_auth(TOKEN).send().unwrap().status().is_success());
}

#[test]
fn a_reindex_fills_the_cluster_and_servers_follow_it() {
    let Some(prefix) = Prefix::of("a_reindex_fills_the_cluster_and_servers_follow_it") else { return };
    let articles: Vec<Value> = (0..20).map(|id| article(id, "물레방앗간 앞에서 잔치가 열렸다.")).collect();
    let writer = prefix.newsroom(&articles, &prefix.url);
    let (reading, mut reader) = prefix.reader(&prefix.url);
    // Before anything is there it runs, and says what is missing.
    let early = reader.client.get(reader.url("/ready")).send().unwrap();
    assert_eq!(early.status(), 503);

    let said = reindex(&writer);
    assert!(said.contains("serves in the cluster"), "{said}");
    let ready = reader.wait_until_ready().unwrap();
    assert_eq!(ready["cluster"]["error"], Value::Null, "{ready}");
    let found = search(&reader, &[("q", "물레방앗간에서 잔치"), ("facets", "outlet")]);
    assert_eq!(
        (&found["total"], &found["facets"]["outlet"][0]["count"]),
        (&json!(20), &json!(20)),
        "{found}"
    );
    let pushed = reader.client.put(reader.url("/api/articles/new")).bearer_auth(admin(&reading));
    let pushed = pushed.json(&json!({"title": "여기에는 들어가지 않는다"})).send().unwrap();
    assert_eq!(pushed.status(), 409);
    let refused: Value = pushed.json().unwrap();
    assert_eq!(
        (&refused["code"], &refused["writer"]),
        (&json!("read_only"), &json!("http://writer.example:7878"))
    );

    // A walk that has begun goes on in the index in which it began, though another serves.
    let first = search(&reader, &[("q", "물레방앗간"), ("sort", "relevance"), ("size", "10")]);
    let cursor = first["next_cursor"].as_str().unwrap_or_else(|| panic!("{first}")).to_owned();
    fs::create_dir_all(writer.path().join("data/lexicon")).unwrap();
    writer.write("../lexicon/synonyms.txt", "달맞이꽃, 월견초\n");
    for round in 1..=2 {
        writer.write(&format!("{round}.jsonl"), &lines(&[article(30 + round, "달맞이꽃이 피었다.")]));
        reindex(&writer);
        let expected = round as u64;
        until("the reader follows", || total(&reader, "월견초"), |found| *found == expected);
        if round == 1 {
            let second = search(
                &reader,
                &[("q", "물레방앗간"), ("sort", "relevance"), ("size", "10"), ("cursor", &cursor)],
            );
            assert_eq!(second["hits"].as_array().map(Vec::len), Some(10), "{second}");
        }
    }
    assert_eq!(prefix.indexes().len(), 2, "the one that serves, and the one before");

    // As when a node ends: what serves is opened again, and what is gone is said to be.
    let all = format!("{}/_search/point_in_time/_all", prefix.url);
    assert!(prefix.client.delete(all).send().unwrap().status().is_success());
    assert_eq!(total(&reader, "월견초"), 2);
    let walk = [("q", "물레방앗간"), ("sort", "relevance"), ("size", "10"), ("cursor", cursor.as_str())];
    let lost = search(&reader, &walk);
    assert!(
        ["edition_gone", "cursor_expired"].contains(&lost["code"].as_str().unwrap_or_default()),
        "{lost}"
    );
    let expired = search(&reader, &walk);
    assert_eq!(expired["code"], "cursor_expired", "{expired}");
}

/// The token for administration of a server that made its own, or the one of all tests.
fn admin(newsroom: &Newsroom) -> String {
    fs::read_to_string(newsroom.index_dir().join("admin-token"))
        .map_or_else(|_| TOKEN.to_owned(), |token| token.trim().to_owned())
}

#[test]
fn what_is_pushed_is_searched_in_the_cluster_within_a_second() {
    let Some(prefix) = Prefix::of("what_is_pushed_is_searched_in_the_cluster_within_a_second") else {
        return;
    };
    let story = "새벽에 내린 눈으로 산간 마을 일곱 곳의 길이 막혀 주민들이 하루 종일 고립되었다고 군청이 밝혔다. \
                 제설차 네 대가 오후 늦게까지 눈을 치웠으나 바람이 세어 작업이 더뎠다.";
    let mut articles: Vec<Value> =
        (0..12).map(|id| article(id, "물레방앗간 앞에서 잔치가 열렸다.")).collect();
    articles
        .push(json!({"id": "눈/1", "title": "산간 마을 일곱 곳 고립", "body": story, "outlet": "새벽신문",
        "published_at": "2024-01-02T09:00:00+09:00"}));
    let newsroom = prefix.newsroom(&articles, &prefix.url);
    reindex(&newsroom);
    let mut writer = Process::start(newsroom.path(), None);
    writer.wait_until_ready().unwrap();
    let (_, mut reader) = prefix.reader(&prefix.url);
    reader.wait_until_ready().unwrap();

    // What waits for searches sees it at once here, and a moment later elsewhere.
    let written = put(&writer, &article(100, "달맞이꽃이 피었다."), "?refresh=true");
    assert_eq!(written["searchable"], true, "{written}");
    assert_eq!(total(&writer, "달맞이꽃"), 1);
    until("the reader sees it", || total(&reader, "달맞이꽃"), |found| *found == 1);
    let mut slowest = Duration::ZERO;
    for id in 101..=110 {
        let began = Instant::now();
        put(&writer, &article(id, "달맞이꽃이 피었다."), "");
        let expected = id as u64 - 99;
        until("the reader sees it", || total(&reader, "달맞이꽃"), |found| *found == expected);
        slowest = slowest.max(began.elapsed());
    }
    outside::said(&format!("the slowest of ten was found on a server that only reads after {slowest:?}"));

    // Replaced, deleted, deleted and written again.
    put(&writer, &article(101, "해바라기가 피었다."), "?refresh=true");
    delete(&writer, 102);
    delete(&writer, 103);
    put(&writer, &article(103, "해바라기가 졌다."), "?refresh=true");
    assert_eq!((total(&writer, "달맞이꽃"), total(&writer, "해바라기")), (8, 2));
    until(
        "the reader sees that",
        || (total(&reader, "달맞이꽃"), total(&reader, "해바라기")),
        |n| *n == (8, 2),
    );

    // A reprint joins the group of an article that was there, and leaves it again.
    let reprint = json!({"id": "눈/2", "title": "산간 마을 일곱 곳 고립", "body": story, "outlet": "저녁일보",
        "published_at": "2024-01-02T11:00:00+09:00"});
    put(&writer, &reprint, "?refresh=true");
    let folded = |server: &Process| {
        let found = search(server, &[("q", "산간 마을 고립"), ("match", "all"), ("group", "similar")]);
        (found["total"].clone(), found["hits"][0]["similar_count"].clone())
    };
    assert_eq!(
        folded(&writer),
        (json!(1), json!(1)),
        "{}",
        search(&writer, &[("q", "산간"), ("group", "similar")])
    );
    let url = writer.url("/api/articles/%EB%88%88%2F1?refresh=true");
    assert!(writer.client.delete(url).bearer_auth(TOKEN).send().unwrap().status().is_success());
    assert_eq!(folded(&writer), (json!(1), json!(0)));

    // What came is offered to who is typing, and told to who asks what came.
    let flowers = json!({"id": "꽃/1", "title": "코스모스 축제 개막", "body": "강가에서 코스모스 축제가 열렸다.", "outlet": "새벽신문"});
    put(&writer, &flowers, "?refresh=true");
    let offered = || get(&reader, &with_query("/api/suggest", &[("q", "코스모")])).to_string();
    until("what came is offered", offered, |offered| offered.contains("코스모스"));
    let ready = get(&writer, "/ready");
    assert_eq!(ready["cluster"]["entries_behind"], 0, "{ready}");
    assert_eq!(ready["writes"]["durable"], ready["writes"]["searchable"], "{ready}");
    let metrics = writer.client.get(writer.url("/metrics")).send().unwrap().text().unwrap();
    assert!(metrics.contains("gisa_cluster_entries_behind 0"), "{metrics}");
}

#[test]
fn what_is_pushed_while_the_cluster_is_away_comes_in_later_and_in_order() {
    let Some(prefix) = Prefix::of("what_is_pushed_while_the_cluster_is_away_comes_in_later_and_in_order")
    else {
        return;
    };
    let articles: Vec<Value> = (0..12).map(|id| article(id, "물레방앗간 앞에서 잔치가 열렸다.")).collect();
    let proxy = Proxy::before(&prefix.url);
    let newsroom = prefix.newsroom(&articles, &proxy.url);
    reindex(&newsroom);
    let mut writer = Process::start(newsroom.path(), None);
    writer.wait_until_ready().unwrap();
    put(&writer, &article(100, "달맞이꽃이 피었다."), "?refresh=true");

    proxy.set(Way::Cut);
    for round in 0..5 {
        for id in 100..110 {
            put(&writer, &article(id, &format!("달맞이꽃이 {round}번 피었다.")), "");
        }
    }
    delete_without_waiting(&writer, 109);
    let away = until(
        "the server says that the cluster is away",
        || writer.client.get(writer.url("/ready")).send().unwrap().status().as_u16(),
        |status| *status == 503,
    );
    assert_eq!(away, 503);
    let failed =
        writer.client.get(writer.url(&with_query("/api/search", &[("q", "달맞이꽃")]))).send().unwrap();
    assert!(failed.status().is_server_error(), "nothing found: {failed:?}");
    let behind = |writer: &Process| {
        let metrics = writer.client.get(writer.url("/metrics")).send().unwrap().text().unwrap();
        let of = |name: &str| {
            let line =
                metrics.lines().find_map(|line| line.strip_prefix(&format!("{name} "))).unwrap_or("-1");
            line.parse::<f64>().unwrap()
        };
        (of("gisa_cluster_entries_behind"), of("gisa_cluster_seconds_behind"), of("gisa_cluster_failing"))
    };
    let said =
        until("it is behind", || behind(&writer), |(_, seconds, failing)| *seconds >= 1.0 && *failing == 1.0);
    assert_eq!(said.0, 51.0);

    // A start without the cluster: pushes are taken all the same.
    writer.kill();
    let mut writer = Process::start(newsroom.path(), None);
    until("it listens", || writer.listens(), |listens| *listens);
    put(&writer, &article(108, "해바라기가 피었다."), "");
    assert_eq!(behind(&writer).2, 1.0);

    proxy.set(Way::Open);
    writer.wait_until_ready().unwrap();
    until("it has caught up", || behind(&writer), |now| *now == (0.0, 0.0, 0.0));
    until("searches see it", || total(&writer, "해바라기"), |found| *found == 1);
    assert_eq!((total(&writer, "\"4번\""), total(&writer, "\"3번\""), total(&writer, "")), (8, 0, 12 + 9));
}

fn delete_without_waiting(server: &Process, id: usize) {
    let url = server.url(&format!("/api/articles/{}", format!("기사/{id}").replace('/', "%2F")));
    assert!(server.client.delete(url).bearer_auth(TOKEN).send().unwrap().status().is_success());
}

/// What searches find, by id: the number in the text.
fn held(server: &Process) -> BTreeMap<String, String> {
    let found = search(server, &[("q", "달맞이꽃"), ("match", "all"), ("size", "100"), ("sort", "newest")]);
    let hits = found["hits"].as_array().unwrap_or_else(|| panic!("{found}"));
    let number = |hit: &Value| {
        let path = format!("/api/articles/{}", hit["id"].as_str().unwrap().replace('/', "%2F"));
        let article = until("the edition is there", || get(server, &path), |it| it["code"] != "edition_gone");
        // What was found may have been deleted since.
        article["body"].as_str().and_then(|body| body.split_whitespace().nth(1)).map(str::to_owned)
    };
    hits.iter().filter_map(|hit| Some((hit["id"].as_str()?.to_owned(), number(hit)?))).collect()
}

#[test]
fn no_acknowledged_write_is_lost_between_kills_and_cut_answers() {
    let Some(prefix) = Prefix::of("no_acknowledged_write_is_lost_between_kills_and_cut_answers") else {
        return;
    };
    let proxy = Proxy::before(&prefix.url);
    let newsroom = prefix.newsroom(&[article(0, "물레방앗간 앞에서 잔치가 열렸다.")], &proxy.url);
    reindex(&newsroom);
    let ways = [
        Way::Short(150),
        Way::Slow(Duration::from_millis(40)),
        Way::Cut,
        Way::Short(600),
        Way::Open,
        Way::Short(2_000),
    ];
    let mut expected: BTreeMap<String, String> = BTreeMap::new();
    let mut number = 0;
    for (round, way) in ways.into_iter().enumerate() {
        let writer = Process::start(newsroom.path(), None);
        assert!(writer.listens(), "round {round}");
        proxy.set(way);
        for step in 0..12 {
            let id = 100 + (number * 7 + step) % 20;
            number += 1;
            if number % 5 == 0 {
                delete_without_waiting(&writer, id);
                expected.remove(&format!("기사/{id}"));
            } else {
                put(&writer, &article(id, &format!("달맞이꽃이 {number} 번 피었다.")), "");
                expected.insert(format!("기사/{id}"), number.to_string());
            }
        }
        writer.kill();
    }
    proxy.set(Way::Open);
    let mut writer = Process::start(newsroom.path(), None);
    writer.wait_until_ready().unwrap();
    let seen = until("all of it is there", || held(&writer), |seen| *seen == expected);
    assert_eq!(seen.len(), expected.len());
    let ready = get(&writer, "/ready");
    assert_eq!(ready["articles"], json!(1 + expected.len()), "{ready}");

    // What the cluster loses behind our back is noticed, and put back.
    let index = prefix.indexes().remove(0);
    let at = |path: &str| format!("{}/{index}/{path}", prefix.url);
    let some: Value = prefix.client.get(at("_search?size=1")).send().unwrap().json().unwrap();
    let lost = some["hits"]["hits"][0]["_id"].as_str().unwrap_or_else(|| panic!("{some}")).to_owned();
    let check = || {
        let said = gisa(newsroom.path()).arg("check").output().unwrap();
        String::from_utf8_lossy(&said.stdout).into_owned()
    };
    let sound = until("it is sound", check, |said| said.contains("cluster  sound"));
    assert!(sound.contains(&format!("{0} of {0} articles", 1 + expected.len())), "{sound}");
    let document: Value = prefix.client.get(at(&format!("_doc/{lost}"))).send().unwrap().json().unwrap();
    // As if it had never been there: a deletion of its own would win over what the writer sends again.
    let version = &document["_version"];
    let removing = at(&format!("_doc/{lost}?refresh=true&version={version}&version_type=external_gte"));
    let removed = prefix.client.delete(removing).send().unwrap();
    assert!(removed.status().is_success(), "{removed:?}");
    let there = || prefix.client.get(at(&format!("_doc/{lost}"))).send().unwrap().status().as_u16();
    until("it is there again", there, |status| *status == 200);
    until("all of it is found again", || held(&writer), |seen| *seen == expected);
    until("it is sound", check, |said| said.contains("cluster  sound"));
}
