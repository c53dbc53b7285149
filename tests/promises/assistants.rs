//! Assistants search the archive over the Model Context Protocol: the tools say what the API says, briefly, and only what the key may see.

use std::path::Path;
use std::process::Command;

use crate::newsroom::{Answer, Newsroom, TOKEN, TestServer, with_query};
use crate::outside;
use gisa::access::{FixedFilter, KeyFile, NewKey, Scope};
use gisa::article::Timestamp;
use gisa::config::Gate;
use serde_json::{Value, json};

fn newsroom() -> Newsroom {
    let long = "문장이 이어진다. ".repeat(700);
    Newsroom::new(&[
        json!({"id": "a", "title": "반도체 수출 늘어", "body": "반도체 수출이 넉 달째 늘었다. 정부가 밝혔다.", "outlet": "가람일보", "published_at": "2026-02-05T09:00:00+09:00"}),
        json!({"id": "b", "title": "반도체 공장 착공", "body": "한빛전자가 반도체 공장을 짓는다.", "outlet": "나루신문", "published_at": "2026-03-06T09:00:00+09:00", "reporters": ["홍길동"]}),
        json!({"id": "긴/기사", "title": "긴 기사", "body": long, "outlet": "나루신문"}),
    ])
}

/// Sends a message of the protocol.
fn send(server: &TestServer, key: &str, message: &Value) -> Answer {
    let request = server.request("POST", "/mcp").header("accept", "application/json, text/event-stream");
    let request = request.header("content-type", "application/json").body(message.to_string());
    let request =
        if key.is_empty() { request } else { request.header("authorization", format!("Bearer {key}")) };
    server.send(request)
}

fn message(method: &str, parameters: Value) -> Value {
    json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters})
}

/// What a tool says; the text says the same as the structured answer.
fn call(server: &TestServer, key: &str, tool: &str, arguments: Value) -> Value {
    let answer = send(server, key, &message("tools/call", json!({"name": tool, "arguments": arguments})));
    assert_eq!(answer.status, 200, "{}", answer.text);
    let result = answer.json()["result"].clone();
    assert_eq!(result["isError"], false, "{result}");
    let text = result["content"][0]["text"].as_str().unwrap();
    assert_eq!(serde_json::from_str::<Value>(text).unwrap(), result["structuredContent"]);
    result["structuredContent"].clone()
}

/// Why a tool gave no answer.
fn refused(server: &TestServer, tool: &str, arguments: Value) -> String {
    let answer =
        send(server, "", &message("tools/call", json!({"name": tool, "arguments": arguments}))).json();
    assert_eq!(answer["result"]["isError"], true, "{answer}");
    answer["result"]["content"][0]["text"].as_str().unwrap().to_owned()
}

