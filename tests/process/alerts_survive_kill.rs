//! What was acknowledged, pushed or dropped in as a file, is delivered at least once and in order, however often the process dies: `kill -9` at random, and at steps of
//! writing down what was delivered.
//!
//! 16 rounds by default; `GISA_KILL_ROUNDS=2000` for 200.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use gisa::faults::{Area, FaultPoint};
use serde_json::json;

use crate::mail_server::MailServer;
use crate::newsroom::{Newsroom, TOKEN};
use crate::program::{Process, kill_rounds, run};
use crate::receiver::Receiver;

/// How long the last deliveries are waited for.
const PATIENCE: Duration = Duration::from_secs(120);

fn newsroom(mails: &MailServer) -> Newsroom {
    Newsroom::configured(&format!(
        "niceness = 0\nkeep_free_mb = 1\n[alerts]\nallow_hosts = [\"127.0.0.1\"]\nsmtp_host = \"127.0.0.1\"\nsmtp_port = {}\n\
         smtp_security = \"none\"\nsmtp_from = \"gisa@newsroom.example\"\n[log]\nlevel = \"warn,gisa=info\"\n",
        mails.port()
    ))
}

/// Saves the search; whether that was acknowledged.
fn save(process: &Process, url: &str) -> bool {
    let deliver =
        json!([{"kind": "webhook", "url": url}, {"kind": "email", "to": ["desk@newsroom.example"]}]);
    let body = json!({"title": "수소트램", "params": {"q": "수소트램"}, "deliver": deliver});
    let request = process.client.put(process.url("/api/searches/tram")).bearer_auth(TOKEN).json(&body);
    request.send().is_ok_and(|answer| answer.status().is_success())
}

/// Pushes an article; whether that was acknowledged.
fn push(process: &Process, number: usize) -> bool {
    let body = json!({"title": format!("수소트램 소식 {number}"), "body": "수소트램이 달린다."});
    let url = process.url(&format!("/api/articles/n{number}"));
    let answer = process.client.put(url).bearer_auth(TOKEN).json(&body).send();
    answer.is_ok_and(|answer| answer.status().is_success() && answer.bytes().is_ok())
}

/// Drops in a file of three articles and lets what has changed be read; whether that came to its end.
fn drop_in(process: &Process, newsroom: &Newsroom, number: usize) -> bool {
    let lines = (0..3).map(|part| {
        let article = json!({"id": format!("f{number}-{part}"), "title": "수소트램 하루", "body": "수소트램이 달린다."});
        format!("{article}\n")
    });
    let path = newsroom.articles_dir().join(format!("day-{number}.jsonl"));
    std::fs::write(path, lines.collect::<String>()).unwrap();
    let request = process.client.post(process.url("/api/admin/reindex?changed=true&follow=true"));
    let answer = request.bearer_auth(TOKEN).send().and_then(|answer| answer.text());
    answer.is_ok_and(|lines| lines.lines().last().is_some_and(|line| line.contains("\"succeeded\"")))
}

#[test]
fn what_was_acknowledged_is_delivered_in_order_after_every_kill() {
    let rounds = kill_rounds(160) / 10;
    let faults: Vec<FaultPoint> = FaultPoint::of(Area::Alerts).collect();
    let (receiver, mails) = (Receiver::start(), MailServer::start());
    let newsroom = newsroom(&mails);
    let url = receiver.url("/hook");
    let (mut acknowledged, mut number, mut is_saved) = (BTreeSet::new(), 0, false);
    for round in 0..rounds {
        let fault = (round % 2 == 1)
            .then(|| format!("kill:{}:{}", faults[round as usize / 2 % faults.len()].name(), 1 + round / 3));
        let mut process = Process::start(newsroom.path(), fault.as_deref());
        if process.wait_until_ready().is_ok() {
            is_saved = is_saved || save(&process, &url);
            let life = Duration::from_millis(200 + round * 397 % 1_100);
            let began = Instant::now();
            // Only what comes after it was saved has to be delivered.
            while is_saved && began.elapsed() < life {
                number += 1;
                if !push(&process, number) {
                    break;
                }
                acknowledged.insert(format!("n{number}"));
                if number % 8 == 0 && drop_in(&process, &newsroom, number) {
                    acknowledged.extend((0..3).map(|part| format!("f{number}-{part}")));
                }
            }
        }
        process.kill();
    }
    assert!(acknowledged.len() as u64 > rounds, "only {} were acknowledged", acknowledged.len());

    let mut process = Process::start(newsroom.path(), None);
    process.wait_until_ready().unwrap();
    let (mut seen, mut last, mut all) = (BTreeSet::new(), 0, 0);
    let mut sequences = BTreeSet::new();
    let give_up = Instant::now() + PATIENCE;
    while !acknowledged.is_subset(&seen) {
        assert!(Instant::now() < give_up, "{:?} were never delivered", acknowledged.difference(&seen));
        for hit in receiver.next().json()["hits"].as_array().unwrap() {
            let sequence = hit["sequence"].as_u64().unwrap();
            all += 1;
            sequences.insert(sequence);
            if seen.insert(hit["id"].as_str().unwrap().to_owned()) {
                assert!(sequence > last, "{sequence} came after {last}");
                last = sequence;
            }
        }
    }
    // A mailbox gets a mail a minute; who saves the search again gets the rest at once.
    assert!(save(&process, &url));
    let (mut told, mut count) = (0, 0);
    while told < last {
        let (first, up_to) = mails.next().sequences();
        let missed = sequences.range(told + 1..first.max(told + 1)).next();
        assert_eq!(missed, None, "a mail begins with {first}, the one before ended with {told}");
        told = told.max(up_to);
        count += 1;
    }
    eprintln!("{count} mails told of them all");
    eprintln!("{} acknowledged, {} delivered, {} of them again", acknowledged.len(), all, all - seen.len());
    process.kill();
    let checked = run(newsroom.path(), &["check"]);
    let said = String::from_utf8_lossy(&checked.stdout).into_owned();
    assert!(checked.status.success() && said.contains("searches  sound: 1 saved"), "{said}");
}
