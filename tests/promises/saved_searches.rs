//! A saved search reports what comes for it: each article at least once, in order, to every receiver by itself, and to nobody who must not
//! be reached.

use std::io::{BufRead, BufReader, Read as _};

use gisa::access::{KeyFile, NewKey, Scope};
use gisa::article::Timestamp;
use gisa::service::backup::{BackupOptions, backup};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Map, Value, json};
use sha2::Sha256;

use crate::authority::Authority;
use crate::newsroom::{Answer, Newsroom, TOKEN, TestServer, lines};
use crate::receiver::{Receiver, Reply, deserted};

fn newsroom() -> Newsroom {
    Newsroom::new(&[
        json!({"id": "old", "title": "수소트램 도입 논의", "body": "수소트램을 두고 시가 논의했다.",
        "outlet": "가람일보"}),
    ])
}

/// A server whose webhooks may reach this machine.
fn server() -> TestServer {
    TestServer::start_with(newsroom(), |file| file.alerts.allow_hosts = vec!["127.0.0.1".to_owned()])
}

fn with_key(server: &TestServer, key: &str, method: &str, path: &str, body: &Value) -> Answer {
    let request = server.request(method, path).bearer_auth(key).header("content-type", "application/json");
    server.send(request.body(body.to_string()))
}

fn save(server: &TestServer, name: &str, body: &Value) -> Answer {
    with_key(server, TOKEN, "PUT", &format!("/api/searches/{name}"), body)
}

/// Saves a search that is delivered to these addresses.
fn save_to(server: &TestServer, name: &str, query: &str, urls: &[String]) {
    let deliver: Vec<Value> = urls.iter().map(|url| json!({"kind": "webhook", "url": url})).collect();
    let answer = save(server, name, &json!({"title": name, "params": {"q": query}, "deliver": deliver}));
    assert!([200, 201].contains(&answer.status), "{answer:?}");
}

/// Pushes an article, and waits until searches see it.
fn push(server: &TestServer, id: &str, title: &str, body: &str) {
    let article = json!({"title": title, "body": body, "outlet": "가람일보"});
    let answer = with_key(server, TOKEN, "PUT", &format!("/api/articles/{id}?refresh=true"), &article);
    assert!([200, 201].contains(&answer.status), "{answer:?}");
}

fn saved(server: &TestServer, name: &str) -> Value {
    server.admin("GET", &format!("/api/searches/{name}")).json()
}

