//! A reindex does not lose the archive: files that cannot be read are refused one by one, and an index that has lost much of
//! what serves does not take its place by itself.

use std::fs;
use std::path::Path;

use crate::newsroom::{Newsroom, TOKEN, TestServer, articles, lines};
use gisa::index::{IndexFolder, Progress};
use gisa::service::{Access, Job, JobState, Service};
use serde_json::{Value, json};

/// So many articles in service that a share of them says something.
fn thousand() -> Vec<Value> {
    (0..1_000).map(|number| json!({"id": format!("k-{number}"), "title": format!("소식 {number}")})).collect()
}

fn reindex(server: &TestServer, parameters: &str) -> Job {
    let answer = server.admin("POST", &format!("/api/admin/reindex{parameters}"));
    assert_eq!(answer.status, 202, "{}", answer.text);
    let job = server.wait_for(answer.json()["job"]["id"].as_str().unwrap());
    server.service.jobs().get(&job.id).unwrap()
}

/// The reason of a reindex that does not serve by itself; what served before still does, and `/ready` says why.
fn withheld(server: &TestServer, numbers: &[&str]) {
    let before = server.json("/ready");
    let job = reindex(server, "");
    assert_eq!(job.state, JobState::Failed);
    let error = job.error.unwrap();
    for part in numbers.iter().chain(&["force=true", "--force"]) {
        assert!(error.contains(part), "{part}: {error}");
    }
    let ready = server.json("/ready");
    assert_eq!((&ready["generation"], &ready["articles"]), (&before["generation"], &before["articles"]));
    assert_eq!(
        (&ready["failed_job"]["id"], &ready["failed_job"]["kind"]),
        (&json!(job.id), &json!("reindex"))
    );
    assert!(ready["failed_job"]["error"].as_str().unwrap().contains(numbers[0]), "{ready}");
    let folder = IndexFolder::new(server.newsroom.index_dir()).unwrap();
    let left = folder.generations().unwrap();
    assert!(left.contains(&before["generation"].as_str().unwrap().to_owned()), "{left:?}");
}

#[test]
fn an_index_that_lost_much_of_the_archive_serves_only_when_it_is_forced() {
    let server = TestServer::start(&thousand());
    server.newsroom.write("first.jsonl", &lines(&thousand()[..799]));
    withheld(&server, &["799", "1000", "20 %"]);
    // Twice is not enough to bring it about.
    withheld(&server, &["799", "1000", "20 %"]);
    assert_eq!(server.search(&[("q", "소식")])["total"], 1_000);

    let job = reindex(&server, "?force=true");
    assert_eq!((job.state, job.articles_indexed), (JobState::Succeeded, 799));
    let ready = server.json("/ready");
    assert_eq!((&ready["articles"], &ready["failed_job"]), (&json!(799), &Value::Null));
    server.admin("POST", "/api/admin/reindex?force=perhaps").problem(400, "bad_parameter");
    // What is a fifth smaller, or smaller than a thousand, is not worth asking.
    server.newsroom.write("first.jsonl", &lines(&thousand()[..10]));
    assert_eq!(reindex(&server, "").state, JobState::Succeeded);
}

#[test]
fn the_share_is_a_setting() {
    let newsroom = Newsroom::new(&thousand());
    let server = TestServer::start_with(newsroom, |file| file.index.max_shrink_percent = 0);
    server.newsroom.write("first.jsonl", &lines(&thousand()[..1]));
    assert_eq!(reindex(&server, "").state, JobState::Succeeded);
}

