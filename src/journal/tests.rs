//! The journal against a list in memory.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use serde_json::value::RawValue;

use super::*;
use crate::article::ArticleId;

fn put(id: &str, text: &str) -> NewEntry {
    let json = serde_json::to_string(&serde_json::json!({ "title": text })).unwrap();
    NewEntry {
        id: ArticleId::new(id).unwrap(),
        change: Change::Put { json: RawValue::from_string(json).unwrap() },
    }
}

fn delete(id: &str) -> NewEntry {
    NewEntry { id: ArticleId::new(id).unwrap(), change: Change::Delete }
}

fn open(dir: &Path, roll_bytes: u64) -> (Journal, Recovery) {
    Journal::open(dir, JournalOptions { roll_bytes, ..JournalOptions::default() }).unwrap()
}

fn all(dir: &Path) -> Vec<Entry> {
    read(dir, 0, u64::MAX).collect::<Result<_, _>>().unwrap()
}

fn sequences(dir: &Path) -> Vec<u64> {
    all(dir).iter().map(|entry| entry.sequence).collect()
}

fn journal_files(dir: &Path) -> Vec<PathBuf> {
    let paths = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = paths.filter(|path| path.is_file()).collect();
    files.sort();
    files
}

/// Of each article the last entry.
fn state(entries: &[Entry]) -> BTreeMap<ArticleId, Entry> {
    entries.iter().map(|entry| (entry.id.clone(), entry.clone())).collect()
}

#[test]
fn what_is_appended_is_read_again() {
    let dir = tempfile::tempdir().unwrap();
    let dir = &dir.path().join("articles/pushed");
    let (mut journal, recovery) = open(dir, 1 << 20);
    assert_eq!(recovery, Recovery::default());
    assert_eq!(journal.append(&[]).unwrap().count(), 0);
    assert_eq!(journal.append(&[put("가", "하나"), put("나", "둘")]).unwrap(), 1..=2);
    assert_eq!(journal.last_sequence(), 0);
    assert_eq!(journal.sync().unwrap(), 2);
    assert_eq!(journal.append(&[delete("가")]).unwrap(), 3..=3);
    assert_eq!((journal.sync().unwrap(), journal.sync().unwrap(), journal.last_sequence()), (3, 3, 3));
    let entries = all(dir);
    assert_eq!(entries.iter().map(|entry| entry.sequence).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(entries[1].change, put("나", "둘").change);
    assert_eq!(entries[2].change, Change::Delete);
    let between: Vec<_> = read(dir, 1, 2).map(|entry| entry.unwrap().sequence).collect();
    assert_eq!(between, [2]);
    drop(journal);
    let (mut journal, recovery) = open(dir, 1 << 20);
    assert!(recovery.is_sound() && recovery.torn.is_none());
    assert_eq!((recovery.files, recovery.entries, recovery.last_sequence), (1, 3, 3));
    assert_eq!(inspect(dir).unwrap(), recovery);
    assert_eq!(journal.append(&[delete("나")]).unwrap(), 4..=4);
}

#[test]
fn nothing_is_acknowledged_into_a_file_that_has_lost_its_name() {
    let root = tempfile::tempdir().unwrap();
    let (dir, away) = (root.path().join("pushed"), root.path().join("away"));
    let (mut journal, _) = open(&dir, 1 << 20);
    journal.append(&[put("가", "하나")]).unwrap();
    assert_eq!(journal.sync().unwrap(), 1);
    fs::rename(&dir, &away).unwrap();
    journal.append(&[put("나", "둘")]).unwrap();
    let error = journal.sync().unwrap_err().to_string();
    assert!(error.contains("put the file or folder back"), "{error}");
    assert!(journal.append(&[put("다", "셋")]).is_err(), "nor into the next one");
    assert_eq!(sequences(&away), [1], "what was not acknowledged was cut off");
    fs::rename(&away, &dir).unwrap();
    let given = journal.append(&[put("라", "넷")]).unwrap();
    assert_eq!(journal.sync().unwrap(), *given.end());
    drop(journal);
    let (_, recovery) = open(&dir, 1 << 20);
    assert!(recovery.is_sound(), "{recovery:?}");
    assert_eq!(sequences(&dir), [1, *given.end()]);
}

#[test]
fn a_reader_says_which_entries_are_in_no_file() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("pushed");
    let (mut journal, _) = open(&dir, 1);
    for id in ["가", "나", "다", "라"] {
        // A file each.
        journal.append(&[put(id, "글")]).unwrap();
        journal.sync().unwrap();
    }
    let lost = |up_to: u64| {
        let mut reader = read(&dir, 0, up_to);
        let given = reader.by_ref().map(|entry| entry.unwrap().sequence).collect::<Vec<_>>();
        let lost = reader.lost().iter().map(|missing| (missing.first, missing.last)).collect::<Vec<_>>();
        (given, lost)
    };
    assert_eq!(lost(4), (vec![1, 2, 3, 4], vec![]));
    assert_eq!(lost(6), (vec![1, 2, 3, 4], vec![(5, 6)]));
    let files = journal_files(&dir);
    let whole = fs::read(&files[2]).unwrap();
    fs::write(&files[2], "").unwrap();
    assert_eq!(lost(4), (vec![1, 2, 4], vec![(3, 3)]), "cut short");
    fs::remove_file(&files[1]).unwrap();
    fs::remove_file(&files[2]).unwrap();
    assert_eq!(lost(4), (vec![1, 4], vec![(2, 3)]));
    assert_eq!(lost(2), (vec![1], vec![(2, 2)]));
    fs::remove_dir_all(&dir).unwrap();
    assert_eq!(lost(4), (vec![], vec![(1, 4)]));

    // A line between two others.
    let (mut journal, _) = open(&dir, 1 << 20);
    for id in ["가", "나", "다", "라"] {
        journal.append(&[put(id, "글")]).unwrap();
        journal.sync().unwrap();
    }
    drop(journal);
    let file = journal_files(&dir).remove(0);
    let mut bytes = fs::read(&file).unwrap();
    bytes[whole.len() + 40] ^= 1;
    fs::write(&file, bytes).unwrap();
    assert_eq!(lost(4), (vec![1, 3, 4], vec![(2, 2)]));
}

