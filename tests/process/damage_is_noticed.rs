//! Damage on disk is noticed, reported and never served as truth: each file of a generation flipped, cut and deleted; the
//! journal flipped and cut; disks that are full or read-only; too few file handles.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::newsroom::{self, Newsroom, TOKEN, TestServer, articles};
use crate::program::{Process, run};
use gisa::index::{Generation, IndexFolder, Progress};
use gisa::service::{Access, ReindexOptions, Service};
use serde_json::json;

/// Files of the generation in service that hold its content.
fn files_of(folder: &IndexFolder) -> Vec<PathBuf> {
    let current = folder.current().unwrap().unwrap();
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder.path_of(&current)).unwrap().map(|entry| entry.unwrap().path()).collect();
    // tantivy's list of its files and its locks say nothing about the articles.
    files.retain(|file| {
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        !name.starts_with('.') && !name.ends_with(".lock")
    });
    files.sort();
    files
}

#[test]
fn each_damaged_file_of_a_generation_is_noticed_and_the_one_before_steps_in() {
    let server = TestServer::start(&articles());
    // Pushed articles make segments and deletions of their own.
    for id in ["n1", "n2", "n1"] {
        let article = json!({"title": format!("새 소식 {id}"), "body": "본문이다."});
        let path = format!("/api/articles/{id}?refresh=true");
        assert_eq!(server.send(server.request("PUT", &path).bearer_auth(TOKEN).json(&article)).status, 200);
    }
    let newsroom = server.into_newsroom();
    let config = newsroom.config(|_| {});
    let service = Service::open(config.clone(), Access::Write).unwrap();
    service.reindex(&Progress::default()).unwrap();
    drop(service);
    let server = TestServer::serve(newsroom, Service::open(config.clone(), Access::Write).unwrap());
    server.send(server.request("DELETE", "/api/articles/b-1?refresh=true").bearer_auth(TOKEN));
    let newsroom = server.into_newsroom();

    let folder = IndexFolder::new(newsroom.index_dir()).unwrap();
    let current = folder.current().unwrap().unwrap();
    let files = files_of(&folder);
    assert!(
        files.len() > 8 && files.iter().any(|file| file.extension().is_some_and(|end| end == "del")),
        "{files:?}"
    );
    for file in &files {
        let whole = fs::read(file).unwrap();
        let name = file.file_name().unwrap().to_str().unwrap();
        let mut flipped = whole.clone();
        flipped[whole.len() / 2] ^= 0x10;
        let cut = whole[..whole.len() / 2].to_vec();
        for (how, damaged) in [("flipped", Some(flipped)), ("cut", Some(cut)), ("deleted", None)] {
            match &damaged {
                Some(bytes) => replace(file, bytes),
                None => fs::remove_file(file).unwrap(),
            }
            let checked = Generation::open(&folder, &current).and_then(|generation| generation.verify());
            let error = checked.err().unwrap_or_else(|| panic!("{name} {how} goes unnoticed")).to_string();
            assert!(error.contains("damaged") && error.contains("gisa reindex"), "{name} {how}: {error}");

            let service = Service::open(config.clone(), Access::Write).unwrap();
            service.verify_serving().unwrap();
            let serving = service.serving().unwrap_or_else(|| panic!("{name} {how}: nothing steps in"));
            assert_ne!(serving.generation().unwrap().name(), current, "{name} {how}");
            assert!(service.damage().unwrap().contains("damaged"), "{name} {how}");
            drop(serving);
            drop(service);
            replace(file, &whole);
        }
    }
    Generation::open(&folder, &current).unwrap().verify().unwrap();
}

/// As a new file: the old one may still be mapped.
fn replace(file: &Path, bytes: &[u8]) {
    let _ = fs::remove_file(file);
    fs::write(file, bytes).unwrap();
}