#[test]
fn an_articles_folder_that_is_empty_or_gone_does_not_empty_the_index() {
    let server = TestServer::start(&articles());
    let (folder, away) = (server.newsroom.articles_dir(), server.newsroom.path().join("away"));
    // As where a mount is missing: the folder is there, and nothing in it. The pushed articles are gone with it.
    fs::rename(&folder, &away).unwrap();
    let gone = reindex(&server, "");
    assert_eq!(gone.state, JobState::Failed);
    assert!(gone.error.unwrap().contains("cannot read the articles folder"));
    fs::create_dir(&folder).unwrap();
    withheld(&server, &["0 articles in files", "5 of those in service"]);
    fs::remove_dir(&folder).unwrap();
    fs::rename(&away, &folder).unwrap();
    assert_eq!(reindex(&server, "").state, JobState::Succeeded);
    assert_eq!(server.json("/ready")["articles"], 5);
}

#[test]
fn pushed_articles_are_never_missing_after_a_reindex_that_succeeded() {
    let server = TestServer::start(&articles());
    let put = |server: &TestServer, id: &str| {
        let article = json!({"title": format!("밀어 넣은 소식 {id}")});
        let path = format!("/api/articles/{id}?refresh=true");
        server.send(server.request("PUT", &path).bearer_auth(TOKEN).json(&article))
    };
    for id in ["p1", "p2", "p3"] {
        assert_eq!(put(&server, id).status, 200);
    }
    let pushed = server.newsroom.articles_dir().join("pushed");
    let away = server.newsroom.path().join("pushed-away");
    fs::rename(&pushed, &away).unwrap();
    withheld(&server, &["of 3 entries", "1 to 3"]);
    // Nothing is acknowledged into a file that nobody will find again.
    let problem = put(&server, "p4").problem(503, "not_written");
    assert!(problem["detail"].as_str().unwrap().contains("put the file or folder back"), "{problem}");
    fs::rename(&away, &pushed).unwrap();
    assert_eq!(put(&server, "p4").status, 200);
    assert_eq!(reindex(&server, "").state, JobState::Succeeded);
    for id in ["p1", "p2", "p3", "p4"] {
        assert_eq!(server.get(&format!("/api/articles/{id}")).status, 200, "{id}");
    }

    // The same where it was lost while no server ran; and whoever means it says so once.
    let config = server.service.config().clone();
    let newsroom = server.into_newsroom();
    fs::remove_dir_all(&pushed).unwrap();
    let server = TestServer::serve(newsroom, Service::open(config, Access::Write).unwrap());
    server.wait_until_ready();
    assert_eq!(server.get("/api/articles/p1").status, 200, "the index still has them");
    withheld(&server, &["entries, the entries 1 to"]);
    assert_eq!(reindex(&server, "?force=true").state, JobState::Succeeded);
    assert_eq!(server.get("/api/articles/p1").status, 404);
    assert_eq!(reindex(&server, "").state, JobState::Succeeded);
    assert_eq!(put(&server, "p5").status, 200);
    assert_eq!(server.get("/api/articles/p5").status, 200);
}

#[test]
#[cfg(unix)]
fn a_file_with_a_name_in_cp949_is_read_and_its_refusals_are_shown() {
    use std::os::unix::ffi::OsStrExt as _;
    let server = TestServer::start(&articles());
    // 기사 in CP949, as archives from Windows leave it.
    let name = Path::new(std::ffi::OsStr::from_bytes(b"\xb1\xe2\xbb\xe7.jsonl"));
    let content = "{\"id\": \"z-1\", \"title\": \"돌고래 떼\"}\n{\"title\": \n";
    fs::write(server.newsroom.articles_dir().join(name), content).unwrap();
    let job = reindex(&server, "");
    assert_eq!((job.state, job.refused, job.articles_indexed), (JobState::Succeeded, 1, 6));
    let shown = |server: &TestServer| {
        let job = server.admin("GET", &format!("/api/admin/jobs/{}", job.id)).json()["job"].clone();
        assert_eq!(job["state"], "succeeded");
        let refused = job["refusals"][0].clone();
        assert!(refused["file"].as_str().unwrap().ends_with(".jsonl"), "{refused}");
        assert_eq!((&refused["line"], &refused["code"]), (&json!(2), &json!("bad_json")));
    };
    shown(&server);
    let server = server.restart();
    shown(&server);
    assert!(!server.newsroom.index_dir().join("jobs.json.new").exists());
}

