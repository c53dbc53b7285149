//! Servers that only read have the keys of the writer, by way of the cluster, and let nobody in by a key that they cannot check.

use std::fs;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::cluster_engine::{Prefix, article, configure, reindex, until};
use crate::cluster_proxy::{Proxy, Way};
use crate::newsroom::{Newsroom, TOKEN};
use crate::program::{Process, run};

/// After so long a change is in force, and whoever cannot ask any more is closed.
const IN_FORCE: Duration = Duration::from_secs(10);
/// From the change until it was noticed here, on a busy machine.
const SLACK: Duration = Duration::from_secs(5);

fn add(newsroom: &Newsroom, arguments: &[&str]) -> String {
    let added = run(newsroom.path(), &[&["key", "add"], arguments].concat());
    assert!(added.status.success(), "{added:?}");
    String::from_utf8(added.stdout).unwrap().trim().to_owned()
}

fn remove(newsroom: &Newsroom, name: &str) {
    assert!(run(newsroom.path(), &["key", "remove", name]).status.success());
}

/// The status of a search with a key, and its total or code.
fn searched(server: &Process, key: Option<&str>) -> (u16, Value) {
    let request = server.client.get(server.url("/api/search?q=&size=0"));
    let request = if let Some(key) = key { request.bearer_auth(key) } else { request };
    let answer = request.send().unwrap();
    let status = answer.status().as_u16();
    let said: Value = answer.json().unwrap();
    (status, if status == 200 { said["total"].clone() } else { said["code"].clone() })
}

fn refused(status: u16, code: &str) -> (u16, Value) {
    (status, json!(code))
}

/// Waits until a search with `key` is answered like that, for as long as a change may take.
fn soon(server: &Process, key: Option<&str>, expected: &(u16, Value)) {
    let began = Instant::now();
    let asked = || {
        // What is not a key yet counts as a wrong one, and twenty a minute are enough.
        std::thread::sleep(Duration::from_millis(700));
        searched(server, key)
    };
    until(&format!("{expected:?}"), asked, |seen| seen == expected);
    assert!(began.elapsed() < IN_FORCE + SLACK, "{expected:?} after {:?}", began.elapsed());
}

#[test]
fn a_key_of_the_writer_is_in_force_on_servers_that_only_read() {
    let Some(prefix) = Prefix::of("a_key_of_the_writer_is_in_force_on_servers_that_only_read") else {
        return;
    };
    let mut articles: Vec<Value> = (0..5).map(|id| article(id, "물레방앗간 앞에서 잔치가 열렸다.")).collect();
    articles[0]["outlet"] = json!("저녁일보");
    let writer_room = prefix.newsroom(&articles, &prefix.url);
    configure(&writer_room, "[auth]\nreading = \"closed\"\n");
    let early = add(&writer_room, &["early", "--scope", "read"]);
    reindex(&writer_room);
    // This one's own settings close nothing: it is no more open than the writer.
    let audit = tempfile::tempdir().unwrap();
    let log = audit.path().join("audit.log");
    let (room, mut reader) = prefix.reader_of(
        std::slice::from_ref(&prefix.url),
        &format!("[log]\naudit_file = \"{}\"\n", log.display()),
    );
    let ready = reader.wait_until_ready().unwrap();
    assert_eq!((&ready["keys"], &ready["articles"]), (&Value::Null, &Value::Null), "{ready}");
    assert_eq!(searched(&reader, Some(&early)), (200, json!(5)), "a reindex has put it there");
    assert_eq!(searched(&reader, None), refused(401, "unauthorized"));
    assert_eq!(searched(&reader, Some("gisa_0123")), refused(401, "unauthorized"));
    let page = reader.client.get(reader.url("/")).send().unwrap();
    assert!(page.status().is_redirection() || page.url().path().ends_with("sign-in"), "{page:?}");

    let mut writer = Process::start(writer_room.path(), None);
    writer.wait_until_ready().unwrap();
    let late = add(&writer_room, &["late", "--scope", "read", "--filter", "outlet=저녁일보"]);
    soon(&reader, Some(&late), &(200, json!(1)));
    let push = add(&writer_room, &["cms", "--scope", "push"]);
    soon(&reader, Some(&push), &refused(403, "forbidden"));
    remove(&writer_room, "late");
    soon(&reader, Some(&late), &refused(401, "unauthorized"));

    // Never in clear; and what is done with a key is in the log of the server that was asked.
    let kept = prefix
        .client
        .get(format!("{}/{}/_search", prefix.url, prefix.keys()))
        .send()
        .unwrap()
        .text()
        .unwrap();
    assert!(kept.contains("sha256") && !kept.contains(&early) && !kept.contains(&push), "{kept}");
    let pushed =
        reader.client.put(reader.url("/api/articles/x")).bearer_auth(&push).json(&json!({"title": "x"}));
    assert_eq!(pushed.send().unwrap().status(), 409);
    let noted =
        until("it is noted", || fs::read_to_string(&log).unwrap_or_default(), |noted| noted.ends_with('\n'));
    let noted: Value = serde_json::from_str(noted.lines().next().unwrap()).unwrap();
    assert_eq!((&noted["who"], &noted["by"], &noted["status"]), (&json!("cms"), &json!("key"), &json!(409)));

    // Keys are of the prefix: a reindex does not replace them. What the writer cannot read opens nothing.
    reindex_beside_the_server(&writer);
    assert_eq!(searched(&reader, Some(&early)), (200, json!(5)));
    let file = writer_room.path().join("data/keys.toml");
    let sound = fs::read(&file).unwrap();
    fs::write(&file, "spoilt").unwrap();
    soon(&reader, Some(&early), &refused(503, "keys_unavailable"));
    fs::write(&file, sound).unwrap();
    soon(&reader, Some(&early), &(200, json!(5)));

    // Without the writer, keys stay what they are; the token for administration needs none.
    writer.kill();
    std::thread::sleep(IN_FORCE + Duration::from_secs(1));
    assert_eq!(searched(&reader, Some(&early)), (200, json!(5)));
    assert_eq!(searched(&reader, Some(TOKEN)), (200, json!(5)));
    drop(room);
}