#[test]
fn files_roll_over_and_compact() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let (mut journal, _) = open(dir, 400);
    for round in 0..20 {
        for id in ["가", "나", "다"] {
            journal.append(&[put(id, &format!("{round}"))]).unwrap();
            journal.sync().unwrap();
        }
    }
    journal.append(&[delete("나")]).unwrap();
    journal.sync().unwrap();
    let before = all(dir);
    assert_eq!(before.len(), 61);
    assert!(journal_files(dir).len() > 5 && worth_compacting(dir, u64::MAX).unwrap());
    // What a follower has not seen yet stays: entries after the 30th, one by one.
    assert!(!worth_compacting(dir, 0).unwrap());
    compact(dir, 30, || true).unwrap();
    let (early, late): (Vec<_>, Vec<_>) = all(dir).into_iter().partition(|entry| entry.sequence <= 30);
    assert!(early.len() < 30 && late.len() == 31, "{} {}", early.len(), late.len());
    let report = compact(dir, u64::MAX, || true).unwrap();
    assert!(!report.cancelled && report.files_before > 5 && report.files_after == 1);
    assert_eq!(report.entries_after, 3);
    assert_eq!(state(&all(dir)), state(&before));
    assert!(!worth_compacting(dir, u64::MAX).unwrap());
    // The journal goes on meanwhile, and opens as it was.
    journal.append(&[put("라", "새로")]).unwrap();
    assert_eq!(journal.sync().unwrap(), 62);
    drop(journal);
    let (journal, recovery) = open(dir, 400);
    assert!(recovery.is_sound() && recovery.removed.is_empty(), "{recovery:?}");
    assert_eq!(journal.last_sequence(), 62);
    // A second one finds nothing to do.
    let again = compact(dir, u64::MAX, || true).unwrap();
    assert_eq!(again.entries_before, again.entries_after);
}

