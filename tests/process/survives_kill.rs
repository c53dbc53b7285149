//! Nothing that was acknowledged is lost, whenever the process dies: `kill -9` at random and at every named step, while
//! articles are written, searches run and the index is rebuilt.
//!
//! 200 rounds by default; `GISA_KILL_ROUNDS=2000` for more. Each round starts the real program on what the round before
//! left behind and checks everything, so that damage cannot hide.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::newsroom::{self, Newsroom, TOKEN, articles};
use crate::program::{Process, gisa, kill_rounds, run};
use gisa::faults::{Area, FaultPoint};
use serde_json::json;

/// Writers at the same time, each with articles of its own.
const WRITERS: usize = 3;
const ARTICLES_EACH: u64 = 12;
/// What an article must be: the version that was acknowledged last, `None` where it was deleted; and what may have happened
/// to it since without an answer, where the process died in the middle.
#[derive(Debug, Clone, Default)]
struct Expected {
    acknowledged: Option<u64>,
    unanswered: Vec<Option<u64>>,
}

type State = BTreeMap<String, Expected>;

#[derive(Clone)]
struct Random(u64);

impl Random {
    fn next(&mut self, below: u64) -> u64 {
        // Knuth's MMIX generator.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

fn body(id: &str, version: u64) -> serde_json::Value {
    json!({"title": format!("속보 {id} 제{version}판"), "body": format!("가온시 소식이다. 표지는 {id}v{version}이다."), "outlet": "새벽신문"})
}

/// Writes and deletes until the process dies or `stop` is set.
fn write(process: &Process, state: &mut State, writer: usize, mut random: Random, stop: &AtomicBool) {
    while !stop.load(Ordering::Relaxed) {
        let count = 1 + random.next(3);
        let mut changes = Vec::new();
        for _ in 0..count {
            let id = format!("w{writer}x{}", random.next(ARTICLES_EACH));
            let deletes = count == 1 && random.next(4) == 0;
            changes.push((id, (!deletes).then(|| random.next(1_000_000_000))));
        }
        for (id, version) in &changes {
            state.entry(id.clone()).or_default().unanswered.push(*version);
        }
        let request = match changes.as_slice() {
            [(id, Some(version))] => {
                process.client.put(process.url(&format!("/api/articles/{id}"))).json(&body(id, *version))
            }
            [(id, None)] => process.client.delete(process.url(&format!("/api/articles/{id}"))),
            many => {
                let lines = many.iter().map(|(id, version)| {
                    let mut line = body(id, version.unwrap());
                    line["id"] = json!(id);
                    format!("{line}\n")
                });
                process
                    .client
                    .post(process.url("/api/articles"))
                    .header("content-type", "application/x-ndjson")
                    .body(lines.collect::<String>())
            }
        };
        match request.bearer_auth(TOKEN).send() {
            Ok(answer) if answer.status().is_success() => {
                // Half an answer is none.
                if answer.bytes().is_err() {
                    return;
                }
                for (id, version) in changes {
                    state.insert(id, Expected { acknowledged: version, unanswered: Vec::new() });
                }
            }
            Ok(answer) => panic!("{}: {}", answer.status(), answer.text().unwrap_or_default()),
            Err(_) => return,
        }
    }
}

/// Every article is what it must be. What was open is settled by this.
fn check(process: &Process, ready: &serde_json::Value, state: &mut State) {
    let mut present = 0;
    for (id, expected) in state.iter_mut() {
        let answer = process.client.get(process.url(&format!("/api/articles/{id}"))).send().unwrap();
        let found = match answer.status().as_u16() {
            404 => None,
            200 => {
                let article: serde_json::Value = answer.json().unwrap();
                let title = article["title"].as_str().unwrap().to_owned();
                Some(title.rsplit_once('제').unwrap().1.trim_end_matches('판').parse::<u64>().unwrap())
            }
            status => panic!("{id}: {status}"),
        };
        assert!(
            found == expected.acknowledged || expected.unanswered.contains(&found),
            "{id} is {found:?}, but should be {expected:?}"
        );
        *expected = Expected { acknowledged: found, unanswered: Vec::new() };
        present += u64::from(found.is_some());
    }
    assert_eq!(
        ready["articles"],
        articles().len() as u64 + present,
        "no article twice, none left over: {ready}"
    );
    assert_eq!(ready["damage"], json!(null), "{ready}");
    assert_eq!(ready["journal_damage"], json!([]), "{ready}");
    // Searches find a sample of them, and nothing of what was replaced.
    for (id, expected) in state.iter().filter(|(_, expected)| expected.acknowledged.is_some()).take(3) {
        let mark = format!("\"{id}v{}\"", expected.acknowledged.unwrap());
        let url = process.url(&newsroom::with_query("/api/search", &[("q", &mark)]));
        let answer: serde_json::Value = process.client.get(url).send().unwrap().json().unwrap();
        assert_eq!((&answer["total"], &answer["hits"][0]["id"]), (&json!(1), &json!(id)), "{mark}: {answer}");
    }
}

/// What a failed test found is worth a look: the folders are copied to where nothing removes them.
struct KeptOnPanic<'a>(&'a Path);

impl Drop for KeptOnPanic<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("killed-{}", std::process::id()));
            let copied = std::process::Command::new("cp")
                .args(["-a".as_ref(), self.0.as_os_str(), to.as_os_str()])
                .status();
            eprintln!("kept in {}: {copied:?}", to.display());
        }
    }
}

