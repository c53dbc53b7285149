//! The disk fails at every step of the journal's work, and the process dies at every step: what was acknowledged is there.
#![cfg(debug_assertions)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use gisa::article::ArticleId;
use gisa::faults::{self, Area, Fault, FaultPoint};
use gisa::journal::{Change, Journal, JournalError, JournalOptions, NewEntry, compact, read};
use serde_json::value::RawValue;

use crate::turn;

const ROLL_BYTES: u64 = 300;

fn open(dir: &Path, known_sequence: u64) -> Result<Journal, JournalError> {
    let options = JournalOptions { roll_bytes: ROLL_BYTES, known_sequence };
    Journal::open(dir, options).map(|(journal, _)| journal)
}

/// What a client knows of the journal.
#[derive(Default)]
struct Client {
    /// Of each article the acknowledged change, and its number.
    acknowledged: BTreeMap<String, (u64, String)>,
    /// Changes whose fate is unknown: the answer was an error, or none came.
    unknown: BTreeSet<(String, String)>,
    /// What the last write sent, in order.
    sent: Vec<(String, String)>,
    highest: u64,
    durable: u64,
    errors: Vec<String>,
}

impl Client {
    fn failed(&mut self, error: &JournalError) {
        let text = error.to_string();
        assert!(text.contains("/articles"), "names no file: {text}");
        assert!(text.contains("; "), "says not what to do: {text}");
        self.errors.push(text);
    }

    /// Appends a group and then another, and syncs both at once.
    fn write(&mut self, journal: &mut Journal, round: usize) {
        let mut appended = Vec::new();
        self.sent.clear();
        for part in 0..2 {
            let changes: Vec<(String, String)> = (0..2)
                .map(|at| {
                    (
                        format!("기사 {}", (round + part + at) % 5),
                        format!("{{\"no\":\"{round}-{part}-{at}\"}}"),
                    )
                })
                .collect();
            let entries: Vec<NewEntry> = changes
                .iter()
                .map(|(id, json)| NewEntry {
                    id: ArticleId::new(id).unwrap(),
                    change: match round % 4 {
                        3 => Change::Delete,
                        _ => Change::Put { json: RawValue::from_string(json.clone()).unwrap() },
                    },
                })
                .collect();
            let said = |json: String| if round % 4 == 3 { "deleted".to_owned() } else { json };
            let changes: Vec<_> = changes.into_iter().map(|(id, json)| (id, said(json))).collect();
            self.sent.extend(changes.iter().cloned());
            match journal.append(&entries) {
                Ok(given) => {
                    assert!(*given.start() > self.highest, "{given:?} was given before");
                    self.highest = *given.end();
                    appended.extend(given.zip(changes));
                }
                Err(error) => {
                    self.failed(&error);
                    self.unknown.extend(changes);
                }
            }
        }
        match journal.sync() {
            Ok(durable) => {
                assert_eq!(durable, journal.last_sequence());
                assert!(durable >= appended.iter().map(|(sequence, _)| *sequence).max().unwrap_or(0));
                self.durable = durable;
                self.acknowledged
                    .extend(appended.into_iter().map(|(sequence, (id, json))| (id, (sequence, json))));
            }
            Err(error) => {
                self.failed(&error);
                self.unknown.extend(appended.into_iter().map(|(_, change)| change));
            }
        }
    }

    /// Each article is as it was acknowledged last, or as a change of unknown fate says.
    fn check(&self, dir: &Path, case: &str) {
        let mut state = BTreeMap::new();
        for entry in read(dir, 0, u64::MAX) {
            let entry = entry.unwrap();
            let said = match &entry.change {
                Change::Put { json } => json.get().to_owned(),
                Change::Delete => "deleted".to_owned(),
            };
            state.insert(entry.id.to_string(), (entry.sequence, said));
        }
        for (id, acknowledged) in &self.acknowledged {
            let found = state.get(id).unwrap_or_else(|| panic!("{case}: {id} is lost"));
            let unknown = found.0 > acknowledged.0 && self.unknown.contains(&(id.clone(), found.1.clone()));
            assert!(found == acknowledged || unknown, "{case}: {id} is {found:?}, not {acknowledged:?}");
        }
        for (id, (_, said)) in &state {
            let known =
                self.acknowledged.contains_key(id) || self.unknown.contains(&(id.clone(), said.clone()));
            assert!(known, "{case}: {id} was never put");
        }
    }
}

/// Opens, appends, syncs, rolls over and compacts. What fails is tried again, as a server would with the next request.
fn script(dir: &Path, client: &mut Client) {
    let mut journal = None;
    for round in 0..6 {
        if journal.is_none() || round == 4 {
            journal = match open(dir, client.durable) {
                Ok(journal) => {
                    client.highest = client.highest.min(journal.last_sequence());
                    Some(journal)
                }
                Err(error) => {
                    client.failed(&error);
                    None
                }
            };
        }
        if let Some(journal) = &mut journal {
            client.write(journal, round);
        }
        if round % 3 == 2 {
            if let Err(error) = compact(dir, u64::MAX, || true) {
                client.failed(&error);
            }
            if let Some(Err(error)) = read(dir, 0, client.durable).find(Result::is_err) {
                client.failed(&error);
            }
        }
    }
}

