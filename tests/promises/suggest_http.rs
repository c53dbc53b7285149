//! What pages and browsers rely on of suggestions: shapes, limits and failures.

use std::fs;
use std::process::Command;
use std::sync::LazyLock;

use crate::newsroom::{Newsroom, TestServer, articles, with_query};
use serde_json::{Value, json};

static SERVER: LazyLock<TestServer> = LazyLock::new(|| TestServer::start(&articles()));

fn suggest(q: &str) -> Value {
    SERVER.json(&with_query("/api/suggest", &[("q", q)]))
}

#[test]
fn an_answer_has_the_documented_shape() {
    let answer = suggest("자전거");
    assert_eq!(
        answer.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["completions", "correction", "correction_total"]
    );
    assert_eq!(answer["completions"][0], json!({"text": "자전거", "count": 3}));
    assert_eq!(answer["correction"], Value::Null);
    assert!(
        answer["completions"].as_array().unwrap().contains(&json!({"text": "자전거 도로", "count": 2})),
        "{answer}"
    );
    for shown in answer["completions"].as_array().unwrap() {
        let total = &SERVER.search(&[("q", shown["text"].as_str().unwrap())])["total"];
        assert_eq!(&shown["count"], total, "{shown}");
    }
    assert_eq!(suggest(""), json!({"completions": [], "correction": null, "correction_total": null}));
    assert_eq!(suggest("쀍뛟"), json!({"completions": [], "correction": null, "correction_total": null}));
    assert_eq!(
        SERVER.json("/api/suggest"),
        json!({"completions": [], "correction": null, "correction_total": null}),
        "nothing is typed yet"
    );
    let slipped = suggest("반도쳬");
    let found = SERVER.search(&[("q", "반도체")])["total"].clone();
    assert_eq!(slipped, json!({"completions": [], "correction": "반도체", "correction_total": found}));
    assert_eq!(SERVER.search(&[("q", "반도쳬")])["suggestion"], "반도체");
    assert_eq!(SERVER.search(&[("q", "반도체")])["suggestion"], Value::Null);
    let one = SERVER.json(&with_query("/api/suggest", &[("q", "ㅈㅈㄱ"), ("size", "1")]));
    assert_eq!(one["completions"], json!([{"text": "자전거", "count": 3}]));
    let reporter = suggest("기자:한");
    assert_eq!(reporter["completions"], json!([{"text": "기자:한서리", "count": 2}]));
}

#[test]
fn wrong_parameters_are_refused_by_name() {
    for (path, code, parameter) in [
        ("/api/suggest?query=x", "unknown_parameter", "query"),
        ("/api/suggest?q=x&outlet=y", "unknown_parameter", "outlet"),
        ("/api/suggest?q=x&size=0", "bad_parameter", "size"),
        ("/api/suggest?q=x&size=21", "bad_parameter", "size"),
        ("/api/suggest?q=x&q=y", "bad_parameter", "q"),
        ("/api/suggest?q=%B4%EB", "bad_parameter", "q"),
        ("/api/suggest/opensearch?q=x&size=3", "unknown_parameter", "size"),
        ("/opensearch.xml?q=x", "unknown_parameter", "q"),
    ] {
        let problem = SERVER.get(path).problem(400, code);
        assert_eq!(problem["parameter"], parameter, "{path}");
    }
    let long = "가".repeat(513);
    SERVER.get(&with_query("/api/suggest", &[("q", &long)])).problem(400, "query_too_long");
    assert_eq!(suggest(&"가".repeat(512))["completions"], json!([]));
    for hostile in
        ["<script>alert(1)</script>", "\u{202E}자전거\u{0}", "((((\"-OR", "\\u0000%00", "🙂🙂", "가\u{301}"]
    {
        let answer = suggest(hostile);
        assert!(answer["completions"].is_array(), "{hostile:?}: {answer}");
    }
}

#[test]
fn browsers_get_their_own_form() {
    let answer = SERVER.get(&with_query("/api/suggest/opensearch", &[("q", "자전거 도")]));
    assert_eq!((answer.status, answer.header("content-type")), (200, "application/x-suggestions+json"));
    assert_eq!(answer.json(), json!(["자전거 도", ["자전거 도로"]]));
    let slipped = SERVER.get(&with_query("/api/suggest/opensearch", &[("q", "반도쳬")]));
    assert_eq!(slipped.json(), json!(["반도쳬", ["반도체"]]));
}