#[test]
fn numbers_of_files_are_given_to_no_entry() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let (mut journal, _) = open(dir, 200);
    assert_eq!(journal.reserve(3).unwrap(), 1..=3);
    assert_eq!(journal.append(&[put("가", "하나")]).unwrap(), 4..=4);
    assert_eq!(journal.sync().unwrap(), 4);
    assert_eq!(journal.reserve(16).unwrap(), 5..=20);
    assert_eq!(journal.sync().unwrap(), 20);
    drop(journal);
    // Not after it was closed, and not after all that is left of them is in the name of a file.
    let (mut journal, recovery) = open(dir, 200);
    assert!(recovery.is_sound() && recovery.torn.is_none(), "{recovery:?}");
    assert_eq!((recovery.last_sequence, sequences(dir)), (20, vec![3, 4, 20]));
    for number in 21..30 {
        assert_eq!(journal.append(&[put("나", "둘")]).unwrap(), number..=number);
        journal.sync().unwrap();
    }
    compact(dir, u64::MAX, || true).unwrap();
    assert_eq!(journal.reserve(2).unwrap(), 30..=31);
    journal.sync().unwrap();
    drop(journal);
    let (mut journal, recovery) = open(dir, 200);
    assert!(recovery.is_sound() && recovery.missing.is_empty(), "{recovery:?}");
    assert_eq!(journal.append(&[delete("가")]).unwrap(), 32..=32);
    let mut reader = read(dir, 0, 31);
    let entries: Vec<Entry> = reader.by_ref().map(Result::unwrap).collect();
    assert!(reader.lost().is_empty() && reader.damaged() == 0);
    assert_eq!(entries.iter().filter(|entry| entry.id == ArticleId::of_files()).count(), 2);
}

#[test]
fn a_cancelled_compaction_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let (mut journal, _) = open(dir, 400);
    for round in 0..600 {
        journal.append(&[put("가", &format!("{round}"))]).unwrap();
        journal.sync().unwrap();
    }
    let files = journal_files(dir);
    let asked = std::cell::Cell::new(0);
    for patience in 0..3 {
        asked.set(0);
        let report = compact(dir, u64::MAX, || {
            asked.set(asked.get() + 1);
            asked.get() <= patience
        });
        assert!(report.unwrap().cancelled);
        assert_eq!(journal_files(dir), files);
    }
}

#[test]
fn leftovers_of_a_killed_compaction_are_removed_only_if_the_new_file_is_whole() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let (mut journal, _) = open(dir, 200);
    for round in 0..8 {
        journal.append(&[put("가", &format!("{round}")), put("나", &format!("{round}"))]).unwrap();
        journal.sync().unwrap();
    }
    drop(journal);
    let before = all(dir);
    let inputs: Vec<(PathBuf, Vec<u8>)> =
        journal_files(dir).into_iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect();
    compact(dir, u64::MAX, || true).unwrap();
    let [compacted] = journal_files(dir).try_into().unwrap();
    // Killed after the rename: all inputs are still there, and something unfinished as well.
    for (path, bytes) in &inputs {
        fs::write(path, bytes).unwrap();
    }
    fs::write(compacted.with_extension("jsonl.new"), "{\"crc").unwrap();
    assert_eq!(all(dir), before, "what it was made of is read while it is there");

    let whole = fs::read(&compacted).unwrap();
    let mut damaged = whole.clone();
    damaged[40] ^= 1;
    fs::write(&compacted, damaged).unwrap();
    let (_, recovery) = open(dir, 200);
    assert_eq!(recovery.removed.len(), 1);
    assert_eq!(recovery.damaged.len(), 1);
    assert_eq!(all(dir), before);
    compact(dir, u64::MAX, || true).unwrap();
    assert_eq!(state(&all(dir)), state(&before));
    assert!(open(dir, 200).1.is_sound());

    for (path, bytes) in &inputs {
        fs::write(path, bytes).unwrap();
    }
    let (_, recovery) = open(dir, 200);
    assert_eq!(recovery.removed.len(), inputs.len());
    assert!(recovery.is_sound());
    assert_eq!(journal_files(dir), [compacted]);
    assert_eq!(state(&all(dir)), state(&before));
}

