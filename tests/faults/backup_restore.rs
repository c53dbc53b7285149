//! What a backup holds comes back byte by byte, what is not whole is not restored, and no failure or death on the way
//! costs what was there.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use gisa::article::ArticleId;
use gisa::config::{Config, ConfigFile, Overrides};
use gisa::journal::{Change, Journal, JournalOptions, NewEntry, compact, read};
use gisa::service::backup::{
    BackupError, BackupOptions, BackupReport, backup, finish_interrupted, restore_in_place, verify,
};
use serde_json::value::RawValue;

use crate::turn;

/// Every file below a folder, hidden ones too.
type Tree = BTreeMap<PathBuf, Vec<u8>>;

fn tree(root: &Path) -> Tree {
    let mut found = Tree::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(below) = folders.pop() {
        let Ok(entries) = fs::read_dir(root.join(&below)) else { continue };
        for entry in entries.map(Result::unwrap) {
            let path = below.join(entry.file_name());
            if entry.file_type().unwrap().is_dir() {
                folders.push(path);
            } else if entry.file_type().unwrap().is_file() {
                found.insert(path, fs::read(entry.path()).unwrap());
            }
        }
    }
    found
}

/// A data folder in a temporary folder.
struct House {
    folder: tempfile::TempDir,
    config: Config,
}

impl House {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = ConfigFile::default().resolve(folder.path(), &Overrides::default()).unwrap();
        config.file = Some(folder.path().join("config.toml"));
        let house = Self { folder, config };
        house.write("data/articles/2026/가람.jsonl", "{\"id\":\"가람-1\",\"title\":\"첫눈\"}\n");
        house.write("data/articles/page 100%.txt", "제목\n\n본문\n");
        house.write("data/lexicon/words.txt", "기사\n");
        house.write("data/dictionary/README.md", "no part of a backup");
        house.write("config.toml", "listen = \"127.0.0.1:7878\"\n");
        house.push(0..6);
        house
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), text).unwrap();
    }

    fn pushed(&self) -> PathBuf {
        self.config.articles_dir().join("pushed")
    }

    fn open_journal(&self) -> Journal {
        let options = JournalOptions { roll_bytes: 250, known_sequence: 0 };
        Journal::open(&self.pushed(), options).unwrap().0
    }

    fn push(&self, numbers: std::ops::Range<u64>) {
        let mut journal = self.open_journal();
        for number in numbers {
            journal.append(&[entry(number)]).unwrap();
            journal.sync().unwrap();
        }
    }

    fn backup(&self, name: &str) -> Result<BackupReport, BackupError> {
        backup(&self.config, &self.path(name), BackupOptions::default())
    }

    fn restore(&self, name: &str) -> Result<gisa::service::backup::RestoreReport, BackupError> {
        restore_in_place(&self.path(name), &self.config)
    }

    /// Everything that a restore may replace.
    fn data(&self) -> Tree {
        let mut data = Tree::new();
        for name in ["articles", "lexicon"] {
            let folder = self.config.data_dir.join(name);
            data.extend(tree(&folder).into_iter().map(|(path, bytes)| (Path::new(name).join(path), bytes)));
        }
        data
    }

    /// Other articles, words and pushes than those that were backed up.
    fn change(&self) {
        self.write("data/articles/2026/가람.jsonl", "{\"id\":\"가람-1\",\"title\":\"첫눈이 녹았다\"}\n");
        self.write("data/articles/new.jsonl", "{\"title\":\"새 글\"}\n");
        self.write("data/lexicon/synonyms.txt", "기사 = 글\n");
        fs::remove_file(self.path("data/articles/page 100%.txt")).unwrap();
        self.push(6..9);
    }
}

fn entry(number: u64) -> NewEntry {
    let json = RawValue::from_string(format!("{{\"title\":\"{number}\"}}")).unwrap();
    NewEntry { id: ArticleId::new(&format!("기사 {}", number % 7)).unwrap(), change: Change::Put { json } }
}

