//! Saved searches while the disk fails or the process dies: what was acknowledged is there, and nothing is half there.
#![cfg(debug_assertions)]

use std::path::Path;

use gisa::alerts::{Delivery, Format, SavedSearch, SavedSearches, Target, When};
use gisa::article::Timestamp;
use gisa::faults::{self, Area, Fault, FaultPoint};
use serde_json::Map;

use crate::{kill_at_each_step, turn};

const URL: &str = "http://hooks.example/a";
const MAILBOX: &str = "desk@newsroom.example";

fn search(title: &str) -> SavedSearch {
    SavedSearch {
        title: title.to_owned(),
        params: Map::new(),
        deliver: vec![
            Target::Webhook { url: URL.to_owned(), secret: None, format: Format::Gisa },
            Target::Email { to: vec![MAILBOX.to_owned()] },
        ],
        when: When::AtOnce,
        paused: false,
        filter: None,
        saved_at: Timestamp::from_seconds(1),
    }
}

fn delivery(last: u64) -> Delivery {
    Delivery { at: Timestamp::from_seconds(2), first: last, last, hits: 1, error: None }
}

/// Saves, delivers and removes; says after each step what was acknowledged.
fn work(dir: &Path, mut acknowledged: impl FnMut(&str)) -> Result<(), String> {
    let saved = SavedSearches::open(dir);
    saved.put("one", search("금리"), 5).map_err(|error| error.to_string())?;
    acknowledged("one");
    let entry = saved.get("one").map_err(|error| error.to_string())?.ok_or("it is gone")?;
    entry.addressees("one").for_each(|to| saved.confirmed(&to, delivery(7), 8));
    saved.write_down().map_err(|error| error.to_string())?;
    acknowledged("8");
    saved.put("two", search("환율"), 9).map_err(|error| error.to_string())?;
    acknowledged("two");
    Ok(())
}

/// What was acknowledged is there.
fn assert_kept(dir: &Path, acknowledged: &[String], case: &str) {
    let all = SavedSearches::open(dir).all().unwrap_or_else(|error| panic!("{case}: {error}"));
    for step in acknowledged {
        match step.as_str() {
            "8" => {
                for address in [URL, &format!("mailto:{MAILBOX}")] {
                    assert_eq!(all["one"].targets[address].delivered, 8, "{case}: {address}");
                }
            }
            name => assert!(all.contains_key(name), "{case}: {name} is gone"),
        }
    }
}

#[test]
fn whichever_step_fails_what_was_acknowledged_is_there() {
    let _turn = turn();
    for point in FaultPoint::of(Area::Alerts) {
        for passing in 1..4 {
            let folder = tempfile::tempdir().unwrap();
            let mut steps = Vec::new();
            faults::arm(Some(Fault::FailAt(point, passing)));
            let outcome = work(folder.path(), |step| steps.push(step.to_owned()));
            faults::arm(None);
            if let Err(said) = outcome {
                assert!(said.contains("searches.json"), "names the file: {said}");
            }
            assert_kept(folder.path(), &steps, &format!("{point:?}, {passing}"));
            work(folder.path(), |_| {}).unwrap();
        }
    }
}

/// Not a test by itself: the process that dies.
#[test]
fn dies() {
    let Some(dir) = std::env::var_os("GISA_TEST_ALERTS") else { return };
    let dir = Path::new(&dir);
    let mut steps = String::new();
    work(dir, |step| {
        steps.push_str(&format!("{step}\n"));
        std::fs::write(dir.join("acknowledged"), &steps).unwrap();
    })
    .unwrap();
}

#[test]
fn wherever_the_process_dies_what_was_acknowledged_is_there() {
    let _turn = turn();
    kill_at_each_step(Area::Alerts, "alerts_faults::dies", "GISA_TEST_ALERTS", |folder, case| {
        let text = std::fs::read_to_string(folder.join("acknowledged")).unwrap_or_default();
        let steps: Vec<String> = text.lines().map(str::to_owned).collect();
        assert_kept(folder, &steps, case);
    });
}