#[test]
fn browsers_learn_where_to_search() {
    let proxied = TestServer::start_with(Newsroom::new(&articles()), |file| {
        file.server.trusted_proxies = vec!["127.0.0.1".to_owned()];
    });
    let request = proxied
        .request("GET", "/opensearch.xml")
        .header("host", "news.example")
        .header("x-forwarded-proto", "https")
        .header("x-forwarded-prefix", "/desk/gisa/");
    let answer = proxied.send(request);
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.header("content-type"), "application/opensearchdescription+xml; charset=utf-8");
    let document = roxmltree::Document::parse(&answer.text).unwrap();
    let templates: Vec<(&str, &str)> = document
        .descendants()
        .filter(|node| node.has_tag_name(("http://a9.com/-/spec/opensearch/1.1/", "Url")))
        .map(|node| (node.attribute("type").unwrap(), node.attribute("template").unwrap()))
        .collect();
    let base = "https://news.example/desk/gisa";
    assert_eq!(
        templates,
        [
            ("text/html", format!("{base}/?q={{searchTerms}}").as_str()),
            (
                "application/x-suggestions+json",
                format!("{base}/api/suggest/opensearch?q={{searchTerms}}").as_str()
            ),
            ("application/opensearchdescription+xml", format!("{base}/opensearch.xml").as_str()),
        ]
    );
    // As the client calls it: the addresses lead back here.
    let plain = SERVER.get("/opensearch.xml");
    let own = plain.text.split("template=\"").nth(2).unwrap().split('"').next().unwrap();
    let path = own.split_once("//").unwrap().1.split_once('/').unwrap().1;
    assert_eq!(SERVER.get(&format!("/{}", path.replace("{searchTerms}", "x"))).status, 200);

    for (name, value) in [
        ("host", "news.example\"/><x"),
        ("host", "user@news.example"),
        ("x-forwarded-proto", "javascript"),
        ("x-forwarded-prefix", "//evil.example"),
        ("x-forwarded-prefix", "/a\"b"),
    ] {
        let refused = proxied.send(proxied.request("GET", "/opensearch.xml").header(name, value));
        assert!(refused.status == 400 && !refused.text.contains("evil"), "{name}: {value}: {}", refused.text);
    }
}

#[test]
fn reading_may_need_a_token_and_describing_never_does() {
    let server = TestServer::start_with(Newsroom::new(&articles()), |file| {
        file.auth.read_token = "reader-token-0123456789".to_owned();
    });
    server.get("/api/suggest?q=x").problem(401, "unauthorized");
    server.get("/api/suggest/opensearch?q=x").problem(401, "unauthorized");
    assert_eq!(server.get("/opensearch.xml").status, 200);
}

#[test]
fn damage_is_noticed() {
    let newsroom = Newsroom::new(&articles());
    let service =
        gisa::service::Service::open(newsroom.config(|_| {}), gisa::service::Access::Write).unwrap();
    service.reindex(&gisa::index::Progress::default()).unwrap();
    let serving = service.serving().unwrap();
    serving.generation().unwrap().verify().unwrap();
    let file = serving.generation().unwrap().path().join("suggestions.zst");
    let mut bytes = fs::read(&file).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    fs::write(&file, &bytes).unwrap();
    let error = serving.generation().unwrap().verify().unwrap_err().to_string();
    assert!(error.contains("suggestions.zst"), "{error}");
    drop((serving, service));
    let config = newsroom.path().join("config.toml");
    fs::write(&config, "data_dir = \"data\"\nindex_dir = \"index\"\n").unwrap();
    let check =
        Command::new(env!("CARGO_BIN_EXE_gisa")).arg("--config").arg(&config).arg("check").output().unwrap();
    let said = String::from_utf8_lossy(&check.stdout);
    assert!(
        !check.status.success() && said.contains("DAMAGED") && said.contains("suggestions.zst"),
        "{said}"
    );
}