#[test]
fn a_roll_whose_rename_did_not_reach_the_disk_is_finished() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let (mut journal, _) = open(dir, 150);
    for round in 0..4 {
        journal.append(&[put("가", &format!("{round}"))]).unwrap();
        journal.sync().unwrap();
    }
    let files = journal_files(dir);
    let (closed, last) = (&files[0], files.last().unwrap());
    let name = closed.file_name().unwrap().to_str().unwrap();
    fs::rename(closed, dir.join(format!("{}.jsonl", name.split('-').next().unwrap()))).unwrap();
    assert_eq!(sequences(dir), [1, 2, 3, 4]);
    let (_, recovery) = open(dir, 150);
    assert!(recovery.is_sound(), "{recovery:?}");
    assert_eq!(journal_files(dir), files);
    // The same, killed before anything was written to the next.
    fs::write(active_path(dir, 5), "").unwrap();
    assert!(last.exists());
    let (mut journal, recovery) = open(dir, 150);
    assert!(recovery.is_sound());
    assert_eq!(journal.append(&[delete("가")]).unwrap(), 5..=5);
}

#[test]
fn what_is_missing_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let (mut journal, _) = open(dir, 150);
    for round in 0..12 {
        journal.append(&[put("가", &format!("{round}"))]).unwrap();
        journal.sync().unwrap();
    }
    drop(journal);
    let files = journal_files(dir);
    fs::remove_file(&files[1]).unwrap();
    let missing = open(dir, 150).1.missing;
    assert_eq!(missing.len(), 1);
    // A compaction does not hide it.
    compact(dir, u64::MAX, || true).unwrap();
    assert_eq!(open(dir, 150).1.missing, missing);
    // The end is missing: what the index knows is not given again, and the gap stays visible.
    fs::remove_file(journal_files(dir).last().unwrap()).unwrap();
    let options = JournalOptions { roll_bytes: 150, known_sequence: 14 };
    let (mut journal, recovery) = Journal::open(dir, options.clone()).unwrap();
    assert_eq!(recovery.missing.last().unwrap().last, 14);
    assert_eq!(journal.append(&[delete("가")]).unwrap(), 15..=15);
    journal.sync().unwrap();
    drop(journal);
    let again = Journal::open(dir, options).unwrap().1;
    assert_eq!(again.missing, recovery.missing);
    assert_eq!(again.last_sequence, 15);
}

#[test]
fn what_does_not_belong_there_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let (mut journal, _) = open(dir, 150);
    for round in 0..5 {
        journal.append(&[put("가", &format!("{round}"))]).unwrap();
        journal.sync().unwrap();
    }
    drop(journal);
    fs::write(dir.join("notes.txt"), "x").unwrap();
    // Someone copied an older active file back.
    fs::write(active_path(dir, 2), "x").unwrap();
    let (_, recovery) = open(dir, 150);
    assert_eq!(recovery.unknown, ["00000000000000000002.jsonl", "notes.txt"]);
    assert!(recovery.is_sound());
    assert_eq!(sequences(dir), [1, 2, 3, 4, 5]);
    assert_eq!(fs::read(active_path(dir, 2)).unwrap(), b"x");
}

/// A small journal of two closed files and an active one: its files, and each line with its place.
fn small(dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let (mut journal, _) = open(dir, 220);
    for (at, id) in ["가", "나", "다", "라", "마", "바", "사"].iter().enumerate() {
        journal.append(&[if at == 3 { delete("가") } else { put(id, "비") }]).unwrap();
        journal.sync().unwrap();
    }
    drop(journal);
    let files = journal_files(dir);
    assert_eq!(files.len(), 3);
    files.into_iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect()
}

/// The lines of a file: number, first byte, end without the line break.
fn lines(bytes: &[u8]) -> Vec<(u64, usize, usize)> {
    let mut from = 0;
    bytes
        .split_inclusive(|byte| *byte == b'\n')
        .map(|line| {
            let value: serde_json::Value = serde_json::from_slice(line).unwrap();
            let found = (value["seq"].as_u64().unwrap(), from, from + line.len() - 1);
            from += line.len();
            found
        })
        .collect()
}

