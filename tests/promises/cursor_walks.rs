//! A walk over cursors gives each article that stayed as it was exactly once, whatever a reindex does meanwhile.

use std::collections::HashMap;

use crate::newsroom::{Answer, Newsroom, TestServer, lines, with_query};
use gisa::index::Progress;
use gisa::service::{Access, Service};
use serde_json::{Value, json};

/// Articles at the beginning.
const ARTICLES: usize = 240;

fn article(id: &str, version: usize, number: usize) -> Value {
    let body = format!(
        "은하철도 {}이 역에 섰다. {}",
        "은하철도 ".repeat(number % 5),
        "승객들은 손을 흔들었다. ".repeat(number % 7)
    );
    let (day, hour) = (1 + (number + version * 3) % 27, number % 3);
    // Every ninth has no date, and many share a moment.
    let published = (!number.is_multiple_of(9))
        .then(|| format!("2024-0{}-{day:02}T0{hour}:00:00+09:00", 1 + version % 9));
    json!({"id": id, "title": format!("은하철도 {version}호"), "body": body, "published_at": published})
}

/// What the newsroom holds after so many changes: every tenth article of the first version replaced, another tenth
/// deleted, and as many new ones.
fn articles(change: usize) -> Vec<Value> {
    let mut articles = Vec::new();
    for number in 0..ARTICLES {
        let id = format!("n-{number:03}");
        match number % 10 {
            3 if number / 10 % 4 < change => {}
            7 => articles.push(article(&id, change, number)),
            _ => articles.push(article(&id, 0, number)),
        }
    }
    articles.extend((0..change * 24).map(|number| article(&format!("m-{number:03}"), number % 9, number)));
    articles
}

/// Whether an article of the first version is never touched.
fn stays(id: &str) -> bool {
    id.starts_with("n-") && !id.ends_with('3') && !id.ends_with('7')
}

