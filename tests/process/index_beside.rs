//! An upgrade does not go dark: `gisa reindex --into DIR` builds an index beside a running server, and a restart on it serves
//! at once, with everything that was pushed meanwhile.

use std::fs;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::newsroom::{Newsroom, TOKEN, articles, lines};
use crate::program::{Process, gisa, run};
use gisa::index::IndexFolder;
use serde_json::{Value, json};

const SETTINGS: &str = "listen = \"127.0.0.1:0\"\n[index]\nthreads = 1\nniceness = 0\nmemory_mb = 32\nkeep_free_mb = 1\njournal_file_mb = 0.05\n";

fn newsroom() -> Newsroom {
    let newsroom = Newsroom::new(&articles());
    fs::write(newsroom.path().join("config.toml"), SETTINGS).unwrap();
    newsroom
}

fn put(process: &Process, number: u64) -> bool {
    let article = json!({"title": format!("밀어 넣은 소식 {number}"), "body": "다리가 놓였다. ".repeat(40)});
    let path = format!("/api/articles/p{number}?refresh=true");
    let request = process.client.put(process.url(&path)).bearer_auth(TOKEN);
    request.json(&article).send().unwrap().status().is_success()
}

fn status(process: &Process, path: &str) -> u16 {
    process.client.get(process.url(path)).send().unwrap().status().as_u16()
}

#[test]
fn a_restart_on_an_index_built_beside_the_server_finds_everything() {
    let newsroom = newsroom();
    // The token is the one that the server makes for itself; scripts have it.
    let start = || {
        let mut command = gisa(newsroom.path());
        command.env_remove("GISA_ADMIN_TOKEN");
        command
    };
    let mut process = Process::start(newsroom.path(), None);
    process.wait_until_ready().unwrap();
    fs::write(newsroom.index_dir().join("admin-token"), format!("{TOKEN}\n")).unwrap();
    for number in 0..20 {
        assert!(put(&process, number));
    }
    // Enough that the build takes a while.
    let more: Vec<Value> = (0..3_000)
        .map(|number| json!({"id": format!("m{number}"), "title": format!("예산 {number}"), "body": "시의회가 예산을 통과시켰다. ".repeat(5)}))
        .collect();
    newsroom.write("second.jsonl", &lines(&more));

    let (pushed, built) = (AtomicU64::new(20), AtomicBool::new(false));
    std::thread::scope(|scope| {
        // Pushes, corrections, deletions, and so many bytes that files of the journal are closed and compacted meanwhile.
        scope.spawn(|| {
            while !built.load(Ordering::Relaxed) || pushed.load(Ordering::Relaxed) < 30 {
                let number = pushed.load(Ordering::Relaxed);
                assert!(put(&process, number) && put(&process, number % 7 + 10));
                let delete = process.client.delete(process.url(&format!("/api/articles/p{}", number % 5)));
                assert!(delete.bearer_auth(TOKEN).send().unwrap().status().is_success());
                pushed.fetch_add(1, Ordering::Relaxed);
            }
        });
        let output = start().args(["reindex", "--into"]).arg(newsroom.path().join("new")).output().unwrap();
        built.store(true, Ordering::Relaxed);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(said.contains("index_dir = "), "{said}");
    });
    let pushed = pushed.load(Ordering::Relaxed);
    // The server has gone on with its own index, and knows nothing of the other.
    assert_eq!(status(&process, &format!("/api/articles/p{}", pushed - 1)), 200);
    assert_eq!(status(&process, "/api/articles/m1"), 404);
    // The same folder is no other folder.
    let same = run(newsroom.path(), &["reindex", "--into", newsroom.index_dir().to_str().unwrap()]);
    assert!(String::from_utf8_lossy(&same.stderr).contains("index_dir itself"), "{same:?}");
    // An index among the articles would be read as articles.
    for folder in ["data", "data/articles/new", "./data/lexicon"] {
        let refused =
            run(newsroom.path(), &["reindex", "--into", newsroom.path().join(folder).to_str().unwrap()]);
        assert!(String::from_utf8_lossy(&refused.stderr).contains("is a data folder"), "{refused:?}");
    }
    let (ended, log) = process.terminate();
    assert!(ended.success(), "{log}");

    let folder = IndexFolder::new(newsroom.path().join("new")).unwrap();
    let built = folder.current().unwrap().unwrap();
    let mut command = start();
    command.env("GISA_INDEX_DIR", newsroom.path().join("new"));
    let mut process = Process::start_by(command, None);
    let ready = process.wait_until_ready().unwrap();
    assert_eq!(ready["generation"], json!(built), "nothing was built again: {ready}");
    assert_eq!((&ready["damage"], &ready["journal_damage"]), (&Value::Null, &json!([])), "{ready}");
    let there = (5..pushed).map(|number| format!("p{number}")).chain(["m1".to_owned(), "a%2F1".to_owned()]);
    for id in there {
        assert_eq!(status(&process, &format!("/api/articles/{id}")), 200, "{id}");
    }
    for number in 0..5 {
        assert_eq!(status(&process, &format!("/api/articles/p{number}")), 404, "p{number} was deleted");
    }
    assert_eq!(ready["articles"], json!(3_005 + pushed - 5));
    assert!(put(&process, pushed), "with the token of before");
    process.kill();
}

#[test]
fn what_is_built_beside_a_server_is_compared_with_what_it_serves() {
    let newsroom = newsroom();
    let many: Vec<Value> = (0..1_000).map(|number| json!({"title": format!("소식 {number}")})).collect();
    newsroom.write("first.jsonl", &lines(&many));
    let mut process = Process::start(newsroom.path(), None);
    process.wait_until_ready().unwrap();
    assert!(put(&process, 1));
    newsroom.write("first.jsonl", &lines(&many[..10]));
    let beside = |force: &[&str]| {
        let arguments = [&["reindex", "--into", "new"], force].concat();
        gisa(newsroom.path()).current_dir(newsroom.path()).args(arguments).output().unwrap()
    };
    let refused = beside(&[]);
    let why = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(1), "{why}");
    assert!(why.contains("11 articles") && why.contains("1001") && why.contains("--force"), "{why}");
    assert!(beside(&["--force"]).status.success());
    process.kill();

    // The same command without a server, in its own folder.
    let refused = run(newsroom.path(), &["reindex"]);
    let why = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && why.contains("index.max_shrink_percent"), "{why}");
    assert!(run(newsroom.path(), &["reindex", "--force"]).status.success());
    assert!(run(newsroom.path(), &["reindex"]).status.success());
}