fn restore(dir: &Path, files: &[(PathBuf, Vec<u8>)]) {
    let _ = fs::remove_dir_all(dir);
    fs::create_dir_all(dir).unwrap();
    for (path, bytes) in files {
        fs::write(path, bytes).unwrap();
    }
}

fn set_aside(dir: &Path) -> Vec<Vec<u8>> {
    let Ok(entries) = fs::read_dir(dir.join("damaged")) else { return Vec::new() };
    entries.map(|entry| fs::read(entry.unwrap().path()).unwrap()).collect()
}

#[test]
fn every_flipped_byte_costs_its_line_and_no_other() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let files = small(dir);
    let history = all(dir);
    for (file, (path, bytes)) in files.iter().enumerate() {
        for at in 0..bytes.len() {
            for change in [0x01, 0x80, bytes[at] ^ b'\n'] {
                if change == 0 {
                    continue;
                }
                restore(dir, &files);
                let mut damaged = bytes.clone();
                damaged[at] ^= change;
                fs::write(path, &damaged).unwrap();
                let case = format!("byte {at} of file {file}, xor {change:#x}");
                let hit = lines(bytes).into_iter().find(|(_, from, to)| (*from..*to).contains(&at));
                let kept: Vec<Entry> = history
                    .iter()
                    .filter(|entry| hit.is_none_or(|(sequence, ..)| sequence != entry.sequence))
                    .cloned()
                    .collect();
                assert_eq!(all(dir), kept, "{case}, before opening");
                let seen = inspect(dir).unwrap();
                assert!(seen.torn.is_some() || !seen.damaged.is_empty(), "{case}");
                // Opening syncs a dozen times; each kind of change of each part of a line is opened.
                if (at + usize::from(change)) % 5 != 0 {
                    continue;
                }
                let (_, first) = open(dir, 220);
                assert_eq!(all(dir), kept, "{case}");
                assert!(first.torn.is_some() || !first.damaged.is_empty(), "{case}");
                let aside = set_aside(dir);
                let bad = hit.map_or(at..at + 1, |(_, from, to)| from..to);
                let holds =
                    |copy: &Vec<u8>| copy.windows(bad.len()).any(|window| window == &damaged[bad.clone()]);
                assert!(aside.iter().any(holds), "{case}: not set aside");
                // Opening again reports it again, sets nothing aside twice, and loses nothing more.
                let (_, second) = open(dir, 220);
                assert_eq!(second.damaged, first.damaged, "{case}");
                assert_eq!(set_aside(dir).len(), aside.len(), "{case}");
                assert_eq!(all(dir), kept, "{case}");
            }
        }
    }
}

#[test]
fn every_truncation_keeps_the_lines_before_it() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let files = small(dir);
    let history = all(dir);
    for (file, (path, bytes)) in files.iter().enumerate() {
        let lines = lines(bytes);
        for length in 0..bytes.len() {
            restore(dir, &files);
            fs::write(path, &bytes[..length]).unwrap();
            let case = format!("file {file} cut to {length}");
            let lost: Vec<u64> =
                lines.iter().filter(|(.., to)| *to > length).map(|(sequence, ..)| *sequence).collect();
            let kept: Vec<Entry> =
                history.iter().filter(|entry| !lost.contains(&entry.sequence)).cloned().collect();
            assert_eq!(all(dir), kept, "{case}, before opening");
            let (mut journal, recovery) = open(dir, 220);
            assert_eq!(all(dir), kept, "{case}");
            let active = file + 1 == files.len();
            assert_eq!(recovery.is_sound(), active || lost.is_empty(), "{case}: {recovery:?}");
            let whole_lines = lines.iter().any(|(.., to)| *to == length || *to + 1 == length) || length == 0;
            assert_eq!(recovery.torn.is_some(), active && !whole_lines, "{case}: {recovery:?}");
            // It continues after every number that was given.
            let given = journal.append(&[put("새", "글")]).unwrap();
            assert!(*given.start() > history.last().unwrap().sequence || active, "{case}");
            journal.sync().unwrap();
            assert_eq!(all(dir).len(), kept.len() + 1, "{case}");
        }
    }
}