/// Runs the script with a fault, then checks with none, and that the journal goes on.
fn run(fault: Fault) -> (Client, u64) {
    let case = format!("{fault:?}");
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("articles/pushed");
    let mut client = Client::default();
    faults::arm(Some(fault));
    script(&dir, &mut client);
    let passed = faults::passed();
    faults::arm(None);
    client.check(&dir, &case);
    let mut journal = open(&dir, client.durable).unwrap();
    client.check(&dir, &case);
    let errors = client.errors.len();
    client.highest = journal.last_sequence();
    client.write(&mut journal, 1);
    compact(&dir, u64::MAX, || true).unwrap();
    client.check(&dir, &case);
    assert_eq!(client.errors.len(), errors, "{case}: it does not go on");
    drop(journal);
    let (_, recovery) =
        Journal::open(&dir, JournalOptions { roll_bytes: ROLL_BYTES, known_sequence: 0 }).unwrap();
    assert!(recovery.missing.is_empty(), "{case}: {recovery:?}");
    client.check(&dir, &case);
    (client, passed)
}

#[test]
fn whichever_operation_fails_nothing_acknowledged_is_lost() {
    let _turn = turn();
    let (client, steps) = run(Fault::Fail(u64::MAX));
    assert!(client.errors.is_empty() && client.unknown.is_empty(), "{:?}", client.errors);
    let mut failed = 0;
    for step in 1..=steps {
        failed += usize::from(!run(Fault::Fail(step)).0.errors.is_empty());
        if step % 5 == 0 {
            run(Fault::FailFrom(step));
        }
    }
    // Few may fail without a word: what can be done again later, and what only tidies up.
    assert!(failed as u64 * 2 > steps, "{failed} of {steps} were reported");
}

#[test]
fn every_named_step_fails_for_each_of_its_passings() {
    let _turn = turn();
    for point in FaultPoint::of(Area::Journal) {
        for passing in [1, 3] {
            run(Fault::FailAt(point, passing));
        }
    }
}

/// Not a test by itself: the process that dies. It prints each acknowledgement once it is one.
#[test]
fn dies() {
    use std::io::Write as _;
    let Some(dir) = std::env::var_os("GISA_TEST_JOURNAL") else { return };
    let dir = Path::new(&dir);
    let mut client = Client::default();
    let mut journal = open(dir, 0).unwrap();
    let mut out = std::io::stderr().lock();
    for round in 0..8 {
        client.write(&mut journal, round);
        assert!(client.errors.is_empty());
        writeln!(out, "acknowledged {round}").unwrap();
        if round % 3 == 2 {
            compact(dir, u64::MAX, || true).unwrap();
        }
    }
}

#[test]
fn killed_at_every_named_step_nothing_acknowledged_is_lost() {
    let _turn = turn();
    let mut killed = BTreeSet::new();
    for point in FaultPoint::of(Area::Journal) {
        for passing in [1, 2, 5] {
            let folder = tempfile::tempdir().unwrap();
            let dir = folder.path().join("articles/pushed");
            // A death in the middle of a compaction or of setting aside needs something that was there before.
            if matches!(
                point,
                FaultPoint::JournalSetAside | FaultPoint::JournalTruncate | FaultPoint::JournalRemoveLeftover
            ) {
                std::fs::create_dir_all(&dir).unwrap();
                std::fs::write(dir.join("00000000000000000001.jsonl"), "{\"crc\":\"torn").unwrap();
                std::fs::write(dir.join("00000000000000000001.jsonl.new"), "").unwrap();
            }
            let output = Command::new(std::env::current_exe().unwrap())
                .args(["journal_faults::dies", "--exact", "--nocapture", "--test-threads=1"])
                .env("GISA_TEST_JOURNAL", &dir)
                .env("GISA_FAULT", format!("kill:{}:{passing}", point.name()))
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(!said.contains("panicked"), "{point:?}: {said}");
            if !output.status.success() {
                killed.insert(point);
            }
            // What the dead process had acknowledged, said again without a fault.
            let rounds = said.lines().filter(|line| line.starts_with("acknowledged ")).count();
            let mut client = Client::default();
            let twin = tempfile::tempdir().unwrap();
            let mut journal = open(&twin.path().join("pushed"), 0).unwrap();
            for round in 0..rounds {
                client.write(&mut journal, round);
            }
            let acknowledged = client.acknowledged.clone();
            client.write(&mut journal, rounds);
            client.acknowledged = acknowledged;
            client.unknown.extend(client.sent.drain(..));

            let case = format!("killed at {point:?}, {passing}");
            let mut journal = open(&dir, 0).unwrap();
            client.check_numbers_apart(&dir, &case);
            client.highest = journal.last_sequence();
            client.write(&mut journal, rounds + 1);
            assert!(client.errors.is_empty(), "{case}: {:?}", client.errors);
        }
    }
    let unreached: Vec<_> = FaultPoint::of(Area::Journal).filter(|point| !killed.contains(point)).collect();
    assert!(unreached.is_empty(), "nobody died at {unreached:?}");
}

impl Client {
    /// [`Self::check`] where the numbers are another journal's.
    fn check_numbers_apart(&self, dir: &Path, case: &str) {
        let mut state = BTreeMap::new();
        for entry in read(dir, 0, u64::MAX) {
            let entry = entry.unwrap();
            let said = match &entry.change {
                Change::Put { json } => json.get().to_owned(),
                Change::Delete => "deleted".to_owned(),
            };
            state.insert(entry.id.to_string(), said);
        }
        for (id, (_, said)) in &self.acknowledged {
            let found = state.get(id).unwrap_or_else(|| panic!("{case}: {id} is lost"));
            let unknown = self.unknown.contains(&(id.clone(), found.clone()));
            assert!(found == said || unknown, "{case}: {id} is {found}, not {said}");
        }
    }
}
