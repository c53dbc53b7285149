//! Articles that arrive over HTTP are durable when they are acknowledged, searchable soon, and replaced everywhere at once.

use crate::newsroom::{self, Answer, Newsroom, TOKEN, TestServer, articles};
use gisa::service::{Access, Service};
use serde_json::{Value, json};

fn put(server: &TestServer, id: &str, article: &Value) -> Answer {
    let path = format!("/api/articles/{id}?refresh=true");
    server.send(server.request("PUT", &path).bearer_auth(TOKEN).json(article))
}

fn bulk(server: &TestServer, lines: impl Into<String>) -> Answer {
    let request = server.request("POST", "/api/articles?refresh=true").bearer_auth(TOKEN);
    server.send(request.header("content-type", "application/x-ndjson").body(lines.into()))
}

fn found(server: &TestServer, query: &str) -> Vec<String> {
    let answer = server.search(&[("q", query), ("size", "100")]);
    let hits = answer["hits"].as_array().unwrap();
    assert_eq!(answer["total"], hits.len());
    let mut ids: Vec<String> = hits.iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect();
    ids.sort();
    ids
}

#[test]
fn a_pushed_article_is_found_corrected_and_deleted_everywhere() {
    let server = TestServer::start(&articles());
    let article = json!({"title": "항만공사, 새 크레인 도입", "body": "항만공사가 무인 크레인 네 대를 들여왔다.", "outlet": "한낮경제",
        "reporters": ["도윤슬"], "published_at": "2024-05-01T09:00:00+09:00", "desk": 7});
    let written = put(&server, "d-1", &article);
    assert_eq!(written.status, 200, "{}", written.text);
    let mut written = written.json();
    let read = written.as_object_mut().unwrap().remove("read").unwrap();
    assert_eq!(written, json!({"id": "d-1", "sequence": 1, "searchable": true}));
    assert_eq!(read["fields"]["title"], "title", "{read}");
    assert_eq!(found(&server, "크레인"), ["d-1"]);
    assert_eq!(server.json("/api/articles/d-1")["desk"], 7);
    assert_eq!(server.json("/ready")["articles"], 6);
    let outlets = server.json("/api/facets/outlet?q=크레인");
    assert_eq!(outlets["values"], json!([{"value": "한낮경제", "count": 1}]));

    // A correction replaces it: what it said before is nowhere.
    let corrected = json!({"title": "항만공사, 새 기중기 도입", "body": "항만공사가 무인 기중기 다섯 대를 들여왔다.", "outlet": "저녁방송"});
    assert_eq!(put(&server, "d-1", &corrected).json()["sequence"], 2);
    assert!(found(&server, "크레인").is_empty());
    assert_eq!(found(&server, "기중기"), ["d-1"]);
    assert_eq!(
        server.json("/api/facets/outlet?q=항만공사")["values"],
        json!([{"value": "저녁방송", "count": 1}])
    );
    let marked = server.json(&newsroom::with_query("/api/highlight", &[("q", "기중기"), ("id", "d-1")]));
    assert_eq!(marked["title"]["marks"], json!([[8, 11]]));
    assert!(server.get("/feed.atom?q=기중기").text.contains("새 기중기 도입"));
    assert!(!server.get("/feed.atom?q=항만공사").text.contains("크레인"));
    assert_eq!(server.json("/ready")["articles"], 6);

    // Sending it again changes nothing.
    put(&server, "d-1", &corrected);
    assert_eq!(found(&server, "기중기"), ["d-1"]);

    // A deletion too, also of an article that stands in a file.
    assert_eq!(server.admin("DELETE", "/api/articles/d-1?refresh=true").status, 200);
    assert_eq!(server.admin("DELETE", "/api/articles/b-1?refresh=true").status, 200);
    assert!(found(&server, "기중기").is_empty());
    server.get("/api/articles/d-1").problem(404, "article_not_found");
    server.get("/api/articles/b-1").problem(404, "article_not_found");
    assert_eq!(server.json("/ready")["articles"], 4);
    assert_eq!(server.admin("DELETE", "/api/articles/never-there").status, 200, "deleting again is no error");
}

