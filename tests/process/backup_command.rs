//! `gisa backup`, `gisa restore` and `gisa import`, beside an index and beside a server.

use std::fs;
use std::process::{Command, Output};

use crate::newsroom::{Newsroom, TOKEN, TestServer, articles};
use gisa::article::ArticleId;
use gisa::index::IndexFolder;
use gisa::journal::{Change, Journal, JournalOptions, NewEntry};
use serde_json::value::RawValue;

fn run(newsroom: &Newsroom, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gisa"));
    command.current_dir(newsroom.path()).env_clear().args(arguments).output().unwrap()
}

fn stdout(output: &Output) -> &str {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    std::str::from_utf8(&output.stdout).unwrap()
}

/// The one line of an error.
fn complaint(output: &Output) -> String {
    let stderr = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    stderr.lines().last().unwrap_or_default().to_owned()
}

#[test]
fn an_index_in_a_backup_serves_after_the_restore() {
    let newsroom = Newsroom::new(&articles());
    let file = fs::File::options().write(true).open(newsroom.articles_dir().join("first.jsonl")).unwrap();
    file.set_modified(std::time::UNIX_EPOCH + std::time::Duration::from_millis(1_700_000_000_123)).unwrap();
    stdout(&run(&newsroom, &["reindex"]));
    // Without the first line: it says how long the search took.
    let search = || {
        let output = run(&newsroom, &["search", "자전거"]);
        stdout(&output).lines().skip(1).map(str::to_owned).collect::<Vec<_>>()
    };
    let hits = search();
    assert!(hits.iter().any(|line| line.contains("자전거")), "{hits:?}");
    let said = stdout(&run(&newsroom, &["backup", "with", "--index"])).to_owned();
    assert!(said.contains("generation-"), "{said}");
    assert!(stdout(&run(&newsroom, &["backup", "without"])).contains("no index"));
    assert!(stdout(&run(&newsroom, &["backup", "--verify", "with"])).contains("is complete"));
    assert!(complaint(&run(&newsroom, &["backup", "with"])).contains("not empty"));

    // Everything is lost but the backup.
    let lost = newsroom.articles_dir();
    fs::remove_dir_all(&lost).unwrap();
    fs::remove_file(newsroom.index_dir().join("CURRENT")).unwrap();
    assert!(stdout(&run(&newsroom, &["restore", "with"])).contains("the index is generation-"));
    assert_eq!(search(), hits);
    stdout(&run(&newsroom, &["check"]));
    // It knows its files again: none is read for having been copied.
    let said = stdout(&run(&newsroom, &["reindex", "--changed"])).to_owned();
    assert!(said.contains("0 new, 0 changed and 0 gone files"), "{said}");

    // Without an index none serves until it is built.
    let said = stdout(&run(&newsroom, &["restore", "without"])).to_owned();
    assert!(said.contains("the former data") && said.contains("built at the next start"), "{said}");
    assert!(complaint(&run(&newsroom, &["search", "자전거"])).contains("gisa reindex"));
    stdout(&run(&newsroom, &["reindex"]));
    assert_eq!(search(), hits);
}

#[test]
fn a_damaged_backup_and_a_running_server_are_refused() {
    let newsroom = Newsroom::new(&articles());
    stdout(&run(&newsroom, &["backup", "b"]));
    let before = fs::read(newsroom.articles_dir().join("first.jsonl")).unwrap();
    let held = IndexFolder::new(newsroom.index_dir()).unwrap().lock().unwrap();
    // It would be asked to do it; what holds the folder here is no server.
    let error = complaint(&run(&newsroom, &["restore", "b"]));
    assert!(error.contains("does not answer") && error.contains("nothing was changed"), "{error}");
    // A backup needs no lock.
    stdout(&run(&newsroom, &["backup", "beside"]));
    drop(held);
    fs::write(newsroom.path().join("b/data/articles/first.jsonl"), "{}").unwrap();
    for arguments in [["restore", "b"].as_slice(), &["backup", "--verify", "b"]] {
        let error = complaint(&run(&newsroom, arguments));
        assert!(error.contains("first.jsonl") && error.contains("nothing was changed"), "{error}");
    }
    assert_eq!(fs::read(newsroom.articles_dir().join("first.jsonl")).unwrap(), before);
    assert!(complaint(&run(&newsroom, &["restore", "no-such"])).contains("MANIFEST.json"));
}

