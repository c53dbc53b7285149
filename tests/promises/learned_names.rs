//! What the articles teach is learned at a reindex, can be forbidden line by line, and can be switched off.

use std::fs;
use std::process::Command;

use gisa::index::Progress;
use gisa::service::{Access, Service};
use serde_json::{Value, json};

use crate::newsroom::{Newsroom, TOKEN, TestServer, with_query};

const STORIES: [&str; 3] = [
    "가람시는 12일 한내수자원공단(HNW) 이전 계획을 처음으로 내놓았다. 주민 설명회는 다음 달에 열린다.",
    "올해 상반기 한내수자원공단(HNW) 예산이 크게 늘어난 것으로 나타났다. 시의회가 자료를 요구했다.",
    "전문가들이 한내수자원공단(HNW) 개편안을 두고 밤늦게까지 토론했다. 결론은 나지 않았다.",
];
const RELOAD: &str = "/api/admin/lexicon/reload";

fn article(id: &str, outlet: &str, body: &str) -> Value {
    json!({"id": id, "outlet": outlet, "title": format!("{id} 이야기"), "body": body})
}

/// Articles that teach one pair, and one with each name alone.
fn articles() -> Vec<Value> {
    vec![
        article("가-1", "새벽신문", STORIES[0]),
        article("가-2", "한낮경제", STORIES[1]),
        article("가-3", "저녁방송", STORIES[2]),
        article("긴", "새벽신문", "한내수자원공단 채용이 시작됐다."),
        article("짧은", "한낮경제", "HNW 채용이 시작됐다."),
    ]
}

fn total(server: &TestServer, query: &str) -> u64 {
    server.search(&[("q", query), ("match", "all")])["total"].as_u64().unwrap()
}

fn learned(server: &TestServer) -> u64 {
    server.json("/api/lexicon/learned")["total"].as_u64().unwrap()
}

fn put(server: &TestServer, article: &Value) {
    let path = format!("/api/articles/{}?refresh=true", article["id"].as_str().unwrap());
    let answer = server.send(server.request("PUT", &path).bearer_auth(TOKEN).json(article));
    assert!(answer.status < 300, "{}", answer.text);
}

#[test]
fn a_line_forbids_a_pair_from_the_reload_on() {
    let newsroom = Newsroom::new(&articles());
    let lexicon = newsroom.path().join("data/lexicon");
    fs::create_dir_all(&lexicon).unwrap();
    let server = TestServer::start_with(newsroom, |_| {});
    assert_eq!((total(&server, "HNW"), total(&server, "한내수자원공단")), (5, 5));

    fs::write(lexicon.join("not-synonyms.txt"), "한내 수자원공단, hnw\n홀로\n").unwrap();
    assert_eq!(total(&server, "HNW"), 5, "before the reload");
    let answer = server.admin("POST", RELOAD).json();
    let files = answer["files"].as_array().unwrap();
    let file = files.iter().find(|file| file["file"] == "not-synonyms.txt").unwrap();
    assert_eq!((&file["changed"], &file["takes_effect"]), (&json!(true), &json!("now")));
    assert_eq!(answer["reindex_due"], false);
    let warnings = answer["warnings"].as_array().unwrap();
    assert!(warnings.iter().any(|one| one["file"] == "not-synonyms.txt" && one["line"] == 2), "{warnings:?}");
    assert_eq!((total(&server, "HNW"), total(&server, "한내수자원공단")), (4, 4));
    assert_eq!(server.json("/api/lexicon/learned")["pairs"][0]["forbidden"], true);
    assert_eq!(server.json(&with_query("/api/analyze", &[("text", "HNW")]))["variants"], json!([]));

    fs::remove_file(lexicon.join("not-synonyms.txt")).unwrap();
    server.admin("POST", RELOAD);
    assert_eq!((total(&server, "HNW"), total(&server, "한내수자원공단")), (5, 5));
}