/// A newsroom whose settings make the files of the journal close early.
fn newsroom() -> Newsroom {
    let newsroom = Newsroom::new(&articles());
    let config = "listen = \"127.0.0.1:0\"\n[index]\nthreads = 1\nniceness = 0\nmemory_mb = 32\nkeep_free_mb = 1\njournal_file_mb = 0.02\n[log]\nlevel = \"warn,gisa=info\"\n";
    fs::write(newsroom.path().join("config.toml"), config).unwrap();
    newsroom
}

fn rounds(part: u64, area: Area) {
    let faults: Vec<FaultPoint> = FaultPoint::of(area).collect();
    let rounds = kill_rounds(200) / 2;
    let newsroom = newsroom();
    let _kept = KeptOnPanic(newsroom.path());
    let mut random = Random(part * 7919 + 1);
    let mut states: Vec<State> = vec![State::new(); WRITERS];
    let (mut named, mut died_by_itself) = (0, 0);
    for round in 0..rounds {
        // Every other round a named step, in turn; how often it is passed before the process dies there changes.
        let fault = (round % 2 == 1).then(|| {
            named += 1;
            let name = faults[(named - 1) as usize % faults.len()].name();
            format!("kill:{name}:{}", 1 + random.next(1 + (named - 1) / faults.len() as u64 * 2))
        });
        let mut process = Process::start(newsroom.path(), fault.as_deref());
        match process.wait_until_ready() {
            Ok(ready) => {
                let mut all: State = states.iter().flat_map(|state| state.clone()).collect();
                check_unless_dying(&mut process, fault.as_deref(), |process| {
                    check(process, &ready, &mut all)
                });
                for (writer, state) in states.iter_mut().enumerate() {
                    for (id, expected) in state.iter_mut() {
                        assert!(id.starts_with(&format!("w{writer}x")));
                        *expected = all[id].clone();
                    }
                }
            }
            Err(why) => assert!(fault.is_some(), "round {round}: it does not become ready: {why}"),
        }
        let stop = AtomicBool::new(false);
        let life = Duration::from_millis(20 + random.next(150));
        std::thread::scope(|scope| {
            for (writer, state) in states.iter_mut().enumerate() {
                let (process, random, stop) = (&process, Random(random.next(1 << 30) + writer as u64), &stop);
                scope.spawn(move || write(process, state, writer, random, stop));
            }
            let (searching, stop) = (&process, &stop);
            scope.spawn(move || {
                let url = searching
                    .url(&newsroom::with_query("/api/search", &[("q", "가온시 소식"), ("facets", "outlet")]));
                while !stop.load(Ordering::Relaxed) && searching.client.get(&url).send().is_ok() {}
            });
            let job = match round % 3 {
                1 => Some("/api/admin/reindex"),
                2 => {
                    // Of an article that is in another file too.
                    let mut late = body("a/1", round);
                    late["id"] = json!("a/1");
                    newsroom.write("late.jsonl", &format!("{late}\n"));
                    Some("/api/admin/reindex?changed=true")
                }
                _ => None,
            };
            if let Some(job) = job {
                let _ = process.client.post(process.url(job)).bearer_auth(TOKEN).send();
            }
            // Not a wait for anything: the process is to die at any moment of its work.
            std::thread::sleep(life);
            stop.store(true, Ordering::Relaxed);
            // The writers still wait for answers.
            process.kill_now();
        });
        died_by_itself += u64::from(fault.is_some() && process.has_ended());
        process.kill();
        if round % 25 == 24 {
            sound(newsroom.path(), round);
        }
    }
    sound(newsroom.path(), rounds);
    assert!(died_by_itself > 0 || rounds < 2);
}