#[test]
fn a_restore_beside_a_server_takes_its_place_at_the_restart() {
    let server = TestServer::start(&articles());
    let put = |server: &TestServer, id: &str| {
        let article = serde_json::json!({"title": format!("기사 {id}"), "body": "본문이다."});
        let path = format!("/api/articles/{id}?refresh=true");
        assert_eq!(server.send(server.request("PUT", &path).bearer_auth(TOKEN).json(&article)).status, 200);
    };
    put(&server, "kept");
    stdout(&run(&server.newsroom, &["backup", "b", "--index"]));
    put(&server, "later");
    let said = stdout(&run(&server.newsroom, &["restore", "--at-restart", "b"])).to_owned();
    assert!(said.contains("at the next start"), "{said}");
    assert!(
        complaint(&run(&server.newsroom, &["restore", "--at-restart", "b"]))
            .contains("waiting for the restart")
    );
    // Until then everything goes on, a reindex too.
    assert_eq!(server.get("/api/articles/later").status, 200);
    let job = server.admin("POST", "/api/admin/reindex").json();
    assert_eq!(server.wait_for(job["job"]["id"].as_str().unwrap()).error, None);
    put(&server, "last");
    let server = server.restart();
    let ready = server.json("/ready");
    assert_eq!(
        (&ready["articles"], &ready["damage"], &ready["journal_damage"]),
        (&6.into(), &serde_json::Value::Null, &serde_json::json!([]))
    );
    assert_eq!(server.get("/api/articles/kept").status, 200);
    assert_eq!(server.get("/api/articles/later").status, 404);
    put(&server, "again");
    assert_eq!(server.search(&[("q", "again")])["total"], 1);
}

