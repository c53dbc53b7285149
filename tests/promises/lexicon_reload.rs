//! An editor changes the lexicon while the server runs: queries follow at once, the index with the next reindex.

use std::fs;

use crate::alone::is_alone;
use crate::newsroom::{self, Newsroom, TestServer, articles};
use gisa::index::Progress;
use gisa::service::{Access, JobState, Service};
use serde_json::{Value, json};

const RELOAD: &str = "/api/admin/lexicon/reload";

/// A newsroom with a lexicon folder of its own, and what stands in some of its files.
fn newsroom(more: &[Value], files: &[(&str, &str)]) -> Newsroom {
    let newsroom = Newsroom::new(&[articles(), more.to_vec()].concat());
    fs::create_dir_all(newsroom.path().join("data/lexicon")).unwrap();
    for (name, content) in files {
        write(&newsroom, name, content);
    }
    newsroom
}

fn write(newsroom: &Newsroom, name: &str, content: &str) {
    fs::write(newsroom.path().join("data/lexicon").join(name), content).unwrap();
}

fn reload(server: &TestServer) -> Value {
    let answer = server.admin("POST", RELOAD);
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

fn file<'a>(answer: &'a Value, name: &str) -> &'a Value {
    answer["files"].as_array().unwrap().iter().find(|file| file["file"] == name).unwrap()
}

fn total(server: &TestServer, query: &str) -> Value {
    server.search(&[("q", query), ("match", "all")])["total"].clone()
}