#[test]
fn a_damaged_dictionary_is_unpacked_anew_and_said_until_a_reindex() {
    let newsroom = Newsroom::new(&articles());
    // Its own copy: all other tests share one.
    let shared = fs::read_dir(newsroom.index_dir()).unwrap().next().unwrap().unwrap().path();
    let resolved = fs::canonicalize(&shared).unwrap();
    fs::remove_file(&shared).unwrap();
    fs::create_dir(&shared).unwrap();
    for entry in fs::read_dir(&resolved).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), shared.join(entry.file_name())).unwrap();
    }
    let config = newsroom.config(|_| {});
    Service::open(config.clone(), Access::Write).unwrap().reindex(&Progress::default()).unwrap();
    // As many bytes as before, none of them right: nothing but the checksum can tell.
    let words = shared.join("dict.words");
    let mut damaged = fs::read(&words).unwrap();
    damaged[1_000_000..31_000_000].iter_mut().for_each(|byte| *byte ^= 0x5a);
    fs::write(&words, &damaged).unwrap();
    fs::write(newsroom.path().join("config.toml"), "listen = \"127.0.0.1:0\"\n").unwrap();
    let checked = run(newsroom.path(), &["check"]);
    let text = String::from_utf8_lossy(&checked.stdout).into_owned();
    assert!(!checked.status.success() && text.contains("dictionary  DAMAGED: dict.words"), "{text}");

    let server = TestServer::serve(newsroom, Service::open(config, Access::Write).unwrap());
    let began = std::time::Instant::now();
    let damage = loop {
        let ready = server.json("/ready");
        if let Some(damage) = ready["dictionary_damage"].as_str() {
            break damage.to_owned();
        }
        assert!(began.elapsed().as_secs() < 120, "{ready}");
        std::thread::sleep(std::time::Duration::from_millis(5));
    };
    assert!(damage.contains("dict.words") && damage.contains("unpacked anew"), "{damage}");
    assert_eq!(fs::read(&words).unwrap(), fs::read(resolved.join("dict.words")).unwrap());
    // Queries are cut by the sound one, without a restart, and so is what is pushed.
    assert_eq!(server.search(&[("q", "반도체 수출")])["total"], 1);
    let article = json!({"title": "갯벌 생태관 개관", "body": "갯벌 생태관이 문을 열었다."});
    server.send(server.request("PUT", "/api/articles/n1?refresh=true").bearer_auth(TOKEN).json(&article));
    assert_eq!(server.search(&[("q", "갯벌 생태관")])["total"], 1);
    let id = server.admin("POST", "/api/admin/reindex").json()["job"]["id"].as_str().unwrap().to_owned();
    server.wait_for(&id);
    assert_eq!(server.json("/ready")["dictionary_damage"], json!(null));
    let checked = run(server.newsroom.path(), &["check"]);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
}

#[test]
fn a_generation_that_steps_in_catches_up_with_what_was_pushed() {
    let server = TestServer::start(&articles());
    let newsroom = server.into_newsroom();
    let config = newsroom.config(|_| {});
    Service::open(config.clone(), Access::Write).unwrap().reindex(&Progress::default()).unwrap();
    let server = TestServer::serve(newsroom, Service::open(config.clone(), Access::Write).unwrap());
    let article = json!({"title": "갯벌 생태관 개관", "body": "갯벌 생태관이 문을 열었다."});
    server.send(server.request("PUT", "/api/articles/n1?refresh=true").bearer_auth(TOKEN).json(&article));
    server.send(server.request("DELETE", "/api/articles/b-1?refresh=true").bearer_auth(TOKEN));
    let newsroom = server.into_newsroom();
    let folder = IndexFolder::new(newsroom.index_dir()).unwrap();
    let current = folder.current().unwrap().unwrap();
    fs::remove_file(folder.path_of(&current).join("meta.json")).unwrap();
    let server = TestServer::serve(newsroom, Service::open(config, Access::Write).unwrap());
    server.wait_until_ready();
    let ready = server.json("/ready");
    assert!(ready["damage"].as_str().unwrap().contains(&current), "{ready}");
    assert_ne!(ready["generation"], json!(current));
    assert_eq!(server.search(&[("q", "갯벌 생태관")])["total"], 1);
    server.get("/api/articles/b-1").problem(404, "article_not_found");
}