#[test]
fn what_is_restored_is_what_was_backed_up() {
    let _turn = turn();
    let house = House::new();
    let original = house.data();
    let report = house.backup("backups/monday").unwrap();
    assert!(
        report.skipped.is_empty() && report.journal_damaged.is_empty() && report.journal_missing.is_empty()
    );
    assert_eq!((report.files, report.journal_last_sequence), (original.len() + 1, 6));
    assert_eq!(tree(&house.path("backups/monday/data")), original);
    assert_eq!(verify(&house.path("backups/monday")).unwrap().files.len(), report.files);
    assert!(!house.path("backups/monday.partial").exists());

    house.change();
    house.write("config.toml", "listen = \"127.0.0.1:7879\"\n");
    house.write("index/CURRENT", "generation-x\n");
    let changed = house.data();
    let report = house.restore("backups/monday").unwrap();
    assert_eq!(house.data(), original);
    assert_eq!(report.generation, None);
    assert!(!house.path("index/CURRENT").exists(), "an index of other articles must not serve");
    assert_eq!(fs::read_to_string(report.config_restored.unwrap()).unwrap(), "listen = \"127.0.0.1:7878\"\n");
    assert_eq!(fs::read_to_string(house.path("config.toml")).unwrap(), "listen = \"127.0.0.1:7879\"\n");
    // What was there is beside it, and nothing else is.
    let [articles, lexicon] = report.former.try_into().unwrap();
    let mut former = Tree::new();
    for (name, folder) in [("articles", &articles), ("lexicon", &lexicon)] {
        former.extend(tree(folder).into_iter().map(|(path, bytes)| (Path::new(name).join(path), bytes)));
    }
    assert_eq!(former, changed);
    let names = fs::read_dir(house.path("data")).unwrap().count();
    assert_eq!(names, 5, "articles, lexicon, both former ones, dictionary");
    // The journal goes on behind what it holds.
    assert_eq!(house.open_journal().append(&[entry(7)]).unwrap(), 7..=7);
    // Once more: the former ones of then are kept too.
    house.restore("backups/monday").unwrap();
    assert_eq!(house.data(), original);
    assert_eq!(fs::read_dir(house.path("data")).unwrap().count(), 7);
}

#[test]
fn a_backup_without_lexicon_restores_none() {
    let _turn = turn();
    let house = House::new();
    fs::remove_dir_all(house.path("data/lexicon")).unwrap();
    let original = house.data();
    house.backup("b").unwrap();
    house.write("data/lexicon/words.txt", "기사\n");
    house.restore("b").unwrap();
    assert_eq!(house.data(), original);
}

#[test]
fn a_backup_that_is_not_whole_is_refused_and_nothing_changes() {
    let _turn = turn();
    let house = House::new();
    house.backup("b").unwrap();
    let backed_up = tree(&house.path("b"));
    house.change();
    let present = tree(&house.path("data"));
    let refuse = |case: &str| {
        let error = verify(&house.path("b")).expect_err(case);
        assert!(matches!(error, BackupError::NotWhole { .. }), "{case}: {error}");
        assert!(house.restore("b").is_err(), "{case}");
    };
    for (path, bytes) in &backed_up {
        let file = house.path("b").join(path);
        let case = path.display();
        for at in 0..bytes.len() {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << (at % 8);
            fs::write(&file, &flipped).unwrap();
            assert!(verify(&house.path("b")).is_err(), "byte {at} of {case}");
        }
        for length in [0, bytes.len() / 2, bytes.len() - 1] {
            fs::write(&file, &bytes[..length]).unwrap();
            refuse(&format!("{case} cut to {length}"));
        }
        fs::remove_file(&file).unwrap();
        refuse(&format!("{case} is missing"));
        symlink("/dev/null", &file).unwrap();
        refuse(&format!("{case} is a link"));
        fs::remove_file(&file).unwrap();
        fs::write(&file, bytes).unwrap();
    }
    for extra in ["x", "data/articles/.hidden", "index/CURRENT"] {
        house.write(&format!("b/{extra}"), "x");
        refuse(extra);
        fs::remove_file(house.path("b").join(extra)).unwrap();
    }
    assert_eq!(tree(&house.path("data")), present);
    house.restore("b").unwrap();
}

#[test]
fn a_restore_for_which_there_is_no_room_changes_nothing() {
    let _turn = turn();
    let mut house = House::new();
    house.backup("backup").unwrap();
    house.change();
    let (before, keep_free) = (tree(house.folder.path()), house.config.index.keep_free_bytes);
    house.config.index.keep_free_bytes = u64::MAX / 2;
    let error = house.restore("backup").unwrap_err();
    assert!(matches!(error, BackupError::DiskSpace { .. }), "{error}");
    assert!(error.to_string().contains("MB are free; make room"), "{error}");
    assert_eq!(tree(house.folder.path()), before);
    house.config.index.keep_free_bytes = keep_free;
    house.restore("backup").unwrap();
}

#[test]
fn a_manifest_cannot_lead_elsewhere() {
    use sha2::{Digest as _, Sha256};
    let _turn = turn();
    let house = House::new();
    house.backup("b").unwrap();
    let text = fs::read_to_string(house.path("b/MANIFEST.json")).unwrap();
    house.write("outside", "x");
    for bad in ["data/articles/../../../outside", "/etc/hostname", "outside", "data/articles/2026"] {
        let text = text.replace("data/lexicon/words.txt", bad);
        house.write("b/MANIFEST.json", &text);
        let hash: String = Sha256::digest(&text).iter().map(|byte| format!("{byte:02x}")).collect();
        house.write("b/MANIFEST.sha256", &format!("{hash}  MANIFEST.json\n"));
        let error = house.restore("b").unwrap_err();
        assert!(matches!(error, BackupError::NotWhole { .. }), "{bad}: {error}");
    }
}

