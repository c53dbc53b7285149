//! A reindex that was begun over HTTP copies into the cluster, and can be cancelled while it does.

use std::time::Duration;

use serde_json::{Value, json};

use crate::cluster_engine::{Prefix, article, reindex, search, until};
use crate::cluster_proxy::{Proxy, Way};
use crate::newsroom::{TOKEN, lines};
use crate::program::Process;

fn job(server: &Process, id: &str) -> Value {
    let asked = server.client.get(server.url(&format!("/api/admin/jobs/{id}"))).bearer_auth(TOKEN);
    let mut answer: Value = asked.send().unwrap().json().unwrap();
    answer["job"].take()
}

#[test]
fn a_reindex_over_http_is_cancelled_while_it_copies_and_then_done() {
    let Some(prefix) = Prefix::of("a_reindex_over_http_is_cancelled_while_it_copies_and_then_done") else {
        return;
    };
    let articles: Vec<Value> = (0..60).map(|id| article(id, "물레방앗간 앞에서 잔치가 열렸다.")).collect();
    let proxy = Proxy::before(&prefix.url);
    let newsroom = prefix.newsroom(&articles, &proxy.url);
    reindex(&newsroom);
    let mut writer = Process::start(newsroom.path(), None);
    writer.wait_until_ready().unwrap();
    let serves = || {
        let alias = format!("{}/_alias/{}", prefix.url, prefix.name);
        let named: Value = prefix.client.get(alias).send().unwrap().json().unwrap();
        named.as_object().unwrap().keys().cloned().collect::<Vec<_>>()
    };
    let before = serves();
    newsroom.write("more.jsonl", &lines(&[article(100, "달맞이꽃이 피었다.")]));

    proxy.set(Way::Slow(Duration::from_millis(400)));
    let begun = writer.client.post(writer.url("/api/admin/reindex")).bearer_auth(TOKEN).send().unwrap();
    assert_eq!(begun.status(), 202);
    let begun: Value = begun.json().unwrap();
    let id = begun["job"]["id"].as_str().unwrap_or_else(|| panic!("{begun}")).to_owned();
    until("it copies", || job(&writer, &id), |job| job["phase"] == "copying");
    let cancel = writer.client.delete(writer.url(&format!("/api/admin/jobs/{id}"))).bearer_auth(TOKEN);
    assert!(cancel.send().unwrap().status().is_success());
    proxy.set(Way::Open);
    let ended = until("it has ended", || job(&writer, &id), |job| job["finished_at"] != Value::Null);
    assert_eq!(ended["state"], "cancelled", "{ended}");
    assert_eq!(serves(), before, "what served before serves on");
    assert_eq!(search(&writer, &[("q", ""), ("size", "0")])["total"], 60);

    let followed = writer.client.post(writer.url("/api/admin/reindex?follow=true")).bearer_auth(TOKEN);
    let followed = followed.send().unwrap().text().unwrap();
    let last: Value = serde_json::from_str(followed.lines().last().unwrap()).unwrap();
    assert_eq!(last["state"], "succeeded", "{last}");
    until(
        "all of it is found",
        || search(&writer, &[("q", ""), ("size", "0")])["total"].clone(),
        |n| *n == json!(61),
    );
    assert_ne!(serves(), before);
    assert_eq!(prefix.indexes().len(), 2, "what the cancelled one left is gone");
}
