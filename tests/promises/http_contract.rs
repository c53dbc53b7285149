//! What scripts rely on: names, shapes, limits and failures of the HTTP interface.

use std::sync::LazyLock;

use crate::newsroom::{Newsroom, TOKEN, TestServer, articles, with_query};
use gisa::service::{Access, Service};
use serde_json::{Value, json};

/// One server for all tests that change nothing.
static SERVER: LazyLock<TestServer> = LazyLock::new(|| TestServer::start(&articles()));

fn ids(answer: &Value) -> Vec<&str> {
    answer["hits"].as_array().unwrap().iter().map(|hit| hit["id"].as_str().unwrap()).collect()
}

#[test]
fn a_search_answer_has_the_documented_shape() {
    let parameters = [("q", "자전거 도로"), ("facets", "outlet,reporter,section,day,month,year")];
    let mut answer = SERVER.search(&parameters);
    // What changes with the run or with the tuning of scores is only checked for its kind.
    assert!(answer["took_ms"].as_f64().unwrap() > 0.0);
    assert!(answer["generation"].as_str().unwrap().starts_with("generation-"));
    answer["took_ms"] = json!("milliseconds");
    answer["generation"] = json!("generation");
    for hit in answer["hits"].as_array_mut().unwrap() {
        assert!(hit["score"].as_f64().unwrap() > 0.0);
        hit["score"] = json!("score");
    }
    for near in answer["also"]["hits"].as_array_mut().unwrap() {
        assert!(near["score"].as_f64().unwrap() > 0.0);
        near["score"] = json!("score");
    }
    insta::assert_json_snapshot!(answer);
}

#[test]
fn failures_are_told_in_korean_to_those_who_prefer_it() {
    let told = |path: &str, language: &str| {
        SERVER.send(SERVER.request("GET", path).header("accept-language", language))
    };
    let hangul = |text: &Value| text.as_str().unwrap().chars().any(|c| ('가'..='힣').contains(&c));
    let long = format!("/api/search?q={}", "a".repeat(2000));
    let first = SERVER.search(&[("size", "1")]);
    let both = format!("/api/search?size=1&page=2&cursor={}", first["next_cursor"].as_str().unwrap());
    for (path, status, code, named) in [
        ("/api/search?from=2026-99-99", 400, "bad_parameter", "`from`"),
        ("/api/search?outlets=x", 400, "unknown_parameter", "`outlets`"),
        ("/api/search?page=101&size=100", 400, "page_window", "cursor"),
        ("/api/search?cursor=!", 400, "bad_cursor", "cursor"),
        (long.as_str(), 400, "query_too_long", "512"),
        ("/api/trends?q=a&q=b&q=c&q=d&q=e&q=f", 400, "bad_parameter", "`q`의 값은 5개까지"),
        ("/api/trends", 400, "bad_parameter", "`q`의 값이 빠졌습니다"),
        ("/api/lookup?q=", 400, "bad_parameter", "`q`의 값이 빠졌습니다"),
        ("/api/search?q=a&q=b", 400, "bad_parameter", "한 번만"),
        ("/api/search?q=%B9%DD", 400, "bad_parameter", "UTF-8"),
        ("/api/search?outlet=", 400, "bad_parameter", "`outlet`의 값이 비어"),
        (both.as_str(), 400, "bad_parameter", "`cursor` 조건과 함께"),
        ("/api/articles/none", 404, "article_not_found", "번호"),
        ("/api/nowhere", 404, "not_found", "/docs"),
        ("/api/admin/jobs", 401, "unauthorized", "Bearer"),
    ] {
        for preferred in ["ko-KR,ko;q=0.9,en;q=0.8", "ko", "fr, ko;q=0.3, en;q=0.2"] {
            let answer = told(path, preferred);
            let problem = answer.problem(status, code);
            assert!(hangul(&problem["title"]) && hangul(&problem["detail"]), "{problem}");
            assert!(problem["detail"].as_str().unwrap().contains(named), "{problem}");
            assert!(!hangul(&problem["detail_en"]), "{problem}");
            assert_eq!(answer.header("content-language"), "ko");
            assert!(
                answer
                    .headers
                    .get_all("vary")
                    .iter()
                    .any(|vary| vary.to_str().unwrap().contains("accept-language"))
            );
        }
        // Scripts, which prefer nothing, are told what they always were.
        for answer in [SERVER.get(path), told(path, "en-US, ko;q=0.5"), told(path, "*")] {
            let problem = answer.problem(status, code);
            assert!(!hangul(&problem["title"]) && !hangul(&problem["detail"]), "{problem}");
            assert_eq!((&problem["detail_en"], answer.header("content-language")), (&Value::Null, "en"));
        }
    }
}