#[test]
fn one_that_steps_in_while_serving_catches_up_too() {
    let server = TestServer::start(&articles());
    let newsroom = server.into_newsroom();
    let config = newsroom.config(|_| {});
    Service::open(config.clone(), Access::Write).unwrap().reindex(&Progress::default()).unwrap();
    let server = TestServer::serve(newsroom, Service::open(config, Access::Write).unwrap());
    let article = json!({"title": "갯벌 생태관 개관", "body": "갯벌 생태관이 문을 열었다."});
    server.send(server.request("PUT", "/api/articles/n1?refresh=true").bearer_auth(TOKEN).json(&article));
    let folder = IndexFolder::new(server.newsroom.index_dir()).unwrap();
    let current = folder.current().unwrap().unwrap();
    let file = files_of(&folder)
        .into_iter()
        .find(|file| file.extension().is_some_and(|end| end == "store"))
        .unwrap();
    // In place, as a disk does it: the file is mapped.
    let flipped = [fs::read(&file).unwrap()[0] ^ 1];
    std::io::Write::write_all(&mut fs::OpenOptions::new().write(true).open(&file).unwrap(), &flipped)
        .unwrap();
    server.service.verify_serving().unwrap();
    server.wait_until_ready();
    assert_ne!(server.json("/ready")["generation"], json!(current));
    assert_eq!(server.search(&[("q", "갯벌 생태관")])["total"], 1);
}

#[test]
fn a_damaged_journal_loses_the_damaged_line_alone_and_says_so() {
    let server = TestServer::start(&articles());
    for number in 0..5 {
        let article = json!({"title": format!("제{number}보 소식"), "body": "본문이다."});
        let path = format!("/api/articles/n{number}");
        assert_eq!(server.send(server.request("PUT", &path).bearer_auth(TOKEN).json(&article)).status, 200);
    }
    let newsroom = server.into_newsroom();
    let pushed = newsroom.articles_dir().join("pushed");
    let file = fs::read_dir(&pushed)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|end| end == "jsonl"))
        .unwrap();
    let whole = fs::read(&file).unwrap();
    let third = whole.split(|byte| *byte == b'\n').take(2).map(|line| line.len() + 1).sum::<usize>() + 60;
    let mut damaged = whole.clone();
    damaged[third] ^= 0x04;
    // Half a line at the end, too: a write that the power cut short.
    damaged.extend_from_slice(b"{\"crc\":\"00");
    fs::write(&file, &damaged).unwrap();
    fs::write(newsroom.path().join("config.toml"), "listen = \"127.0.0.1:0\"\n").unwrap();
    let checked = run(newsroom.path(), &["check"]);
    let text = String::from_utf8_lossy(&checked.stdout).into_owned();
    assert!(!checked.status.success() && text.contains("journal  DAMAGED"), "{text}");

    // What is built from it holds everything but that line, which the index in service has: so it does not serve by itself.
    let config = newsroom.config(|_| {});
    let service = Service::open(config, Access::Write).unwrap();
    let why = service.reindex(&Progress::default()).unwrap_err().to_string();
    assert!(why.contains("of 5 entries, the entries 3 to 3"), "{why}");
    let force = ReindexOptions { threads: 1, force: true };
    service.reindex_with(force, &Progress::default()).unwrap();
    service.reindex(&Progress::default()).unwrap();
    let server = TestServer::serve(newsroom, service);
    server.wait_until_ready();
    let statuses: Vec<u16> =
        (0..5).map(|number| server.get(&format!("/api/articles/n{number}")).status).collect();
    assert_eq!(statuses, [200, 200, 404, 200, 200]);
    let damage = server.json("/ready")["journal_damage"].clone();
    assert_eq!(damage.as_array().unwrap().len(), 1, "{damage}");
    // The damaged bytes are set aside, not erased.
    let aside: Vec<Vec<u8>> = fs::read_dir(pushed.join("damaged"))
        .unwrap()
        .map(|entry| fs::read(entry.unwrap().path()).unwrap())
        .collect();
    assert!(aside.iter().any(|bytes| bytes.windows(10).any(|part| part == b"{\"crc\":\"00")), "the torn end");
    let line = &damaged[third - 20..third + 20];
    assert!(aside.iter().any(|bytes| bytes.windows(40).any(|part| part == line)), "the damaged line");
    // And writing goes on.
    let article = json!({"title": "다시 쓴 소식"});
    let request = server.request("PUT", "/api/articles/n2?refresh=true").bearer_auth(TOKEN).json(&article);
    assert!(server.send(request).json()["sequence"].as_u64().unwrap() > 5, "no number is given twice");
    assert_eq!(server.get("/api/articles/n2").status, 200);
}