#[derive(Debug, Clone)]
enum Step {
    Append(Vec<(u8, Option<u16>)>),
    Sync,
    Reopen,
    Crash(prop::sample::Index),
    Compact,
    CancelledCompact,
    Damage(prop::sample::Index, prop::sample::Index, u8),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let change = (0u8..12, prop::option::weighted(0.8, 0u16..200));
    let step = prop_oneof![
        6 => prop::collection::vec(change, 1..5).prop_map(Step::Append),
        5 => Just(Step::Sync),
        2 => Just(Step::Reopen),
        2 => any::<prop::sample::Index>().prop_map(Step::Crash),
        2 => Just(Step::Compact),
        1 => Just(Step::CancelledCompact),
        1 => (any::<prop::sample::Index>(), any::<prop::sample::Index>(), 1u8..=255)
            .prop_map(|(file, byte, bits)| Step::Damage(file, byte, bits)),
    ];
    prop::collection::vec(step, 1..60)
}

/// The journal and what it should hold.
struct Model {
    dir: tempfile::TempDir,
    journal: Option<Journal>,
    roll_bytes: u64,
    /// Every entry ever appended that may be there.
    acknowledged: Vec<Entry>,
    pending: Vec<Entry>,
    highest: u64,
    durable: u64,
}

impl Model {
    fn journal(&mut self) -> &mut Journal {
        self.journal.as_mut().unwrap()
    }

    fn active(&self) -> Option<PathBuf> {
        journal_files(self.dir.path()).into_iter().find(|path| !path.to_str().unwrap().contains('-'))
    }

    fn reopen(&mut self) {
        self.journal = None;
        // The index knows what was durable.
        let options = JournalOptions { roll_bytes: self.roll_bytes, known_sequence: self.durable };
        let (journal, _) = Journal::open(self.dir.path(), options).unwrap();
        self.journal = Some(journal);
        // What was not acknowledged may have survived up to some point.
        let found = all(self.dir.path());
        let last = found.last().map_or(0, |entry| entry.sequence);
        self.acknowledged.extend(self.pending.drain(..).filter(|entry| entry.sequence <= last));
        self.durable = self.durable.max(last);
        // Numbers that were never acknowledged and whose lines are lost may come again.
        assert!(self.journal().given >= self.durable);
        self.highest = self.highest.min(self.journal().given);
    }

    fn run(&mut self, step: &Step) {
        match step {
            Step::Append(changes) => {
                let entries: Vec<NewEntry> = changes
                    .iter()
                    .map(|(id, text)| match text {
                        Some(text) => put(&format!("기사 {id}"), &format!("{text}")),
                        None => delete(&format!("기사 {id}")),
                    })
                    .collect();
                let given = self.journal().append(&entries).unwrap();
                assert!(*given.start() > self.highest, "a number was given twice");
                self.highest = *given.end();
                let at = Timestamp::from_seconds(0);
                self.pending.extend(given.zip(entries).map(|(sequence, NewEntry { id, change })| Entry {
                    sequence,
                    at,
                    id,
                    change,
                }));
            }
            Step::Sync => {
                let durable = self.journal().sync().unwrap();
                self.durable = durable;
                self.acknowledged.append(&mut self.pending);
            }
            Step::Reopen => self.reopen(),
            Step::Crash(keep) => {
                if let Some(path) = self.active() {
                    let durable = self.journal().active.as_ref().map_or(0, |active| active.durable_bytes);
                    let length = path.metadata().unwrap().len();
                    let kept = durable + keep.index((length - durable + 1) as usize) as u64;
                    self.journal = None;
                    fs::File::options().write(true).open(&path).unwrap().set_len(kept).unwrap();
                }
                self.reopen();
            }
            Step::Compact => {
                assert!(!compact(self.dir.path(), u64::MAX, || true).unwrap().cancelled);
            }
            Step::CancelledCompact => {
                compact(self.dir.path(), u64::MAX, || false).unwrap();
            }
            Step::Damage(file, byte, bits) => {
                self.run(&Step::Sync);
                let files = journal_files(self.dir.path());
                if files.is_empty() {
                    return;
                }
                let path = file.get(&files);
                let mut bytes = fs::read(path).unwrap();
                if bytes.is_empty() {
                    return;
                }
                let at = byte.index(bytes.len());
                // Where an earlier flip still is, `lines` cannot read: find the line around the byte.
                let from = bytes[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |before| before + 1);
                let to =
                    bytes[at..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |end| at + end);
                let hit = super::record::decode(&bytes[from..to]).filter(|_| at < to);
                if hit.is_none() && at != to {
                    return;
                }
                bytes[at] ^= bits;
                self.journal = None;
                fs::write(path, bytes).unwrap();
                if let Some(hit) = hit {
                    // What a compaction has dropped does not come back.
                    let there = sequences(self.dir.path());
                    self.acknowledged
                        .retain(|entry| entry.sequence != hit.sequence && there.contains(&entry.sequence));
                }
                self.reopen();
            }
        }
    }