#[test]
fn the_tools_say_what_the_api_says() {
    let server = TestServer::start_with(newsroom(), |_| {});
    let found = call(&server, "", "search", json!({"q": "반도체", "sort": "oldest"}));
    assert_eq!(
        found,
        json!({"total": 2, "articles": [
            {"id": "a", "title": "반도체 수출 늘어", "outlet": "가람일보", "published_at": "2026-02-05T09:00:00+09:00",
             "sentences": ["반도체 수출이 넉 달째 늘었다."]},
            {"id": "b", "title": "반도체 공장 착공", "outlet": "나루신문", "published_at": "2026-03-06T09:00:00+09:00",
             "sentences": ["한빛전자가 반도체 공장을 짓는다."]},
        ]})
    );
    let first =
        call(&server, "", "search", json!({"q": "반도체", "size": 1, "sort": "oldest", "from": null}));
    assert_eq!((&first["total"], &first["next_page"]), (&json!(2), &json!(2)));
    let second = call(&server, "", "search", json!({"q": "반도체", "size": 1, "sort": "oldest", "page": 2}));
    assert_eq!((&second["articles"][0]["id"], &second["next_page"]), (&json!("b"), &Value::Null));
    let filtered = call(&server, "", "search", json!({"q": "반도체", "outlet": ["나루신문", "없는신문"]}));
    assert_eq!(filtered["total"], 1);
    let near = call(&server, "", "search", json!({"q": "반도체 수출 우주엘리베이터"}));
    assert!(near["relaxed"].is_string() || near["some_words_missing"].is_object(), "{near}");

    // An article, in parts where it is long; none is lost between them.
    let article = call(&server, "", "read_article", json!({"id": "b"}));
    assert_eq!(
        (&article["body"], &article["reporters"]),
        (&json!("한빛전자가 반도체 공장을 짓는다."), &json!(["홍길동"]))
    );
    assert_eq!(article.get("next_start"), None);
    let (mut body, mut start) = (String::new(), json!(0));
    while !start.is_null() {
        let part =
            call(&server, "", "read_article", json!({"id": "긴/기사", "start": start, "length": 1500}));
        body.push_str(part["body"].as_str().unwrap());
        start = part["next_start"].clone();
    }
    assert_eq!(json!(body), server.json("/api/articles/%EA%B8%B4%2F%EA%B8%B0%EC%82%AC")["body"]);

    // However much its other fields hold.
    let large = json!({"title": "넓은 제목 ".repeat(50_000), "outlet": "새벽".repeat(50_000), "reporters": (0..50_000).map(|number| format!("한서리{number}")).collect::<Vec<_>>(), "body": "본문."});
    let written = server.request("PUT", "/api/articles/large?refresh=true").bearer_auth(TOKEN).json(&large);
    assert_eq!(server.send(written).status, 200);
    let article = call(&server, "", "read_article", json!({"id": "large"}));
    assert!(article.to_string().len() < 20_000);
    assert_eq!(article["cut"], json!(["title", "outlet", "reporters"]));

    let counted = call(&server, "", "count_by", json!({"q": "반도체", "field": "outlet"}));
    assert_eq!(counted, server.json(&with_query("/api/facets/outlet", &[("q", "반도체"), ("size", "20")])));
    let trends = call(&server, "", "trends", json!({"q": ["반도체", "수출"], "by": "month"}));
    assert_eq!(
        trends,
        server.json(&with_query("/api/trends", &[("q", "반도체"), ("q", "수출"), ("by", "month")]))
    );
    let quotes = call(&server, "", "quotes", json!({"q": "", "size": 3}));
    let counted = server.json(&with_query("/api/quotes", &[("size", "3")]));
    assert_eq!(quotes["total"], counted["total"]);
    assert_eq!(quotes["quotes"].as_array().unwrap().len(), counted["quotes"].as_array().unwrap().len());
    let terms = call(&server, "", "related_terms", json!({"q": "공장", "pairs": true}));
    assert_eq!(terms, server.json(&with_query("/api/related-terms", &[("q", "공장"), ("pairs", "true")])));
    assert_eq!(terms["total"], 1);
}

