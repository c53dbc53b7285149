//! What readers look for is counted where `search.keep_queries` is on, says what would mend a search in vain, and says nothing of who asked.

use std::fs;

use crate::newsroom::{Newsroom, TestServer, with_query};
use serde_json::{Value, json};

fn newsroom() -> Newsroom {
    Newsroom::new(&[
        json!({"id": "a", "title": "한빛은행 금리 인하", "body": "한빛은행이 대출 금리를 내린다고 밝혔다.", "outlet": "가람일보"}),
        json!({"id": "b", "title": "보건의료정책심의위원회 열려", "body": "보건의료정책심의위원회가 금리와 무관한 안건을 다뤘다."}),
    ])
}

fn kept(server: &TestServer) -> Value {
    server.admin("GET", "/api/admin/queries").json()
}

/// Query and numbers of the list of all queries.
fn queries(answer: &Value) -> Vec<(String, u64, u64, u64)> {
    let number = |entry: &Value, name: &str| entry[name].as_u64().unwrap();
    let list = answer["queries"].as_array().unwrap().iter();
    list.map(|entry| {
        let query = entry["query"].as_str().unwrap().to_owned();
        (query, number(entry, "times"), number(entry, "in_vain"), number(entry, "total"))
    })
    .collect()
}

fn meant(server: &TestServer, body: &Value) -> u16 {
    let request = server.request("POST", "/api/asked").header("content-type", "application/json");
    server.send(request.body(body.to_string())).status
}

#[test]
fn scripts_are_counted_and_browsers_only_where_a_query_was_meant() {
    let server = TestServer::start_with(newsroom(), |file| file.search.keep_queries = true);
    for query in ["금리", " 금리 ", "한빛은행  금리", ""] {
        server.search(&[("q", query)]);
    }
    // The second page, and what a browser asks while somebody types.
    server.search(&[("q", "금리"), ("page", "2")]);
    let typing = server.request("GET", &with_query("/api/search", &[("q", "금")]));
    server.send(typing.header("sec-fetch-site", "same-origin"));
    assert_eq!(meant(&server, &json!({"q": "안건"})), 204);
    assert_eq!(meant(&server, &json!({"q": " "})), 204);
    let answer = kept(&server);
    let expected = [("금리", 2, 0, 2), ("안건", 1, 0, 1), ("한빛은행 금리", 1, 0, 1)];
    let expected = expected.map(|(query, times, in_vain, total)| (query.to_owned(), times, in_vain, total));
    assert_eq!(queries(&answer), expected);
    assert_eq!(answer["asked"], 4);
    assert_eq!((&answer["kept"], &answer["above"], &answer["lost"]), (&json!(true), &json!(0), &json!(0)));

    // It is there after a restart, and goes on.
    let server = server.restart();
    server.search(&[("q", "금리")]);
    assert_eq!(queries(&kept(&server))[0], ("금리".to_owned(), 3, 0, 2));
    // Of another period there is nothing.
    let before = server.admin("GET", "/api/admin/queries?from=2001-01-01&to=2001-12-31").json();
    assert_eq!((queries(&before).len(), &before["from"]), (0, &json!("2001-01-01")));
}

#[test]
fn a_search_in_vain_shows_what_would_mend_it() {
    let server = TestServer::start_with(newsroom(), |file| file.search.keep_queries = true);
    server.search(&[("q", "보정심 안건")]);
    server.search(&[("q", "보정심")]);
    // A filter that finds nothing is not for the lexicon to mend.
    server.search(&[("q", "금리"), ("outlet", "나루신문")]);
    let taken = json!({"q": "한빛은행", "taken": {"kind": "correction", "typed": "한빚은행"}});
    assert_eq!(meant(&server, &taken), 204);
    let answer = kept(&server);
    let in_vain = answer["in_vain"].as_array().unwrap();
    let found: Vec<(&Value, &Value)> =
        in_vain.iter().map(|entry| (&entry["query"], &entry["words"][0]["word"])).collect();
    assert_eq!(found, [(&json!("보정심"), &json!("보정심")), (&json!("보정심 안건"), &json!("보정심"))]);
    assert_eq!(in_vain[0]["words"][0]["synonym_line"], "보정심, …");
    assert_eq!(in_vain[0]["analyze"], "analyze?text=%EB%B3%B4%EC%A0%95%EC%8B%AC");
    assert_eq!(
        answer["taken"],
        json!([{"kind": "correction", "typed": "한빚은행", "chosen": "한빛은행", "times": 1}])
    );

    // The line that it shows, completed, does mend it.
    let lexicon = server.newsroom.path().join("data/lexicon");
    fs::create_dir_all(&lexicon).unwrap();
    let line =
        in_vain[0]["words"][0]["synonym_line"].as_str().unwrap().replace('…', "보건의료정책심의위원회");
    fs::write(lexicon.join("synonyms.txt"), line).unwrap();
    assert_eq!(server.admin("POST", "/api/admin/lexicon/reload").status, 200);
    assert_eq!(server.search(&[("q", "보정심")])["total"], 1);

    let table = server.admin("GET", "/api/admin/queries.csv?list=in_vain");
    assert!(table.header("content-type").starts_with("text/csv"), "{table:?}");
    let lines: Vec<&str> = table.text.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(
        lines,
        ["query,times,suggestion,synonym_lines", "보정심,1,,\"보정심, …\"", "보정심 안건,1,,\"보정심, …\""]
    );
}

#[test]
fn only_administrators_see_it_and_nobody_where_it_is_off() {
    let server = TestServer::start_with(newsroom(), |file| file.search.keep_queries = true);
    server.search(&[("q", "금리")]);
    server.get("/api/admin/queries").problem(401, "unauthorized");
    server.get("/api/admin/queries.csv").problem(401, "unauthorized");
    assert_eq!(server.json("/version")["keeps_queries"], true);
    for wrong in ["from=gestern", "from=2026-02-02&to=2026-02-01", "size=0", "list=all"] {
        server.admin("GET", &format!("/api/admin/queries.csv?{wrong}")).problem(400, "bad_parameter");
    }
    assert_eq!(meant(&server, &json!({"q": "가".repeat(513)})), 400);
    // Nothing on the disk says who asked, or when within the day.
    let folder = server.newsroom.path().join("data/queries");
    kept(&server);
    let files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    let text = fs::read_to_string(&files[0]).unwrap();
    assert_eq!(files.len(), 1);
    assert_eq!(text, "{\"what\":\"asked\",\"query\":\"금리\",\"times\":1,\"total\":2}\n");

    let server = TestServer::start(&[json!({"id": "a", "title": "금리", "body": "금리가 올랐다."})]);
    server.search(&[("q", "금리")]);
    assert_eq!(meant(&server, &json!({"q": "금리"})), 204);
    let answer = kept(&server);
    assert_eq!((&answer["kept"], &answer["asked"]), (&json!(false), &json!(0)));
    assert_eq!(server.json("/version")["keeps_queries"], false);
    assert!(!server.newsroom.path().join("data/queries").exists());
}