#[test]
fn import_checks_copies_and_says_what_counts() {
    let newsroom = Newsroom::new(&articles());
    let at = |name: &str| newsroom.path().join(name).to_str().unwrap().to_owned();
    let article =
        |id: &str, title: &str| format!("{{\"id\":\"{id}\",\"title\":\"{title}\",\"body\":\"본문이다.\"}}\n");
    let good = format!("{}not json\n{}", article("새-1", "첫눈이 내렸다"), article("새-2", "눈이 녹았다"));
    fs::write(at("snow.jsonl"), &good).unwrap();
    let mut journal =
        Journal::open(&newsroom.articles_dir().join("pushed"), JournalOptions::default()).unwrap().0;
    let json = RawValue::from_string(article("새-1", "첫눈이 그쳤다").trim().to_owned()).unwrap();
    let id = |id: &str| ArticleId::new(id).unwrap();
    let pushed = NewEntry { id: id("새-1"), change: Change::Put { json } };
    journal.append(&[pushed, NewEntry { id: id("새-2"), change: Change::Delete }]).unwrap();
    journal.sync().unwrap();
    drop(journal);

    let said = stdout(&run(&newsroom, &["import", &at("snow.jsonl")])).to_owned();
    assert!(said.contains("imported: 2 articles, 1 refused"), "{said}");
    assert!(said.contains("snow.jsonl:2: bad_json"), "{said}");
    assert!(said.contains("새-1 was pushed") && said.contains("새-2 was deleted"), "{said}");
    assert!(said.contains("next reindex"), "{said}");
    let copy = newsroom.articles_dir().join("snow.jsonl");
    assert_eq!(fs::read_to_string(&copy).unwrap(), good);
    // Again: it is there.
    assert!(stdout(&run(&newsroom, &["import", &at("snow.jsonl")])).contains("already there"));
    // Another file of that name only when asked to.
    fs::write(at("snow.jsonl"), article("새-3", "비가 온다")).unwrap();
    assert!(complaint(&run(&newsroom, &["import", &at("snow.jsonl")])).contains("--replace"));
    assert_eq!(fs::read_to_string(&copy).unwrap(), good);
    stdout(&run(&newsroom, &["import", "--replace", &at("snow.jsonl")]));
    assert_eq!(fs::read_to_string(&copy).unwrap(), article("새-3", "비가 온다"));

    // What would come of a file, without writing anything.
    fs::write(
        at("table.csv"),
        "기사제목,내용,일자,키워드\n비가 온다,비가 온다고 했다.,2024-03-05,비\n해가 난다,,어제,해\n",
    )
    .unwrap();
    let said = stdout(&run(&newsroom, &["import", "--dry-run", &at("table.csv")])).to_owned();
    assert_eq!(
        said,
        "table.csv  would be imported: 2 articles, 0 refused, 117 B\n  \
         title ← 기사제목   body ← 내용   published_at ← 일자\n  \
         1 without body, 1 without date, 2 without outlet, 1 published_at not readable, kept aside\n  \
         not used: 키워드\nnothing was written\n"
    );
    assert!(!newsroom.articles_dir().join("table.csv").exists());

    // What is said of a file is kept beside it, so that the next reindex reads it in the same way.
    fs::write(
        at("town.tsv"),
        "2024-03-05\t초안\t장터\t장터가 선다.\n2024-03-06\t확정\t축제\t축제가 열린다.\n",
    )
    .unwrap();
    let output = run(&newsroom, &["import", "--dry-run", &at("town.tsv")]);
    assert!(complaint(&output).contains("does not contain any articles"));
    assert!(String::from_utf8_lossy(&output.stdout).contains("no_header"));
    let options =
        ["--columns", "date,state,title,body", "--skip", "state=초안", "--outlet-default", "마을소식"];
    let import: Vec<&str> = ["import"].into_iter().chain(options).collect();
    let path = at("town.tsv");
    let said = stdout(&run(&newsroom, &[&import[..], &[&path]].concat())).to_owned();
    assert!(
        said.contains("imported: 1 articles, 0 refused") && said.contains("1 skipped (configured)"),
        "{said}"
    );
    assert!(said.contains("outlet ← outlet_default") && said.contains("town.tsv.ingest.toml"), "{said}");
    assert!(newsroom.articles_dir().join("town.tsv.ingest.toml").exists());
    let said = stdout(&run(&newsroom, &["import", &path])).to_owned();
    assert!(said.contains("already there: 1 articles"), "{said}");
    let error = complaint(&run(&newsroom, &["import", "--field", "titel=a", &path])).to_owned();
    assert!(error.contains("titel") && error.contains("published_at"), "{error}");

    // What holds no article, or would not be read, is not copied; the others are.
    fs::write(at("broken.jsonl"), "not json\n{\"title\":\"\"}\n").unwrap();
    fs::write(at("note.docx"), "x").unwrap();
    fs::write(at("page.json"), "[{\"title\":\"맑은 하늘\"}]").unwrap();
    let output = run(
        &newsroom,
        &["import", &at("broken.jsonl"), &at("note.docx"), &at("missing.jsonl"), &at("page.json")],
    );
    let error = complaint(&output);
    assert!(
        error.contains("broken.jsonl does not contain any articles")
            && error.contains("note.docx")
            && error.contains("missing.jsonl"),
        "{error}"
    );
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("page.json  imported: 1 articles"), "{said}");
    assert!(
        said.contains("broken.jsonl:1: bad_json") && said.contains("broken.jsonl:2: empty_article"),
        "{said}"
    );
    let mut names: Vec<_> =
        fs::read_dir(newsroom.articles_dir()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(
        names,
        ["first.jsonl", "page.json", "pushed", "snow.jsonl", "town.tsv", "town.tsv.ingest.toml"]
    );
}