#[test]
fn a_file_that_expands_without_end_ends_by_itself_and_when_it_is_told_to() {
    let server = TestServer::start(&articles());
    let endless = |byte: u8| {
        let frame = zstd::encode_all(&vec![byte; 16 << 20][..], 1).unwrap();
        fs::write(server.newsroom.articles_dir().join("endless.jsonl.zst"), frame.repeat(4096)).unwrap();
    };
    endless(b'\n');
    let id = server.admin("POST", "/api/admin/reindex").json()["job"]["id"].as_str().unwrap().to_owned();
    let asked = std::time::Instant::now();
    server.admin("DELETE", &format!("/api/admin/jobs/{id}"));
    assert_eq!(server.wait_for(&id).state, JobState::Cancelled);
    // Unhurried: it was a minute and more before, and this machine may have other work.
    assert!(asked.elapsed().as_secs() < 20, "{:?}", asked.elapsed());
    // One line without an end, which is read faster than blank ones.
    endless(b'x');
    let job = reindex(&server, "");
    assert_eq!((job.state, job.articles_indexed, job.refused), (JobState::Succeeded, 5, 1));
    assert_eq!(serde_json::to_value(&job.refusals).unwrap()[0]["code"], "too_large");
}

#[test]
fn the_newest_sound_generation_serves_where_nothing_names_one() {
    let newsroom = Newsroom::new(&articles());
    let config = newsroom.config(|_| {});
    let service = Service::open(config.clone(), Access::Write).unwrap();
    let first = service.reindex(&Progress::default()).unwrap().generation;
    let second = service.reindex(&Progress::default()).unwrap().generation;
    drop(service);
    let folder = IndexFolder::new(newsroom.index_dir()).unwrap();
    let current = newsroom.index_dir().join("CURRENT");
    let garbage: [Option<&[u8]>; 4] =
        [None, Some(b""), Some(b"\xff\xfe\x00\x9c\xff"), Some(b"generation-99999999")];
    let mut newsroom = newsroom;
    for content in garbage {
        let _ = fs::remove_file(&current);
        if let Some(content) = content {
            fs::write(&current, content).unwrap();
        }
        // A torso that a killed build left is newer than both, and serves nobody.
        let torso = folder.new_name().unwrap();
        fs::create_dir(folder.path_of(&torso)).unwrap();
        fs::write(folder.path_of(&torso).join("meta.json"), "{").unwrap();

        let server = TestServer::serve(newsroom, Service::open(config.clone(), Access::Write).unwrap());
        server.wait_until_ready();
        let ready = server.json("/ready");
        let damage = ready["damage"].as_str().unwrap();
        assert_eq!(ready["generation"], json!(second), "{content:?}");
        assert!(damage.contains(&second), "{damage}");
        assert!(!damage.contains(server.newsroom.path().to_str().unwrap()), "{damage}");
        // A reindex that does not come to its end removes nothing that is sound.
        server.newsroom.write("broken.jsonl", "{");
        let aside = server.newsroom.path().join("aside");
        fs::rename(server.newsroom.articles_dir(), &aside).unwrap();
        assert_eq!(reindex(&server, "").state, JobState::Failed);
        assert_eq!(folder.generations().unwrap(), [first.clone(), second.clone()], "{content:?}");
        fs::rename(&aside, server.newsroom.articles_dir()).unwrap();
        newsroom = server.into_newsroom();
    }
    let server = TestServer::serve(newsroom, Service::open(config, Access::Write).unwrap());
    assert_eq!(reindex(&server, "").state, JobState::Succeeded);
    let ready = server.json("/ready");
    assert_eq!(ready["damage"], Value::Null);
    let newest = ready["generation"].as_str().unwrap().to_owned();
    assert_eq!(
        folder.generations().unwrap(),
        [second, newest],
        "the one that served is what to fall back to"
    );
}
