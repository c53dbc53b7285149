//! `gisa forget`: nothing of an article is left on disk, and what cannot be rewritten is named.

use std::fs;
use std::path::{Path, PathBuf};

use crate::newsroom::{Newsroom, TOKEN, articles, lines};
use crate::program::{Process, run};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

/// A word that only the article has.
const WORD: &str = "잊혀질낱말";

fn secret(body: &str) -> Value {
    json!({"id": "잊을/1", "title": format!("{WORD} 사건"), "body": format!("{WORD} {body}"), "outlet": "새벽신문"})
}

/// Files below a folder whose bytes, unpacked, hold the word; what tantivy packs is found by a search instead.
fn holding(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(holding(&path));
            continue;
        }
        let mut bytes = fs::read(&path).unwrap();
        if bytes.starts_with(&[0x1F, 0x8B]) {
            let mut unpacked = Vec::new();
            std::io::Read::read_to_end(&mut flate2::read::MultiGzDecoder::new(&*bytes), &mut unpacked)
                .unwrap();
            bytes = unpacked;
        } else if bytes.starts_with(&[0x28, 0xB5, 0x2F, 0xFD]) {
            bytes = zstd::decode_all(&*bytes).unwrap();
        }
        if bytes.windows(WORD.len()).any(|part| part == WORD.as_bytes()) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A newsroom with the article in two files, one of them packed, pushed twice, and indexed again since.
fn newsroom() -> Newsroom {
    let newsroom = Newsroom::configured("");
    let mut own = articles();
    own.insert(2, secret("처음"));
    newsroom.write("first.jsonl", &lines(&own));
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    std::io::Write::write_all(
        &mut packed,
        lines(&[secret("꾸러미"), json!({"id": "남을/1", "title": "남을 기사"})]).as_bytes(),
    )
    .unwrap();
    fs::write(newsroom.articles_dir().join("more.jsonl.gz"), packed.finish().unwrap()).unwrap();
    let mut process = Process::start(newsroom.path(), None);
    process.wait_until_ready().unwrap();
    let put = |body: &str| {
        let url = process.url("/api/articles/%EC%9E%8A%EC%9D%84%2F1?refresh=true");
        let answer = process.client.put(url).bearer_auth(TOKEN).json(&secret(body)).send().unwrap();
        assert!(answer.status().is_success());
    };
    put("둘째");
    put("셋째");
    let reindex =
        process.client.post(process.url("/api/admin/reindex?follow=true")).bearer_auth(TOKEN).send().unwrap();
    assert!(reindex.text().unwrap().contains("succeeded"));
    // While it runs nothing can be forgotten.
    let refused = run(newsroom.path(), &["forget", "잊을/1"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("another"), "{}", text(&refused.stderr));
    assert!(process.terminate().0.success());
    newsroom
}

#[test]
fn nothing_is_left_of_a_forgotten_article() {
    let newsroom = newsroom();
    let backup = newsroom.path().join("backups/monday");
    fs::create_dir_all(newsroom.path().join("backups")).unwrap();
    assert!(run(newsroom.path(), &["backup", backup.to_str().unwrap()]).status.success());
    let held = holding(&newsroom.path().join("data"));
    assert!(
        held.iter().any(|path| path.starts_with(newsroom.articles_dir().join("pushed/versions"))),
        "{held:?}"
    );
    assert_eq!(held.len(), 4, "two files, the journal, earlier texts: {held:?}");

    let refused = run(newsroom.path(), &["forget", "잊을/1", "--backups", "nowhere"]);
    assert!(text(&refused.stderr).contains("nothing was changed"), "{}", text(&refused.stderr));
    let backups = newsroom.path().join("backups");
    let forget = || run(newsroom.path(), &["forget", "잊을/1", "--backups", backups.to_str().unwrap()]);
    let done = forget();
    let said = text(&done.stdout);
    assert_eq!(done.status.code(), Some(1), "a backup still holds it: {said}{}", text(&done.stderr));
    for part in ["rewritten  first.jsonl", "rewritten  more.jsonl.gz", "2 entries", "backups/monday"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert_eq!(holding(&newsroom.path().join("data")), [PathBuf::new(); 0]);
    assert_eq!(holding(&newsroom.index_dir()), [PathBuf::new(); 0]);
    let generations = fs::read_dir(newsroom.index_dir()).unwrap();
    let is_generation = |name: &str| name.starts_with("generation-");
    let left =
        generations.filter(|entry| is_generation(&entry.as_ref().unwrap().file_name().to_string_lossy()));
    assert_eq!(left.count(), 1, "former generations are gone");
    assert_eq!(fs::read_to_string(newsroom.articles_dir().join("first.jsonl")).unwrap(), lines(&articles()));

    // Once the backup is gone as well it is complete; a second time changes nothing.
    fs::remove_dir_all(&backup).unwrap();
    let done = forget();
    assert!(done.status.success() && text(&done.stdout).contains(" 0 entries"), "{}", text(&done.stdout));
    let mut process = Process::start(newsroom.path(), None);
    let ready = process.wait_until_ready().unwrap();
    assert_eq!((&ready["articles"], &ready["journal_damage"]), (&json!(articles().len() + 1), &json!([])));
    let status = |path: &str| process.client.get(process.url(path)).send().unwrap().status().as_u16();
    assert_eq!(status("/api/articles/%EC%9E%8A%EC%9D%84%2F1"), 404);
    assert_eq!(status("/api/articles/%EB%82%A8%EC%9D%84%2F1"), 200, "its neighbour in the file is there");
}

#[test]
fn what_cannot_be_rewritten_is_named_and_stays_hidden() {
    let newsroom = Newsroom::configured("");
    let table = format!("id,title,body\n잊을/1,{WORD} 사건,{WORD} 본문이다.\n남을/1,남을 기사,본문이다.\n");
    newsroom.write("table.csv", &table);
    let done = run(newsroom.path(), &["forget", "잊을/1"]);
    let said = text(&done.stdout);
    assert_eq!(done.status.code(), Some(1), "{said}{}", text(&done.stderr));
    assert!(said.contains("LEFT       table.csv") && said.contains("remove the file"), "{said}");
    assert!(said.contains("--backups"), "{said}");
    assert_eq!(fs::read_to_string(newsroom.articles_dir().join("table.csv")).unwrap(), table);
    let found = text(&run(newsroom.path(), &["search", WORD]).stdout);
    assert!(!found.contains(WORD), "{found}");
}