/// In a round that is to die at a named step, the process may go while it is being checked.
fn check_unless_dying(process: &mut Process, fault: Option<&str>, check: impl FnOnce(&Process)) {
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| check(process)));
    if let Err(panic) = outcome
        && (fault.is_none() || !process.ends_soon())
    {
        std::panic::resume_unwind(panic);
    }
}

/// `gisa check` finds nothing: generations whole, checksums right, journal clean.
fn sound(folder: &Path, round: u64) {
    // What a killed start left half-done, the next start puts right.
    let mut process = Process::start(folder, None);
    process.wait_until_ready().unwrap();
    let (status, log) = process.terminate();
    assert!(status.success(), "{log}");
    let checked = run(folder, &["check"]);
    let text =
        String::from_utf8_lossy(&checked.stdout).into_owned() + &String::from_utf8_lossy(&checked.stderr);
    assert!(checked.status.success(), "round {round}: {text}");
}

#[test]
fn killed_at_steps_of_the_journal() {
    rounds(1, Area::Journal);
}

#[test]
fn killed_at_steps_of_the_index() {
    rounds(2, Area::Index);
}

/// The rounds above may miss a step; here the process dies at each one, or the test fails.
#[test]
fn killed_at_every_step_there_is() {
    let newsroom = newsroom();
    let _kept = KeptOnPanic(newsroom.path());
    // With two generations on disk the next reindex has one to retire.
    for _ in 0..2 {
        assert!(run(newsroom.path(), &["reindex"]).status.success());
    }
    let mut state = State::new();
    for point in FaultPoint::ALL {
        match point.area() {
            Area::Index => dies_while_indexing(newsroom.path(), *point, &mut state),
            Area::Import => dies_while_importing(*point),
            // Those in tests/faults die at each of these.
            Area::Journal | Area::Versions | Area::Alerts | Area::Backup => {}
        }
    }
    sound(newsroom.path(), 0);
}

/// Articles are written and the index is rebuilt until the process dies at `point`.
fn dies_while_indexing(folder: &Path, point: FaultPoint, state: &mut State) {
    let fault = format!("kill:{}:1", point.name());
    let mut process = Process::start(folder, Some(&fault));
    // It may die before it is ready, while it catches up with the journal.
    if let Ok(ready) = process.wait_until_ready() {
        check_unless_dying(&mut process, Some(&fault), |process| check(process, &ready, state));
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| write(&process, state, 0, Random(point as u64), &stop));
            let url = process.url("/api/admin/reindex?follow=true");
            let _ = process.client.post(url).bearer_auth(TOKEN).send().and_then(|answer| answer.bytes());
            stop.store(true, Ordering::Relaxed);
        });
    }
    assert!(process.ends_soon(), "nobody died at {point:?}");
}

/// A file is imported whole or not at all, and the next attempt succeeds.
fn dies_while_importing(point: FaultPoint) {
    let newsroom = newsroom();
    let file = newsroom.path().join("more.jsonl");
    fs::write(&file, body("more", 1).to_string()).unwrap();
    let import = |fault: &str| {
        let mut command = gisa(newsroom.path());
        command.arg("import").arg(&file).env("GISA_FAULT", fault).output().unwrap()
    };
    assert!(!import(&format!("kill:{}:1", point.name())).status.success(), "nobody died at {point:?}");
    assert!(!newsroom.articles_dir().join("more.jsonl").exists(), "{point:?}");
    let output = import("");
    assert!(output.status.success(), "{output:?}");
}