#[test]
fn one_setting_switches_all() {
    let server = TestServer::start_with(Newsroom::new(&articles()), |file| file.lexicon.learn = false);
    assert_eq!((total(&server, "HNW"), learned(&server)), (4, 0));
    assert_eq!(server.json("/api/lexicon/learned")["learn"], false);

    // Switched on again: the next reindex learns.
    let newsroom = server.into_newsroom();
    let service = Service::open(newsroom.config(|_| {}), Access::Write).unwrap();
    service.reindex(&Progress::default()).unwrap();
    let server = TestServer::serve(newsroom, service);
    assert_eq!((total(&server, "HNW"), learned(&server)), (5, 1));

    // Switched off after a restart, with what was learned still in the index.
    let newsroom = server.into_newsroom();
    let server = TestServer::start_with(newsroom, |file| file.lexicon.learn = false);
    assert_eq!((total(&server, "HNW"), learned(&server)), (4, 1));
    server.admin("POST", RELOAD);
    assert_eq!(total(&server, "HNW"), 4, "after a reload too");
}

#[test]
fn what_is_pushed_teaches_with_the_next_reindex() {
    let server = TestServer::start(&articles()[2..]);
    assert_eq!((total(&server, "HNW"), learned(&server)), (2, 0));
    for article in &articles()[..2] {
        put(&server, article);
    }
    assert_eq!((total(&server, "HNW"), learned(&server)), (4, 0));
    server.service.reindex(&Progress::default()).unwrap();
    assert_eq!((total(&server, "HNW"), learned(&server)), (5, 1));

    // What is pushed later is found by both names at once, and what is deleted teaches no more.
    put(&server, &article("나-1", "저녁방송", "한내수자원공단 노조가 밝혔다."));
    assert_eq!(total(&server, "HNW"), 6);
    assert_eq!(server.admin("DELETE", "/api/articles/가-1?refresh=true").status, 200);
    server.service.reindex(&Progress::default()).unwrap();
    assert_eq!((total(&server, "HNW"), learned(&server)), (3, 0));
}

#[test]
fn reprints_of_one_story_teach_nothing() {
    let long = format!(
        "{} {} {}",
        STORIES[0], "주민들은 반겼다. 시장은 말을 아꼈다.", "공사는 가을에 끝난다. 도로도 넓어진다."
    );
    let outlets = ["새벽신문", "한낮경제", "저녁방송", "물결통신"];
    let reprints: Vec<Value> = outlets
        .iter()
        .enumerate()
        .map(|(number, outlet)| article(&format!("전재-{number}"), outlet, &long))
        .collect();
    let server = TestServer::start(&reprints);
    assert_eq!(learned(&server), 0);
}

#[test]
fn an_index_of_before_serves_on_without_and_damage_is_noticed() {
    let newsroom = Newsroom::new(&articles());
    let service = Service::open(newsroom.config(|_| {}), Access::Write).unwrap();
    service.reindex(&Progress::default()).unwrap();
    let serving = service.serving().unwrap();
    serving.generation().unwrap().verify().unwrap();
    let folder = serving.generation().unwrap().path().to_owned();
    let file = folder.join("learned.zst");
    let sound = fs::read(&file).unwrap();
    let mut bytes = sound.clone();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&file, &bytes).unwrap();
    let error = serving.generation().unwrap().verify().unwrap_err().to_string();
    assert!(error.contains("learned.zst"), "{error}");
    fs::write(newsroom.path().join("config.toml"), "data_dir = \"data\"\nindex_dir = \"index\"\n").unwrap();
    let config = newsroom.path().join("config.toml");
    let check =
        Command::new(env!("CARGO_BIN_EXE_gisa")).arg("--config").arg(&config).arg("check").output().unwrap();
    let said = String::from_utf8_lossy(&check.stdout);
    assert!(!check.status.success() && said.contains("DAMAGED") && said.contains("learned.zst"), "{said}");
    drop((serving, service));

    // As a release without learned names left it: no file, and a commit that does not name one.
    fs::remove_file(&file).unwrap();
    let meta = fs::read_to_string(folder.join("meta.json")).unwrap();
    let without = meta.replace(",\\\"learned\\\":true", "");
    assert_ne!(meta, without, "{meta}");
    fs::write(folder.join("meta.json"), without).unwrap();
    let server = TestServer::start_with(newsroom, |_| {});
    assert_eq!((total(&server, "HNW"), learned(&server)), (4, 0));
    put(&server, &article("나-1", "저녁방송", "HNW 노조가 밝혔다."));
    assert_eq!(total(&server, "HNW"), 5);
}