/// A newsroom whose data and index lie on a disk of their own, which needs root and Linux; else `None`, and it says so.
fn small_disk(megabytes: u32) -> Option<(Newsroom, Mounted)> {
    let newsroom = Newsroom::new(&articles());
    let root = newsroom.path().to_owned();
    let options = format!("size={megabytes}m");
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", &options, "gisa-test"])
        .arg(root.join("data"))
        .output();
    if !mounted.as_ref().is_ok_and(|output| output.status.success()) {
        skipped(&format!("a small disk cannot be mounted here (it needs root): {mounted:?}"));
        return None;
    }
    let mount = Mounted(root.join("data"));
    fs::create_dir_all(newsroom.articles_dir()).unwrap();
    newsroom.write("first.jsonl", &newsroom::lines(&articles()));
    fs::write(root.join("config.toml"), "listen = \"127.0.0.1:0\"\nindex_dir = \"data/index\"\n[index]\nthreads = 1\nniceness = 0\nmemory_mb = 32\nkeep_free_mb = 1\n").unwrap();
    // The dictionary is larger than the disk.
    let dictionary = fs::read_dir(newsroom.index_dir()).unwrap().next().unwrap().unwrap();
    fs::create_dir_all(root.join("data/index")).unwrap();
    std::os::unix::fs::symlink(
        fs::canonicalize(dictionary.path()).unwrap(),
        root.join("data/index").join(dictionary.file_name()),
    )
    .unwrap();
    Some((newsroom, mount))
}

/// Not by `eprintln!`, which the test harness keeps to itself when a test passes.
fn skipped(why: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "\nSKIPPED: {why}");
}

struct Mounted(PathBuf);

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

fn put(process: &Process, id: &str, article: &serde_json::Value) -> (u16, String) {
    let request =
        process.client.put(process.url(&format!("/api/articles/{id}"))).bearer_auth(TOKEN).json(article);
    let answer = request.send().unwrap();
    (answer.status().as_u16(), answer.text().unwrap())
}

fn status(process: &Process, path: &str) -> u16 {
    process.client.get(process.url(path)).send().unwrap().status().as_u16()
}