    fn check(&self) {
        let found = all(self.dir.path());
        assert!(found.windows(2).all(|pair| pair[0].sequence < pair[1].sequence));
        let known: BTreeMap<u64, &Entry> =
            self.acknowledged.iter().chain(&self.pending).map(|entry| (entry.sequence, entry)).collect();
        for entry in &found {
            let expected =
                known.get(&entry.sequence).unwrap_or_else(|| panic!("{entry:?} was never appended"));
            assert_eq!((&entry.id, &entry.change), (&expected.id, &expected.change));
        }
        let newest = |entries: Vec<&Entry>| -> BTreeMap<ArticleId, u64> {
            entries.iter().map(|entry| (entry.id.clone(), entry.sequence)).collect()
        };
        let expected = newest(self.acknowledged.iter().chain(&self.pending).collect());
        assert_eq!(newest(found.iter().collect()), expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 80, ..ProptestConfig::default() })]

    #[test]
    fn the_journal_is_the_list_of_what_was_appended(steps in steps(), roll_bytes in 100u64..2000) {
        let mut model = Model {
            dir: tempfile::tempdir().unwrap(),
            journal: None,
            roll_bytes,
            acknowledged: Vec::new(),
            pending: Vec::new(),
            highest: 0,
            durable: 0,
        };
        model.reopen();
        for step in &steps {
            model.run(step);
            model.check();
        }
    }
}

#[test]
fn a_reader_that_is_kept_goes_on_where_it_stopped() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let (mut journal, _) = open(dir, 300);
    let mut reader = Reader::new(dir, 0);
    assert!(reader.next_entry(0).unwrap().is_none());
    let mut read = Vec::new();
    for round in 0..30 {
        let given =
            journal.append(&[put("가", &format!("{round}")), put("나", &format!("{round}"))]).unwrap();
        // Not durable yet: not read.
        if let Some(late) = reader.next_entry(journal.last_sequence()).unwrap() {
            assert!(late.sequence < *given.start());
            read.push(late.sequence);
        }
        let durable = journal.sync().unwrap();
        if round % 7 == 3 {
            compact(dir, u64::MAX, || true).unwrap();
        }
        // Now and then it falls behind.
        if round % 4 != 2 {
            let first = reader.next_entry(given.start() - 1).unwrap();
            read.extend(first.map(|entry| entry.sequence));
            while let Some(entry) = reader.next_entry(durable).unwrap() {
                read.push(entry.sequence);
            }
            assert_eq!(*read.last().unwrap(), durable);
        }
    }
    assert!(read.is_sorted_by(|a, b| a < b));
    // Only entries that a compaction removed while it had fallen behind are skipped.
    assert!(read.len() >= 50, "{}", read.len());
}