#[test]
fn what_is_pushed_wins_over_files_also_after_a_reindex_and_a_restart() {
    let server = TestServer::start(&articles());
    put(&server, "b-2", &json!({"title": "반도체 공장 준공 미뤄져", "body": "새 공장은 내년에 문을 연다."}));
    server.admin("DELETE", "/api/articles/a%2F1?refresh=true");
    let expect = |server: &TestServer| {
        assert_eq!(found(server, "공장"), ["b-2"]);
        assert_eq!(server.json("/api/articles/b-2")["title"], "반도체 공장 준공 미뤄져");
        server.get("/api/articles/a%2F1").problem(404, "article_not_found");
        assert_eq!(server.json("/ready")["articles"], 4);
    };
    expect(&server);
    // A newer file with the same id does not bring back what was withdrawn.
    server.newsroom.write(
        "later.jsonl",
        &newsroom::lines(&[articles()[0].clone(), json!({"id": "z", "title": "새 파일"})]),
    );
    let job = server.admin("POST", "/api/admin/reindex").json();
    let job = server.wait_for(job["job"]["id"].as_str().unwrap());
    assert_eq!((job.error, job.refused), (None, 0));
    assert_eq!(found(&server, "파일"), ["z"]);
    server.admin("DELETE", "/api/articles/z?refresh=true");
    expect(&server);
    let TestServer { .. } = &server;
    let server = server.restart();
    expect(&server);
}

#[test]
fn a_bulk_means_what_a_file_means() {
    let server = TestServer::start(&articles());
    let lines = [
        json!({"index": {"_index": "news", "_id": "bk-1"}}).to_string(),
        json!({"title": "등대 첫째"}).to_string(),
        json!({"create": {"_id": "bk-2"}}).to_string(),
        String::new(),
        json!({"id": "own", "title": "등대 둘째"}).to_string(),
        json!({"delete": {"_id": "bk-3"}}).to_string(),
        json!({"update": {"_id": 7}}).to_string(),
        json!({"doc": {"title": "등대 셋째", "body": "등대를 고쳤다."}}).to_string(),
        json!({"index": {"_id": "bk-4"}}).to_string(),
        json!({"title": "등대 초고", "status": "draft"}).to_string(),
        // The id above was the draft's.
        json!({"title": "등대 넷째", "url": "https://news.example/lamp"}).to_string(),
        json!({"id": "own", "title": "등대 둘째 고침"}).to_string(),
    ];
    let answer = bulk(&server, lines.join("\n")).json();
    assert_eq!((&answer["accepted"], &answer["refused_count"]), (&json!(5), &json!(0)), "{answer}");
    let read = &answer["read"];
    assert_eq!(
        (&read["format"], &read["replaced"], &read["skipped"]),
        (&json!("jsonl"), &json!(1), &json!(2))
    );
    assert_eq!(read["skipped_by"], json!({"not_published": 1, "deletion": 1}), "{read}");
    assert_eq!(found(&server, "등대").len(), 4);
    for (id, title) in [("bk-1", "등대 첫째"), ("own", "등대 둘째 고침"), ("7", "등대 셋째")] {
        assert_eq!(server.json(&format!("/api/articles/{id}"))["title"], title);
    }

    // An id belongs to the next line, also where many others are written between the two.
    let many: String = (0..600)
        .flat_map(|number| {
            [json!({"index": {"_id": format!("m-{number}")}}), json!({"title": format!("방파제 {number}")})]
        })
        .map(|line| format!("{line}\n"))
        .collect();
    assert_eq!(bulk(&server, many).json()["accepted"], 600);
    for number in [0, 127, 128, 255, 599] {
        assert_eq!(server.json(&format!("/api/articles/m-{number}"))["title"], format!("방파제 {number}"));
    }
    // Nothing but drafts: nothing is written, and it is said.
    let drafts = bulk(&server, json!({"title": "등대 초고", "is_draft": true}).to_string()).json();
    assert_eq!((&drafts["accepted"], &drafts["sequence"]), (&json!(0), &json!(null)), "{drafts}");
    assert_eq!(drafts["read"]["skipped_by"], json!({"not_published": 1}), "{drafts}");
    // One alone has no report: it is refused, and what was there stays.
    put(&server, "bk-1", &json!({"title": "등대 첫째"}));
    let draft = put(&server, "bk-1", &json!({"title": "등대 초고", "status": "draft"}));
    assert_eq!((draft.status, &draft.json()["reason"]), (400, &json!("not_published")), "{}", draft.text);
    assert_eq!(server.json("/api/articles/bk-1")["title"], "등대 첫째");
}