#[test]
fn what_a_model_asks_wrongly_it_is_told() {
    let server = TestServer::start_with(newsroom(), |_| {});
    for (tool, arguments, said) in [
        ("search", json!({"q": "반도체", "size": 1000}), "`size`"),
        ("search", json!({"query": "반도체"}), "there is no parameter `query`; allowed are q"),
        ("search", json!({"q": {"any": "반도체"}}), "`q`"),
        ("search", json!({"q": "반도체", "from": "어제"}), "`from`"),
        ("read_article", json!({}), "`id` is missing"),
        ("read_article", json!({"id": "없다"}), "there is no article with the id"),
        ("count_by", json!({"field": "person_of_the_year"}), "`field`"),
        ("trends", json!({"q": []}), "`q`"),
    ] {
        let why = refused(&server, tool, arguments.clone());
        assert!(why.contains(said), "{tool} {arguments}: {why}");
    }
    let unknown =
        send(&server, "", &message("tools/call", json!({"name": "delete_all", "arguments": {}}))).json();
    assert!(
        unknown["error"]["message"].as_str().unwrap().contains("the tools are search, read_article"),
        "{unknown}"
    );

    // What a tool takes is made from the table that checks it.
    let listed = send(&server, "", &message("tools/list", json!({}))).json();
    let tools = listed["result"]["tools"].as_array().unwrap();
    let names: Vec<&str> = tools.iter().map(|tool| tool["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["search", "read_article", "count_by", "trends", "related_terms", "quotes"]);
    for tool in tools {
        assert_eq!(tool["annotations"]["readOnlyHint"], true);
        assert_eq!(tool["inputSchema"]["additionalProperties"], false);
        assert!(
            tool["inputSchema"]["properties"]
                .as_object()
                .unwrap()
                .values()
                .all(|property| property["description"].is_string())
        );
    }
    assert_eq!(tools[1]["inputSchema"]["required"], json!(["id"]));

    // Not JSON, too much of it, another method, and a page of another site.
    let broken = server.request("POST", "/mcp").header("content-type", "application/json");
    let broken = broken.header("accept", "application/json, text/event-stream");
    assert!((400..500).contains(&server.send(broken.try_clone().unwrap().body("{")).status));
    assert_eq!(server.send(broken.try_clone().unwrap().body("1".repeat(300 << 10))).status, 413);
    assert_eq!(server.get("/mcp").status, 405);
    let list = message("tools/list", json!({})).to_string();
    assert_eq!(server.send(broken.header("origin", "https://evil.example").body(list)).status, 403);
}

#[test]
fn an_assistant_sees_what_its_key_may_see() {
    let server = TestServer::start_with(newsroom(), |file| file.auth.reading = Gate::Closed);
    let keys = KeyFile::new(&server.newsroom.path().join("data"));
    let key = |name: &str, scope: Scope, filter: &str| {
        let filter = if filter.is_empty() { FixedFilter::default() } else { filter.parse().unwrap() };
        let new = NewKey {
            name: name.to_owned(),
            scopes: [scope].into_iter().collect(),
            filter,
            ..NewKey::default()
        };
        keys.change(|keys| keys.add(new, Timestamp::now())).unwrap()
    };
    let list = message("tools/list", json!({}));
    assert_eq!(send(&server, "", &list).status, 401);
    assert_eq!(send(&server, &key("cms", Scope::Push, ""), &list).status, 403);
    let filtered = key("garam", Scope::Read, "outlet=가람일보");
    assert_eq!(call(&server, &filtered, "search", json!({"q": "반도체"}))["total"], 1);
    let hidden = message("tools/call", json!({"name": "read_article", "arguments": {"id": "b"}}));
    assert_eq!(send(&server, &filtered, &hidden).json()["result"]["isError"], true);
    assert_eq!(call(&server, &key("desk", Scope::Read, ""), "search", json!({"q": "반도체"}))["total"], 2);
}

/// The official client, in the two ways in which a conversation begins. It is installed by `.ci/run`.
#[test]
fn the_official_client_understands_it() {
    let test = "the_official_client_understands_it";
    let Some(python) = outside::program("mcp-python", test) else { return };
    let server = TestServer::start_with(newsroom(), |_| {});
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/assistant/client.py");
    let output = Command::new(python)
        .arg(script)
        .arg(server.url("/mcp"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTHONIOENCODING", "utf-8")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    for told in told.as_array().unwrap() {
        assert_eq!(told["server"], "gisa");
        assert_eq!(
            told["tools"],
            json!(["search", "read_article", "count_by", "trends", "related_terms", "quotes"])
        );
        assert_eq!(
            told["found"],
            call(&server, "", "search", json!({"q": "반도체", "size": 2, "outlet": ["가람일보"]}))
        );
        let asked = json!({"q": "반도체", "kinds": "organisation,word", "pairs": true});
        assert_eq!(told["terms"], call(&server, "", "related_terms", asked));
        assert_eq!(told["quotes"], call(&server, "", "quotes", json!({"q": "", "size": 3})));
        assert_eq!(serde_json::from_str::<Value>(told["text"].as_str().unwrap()).unwrap(), told["found"]);
        assert_eq!(told["wrong"][0], true);
        assert!(told["wrong"][1].as_str().unwrap().contains("`size`"), "{told}");
    }
}