#[test]
fn filters_are_or_within_a_field_and_and_between_fields() {
    assert_eq!(
        ids(&SERVER.search(&[])),
        ["b-2", "a/2", "b-1", "a/1", "c-1"],
        "newest first, without a date last"
    );
    assert_eq!(ids(&SERVER.search(&[("outlet", "새벽신문")])), ["a/2", "a/1"]);
    assert_eq!(SERVER.search(&[("outlet", "새벽신문"), ("outlet", "저녁방송")])["total"], 3);
    assert_eq!(SERVER.search(&[("outlet", "새벽신문"), ("reporter", "문가람")])["total"], 1);
    assert_eq!(SERVER.search(&[("section", "경제"), ("reporter", "한서리")])["total"], 0);
    assert_eq!(ids(&SERVER.search(&[("q", "자전거"), ("sort", "oldest")])), ["a/1", "a/2", "b-2"]);
}

#[test]
fn dates_are_whole_korean_days_on_both_ends() {
    assert_eq!(ids(&SERVER.search(&[("from", "2023-06-09"), ("to", "2023-06-09")])), ["a/1"]);
    assert_eq!(ids(&SERVER.search(&[("from", "2023-06-09"), ("to", "2023-06-10")])), ["b-1", "a/1"]);
    // The same moment in UTC, to the second.
    assert_eq!(
        ids(&SERVER.search(&[("from", "2023-06-09T15:00:00Z"), ("to", "2023-06-09T15:00:00Z")])),
        ["b-1"]
    );
    assert_eq!(
        SERVER.search(&[("from", "2023-06-09T15:00:01Z"), ("to", "2023-06-10T00:00:00Z")])["total"],
        0
    );
}