#[test]
fn what_is_no_regular_file_is_left_out_and_said() {
    let _turn = turn();
    let house = House::new();
    house.write("secret.jsonl", "outside");
    house.write("data/articles/.upload.jsonl", "not whole yet");
    let at = |name: &str| house.path("data/articles").join(name);
    symlink(house.path("secret.jsonl"), at("out.jsonl")).unwrap();
    symlink(at("2026/가람.jsonl"), at("inside.jsonl")).unwrap();
    symlink(at("2026"), at("again")).unwrap();
    symlink(at("nothing"), at("dangling.jsonl")).unwrap();
    std::os::unix::net::UnixListener::bind(at("socket.jsonl")).unwrap();
    let report = house.backup("b").unwrap();
    let skipped: Vec<_> =
        report.skipped.iter().map(|skipped| skipped.path.file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(skipped, ["again", "dangling.jsonl", "out.jsonl", "socket.jsonl"]);
    let copies = tree(&house.path("b/data/articles"));
    assert_eq!(copies[Path::new("inside.jsonl")], copies[Path::new("2026/가람.jsonl")]);
    for name in ["out.jsonl", ".upload.jsonl", "socket.jsonl", "again/가람.jsonl"] {
        assert!(!copies.contains_key(Path::new(name)), "{name}");
    }
}

#[test]
fn targets_that_would_overwrite_are_refused() {
    let _turn = turn();
    let house = House::new();
    house.write("full/x", "x");
    house.write("b.partial/x", "x");
    fs::create_dir(house.path("empty")).unwrap();
    for target in ["full", "data/backup", "data/articles/backup", "b"] {
        let error = house.backup(target).unwrap_err();
        assert!(matches!(error, BackupError::Target { .. }), "{target}: {error}");
    }
    assert_eq!(fs::read_to_string(house.path("b.partial/x")).unwrap(), "x");
    house.backup("empty").unwrap();
    verify(&house.path("empty")).unwrap();
}

/// Tells threads to end when it goes out of scope.
struct Ends<'a>(&'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[test]
fn a_backup_beside_a_busy_journal_is_consistent() {
    let _turn = turn();
    let house = House::new();
    let (durable, done) = (AtomicU64::new(6), AtomicBool::new(false));
    let order = Ordering::SeqCst;
    // Opening removes what a compaction has not finished: as in a server, it comes first.
    let mut journal = house.open_journal();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(order) {
                // The entry that is appended as number n + 1 says n.
                let next = journal.last_sequence();
                journal.append(&[entry(next)]).unwrap();
                durable.store(journal.sync().unwrap(), order);
            }
        });
        scope.spawn(|| {
            while !done.load(order) {
                compact(&house.pushed(), u64::MAX, || true).unwrap();
            }
        });
        // Also where what follows fails: the threads would go on for ever.
        let _ends = Ends(&done);
        for round in 0..8 {
            let at_least = durable.load(order);
            let name = format!("b{round}");
            let report = house.backup(&name).unwrap();
            assert!(report.journal_last_sequence >= at_least);
            assert!(report.journal_damaged.is_empty() && report.journal_missing.is_empty(), "{report:?}");
            verify(&house.path(&name)).unwrap();

            let elsewhere = House::new();
            restore_in_place(&house.path(&name), &elsewhere.config).unwrap();
            let journal = elsewhere.open_journal();
            assert_eq!(journal.last_sequence(), report.journal_last_sequence);
            let mut newest = BTreeMap::new();
            for found in read(&elsewhere.pushed(), 0, u64::MAX) {
                let found = found.unwrap();
                assert_eq!(found.change, entry(found.sequence - 1).change);
                newest.insert(found.id, found.sequence);
            }
            let last = journal.last_sequence();
            for number in last - 7..last {
                assert_eq!(newest.get(&entry(number).id), Some(&(number + 1)));
            }
        }
    });
}

#[cfg(debug_assertions)]
mod with_faults {
    use std::process::Command;

    use gisa::faults::{self, Area, Fault, FaultPoint};

    use super::*;

    #[test]
    fn whichever_operation_of_a_backup_fails_the_next_one_succeeds() {
        let _turn = turn();
        let house = House::new();
        faults::arm(Some(Fault::Fail(u64::MAX)));
        house.backup("first").unwrap();
        let steps = faults::passed();
        for step in 1..=steps {
            let original = tree(&house.path("data"));
            faults::arm(Some(Fault::Fail(step)));
            let failed = house.backup("b");
            faults::arm(None);
            if let Err(error) = failed {
                // Only what makes the name durable may fail once it has it.
                assert!(!house.path("b").exists() || step == steps, "step {step}: {error}");
                assert!(error.to_string().contains(house.folder.path().to_str().unwrap()), "{error}");
                if step != steps {
                    house.backup("b").unwrap();
                }
            }
            verify(&house.path("b")).unwrap();
            fs::remove_dir_all(house.path("b")).unwrap();
            assert_eq!(tree(&house.path("data")), original, "step {step}");
        }
        assert!(steps > 20);
    }

