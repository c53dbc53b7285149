//! Articles that may be read and not written to, or not even read: what can be searched is searched, and what is off is said.
#![cfg(unix)]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use crate::newsroom::{Newsroom, TOKEN, articles, lines};
use crate::program::{Process, gisa, run};
use serde_json::{Value, json};

/// Whether the program can be run as somebody to whom permissions mean something; root reads and writes everything.
fn held_to_permissions(command: Command) -> Option<Command> {
    if !rustix::process::getuid().is_root() {
        return Some(command);
    }
    let mut held = Command::new("setpriv");
    held.args(["--bounding-set", "-dac_override,-dac_read_search", "--"]);
    let works = Command::new("setpriv")
        .args(["--bounding-set", "-dac_override,-dac_read_search", "true"])
        .status()
        .is_ok_and(|status| status.success());
    if !works {
        use std::io::Write as _;
        let _ = writeln!(std::io::stderr(), "\nSKIPPED: root is held to no permissions here (setpriv)");
        return None;
    }
    held.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => held.env(name, value),
            None => held.env_remove(name),
        };
    }
    Some(held)
}

/// Sets a mode, and the former one again when dropped, so that the folder can be removed.
struct Mode<'a>(&'a Path, Permissions);

impl<'a> Mode<'a> {
    fn set(path: &'a Path, mode: u32) -> Self {
        let former = fs::metadata(path).unwrap().permissions();
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
        Self(path, former)
    }
}

impl Drop for Mode<'_> {
    fn drop(&mut self) {
        let _ = fs::set_permissions(self.0, self.1.clone());
    }
}

fn newsroom() -> Newsroom {
    let newsroom = Newsroom::new(&articles());
    let settings =
        "listen = \"127.0.0.1:0\"\n[index]\nthreads = 1\nniceness = 0\nmemory_mb = 32\nkeep_free_mb = 1\n";
    fs::write(newsroom.path().join("config.toml"), settings).unwrap();
    newsroom
}

fn json_of(process: &Process, path: &str) -> (u16, Value) {
    let answer = process.client.get(process.url(path)).send().unwrap();
    (answer.status().as_u16(), answer.json().unwrap())
}

fn put(process: &Process, id: &str) -> (u16, Value) {
    let request = process.client.put(process.url(&format!("/api/articles/{id}"))).bearer_auth(TOKEN);
    let answer = request.json(&json!({"title": "작은 소식"})).send().unwrap();
    (answer.status().as_u16(), answer.json().unwrap())
}

/// Checks that everything is read, nothing is written, and why is said without the machine's paths.
fn reads_and_says_why_it_does_not_write(process: &mut Process, newsroom: &Newsroom, held: u64) {
    let ready = process.wait_until_ready().unwrap();
    assert_eq!((&ready["articles"], &ready["writes"]), (&json!(held), &Value::Null), "{ready}");
    let why = ready["writes_off"].as_str().unwrap();
    assert!(why.contains("Permission denied") && why.contains("restart"), "{why}");
    assert!(!ready.to_string().contains(newsroom.path().to_str().unwrap()), "{ready}");
    assert_eq!(json_of(process, "/api/articles/b-1").0, 200);
    let (status, problem) = put(process, "n2");
    assert_eq!((status, &problem["code"]), (503, &json!("not_written")), "{problem}");
    assert!(problem["detail"].as_str().unwrap().contains("right to write"), "{problem}");
    let reindex = || {
        let request = process.client.post(process.url("/api/admin/reindex?follow=true")).bearer_auth(TOKEN);
        request.send().unwrap().text().unwrap()
    };
    // The first build serves a moment before its job has ended.
    let answer = loop {
        let answer = reindex();
        if !answer.contains("reindex_running") {
            break answer;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    };
    assert!(answer.contains("\"succeeded\""), "{answer}");
    assert_eq!(json_of(process, "/ready").1["articles"], held, "what was pushed is read, too");
}

#[test]
fn a_folder_that_cannot_be_written_to_is_served_reading() {
    let newsroom = newsroom();
    let (articles_dir, pushed) = (newsroom.articles_dir(), newsroom.articles_dir().join("pushed"));
    let start = || Some(Process::start_by(held_to_permissions(gisa(newsroom.path()))?, None));
    {
        // From the first start on: there is not even a folder for what is pushed.
        let _mode = Mode::set(&articles_dir, 0o555);
        let Some(mut process) = start() else { return };
        reads_and_says_why_it_does_not_write(&mut process, &newsroom, 5);
        let (status, log) = process.terminate();
        assert!(status.success(), "{log}");
    }
    let mut process = Process::start(newsroom.path(), None);
    process.wait_until_ready().unwrap();
    assert_eq!(put(&process, "n1").0, 200);
    // Not committed to the index: a start that only reads must find it in the journal.
    process.kill();
    {
        let files: Vec<_> = fs::read_dir(&pushed).unwrap().map(|entry| entry.unwrap().path()).collect();
        let folders = [&articles_dir, &pushed].map(|folder| Mode::set(folder, 0o555));
        let files: Vec<_> = files.iter().map(|file| Mode::set(file, 0o444)).collect();
        let mut process = start().unwrap();
        reads_and_says_why_it_does_not_write(&mut process, &newsroom, 6);
        assert_eq!(json_of(&process, "/api/articles/n1").0, 200);
        process.kill();
        drop((files, folders));
    }
    let mut process = Process::start(newsroom.path(), None);
    let ready = process.wait_until_ready().unwrap();
    assert_eq!(ready["writes_off"], Value::Null, "{ready}");
    assert_eq!(put(&process, "n2").0, 200, "as before, once it may be written to");
    process.kill();
}

#[test]
fn a_file_that_may_not_be_read_is_one_refusal() {
    let newsroom = newsroom();
    newsroom.write("secret.jsonl", &lines(&[json!({"title": "읽을 수 없는 기사"})]));
    newsroom.write("zz.jsonl", &lines(&[json!({"id": "z-1", "title": "그 뒤의 기사"})]));
    let secret = newsroom.articles_dir().join("secret.jsonl");
    let _mode = Mode::set(&secret, 0o000);
    let Some(mut command) = held_to_permissions(gisa(newsroom.path())) else { return };
    let output = command.arg("reindex").output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains(": 6 articles") && said.contains("1 refused"), "{said}");
    assert!(said.contains("secret.jsonl: unreadable: cannot open the file: Permission denied"), "{said}");
}

#[test]
fn a_second_one_over_the_same_folders_is_told_which_lock_and_what_to_do() {
    let newsroom = newsroom();
    let mut process = Process::start(newsroom.path(), None);
    process.wait_until_ready().unwrap();
    let complaint = |arguments: &[&str]| {
        let output = run(newsroom.path(), arguments);
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8(output.stderr).unwrap()
    };
    for command in ["serve", "reindex"] {
        let same = complaint(&[command]);
        assert!(same.contains("index folder") && same.contains("index/LOCK"), "{same}");
    }
    // Another index folder, the same articles.
    let settings = "listen = \"127.0.0.1:0\"\nindex_dir = \"other\"\n";
    fs::write(newsroom.path().join("config.toml"), settings).unwrap();
    for command in ["serve", "reindex"] {
        let other = complaint(&[command]);
        assert!(other.contains("pushed/.LOCK") && other.contains("--into DIR"), "{other}");
        assert!(!other.contains("admin-token"), "that token is not there: {other}");
    }
    process.kill();
}