#[test]
fn pages_and_cursors_walk_through_all_hits_once() {
    let all = ["b-2", "a/2", "b-1", "a/1", "c-1"];
    let paged: Vec<String> = (1..=3)
        .flat_map(|page| {
            let answer = SERVER.search(&[("size", "2"), ("page", &page.to_string())]);
            assert_eq!(
                (&answer["total"], &answer["page"], &answer["size"]),
                (&json!(5), &json!(page), &json!(2))
            );
            ids(&answer).into_iter().map(str::to_owned).collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(paged, all);

    let mut walked = Vec::new();
    let mut cursor: Option<String> = None;
    for _ in 0..all.len() {
        let mut parameters = vec![("size", "2")];
        parameters.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
        let answer = SERVER.search(&parameters);
        walked.extend(ids(&answer).into_iter().map(str::to_owned));
        cursor = answer["next_cursor"].as_str().map(str::to_owned);
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!((walked, cursor), (all.map(str::to_owned).to_vec(), None));

    let nothing = SERVER.search(&[("q", "자전거"), ("size", "0")]);
    assert_eq!((&nothing["total"], ids(&nothing).len()), (&json!(3), 0));
}

#[test]
fn the_window_ends_at_ten_thousand() {
    assert_eq!(SERVER.search(&[("page", "100"), ("size", "100")])["hits"], json!([]));
    let problem = SERVER.get("/api/search?page=101&size=100").problem(400, "page_window");
    assert!(problem["detail"].as_str().unwrap().contains("cursor"));
}

#[test]
fn wrong_parameters_are_refused_by_name() {
    for (path, code, parameter) in [
        ("/api/search?outlets=x", "unknown_parameter", "outlets"),
        ("/api/search?q=x&Size=3", "unknown_parameter", "Size"),
        ("/api/facets/outlet?sort=newest", "unknown_parameter", "sort"),
        ("/api/highlight?q=x&id=a&size=3", "unknown_parameter", "size"),
        ("/api/articles/b-1?q=x", "unknown_parameter", "q"),
        ("/api/analyze?text=x&lane=1", "unknown_parameter", "lane"),
        ("/api/search?size=101", "bad_parameter", "size"),
        ("/api/search?page=0", "bad_parameter", "page"),
        ("/api/search?sort=date", "bad_parameter", "sort"),
        ("/api/search?from=2023-13-01", "bad_parameter", "from"),
        ("/api/search?q=%B4%EB", "bad_parameter", "q"),
        ("/api/search?cursor=zzz", "bad_cursor", "cursor"),
        ("/api/search?group=alike", "bad_parameter", "group"),
        ("/api/facets/outlet?size=0", "bad_parameter", "size"),
        ("/api/highlight?q=x", "bad_parameter", "id"),
        ("/api/analyze", "bad_parameter", "text"),
    ] {
        let problem = SERVER.get(path).problem(400, code);
        assert_eq!(problem["parameter"], parameter, "{path}");
        assert!(problem["detail"].as_str().unwrap().contains(&format!("`{parameter}`")), "{path}: {problem}");
    }
}

#[test]
fn queries_have_limits_and_no_syntax_errors() {
    let long = "가".repeat(512);
    assert_eq!(SERVER.search(&[("q", &long)])["total"], 0);
    let refused = |query: &str| SERVER.get(&with_query("/api/search", &[("q", query)]));
    refused(&format!("{long}가")).problem(400, "query_too_long");
    refused(&format!("{}자전거{}", "(".repeat(100), ")".repeat(100))).problem(400, "query_too_complex");
    for query in [
        "[속보] 자전거",
        "(주)자전거",
        "((자전거",
        "\"자전거",
        "자전거 OR",
        "-",
        "NOT",
        "+/-",
        "{중괄호",
        "언론사:",
        "날짜:..",
        "*",
        "\\",
    ] {
        SERVER.search(&[("q", query)]);
    }
}

#[test]
fn facets_count_exactly_and_a_field_does_not_narrow_itself() {
    let answer = SERVER.json("/api/facets/outlet?outlet=새벽신문&q=자전거");
    assert_eq!(
        answer,
        json!({"field": "outlet", "total": 3, "other": 0, "missing": 0,
            "values": [{"value": "새벽신문", "count": 2}, {"value": "한낮경제", "count": 1}]})
    );
    let answer = SERVER.json("/api/facets/outlet?size=1");
    assert_eq!((answer["values"].as_array().unwrap().len(), &answer["other"]), (1, &json!(3)));
    let problem = SERVER.get("/api/facets/desk").problem(404, "not_found");
    assert!(
        problem["detail"].as_str().unwrap().contains(
            "outlet, outlet_group, reporter, section, person, place, organisation, day, month, year"
        )
    );
}

#[test]
fn articles_come_back_whole_by_any_id() {
    let article = SERVER.json("/api/articles/a%2F1");
    assert_eq!(article["id"], "a/1");
    assert_eq!(article["published_at"], "2023-06-09T16:53:00+09:00");
    assert_eq!(article["desk"], json!({"number": 3}), "unknown fields are kept");
    assert_eq!(SERVER.json("/api/articles/c-1")["published_at"], Value::Null);
    let problem = SERVER.get("/api/articles/a%2F9").problem(404, "article_not_found");
    assert!(problem["detail"].as_str().unwrap().contains("a/9"));
    SERVER.get("/api/articles/%ff").problem(404, "not_found");
    SERVER.get("/api/articles/a/1").problem(404, "not_found");
}

/// The pieces of `text` that `marks` (UTF-16) cover.
fn marked(marked: &Value) -> Vec<String> {
    let units: Vec<u16> = marked["text"].as_str().unwrap().encode_utf16().collect();
    let marks: Vec<[usize; 2]> = serde_json::from_value(marked["marks"].clone()).unwrap();
    marks.into_iter().map(|[start, end]| String::from_utf16(&units[start..end]).unwrap()).collect()
}

#[test]
fn highlights_cover_what_was_asked_for() {
    let answer = SERVER.json("/api/highlight?q=예산&id=a/1");
    assert_eq!(marked(&answer["title"]), ["예산"]);
    assert_eq!(marked(&answer["body"]), ["예산"], "without its particle");
    SERVER.get("/api/highlight?q=예산&id=nowhere").problem(404, "article_not_found");

    let post = |body: &Value| SERVER.send(SERVER.request("POST", "/api/highlight").json(body));
    let answer = post(&json!({"q": "수출", "text": "😀 수출이 늘었다"}));
    assert_eq!((answer.status, marked(&answer.json())), (200, vec!["수출".to_owned()]));
    post(&json!({"q": "수출"})).problem(400, "bad_body");
    post(&json!({"q": "수출", "text": "", "size": 3})).problem(400, "bad_body");
    assert_eq!(post(&json!({"q": "수출", "text": "가".repeat(68_000)})).status, 200);
    let long = json!({"q": "수출", "text": "가".repeat(70_000)});
    SERVER
        .send_unread(|| SERVER.request("POST", "/api/highlight").json(&long))
        .problem(413, "body_too_large");
    let long = json!({"q": "수출", "text": "가".repeat(400_000)});
    let answer = SERVER.send_unread(|| SERVER.request("POST", "/api/highlight").json(&long));
    assert_eq!(answer.header("connection"), "close", "the body was not read");
    answer.problem(413, "body_too_large");
    let plain = |text: String| SERVER.send(SERVER.request("POST", "/api/highlight").body(text));
    plain("{}".to_owned()).problem(415, "unsupported_media_type");
    let blank = || SERVER.request("POST", "/api/highlight").body(" ".repeat(100_000));
    assert_eq!(SERVER.send_unread(blank).header("connection"), "close");
}

#[test]
fn analysis_shows_both_lanes() {
    let answer = SERVER.json("/api/analyze?text=자전거로");
    let tokens = answer["tokens"].as_array().unwrap();
    let lane = |name: &str| -> Vec<&str> {
        tokens
            .iter()
            .filter(|token| token["lane"] == name)
            .map(|token| token["text"].as_str().unwrap())
            .collect()
    };
    assert_eq!(lane("morpheme"), ["자전거"]);
    assert_eq!(lane("bigram"), ["자전", "전거", "거로"]);
    let post = |length: usize| {
        SERVER.send(SERVER.request("POST", "/api/analyze").json(&json!({"text": "가 ".repeat(length / 2)})))
    };
    assert_eq!(post(10_000).status, 200);
    post(10_002).problem(400, "bad_parameter");
}

#[test]
fn a_text_from_outside_is_judged_as_a_search_would() {
    let judged = |query: &str, text: &str| {
        let request = SERVER.request("POST", "/api/highlight").json(&json!({"q": query, "text": text}));
        let answer = SERVER.send(request);
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()
    };
    let text = "반도체 수출이 넉 달째 늘었다.";
    for (query, matches) in [
        ("반도체 수출", "yes"),
        ("\"수출이 넉\"", "yes"),
        ("반도체 자전거", "relaxed"),
        ("자전거", "no"),
        ("\"자전거\" 수출", "no"),
        ("반도체 -수출", "no"),
        ("반도체 -자전거", "yes"),
        ("자전거 OR 반도체", "yes"),
        ("제목:반도체", "no"),
        ("", "yes"),
    ] {
        assert_eq!(judged(query, text)["matches"], matches, "{query}");
    }
    let answer = judged("반도체 -자전거 언론사:새벽신문", text);
    assert_eq!((&answer["matches"], &answer["conditions"]), (&json!("yes"), &json!(true)));
    let clauses = json!([
        {"text": "반도체", "found": true, "excluded": false},
        {"text": "자전거", "found": false, "excluded": true},
    ]);
    assert_eq!(answer["clauses"], clauses);
    // The page shows both side by side.
    let explained =
        SERVER.search(&[("q", "반도체 -자전거 언론사:새벽신문"), ("explain", "true"), ("size", "0")]);
    let explained = explained["explain"]["clauses"].as_array().unwrap();
    assert_eq!(explained.iter().map(|clause| &clause["text"]).collect::<Vec<_>>(), ["반도체", "자전거"]);
}

#[test]
fn every_answer_carries_a_request_id() {
    let kept = SERVER.send(SERVER.request("GET", "/live").header("x-request-id", "desk-7.4"));
    assert_eq!(kept.header("x-request-id"), "desk-7.4");
    let replaced = SERVER.send(SERVER.request("GET", "/nowhere").header("x-request-id", "a b<"));
    assert_eq!(replaced.header("x-request-id").len(), 32);
    replaced.problem(404, "not_found");
    assert_ne!(SERVER.get("/live").header("x-request-id"), SERVER.get("/live").header("x-request-id"));
}

#[test]
fn every_answer_is_locked_down() {
    let pages =
        ["/", "/analyze", "/help", "/embed", "/embed.js", "/docs", "/docs/embed", "/api/search", "/nowhere"];
    for path in pages {
        let answer = SERVER.get(path);
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"),
            "{path}: {policy}"
        );
        assert!(policy.ends_with("frame-ancestors 'self'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "same-origin");
    }
    assert_eq!(SERVER.get("/api/search").header("cache-control"), "no-store");
}

#[test]
fn other_sites_may_read_only_if_listed() {
    let newsroom = Newsroom::new(&articles());
    let server = TestServer::start_with(newsroom, |file| {
        file.embed.cors_origins = vec!["https://cms.example".to_owned()];
        file.embed.frame_ancestors = vec!["https://portal.example".to_owned()];
    });
    let from = |origin: &str| server.send(server.request("GET", "/api/search").header("origin", origin));
    let listed = from("https://cms.example");
    assert_eq!(listed.header("access-control-allow-origin"), "https://cms.example");
    assert!(
        listed.header("content-security-policy").ends_with("frame-ancestors 'self' https://portal.example")
    );
    assert_eq!(from("https://evil.example").header("access-control-allow-origin"), "");
}

#[test]
fn reading_needs_a_token_where_one_is_set() {
    let server = TestServer::start_with(Newsroom::new(&articles()), |file| {
        file.auth.read_token = "reader-token-0123456789".to_owned();
    });
    for path in [
        "/api/search",
        "/api/facets/outlet",
        "/api/articles/b-1",
        "/api/analyze?text=x",
        "/api/highlight?id=b-1",
    ] {
        assert_eq!(server.get(path).problem(401, "unauthorized")["status"], 401);
        for token in ["reader-token-0123456789", TOKEN] {
            assert_eq!(server.send(server.request("GET", path).bearer_auth(token)).status, 200, "{path}");
        }
    }
    assert_eq!(server.get("/ready").status, 200);
    let reader = server.request("GET", "/api/admin/jobs").bearer_auth("reader-token-0123456789");
    server.send(reader).problem(401, "unauthorized");
}

#[test]
fn unknown_addresses_and_methods_are_problems() {
    for path in ["/nowhere", "/api", "/../Cargo.toml"] {
        SERVER.get(path).problem(404, "not_found");
    }
    let answer = SERVER.send(SERVER.request("DELETE", "/api/search"));
    answer.problem(405, "method_not_allowed");
    assert_eq!(answer.header("allow"), "GET,HEAD");
    assert_eq!(SERVER.send(SERVER.request("HEAD", "/api/search")).status, 200);
}

#[test]
fn large_answers_are_compressed_where_wanted() {
    let wanted = SERVER.request("GET", "/api/openapi.json").header("accept-encoding", "gzip");
    let answer = wanted.send().unwrap();
    assert_eq!(answer.headers().get("content-encoding").unwrap(), "gzip");
    assert_eq!(SERVER.get("/api/openapi.json").header("content-encoding"), "");
}

#[test]
fn operations_answer() {
    assert_eq!(SERVER.json("/live"), json!({"status": "live"}));
    let ready = SERVER.json("/ready");
    assert_eq!(
        (&ready["articles"], &ready["out_of_date"], &ready["damage"]),
        (&json!(5), &Value::Null, &Value::Null)
    );
    let version = SERVER.json("/version");
    assert_eq!(version["index"]["generation"], ready["generation"]);
    assert_eq!(version["index"]["dictionary"], version["dictionary"]);
    SERVER.search(&[("q", "쿼크플라즈마")]);
    let metrics = SERVER.get("/metrics");
    assert!(metrics.header("content-type").starts_with("text/plain"));
    for name in [
        "gisa_http_requests_total{",
        "gisa_http_request_seconds_bucket{route=\"/api/search\"",
        "gisa_search_zero_hits_total",
        "gisa_index_documents",
    ] {
        assert!(metrics.text.contains(name), "{name} is missing");
    }
    let searches = metrics.text.lines().find(|line| {
        line.starts_with("gisa_http_requests_total{")
            && ["route=\"/api/search\"", "method=\"GET\"", "status=\"200\""]
                .iter()
                .all(|label| line.contains(label))
    });
    assert!(searches.is_some(), "{}", metrics.text);
    assert!(!metrics.text.contains("쿼크"), "queries stay out of the metrics");
}

#[test]
fn the_openapi_document_lists_every_route() {
    let document = SERVER.json("/api/openapi.json");
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let paths: Vec<&String> = document["paths"].as_object().unwrap().keys().collect();
    for path in [
        "/api/search",
        "/api/facets/{field}",
        "/api/highlight",
        "/api/articles/{id}",
        "/api/articles/{id}/related",
        "/export.csv",
        "/feed.atom",
        "/api/analyze",
        "/api/admin/reindex",
        "/api/admin/jobs",
        "/api/admin/jobs/{id}",
        "/api/admin/lexicon/reload",
        "/api/admin/restore",
        "/live",
        "/ready",
        "/version",
        "/metrics",
        "/api/openapi.json",
    ] {
        assert!(paths.iter().any(|known| *known == path), "{path}");
    }
    // No reference leads nowhere.
    let text = document.to_string();
    for reference in text.split("\"#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(
            document["components"]["schemas"].get(name).is_some(),
            "{name} is referred to and not defined"
        );
    }
}

/// Every operation of the document: method, address with the variables filled in, and query parameters.
fn operations() -> Vec<(String, String, Vec<Value>)> {
    let document = SERVER.json("/api/openapi.json");
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let address = path.replace("{id}", "b-1").replace("{field}", "outlet");
        for (method, operation) in methods.as_object().unwrap() {
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            let in_query = parameters.into_iter().filter(|parameter| parameter["in"] == "query").collect();
            operations.push((method.to_uppercase(), address.clone(), in_query));
        }
    }
    operations
}

#[test]
fn every_route_accepts_the_parameters_that_are_described_and_no_others() {
    let mut checked = 0;
    for (method, address, parameters) in operations() {
        if ["/live", "/ready", "/version", "/metrics", "/api/openapi.json"].contains(&address.as_str()) {
            continue;
        }
        let answer = SERVER.admin(&method, &format!("{address}?no_such=1"));
        let detail = answer.problem(400, "unknown_parameter")["detail"].as_str().unwrap().to_owned();
        let accepted: Vec<&str> =
            detail.split_once("allowed are ").map_or(Vec::new(), |(_, list)| list.split(", ").collect());
        let described: Vec<&str> =
            parameters.iter().map(|parameter| parameter["name"].as_str().unwrap()).collect();
        assert_eq!(accepted, described, "{method} {address}: {detail}");
        checked += 1;
    }
    assert!(checked >= 18, "{checked} operations");
}

#[test]
fn bounds_and_choices_are_those_that_are_described() {
    let mut checked = 0;
    for (_, address, parameters) in operations().into_iter().filter(|(method, ..)| method == "GET") {
        for parameter in &parameters {
            let (name, schema) = (parameter["name"].as_str().unwrap(), &parameter["schema"]);
            let length = schema["maxLength"].as_u64().or(schema["items"]["maxLength"].as_u64());
            let word = !schema["enum"].is_null()
                || !schema["items"]["enum"].is_null()
                || schema["type"] == "boolean";
            let wrong = [
                schema["maximum"].as_u64().map(|most| (most + 1).to_string()),
                schema["minimum"].as_u64().filter(|least| *least > 0).map(|least| (least - 1).to_string()),
                length.map(|most| "a".repeat(usize::try_from(most).unwrap() + 1)),
                word.then(|| "no such word".to_owned()),
            ];
            for value in wrong.into_iter().flatten() {
                // With the others that must be there, so that this one is what is refused.
                let others =
                    parameters.iter().filter(|other| other["required"] == true && other["name"] != name);
                let others = others.map(|other| (other["name"].as_str().unwrap(), "b-1"));
                let given: Vec<(&str, &str)> = others.chain([(name, value.as_str())]).collect();
                let answer = SERVER.admin("GET", &with_query(&address, &given));
                let code = if name == "q" { "query_too_long" } else { "bad_parameter" };
                assert_eq!(answer.problem(400, code)["parameter"], name, "{address}: {name}={value:.20}");
                checked += 1;
            }
        }
    }
    assert!(checked >= 60, "{checked} bounds and choices");
}

#[test]
fn defaults_are_those_that_are_described() {
    for address in
        ["/api/search", "/api/facets/outlet", "/export.csv", "/api/suggest", "/api/articles/b-1/related"]
    {
        let (.., parameters) = operations().into_iter().find(|(_, known, _)| known == address).unwrap();
        let written: Vec<(&str, String)> = parameters
            .iter()
            // Takes effect only together with `group=similar`.
            .filter(|parameter| {
                !parameter["schema"]["default"].is_null() && parameter["name"] != "group_show"
            })
            .map(|parameter| {
                let default = &parameter["schema"]["default"];
                let default = default.as_str().map_or_else(|| default.to_string(), str::to_owned);
                (parameter["name"].as_str().unwrap(), default)
            })
            .collect();
        assert!(!written.is_empty(), "{address}");
        let written: Vec<(&str, &str)> =
            written.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let [left_out, written] =
            [SERVER.get(address), SERVER.get(&with_query(address, &written))].map(|answer| {
                assert_eq!(answer.status, 200, "{}", answer.text);
                let mut answer = serde_json::from_str(&answer.text).unwrap_or(Value::from(answer.text));
                answer.as_object_mut().map(|answer| answer.remove("took_ms"));
                answer
            });
        assert_eq!(left_out, written, "{address}");
    }
}

#[test]
fn a_start_without_an_index_says_so_and_builds_one() {
    let newsroom = Newsroom::new(&articles());
    let service = Service::open(newsroom.config(|_| {}), Access::Write).unwrap();
    assert!(service.serving().is_none());
    let server = TestServer::serve(newsroom, service);
    assert_eq!(server.get("/live").status, 200);
    // Whether the first build has ended by now or not, each answer must fit its own moment.
    let early = server.get("/ready");
    if early.status != 200 {
        early.problem(503, "not_ready");
    }
    server.wait_for_first_job();
    assert_eq!(server.json("/ready")["articles"], 5);
    assert_eq!(server.search(&[("q", "자전거")])["total"], 3);
}

#[test]
fn a_build_that_fails_leaves_the_reason_in_ready() {
    let newsroom = Newsroom::new(&articles());
    std::fs::remove_dir_all(newsroom.articles_dir()).unwrap();
    let service = Service::open(newsroom.config(|_| {}), Access::Write).unwrap();
    let server = TestServer::serve(newsroom, service);
    server.wait_for_first_job();
    let problem = server.get("/ready").problem(503, "not_ready");
    assert!(problem["detail"].as_str().unwrap().contains("data_dir/articles"), "{problem}");
    let place = server.newsroom.path().to_str().unwrap();
    assert!(!problem.to_string().contains(place), "readers need not know where: {problem}");
    server.get("/api/search?q=x").problem(503, "not_ready");
    assert_eq!(server.get("/api/analyze?text=자전거").status, 200, "analysis needs no index");
}