    /// Either everything as it was, or, once finished, everything as in the backup.
    fn check(house: &House, case: &str, before: &Tree, backed_up: &Tree) -> bool {
        let finished = finish_interrupted(&house.config).unwrap();
        let now = house.data();
        assert!(now == *before || now == *backed_up, "{case}: neither the old nor the new");
        if now == *backed_up {
            assert!(!house.path("index/CURRENT").exists(), "{case}");
            let former = fs::read_dir(house.path("data")).unwrap().map(|entry| entry.unwrap().path());
            let former: Vec<_> =
                former.filter(|path| path.to_str().unwrap().contains("articles.before-restore")).collect();
            assert_eq!(former.len(), 1, "{case}");
            let kept: Tree = before
                .iter()
                .filter_map(|(path, bytes)| {
                    Some((path.strip_prefix("articles").ok()?.to_owned(), bytes.clone()))
                })
                .collect();
            assert_eq!(tree(&former[0]), kept, "{case}: what was there is lost");
        } else {
            assert!(house.path("index/CURRENT").exists() && !finished, "{case}");
        }
        let hidden = fs::read_dir(house.path("data")).unwrap().map(|entry| entry.unwrap().file_name());
        let left: Vec<_> = hidden.filter(|name| name.to_str().unwrap().starts_with(".restore-")).collect();
        assert!(left.is_empty(), "{case}: {left:?}");
        now == *backed_up
    }

    fn prepared() -> (House, Tree, Tree) {
        let house = House::new();
        let backed_up = house.data();
        house.backup("b").unwrap();
        house.change();
        house.write("index/CURRENT", "generation-x\n");
        let before = house.data();
        (house, before, backed_up)
    }

    #[test]
    fn whichever_operation_of_a_restore_fails_it_is_all_or_nothing() {
        let _turn = turn();
        let (house, ..) = prepared();
        faults::arm(Some(Fault::Fail(u64::MAX)));
        house.restore("b").unwrap();
        let steps = faults::passed();
        let mut restored = 0;
        for step in 1..=steps {
            let also = (step % 3 == 0).then_some(Fault::FailFrom(step));
            for fault in std::iter::once(Fault::Fail(step)).chain(also) {
                let (house, before, backed_up) = prepared();
                let case = format!("{fault:?}");
                faults::arm(Some(fault));
                let failed = house.restore("b");
                faults::arm(None);
                restored += u64::from(check(&house, &case, &before, &backed_up));
                // Nothing stands in the way of the next.
                if failed.is_err() {
                    house.restore("b").unwrap();
                    assert_eq!(house.data(), backed_up, "{case}");
                }
            }
        }
        assert!(restored > 5 && restored < steps, "{restored} of {steps}");
    }

    /// Not a test by itself: the process that dies.
    #[test]
    fn dies() {
        let Some(folder) = std::env::var_os("GISA_TEST_HOUSE") else { return };
        let folder = Path::new(&folder);
        let mut config = ConfigFile::default().resolve(folder, &Overrides::default()).unwrap();
        config.file = Some(folder.join("config.toml"));
        if folder.join("b").exists() {
            let _ = restore_in_place(&folder.join("b"), &config);
        } else {
            let _ = backup(&config, &folder.join("b"), BackupOptions::default());
        }
    }

    fn die(house: &House, point: FaultPoint, passing: u64) -> bool {
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["backup_restore::with_faults::dies", "--exact", "--test-threads=1"])
            .env("GISA_TEST_HOUSE", house.folder.path())
            .env("GISA_FAULT", format!("kill:{}:{passing}", point.name()))
            .output()
            .unwrap();
        !output.status.success()
    }

    #[test]
    fn a_process_that_dies_on_the_way_leaves_all_or_nothing() {
        let _turn = turn();
        for point in FaultPoint::of(Area::Backup) {
            let mut died = false;
            for passing in [1, 2, 4] {
                let house = House::new();
                let before = tree(&house.path("data"));
                died |= die(&house, point, passing);
                assert_eq!(tree(&house.path("data")), before, "a backup, {point:?}");
                if house.path("b").exists() {
                    verify(&house.path("b")).unwrap();
                } else {
                    house.backup("b").unwrap();
                }
                let (house, before, backed_up) = prepared();
                died |= die(&house, point, passing);
                check(&house, &format!("a restore, {point:?} {passing}"), &before, &backed_up);
            }
            assert!(died, "nobody died at {point:?}");
        }
    }
}
