//! A disk of the cluster that is full stops no push.

use serde_json::{Value, json};

use crate::cluster_engine::{Prefix, article, get, put, reindex, total, until};
use crate::program::Process;

#[test]
fn what_is_pushed_while_a_disk_of_the_cluster_is_full_comes_in_by_itself() {
    let Some(prefix) = Prefix::of("what_is_pushed_while_a_disk_of_the_cluster_is_full_comes_in_by_itself")
    else {
        return;
    };
    let newsroom = prefix.newsroom(&[article(0, "물레방앗간 앞에서 잔치가 열렸다.")], &prefix.url);
    reindex(&newsroom);
    let mut writer = Process::start(newsroom.path(), None);
    writer.wait_until_ready().unwrap();
    // What a node does to its indexes at the last watermark.
    let settings = format!("{}/{}/_settings", prefix.url, prefix.indexes().remove(0));
    let block = |block: Value| {
        let body = json!({"index.blocks.read_only_allow_delete": block});
        let answer = prefix.client.put(&settings).json(&body).send().unwrap();
        assert!(answer.status().is_success(), "{answer:?}");
    };
    let mut pushed = 0;
    let blocked = || {
        // A node that has room takes its block back when it looks next.
        block(json!(true));
        pushed += 1;
        put(&writer, &article(100, &format!("달맞이꽃이 {pushed} 번 피었다.")), "");
        get(&writer, "/ready")
    };
    let says = |ready: &Value| ready["cluster"]["error"].as_str().is_some_and(|error| error.contains("disk"));
    until("the full disk is named", blocked, says);
    assert!(total(&writer, "물레방앗간") > 0, "searches go on");
    block(Value::Null);
    let last = format!("\"{pushed} 번\"");
    until("the last of them came in", || total(&writer, &last), |found| *found == 1);
    until(
        "nothing is wrong any more",
        || get(&writer, "/ready"),
        |ready| ready["cluster"]["error"].is_null(),
    );
}