fn reindex_beside_the_server(writer: &Process) {
    let url = writer.url("/api/admin/reindex?follow=true");
    let said = writer.client.post(url).bearer_auth(TOKEN).send().unwrap().text().unwrap();
    assert!(said.lines().last().unwrap_or_default().contains("succeeded"), "{said}");
}

#[test]
fn a_server_that_cannot_ask_for_keys_is_closed() {
    let Some(prefix) = Prefix::of("a_server_that_cannot_ask_for_keys_is_closed") else { return };
    let articles: Vec<Value> = (0..3).map(|id| article(id, "물레방앗간 앞에서 잔치가 열렸다.")).collect();
    let newsroom = prefix.newsroom(&articles, &prefix.url);
    reindex(&newsroom);
    let proxy = Proxy::before(&prefix.url);
    let (_room, mut reader) = prefix.reader(&proxy.url);
    reader.wait_until_ready().unwrap();
    // The writer has no keys, and says so: what is open there is open here.
    assert_eq!(searched(&reader, None), (200, json!(3)));
    let key = add(&newsroom, &["one", "--scope", "read"]);
    let mut writer = Process::start(newsroom.path(), None);
    writer.wait_until_ready().unwrap();
    soon(&reader, Some(&key), &(200, json!(3)));

    proxy.set(Way::Cut);
    let closed = refused(503, "keys_unavailable");
    soon(&reader, Some(&key), &closed);
    assert_eq!(searched(&reader, None), closed, "whether reading is open is not known either");
    assert_eq!(searched(&reader, Some("gisa_0123")), closed, "nobody can say that it is wrong");
    // Whoever needs no key is told of the cluster, or answered from what is remembered.
    assert_ne!(searched(&reader, Some(TOKEN)), closed);
    let page = reader.client.get(reader.url("/?lang=ko")).send().unwrap();
    assert_eq!(page.status(), 503);
    assert!(page.text().unwrap().contains("지금은 키를 확인할 수 없습니다"));
    let metrics = || reader.client.get(reader.url("/metrics")).send().unwrap().text().unwrap();
    assert!(metrics().contains("gisa_keys_unavailable 1"), "{}", metrics());
    proxy.set(Way::Open);
    soon(&reader, Some(&key), &(200, json!(3)));
    assert!(metrics().contains("gisa_keys_unavailable 0"));

    // As if the writer were of a version that says nothing: that is not the same as none.
    writer.kill();
    let index = format!("{}/{}", prefix.url, prefix.keys());
    prefix.client.delete(&index).send().unwrap();
    soon(&reader, Some(&key), &closed);
    assert_eq!(searched(&reader, None), closed);
    let ready = reader.client.get(reader.url("/ready")).send().unwrap();
    assert_eq!(ready.status(), 503);
    assert_eq!(ready.json::<Value>().unwrap()["code"], "keys_unavailable");
    let mut writer = Process::start(newsroom.path(), None);
    writer.wait_until_ready().unwrap();
    soon(&reader, Some(&key), &(200, json!(3)));
    reader.wait_until_ready().unwrap();

    // What somebody spoils is closed, and then mended by the writer.
    writer.kill();
    let spoil = prefix.client.put(format!("{index}/_doc/keys")).json(&json!({"text": {"keys": 7}}));
    assert!(spoil.send().unwrap().status().is_success());
    soon(&reader, Some(&key), &closed);
    let mut writer = Process::start(newsroom.path(), None);
    writer.wait_until_ready().unwrap();
    soon(&reader, Some(&key), &(200, json!(3)));
}