#[test]
fn a_bulk_takes_what_is_an_article_and_lists_the_rest() {
    let server = TestServer::start(&articles());
    let lines = [
        json!({"id": "n1", "title": "첫째 소식"}).to_string(),
        "{\"title\": ".to_owned(),
        String::new(),
        json!({"title": "둘째 소식", "url": "https://news.example/2"}).to_string(),
        json!({"title": "", "body": " "}).to_string(),
        json!({"id": "n1", "title": "첫째 소식 고침"}).to_string(),
        json!({"id": 3, "body": 5, "title": "x"}).to_string(),
    ];
    let answer = bulk(&server, lines.join("\n"));
    assert_eq!(answer.status, 200, "{}", answer.text);
    let answer = answer.json();
    assert_eq!(
        (&answer["accepted"], &answer["refused_count"], &answer["sequence"]),
        (&json!(3), &json!(3), &json!(3))
    );
    let refused: Vec<_> = answer["refused"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| (line["line"].clone(), line["code"].clone()))
        .collect();
    assert_eq!(
        refused,
        [(json!(2), json!("bad_json")), (json!(5), json!("empty_article")), (json!(7), json!("bad_field"))]
    );
    // The keys of what was accepted, as a reindex reports those of a file.
    let read = &answer["read"];
    assert_eq!(read["fields"], json!({"id": "id", "title": "title", "url": "url"}), "{read}");
    assert_eq!(read["without"], json!({"body": 3, "date": 3, "outlet": 3}), "{read}");
    assert_eq!((&read["unread"], &read["unused"]), (&json!({}), &json!([])), "{read}");
    assert_eq!(found(&server, "소식").len(), 2);
    assert_eq!(server.json("/api/articles/n1")["title"], "첫째 소식 고침");

    assert_eq!(
        (&read["format"], &read["replaced"], &read["skipped"]),
        (&json!("jsonl"), &json!(1), &json!(0))
    );

    // Korean names, what is not a date, and a key that nothing reads.
    let odd =
        json!({"기사제목": "셋째", "내용": "본문이다.", "일자": "어제쯤", "부서": "사회부"}).to_string();
    let read = bulk(&server, odd).json()["read"].clone();
    assert_eq!(read["fields"], json!({"title": "기사제목", "body": "내용"}), "{read}");
    assert_eq!((&read["unread"], &read["unused"]), (&json!({"published_at": 1}), &json!(["부서"])), "{read}");

    // The same again: the same articles.
    bulk(&server, lines.join("\n"));
    assert_eq!(found(&server, "소식").len(), 2);

    // Thousands, and all are there.
    let many: String = (0..3000)
        .map(|number| {
            format!("{}\n", json!({"id": format!("m{number}"), "title": format!("대량 기사 {number}")}))
        })
        .collect();
    assert_eq!(bulk(&server, many).json()["accepted"], 3000);
    assert_eq!(server.search(&[("q", "대량 기사")])["total"], 3000);
    assert_eq!(found(&server, "2999"), ["m2999"]);
}