struct Walk {
    parameters: Vec<(&'static str, String)>,
    cursor: Option<String>,
    ended: bool,
    seen: Vec<String>,
    totals: Vec<u64>,
}

impl Walk {
    fn new(parameters: &[(&'static str, &str)]) -> Self {
        let parameters = parameters.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Self { parameters, cursor: None, ended: false, seen: Vec::new(), totals: Vec::new() }
    }

    fn ask(&self, server: &TestServer) -> Answer {
        let mut parameters: Vec<(&str, &str)> =
            self.parameters.iter().map(|(name, value)| (*name, value.as_str())).collect();
        parameters.extend(self.cursor.as_deref().map(|cursor| ("cursor", cursor)));
        server.get(&with_query("/api/search", &parameters))
    }

    /// All hits as they are now, page by page.
    fn all_pages(&self, server: &TestServer) -> Vec<String> {
        let mut ids = Vec::new();
        for page in 1..=3 {
            let page = page.to_string();
            let mut parameters = vec![("size", "100"), ("page", page.as_str())];
            let own = self.parameters.iter().filter(|(name, _)| *name != "size");
            parameters.extend(own.map(|(name, value)| (*name, value.as_str())));
            let answer = server.search(&parameters);
            ids.extend(
                answer["hits"].as_array().unwrap().iter().map(|hit| hit["id"].as_str().unwrap().to_owned()),
            );
        }
        ids
    }

    /// One page further.
    fn step(&mut self, server: &TestServer) {
        if self.ended {
            return;
        }
        let answer = self.ask(server);
        assert_eq!(answer.status, 200, "{:?}: {}", self.parameters, answer.text);
        let answer = answer.json();
        let hits = answer["hits"].as_array().unwrap();
        self.seen.extend(hits.iter().map(|hit| hit["id"].as_str().unwrap().to_owned()));
        self.totals.push(answer["total"].as_u64().unwrap());
        self.cursor = answer["next_cursor"].as_str().map(str::to_owned);
        self.ended = self.cursor.is_none();
    }

    fn times_seen(&self) -> HashMap<&str, usize> {
        self.seen.iter().fold(HashMap::new(), |mut seen, id| {
            *seen.entry(id.as_str()).or_default() += 1;
            seen
        })
    }
}

/// Changes what the newsroom holds, and reindexes to the end.
fn change(server: &TestServer, change: usize) {
    server.newsroom.write("first.jsonl", &lines(&articles(change)));
    let followed = server.admin("POST", "/api/admin/reindex?follow=true");
    assert!(followed.text.lines().last().unwrap().contains("\"succeeded\""), "{}", followed.text);
}

#[test]
fn a_walk_ends_in_the_index_where_it_began() {
    let server = TestServer::start(&articles(0));
    let first = server.search(&[("size", "0")])["generation"].clone();
    let mut walks = Vec::new();
    for sort in ["relevance", "newest", "oldest"] {
        for size in ["1", "7", "10", "64", "100"] {
            walks.push(Walk::new(&[
                ("q", "은하철도"),
                ("sort", sort),
                ("size", size),
                ("highlight", "false"),
            ]));
        }
    }
    // A long query, of which most words must match: what matches depends on the index.
    let long = "은하철도 승객 손 역 흔들 다람쥐";
    walks.push(Walk::new(&[("q", long), ("sort", "newest"), ("size", "20"), ("highlight", "false")]));
    let expected: Vec<Vec<String>> = walks.iter().map(|walk| walk.all_pages(&server)).collect();
    let mut changes = 0;
    for round in 0.. {
        for walk in &mut walks {
            walk.step(&server);
        }
        if [0, 1, 3, 9].contains(&round) {
            changes += 1;
            change(&server, changes);
        }
        if walks.iter().all(|walk| walk.ended) {
            break;
        }
    }
    assert_ne!(server.search(&[("size", "0")])["generation"], first, "the index did change");
    for (walk, mut expected) in walks.into_iter().zip(expected) {
        let Walk { parameters, totals, mut seen, .. } = walk;
        assert!(totals.iter().all(|total| *total == expected.len() as u64), "{parameters:?}");
        if parameters.contains(&("sort", "relevance".to_owned())) {
            // Recency moved on between the list and the walk.
            expected.sort();
            seen.sort();
        }
        assert_eq!(seen, expected, "{parameters:?}");
        assert!(expected.len() > 100);
    }
}

#[test]
fn walks_by_time_outlive_their_index_and_others_say_that_they_do_not() {
    let newsroom = Newsroom::new(&articles(0));
    let server = TestServer::start_with(newsroom, |file| file.search.cursor_minutes = 0);
    let mut walks = Vec::new();
    for sort in ["newest", "oldest"] {
        for size in ["7", "30"] {
            walks.push(Walk::new(&[
                ("q", "은하철도"),
                ("sort", sort),
                ("size", size),
                ("highlight", "false"),
            ]));
        }
    }
    walks.push(Walk::new(&[("size", "50"), ("highlight", "false")]));
    let mut by_score = Walk::new(&[("q", "은하철도"), ("size", "10")]);
    by_score.step(&server);
    let mut most = Walk::new(&[("q", "은하철도 승객 손 역 흔들 다람쥐"), ("sort", "newest"), ("size", "10")]);
    most.step(&server);
    let mut changes = 0;
    for round in 0.. {
        for walk in &mut walks {
            walk.step(&server);
        }
        if [0, 2].contains(&round) {
            changes += 1;
            change(&server, changes);
        }
        if walks.iter().all(|walk| walk.ended) {
            break;
        }
    }
    for walk in &walks {
        let seen = walk.times_seen();
        for number in (0..ARTICLES).map(|number| format!("n-{number:03}")).filter(|id| stays(id)) {
            assert_eq!(seen.get(number.as_str()), Some(&1), "{:?} {number}", walk.parameters);
        }
    }
    for walk in [by_score, most] {
        let problem = walk.ask(&server).problem(410, "cursor_expired");
        assert_eq!(problem["parameter"], "cursor");
        assert!(problem["detail"].as_str().unwrap().contains("sort=newest"), "{problem}");
    }
}

#[test]
fn the_oldest_of_many_former_indexes_is_let_go() {
    let server = TestServer::start(&articles(0)[..40]);
    let mut walk = Walk::new(&[("q", "은하철도"), ("size", "5")]);
    walk.step(&server);
    for reindexes in 1..=5 {
        let answer = server.admin("POST", "/api/admin/reindex?follow=true");
        assert!(answer.text.contains("\"succeeded\""), "{}", answer.text);
        // Only those in which a walk began are kept.
        Walk::new(&[("q", "은하철도"), ("size", "5")]).step(&server);
        if reindexes < 5 {
            walk.step(&server);
        }
    }
    walk.ask(&server).problem(410, "cursor_expired");
}

#[test]
fn a_cursor_belongs_to_one_search_and_outlives_a_restart() {
    let server = TestServer::start(&articles(0));
    let cursor =
        |parameters: &[(&str, &str)]| server.search(parameters)["next_cursor"].as_str().unwrap().to_owned();
    let of_query = cursor(&[("q", "은하철도")]);
    let newest = cursor(&[]);
    for parameters in [
        [("q", "승객"), ("cursor", of_query.as_str()), ("size", "10")],
        [("q", "은하철도"), ("cursor", &of_query), ("sort", "newest")],
        [("q", "은하철도"), ("cursor", &of_query), ("from", "2024-01-01")],
        [("q", "은하철도"), ("cursor", &of_query), ("match", "any")],
        [("q", "은하철도"), ("cursor", &newest), ("sort", "newest")],
    ] {
        let problem = server.get(&with_query("/api/search", &parameters)).problem(400, "bad_cursor");
        assert!(problem["detail"].as_str().unwrap().contains("another search"), "{problem}");
    }
    // Sizes, facets and marks may change from page to page.
    server.search(&[("q", "은하철도"), ("cursor", &of_query), ("size", "3"), ("facets", "year")]);

    let again = Service::open(server.service.config().clone(), Access::Read).unwrap();
    let edition = |service: &Service| {
        let serving = service.serving().unwrap();
        serving.context(service.config(), None).edition()
    };
    assert_eq!(edition(&again), edition(&server.service), "another process over the same index goes on");
    server.service.reindex(&Progress::default()).unwrap();
    assert_ne!(edition(&again), edition(&server.service));
}