#[test]
fn a_full_disk_refuses_what_does_not_fit_and_goes_on_when_there_is_room() {
    let Some((newsroom, _mounted)) = small_disk(12) else { return };
    let mut process = Process::start(newsroom.path(), None);
    process.wait_until_ready().unwrap();
    let article = json!({"title": "작은 소식", "body": "첫째 소식이다."});
    assert_eq!(put(&process, "n1", &article).0, 200);
    let filler = newsroom.path().join("data/filler");
    let _ = fs::write(&filler, vec![b'x'; 64 << 20]);
    // Now nothing fits. Small writes may still find a corner of a page; large ones cannot.
    let large = json!({"title": "큰 소식", "body": "가나다라마바사 아자차카타파하. ".repeat(100_000)});
    let (code, text) = put(&process, "n2", &large);
    assert_eq!(code, 503, "{text}");
    assert!(text.contains("not_written") && text.contains("pushed"), "{text}");
    let answer = process
        .client
        .post(process.url("/api/admin/reindex?follow=true"))
        .bearer_auth(TOKEN)
        .send()
        .unwrap()
        .text()
        .unwrap();
    assert!(answer.contains("failed") && answer.contains("not enough disk space"), "{answer}");
    assert_eq!(status(&process, "/api/search?q=반도체"), 200);

    fs::remove_file(&filler).unwrap();
    let (code, text) = put(&process, "n3", &article);
    assert_eq!(code, 200, "{text}");
    process.kill();
    let mut process = Process::start(newsroom.path(), None);
    process.wait_until_ready().unwrap();
    for (id, code) in [("n1", 200), ("n2", 404), ("n3", 200)] {
        assert_eq!(status(&process, &format!("/api/articles/{id}")), code, "{id}");
    }
    process.kill();
}

#[test]
fn a_read_only_disk_is_said_at_once() {
    let Some((newsroom, mounted)) = small_disk(12) else { return };
    let mut process = Process::start(newsroom.path(), None);
    process.wait_until_ready().unwrap();
    let article = json!({"title": "작은 소식", "body": "첫째 소식이다."});
    assert_eq!(put(&process, "n1", &article).0, 200);
    // Linux refuses while files are open for writing; detaching is not what a disk does. So a new start on it:
    process.terminate();
    let remount = |how: &str| {
        Command::new("mount").args(["-o", &format!("remount,{how}")]).arg(&mounted.0).status().unwrap()
    };
    assert!(remount("ro").success());
    let mut process = Process::start(newsroom.path(), None);
    let why = process.wait_until_ready().unwrap_err();
    assert!(!process.listens() && why.contains("Read-only") && why.contains("LOCK"), "{why}");
    assert!(remount("rw").success());
    let mut process = Process::start(newsroom.path(), None);
    process.wait_until_ready().unwrap();
    assert_eq!(status(&process, "/api/articles/n1"), 200);
    process.kill();
}

#[test]
fn with_too_few_file_handles_it_says_so_and_loses_nothing() {
    let newsroom = Newsroom::new(&articles());
    fs::write(
        newsroom.path().join("config.toml"),
        "listen = \"127.0.0.1:0\"\n[index]\nthreads = 1\nniceness = 0\nmemory_mb = 32\nkeep_free_mb = 1\n",
    )
    .unwrap();
    let mut process = Process::start(newsroom.path(), None);
    process.wait_until_ready().unwrap();
    let limit = |soft: u64| {
        let pid = process.id().to_string();
        Command::new("prlimit").args(["--pid", &pid, &format!("--nofile={soft}:4096")]).status()
    };
    if !limit(48).is_ok_and(|status| status.success()) {
        skipped("prlimit is not there, so file handles cannot be limited");
        return;
    }
    let mut acknowledged = Vec::new();
    for number in 0..40 {
        let id = format!("n{number}");
        let request = process.client.put(process.url(&format!("/api/articles/{id}"))).bearer_auth(TOKEN);
        // Whatever it answers, or if the connection is refused: what is acknowledged counts.
        if let Ok(answer) = request.json(&json!({"title": format!("소식 {number}")})).send()
            && answer.status().is_success()
        {
            acknowledged.push(id);
        }
    }
    limit(4096).unwrap();
    assert!(!process.has_ended(), "too few file handles must not end it");
    process.wait_until_ready().unwrap();
    process.kill();
    let mut process = Process::start(newsroom.path(), None);
    process.wait_until_ready().unwrap();
    for id in &acknowledged {
        assert_eq!(status(&process, &format!("/api/articles/{id}")), 200, "{id}");
    }
    process.kill();
}