#[test]
fn what_is_no_article_is_refused_with_the_reason() {
    let server = TestServer::start(&articles());
    let send = |body: &str| {
        server.send(server.request("PUT", "/api/articles/x").bearer_auth(TOKEN).body(body.to_owned()))
    };
    for (body, reason, says) in [
        ("{", "bad_json", "not valid JSON"),
        ("[]", "bad_json", "not a JSON object"),
        ("{\"title\": \" \"}", "empty_article", "neither"),
        ("{\"title\": true}", "bad_field", "title"),
        ("{\"id\": \"y\", \"title\": \"제목\"}", "bad_id", "\"x\""),
    ] {
        let problem = send(body).problem(400, "bad_article");
        assert_eq!(problem["reason"], reason, "{problem}");
        assert!(problem["detail"].as_str().unwrap().contains(says), "{problem}");
    }
    server.admin("PUT", "/api/articles/%0A").problem(400, "bad_article");
    server.send(server.request("PUT", "/api/articles/x").body("{}")).problem(401, "unauthorized");
    server.send(server.request("POST", "/api/articles").body("{}")).problem(401, "unauthorized");
    server.send(server.request("DELETE", "/api/articles/x")).problem(401, "unauthorized");
    server.admin("POST", "/api/articles").problem(415, "unsupported_media_type");
    server.admin("DELETE", "/api/articles/x?refesh=true").problem(400, "unknown_parameter");
    assert_eq!(server.json("/ready")["writes"]["durable"], 0);
}

#[test]
fn a_reprint_that_arrives_joins_its_group_and_a_deleted_one_leaves_it() {
    let story = "한강 다리 보수 공사가 다음 달 시작된다. 시는 밤에만 차로를 막고 공사를 벌여 출퇴근길 정체를 줄이겠다고 밝혔다. 공사비는 320억 원이며 이듬해 봄에 끝난다. \
                 주민 설명회는 이번 주 금요일 구청 대강당에서 열리고 누구나 올 수 있다. 시는 공사 구간과 우회로를 누리집에 올렸다.";
    let copy = |outlet: &str, hour: u32| json!({"title": "한강 다리 보수 공사 내달 시작", "outlet": outlet, "body": story, "published_at": format!("2024-03-02T{hour:02}:00:00+09:00")});
    let mut first = copy("새벽신문", 9);
    first["id"] = json!("r-1");
    let server = TestServer::start(&[articles(), vec![first]].concat());
    let folded = |server: &TestServer| {
        let answer = server.search(&[("q", "한강 다리"), ("group", "similar")]);
        (answer["total"].clone(), answer["hits"][0]["id"].clone(), answer["hits"][0]["similar_count"].clone())
    };
    assert_eq!(folded(&server), (json!(1), json!("r-1"), json!(0)));
    put(&server, "r-2", &copy("한낮경제", 10));
    assert_eq!(folded(&server), (json!(1), json!("r-1"), json!(1)));
    put(&server, "r-0", &copy("저녁방송", 8));
    assert_eq!(folded(&server), (json!(1), json!("r-0"), json!(2)), "the first published stands for all");
    let live = folded(&server);
    let server = server.restart();
    assert_eq!(folded(&server), live, "a restart finds the same groups");
    server.admin("DELETE", "/api/articles/r-1?refresh=true");
    assert_eq!(folded(&server), (json!(1), json!("r-0"), json!(1)));
    let job = server.admin("POST", "/api/admin/reindex").json();
    assert_eq!(server.wait_for(job["job"]["id"].as_str().unwrap()).error, None);
    assert_eq!(folded(&server), (json!(1), json!("r-0"), json!(1)), "a reindex too");
    put(&server, "r-2", &json!({"title": "전혀 다른 기사", "body": "다리 이야기가 아니다."}));
    assert_eq!(folded(&server), (json!(1), json!("r-0"), json!(0)));
}

#[test]
fn a_second_process_ends_at_once_and_says_why() {
    let server = TestServer::start(&articles());
    let error = Service::open(server.newsroom.config(|_| {}), Access::Write).err().unwrap().to_string();
    assert!(error.contains("another gisa process"), "{error}");
    let other = Newsroom::new(&[]);
    let config = other.config(|file| file.data_dir = server.newsroom.path().join("data"));
    let error = Service::open(config, Access::Write).err().unwrap().to_string();
    assert!(error.contains("another gisa process"), "one journal, two index folders: {error}");
}