#[test]
fn a_kept_reader_passes_over_what_a_failed_write_left() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let (mut journal, _) = open(dir, 1 << 20);
    journal.append(&[put("가", "하나")]).unwrap();
    let durable = journal.sync().unwrap();
    let mut reader = Reader::new(dir, 0);
    assert_eq!(reader.next_entry(durable).unwrap().unwrap().sequence, 1);
    // The sync of this one failed, and it could not be cut off either.
    journal.append(&[put("가", "둘")]).unwrap();
    let active = journal.active.as_mut().unwrap();
    (active.bytes, active.last, active.health) = (active.durable_bytes, active.durable, Health::Failed);
    let left = fs::read(&active.path).unwrap();
    let path = active.path.clone();
    journal.append(&[put("나", "셋")]).unwrap();
    let durable = journal.sync().unwrap();
    assert_eq!(durable, 3);
    fs::write(dir.join(closed_path(dir, 1, 1)), &left).unwrap();
    assert!(!path.exists());
    assert_eq!(reader.next_entry(durable).unwrap().unwrap().sequence, 3);
    assert_eq!(sequences(dir), [1, 3]);
    drop(journal);
    let (_, recovery) = open(dir, 1 << 20);
    assert!(recovery.missing.is_empty());
    assert_eq!(recovery.damaged.len(), 1, "what is left is shown, and set aside");
    assert_eq!(sequences(dir), [1, 3]);
}

#[test]
fn readers_go_on_while_files_roll_over_and_compact() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let durable = std::sync::atomic::AtomicU64::new(0);
    let done = std::sync::atomic::AtomicBool::new(false);
    let order = std::sync::atomic::Ordering::SeqCst;
    let (mut journal, _) = open(dir, 500);
    std::thread::scope(|scope| {
        let compactor = scope.spawn(|| {
            while !done.load(order) {
                compact(dir, u64::MAX, || true).unwrap();
            }
        });
        let readers: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    let (mut after, mut state) = (0, BTreeMap::new());
                    loop {
                        let last = done.load(order);
                        let up_to = durable.load(order);
                        for entry in read(dir, after, up_to) {
                            let entry = entry.unwrap();
                            assert!(entry.sequence > after && entry.sequence <= up_to);
                            after = entry.sequence;
                            state.insert(entry.id.clone(), entry.sequence);
                        }
                        after = up_to;
                        if last {
                            return state;
                        }
                    }
                })
            })
            .collect();
        let mut expected = BTreeMap::new();
        for round in 0..1500u64 {
            let id = format!("기사 {}", round % 17);
            let given = journal.append(&[put(&id, &format!("{round}"))]).unwrap();
            expected.insert(ArticleId::new(&id).unwrap(), *given.end());
            durable.store(journal.sync().unwrap(), order);
        }
        done.store(true, order);
        compactor.join().unwrap();
        for reader in readers {
            assert_eq!(reader.join().unwrap(), expected);
        }
    });
    drop(journal);
    assert!(open(dir, 500).1.is_sound());
}

#[test]
fn copies_are_whole_while_files_roll_over_and_compact() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("pushed");
    let dir = dir.as_path();
    let order = std::sync::atomic::Ordering::SeqCst;
    let durable = std::sync::atomic::AtomicU64::new(0);
    let done = std::sync::atomic::AtomicBool::new(false);
    let (mut journal, _) = open(dir, 700);
    let id = |sequence: u64| format!("기사 {}", sequence % 13);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(order) {
                compact(dir, u64::MAX, || true).unwrap();
            }
        });
        let writer = scope.spawn(|| {
            while !done.load(order) {
                // The number is the text, so that a copy can be judged by itself.
                let next = journal.last_sequence() + 1;
                journal.append(&[put(&id(next), &format!("{next}"))]).unwrap();
                durable.store(journal.sync().unwrap(), order);
            }
        });
        for round in 0..30 {
            let to = folder.path().join(format!("copy-{round}"));
            let at_least = durable.load(order);
            let last = copy(dir, &to).unwrap();
            let at_most = durable.load(order) + 1;
            assert!((at_least..=at_most).contains(&last), "{at_least} {last} {at_most}");
            let (_, recovery) = open(&to, 700);
            assert!(recovery.is_sound() && recovery.torn.is_none(), "{recovery:?}");
            assert_eq!(recovery.last_sequence, last);
            let newest = state(&all(&to));
            for sequence in last.saturating_sub(12).max(1)..=last {
                let entry = &newest[&ArticleId::new(&id(sequence)).unwrap()];
                let expected = put(&id(sequence), &format!("{sequence}"));
                assert_eq!((entry.sequence, &entry.change), (sequence, &expected.change));
            }
        }
        done.store(true, order);
        writer.join().unwrap();
    });
}