/// Asks until the saved search is as it should be.
fn until(server: &TestServer, name: &str, is: impl Fn(&Value) -> bool) -> Value {
    let give_up = std::time::Instant::now() + std::time::Duration::from_secs(60);
    loop {
        let now = saved(server, name);
        if is(&now) {
            return now;
        }
        assert!(std::time::Instant::now() < give_up, "it stays {now}");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
}

fn ids(answer: &Value) -> Vec<&str> {
    answer["hits"].as_array().unwrap().iter().map(|hit| hit["id"].as_str().unwrap()).collect()
}

#[test]
fn a_search_that_was_saved_is_there_until_it_is_removed() {
    let server = server();
    let params = json!({"q": "수소트램", "outlet": ["가람일보", "나루신문"], "from": "2020-01-01", "highlight": false});
    let body = json!({"title": "수소트램 소식", "params": params, "when": "daily",
        "deliver": [{"kind": "webhook", "url": "http://127.0.0.1:9/x", "secret": "비밀"}]});
    assert_eq!(save(&server, "tram", &body).status, 201);
    assert_eq!(save(&server, "tram", &body).status, 200);
    let server = server.restart();
    let found = saved(&server, "tram");
    assert_eq!(
        (&found["params"], &found["title"], &found["when"]),
        (&params, &json!("수소트램 소식"), &json!("daily"))
    );
    let target = &found["deliver"][0];
    assert_eq!((&target["url"], &target["signed"]), (&json!("http://127.0.0.1:9/x"), &json!(true)));
    assert!(!found.to_string().contains("비밀"), "a secret is not shown");
    assert_eq!(server.admin("GET", "/api/searches").json()["searches"].as_array().unwrap().len(), 1);
    assert_eq!(server.admin("DELETE", "/api/searches/tram").status, 204);
    server.admin("DELETE", "/api/searches/tram").problem(404, "search_not_found");
    server.admin("GET", "/api/searches/tram").problem(404, "search_not_found");
    server.admin("GET", "/api/searches/tram/hits").problem(404, "search_not_found");
    assert_eq!(server.admin("GET", "/api/searches").json()["searches"], json!([]));
}

#[test]
fn what_a_search_would_refuse_cannot_be_saved() {
    let server = server();
    for (params, code, named) in [
        (json!({"query": "금리"}), "unknown_parameter", "`query`"),
        (json!({"page": 2}), "unknown_parameter", "`page`"),
        (json!({"q": {"text": "금리"}}), "bad_parameter", "`q`"),
        (json!({"q": ["금리", "환율"]}), "bad_parameter", "`q`"),
        (json!({"sort": "best"}), "bad_parameter", "`sort`"),
        (json!({"from": "gestern"}), "bad_parameter", "`from`"),
        (json!({"q": "가".repeat(600)}), "query_too_long", "512"),
        (json!({"similar_to": "none"}), "article_not_found", "none"),
    ] {
        let answer = save(&server, "desk", &json!({"title": "금리", "params": params}));
        let status = if code == "article_not_found" { 404 } else { 400 };
        let problem = answer.problem(status, code);
        assert!(problem["detail"].as_str().unwrap().contains(named), "{problem}");
    }
    for body in [
        json!({"params": {"q": "금리"}}),
        json!({"title": "", "params": {}}),
        json!({"title": "금리", "parameters": {}}),
        json!({"title": "금리", "when": "weekly"}),
        json!({"title": "금리", "deliver": [{"kind": "pigeon", "url": "http://127.0.0.1/"}]}),
        json!({"title": "금리", "deliver": [{"kind": "webhook", "url": "http://10.1.2.3/"}]}),
        json!({"title": "금리", "deliver": [{"kind": "webhook", "url": "http://[::ffff:10.1.2.3]/"}]}),
        json!({"title": "금리", "deliver": [{"kind": "webhook", "url": "http://169.254.169.254/"}]}),
        json!({"title": "금리", "deliver": [{"kind": "webhook", "url": "file:///etc/passwd"}]}),
    ] {
        save(&server, "desk", &body).problem(400, "bad_body");
    }
    save(&server, "a.b", &json!({"title": "금리"})).problem(400, "bad_body");
    // What is wrong is named for programs, and in Korean for those who read that.
    let inside = json!({"title": "금리", "deliver": [{"kind": "webhook", "url": "http://10.1.2.3/"}]});
    let problem = save(&server, "desk", &inside).problem(400, "bad_body");
    assert_eq!(
        (&problem["field"], &problem["setting"]),
        (&json!("deliver[0].url"), &json!("alerts.allow_hosts"))
    );
    let request = server.request("PUT", "/api/searches/desk").bearer_auth(TOKEN).json(&json!({"title": " "}));
    let problem = server.send(request.header("accept-language", "ko")).problem(400, "bad_body");
    assert_eq!((&problem["field"], &problem["setting"]), (&json!("title"), &json!(null)));
    assert!(problem["detail"].as_str().unwrap().contains("제목은 한 줄로"), "{problem}");
    assert_eq!(server.admin("GET", "/api/searches").json()["searches"], json!([]));
}

#[test]
fn what_comes_is_delivered_in_order_and_signed() {
    let (server, receiver) = (server(), Receiver::start());
    push(&server, "before", "수소트램 시험 운행", "수소트램이 달렸다.");
    let body = json!({"title": "수소트램 소식", "params": {"q": "수소트램 차량"},
        "deliver": [{"kind": "webhook", "url": receiver.url("/hook"), "secret": "열쇠"}]});
    assert_eq!(save(&server, "tram", &body).status, 201);
    // What lacks a word that must match does not come, however few there are.
    push(&server, "half", "수소트램 노선 확정", "노선이 정해졌다.");
    push(&server, "other", "버스 요금 동결", "버스 요금은 그대로다.");
    let mut expected = Vec::new();
    for number in 0..5 {
        let id = format!("a{number}");
        push(&server, &id, "수소트램 차량 납품", &format!("수소트램 차량 {number}대가 왔다."));
        expected.push(id);
    }
    let mut delivered = Vec::new();
    let mut last = 0;
    while delivered.len() < expected.len() {
        let received = receiver.next();
        assert_eq!(received.path, "/hook");
        assert_eq!(received.header("content-type"), Some("application/json"));
        let mut mac = Hmac::<Sha256>::new_from_slice("열쇠".as_bytes()).unwrap();
        mac.update(&received.body);
        let digits: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(received.header("x-gisa-signature"), Some(format!("sha256={digits}").as_str()));
        let message = received.json();
        assert_eq!(
            (&message["search"], &message["title"], &message["test"]),
            (&json!("tram"), &json!("수소트램 소식"), &json!(false))
        );
        for hit in message["hits"].as_array().unwrap() {
            let sequence = hit["sequence"].as_u64().unwrap();
            assert!(sequence > last && hit["changed"] == false, "{hit}");
            last = sequence;
        }
        delivered.extend(received.ids());
    }
    assert_eq!(delivered, expected);
    let found = until(&server, "tram", |found| found["last_sequence"].as_u64() >= Some(last));
    assert_eq!((&found["failing"], &found["deliveries"][0]["error"]), (&json!([]), &json!(null)));
    // The same is read by asking, page by page; articles of files and what came before it was saved do not count as new.
    let read = server.admin("GET", "/api/searches/tram/hits?after=1&size=2").json();
    assert_eq!((ids(&read), &read["more"]), (vec!["a0", "a1"], &json!(true)));
    let next = read["last_sequence"].as_u64().unwrap();
    let rest = server.admin("GET", &format!("/api/searches/tram/hits?after={next}")).json();
    assert_eq!((ids(&rest), &rest["more"]), (vec!["a2", "a3", "a4"], &json!(false)));
    // A reindex brings nothing.
    let job = server.admin("POST", "/api/admin/reindex").json()["job"]["id"].as_str().unwrap().to_owned();
    server.wait_for(&job);
    let next = rest["last_sequence"].as_u64().unwrap();
    assert_eq!(ids(&server.admin("GET", &format!("/api/searches/tram/hits?after={next}")).json()).len(), 0);
    assert_eq!(ids(&server.admin("GET", "/api/searches/tram/hits").json()).len(), 5, "numbers are kept");
    assert!(receiver.rest().is_empty());
}

#[test]
fn a_delivery_that_is_not_confirmed_is_repeated_and_its_failure_shown() {
    let (server, receiver, elsewhere) = (server(), Receiver::start(), Receiver::start());
    receiver.reply_with([Reply::Status(500), Reply::Redirect(elsewhere.url("/")), Reply::Status(204)]);
    save_to(&server, "tram", "수소트램", &[receiver.url("/")]);
    push(&server, "a", "수소트램 개통", "수소트램이 개통했다.");
    assert_eq!(receiver.next().ids(), ["a"]);
    let failing = until(&server, "tram", |found| found["failing"][0]["attempts"].as_u64() >= Some(1));
    let reason = failing["failing"][0]["reason"].as_str().unwrap();
    assert!(reason.contains("500") || reason.contains("307"), "{reason}");
    assert_eq!(receiver.next().ids(), ["a"]);
    assert_eq!(receiver.next().ids(), ["a"]);
    let mended = until(&server, "tram", |found| {
        found["failing"] == json!([]) && found["deliveries"][0]["error"].is_null()
    });
    let errors: Vec<bool> = mended["deliveries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|delivery| delivery["error"].is_string())
        .collect();
    assert_eq!(errors, [false, true, true]);
    let redirected = mended["deliveries"][1]["error"].as_str().unwrap();
    assert!(redirected.contains("redirects are not followed"), "{redirected}");
    assert!(elsewhere.rest().is_empty(), "a redirect was followed");
}

#[test]
fn a_receiver_that_is_gone_or_silent_holds_up_nobody() {
    let (server, silent, sound) = (server(), Receiver::start(), Receiver::start());
    silent.reply_with([Reply::Silence]);
    save_to(&server, "tram", "수소트램", &[deserted(), silent.url("/"), sound.url("/one")]);
    save_to(&server, "again", "수소트램", &[sound.url("/two")]);
    push(&server, "a", "수소트램 개통", "수소트램이 개통했다.");
    let mut first = [sound.next().path, sound.next().path];
    first.sort();
    assert_eq!(first, ["/one", "/two"]);
    push(&server, "b", "수소트램 증편", "수소트램이 늘었다.");
    let second = [sound.next(), sound.next()];
    assert!(second.iter().all(|received| received.ids() == ["b"]), "{second:?}");
    let found = until(&server, "tram", |found| !found["failing"].as_array().unwrap().is_empty());
    assert!(found["failing"][0]["reason"].as_str().unwrap().contains("refused"), "{found}");
    assert!(server.get("/metrics").text.contains("gisa_alerts_delivery_errors_total"));
}

#[test]
fn after_a_restart_it_goes_on_where_it_was() {
    let (server, receiver) = (server(), Receiver::start());
    save_to(&server, "tram", "수소트램", &[receiver.url("/")]);
    push(&server, "a", "수소트램 개통", "수소트램이 개통했다.");
    assert_eq!(receiver.next().ids(), ["a"]);
    until(&server, "tram", |found| {
        found["deliveries"][0]["error"].is_null() && found["deliveries"][0].is_object()
    });
    receiver.reply_with([Reply::Status(503)]);
    push(&server, "b", "수소트램 증편", "수소트램이 늘었다.");
    assert_eq!(receiver.next().ids(), ["b"]);
    until(&server, "tram", |found| found["failing"][0].is_object());
    let server = server.restart();
    assert_eq!(receiver.next().ids(), ["b"], "what was confirmed does not come again");
    push(&server, "c", "수소트램 점검", "수소트램을 살폈다.");
    assert_eq!(receiver.next().ids(), ["c"]);
}

#[test]
fn a_pause_keeps_what_comes_meanwhile() {
    let (server, receiver) = (server(), Receiver::start());
    let body = |paused: bool| {
        json!({"title": "수소트램", "params": {"q": "수소트램"}, "paused": paused,
            "deliver": [{"kind": "webhook", "url": receiver.url("/")}]})
    };
    save(&server, "tram", &body(true));
    push(&server, "a", "수소트램 개통", "수소트램이 개통했다.");
    push(&server, "b", "수소트램 증편", "수소트램이 늘었다.");
    assert!(receiver.rest().is_empty());
    save(&server, "tram", &body(false));
    assert_eq!(receiver.next().ids(), ["a", "b"]);
}

#[test]
fn a_correction_of_what_matched_before_says_so() {
    let server = server();
    save_to(&server, "tram", "수소트램", &[]);
    push(&server, "a", "수소트램 개통", "수소트램이 개통했다.");
    push(&server, "b", "버스 노선 개편", "버스 노선이 바뀐다.");
    push(&server, "a", "수소트램 개통 연기", "수소트램 개통이 미뤄졌다.");
    push(&server, "b", "버스 노선 개편", "버스 노선이 바뀌고 수소트램이 들어온다.");
    push(&server, "old", "수소트램 도입 결정", "수소트램을 들이기로 시가 정했다.");
    let hits = server.admin("GET", "/api/searches/tram/hits").json();
    let changed: Vec<(&str, bool)> = hits["hits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|hit| (hit["id"].as_str().unwrap(), hit["changed"].as_bool().unwrap()))
        .collect();
    assert_eq!(changed, [("a", true), ("b", false), ("old", true)]);
    push(&server, "a", "개통 연기", "미뤄졌다.");
    assert_eq!(server.admin("DELETE", "/api/articles/old?refresh=true").status, 200);
    assert_eq!(
        ids(&server.admin("GET", "/api/searches/tram/hits").json()),
        ["b"],
        "what is gone does not come"
    );
}

/// Writes a file of articles, one a line, and lets the server read what has changed.
fn drop_in(server: &TestServer, name: &str, articles: &[Value]) {
    std::fs::write(server.newsroom.articles_dir().join(name), lines(articles)).unwrap();
    let answer = server.admin("POST", "/api/admin/reindex?changed=true");
    server.wait_for(answer.json()["job"]["id"].as_str().unwrap());
}

fn tram(id: &str, title: &str) -> Value {
    json!({"id": id, "title": title, "body": "수소트램이 달린다.", "outlet": "가람일보"})
}

/// Id, sequence, and whether it matched before, of everything that came.
fn came(server: &TestServer) -> Vec<(String, u64, bool)> {
    let answer = server.admin("GET", "/api/searches/tram/hits?size=100").json();
    let hits = answer["hits"].as_array().unwrap().iter();
    hits.map(|hit| {
        let text = |name: &str| hit[name].as_str().unwrap().to_owned();
        (text("id"), hit["sequence"].as_u64().unwrap(), hit["changed"].as_bool().unwrap())
    })
    .collect()
}

#[test]
fn what_changed_files_bring_comes_in_the_same_order() {
    let (server, receiver) = (server(), Receiver::start());
    save_to(&server, "tram", "수소트램", &[receiver.url("/")]);
    push(&server, "a", "수소트램 개통", "수소트램이 개통했다.");
    assert_eq!(receiver.next().ids(), ["a"]);
    let mut day: Vec<Value> = (0..40).map(|number| tram(&format!("f{number}"), "수소트램 하루")).collect();
    day.push(json!({"id": "bus", "title": "버스 요금 동결", "body": "그대로다."}));
    drop_in(&server, "day.jsonl", &day);
    let mut delivered = Vec::new();
    while delivered.len() < 40 {
        delivered.extend(receiver.next().ids());
    }
    assert_eq!(delivered, (0..40).map(|number| format!("f{number}")).collect::<Vec<_>>());
    push(&server, "b", "수소트램 증편", "수소트램이 늘었다.");
    assert_eq!(receiver.next().ids(), ["b"]);

    // A file that grew brings what is new and what was corrected, and not the rest anew; nor does one that has another name now.
    day[7] = tram("f7", "수소트램 하루 멈춰");
    day.push(tram("late", "수소트램 막차"));
    std::fs::remove_file(server.newsroom.articles_dir().join("day.jsonl")).unwrap();
    drop_in(&server, "day-2.jsonl", &day);
    let mut delivered = receiver.next();
    if delivered.ids().len() == 1 {
        assert_eq!(delivered.ids(), ["f7"]);
        delivered = receiver.next();
    }
    assert_eq!(delivered.ids().last().map(String::as_str), Some("late"));
    push(&server, "c", "수소트램 점검", "수소트램을 살폈다.");
    assert_eq!(receiver.next().ids(), ["c"]);

    let came_so_far = came(&server);
    assert!(came_so_far.is_sorted_by(|one, next| one.1 < next.1), "{came_so_far:?}");
    let ends: Vec<(&str, bool)> =
        came_so_far.iter().rev().take(4).map(|(id, _, changed)| (id.as_str(), *changed)).collect();
    assert_eq!(ends, [("c", false), ("late", false), ("f7", true), ("b", false)]);
    assert_eq!(came_so_far.len(), 44);

    // After a restart numbers go on where they were.
    let server = server.restart();
    assert_eq!(came(&server), came_so_far);
    push(&server, "d", "수소트램 요금", "수소트램은 싸다.");
    assert_eq!(receiver.next().ids(), ["d"]);
    assert!(receiver.rest().is_empty());

    // A full reindex is silent, and from then on what files hold has not come one by one.
    let job = server.admin("POST", "/api/admin/reindex").json()["job"]["id"].as_str().unwrap().to_owned();
    server.wait_for(&job);
    push(&server, "e", "수소트램 정비", "수소트램을 고쳤다.");
    assert_eq!(receiver.next().ids(), ["e"]);
    let left: Vec<String> = came(&server).into_iter().map(|(id, ..)| id).collect();
    assert_eq!(left, ["a", "b", "c", "d", "e"]);
}

#[test]
fn slack_and_feeds_and_tests_show_the_same_articles() {
    let (server, receiver) = (server(), Receiver::start());
    let body = json!({"title": "수소트램 <속보>", "params": {"q": "수소트램"},
        "deliver": [{"kind": "webhook", "url": receiver.url("/"), "format": "slack"}]});
    save(&server, "tram", &body);
    let tried = server.admin("POST", "/api/searches/tram/test").json();
    assert_eq!(tried["hits"], 1);
    let text = receiver.next().json()["text"].as_str().unwrap().to_owned();
    assert_eq!(text, "[시험] *수소트램 &lt;속보&gt;* 새 기사 1건\n• 수소트램 도입 논의 · 가람일보");
    push(&server, "a", "수소트램 개통", "수소트램이 개통했다.");
    let text = receiver.next().json()["text"].as_str().unwrap().to_owned();
    assert_eq!(text, "*수소트램 &lt;속보&gt;* 새 기사 1건\n• 수소트램 개통 · 가람일보");
    push(&server, "b", "수소트램 증편", "수소트램이 늘었다.");
    let feed = server.admin("GET", "/searches/tram.atom");
    assert!(feed.header("content-type").starts_with("application/atom+xml"), "{feed:?}");
    let document = roxmltree::Document::parse(&feed.text).unwrap();
    let titles =
        document.descendants().filter(|node| node.has_tag_name(("http://www.w3.org/2005/Atom", "title")));
    let titles: Vec<&str> = titles.filter_map(|node| node.text()).collect();
    assert_eq!(titles, ["수소트램 <속보>", "수소트램 증편", "수소트램 개통"]);
    let closed = server.get("/searches/tram.atom");
    assert!(
        closed.status == 401 && closed.headers.get_all("www-authenticate").iter().count() == 2,
        "{closed:?}"
    );
    server.admin("GET", "/searches/tram").problem(404, "search_not_found");
}

#[test]
fn a_restore_brings_back_what_was_saved_and_how_far_it_was_delivered() {
    let (server, receiver) = (server(), Receiver::start());
    save_to(&server, "tram", "수소트램", &[receiver.url("/")]);
    push(&server, "a", "수소트램 개통", "수소트램이 개통했다.");
    assert_eq!(receiver.next().ids(), ["a"]);
    let told =
        until(&server, "tram", |found| found["last_sequence"] == 1 && found["deliveries"][0].is_object());
    server.service.saved_searches().write_down().unwrap();
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("monday");
    backup(server.service.config(), &folder, BackupOptions { index: true }).unwrap();
    push(&server, "b", "수소트램 증편", "수소트램이 늘었다.");
    assert_eq!(receiver.next().ids(), ["b"]);
    assert_eq!(server.admin("DELETE", "/api/searches/tram").status, 204);
    save_to(&server, "bus", "버스", &[]);
    let body = json!({"backup": folder});
    let answer = with_key(&server, TOKEN, "POST", "/api/admin/restore", &body);
    server.wait_for(answer.json()["job"]["id"].as_str().unwrap());
    assert_eq!(saved(&server, "tram")["deliveries"], told["deliveries"]);
    server.admin("GET", "/api/searches/bus").problem(404, "search_not_found");
    // The journal has gone back, too: what comes now has numbers that were given before.
    push(&server, "c", "수소트램 점검", "수소트램을 살폈다.");
    assert_eq!(receiver.next().ids(), ["c"]);
}

#[test]
fn a_list_that_has_lost_its_values_is_refused() {
    let server = server();
    let save = |names: &Value| {
        let body = json!({"title": "이름", "params": {"person": names}});
        with_key(&server, TOKEN, "PUT", "/api/searches/names", &body)
    };
    let problem = save(&json!([])).problem(400, "bad_parameter");
    assert!(problem["detail"].as_str().unwrap().contains("empty list"), "{problem}");
    assert_eq!(save(&json!(["수소하늘"])).status, 201);
}

#[test]
fn what_waited_for_a_wrong_address_goes_to_the_right_one() {
    let (server, receiver) = (server(), Receiver::start());
    save_to(&server, "tram", "수소트램", &[deserted()]);
    push(&server, "a", "수소트램 개통", "수소트램이 개통했다.");
    until(&server, "tram", |found| found["failing"][0].is_object());
    save_to(&server, "tram", "수소트램", &[receiver.url("/right")]);
    assert_eq!(receiver.next().ids(), ["a"]);
}

#[test]
fn the_document_says_what_an_event_of_a_stream_holds() {
    let server = server();
    save_to(&server, "tram", "수소트램", &[]);
    push(&server, "a", "수소트램 개통", "수소트램이 개통했다.");
    let request = server.request("GET", "/api/searches/tram/stream").bearer_auth(TOKEN);
    let mut stream = BufReader::new(request.header("last-event-id", "0").send().unwrap());
    let mut fields = Map::new();
    loop {
        let mut line = String::new();
        assert!(stream.read_line(&mut line).unwrap() > 0, "the stream has ended");
        match line.trim_end().split_once(": ") {
            Some((name, value)) => _ = fields.insert(name.to_owned(), json!(value)),
            None if fields.contains_key("data") => break,
            None => {}
        }
    }
    let document = server.json("/api/openapi.json");
    let content = &document["paths"]["/api/searches/{name}/stream"]["get"]["responses"]["200"]["content"];
    let event = &content["text/event-stream"]["schema"];
    has_what_is_said(&fields, event);
    assert_eq!(event["properties"]["event"]["enum"], json!(["hit"]));
    let data = &event["properties"]["data"];
    assert_eq!(data["contentMediaType"], "application/json");
    let component = data["contentSchema"]["$ref"].as_str().unwrap().trim_start_matches('#');
    let hit: Value = serde_json::from_str(fields["data"].as_str().unwrap()).unwrap();
    // The sequence and `changed` stand beside the fields of every hit.
    for part in document.pointer(component).unwrap()["allOf"].as_array().unwrap() {
        let schema = part["$ref"].as_str().map_or(part, |other| document.pointer(&other[1..]).unwrap());
        has_what_is_said(hit.as_object().unwrap(), schema);
    }
}

/// What `schema` requires is there.
fn has_what_is_said(fields: &Map<String, Value>, schema: &Value) {
    let required = schema["required"].as_array().unwrap();
    assert!(!required.is_empty(), "{schema}");
    for name in required {
        assert!(fields.contains_key(name.as_str().unwrap()), "{name} is missing in {fields:?}");
    }
}

/// The next event of a stream: its id, and the id of the article in it.
fn event(stream: &mut impl BufRead) -> (u64, String) {
    let (mut id, mut article) = (0, String::new());
    loop {
        let mut line = String::new();
        assert!(stream.read_line(&mut line).unwrap() > 0, "the stream has ended");
        let line = line.trim_end();
        if let Some(value) = line.strip_prefix("id:") {
            id = value.trim().parse().unwrap();
        } else if let Some(value) = line.strip_prefix("data:") {
            let hit: Value = serde_json::from_str(value.trim()).unwrap();
            assert_eq!(hit["sequence"], id);
            article = hit["id"].as_str().unwrap().to_owned();
        } else if line.is_empty() && !article.is_empty() {
            return (id, article);
        }
    }
}

#[test]
fn a_stream_tells_what_comes_and_goes_on_after_the_last() {
    let server = server();
    save_to(&server, "tram", "수소트램", &[]);
    push(&server, "a", "수소트램 개통", "수소트램이 개통했다.");
    let open = |last: Option<&str>| {
        let request = server.request("GET", "/api/searches/tram/stream").bearer_auth(TOKEN);
        let request = last.into_iter().fold(request, |request, last| request.header("last-event-id", last));
        let answer = request.send().unwrap();
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        BufReader::new(answer)
    };
    let mut stream = open(None);
    push(&server, "other", "버스 요금 동결", "버스 요금은 그대로다.");
    push(&server, "b", "수소트램 증편", "수소트램이 늘었다.");
    let (sequence, id) = event(&mut stream);
    assert_eq!((id.as_str(), sequence), ("b", 3), "a stream without a beginning begins now");
    drop(stream);
    push(&server, "c", "수소트램 점검", "수소트램을 살폈다.");
    assert_eq!(event(&mut open(Some("3"))).1, "c");
    let mut all = open(Some("0"));
    let ids = [event(&mut all).1, event(&mut all).1, event(&mut all).1];
    assert_eq!(ids, ["a", "b", "c"]);
    assert_eq!(server.admin("DELETE", "/api/searches/tram").status, 204);
    let mut rest = String::new();
    all.read_to_string(&mut rest).unwrap();
    assert!(!rest.contains("data:"), "it ends with its search: {rest}");
    let request = server.request("GET", "/api/searches/tram/stream").bearer_auth(TOKEN);
    server.send(request).problem(404, "search_not_found");
    save_to(&server, "tram", "수소트램", &[]);
    let request = server.request("GET", "/api/searches/tram/stream").bearer_auth(TOKEN);
    server.send(request.header("last-event-id", "x")).problem(400, "bad_parameter");
}

#[test]
fn only_listed_hosts_may_be_private_however_their_names_are_written() {
    let server = server();
    let receiver = Receiver::start();
    let port = receiver.url("").rsplit(':').next().unwrap().to_owned();
    // The name is not listed, and it leads to this machine: what it is called does not matter, but where it leads.
    save_to(&server, "tram", "수소트램", &[format!("http://localhost:{port}/")]);
    let tried = server.admin("POST", "/api/searches/tram/test").json();
    let error = tried["deliveries"][0]["error"].as_str().unwrap_or("it was delivered");
    // Here 127.0.0.1 is listed, which is one of its addresses.
    assert!(tried["deliveries"][0]["error"].is_null() || error.contains("alerts.allow_hosts"), "{error}");
    let closed = TestServer::start_with(newsroom(), |_| {});
    save_to(&closed, "tram", "수소트램", &[format!("http://localhost:{port}/")]);
    receiver.rest();
    let tried = closed.admin("POST", "/api/searches/tram/test").json();
    let error = tried["deliveries"][0]["error"].as_str().unwrap_or("it was delivered");
    assert!(
        error.contains("localhost has no public address") && error.contains("alerts.allow_hosts"),
        "{error}"
    );
    assert!(receiver.rest().is_empty());
}

#[test]
fn a_receiver_over_https_is_told_where_its_authority_is_known() {
    let authority = Authority::new();
    let receiver = Receiver::start_secure(authority.server(&["127.0.0.1"]));
    let newsroom = newsroom();
    let ca_file = authority.write(newsroom.path());
    let server = TestServer::start_with(newsroom, |file| {
        file.alerts.allow_hosts = vec!["127.0.0.1".to_owned()];
        file.alerts.ca_file = ca_file;
    });
    receiver.reply_with([Reply::Redirect(receiver.url("/elsewhere"))]);
    save_to(&server, "tram", "수소트램", &[receiver.url("/hook")]);
    push(&server, "a", "수소트램 개통", "수소트램이 개통했다.");
    assert_eq!((receiver.next().path.as_str(), receiver.next().path.as_str()), ("/hook", "/hook"));
    let found = until(&server, "tram", |found| {
        found["failing"] == json!([]) && found["deliveries"].as_array().unwrap().len() == 2
    });
    let redirected = found["deliveries"][1]["error"].as_str().unwrap();
    assert!(redirected.contains("redirects are not followed"), "{redirected}");
    let elsewhere = Receiver::start_secure(authority.server(&["hooks.elsewhere.example"]));
    let plain = Receiver::start();
    let mixed = plain.url("/").replace("http:", "https:");
    save_to(&server, "other", "수소트램", &[elsewhere.url("/"), mixed]);
    let tried = server.admin("POST", "/api/searches/other/test").json();
    let errors: Vec<&str> = tried["deliveries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tried| tried["error"].as_str().unwrap())
        .collect();
    assert!(errors[0].contains("its certificate is for another name"), "{errors:?}");
    assert!(errors[1].contains("tls"), "{errors:?}");
    let body = json!({"title": "수소트램", "deliver": [{"kind": "webhook", "url": "https://10.1.2.3/"}]});
    save(&server, "private", &body).problem(400, "bad_body");
}

#[test]
fn a_receiver_whose_authority_is_not_known_is_told_nothing_and_shown_as_failing() {
    let receiver = Receiver::start_secure(Authority::new().server(&["127.0.0.1"]));
    let server = server();
    save_to(&server, "tram", "수소트램", &[receiver.url("/")]);
    push(&server, "a", "수소트램 개통", "수소트램이 개통했다.");
    let found = until(&server, "tram", |found| found["failing"][0].is_object());
    let reason = found["failing"][0]["reason"].as_str().unwrap();
    assert!(
        reason.contains("an authority that is not known here") && reason.contains("alerts.ca_file"),
        "{reason}"
    );
    assert!(receiver.rest().is_empty());
}

#[test]
fn saved_searches_are_for_keys_that_may_and_stay_within_their_filter() {
    let server = server();
    let file = KeyFile::new(&server.newsroom.path().join("data"));
    let key = |name: &str, scope: Scope, filter: &str| {
        let mut new =
            NewKey { name: name.to_owned(), scopes: [scope].into_iter().collect(), ..NewKey::default() };
        if !filter.is_empty() {
            new.filter = filter.parse().unwrap();
        }
        file.change(|keys| keys.add(new, Timestamp::now())).unwrap()
    };
    let (reads, saves) = (key("읽기", Scope::Read, ""), key("저장", Scope::Searches, ""));
    let (garam, naru) =
        (key("가람", Scope::Searches, "outlet=가람일보"), key("나루", Scope::Searches, "outlet=나루신문"));
    let body = json!({"title": "수소트램", "params": {"q": "수소트램"}});
    with_key(&server, "wrong", "PUT", "/api/searches/a", &body).problem(401, "unauthorized");
    with_key(&server, &reads, "PUT", "/api/searches/a", &body).problem(403, "forbidden");
    assert_eq!(with_key(&server, &saves, "PUT", "/api/searches/a", &body).status, 201);
    assert_eq!(with_key(&server, &garam, "PUT", "/api/searches/garam", &body).status, 201);
    with_key(&server, &garam, "PUT", "/api/searches/a", &body).problem(403, "forbidden");
    with_key(&server, &naru, "GET", "/api/searches/garam", &Value::Null).problem(404, "search_not_found");
    let listed = with_key(&server, &garam, "GET", "/api/searches", &Value::Null).json();
    assert_eq!(listed["searches"].as_array().unwrap().len(), 1);
    push(&server, "mine", "수소트램 개통", "수소트램이 개통했다.");
    let article = json!({"title": "수소트램 비판", "body": "수소트램은 비싸다.", "outlet": "나루신문"});
    with_key(&server, TOKEN, "PUT", "/api/articles/theirs?refresh=true", &article);
    let of = |key: &str, name: &str| {
        let answer =
            with_key(&server, key, "GET", &format!("/api/searches/{name}/hits"), &Value::Null).json();
        ids(&answer).iter().map(|id| (*id).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(of(&saves, "a"), ["mine", "theirs"]);
    assert_eq!(of(&garam, "garam"), ["mine"]);
    assert_eq!(of(TOKEN, "garam"), ["mine"], "a search finds what its key saw, whoever looks");
    // Whoever sees everything and saves it again does not widen it.
    let paused = json!({"title": "수소트램", "params": {"q": "수소트램"}, "paused": true});
    assert_eq!(save(&server, "garam", &paused).status, 200);
    assert_eq!(of(TOKEN, "garam"), ["mine"]);
    assert_eq!(of(&garam, "garam"), ["mine"], "and its key still has it");
}