/// Morpheme tokens of a text.
fn morphemes(server: &TestServer, text: &str, lexicon: &str) -> Vec<String> {
    let request = server.request("POST", "/api/analyze").json(&json!({"text": text, "lexicon": lexicon}));
    let answer = server.send(request).json();
    let tokens = answer["tokens"].as_array().unwrap().iter().filter(|token| token["lane"] == "morpheme");
    tokens.map(|token| token["text"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_synonym_finds_at_once_and_no_longer_when_its_line_is_gone() {
    let server = TestServer::start_with(newsroom(&[], &[("synonyms.txt", "# 비어 있다\n")]), |_| {});
    assert_eq!(total(&server, "두바퀴차"), 0);
    assert_eq!(reload(&server)["files"][1]["changed"], false, "nothing has changed yet");

    write(&server.newsroom, "synonyms.txt", "# 비어 있지 않다\n자전거, 두바퀴차   # 새말\n");
    assert_eq!(total(&server, "두바퀴차"), 0, "before the reload");
    let answer = reload(&server);
    let changed = file(&answer, "synonyms.txt");
    assert_eq!(
        (&changed["changed"], &changed["added"], &changed["added_count"], &changed["takes_effect"]),
        (&json!(true), &json!(["자전거, 두바퀴차"]), &json!(1), &json!("now"))
    );
    assert_eq!((&answer["reindex_due"], &answer["reason"]), (&json!(false), &Value::Null));
    assert_eq!(file(&answer, "words.txt")["changed"], false);
    assert_eq!(total(&server, "두바퀴차"), 3);
    assert_eq!(server.json("/ready")["out_of_date"], Value::Null);

    write(&server.newsroom, "synonyms.txt", "");
    let answer = reload(&server);
    assert_eq!(file(&answer, "synonyms.txt")["removed"], json!(["자전거, 두바퀴차"]));
    assert_eq!(total(&server, "두바퀴차"), 0);
}

#[test]
fn a_word_waits_for_the_reindex_and_health_says_so() {
    // A gauge is that of whichever server of the process was asked last.
    if !is_alone("lexicon_reload::a_word_waits_for_the_reindex_and_health_says_so") {
        return;
    }
    let more = [json!({"id": "d-1", "title": "온누리돌 결성", "body": "온누리돌이 새 노래를 냈다."})];
    let server = TestServer::start_with(newsroom(&more, &[("words.txt", "")]), |_| {});
    let before = morphemes(&server, "온누리돌이", "serving");
    assert!(!before.contains(&"온누리돌이".to_owned()));
    assert_eq!(total(&server, "온누리돌"), 1);

    write(&server.newsroom, "words.txt", "온누리돌  other\n");
    let answer = reload(&server);
    assert_eq!(file(&answer, "words.txt")["takes_effect"], "reindex");
    assert_eq!(answer["reindex_due"], true, "{answer}");
    let reason = answer["reason"].as_str().unwrap();
    assert!(reason.contains("lexicon"), "{reason}");
    assert_eq!(server.json("/ready")["out_of_date"], reason);
    let version = server.json("/version");
    assert_eq!(version["index"]["out_of_date"], reason);
    assert_ne!(version["index"]["lexicon"], version["lexicon"]);
    assert!(server.get("/metrics").text.contains("index_out_of_date 1"));

    // Queries are still cut as the index was; the analysis shows both.
    assert_eq!(morphemes(&server, "온누리돌이", "serving"), before);
    assert_eq!(morphemes(&server, "온누리돌이", "loaded"), ["온누리돌"]);
    assert_eq!(total(&server, "온누리돌"), 1);

    let id = server.admin("POST", "/api/admin/reindex").json()["job"]["id"].as_str().unwrap().to_owned();
    assert_eq!(server.wait_for(&id).state, JobState::Succeeded);
    assert_eq!(server.json("/ready")["out_of_date"], Value::Null);
    let version = server.json("/version");
    assert_eq!(version["index"]["lexicon"], version["lexicon"]);
    assert_eq!(morphemes(&server, "온누리돌이", "serving"), ["온누리돌"]);
    assert_eq!(total(&server, "온누리돌"), 1);
    assert_eq!(reload(&server)["reindex_due"], false);
}

#[test]
fn a_change_that_is_taken_back_needs_no_reindex() {
    let server = TestServer::start_with(newsroom(&[], &[("words.txt", "온누리돌 other\n")]), |_| {});
    write(&server.newsroom, "words.txt", "");
    assert_eq!(reload(&server)["reindex_due"], true);
    write(&server.newsroom, "words.txt", "# 되돌린다\n온누리돌 other\n");
    assert_eq!(reload(&server)["reindex_due"], false);
    assert_eq!(server.json("/ready")["out_of_date"], Value::Null);
}

#[test]
fn a_line_that_is_not_understood_is_named_and_the_rest_counts() {
    let server = TestServer::start_with(newsroom(&[], &[]), |_| {});
    write(&server.newsroom, "synonyms.txt", "자전거, 두바퀴차\n\n홀로\n");
    let answer = reload(&server);
    let warnings = answer["warnings"].as_array().unwrap();
    assert_eq!(warnings.len(), 1, "{answer}");
    assert_eq!((&warnings[0]["file"], &warnings[0]["line"]), (&json!("synonyms.txt"), &json!(3)));
    assert!(warnings[0]["message"].as_str().unwrap().contains("comma"), "{answer}");
    assert_eq!(total(&server, "두바퀴차"), 3);
    assert_eq!(file(&answer, "synonyms.txt")["added_count"], 2);
    assert!(file(&answer, "synonyms.txt")["removed_count"].as_u64().unwrap() > 100);
    assert_eq!(file(&answer, "synonyms.txt")["removed"].as_array().unwrap().len(), 100);
}

#[test]
fn a_file_that_cannot_be_read_changes_nothing() {
    let server = TestServer::start_with(newsroom(&[], &[("synonyms.txt", "자전거, 두바퀴차\n")]), |_| {});
    write(&server.newsroom, "synonyms.txt", "도로, 찻길\n");
    // A folder in a file's place: not even root can read it.
    fs::create_dir(server.newsroom.path().join("data/lexicon/words.txt")).unwrap();
    let problem = server.admin("POST", RELOAD).problem(500, "lexicon_unreadable");
    assert!(problem["detail"].as_str().unwrap().contains("words.txt"), "{problem}");
    assert_eq!(total(&server, "두바퀴차"), 3, "the old line still finds");
    assert_eq!(total(&server, "찻길"), 0);
    fs::remove_dir(server.newsroom.path().join("data/lexicon/words.txt")).unwrap();
    reload(&server);
    assert_eq!((total(&server, "두바퀴차"), total(&server, "찻길")), (json!(0), json!(2)));
}

#[test]
fn it_needs_the_token() {
    let server = TestServer::start_with(newsroom(&[], &[]), |_| {});
    server.send(server.request("POST", RELOAD)).problem(401, "unauthorized");
    server.admin("POST", &format!("{RELOAD}?file=words.txt")).problem(400, "unknown_parameter");
    server.admin("GET", RELOAD).problem(405, "method_not_allowed");
}

#[test]
fn an_outlet_is_filtered_by_its_new_name_and_none_is_lost() {
    let server = TestServer::start_with(newsroom(&[], &[("outlets.txt", "")]), |_| {});
    let by_outlet = |name: &str| server.search(&[("outlet", name)])["total"].clone();
    assert_eq!((by_outlet("새벽신문"), by_outlet("한낮경제")), (json!(2), json!(2)));
    // The two are one outlet now; the index still holds both names.
    write(&server.newsroom, "outlets.txt", "새벽신문 = 새벽일간, 한낮경제\n");
    let answer = reload(&server);
    assert_eq!(file(&answer, "outlets.txt")["takes_effect"], "now_and_reindex");
    assert_eq!(answer["reindex_due"], true);
    assert_eq!(by_outlet("새벽일간"), 2, "the new name finds at once");
    assert_eq!(by_outlet("한낮경제"), 4, "what is stored under the alias is not lost");
    assert_eq!(server.search(&[("q", "언론사:한낮경제")])["total"], 4);
}

#[test]
fn a_group_of_outlets_is_in_force_at_once() {
    let server =
        TestServer::start_with(newsroom(&[], &[("outlet-groups.txt", "경제지 = 한낮경제\n")]), |_| {});
    let by_group = |name: &str| server.search(&[("outlet_group", name), ("facets", "outlet_group")]);
    let before = by_group("경제지")["total"].as_u64().unwrap();
    assert!(before > 0);
    assert_eq!(total(&server, "언론사:@조간"), 0, "there is no such group yet");
    assert_eq!(by_group("조간")["total"], 0);
    write(&server.newsroom, "outlet-groups.txt", "조간 = 새벽신문\n경제지 = 한낮경제, 새벽신문\n");
    let answer = reload(&server);
    assert_eq!(file(&answer, "outlet-groups.txt")["takes_effect"], "now");
    assert_eq!(answer["reindex_due"], false);
    let warnings = answer["warnings"].as_array().unwrap();
    assert!(
        warnings.iter().any(|warning| warning["file"] == "outlet-groups.txt" && warning["line"] == 2),
        "{answer}"
    );
    let found = by_group("조간");
    assert_eq!(found["total"], server.search(&[("outlet", "새벽신문")])["total"]);
    assert_eq!(
        found["facets"]["outlet_group"].as_array().unwrap().len(),
        2,
        "a filter does not shrink its own facet"
    );
    assert_eq!(by_group("경제지")["total"], before);
    assert_eq!(
        total(&server, "-언론사:@조간 -언론사:@경제지"),
        total(&server, "-언론사:새벽신문 -언론사:한낮경제")
    );
}

#[test]
fn hanja_words_are_found_at_once() {
    let more = [json!({"id": "d-1", "title": "鯨 떼 나타나", "body": "바다에서."})];
    let server = TestServer::start_with(newsroom(&more, &[("hanja.txt", "鯨 | 경 |\n")]), |_| {});
    assert_eq!(total(&server, "고래"), 0);
    write(&server.newsroom, "hanja.txt", "鯨 | 경 | 고래\n");
    let answer = reload(&server);
    assert_eq!(
        (&file(&answer, "hanja.txt")["takes_effect"], &answer["reindex_due"]),
        (&json!("now"), &json!(false))
    );
    assert_eq!(total(&server, "고래"), 1);
    write(&server.newsroom, "hanja.txt", "鯨 | 고 | 고래\n");
    let answer = reload(&server);
    assert_eq!(
        (&file(&answer, "hanja.txt")["takes_effect"], &answer["reindex_due"]),
        (&json!("now_and_reindex"), &json!(true))
    );
}

/// The reindex has loaded its lexicon when it reports the first bytes; what is reloaded from then on is newer.
#[test]
fn a_reload_while_a_reindex_runs_outlives_it() {
    let body = "시의회가 자전거 도로를 넓히는 예산을 통과시켰다. 공사는 가을에 시작된다. ".repeat(12);
    let many: Vec<Value> = (0..20_000)
        .map(|number| json!({"id": format!("m-{number}"), "title": "예산", "body": format!("{number} {body}")}))
        .collect();
    let newsroom = newsroom(&[], &[("synonyms.txt", ""), ("words.txt", "")]);
    let service = Service::open(newsroom.config(|_| {}), Access::Write).unwrap();
    service.reindex(&Progress::default()).unwrap();
    let server = TestServer::serve(newsroom, service);
    server.newsroom.write("many.jsonl", &newsroom::lines(&many));

    let job = server.service.start_reindex(false).unwrap();
    while server.service.jobs().get(&job.id).unwrap().articles_read == 0 {
        std::thread::yield_now();
    }
    write(&server.newsroom, "synonyms.txt", "자전거, 두바퀴차\n");
    write(&server.newsroom, "words.txt", "온누리돌 other\n");
    let answer = reload(&server);
    assert_eq!(server.service.jobs().running().map(|job| job.id), Some(job.id.clone()), "it still runs");
    assert_eq!(answer["reindex_due"], true);
    assert_eq!(total(&server, "두바퀴차"), 3, "the old index has the new synonym");

    assert_eq!(server.wait_for(&job.id).state, JobState::Succeeded);
    assert_eq!(total(&server, "두바퀴차"), 20_003, "and so has the new one");
    let ready = server.json("/ready");
    assert_eq!(ready["articles"], 20_005);
    assert!(ready["out_of_date"].as_str().unwrap().contains("lexicon"), "its words are older: {ready}");
    assert_ne!(morphemes(&server, "온누리돌이", "serving"), ["온누리돌"]);
    assert_eq!(morphemes(&server, "온누리돌이", "loaded"), ["온누리돌"]);
}
